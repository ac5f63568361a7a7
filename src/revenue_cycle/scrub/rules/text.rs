//! E001, E002: every value of a claim fits into its element. The writer itself is asked ([`super::super::written`]).

use super::super::case::Case;
use super::super::catalog::Findings;
use super::super::written::MisfitKind;

/// E001: after normalisation no element holds a delimiter, a control character or one outside the sets of domain.md 1.1.
pub fn characters(case: &Case<'_>, findings: &mut Findings<'_>) {
    for misfit in case.misfits().iter().filter(|misfit| misfit.kind == MisfitKind::Characters) {
        let path = &misfit.path;
        findings.add(path, format!("{path} has characters that cannot be sent: spell it with letters, digits and common signs"));
    }
}

/// E002: no element is longer or shorter than it may be. Names and ids are never cut.
pub fn lengths(case: &Case<'_>, findings: &mut Findings<'_>) {
    for misfit in case.misfits() {
        let path = &misfit.path;
        match misfit.kind {
            MisfitKind::Characters => continue,
            MisfitKind::Length(min, max) => findings.add(path, format!("{path} must be {min}–{max} characters")),
            MisfitKind::Amount => findings.add(path, format!("{path} must be an amount of at most ten digits")),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{World, dependent, edits_of, well_child};
    use crate::edi::claim_837p::{Attachment, AttachmentKind, Drug, EntityName, Note, Reference, ReferenceKind};
    use crate::edi::claim_837p::{Contact, Identifier};
    use crate::revenue_cycle::claim::model::ClaimContent;

    /// Edit and path of what is found on a claim with one change.
    fn found(change: impl FnOnce(&mut ClaimContent)) -> Vec<(String, String)> {
        let mut content = dependent();
        change(&mut content);
        World { content, ..World::medicaid() }.findings().into_iter().map(|finding| (finding.edit, finding.path)).collect()
    }

    #[test]
    fn e001_finds_a_delimiter_in_whatever_element_it_stands() {
        type Change = fn(&mut ClaimContent);
        let changes: [(Change, &str); 9] = [
            (|c| c.subscriber.person.id = Some(Identifier::new("MI", "W12:34".into())), "2010BA NM109 (coverage.member_id)"),
            (|c| c.subscriber.group_number = Some("A*1".to_owned()), "2000B SBR03 (coverage.group_number)"),
            (
                |c| c.claim.references.push(Reference::new(ReferenceKind::PriorAuthorization, "AUTH: 12345")),
                "2300 REF02 (encounter.authorization, location.clia)",
            ),
            (
                |c| c.billing.contacts = vec![Contact { name: None, numbers: vec![Identifier::new("EM", "a^b".into())] }],
                "2010AA PER04 (practice)",
            ),
            (|c| c.billing.tax_id.as_mut().unwrap().id = "74~123456".into(), "2010AA REF02 (practice)"),
            (
                |c| c.claim.providers[0].references = vec![Reference::new(ReferenceKind::Other("G2".to_owned()), "1:2")],
                "2310B REF02 (provider)",
            ),
            (
                |c| {
                    let number = Some("A:1".to_owned());
                    c.claim.attachments =
                        vec![Attachment { report_type: "OZ".to_owned(), transmission: AttachmentKind::Electronic, control_number: number }];
                },
                "2300 PWK06 (practice rule)",
            ),
            (
                |c| {
                    let code = "1234*678901".to_owned();
                    let (qualifier, quantity, unit, reference) = ("N4".to_owned(), None, None, None);
                    c.claim.lines[1].drug = Some(Drug { qualifier, code, quantity, unit, reference });
                },
                "2410[2] LIN03 (charge_line.ndc)",
            ),
            (|c| c.claim.lines[2].procedure.modifiers = vec!["S:".into()].into(), "2400[3] SV101-3 (charge_line.procedure_code)"),
        ];
        for (change, path) in changes {
            let told = found(change);
            assert!(told.contains(&("E001".to_owned(), path.to_owned())), "{path}: {told:?}");
        }
    }

    #[test]
    fn e001_lets_accents_in_a_name_and_delimiters_in_a_note_pass() {
        let told = found(|content| {
            if let EntityName::Person(person) = &mut content.patient.as_mut().unwrap().person.name {
                person.last = "Peña".into();
            }
            content.claim.note = Some(Note { code: "ADD".to_owned(), text: "seen: 3 * ".repeat(30).as_str().into() });
        });
        assert_eq!(told, []);
    }

    #[test]
    fn e001_finds_a_name_that_has_no_latin_form() {
        let mut claim = well_child();
        if let EntityName::Person(person) = &mut claim.subscriber.person.name {
            person.last = "李李".into();
        }
        assert_eq!(edits_of(&claim), ["E001"]);
    }

    #[test]
    fn e002_takes_a_claim_number_of_twenty_characters_and_no_more() {
        let mut claim = well_child();
        claim.claim.id = "C".repeat(20);
        assert_eq!(edits_of(&claim), [""; 0]);
        claim.claim.id = "C".repeat(21);
        assert_eq!(edits_of(&claim), ["E002"]);
    }

    #[test]
    fn e002_finds_what_is_too_short_or_empty_and_what_e001_finds_does_not_hide_it() {
        let told = found(|content| {
            let patient = &mut content.patient.as_mut().unwrap().person;
            patient.name = EntityName::Person(crate::edi::claim_837p::PersonName::default());
            patient.address.as_mut().unwrap().city = "X".into();
            content.claim.references.push(Reference::new(ReferenceKind::PriorAuthorization, &format!("{}:", "9".repeat(50))));
        });
        let paths: Vec<(&str, &str)> = told.iter().map(|(edit, path)| (edit.as_str(), path.as_str())).collect();
        assert_eq!(
            paths,
            [
                ("E001", "2300 REF02 (encounter.authorization, location.clia)"),
                ("E002", "2010CA NM103 (child)"),
                ("E002", "2010CA N401 (child)"),
                ("E002", "2300 REF02 (encounter.authorization, location.clia)"),
            ]
        );
    }
}
