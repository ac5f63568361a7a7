//! Writing and reading belong together, and so do their tests.

use proptest::prelude::*;
use serde_json::Value;

use super::samples::{self, ALL, DEPENDENT, MEDICAID, SECONDARY};
use super::*;
use crate::edi::readback::{ReadBack, read_back};
use crate::edi::remittance_835::CasGroup;
use crate::edi::{Event, SegmentWriter, Severity, WriteErrorKind, read_all};
use crate::platform::money::Money;
use crate::platform::phi::Phi;

fn read(bytes: &[u8]) -> Vec<ProfessionalClaims> {
    samples::sets(bytes)
        .iter()
        .map(|set| {
            let (claims, findings) = read_837p(set);
            assert_eq!(findings, []);
            claims
        })
        .collect()
}

fn first(sample: &str) -> ProfessionalClaims {
    read(&samples::bytes(sample)).remove(0)
}

/// The tree as it was before anyone wrote it.
fn unread(mut claims: ProfessionalClaims) -> ProfessionalClaims {
    for subscriber in claims.billing_providers.iter_mut().flat_map(|p| &mut p.subscribers) {
        let of_patients = subscriber.patients.iter_mut().flat_map(|p| &mut p.claims);
        for claim in subscriber.claims.iter_mut().chain(of_patients) {
            claim.segment = None;
            claim.lines.iter_mut().for_each(|line| line.segment = None);
        }
    }
    claims
}

/// More characters than PER04, the longest element of a claim, may have.
const LONGER_THAN_ANY_ELEMENT: usize = 300;

/// The tree with one of its texts changed; none when that one is an amount, a date or a number.
fn with_text(claims: &ProfessionalClaims, at: prop::sample::Index, change: impl Fn(&str) -> String) -> Option<ProfessionalClaims> {
    fn texts<'a>(value: &'a mut Value, found: &mut Vec<&'a mut String>) {
        match value {
            Value::String(text) => found.push(text),
            Value::Array(values) => values.iter_mut().for_each(|value| texts(value, found)),
            Value::Object(fields) => fields.values_mut().for_each(|value| texts(value, found)),
            _ => {}
        }
    }
    let mut tree = serde_json::to_value(claims).unwrap();
    let mut found = Vec::new();
    texts(&mut tree, &mut found);
    let text = at.get_mut(&mut found);
    **text = change(text);
    serde_json::from_value(tree).ok()
}

#[test]
fn what_was_read_is_written_byte_for_byte() {
    for sample in ALL {
        let bytes = samples::bytes(sample);
        let written = write_claims(&samples::envelope(&bytes), &read(&bytes)).unwrap();
        assert_eq!(String::from_utf8(written.bytes), String::from_utf8(bytes));
    }
}

#[test]
fn a_dependent_hangs_below_the_subscriber() {
    let set = first(DEPENDENT);
    let subscriber = &set.billing_providers[0].subscribers[0];
    assert!(subscriber.claims.is_empty() && subscriber.relationship.is_none());
    let patient = &subscriber.patients[0];
    assert_eq!(patient.relationship, Relationship::Child);
    let claim = &patient.claims[0];
    assert_eq!((claim.segment, claim.charge, &claim.frequency), (Some(24), "960".parse().unwrap(), &Frequency::Original));
    assert_eq!(claim.lines[0].procedure.modifiers, ["25"]);
    assert_eq!(claim.lines[1].drug.as_ref().unwrap().code, "63361024358");
    assert_eq!(claim.lines[5].reference(&ReferenceKind::LineControl), Some("C26000123-6"));
    assert_eq!(claim.provider(&ProviderRole::Rendering).unwrap().taxonomy.as_deref(), Some("208000000X"));
}

#[test]
fn an_epsdt_claim_carries_its_referral_and_line_flags() {
    let set = first(MEDICAID);
    let subscriber = &set.billing_providers[0].subscribers[0];
    assert_eq!(subscriber.relationship, Some(Relationship::SelfSubscriber));
    let claim = &subscriber.claims[0];
    assert_eq!(claim.conditions, [Condition { category: "ZZ".into(), applies: true, codes: vec!["ST".into()] }]);
    assert!(claim.lines[0].epsdt && !claim.lines[1].epsdt);
    assert_eq!(claim.lines[2].charge, Money::ZERO);
}

#[test]
fn a_secondary_claim_carries_what_the_primary_decided() {
    let set = first(SECONDARY);
    let claim = &set.billing_providers[0].subscribers[0].patients[0].claims[0];
    let other = &claim.other_payers[0];
    assert_eq!((other.paid, other.payer.id.id.as_str()), (Some("68".parse().unwrap()), "00900"));
    let adjudication = &claim.lines[0].adjudications[0];
    assert_eq!(adjudication.payer_id, other.payer.id.id);
    let copay = &adjudication.adjustments[2];
    assert_eq!((&copay.group, copay.reason.as_str(), copay.amount), (&CasGroup::PR, "2", "7".parse().unwrap()));
}

#[test]
fn every_claim_is_found_by_its_segment_number() {
    let bytes = samples::bytes(DEPENDENT);
    let sets = [read(&bytes).remove(0), first(SECONDARY), first(MEDICAID)];
    let written = write_claims(&samples::envelope(&bytes), &sets).unwrap();
    let read_back: Vec<(String, u32)> = samples::sets(&written.bytes)
        .iter()
        .flat_map(|set| set.segments().filter(|s| s.id() == "CLM").map(|s| (s.text(1).into_owned(), s.number())).collect::<Vec<_>>())
        .collect();
    let said: Vec<(String, u32)> = written.claims.iter().map(|c| (c.id.clone(), c.segment)).collect();
    assert_eq!(said, read_back);
    assert_eq!(written.claims.iter().map(|c| c.segment_in_set).collect::<Vec<_>>(), [22, 22, 19]);
}

#[test]
fn a_name_with_accents_and_delimiters_is_sent_in_plain_letters() {
    let mut set = first(DEPENDENT);
    let patient = &mut set.billing_providers[0].subscribers[0].patients[0];
    patient.person.name =
        EntityName::Person(PersonName { last: "Peña*Núñez".into(), first: Some("José".into()), ..PersonName::default() });
    let mut w = SegmentWriter::new(Default::default());
    write_837p(&set, &mut w);
    let text = String::from_utf8(w.finish().unwrap()).unwrap();
    assert!(text.contains("~NM1*QC*1*PENA NUNEZ*JOSE~"));
}

#[test]
fn only_a_note_is_ever_cut() {
    let mut set = first(MEDICAID);
    let subscriber = &mut set.billing_providers[0].subscribers[0];
    subscriber.claims[0].note = Some(Note { code: "ADD".into(), text: Phi::new("long ".repeat(40)) });
    let mut w = SegmentWriter::new(Default::default());
    write_837p(&set, &mut w);
    let text = String::from_utf8(w.finish().unwrap()).unwrap();
    assert!(text.contains(&format!("~NTE*ADD*{}~", "LONG ".repeat(16).trim_end())));

    let subscriber = &mut set.billing_providers[0].subscribers[0];
    subscriber.payer.name = "P".repeat(61);
    subscriber.claims[0].id = "C26*000".into();
    let mut w = SegmentWriter::new(Default::default());
    write_837p(&set, &mut w);
    let errors = w.finish().unwrap_err();
    let said: Vec<_> = errors.iter().map(|e| (e.kind, e.position.segment_id.as_str(), e.position.element)).collect();
    assert_eq!(said, [(WriteErrorKind::TooLong(60), "NM1", Some(3)), (WriteErrorKind::Delimiter, "CLM", Some(1))]);
}

#[test]
fn what_has_no_place_is_a_finding_and_the_rest_is_read() {
    let text = DEPENDENT
        .replace("PAT*19~", "PAT*19******01*12~\nXYZ*1~")
        .replace("DTP*472*D8*20261116~\nREF*6R*C26000123-3~", "DTP*472*D8*20261316~\nREF*6R*C26000123-3~")
        .replace("HL*3*2*23*0~", "HL*3*1*23*0~")
        .replace("SE*52*", "SE*53*");
    let sets = samples::sets(&samples::bytes(&text));
    let (claims, findings) = read_837p(&sets[0]);
    let said: Vec<_> = findings.iter().map(|f| (f.code, f.position.segment_id.as_str(), f.position.element)).collect();
    assert_eq!(
        said,
        [
            ("837-HL-PARENT", "HL", Some(2)),
            ("837-ELEMENT-LEFT-OUT", "PAT", Some(7)),
            ("837-ELEMENT-LEFT-OUT", "PAT", Some(8)),
            ("837-SEGMENT-LEFT-OUT", "XYZ", None),
            ("X12-ELEMENT", "DTP", Some(3)),
        ]
    );
    assert_eq!(claims.billing_providers[0].subscribers[0].patients[0].claims[0].lines.len(), 6);
}

#[test]
fn a_set_without_its_required_parts_says_which() {
    let text =
        DEPENDENT.replace("BHT*0019*00*B20261118001*20261118*0930*CH~\n", "").replace("NM1*PR*2*SAMPLE BLUE PPO*****PI*00900~\n", "");
    let sets = samples::sets(&samples::bytes(&text));
    let (_, findings) = read_837p(&sets[0]);
    let missing: Vec<_> = findings.iter().filter(|f| f.severity == Severity::Error).map(|f| f.message.as_str()).collect();
    assert_eq!(missing, ["the payer (NM1*PR) is missing before the next segment", "BHT is missing before the next segment"]);
}

#[test]
fn a_claim_in_a_log_shows_no_name() {
    let shown = format!("{:?}", first(DEPENDENT));
    for secret in ["RIVERA", "ELENA", "MATEO", "XYZ123456789", "2026-07-15", "OAK LANE", "5125550100"] {
        assert!(!shown.contains(secret), "{secret}");
    }
}

#[test]
fn a_claim_survives_json() {
    for sample in ALL {
        let claims = first(sample);
        assert_eq!(serde_json::from_str::<ProfessionalClaims>(&serde_json::to_string(&claims).unwrap()).unwrap(), claims);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_tree_is_read_back_as_it_was_written(claims in arbitrary::claims()) {
        let envelope = samples::envelope(&samples::bytes(DEPENDENT));
        let written = write_claims(&envelope, std::slice::from_ref(&claims)).unwrap();
        let again = read(&written.bytes);
        prop_assert_eq!(&write_claims(&envelope, &again).unwrap().bytes, &written.bytes);
        prop_assert_eq!(unread(again.into_iter().next().unwrap()), claims);
    }

    #[test]
    fn an_independent_reader_understands_any_tree(claims in arbitrary::claims()) {
        let envelope = samples::envelope(&samples::bytes(DEPENDENT));
        let written = write_claims(&envelope, &[claims]).unwrap();
        let outcome = read_back(&written.bytes);
        prop_assert!(matches!(outcome, ReadBack::Same | ReadBack::Exempt(_)), "{:?}", outcome);
    }

    /// RFI 1815: whatever a field holds, it fills its own element and no other, or is refused with its place.
    #[test]
    fn a_delimiter_or_foreign_letter_in_any_field_never_gets_out(
        claims in arbitrary::claims(),
        at: prop::sample::Index,
        intruder in prop::sample::select(vec!["~", "*", ":", "^", "~SE*1*1~", "\n", "\u{e9}", "\u{674e}"]),
    ) {
        let Some(odd) = with_text(&claims, at, |text| format!("{text}{intruder}A")) else { return Ok(()) };
        let envelope = samples::envelope(&samples::bytes(DEPENDENT));
        match write_claims(&envelope, &[odd]) {
            // Text was brought into its normal form; nothing of it stands where something else is read.
            Ok(written) => {
                prop_assert!(written.bytes.iter().all(|byte| (b' '..=b'~').contains(byte)));
                let again = read(&written.bytes);
                prop_assert_eq!((again.len(), &write_claims(&envelope, &again).unwrap().bytes), (1, &written.bytes));
            }
            Err(errors) => {
                let refused = |kind| matches!(kind, WriteErrorKind::Delimiter | WriteErrorKind::Character | WriteErrorKind::TooLong(_));
                prop_assert!(errors.iter().all(|error| refused(error.kind)), "{errors:?}");
            }
        }
    }

    /// domain.md 1.1: only a note is cut.
    #[test]
    fn what_is_too_long_for_its_element_is_refused_in_any_field(claims in arbitrary::claims(), at: prop::sample::Index) {
        let Some(odd) = with_text(&claims, at, |_| "A".repeat(LONGER_THAN_ANY_ELEMENT)) else { return Ok(()) };
        let mut w = SegmentWriter::new(Default::default());
        write_837p(&odd, &mut w);
        match w.finish() {
            Ok(bytes) => {
                let cut = format!("*{}~", "A".repeat(80));
                prop_assert!(String::from_utf8(bytes).unwrap().contains(&cut), "only a note is cut");
            }
            Err(errors) => prop_assert!(errors.iter().all(|error| matches!(error.kind, WriteErrorKind::TooLong(_))), "{errors:?}"),
        }
    }

    #[test]
    fn a_damaged_claim_never_panics(at in 106_usize..1500, byte: u8, cut in 0_usize..40) {
        let mut bytes = samples::bytes(SECONDARY);
        let at = at.min(bytes.len() - cut - 1);
        bytes.drain(at..at + cut);
        bytes[at] = byte;
        for event in read_all(&bytes).into_iter().flatten() {
            if let Event::Transaction(set) = event {
                let _ = read_837p(&set);
            }
        }
    }
}
