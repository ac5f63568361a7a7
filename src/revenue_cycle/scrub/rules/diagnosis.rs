//! E019–E023: diagnoses and what points to them.

use std::collections::BTreeSet;

use crate::reference::Icd10;
use crate::reference::icd10::{self, CodeStatus};

use super::super::case::Case;
use super::super::catalog::Findings;
use super::super::model::Severity;

/// E019: every line points to at least one diagnosis of the claim, to none twice.
pub fn pointers(case: &Case<'_>, findings: &mut Findings<'_>) {
    let diagnoses = case.content.claim.diagnoses.len();
    for (n, line) in case.content.claim.lines.iter().enumerate() {
        let n = n + 1;
        let path = format!("2400[{n}] SV107 (charge_line.pointers)");
        if line.diagnosis_pointers.is_empty() {
            findings.add(path, format!("Line {n} points to no diagnosis: say which diagnosis it is for"));
            continue;
        }
        let mut seen = BTreeSet::new();
        for &pointer in &line.diagnosis_pointers {
            if pointer == 0 || usize::from(pointer) > diagnoses {
                findings.add(path.clone(), format!("Line {n} points to diagnosis {pointer} that is not on the claim"));
            } else if !seen.insert(pointer) {
                findings.add(path.clone(), format!("Line {n} points to diagnosis {pointer} twice"));
            }
        }
    }
}

/// E020: each diagnosis is a billable leaf of ICD-10-CM, valid on the date of service: by the operator's list where
/// one is loaded, else by ours. Dates that the list does not cover warn.
pub fn codes(case: &Case<'_>, findings: &mut Findings<'_>) {
    let Some(day) = case.content.service_date() else { return };
    for (n, text) in case.content.claim.diagnoses.iter().enumerate() {
        let path = format!("2300 HI{:02} (encounter.diagnoses)", n + 1);
        let Ok(code) = Icd10::parse(text) else {
            findings.add(path, format!("{text} not valid on {day}: it does not have the form of an ICD-10-CM code"));
            continue;
        };
        let dotted = code.dotted();
        match case.tables.diagnosis(code, day) {
            CodeStatus::Valid => {}
            CodeStatus::NotBillable => {
                findings.add(path, format!("{dotted} not valid on {day}: it is a category, add characters")).found(dotted);
            }
            CodeStatus::Unknown => {
                findings.add(path, format!("{dotted} not valid on {day}")).found(dotted);
            }
            CodeStatus::UnknownButNewer => {
                findings.add_as(Severity::Warning, path, format!("{dotted} is not in the code table, which ends before {day}: check it"));
            }
            CodeStatus::BeforeTable => {
                findings.add_as(Severity::Warning, path, format!("{dotted} was not checked: {day} is before the code table begins"));
            }
        }
    }
}

/// E021: no diagnosis stands twice, and none has a dot (pyx12 does not see dots, payers do).
pub fn duplicates(case: &Case<'_>, findings: &mut Findings<'_>) {
    let mut seen = BTreeSet::new();
    for (n, code) in case.content.claim.diagnoses.iter().enumerate() {
        let path = format!("2300 HI{:02} (encounter.diagnoses)", n + 1);
        if code.contains('.') {
            findings.add(path.clone(), format!("{code} must be sent without the dot"));
        }
        if !seen.insert(code.replace('.', "")) {
            findings.add(path, format!("Duplicate diagnosis {code}"));
        }
    }
}

/// E022: an external cause (V00–Y99) never stands first: it says how, not what (CMS code editor).
pub fn external_cause(case: &Case<'_>, findings: &mut Findings<'_>) {
    if let Some(Some(first)) = case.diagnoses.first()
        && matches!(first.as_str().as_bytes()[0], b'V'..=b'Y')
    {
        let message = format!("External cause cannot be first: list the injury or illness before {}", first.dotted());
        findings.add("2300 HI01 (encounter.diagnoses)", message).found(first.dotted());
    }
}

/// E023: no two diagnoses carry an Excludes1 note against each other. The notes know exceptions that only a coder can judge, but for the
/// examination codes of newborns and children, of which a visit has one.
pub fn exclusions(case: &Case<'_>, findings: &mut Findings<'_>) {
    for (at, a) in case.diagnoses.iter().enumerate() {
        for b in &case.diagnoses[at + 1..] {
            if let (Some(a), Some(b)) = (a, b)
                && a != b
                && icd10::excludes1(a, b)
            {
                let (a, b) = (a.dotted(), b.dotted());
                let message = format!("{a} and {b} exclude each other: keep the one that the record supports");
                findings.add("2300 HI (encounter.diagnoses)", message).found(format!("{a} {b}"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{edits_of, well_child};

    #[test]
    fn e019_finds_a_pointer_past_the_last_diagnosis_and_a_repeated_one() {
        let mut claim = well_child();
        claim.claim.lines[0].diagnosis_pointers = vec![1, 3];
        assert_eq!(edits_of(&claim), ["E019"]);
        claim.claim.lines[0].diagnosis_pointers = vec![1, 1];
        assert_eq!(edits_of(&claim), ["E019"]);
        claim.claim.lines[0].diagnosis_pointers = vec![];
        assert_eq!(edits_of(&claim), ["E019"]);
    }

    #[test]
    fn e020_refuses_a_category_and_an_unknown_code() {
        let mut claim = well_child();
        claim.claim.diagnoses[0] = "Z001".to_owned();
        assert_eq!(edits_of(&claim), ["E020"]);
        claim.claim.diagnoses[0] = "Q0000".to_owned();
        assert_eq!(edits_of(&claim), ["E020"]);
    }

    #[test]
    fn e021_finds_a_diagnosis_twice_and_a_dotted_one() {
        let mut claim = well_child();
        claim.claim.diagnoses.push("Z00129".to_owned());
        assert_eq!(edits_of(&claim), ["E021"]);
        claim.claim.diagnoses.pop();
        claim.claim.diagnoses[0] = "Z00.129".to_owned();
        assert_eq!(edits_of(&claim), ["E021"]);
    }
}
