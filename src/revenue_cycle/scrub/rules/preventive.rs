//! E030–E032, E076: the visit code of a preventive visit.

use jiff::Span;
use jiff::civil::Date;

use crate::pediatrics::preventive::{self, Asked, PatientStatus, REMEMBERED_YEARS, Seen, patient_of, patient_status_by};
use crate::pediatrics::visit_frequency::{self, Fault};
use crate::pediatrics::visits::{Visit, mixed_status, visit};
use crate::practice::rules::NewPlusNew;
use crate::reference::ProcedureCode;

use super::super::case::{Case, Line};
use super::super::catalog::Findings;
use super::super::input::PriorVisit;
use super::super::model::Severity;
use super::super::suggestion::Suggestion;

const CODE: &str = "SV101-2 (charge_line.procedure_code)";

/// E030: the code of a preventive visit is that of the age at the date of service (PED-01).
pub fn age(case: &Case<'_>, findings: &mut Findings<'_>) {
    let Some(age) = case.age else { return };
    for line in &case.lines {
        let Some((code, (status, years))) = line.code.and_then(|code| Some((code, patient_of(code)?))) else { continue };
        if years.contains(&age.years) {
            continue;
        }
        let message = format!("{code} is for {}–{} years; patient is {}", years.start(), years.end(), age.years);
        let finding = findings.add(line.path(CODE), message).found(code);
        if let Some(right) = preventive::visit_code(age, status) {
            finding.expected(right).suggest(Suggestion::ReplaceCode { line: line.number, code: right });
        }
    }
}

/// What a visit code says of the patient.
fn status_of(line: &Line<'_>) -> Option<PatientStatus> {
    match line.visit? {
        Visit::Problem(status) => Some(status),
        Visit::Preventive => patient_of(line.code?).map(|(status, _)| status),
        Visit::Nurse | Visit::Other => None,
    }
}

/// E031: a new-patient code is for a child whom nobody of the specialty has seen face to face in three years, an established one for all
/// others (PED-02). Needs the child's history. That an established child was never seen is told only where the records reach back far
/// enough, and is a warning: care in the hospital may have been billed elsewhere.
pub fn new_patient(case: &Case<'_>, findings: &mut Findings<'_>) {
    let Some(day) = case.day else { return };
    let rules = case.payer.rules;
    let asked = Asked {
        service_date: day,
        taxonomy: case.rendering_taxonomy().unwrap_or_default(),
        recognises_subspecialties: rules.recognises_subspecialties,
        anniversary: rules.new_patient_anniversary,
    };
    let recent = |visit: &&PriorVisit| patient_status_by([visit.date], day, asked.anniversary) == PatientStatus::Established;
    let never_seen = !case.earlier().any(|visit| recent(&visit));
    let last = case.earlier().find(|visit| {
        let seen = |code: &ProcedureCode| Seen { date: visit.date, code: *code, taxonomy: &visit.taxonomy };
        visit.codes.iter().map(seen).any(|seen| asked.is_established_by(&seen))
    });
    for line in &case.lines {
        let Some(code) = line.code else { continue };
        match (status_of(line), last) {
            (Some(PatientStatus::New), Some(visit)) => {
                let message = format!("Patient is established: last seen {} by {}, so not {code}", visit.date, visit.provider);
                let finding = findings.add(line.path(CODE), message).found(code);
                let right = case.age.and_then(|age| preventive::visit_code(age, PatientStatus::Established));
                if let Some(right) = right.filter(|_| line.visit == Some(Visit::Preventive)) {
                    finding.expected(right).suggest(Suggestion::ReplaceCode { line: line.number, code: right });
                }
            }
            (Some(PatientStatus::Established), None) if never_seen && records_reach_back(case) => {
                let message = format!(
                    "{code} is for established patients, and no visit of the last three years is known: new, or seen elsewhere by the group?"
                );
                findings.add_as(Severity::Warning, line.path(CODE), message).found(code);
            }
            _ => {}
        }
    }
}

/// Whether the records cover the years in which the group remembers a patient, or all of the child's life.
fn records_reach_back(case: &Case<'_>) -> bool {
    let (Some(since), Some(day)) = (case.history.complete_since, case.day) else { return false };
    let remembered = day.checked_sub(Span::new().years(i32::from(REMEMBERED_YEARS))).is_ok_and(|first| since <= first);
    remembered || case.content.birth_date().is_some_and(|birth| since <= birth)
}

/// E032: a child has one preventive visit a day, on this claim and on others; and no more than the payer pays, which is a warning (PED-08).
/// Needs the child's history.
pub fn frequency(case: &Case<'_>, findings: &mut Findings<'_>) {
    let mut well = case.lines.iter().filter(|line| line.visit == Some(Visit::Preventive));
    let Some(first) = well.next() else { return };
    for line in well {
        findings.add(line.path(CODE), format!("Preventive frequency: {} and {} on one day", first.text(), line.text()));
    }
    let (Some(day), Some(birth)) = (case.day, case.content.birth_date()) else { return };
    let is_well = |prior: &&PriorVisit| prior.codes.iter().any(|code| visit(*code) == Some(Visit::Preventive));
    let before: Vec<Date> = case.earlier().filter(is_well).map(|prior| prior.date).collect();
    match visit_frequency::fault(birth, day, &before, case.payer.rules.preventive_interval) {
        Some(Fault::SameDay) => {
            let by = case.earlier().filter(is_well).find(|prior| prior.date == day).map_or("", |prior| &*prior.provider);
            findings.add(first.path(CODE), format!("Preventive frequency: another one is billed for {day}, by {by}"));
        }
        Some(Fault::TooSoon { next }) => {
            let last = before.first().map(ToString::to_string).unwrap_or_default();
            let message = format!("Preventive frequency: the last one was on {last}, and {} pays the next from {next} on", case.payer.name);
            findings.add_as(Severity::Warning, first.path(CODE), message).found(last);
        }
        None => {}
    }
}

/// E076: visits of a day are both new or both established, unless the payer takes one new-patient code a day: then the problem visit is the
/// established one (PED-05).
pub fn like_with_like(case: &Case<'_>, findings: &mut Findings<'_>) {
    let coded: Vec<(&Line<'_>, ProcedureCode)> = case.lines.iter().filter_map(|line| Some((line, line.code?))).collect();
    let codes: Vec<ProcedureCode> = coded.iter().map(|(_, code)| *code).collect();
    let Some((well, problem)) = mixed_status(&codes, case.payer.rules.new_plus_new) else { return };
    let (well, problem) = (coded[well].0, coded[problem].0);
    let right = match (status_of(well), case.payer.rules.new_plus_new) {
        (Some(PatientStatus::New), NewPlusNew::Allow) => "new",
        _ => "established",
    };
    let message =
        format!("New/established codes are mixed: beside this preventive visit {} takes the problem visit as {right}", case.payer.name);
    findings.add(problem.path(CODE), message).found(problem.text());
}
