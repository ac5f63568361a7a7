//! E054, E055, E075: places of service.

use crate::edi::claim_837p::{ClaimDateKind, ProviderRole};
use crate::pediatrics::newborn::services::fits_place;
use crate::pediatrics::visits::Visit;

use super::super::case::{Case, Line};
use super::super::catalog::Findings;
use super::super::suggestion::Suggestion;

const PLACE: &str = "SV105 (encounter.place_of_service)";

/// Where a child is an inpatient (RFI 2130): hospital, psychiatric facility, comprehensive rehabilitation.
const INPATIENT: [&str; 3] = ["21", "51", "61"];
/// Where telehealth happens: the patient elsewhere, the patient at home.
const TELEHEALTH: [&str; 2] = ["02", "10"];
/// What says that a visit was at a distance: by video, older by video, by audio, older by audio.
const TELEHEALTH_MARKS: [&str; 4] = ["95", "GT", "93", "FQ"];
/// Telehealth visits that say by their code that they are.
const TELEHEALTH_CODES: std::ops::RangeInclusive<u32> = 98_000..=98_016;

/// Why a line does not fit its place.
fn misfit(line: &Line<'_>) -> Option<&'static str> {
    let marked = TELEHEALTH_MARKS.iter().any(|mark| line.has(mark));
    let remote = TELEHEALTH.contains(&line.place);
    let is_office_visit = matches!(line.visit, Some(Visit::Problem(_) | Visit::Preventive));
    let fits = || fits_place(line.code?, line.place.parse().ok()?);
    if fits() == Some(false) {
        Some(match line.visit {
            Some(Visit::Preventive) => "a preventive visit is no inpatient service",
            _ => "newborn care is 99460 and 99462 to 99465 where children are born (21, 25), and 99461 elsewhere",
        })
    } else if remote && is_office_visit && !marked {
        Some("a visit at a distance carries 95, or 93 by audio alone")
    } else if !remote && (marked || line.number_is(TELEHEALTH_CODES)) {
        Some("a telehealth visit takes place at 02, or 10 when the patient is at home")
    } else {
        None
    }
}

/// E054: the place of service fits the code and its telehealth modifiers (PED-50, PED-65).
pub fn fits(case: &Case<'_>, findings: &mut Findings<'_>) {
    for line in &case.lines {
        if let Some(why) = misfit(line) {
            findings.add(line.path(PLACE), format!("POS {} does not fit {}: {why}", line.place, line.text())).found(line.place);
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
