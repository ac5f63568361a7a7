//! E068, E078: accidents, and the dates of accidents and of prior payers' decisions.

use jiff::civil::Date;

use crate::edi::claim_837p::ClaimDateKind;
use crate::reference::Icd10;

use super::super::case::Case;
use super::super::catalog::Findings;
use super::super::model::Severity;
use super::other_payers::prior;

/// CLM11 of an accident by car, which needs its state.
const AUTOMOBILE: &str = "AA";

/// CLM11 of an accident at work, by car or otherwise.
const ACCIDENTS: [&str; 3] = [AUTOMOBILE, "EM", "OA"];

/// The date of the accident (DTP*439).
fn accident_date(case: &Case<'_>) -> Option<Date> {
    let dates = &case.content.claim.dates;
    dates.iter().find(|(kind, _)| *kind == ClaimDateKind::Accident).and_then(|(_, date)| date.first())
}

/// Whether a diagnosis is an injury treated for the first time: the chapters of injuries, burns and poisoning with the seventh character
/// that says so, or without one. Later visits were asked at the first.
fn is_new_injury(code: &Icd10) -> bool {
    let text = code.as_str();
    let chapter = text.starts_with('S') || (text.starts_with('T') && text < "T66");
    chapter && (text.len() < 7 || text.ends_with(['A', 'B', 'C']))
}

/// E068: an accident has its date, a car accident its state; and an injury has an answer to the question whether it was an accident.
/// Needs the answer that the practice recorded; payers send a questionnaire to families of claims without one.
pub fn details(case: &Case<'_>, findings: &mut Findings<'_>) {
    let claim = &case.content.claim;
    match &claim.related_causes {
        Some(related) => {
            let is_accident = related.causes.iter().any(|cause| ACCIDENTS.contains(&cause.as_str()));
            if is_accident && accident_date(case).is_none() {
                findings.add("2300 DTP*439 (encounter.accident)", "Accident details: the date of the accident is missing");
            }
            if related.causes.iter().any(|cause| cause == AUTOMOBILE) && related.state.is_none() {
                findings.add("2300 CLM11-4 (encounter.accident)", "Accident details: the state of the automobile accident is missing");
            }
        }
        None if case.visit.answers.accident.is_none() => {
            if let Some(injury) = case.diagnoses.iter().flatten().find(|code| is_new_injury(code)) {
                let message = format!("Accident details: {} is an injury; say whether it was an accident, and which", injury.dotted());
                findings.add_as(Severity::Warning, "2300 CLM11 (encounter.accident)", message).found(injury.dotted());
            }
        }
        None => {}
    }
}

/// E078: an accident is not after a service; every prior payer that adjudicated says when, and not before the service (domain.md 1.8).
pub fn dates(case: &Case<'_>, findings: &mut Findings<'_>) {
    if let (Some(accident), Some(day)) = (accident_date(case), case.day)
        && accident > day
    {
        let message = format!("Check accident / adjudication date: the accident of {accident} is after the service of {day}");
        findings.add("2300 DTP*439 (encounter.accident)", message).found(accident);
    }
    for (at, payer) in prior(case).filter(|(_, payer)| payer.non_covered.is_none()) {
        let mut dated = payer.adjudicated.is_some();
        let check = |path: String, decided: Option<Date>, findings: &mut Findings<'_>| {
            if let (Some(decided), Some(day)) = (decided, case.day)
                && decided < day
            {
                let message =
                    format!("Check accident / adjudication date: {} decided on {decided}, before the service of {day}", payer.payer.name);
                findings.add(path, message).found(decided);
            }
        };
        check(format!("2330B[{at}] DTP*573 (remittance)"), payer.adjudicated, findings);
        for line in &case.lines {
            for said in line.sent.adjudications.iter().filter(|said| said.payer_id == payer.payer.id.id) {
                dated = true;
                if said.adjudicated.is_none() {
                    let message = format!("Check accident / adjudication date: {} gives none for line {}", payer.payer.name, line.number);
                    findings.add(line.path("2430 DTP*573 (remittance)"), message);
                }
                check(line.path("2430 DTP*573 (remittance)"), said.adjudicated, findings);
            }
        }
        if !dated && payer.paid.is_some() {
            let message = format!("Check accident / adjudication date: nothing says when {} decided", payer.payer.name);
            findings.add(format!("2330B[{at}] DTP*573 (remittance)"), message);
        }
    }
}
