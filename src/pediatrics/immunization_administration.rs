//! Which administration codes the doses of a day need, and how many (PED-10 to PED-14). The doses are the truth; the lines are
//! computed for the payer at hand, so that a claim to another payer is coded anew.

use jiff::civil::date;

use super::{Age, Rule};
use crate::reference::vaccine::{Class, Funding, Product, Route};
use crate::reference::{Icd10, ProcedureCode};

/// Which family of codes.
pub const PED_10: Rule = Rule::new(
    "PED-10",
    "AAP coding newsletter; CPT 90460–90474",
    "90460 and 90461 to the 19th birthday where a physician or other qualified professional counselled on the vaccine that day; else 90471 to 90474, with one first code a day.",
);

/// How many.
pub const PED_11: Rule = Rule::new(
    "PED-11",
    "CPT 90460, 90461; CDC vaccine groups",
    "Each counselled vaccine is one 90460, each further component one 90461. A component is a disease, not a strain or serotype.",
)
.since(date(2011, 1, 1));

/// COVID-19 vaccines.
pub const PED_12: Rule =
    Rule::new("PED-12", "CDC vaccine code map; AAPC", "A COVID-19 vaccine is administered by 90480 alone, one unit a dose.")
        .since(date(2023, 9, 11));

/// Antibodies.
pub const PED_13: Rule = Rule::new(
    "PED-13",
    "AAP nirsevimab coding",
    "RSV antibodies are administered by 96380 with counselling and 96381 without, palivizumab by 96372; the diagnosis is Z29.11.",
)
.since(date(2023, 10, 6));

/// Every product has an administration.
pub const PED_14: Rule = Rule::new(
    "PED-14",
    "domain.md PED-14",
    "Doses and administrations of a day are equally many; doses are counted, not units of product, and 90461 counts for nothing.",
);

const FIRST_COMPONENT: ProcedureCode = ProcedureCode::literal("90460");
const FURTHER_COMPONENT: ProcedureCode = ProcedureCode::literal("90461");
const FIRST_INJECTION: ProcedureCode = ProcedureCode::literal("90471");
const FURTHER_INJECTION: ProcedureCode = ProcedureCode::literal("90472");
const FIRST_ORAL_NASAL: ProcedureCode = ProcedureCode::literal("90473");
const FURTHER_ORAL_NASAL: ProcedureCode = ProcedureCode::literal("90474");
const COVID: ProcedureCode = ProcedureCode::literal("90480");
const ANTIBODY_COUNSELLED: ProcedureCode = ProcedureCode::literal("96380");
const ANTIBODY: ProcedureCode = ProcedureCode::literal("96381");
const THERAPEUTIC_INJECTION: ProcedureCode = ProcedureCode::literal("96372");

/// Counselling codes end with the 19th birthday (PED-10).
pub const COUNSELLED_TO_YEARS: u16 = 18;

/// One dose given on the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dose {
    /// What kind of product.
    pub class: Class,
    /// Its components (PED-11).
    pub components: u8,
    /// How it was given.
    pub route: Route,
    /// Whether a physician or other qualified professional counselled on this vaccine that day.
    pub counselled: bool,
    /// Whose stock it was: doses of different stock never share a line, since their modifiers differ.
    pub funding: Funding,
}

impl Dose {
    /// A dose of a product from the practice's own stock, by its usual route.
    #[must_use]
    pub fn of(product: &Product, counselled: bool) -> Dose {
        Dose { class: product.class, components: product.components, route: product.route, counselled, funding: Funding::Private }
    }
}

/// What a payer wants to see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// One line with units, or a line for each vaccine.
    pub lines: LineStyle,
    /// Whether 90460 and 90461 are accepted at all: some Medicaid programs take 90471 to 90474 alone.
    pub counselled_codes: bool,
    /// Whether further components are paid (90461): some pay by injection.
    pub further_components: bool,
}

/// How administrations are spread over lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineStyle {
    /// Each code on one line, with units.
    Units,
    /// Each vaccine with lines of its own.
    PerVaccine,
}

impl Style {
    /// What commercial payers take: every code, on one line with units (PED-11).
    pub const COMMERCIAL: Style = Style { lines: LineStyle::Units, counselled_codes: true, further_components: true };
}

/// One administration line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdministrationLine {
    /// What is billed.
    pub code: ProcedureCode,
    /// How often.
    pub units: u32,
    /// Whose stock its doses came from.
    pub funding: Funding,
    /// Which doses it administers, as positions in what was asked about.
    pub doses: Vec<usize>,
}

/// The administration of the doses of a day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Administration {
    /// The lines: by code, so that a primary code stands before its add-ons; in [`LineStyle::PerVaccine`] by vaccine, then by code.
    pub lines: Vec<AdministrationLine>,
    /// Doses that no rule administers (immune globulins, unspecific codes): a person codes them.
    pub unruled: Vec<usize>,
}

/// Computes the administration lines of the doses that one child got on one day from one group (PED-10 to PED-13).
#[must_use]
pub fn administration(age: Age, doses: &[Dose], style: Style) -> Administration {
    administration_by(age, doses, style.lines, |_| Some(style))
}

/// The same, where the codes depend on the dose, as they do when stock of two fundings is given on one day. `style_of` says which codes
/// are taken for a dose; `None`: its administration has no line (PED-22, styles C and D), and no first code is spent on it.
#[must_use]
pub fn administration_by(age: Age, doses: &[Dose], lines: LineStyle, style_of: impl Fn(&Dose) -> Option<Style>) -> Administration {
    let counselled = |dose: &Dose, style: Style| {
        dose.class == Class::Vaccine && dose.counselled && style.counselled_codes && age.years <= COUNSELLED_TO_YEARS
    };
    let mut order: Vec<(usize, &Dose, Style)> =
        doses.iter().enumerate().filter_map(|(at, dose)| Some((at, dose, style_of(dose)?))).collect();
    // Injections come first: 90473 is for days on which nothing was injected.
    order.sort_by_key(|(_, dose, style)| dose.class == Class::Vaccine && !counselled(dose, *style) && dose.route != Route::Injection);

    let mut first_taken = order.iter().any(|(_, dose, style)| counselled(dose, *style));
    let mut result = Administration::default();
    for (at, dose, style) in order {
        let by_needle = dose.route == Route::Injection;
        let code = match dose.class {
            Class::Vaccine if counselled(dose, style) => FIRST_COMPONENT,
            Class::Vaccine => match (by_needle, std::mem::replace(&mut first_taken, true)) {
                (true, false) => FIRST_INJECTION,
                (true, true) => FURTHER_INJECTION,
                (false, false) => FIRST_ORAL_NASAL,
                (false, true) => FURTHER_ORAL_NASAL,
            },
            Class::Covid => COVID,
            Class::RsvAntibody if dose.counselled => ANTIBODY_COUNSELLED,
            Class::RsvAntibody => ANTIBODY,
            Class::Palivizumab => THERAPEUTIC_INJECTION,
            Class::ImmuneGlobulin | Class::Unspecific => {
                result.unruled.push(at);
                continue;
            }
        };
        result.add(code, 1, at, dose, lines);
        if code == FIRST_COMPONENT && style.further_components && dose.components > 1 {
            result.add(FURTHER_COMPONENT, u32::from(dose.components - 1), at, dose, lines);
        }
    }
    match lines {
        LineStyle::Units => result.lines.sort_by_key(|line| line.code),
        LineStyle::PerVaccine => result.lines.sort_by_key(|line| (line.doses.first().copied(), line.code)),
    }
    result
}

impl Administration {
    /// Adds units to the line of the same code and stock, or makes one.
    fn add(&mut self, code: ProcedureCode, units: u32, at: usize, dose: &Dose, style: LineStyle) {
        let same = |line: &&mut AdministrationLine| style == LineStyle::Units && line.code == code && line.funding == dose.funding;
        match self.lines.iter_mut().find(same) {
            Some(line) => {
                line.units += units;
                line.doses.push(at);
            }
            None => self.lines.push(AdministrationLine { code, units, funding: dose.funding, doses: vec![at] }),
        }
    }
}

/// Prophylaxis against RSV: the diagnosis of antibody lines (PED-13).
pub const Z29_11: Icd10 = Icd10::literal("Z2911");

/// The diagnosis that a product and its administration point to (PED-04, PED-13, E043).
#[must_use]
pub fn diagnosis(class: Class) -> Icd10 {
    match class {
        Class::RsvAntibody | Class::Palivizumab => Z29_11,
        Class::Vaccine | Class::Covid | Class::ImmuneGlobulin | Class::Unspecific => super::preventive::Z23,
    }
}

/// What a code administers, one dose a unit; `None` for 90461 and for every other code. 96372 is not here: it gives many drugs.
#[must_use]
pub fn administers(code: ProcedureCode) -> Option<Class> {
    match code.number()? {
        90460 | 90471..=90474 => Some(Class::Vaccine),
        90480 => Some(Class::Covid),
        96380 | 96381 => Some(Class::RsvAntibody),
        _ => None,
    }
}

/// What the units of 96380 and 96381 count (PED-14).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AntibodyUnits {
    /// Doses.
    #[default]
    PerDose,
    /// Units of product: two for 200 mg in two syringes.
    PerProductUnit,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::vaccine;
    use proptest::prelude::*;

    fn years(years: u16) -> Age {
        Age { years, months: u32::from(years) * 12, days: u32::from(years) * 366 }
    }

    fn dose(cpt: &str, counselled: bool) -> Dose {
        Dose::of(vaccine::product(cpt.parse().unwrap(), None).unwrap(), counselled)
    }

    fn coded(age: Age, doses: &[Dose], style: Style) -> Vec<String> {
        administration(age, doses, style).lines.iter().map(|line| format!("{}x{}", line.code, line.units)).collect()
    }

    fn commercial(age: u16, doses: &[(&str, bool)]) -> Vec<String> {
        let doses: Vec<Dose> = doses.iter().map(|(cpt, counselled)| dose(cpt, *counselled)).collect();
        coded(years(age), &doses, Style::COMMERCIAL)
    }

    #[test]
    fn ped_11_three_infant_vaccines_are_three_firsts_and_five_further_components() {
        assert_eq!(commercial(0, &[("90697", true), ("90677", true), ("90680", true)]), ["90460x3", "90461x5"]);
    }

    #[test]
    fn ped_11_two_four_year_vaccines_are_two_firsts_and_six_further_components() {
        assert_eq!(commercial(4, &[("90710", true), ("90696", true)]), ["90460x2", "90461x6"]);
        assert_eq!(commercial(4, &[("90710", false), ("90696", false)]), ["90471x1", "90472x1"]);
    }

    #[test]
    fn ped_10_the_oral_vaccine_follows_the_injection() {
        for doses in [[("90681", false), ("90677", false)], [("90677", false), ("90681", false)]] {
            assert_eq!(commercial(0, &doses), ["90471x1", "90474x1"]);
        }
        assert_eq!(commercial(0, &[("90681", false)]), ["90473x1"]);
    }

    #[test]
    fn ped_10_counselling_codes_end_with_the_19th_birthday() {
        assert_eq!(commercial(18, &[("90651", true)]), ["90460x1"]);
        assert_eq!(commercial(19, &[("90651", true)]), ["90471x1"]);
    }

    #[test]
    fn ped_10_a_vaccine_without_counselling_beside_counselled_ones_takes_the_add_on_code() {
        assert_eq!(commercial(12, &[("90651", true), ("90715", false), ("90660", false)]), ["90460x1", "90472x1", "90474x1"]);
    }

    #[test]
    fn ped_11_a_payer_may_want_a_line_for_each_vaccine() {
        let doses = [dose("90710", true), dose("90677", true)];
        let style = Style { lines: LineStyle::PerVaccine, ..Style::COMMERCIAL };
        assert_eq!(coded(years(4), &doses, style), ["90460x1", "90461x3", "90460x1"]);
    }

    #[test]
    fn a_payer_that_pays_by_injection_gets_no_further_components_and_one_without_counselling_codes_gets_90471() {
        let doses = [dose("90710", true), dose("90696", true)];
        assert_eq!(coded(years(4), &doses, Style { further_components: false, ..Style::COMMERCIAL }), ["90460x2"]);
        assert_eq!(coded(years(4), &doses, Style { counselled_codes: false, ..Style::COMMERCIAL }), ["90471x1", "90472x1"]);
    }

    #[test]
    fn doses_of_different_stock_never_share_a_line() {
        let doses = [Dose { funding: Funding::Vfc, ..dose("90707", true) }, dose("90716", true)];
        let lines = administration(years(1), &doses, Style::COMMERCIAL).lines;
        let stock = |code: &str| lines.iter().filter(|l| l.code.as_str() == code).map(|l| (l.funding, l.units)).collect::<Vec<_>>();
        assert_eq!(stock("90460"), [(Funding::Vfc, 1), (Funding::Private, 1)]);
        assert_eq!(stock("90461"), [(Funding::Vfc, 2)]);
    }

    #[test]
    fn ped_12_covid_vaccines_take_90480_beside_other_codes() {
        assert_eq!(commercial(5, &[("91319", true), ("90656", true)]), ["90460x1", "90480x1"]);
        assert_eq!(commercial(5, &[("91319", false)]), ["90480x1"]);
    }

    #[test]
    fn ped_13_rsv_antibody_takes_9638x_and_z29_11() {
        assert_eq!(commercial(0, &[("90381", true)]), ["96380x1"]);
        assert_eq!(commercial(0, &[("90381", false)]), ["96381x1"]);
        assert_eq!(commercial(0, &[("90378", true)]), ["96372x1"]);
        assert_eq!(diagnosis(Class::RsvAntibody).as_str(), "Z2911");
        assert_eq!(diagnosis(Class::Vaccine).as_str(), "Z23");
    }

    #[test]
    fn what_no_rule_administers_is_left_to_a_person() {
        let result = administration(years(5), &[dose("90656", true), dose("90371", true)], Style::COMMERCIAL);
        assert_eq!((result.lines.len(), result.unruled), (1, vec![1]));
    }

    proptest! {
        #[test]
        fn every_dose_has_one_administration_and_one_first_code_a_day(
            doses in prop::collection::vec((0_usize..168, any::<bool>()), 0..8),
            age in 0_u16..25,
            per_vaccine: bool,
        ) {
            let table: Vec<&Product> = (1..400).flat_map(|cvx| vaccine::by_cvx(crate::reference::Cvx::literal(cvx))).collect();
            let doses: Vec<Dose> = doses.iter().map(|(at, counselled)| Dose::of(table[at % table.len()], *counselled)).collect();
            let lines = if per_vaccine { LineStyle::PerVaccine } else { LineStyle::Units };
            let result = administration(years(age), &doses, Style { lines, ..Style::COMMERCIAL });
            let units = |codes: &[&str]| result.lines.iter().filter(|l| codes.contains(&l.code.as_str())).map(|l| l.units).sum::<u32>();
            let administered = units(&["90460", "90471", "90472", "90473", "90474", "90480", "96380", "96381", "96372"]);
            prop_assert_eq!(administered as usize + result.unruled.len(), doses.len());
            prop_assert!(units(&["90471", "90473"]) <= 1);
            prop_assert!(units(&["90460"]) == 0 || units(&["90471", "90473"]) == 0);
            prop_assert!(units(&["90461"]) == 0 || units(&["90460"]) > 0);
            prop_assert!(units(&["90472", "90474"]) == 0 || units(&["90460", "90471", "90473"]) > 0);
        }
    }
}
