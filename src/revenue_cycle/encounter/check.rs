//! What every draft is asked, whichever reader made it.

use crate::pediatrics::Age;
use crate::reference::icd10::{self, CodeStatus};

use super::model::{EncounterDraft, IntakeReason as Reason};

/// Most diagnoses of a claim (domain.md E018).
pub const DIAGNOSES_MAX: usize = 12;

/// Most lines of a claim (domain.md E018).
pub const LINES_MAX: usize = 50;

/// Notes what is missing or impossible in a draft that is to be billed. Issues that the reader has noted are not repeated.
pub fn check(draft: &mut EncounterDraft) {
    if draft.not_billable.is_some() {
        return;
    }
    for reason in [people(draft), dates(draft), charges(draft)].concat() {
        if !draft.issues.iter().any(|issue| issue.reason == reason) {
            draft.note(reason, "visit");
        }
    }
    codes(draft);
}

fn people(draft: &EncounterDraft) -> Vec<Reason> {
    let mut found = Vec::new();
    if draft.child.family_name.as_ref().is_none_or(|name| name.as_str().trim().is_empty()) {
        found.push(Reason::PatientNameMissing);
    }
    match &draft.rendering {
        Some(who) if who.npi_as_sent.is_some() || who.name.is_some() || who.external_id.is_some() => {
            if who.npi_as_sent.is_some() && who.npi().is_none() {
                found.push(Reason::NpiInvalid);
            }
        }
        _ => found.push(Reason::PractitionerMissing),
    }
    if draft.coverages.is_empty() {
        found.push(Reason::CoverageMissing);
    }
    if draft.coverages.iter().any(|coverage| coverage.member_id.is_none()) {
        found.push(Reason::MemberIdMissing);
    }
    found
}

fn dates(draft: &EncounterDraft) -> Vec<Reason> {
    match (&draft.child.birth_date, draft.service_date) {
        (Some(born), Some(served)) if Age::at(*born.reveal(), served).is_err() => vec![Reason::BirthDateAfterService],
        (Some(_), Some(_)) => Vec::new(),
        (None, Some(_)) => vec![Reason::BirthDateMissing],
        (Some(_), None) => vec![Reason::ServiceDateMissing],
        (None, None) => vec![Reason::BirthDateMissing, Reason::ServiceDateMissing],
    }
}

fn charges(draft: &EncounterDraft) -> Vec<Reason> {
    let mut found = Vec::new();
    if draft.lines.is_empty() {
        found.push(Reason::LinesMissing);
    }
    if draft.lines.len() > LINES_MAX {
        found.push(Reason::LinesTooMany);
    }
    if draft.diagnoses.len() > DIAGNOSES_MAX {
        found.push(Reason::DiagnosesTooMany);
    }
    let points_nowhere = |pointer: &u8| *pointer == 0 || usize::from(*pointer) > draft.diagnoses.len();
    if draft.lines.iter().any(|line| line.pointers.is_empty() || line.pointers.iter().any(points_nowhere)) {
        found.push(Reason::DiagnosisMissing);
    }
    found
}

/// Asks the table about each diagnosis on the date of service (domain.md E020).
fn codes(draft: &mut EncounterDraft) {
    let Some(service_date) = draft.service_date else { return };
    let mut outside = false;
    for code in draft.diagnoses.clone() {
        match icd10::status_on(&code, service_date) {
            CodeStatus::Valid => {}
            CodeStatus::NotBillable => draft.note(Reason::Icd10NotBillable, code.dotted()),
            CodeStatus::Unknown => draft.note(Reason::Icd10Unknown, code.dotted()),
            CodeStatus::UnknownButNewer | CodeStatus::BeforeTable => outside = true,
        }
    }
    if outside {
        draft.note(Reason::Icd10OutsideTable, "visit");
    }
}

#[cfg(test)]
mod tests {
    use super::super::model::{ExternalKey, LineDraft, NotBillable, PractitionerFacts, Verdict};
    use super::*;
    use crate::platform::phi::Phi;
    use jiff::civil::date;

    fn complete() -> EncounterDraft {
        let mut draft = EncounterDraft::new(ExternalKey { source: "test".to_owned(), id: "1".to_owned() });
        draft.child.family_name = Some("Rivera".into());
        draft.child.birth_date = Some(Phi::new(date(2022, 5, 1)));
        draft.service_date = Some(date(2026, 3, 1));
        draft.rendering = Some(PractitionerFacts { npi_as_sent: Some("1234567893".to_owned()), ..PractitionerFacts::default() });
        draft.diagnoses.push("Z00.129".parse().unwrap());
        draft.lines.push(LineDraft::new("99392".parse().unwrap(), vec![1]));
        draft
    }

    fn reasons(mut draft: EncounterDraft) -> Vec<Reason> {
        check(&mut draft);
        draft.issues.iter().map(|issue| issue.reason).collect()
    }

    #[test]
    fn a_complete_visit_without_coverage_is_billable() {
        let mut draft = complete();
        check(&mut draft);
        assert_eq!(draft.verdict(), Verdict::Billable);
        assert_eq!(draft.issues.iter().map(|issue| issue.reason).collect::<Vec<_>>(), [Reason::CoverageMissing]);
    }

    #[test]
    fn all_that_is_missing_is_told_at_once() {
        let empty = EncounterDraft::new(complete().external);
        assert_eq!(
            reasons(empty),
            [
                Reason::PatientNameMissing,
                Reason::PractitionerMissing,
                Reason::CoverageMissing,
                Reason::BirthDateMissing,
                Reason::ServiceDateMissing,
                Reason::LinesMissing
            ]
        );
    }

    #[test]
    fn impossible_dates_pointers_and_codes_are_found() {
        let mut draft = complete();
        draft.service_date = Some(date(2022, 4, 30));
        assert!(reasons(draft).contains(&Reason::BirthDateAfterService));
        let mut draft = complete();
        draft.lines[0].pointers = vec![2];
        assert!(reasons(draft).contains(&Reason::DiagnosisMissing));
        let mut draft = complete();
        draft.diagnoses.extend(["Z00.12", "Z00.128"].map(|code| code.parse::<crate::reference::Icd10>().unwrap()));
        let found = reasons(draft);
        assert!(found.contains(&Reason::Icd10NotBillable) && found.contains(&Reason::Icd10Unknown));
    }

    #[test]
    fn a_date_before_the_code_table_only_informs() {
        let mut draft = complete();
        draft.service_date = Some(date(2024, 3, 1));
        check(&mut draft);
        assert!(draft.issues.iter().any(|issue| issue.reason == Reason::Icd10OutsideTable));
        assert_eq!(draft.verdict(), Verdict::Billable);
    }

    #[test]
    fn a_visit_that_is_not_billed_is_asked_nothing() {
        let mut draft = EncounterDraft::new(complete().external);
        draft.not_billable = Some(NotBillable::Emergency);
        assert!(reasons(draft).is_empty());
    }
}
