//! E058, E059: claims that replace or void another.

use crate::edi::claim_837p::{Frequency, ReferenceKind};

use crate::practice::rules::ReplacementScope;

use super::super::case::Case;
use super::super::catalog::Findings;
use super::super::model::Severity;

/// E058: a replacement or void names the claim it is about by the payer's number (REF*F8; RFI 1538, 2173). A prior payer's F8 in 2330B is
/// another matter.
pub fn original_number(case: &Case<'_>, findings: &mut Findings<'_>) {
    let claim = &case.content.claim;
    let corrects = matches!(claim.frequency, Frequency::Replacement | Frequency::Void);
    if corrects && claim.reference(&ReferenceKind::PayerClaimNumber).is_none_or(str::is_empty) {
        let message =
            format!("Original claim number required: frequency {} needs the payer's number of the claim", claim.frequency.as_str());
        findings.add("2300 REF*F8 (claim.icn)", message).found(claim.frequency.as_str());
    }
}

/// E059: the payer's number is that of the claim that is replaced, and nothing that was on it is missing without a word, unless the
/// payer replaces line by line (payer rule `replacement_scope`). Needs the claim that is replaced.
pub fn complete(case: &Case<'_>, findings: &mut Findings<'_>) {
    let (Some(original), claim) = (case.original, &case.content.claim) else { return };
    let sent = claim.reference(&ReferenceKind::PayerClaimNumber);
    if sent.is_some() && original.icn.as_deref() != sent {
        let message = "Replacement must carry the whole claim: the payer's number is not the one that its answer to the original gave";
        findings.add("2300 REF*F8 (claim.icn)", message);
    }
    let missing: Vec<&str> =
        original.codes.iter().map(String::as_str).filter(|code| !case.lines.iter().any(|line| line.text() == *code)).collect();
    let whole = case.payer.rules.replacement_scope == ReplacementScope::WholeClaim;
    if claim.frequency == Frequency::Replacement && whole && !missing.is_empty() {
        let message = format!("Replacement must carry the whole claim: {} was on the original and is not here", missing.join(", "));
        findings.add_as(Severity::Warning, "2400 (charge_line)", message).found(missing.join(" "));
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::input::Original;
    use super::super::testing::World;
    use super::*;
    use crate::edi::claim_837p::Reference;

    #[test]
    fn e059_a_payer_that_replaces_line_by_line_misses_no_other_line() {
        let mut world = World::visit(&["J029"], &["99213"]);
        world.content.claim.frequency = Frequency::Replacement;
        world.content.claim.references.push(Reference::new(ReferenceKind::PayerClaimNumber, "26075X1"));
        world.original = Some(Original { icn: Some("26075X1".to_owned()), codes: vec!["99213".to_owned(), "87880".to_owned()] });
        assert_eq!(world.edits(), ["E059"]);
        world.rules.replacement_scope = ReplacementScope::SingleLine;
        assert_eq!(world.edits(), [""; 0]);
    }
}
