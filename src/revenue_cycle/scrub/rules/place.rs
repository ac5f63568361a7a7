//! E054, E055, E075: places of service.

use crate::edi::claim_837p::{ClaimDateKind, ProviderRole};
use crate::pediatrics::newborn::services::fits_place;
use crate::pediatrics::telehealth;
use crate::pediatrics::visits::Visit;
use crate::reference::PlaceOfService;

use super::super::case::Case;
use super::super::catalog::Findings;
use super::super::model::Severity;
use super::super::suggestion::Suggestion;

const PLACE: &str = "SV105 (encounter.place_of_service)";

/// Where a child is an inpatient (RFI 2130): hospital, psychiatric facility, comprehensive rehabilitation.
const INPATIENT: [&str; 3] = ["21", "51", "61"];
/// E054: the place of service fits the code and its telehealth modifiers, as the payer wants these (PED-50, PED-65).
pub fn fits(case: &Case<'_>, findings: &mut Findings<'_>) {
    let terms = case.payer.rules.telehealth();
    for line in &case.lines {
        let (Some(code), Ok(place)) = (line.code, line.place.parse::<PlaceOfService>()) else { continue };
        let mut tell = |severity, why: &str| {
            let message = format!("POS {} does not fit {}: {why}", line.place, line.text());
            findings.add_as(severity, line.path(PLACE), message).found(line.place);
        };
        if fits_place(code, place) == Some(false) {
            let why = match line.visit {
                Some(Visit::Preventive) => "a preventive visit is no inpatient service",
                _ => "newborn care is 99460 and 99462 to 99465 where children are born (21, 25), and 99461 elsewhere",
            };
            tell(Severity::Error, why);
            continue;
        }
        for fault in telehealth::faults(code, &line.modifiers(), place, terms) {
            tell(if fault.is_warning() { Severity::Warning } else { Severity::Error }, &fault.to_string());
        }
    }
}

/// E055: a hospital visit says when the child was admitted and where (DTP*435, 2310C; RFI 2130).
pub fn hospital(case: &Case<'_>, findings: &mut Findings<'_>) {
    if !case.lines.iter().any(|line| line.place == "21") {
        return;
    }
    if !has_admission(case) {
        findings.add("2300 DTP*435 (encounter.admission_date)", "Admission date/hospital missing: say when the child was admitted");
    }
    if case.content.claim.provider(&ProviderRole::Facility).is_none() {
        findings.add("2310C NM1*77 (location)", "Admission date/hospital missing: name the hospital, with street and ZIP+4");
    }
}

fn has_admission(case: &Case<'_>) -> bool {
    case.content.claim.dates.iter().any(|(kind, _)| *kind == ClaimDateKind::Admission)
}

/// E075: without an inpatient line there is no admission date (RFI 2130).
pub fn needless_admission(case: &Case<'_>, findings: &mut Findings<'_>) {
    if has_admission(case) && !case.lines.iter().any(|line| INPATIENT.contains(&line.place)) {
        findings
            .add("2300 DTP*435 (encounter.admission_date)", "Remove admission date: no line is an inpatient service")
            .suggest(Suggestion::RemoveAdmissionDate);
    }
}
