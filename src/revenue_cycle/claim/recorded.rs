//! Whether two versions of a claim say the same of what was recorded: who, when, what was done, by whose insurance. What rules of the payer
//! or of the practice put on a claim or leave off is no record: a changed rule mends no claim that was rejected.

use super::model::ClaimContent;
use crate::edi::claim_837p::{Claim, Reference, ReferenceKind, ServiceLine};

/// Whether two contents come from the same records. CLM01 and what follows from it count: both are drafts under one claim number.
#[must_use]
pub fn same_records(a: &ClaimContent, b: &ClaimContent) -> bool {
    let (mut a, mut b) = (a.clone(), b.clone());
    both_or_none(&mut a.billing.taxonomy, &mut b.billing.taxonomy);
    for claim in [&mut a.claim, &mut b.claim] {
        without_settings(claim);
    }
    if a.claim.conditions.is_empty() != b.claim.conditions.is_empty() {
        a.claim.conditions.clear();
        b.claim.conditions.clear();
    }
    for (a, b) in a.claim.providers.iter_mut().zip(&mut b.claim.providers) {
        both_or_none(&mut a.taxonomy, &mut b.taxonomy);
    }
    for (a, b) in a.claim.lines.iter_mut().zip(&mut b.claim.lines) {
        both_or_none(&mut a.drug, &mut b.drug);
        if lot(a).is_none() || lot(b).is_none() {
            for line in [a, b] {
                line.references.retain(|reference| reference.kind != ReferenceKind::ImmunizationBatch);
            }
        }
    }
    a == b
}

/// The fields that only rules fill: those that a practice's own rules set, and the payer's mark of EPSDT.
fn without_settings(claim: &mut Claim) {
    claim.note = None;
    claim.delay_reason = None;
    claim.attachments.clear();
    for line in &mut claim.lines {
        line.epsdt = false;
    }
}

fn lot(line: &ServiceLine) -> Option<&str> {
    Reference::find(&line.references, &ReferenceKind::ImmunizationBatch)
}

/// A payer's rule says whether a value is sent, the records what it is: where one of the two lacks it they don't differ.
fn both_or_none<T>(a: &mut Option<T>, b: &mut Option<T>) {
    if a.is_none() || b.is_none() {
        (*a, *b) = (None, None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edi::claim_837p::Drug;
    use crate::revenue_cycle::scrub::rules::testing::well_child;

    fn with(change: impl FnOnce(&mut ClaimContent)) -> ClaimContent {
        let mut content = well_child();
        change(&mut content);
        content
    }

    fn drug(code: &str) -> Option<Drug> {
        Some(Drug { qualifier: "N4".to_owned(), code: code.to_owned(), quantity: None, unit: None, reference: None })
    }

    #[test]
    fn what_rules_put_on_a_claim_or_leave_off_is_no_record() {
        let ruled = with(|content| {
            content.billing.taxonomy = None;
            content.claim.delay_reason = Some("7".to_owned());
            content.claim.conditions.clear();
            content.claim.providers[0].taxonomy = None;
            content.claim.lines[0].epsdt = false;
            content.claim.lines[1].drug = drug("58160082501");
            content.claim.lines[1].references.push(Reference::new(ReferenceKind::ImmunizationBatch, "HV22"));
        });
        assert!(same_records(&ruled, &well_child()) && same_records(&well_child(), &ruled));
    }

    #[test]
    fn what_was_recorded_otherwise_is_another_claim() {
        let drug_of = |code: &str| with(|content| content.claim.lines[1].drug = drug(code));
        assert!(!same_records(&drug_of("58160082501"), &drug_of("00006468101")));
        for change in [
            (|content| content.subscriber.person.id = None) as fn(&mut ClaimContent),
            |content| content.billing.taxonomy = Some("207Q00000X".to_owned()),
            |content| content.claim.conditions[0].applies = true,
            |content| content.claim.providers.clear(),
            |content| content.subscriber.payer.id.id = "00902".to_owned(),
        ] {
            assert!(!same_records(&with(change), &well_child()));
        }
    }
}
