//! `edi-samples/837p`.

use jiff::civil::date;
use pediclaim::edi::claim_837p::{
    AttachmentKind, Claim, ClaimDateKind, ClaimUse, DateValue, EntityName, Frequency, ProfessionalClaims, ProviderRole, ReferenceKind,
    Relationship, Responsibility, Subscriber, read_837p, write_837p,
};
use pediclaim::platform::money::Money;

use super::{assert_written_back, exempt, folder, sample, sets};

const FOLDER: &str = "837p";

fn read(name: &str) -> Vec<ProfessionalClaims> {
    let sets = sets(&sample(FOLDER, name));
    sets.iter()
        .map(|set| {
            let (claims, findings) = read_837p(set);
            assert_eq!(findings, [], "{name}");
            claims
        })
        .collect()
}

/// The first subscriber of a sample.
fn subscriber(name: &str) -> Subscriber {
    read(name).remove(0).billing_providers.remove(0).subscribers.remove(0)
}

/// All claims of a subscriber, its own first.
fn claims(subscriber: &Subscriber) -> impl Iterator<Item = &Claim> {
    subscriber.claims.iter().chain(subscriber.patients.iter().flat_map(|patient| &patient.claims))
}

/// The first claim of a sample.
fn claim(name: &str) -> Claim {
    let subscriber = subscriber(name);
    let claim = claims(&subscriber).next().cloned();
    claim.unwrap()
}

fn money(text: &str) -> Money {
    text.parse().unwrap()
}

#[test]
fn each_claim_sample_is_read_without_findings_and_written_back_to_the_byte() {
    for (name, text) in folder(FOLDER) {
        read(&name);
        assert_written_back(&name, &text, |set, w| drop(write_837p(&read_837p(set).0, w)));
    }
}

#[test]
fn a_second_implementation_understands_each_claim_sample() {
    let expected = [
        "adolescent.edi: two REF in 2400",
        "attachments.edi: two PWK in 2300",
        "drugs-and-lot-numbers.edi: two REF in 2400",
        "laboratory.edi: two REF in 2400",
        "referral-and-authorization.edi: two REF in 2400",
        "secondary-claim-level.edi: two CAS in 2320, two REF in 2400",
        "secondary.edi: two REF in 2400",
        "tertiary.edi: two REF in 2400",
    ];
    assert_eq!(exempt(FOLDER), expected);
}

#[test]
fn the_charge_of_each_sample_claim_is_the_sum_of_its_lines() {
    for (name, _) in folder(FOLDER) {
        for set in read(&name) {
            for claim in set.billing_providers.iter().flat_map(|p| &p.subscribers).flat_map(claims) {
                assert_eq!(claim.lines.iter().map(|line| line.charge).sum::<Money>(), claim.charge, "{name}: {}", claim.id);
            }
        }
    }
}

/// domain.md 1.8: per line `SV102 = SVD02 + CAS`, per payer `CLM02 = AMT*D + CAS of claim and lines`.
#[test]
fn what_prior_payers_decided_adds_up_in_each_sample() {
    let mut payers = 0;
    for (name, _) in folder(FOLDER) {
        let subscriber = subscriber(&name);
        for claim in claims(&subscriber) {
            for other in claim.other_payers.iter().filter(|other| other.non_covered.is_none()) {
                let mut adjusted: Money = other.adjustments.iter().map(|a| a.amount).sum();
                for line in &claim.lines {
                    for decided in line.adjudications.iter().filter(|d| d.payer_id == other.payer.id.id) {
                        let of_line: Money = decided.adjustments.iter().map(|a| a.amount).sum();
                        assert_eq!(decided.paid + of_line, line.charge, "{name}");
                        adjusted += of_line;
                    }
                }
                assert_eq!(other.paid.unwrap() + adjusted, claim.charge, "{name}");
                payers += 1;
            }
        }
    }
    assert_eq!(payers, 4, "secondary and tertiary claims");
}

#[test]
fn a_void_and_a_replacement_name_the_payers_number_of_the_claim() {
    for (name, frequency, icn) in [("replacement.edi", Frequency::Replacement, "ICN2026A1"), ("void.edi", Frequency::Void, "PAYERICN0043")]
    {
        let claim = claim(name);
        assert_eq!((&claim.frequency, claim.reference(&ReferenceKind::PayerClaimNumber)), (&frequency, Some(icn)));
    }
}

#[test]
fn a_tertiary_claim_tells_of_both_payers_before_it() {
    let subscriber = subscriber("tertiary.edi");
    assert_eq!((&subscriber.responsibility, subscriber.claims.len()), (&Responsibility::Tertiary, 1));
    let claim = &subscriber.claims[0];
    let order: Vec<_> = claim.other_payers.iter().map(|o| (&o.responsibility, &o.relationship, o.paid)).collect();
    let child = &Relationship::Child;
    let expected = [(&Responsibility::Primary, child, Some(money("68"))), (&Responsibility::Secondary, child, Some(money("20")))];
    assert_eq!(order, expected);
    assert!(claim.lines.iter().all(|line| line.adjudications.len() == 2));
}

#[test]
fn a_paper_remittance_without_lines_adjusts_the_claim_as_a_whole() {
    let claim = claim("secondary-claim-level.edi");
    let other = &claim.other_payers[0];
    assert_eq!((other.remaining, other.adjudicated), (Some(money("32")), Some(date(2026, 10, 20))));
    assert_eq!(other.adjustments[1].reason, "192");
    assert!(claim.lines.iter().all(|line| line.adjudications.is_empty()));
}

#[test]
fn a_primary_that_was_not_billed_says_what_it_does_not_cover() {
    let claim = claim("primary-not-billed.edi");
    let other = &claim.other_payers[0];
    assert_eq!((other.non_covered, other.paid, other.adjudicated), (Some(claim.charge), None, None));
}

#[test]
fn a_newborn_without_an_id_is_billed_on_the_mothers_policy_with_stay_and_hospital() {
    let subscriber = subscriber("newborn-in-hospital.edi");
    let baby = &subscriber.patients[0];
    assert_eq!((&baby.relationship, &baby.person.id), (&Relationship::Child, &None));
    let claim = &baby.claims[0];
    let day = |d| DateValue::Day(date(2026, 7, d));
    assert_eq!(claim.dates, [(ClaimDateKind::Admission, day(15)), (ClaimDateKind::Discharge, day(17))]);
    assert_eq!(claim.place_of_service, "21");
    assert!(claim.provider(&ProviderRole::Facility).unwrap().address.is_some());
}

#[test]
fn siblings_share_a_subscriber_and_a_subscribers_own_claim_begins_anew() {
    let set = read("several-claims.edi").remove(0);
    let subscribers = &set.billing_providers[0].subscribers;
    let counts: Vec<Vec<usize>> = subscribers.iter().map(|s| s.patients.iter().map(|p| p.claims.len()).collect()).collect();
    assert_eq!(counts, [vec![2, 1], vec![]]);
    assert_eq!((subscribers[1].claims.len(), subscribers[1].relationship.as_ref()), (1, Some(&Relationship::SelfSubscriber)));
}

#[test]
fn each_payer_has_a_set_of_its_own() {
    let sets = read("a-set-for-each-payer.edi");
    let payers: Vec<&str> = sets.iter().map(|s| s.billing_providers[0].subscribers[0].payer.id.id.as_str()).collect();
    assert_eq!(payers, ["00900", "SKTX0"]);
    assert_ne!(sets[0].reference, sets[1].reference);
}

#[test]
fn attachments_hang_on_the_claim_and_on_a_line() {
    let claim = claim("attachments.edi");
    let kinds: Vec<_> = claim.attachments.iter().map(|a| (&a.transmission, a.control_number.as_deref())).collect();
    assert_eq!(kinds, [(&AttachmentKind::Electronic, Some("ATT26000137")), (&AttachmentKind::OnRequest, None)]);
    assert_eq!(claim.lines[0].attachments[0].transmission, AttachmentKind::Fax);
}

#[test]
fn state_data_and_notes_stand_on_claim_and_line() {
    let claim = claim("state-data-and-note.edi");
    assert_eq!((claim.fixed_format.len(), claim.lines[0].fixed_format.len()), (1, 1));
    assert!(claim.note.is_some() && claim.lines[0].note.is_some());
}

#[test]
fn a_laboratory_line_names_both_laboratories_and_who_ordered() {
    let claim = claim("laboratory.edi");
    let sent_out = &claim.lines[1];
    assert_eq!(sent_out.reference(&ReferenceKind::ReferringClia), Some("45D0000002"));
    let ordering = sent_out.provider(&ProviderRole::Ordering).unwrap();
    assert!(ordering.address.is_some() && ordering.contact.is_some());
}

#[test]
fn a_referred_visit_names_who_referred_and_what_was_authorized() {
    let claim = claim("referral-and-authorization.edi");
    assert_eq!(claim.reference(&ReferenceKind::Referral), Some("REFER0001"));
    assert_eq!(claim.lines[1].reference(&ReferenceKind::PriorAuthorization), Some("AUTH0002"));
    let roles: Vec<_> = claim.providers.iter().map(|p| &p.role).collect();
    assert_eq!(roles, [&ProviderRole::Referring, &ProviderRole::PrimaryCare, &ProviderRole::Rendering]);
}

#[test]
fn a_residents_visit_names_the_supervisor() {
    assert!(claim("supervised-visit.edi").provider(&ProviderRole::Supervising).is_some());
}

#[test]
fn a_line_may_have_a_place_and_a_renderer_of_its_own() {
    let claim = claim("other-place-and-renderer.edi");
    let line = &claim.lines[1];
    assert_eq!((claim.place_of_service.as_str(), line.place_of_service.as_deref()), ("03", Some("11")));
    assert_ne!(line.provider(&ProviderRole::Rendering).unwrap().id, claim.provider(&ProviderRole::Rendering).unwrap().id);
    assert!(line.provider(&ProviderRole::Facility).is_some());
}

#[test]
fn drugs_have_their_ndc_and_vaccines_their_lot() {
    let claim = claim("drugs-and-lot-numbers.edi");
    let units: Vec<_> = claim.lines.iter().filter_map(|l| l.drug.as_ref()).map(|d| d.unit.as_ref().unwrap().as_str()).collect();
    assert_eq!(units, ["ME", "ML"]);
    assert!(claim.lines[1].drug.as_ref().unwrap().reference.is_some());
    assert_eq!((claim.lines[3].charge, claim.lines[3].reference(&ReferenceKind::ImmunizationBatch)), (Money::ZERO, Some("LOT42A")));
}

#[test]
fn an_accident_has_its_day_state_and_claim_of_the_insurer() {
    let subscriber = subscriber("accident.edi");
    let claim = claims(&subscriber).next().unwrap();
    let related = claim.related_causes.as_ref().unwrap();
    assert_eq!((related.causes.as_slice(), related.state.as_deref()), (["AA".to_owned()].as_slice(), Some("TX")));
    assert_eq!(claim.dates[0].0, ClaimDateKind::Accident);
    assert_eq!(subscriber.patients[0].person.references[0].kind, ReferenceKind::PropertyCasualty);
}

#[test]
fn a_late_claim_says_why() {
    let claim = claim("late-filing.edi");
    assert_eq!((claim.delay_reason.as_deref(), claim.special_program.as_deref()), (Some("8"), Some("02")));
    assert!(claim.signed_for_patient && claim.reference(&ReferenceKind::AuthorizationException).is_some());
}

#[test]
fn an_adolescents_claim_may_tell_of_pregnancy_and_family_planning() {
    let subscriber = subscriber("adolescent.edi");
    assert!(subscriber.status.pregnant);
    let lines = &subscriber.claims[0].lines;
    assert!(lines[0].family_planning);
    assert!(matches!(lines[2].service_date, Some(DateValue::Span(..))));
}

#[test]
fn a_claim_has_up_to_twelve_diagnoses() {
    let claim = claim("twelve-diagnoses.edi");
    assert_eq!((claim.diagnoses.len(), claim.lines[0].diagnosis_pointers.as_slice()), (12, [1, 2, 3, 12].as_slice()));
}

#[test]
fn an_encounter_under_capitation_is_reported_with_its_contract() {
    assert_eq!(read("encounter-report.edi")[0].claim_use, ClaimUse::Reporting);
    let contract = claim("encounter-report.edi").contract.unwrap();
    assert_eq!((contract.kind.as_str(), contract.code.as_deref()), ("05", Some("CAP2026")));
}

#[test]
fn a_repriced_claim_says_what_is_allowed() {
    let repricing = claim("repriced.edi").repricing.unwrap();
    assert_eq!((repricing.allowed, repricing.saved), (money("88"), Some(money("22"))));
}

#[test]
fn a_practice_of_one_is_paid_to_its_box() {
    let set = read("solo-practice-with-pay-to.edi").remove(0);
    let provider = &set.billing_providers[0];
    assert!(matches!(provider.name, EntityName::Person(_)) && provider.pay_to.is_some());
    assert_eq!(provider.tax_id.as_ref().unwrap().kind, ReferenceKind::Ssn);
    assert_eq!((provider.currency.as_deref(), provider.subscribers[0].payer.references.len()), (Some("USD"), 2));
}

#[test]
fn a_patient_who_died_has_the_day_and_may_be_any_relation() {
    let subscriber = subscriber("patient-died.edi");
    let patient = &subscriber.patients[0];
    assert_eq!(patient.relationship, Relationship::OtherRelationship);
    assert!(patient.status.death_date.is_some() && patient.claims[0].lines[0].emergency);
}
