//! E048: National Drug Codes (domain.md 1.7).

use crate::edi::claim_837p::NdcUnit;
use crate::practice::rules::NdcRequired;
use crate::reference::Ndc;
use crate::reference::vaccine::{Class, by_cpt, by_ndc};

use super::super::case::{Case, Line};
use super::super::catalog::Findings;

const PATH: &str = "2410 LIN CTP (charge_line.ndc)";

/// Whether the payer wants to know which drug was given. Antibodies and immune globulins are drugs, and so are the codes of HCPCS that
/// begin with J.
fn is_required(line: &Line<'_>, rule: NdcRequired) -> bool {
    let is_drug = match line.product.map(|product| product.class) {
        Some(Class::Vaccine | Class::Covid) => return rule == NdcRequired::DrugsAndVaccines,
        Some(Class::RsvAntibody | Class::Palivizumab | Class::ImmuneGlobulin) => true,
        Some(Class::Unspecific) | None => line.text().starts_with('J'),
    };
    is_drug && rule != NdcRequired::None
}

/// E048: where the payer wants an NDC the line has one of eleven digits, with a quantity and unit; and an NDC that our list knows was in use on
/// the date of service and is the vaccine that is billed. What the list does not know it does not judge.
pub fn ndc(case: &Case<'_>, findings: &mut Findings<'_>) {
    for line in &case.lines {
        let mut tell = |why: String| {
            findings.add(line.path(PATH), format!("NDC missing or does not match {}: {why}", line.text()));
        };
        let Some(drug) = &line.sent.drug else {
            if is_required(line, case.payer.rules.ndc_required) {
                tell(format!("{} wants to know which drug was given, and how much", case.payer.name));
            }
            continue;
        };
        let eleven = drug.code.len() == 11 && drug.code.bytes().all(|b| b.is_ascii_digit());
        if drug.qualifier != "N4" || !eleven {
            tell("eleven digits are needed, as N4".to_owned());
        }
        if drug.quantity.is_none_or(|quantity| quantity.thousandths() <= 0)
            || drug.unit.as_ref().is_none_or(|unit| matches!(unit, NdcUnit::Other(_)))
        {
            tell("say how much was given, in F2, GR, ME, ML or UN".to_owned());
        }
        let (Ok(ndc), Some(code)) = (Ndc::parse(&drug.code), line.code) else { continue };
        let known = by_ndc(ndc);
        if let Some(day) = case.day
            && !known.is_empty()
            && !known.iter().any(|row| row.start.is_none_or(|start| start <= day) && row.end.is_none_or(|end| day <= end))
        {
            tell(format!("{} was not in use on {day}", drug.code));
        }
        let billed = line.product.is_some() && !known.is_empty();
        if billed && !known.iter().any(|row| by_cpt(code).any(|product| product.cvx == row.cvx)) {
            tell(format!("{} is another vaccine", drug.code));
        }
    }
}
