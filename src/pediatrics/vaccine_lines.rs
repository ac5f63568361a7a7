//! The product and administration lines of a day's doses, as one payer wants them: private doses in the payer's codes (PED-10 to
//! PED-13), public ones in its style (PED-22). The same answer serves who writes the lines and who checks them (E039, E041, E046).

use super::immunization_administration::{
    self as immunization, AntibodyUnits, Dose, PED_10, PED_11, PED_12, PED_13, PED_14, Style as Codes,
};
use super::vfc::style::{Charge, LineSheet, PED_22, SlOnAdministration, Style};
use super::{Age, Rule};
use crate::reference::vaccine::{Class, Funding, VfcEligibility};
use crate::reference::{Icd10, Modifier, ProcedureCode};

/// A dose with the product that it is billed as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Given {
    /// The product code.
    pub product: ProcedureCode,
    /// Units of product in the dose: 1, but 2 for 200 mg of nirsevimab (PED-13).
    pub product_units: u32,
    /// The dose.
    pub dose: Dose,
    /// Eligibility for public stock as recorded for this dose; it decides about stock and fee, not about lines (PED-20, PED-21).
    pub eligibility: Option<VfcEligibility>,
}

/// What a payer wants for vaccines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Codes and lines for doses of the practice's own stock.
    pub private: Codes,
    /// Style for doses of public stock, the state's included.
    pub public: Style,
    /// SL on the administration of public stock.
    pub sl_on_administration: SlOnAdministration,
    /// What 96380 and 96381 count.
    pub antibody_units: AntibodyUnits,
}

impl Terms {
    /// What a payer without wishes of its own takes: all codes, public stock in style A.
    pub const USUAL: Terms = Terms {
        private: Codes::COMMERCIAL,
        public: Style::A,
        sl_on_administration: SlOnAdministration::ByStyle,
        antibody_units: AntibodyUnits::PerDose,
    };
}

/// Which of the two kinds a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The vaccine or antibody.
    Product,
    /// Giving it.
    Administration,
}

/// One line to be billed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Product or administration.
    pub kind: Kind,
    /// What is billed.
    pub code: ProcedureCode,
    /// The modifier that its style demands.
    pub modifier: Option<Modifier>,
    /// A modifier that its style lets pass.
    pub tolerated: Option<Modifier>,
    /// How often.
    pub units: u32,
    /// What it is charged at.
    pub charge: Charge,
    /// What it points to.
    pub diagnosis: Icd10,
    /// Whose stock its doses came from.
    pub funding: Funding,
    /// Its doses, as positions in what was asked about.
    pub doses: Vec<usize>,
    /// The rule that decided about the code.
    pub rule: &'static Rule,
}

/// The lines of a day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VaccineLines {
    /// Products in the order of the doses, then administrations as [`immunization::administration`] orders them.
    pub lines: Vec<Line>,
    /// Doses whose administration no rule tells: a person codes it.
    pub unruled: Vec<usize>,
}

/// The lines of private stock: both kinds, at the practice's fees, without a modifier of their own.
const PRIVATE: LineSheet = LineSheet { modifier: None, tolerated: None, charge: Charge::Fee };

/// Computes the lines of the doses that one child got on one day from one group.
#[must_use]
pub fn vaccine_lines(age: Age, doses: &[Given], terms: Terms) -> VaccineLines {
    let public = |funding: Funding| funding != Funding::Private;
    let product_sheet = |funding| if public(funding) { terms.public.sheet().product } else { Some(PRIVATE) };
    let administration_sheet =
        |funding| if public(funding) { terms.public.administration(terms.sl_on_administration) } else { Some(PRIVATE) };

    let product = |(at, given): (usize, &Given)| {
        let LineSheet { modifier, tolerated, charge } = product_sheet(given.dose.funding)?;
        Some(Line {
            kind: Kind::Product,
            code: given.product,
            modifier,
            tolerated,
            units: given.product_units,
            charge,
            diagnosis: immunization::diagnosis(given.dose.class),
            funding: given.dose.funding,
            doses: vec![at],
            rule: if public(given.dose.funding) { &PED_22 } else { &PED_14 },
        })
    };
    let mut lines: Vec<Line> = doses.iter().enumerate().filter_map(product).collect();

    let plain: Vec<Dose> = doses.iter().map(|given| given.dose).collect();
    let codes_of = |dose: &Dose| {
        administration_sheet(dose.funding)?;
        Some(if public(dose.funding) { terms.public.codes(terms.private) } else { terms.private })
    };
    let administration = immunization::administration_by(age, &plain, terms.private.lines, codes_of);
    lines.extend(administration.lines.into_iter().filter_map(|line| {
        let LineSheet { modifier, tolerated, charge } = administration_sheet(line.funding)?;
        let class = line.doses.first().map_or(Class::Vaccine, |at| plain[*at].class);
        let units = match terms.antibody_units {
            AntibodyUnits::PerProductUnit if class == Class::RsvAntibody => {
                line.doses.iter().map(|at| doses[*at].product_units).fold(0, u32::saturating_add)
            }
            _ => line.units,
        };
        Some(Line {
            kind: Kind::Administration,
            code: line.code,
            modifier,
            tolerated,
            units,
            charge,
            diagnosis: immunization::diagnosis(class),
            funding: line.funding,
            doses: line.doses,
            rule: administration_rule(line.code),
        })
    }));
    VaccineLines { lines, unruled: administration.unruled }
}

/// The rule that chooses an administration code.
fn administration_rule(code: ProcedureCode) -> &'static Rule {
    match code.number() {
        Some(90460 | 90461) => &PED_11,
        Some(90480) => &PED_12,
        Some(96372 | 96380 | 96381) => &PED_13,
        _ => &PED_10,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::vaccine;

    fn given(cpt: &str, funding: Funding, counselled: bool) -> Given {
        let product = vaccine::product(cpt.parse().unwrap(), None).unwrap();
        Given { product: product.cpt, product_units: 1, dose: Dose { funding, ..Dose::of(product, counselled) }, eligibility: None }
    }

    /// Lines as `code-modifier x units charge`.
    fn coded(years: u16, doses: &[Given], public: Style) -> Vec<String> {
        let age = Age { years, months: u32::from(years) * 12, days: u32::from(years) * 366 };
        let charge = |charge| match charge {
            Charge::Fee => "fee",
            Charge::Free => "free",
            Charge::AdministrationFee => "administration fee",
        };
        let lines = vaccine_lines(age, doses, Terms { public, ..Terms::USUAL }).lines;
        let modifier = |line: &Line| line.modifier.map(|m| format!("-{m}")).unwrap_or_default();
        lines.iter().map(|line| format!("{}{} x{} {}", line.code, modifier(line), line.units, charge(line.charge))).collect()
    }

    fn four_year_public() -> [Given; 2] {
        [given("90710", Funding::Vfc, true), given("90696", Funding::Vfc, true)]
    }

    #[test]
    fn ped_22_style_a_has_free_products_and_a_fee_for_each_vaccine_without_90461() {
        assert_eq!(coded(4, &four_year_public(), Style::A), ["90710-SL x1 free", "90696-SL x1 free", "90460-SL x2 fee"]);
    }

    #[test]
    fn ped_22_the_other_styles_differ_as_the_rule_book_says() {
        let coded = |style| coded(4, &four_year_public(), style);
        assert_eq!(coded(Style::B), ["90710-SL x1 free", "90696-SL x1 free", "90471 x1 fee", "90472 x1 fee"]);
        for style in [Style::C, Style::D] {
            assert_eq!(coded(style), ["90710 x1 administration fee", "90696 x1 administration fee"]);
        }
        assert_eq!(coded(Style::E), ["90710 x1 free", "90696 x1 free", "90471-EP x1 fee", "90472-EP x1 fee"]);
        assert_eq!(coded(Style::F), ["90460 x2 fee", "90461 x6 fee"]);
    }

    #[test]
    fn public_and_private_doses_of_a_day_share_one_first_code() {
        let doses = [given("90710", Funding::Vfc, true), given("90656", Funding::Private, true)];
        assert_eq!(coded(4, &doses, Style::B), ["90710-SL x1 free", "90656 x1 fee", "90460 x1 fee", "90472 x1 fee"]);
        let nurse = [given("90710", Funding::Vfc, false), given("90656", Funding::Private, false)];
        assert_eq!(coded(4, &nurse, Style::C), ["90710 x1 administration fee", "90656 x1 fee", "90471 x1 fee"]);
    }

    #[test]
    fn ped_13_a_200_mg_antibody_dose_is_two_units_of_product_and_one_administration() {
        let dose = Given { product_units: 2, ..given("90381", Funding::Private, true) };
        assert_eq!(coded(1, &[dose], Style::A), ["90381 x2 fee", "96380 x1 fee"]);
    }

    #[test]
    fn a_payer_may_count_antibodies_by_syringe_and_want_sl_elsewhere_than_its_style_has_it() {
        let age = Age { years: 1, months: 12, days: 366 };
        let two = [Given { product_units: 2, ..given("90381", Funding::Private, true) }];
        let by_syringe = Terms { antibody_units: AntibodyUnits::PerProductUnit, ..Terms::USUAL };
        assert_eq!(vaccine_lines(age, &two, by_syringe).lines[1].units, 2);
        let marks = |public, sl_on_administration| {
            let terms = Terms { public, sl_on_administration, ..Terms::USUAL };
            vaccine_lines(age, &[given("90707", Funding::Vfc, true)], terms).lines[1].modifier
        };
        assert_eq!(marks(Style::A, SlOnAdministration::Never), None);
        assert_eq!(marks(Style::B, SlOnAdministration::Always), Some(Modifier::SL));
        assert_eq!(marks(Style::E, SlOnAdministration::Never), Some(Modifier::EP));
    }

    #[test]
    fn every_line_names_its_rule_and_its_diagnosis() {
        let age = Age { years: 0, months: 6, days: 180 };
        let doses = [given("90697", Funding::Private, true), given("90381", Funding::Private, true)];
        let lines = vaccine_lines(age, &doses, Terms::USUAL).lines;
        let said: Vec<String> = lines.iter().map(|line| format!("{} {} {}", line.code, line.rule.id, line.diagnosis)).collect();
        assert_eq!(said, ["90697 PED-14 Z23", "90381 PED-14 Z2911", "90460 PED-11 Z23", "90461 PED-11 Z23", "96380 PED-13 Z2911"]);
    }
}
