//! E051: tests in the practice's own laboratory (PED-63).

use crate::edi::claim_837p::ReferenceKind;
use crate::pediatrics::clia::{self, Certificate, Fault};
use crate::practice::rules::CliaRule;
use crate::reference::Modifier;

use super::super::case::Case;
use super::super::catalog::Findings;
use super::super::suggestion::Suggestion;

/// An outside laboratory did the test: its certificate is its own business.
const OUTSIDE_LABORATORY: &str = "90";

/// E051: a test done here carries the certificate's number on the claim or the line (REF*X4), and QW where its waived form has no code of its
/// own, the site is certified for no more and the payer asks for it. Needs the certificate of the visit's site.
pub fn certificate(case: &Case<'_>, findings: &mut Findings<'_>) {
    let certificate = match case.payer.rules.clia {
        CliaRule::None => return,
        CliaRule::Number => None,
        // Nobody knows the site: as for one of waiver or microscopy, which want QW on the same tests.
        CliaRule::NumberAndQw => Some(case.certificate.unwrap_or(Certificate::Microscopy)),
    };
    let on_claim = case.content.claim.reference(&ReferenceKind::Clia).is_some();
    for line in case.lines.iter().filter(|line| !line.has(OUTSIDE_LABORATORY)) {
        let Some(code) = line.code.filter(|code| clia::waived(*code).is_some()) else { continue };
        let modifiers: Vec<Modifier> = line.sent.procedure.modifiers.iter().filter_map(|text| text.parse().ok()).collect();
        let numbered = on_claim || line.sent.reference(&ReferenceKind::Clia).is_some();
        for fault in clia::faults(code, &modifiers, numbered, certificate) {
            let path = match fault {
                Fault::NoClia => "2300 REF*X4 (location.clia)".to_owned(),
                _ => line.path("SV101-3 (charge_line.modifiers)"),
            };
            let finding = findings.add(path, format!("CLIA/QW: {code}: {fault}"));
            match fault {
                Fault::QwMissing => {
                    _ = finding.expected("QW").suggest(Suggestion::AddModifier { line: line.number, modifier: Modifier::QW })
                }
                Fault::QwForbidden => {
                    finding.found("QW").suggest(Suggestion::RemoveModifier { line: line.number, modifier: Modifier::QW.to_string() });
                }
                Fault::NoClia | Fault::NotCovered => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::World;
    use super::*;
    use crate::edi::claim_837p::Reference;

    fn found(certificate: Option<Certificate>, line: &str) -> Vec<String> {
        let mut world = World::visit(&["J029"], &["99213", line]);
        world.certificate = certificate;
        world.content.claim.references.push(Reference::new(ReferenceKind::Clia, "14D9990001"));
        world.edits()
    }

    #[test]
    fn ped_63_qw_is_asked_for_where_the_certificate_is_one_of_waiver_and_not_where_it_covers_more() {
        assert_eq!(found(Some(Certificate::Waiver), "87880"), ["E051"]);
        assert_eq!(found(None, "87880"), ["E051"]);
        assert!(found(Some(Certificate::Full), "87880").is_empty() && found(Some(Certificate::Waiver), "87880-QW").is_empty());
        assert_eq!(found(Some(Certificate::Waiver), "81002-QW"), ["E051"]);
    }

    #[test]
    fn ped_63_microscopy_needs_a_certificate_of_its_own() {
        assert_eq!(found(Some(Certificate::Waiver), "81000"), ["E051"]);
        assert!(found(Some(Certificate::Microscopy), "81000").is_empty() && found(None, "81000").is_empty());
    }
}
