//! E016–E018: amounts and counts.

use crate::platform::money::Money;

use super::super::case::Case;
use super::super::catalog::Findings;

/// Lines that one claim may carry (2400).
pub const LINES_MAX: usize = 50;
/// Diagnoses that one claim may carry (HI).
pub const DIAGNOSES_MAX: usize = 12;
/// Modifiers that one line may carry (SV101).
pub const MODIFIERS_MAX: usize = 4;
/// Diagnosis pointers that one line may carry (SV107).
pub const POINTERS_MAX: usize = 4;

/// E016: CLM02 is the exact sum of SV102 and above zero.
pub fn total(case: &Case<'_>, findings: &mut Findings<'_>) {
    let claim = &case.content.claim;
    let sum: Money = claim.lines.iter().map(|l| l.charge).sum();
    let path = "2300 CLM02 (claim.charge)";
    if sum != claim.charge {
        findings.add(path, format!("Claim total {} does not equal lines {sum}", claim.charge));
    } else if claim.charge <= Money::ZERO {
        findings.add(path, "Claim total must be above zero: nothing is asked");
    }
}

/// E017: no line charge is negative or beyond X12's ten digits; zero only where the payer takes it.
pub fn line_charge(case: &Case<'_>, findings: &mut Findings<'_>) {
    for (n, line) in case.content.claim.lines.iter().enumerate() {
        let why = if line.charge.is_negative() {
            "it is negative"
        } else if line.charge > Money::X12_MAX {
            "it has more than ten digits"
        } else if line.charge.is_zero() && !case.payer.rules.zero_charge_allowed {
            "it is zero, which this payer refuses"
        } else {
            continue;
        };
        findings.add(format!("2400[{}] SV102 (charge_line.cents)", n + 1), format!("Line {} charge invalid: {why}", n + 1));
    }
}

/// E018: no more lines, diagnoses, modifiers and pointers than the guide has places, and at least one of each that is needed.
pub fn counts(case: &Case<'_>, findings: &mut Findings<'_>) {
    let claim = &case.content.claim;
    if claim.lines.is_empty() {
        findings.add("2400 (charge_line)", "The claim has no lines");
    }
    if claim.diagnoses.is_empty() {
        findings.add("2300 HI (encounter.diagnoses)", "The claim has no diagnosis");
    }
    let mut over = |path: String, what: &str, count: usize, max: usize| {
        if count > max {
            findings.add(path, format!("Too many {what}: {count}, at most {max}: split claim"));
        }
    };
    over("2400 (charge_line)".to_owned(), "lines", claim.lines.len(), LINES_MAX);
    over("2300 HI (encounter.diagnoses)".to_owned(), "diagnoses", claim.diagnoses.len(), DIAGNOSES_MAX);
    for (n, line) in claim.lines.iter().enumerate() {
        let n = n + 1;
        over(format!("2400[{n}] SV101 (charge_line.modifiers)"), "modifiers", line.procedure.modifiers.len(), MODIFIERS_MAX);
        over(format!("2400[{n}] SV107 (charge_line.pointers)"), "pointers", line.diagnosis_pointers.len(), POINTERS_MAX);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{World, edits_of, well_child};
    use super::*;

    #[test]
    fn e016_is_exact_to_the_cent() {
        let mut claim = well_child();
        claim.claim.charge += Money::from_cents(1);
        assert_eq!(edits_of(&claim), ["E016"]);
    }

    #[test]
    fn e017_takes_a_zero_line_only_where_the_payer_does() {
        let mut world = World::medicaid();
        assert_eq!(world.edits(), [""; 0]);
        world.rules.zero_charge_allowed = false;
        assert_eq!(world.edits(), ["E017"]);
    }

    #[test]
    fn e018_takes_fifty_lines_and_not_fifty_one() {
        assert_eq!(World::visit(&["R059"], &["94760"; LINES_MAX]).edits(), [""; 0]);
        assert_eq!(World::visit(&["R059"], &["94760"; LINES_MAX + 1]).edits(), ["E018"]);
    }

    #[test]
    fn e018_finds_five_modifiers() {
        let mut claim = well_child();
        claim.claim.lines[0].procedure.modifiers = ["25", "24", "57", "AI", "U1"].map(Into::into).to_vec().into();
        assert_eq!(edits_of(&claim), ["E018"]);
    }
}
