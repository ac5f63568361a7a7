//! E008–E013: whom the claim is asked of, by whose insurance, for which child.

use crate::edi::claim_837p::{EntityName, PersonName, Relationship};

use super::super::case::Case;
use super::super::catalog::Findings;
use super::super::model::Severity;

/// E008: there is a connection by which a claim can reach this payer.
pub fn route(case: &Case<'_>, findings: &mut Findings<'_>) {
    if !case.payer.has_route || case.content.subscriber.payer.id.id.is_empty() {
        findings.add("2010BB NM109 (payer.submitter)", format!("No route for payer {}: give it a connection", case.payer.name));
    }
}

/// E009: a member id, in the form that the payer's cards have.
pub fn member_id(case: &Case<'_>, findings: &mut Findings<'_>) {
    let path = "2010BA NM109 (coverage.member_id)";
    let id = case.content.subscriber.person.id.as_ref().map_or("", |id| id.id.as_str());
    if id.is_empty() {
        findings.add(path, "Member ID missing: copy it from the card or from an eligibility answer");
    } else if !(2..=80).contains(&id.len()) || !case.payer.rules.member_id_pattern.fits(id) {
        findings.add(path, format!("Member ID does not fit {} format ({})", case.payer.name, case.payer.rules.member_id_pattern));
    }
}

/// E010: SBR02 is 18 exactly when there is no patient level (domain.md 1.4).
pub fn relationship_conflict(case: &Case<'_>, findings: &mut Findings<'_>) {
    let says_self = case.content.subscriber.relationship == Some(Relationship::SelfSubscriber);
    if says_self == case.content.patient.is_some() {
        findings.add(
            "2000B SBR02 (coverage.relationship)",
            "Subscriber/patient relationship conflict: the child is either the subscriber or a dependent",
        );
    }
}

/// E011: the patient's relationship is one that the 837P knows (domain.md 0, point 3).
pub fn relationship_code(case: &Case<'_>, findings: &mut Findings<'_>) {
    let Some(patient) = &case.content.patient else { return };
    if matches!(patient.relationship, Relationship::Other(_) | Relationship::SelfSubscriber) {
        findings.add("2000C PAT01 (coverage.relationship)", "Relationship code not allowed: use child (19) or other (G8)");
    }
}

/// Words that stand for a given name until a newborn has one.
const PLACEHOLDERS: [&str; 7] = ["BABY", "BOY", "GIRL", "NEWBORN", "INFANT", "MALE", "FEMALE"];

/// Whether a child's given names are a placeholder, with a letter that tells twins apart: `BABY BOY`, `Baby Girl B`.
fn is_placeholder(name: &EntityName) -> bool {
    let EntityName::Person(PersonName { first: Some(first), .. }) = name else { return false };
    let upper = first.as_str().to_ascii_uppercase();
    let mut words = upper.split([' ', '-']).filter(|word| word.len() > 1).peekable();
    words.peek().is_some() && words.all(|word| PLACEHOLDERS.contains(&word))
}

/// E012: the patient has an address, a birth date and a sex, at whichever level the patient is; and a name, which is a warning, unless the
/// payer takes newborns by a placeholder (payer rule `newborn_placeholder_name`).
pub fn patient_demographics(case: &Case<'_>, findings: &mut Findings<'_>) {
    let child = case.content.child();
    let missing: Vec<&str> =
        [("address", child.address.is_none()), ("birth date", child.birth_date.is_none()), ("sex", child.sex.is_none())]
            .into_iter()
            .filter_map(|(what, missing)| missing.then_some(what))
            .collect();
    if !missing.is_empty() {
        let level = if case.content.patient.is_some() { "2010CA" } else { "2010BA" };
        findings.add(format!("{level} N3 N4 DMG (child)"), format!("Patient demographics incomplete: {} missing", missing.join(", ")));
    }
    if !case.payer.rules.newborn_placeholder_name && is_placeholder(&child.name) {
        let message = format!("Patient demographics incomplete: {} wants the child's own name, not a placeholder", case.payer.name);
        findings.add_as(Severity::Warning, "2010CA NM104 (child.first_name)", message);
    }
}

/// E013: on a dependent's claim the subscriber carries no address and no demographics (RFI 1496). The builder promises it.
pub fn subscriber_address(case: &Case<'_>, findings: &mut Findings<'_>) {
    let person = &case.content.subscriber.person;
    if case.content.patient.is_some() && (person.address.is_some() || person.birth_date.is_some() || person.sex.is_some()) {
        findings.add("2010BA N3 N4 DMG", "Internal: subscriber address on dependent claim");
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{World, dependent, edits_of, well_child};
    use super::*;
    use crate::edi::claim_837p::Identifier;

    #[test]
    fn e008_needs_a_route() {
        assert_eq!(World { has_route: false, ..World::medicaid() }.edits(), ["E008"]);
    }

    #[test]
    fn e009_checks_the_payers_pattern() {
        let mut world = World::medicaid();
        world.rules.member_id_pattern = "A3 N9".parse().unwrap();
        assert_eq!(world.edits(), ["E009"]);
        world.rules.member_id_pattern = "N9".parse().unwrap();
        assert_eq!(world.edits(), [""; 0]);
        let mut claim = well_child();
        claim.subscriber.person.id = Some(Identifier::new("MI", "".into()));
        assert_eq!(edits_of(&claim), ["E009"]);
    }

    #[test]
    fn e010_finds_a_dependent_under_a_subscriber_who_is_self() {
        let mut claim = dependent();
        assert_eq!(edits_of(&claim), [""; 0]);
        claim.subscriber.relationship = Some(Relationship::SelfSubscriber);
        assert_eq!(edits_of(&claim), ["E010"]);
    }

    #[test]
    fn e011_refuses_codes_of_other_transactions() {
        let mut claim = dependent();
        claim.patient.as_mut().unwrap().relationship = Relationship::Other("17".to_owned());
        assert_eq!(edits_of(&claim), ["E011"]);
    }

    #[test]
    fn e012_names_what_is_missing() {
        let mut claim = dependent();
        let person = &mut claim.patient.as_mut().unwrap().person;
        person.sex = None;
        person.address = None;
        assert_eq!(edits_of(&claim), ["E012"]);
    }

    #[test]
    fn e012_wants_a_newborns_own_name_unless_the_payer_takes_a_placeholder() {
        let named = |first: &str, taken: bool| {
            let mut world = World { content: dependent(), ..World::medicaid() };
            let person = &mut world.content.patient.as_mut().unwrap().person;
            person.name = EntityName::Person(PersonName { last: "Okafor".into(), first: Some(first.into()), ..PersonName::default() });
            world.rules.newborn_placeholder_name = taken;
            world.edits()
        };
        for placeholder in ["BABY BOY", "Baby Girl B", "newborn"] {
            assert_eq!((named(placeholder, false), named(placeholder, true)), (vec!["E012".to_owned()], Vec::new()), "{placeholder}");
        }
        assert!(named("Boyd", false).is_empty() && named("Baby Jane", false).is_empty());
    }

    #[test]
    fn e013_finds_a_subscribers_address_on_a_dependents_claim() {
        let mut claim = dependent();
        claim.subscriber.person.address = claim.patient.as_ref().unwrap().person.address.clone();
        assert_eq!(edits_of(&claim), ["E013"]);
    }
}
