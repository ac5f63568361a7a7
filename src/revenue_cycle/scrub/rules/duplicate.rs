//! E069: the same service billed twice.

use crate::edi::claim_837p::{Frequency, ProviderRole, Responsibility};

use super::super::case::Case;
use super::super::catalog::Findings;

/// E069: no other live claim of the same payer order has the same child, day, code, modifiers and renderer. Replacements, voids, claims to
/// later payers and versions of the same visit are exempt. Needs the child's claims of the day.
pub fn exact(case: &Case<'_>, findings: &mut Findings<'_>) {
    let claim = &case.content.claim;
    if claim.frequency != Frequency::Original || case.content.subscriber.responsibility != Responsibility::Primary {
        return;
    }
    let renderer = claim.provider(&ProviderRole::Rendering).and_then(|provider| provider.id.as_ref()?.npi());
    let rivals = case.same_day.iter().filter(|other| {
        Some(other.encounter) != case.encounter
            && other.responsibility == case.content.subscriber.responsibility.as_str()
            && other.renderer == renderer
    });
    for other in rivals {
        for line in &case.lines {
            let modifiers = line.sent.procedure.modifiers.iter().map(|m| &**m);
            if other
                .lines
                .iter()
                .any(|(code, theirs)| code == line.text() && theirs.split(':').filter(|m| !m.is_empty()).eq(modifiers.clone()))
            {
                let message = format!("Possible duplicate of {}: {} on the same day by the same provider", other.pcn, line.text());
                findings.add(line.path("SV101 (charge_line)"), message).found(&other.pcn);
            }
        }
    }
}
