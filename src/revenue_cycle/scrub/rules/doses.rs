//! The doses of a claim, and the lines that the payer wants for them (PED-10 to PED-14, PED-22): what E037 to E046 compare with.

use crate::pediatrics::dose_count::{self, Counted, Fault};
use crate::pediatrics::immunization_administration::Dose;
use crate::pediatrics::vaccine_lines::{Given, VaccineLines, vaccine_lines};
use crate::pediatrics::vfc::eligibility;
use crate::reference::vaccine::{Class, Funding};
use crate::revenue_cycle::encounter::model::DoseFacts;

use super::super::case::{Case, Line};

/// Doses of one product that are computed with: a claim has no more lines, and a child gets no two doses of a product on a day.
const DOSES_MAX: u32 = 50;

/// Products that the payers' styles are about: what public stock has.
fn is_stocked(class: Class) -> bool {
    matches!(class, Class::Vaccine | Class::Covid | Class::RsvAntibody)
}

/// The product lines of a class.
pub fn products<'c>(case: &'c Case<'_>, class: Class) -> impl Iterator<Item = &'c Line<'c>> {
    case.lines.iter().filter(move |line| line.product.is_some_and(|product| product.class == class))
}

/// Whether the payer may want administrations without products: those of public stock are not billed (style F), as long as the child may
/// get it.
pub fn products_unbilled(case: &Case<'_>) -> bool {
    let of_age = case.age.is_none_or(|age| age.years <= eligibility::TO_YEARS);
    case.payer.rules.vfc_style.sheet().product.is_none() && case.payer.class.is_medicaid() && of_age
}

/// What does not meet between the claim's doses and administrations, in the payer's style: a product that carries its administration
/// needs none.
pub fn mismatches(case: &Case<'_>) -> Vec<Fault> {
    let carried = case.payer.rules.vfc_style.sheet().administration.is_none();
    let counted = |line: &Line<'_>| -> Option<Counted> {
        match line.product {
            Some(_) if carried && line.is_public_stock() => None,
            Some(product) => dose_count::given(product.class, line.units, case.payer.rules.antibody_units),
            None => dose_count::administered(line.code?, line.units),
        }
    };
    dose_count::faults(case.lines.iter().filter_map(counted), products_unbilled(case))
}

/// The doses, as far as they are known: none where a vaccine's dose is not recorded and not every one is billed as counselled, since then
/// nothing tells how it was given. A dose counts as counselled where it is recorded so, or where every dose is billed so: what is not
/// documented E037 tells.
fn given(case: &Case<'_>) -> Option<Vec<Given>> {
    let vaccines: u32 = products(case, Class::Vaccine).map(|line| line.units).sum();
    let all_counselled = case.units_of(90_460) >= vaccines;
    let antibodies_counselled = case.units_of(96_380) > 0;
    let mut doses = Vec::with_capacity(case.lines.len());
    for line in &case.lines {
        let Some(product) = line.product.filter(|product| is_stocked(product.class)) else { continue };
        let is_vaccine = product.class == Class::Vaccine;
        if is_vaccine && line.dose.is_none() && !all_counselled {
            return None;
        }
        let billed_so = match product.class {
            Class::RsvAntibody => line.dose.is_none() && antibodies_counselled,
            _ => all_counselled,
        };
        let dose = Dose {
            route: line.dose.map_or(product.route, |dose| dose.route),
            funding: if line.is_public_stock() { line.dose.map_or(Funding::Vfc, |dose| dose.funding) } else { Funding::Private },
            ..Dose::of(product, billed_so || line.dose.is_some_and(DoseFacts::is_counselled))
        };
        let (count, product_units) = if product.class == Class::RsvAntibody { (1, line.units) } else { (line.units, 1) };
        let one = Given { product: product.cpt, product_units, dose, eligibility: None };
        doses.extend(std::iter::repeat_n(one, count.min(DOSES_MAX) as usize));
    }
    Some(doses)
}

/// The lines that the payer wants for the claim's doses; none where the claim and the record don't tell.
pub fn expected(case: &Case<'_>) -> Option<VaccineLines> {
    Some(vaccine_lines(case.age?, &given(case)?, case.payer.rules.vaccines()))
}
