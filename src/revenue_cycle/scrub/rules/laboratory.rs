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
/// own and the payer asks for it.
pub fn certificate(case: &Case<'_>, findings: &mut Findings<'_>) {
    let certificate = match case.payer.rules.clia {
        CliaRule::None => return,
        CliaRule::Number => None,
        CliaRule::NumberAndQw => Some(Certificate::Microscopy),
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
