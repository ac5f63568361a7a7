//! Writing and reading belong together, and so do their tests.

use jiff::civil::date;
use proptest::prelude::*;

use super::samples::{self, CLAIM_OF_A_SUBSCRIBER, DENIED, LINE_OF_A_DEPENDENT, PAID, REQUEST, REQUESTS, RESPONSE, RESPONSES};
use super::*;
use crate::edi::Severity;
use crate::edi::ack_277ca::read_277ca;
use crate::edi::inquiry::samples::{damaged, exempt, first, set_of};
use crate::edi::inquiry::{Role, Trace};
use crate::edi::readback::ReadBack;
use crate::platform::phi::Phi;

#[test]
fn every_sample_is_written_as_it_was_read() {
    REQUEST.assert_written_as_read(REQUESTS);
    RESPONSE.assert_written_as_read(RESPONSES);
}

#[test]
fn an_answer_carries_amounts_dates_and_the_check() {
    let paid = samples::response(PAID);
    let claim = paid.by_trace("S26000702").next().unwrap();
    let status = &claim.statuses[0];
    assert_eq!((status.charge, status.paid), ("960".parse().ok(), "706".parse().ok()));
    assert_eq!(
        (status.effective, status.decided, status.paid_on),
        (Some(date(2026, 12, 8)), Some(date(2026, 12, 7)), Some(date(2026, 12, 8)))
    );
    assert_eq!(status.payment_number.as_deref(), Some("CHK900117"));
    assert_eq!((claim.pcn().map(Phi::as_str), claim.icn().map(Phi::as_str)), (Some("C26000123"), Some("ICN2026A1")));
    let denied = &claim.lines[1];
    assert_eq!((denied.paid, denied.line_number().map(Phi::as_str)), ("0".parse().ok(), Some("C26000123-5")));
    assert_eq!(denied.statuses[0].codes[1].entity.as_deref(), Some("85"));
}

#[test]
fn a_status_is_no_acknowledgment_and_an_acknowledgment_no_status() {
    let (_, findings) = read_277ca(&first(PAID));
    assert_eq!((findings[0].code, findings[0].severity), ("ACK-VERSION", Severity::Error));
    let acknowledgment = PAID.replace(VERSION, crate::edi::ack_277ca::VERSION);
    let (_, findings) = read_277(&first(&acknowledgment));
    assert_eq!(findings.iter().map(|f| (f.code, f.severity)).collect::<Vec<_>>(), [("INQ-VERSION", Severity::Error)]);
}

#[test]
fn what_has_no_place_is_a_finding_and_stays_reachable() {
    let odd =
        DENIED.replace("STC*F2:88:IL*20261205**402*0*", "STC*F2:88:IL:RX:5*20261205*U*4x2*0*").replace("DTP*472*", "QTY*90*1~DTP*472*");
    let (response, findings) = read_277(&first(&odd));
    let said: Vec<_> = findings.iter().map(|f| (f.code, f.position.segment_id.as_str(), f.position.element)).collect();
    assert_eq!(
        said,
        [("INQ-UNREAD", "STC", Some(3)), ("INQ-UNREAD", "STC", Some(1)), ("X12-ELEMENT", "STC", Some(4)), ("INQ-UNREAD", "QTY", None)]
    );
    assert_eq!(response.unread.iter().map(|u| u.text.as_str()).collect::<Vec<_>>(), ["U", "F2:88:IL:RX:5", "4x2", "QTY*90*1"]);
    let odd = CLAIM_OF_A_SUBSCRIBER.replace("AMT*T3*402~", "AMT*F5*10~AMT*T3*402~");
    let (request, findings) = read_276(&first(&odd));
    assert_eq!((findings.len(), request.unread[0].text.as_str()), (1, "AMT*F5*10"));
}

#[test]
fn a_claim_without_a_status_is_an_error() {
    let bare = DENIED.replace("STC*F2:88:IL*20261205**402*0*20261204****F2:109~", "");
    let (response, findings) = read_277(&first(&bare));
    assert_eq!(findings.iter().map(|f| (f.code, f.severity)).collect::<Vec<_>>(), [("INQ-MISSING", Severity::Error)]);
    assert_eq!(response.claims().next().unwrap().outcome(), Outcome::Unknown);
}

#[test]
fn an_answer_below_a_missing_level_is_not_lost() {
    let flat = PAID.replace("HL*3*2*19*1~NM1*1P*2*SAMPLE PEDIATRICS PA*****XX*1234567893~", "");
    let (response, findings) = read_277(&first(&flat));
    assert_eq!((response.claims().count(), findings[0].code), (1, "INQ-LEVEL"));
}

#[test]
fn an_independent_reader_renders_the_samples_byte_for_byte() {
    assert_eq!(exempt(&[REQUESTS, RESPONSES].concat()), [ReadBack::Exempt(vec!["lines of a 276"])]);
}

#[test]
fn an_answer_in_a_log_shows_no_person() {
    let shown = format!("{:?} {:?}", samples::response(PAID), samples::request(CLAIM_OF_A_SUBSCRIBER));
    for secret in ["RIVERA", "ELENA", "MATEO", "XYZ123456789", "OKAFOR", "2021-11-10", "C26000123", "ICN2026A1"] {
        assert!(!shown.contains(secret), "{secret}");
    }
}

/// The question of a sample, as if a practice had asked it.
fn question(file: &str) -> Question {
    let request = samples::request(file);
    let receiver = &request.sources[0].receivers[0];
    let family = &receiver.providers[0].families[0];
    let asked = family.dependents.first().unwrap_or(&family.subscriber);
    Question {
        payer: request.sources[0].payer.clone(),
        submitter: receiver.submitter.clone(),
        provider: receiver.providers[0].provider.clone(),
        subscriber: family.subscriber.patient.clone(),
        dependent: family.dependents.first().map(|dependent| dependent.patient.clone()),
        claim: asked.claims[0].clone(),
    }
}

#[test]
fn a_question_becomes_the_request_of_the_sample() {
    for file in REQUESTS {
        let request = StatusRequest::of(samples::request(file).heading, &[question(file)]);
        assert_eq!(set_of(&REQUEST.written(&request)), set_of(file.as_bytes()));
    }
}

#[test]
fn questions_share_the_levels_that_they_have_in_common() {
    let (ada, mateo) = (question(CLAIM_OF_A_SUBSCRIBER), question(LINE_OF_A_DEPENDENT));
    let mut of_the_mother = mateo.clone();
    of_the_mother.dependent = None;
    let mut again = mateo.clone();
    again.claim.trace = Trace::ours("S26000799", "");
    let request = StatusRequest::of(samples::request(CLAIM_OF_A_SUBSCRIBER).heading, &[ada.clone(), ada, mateo, of_the_mother, again]);
    assert_eq!(request.sources.len(), 2);
    let families = |source: usize| &request.sources[source].receivers[0].providers[0].families;
    assert_eq!((families(0).len(), families(0)[0].subscriber.claims.len()), (1, 2));
    assert_eq!((families(1)[0].subscriber.claims.len(), families(1)[0].dependents.len()), (1, 1));
    assert_eq!(families(1)[0].dependents[0].claims.len(), 2);
    assert_eq!(families(1)[0].dependents[0].patient.person.role, Role::Patient);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_request_is_read_back_as_it_was_written_and_understood_by_another(request in arbitrary::request()) {
        REQUEST.assert_lasts(&request);
    }

    #[test]
    fn any_answer_is_read_back_as_it_was_written_and_understood_by_another(response in arbitrary::response()) {
        RESPONSE.assert_lasts(&response);
    }

    #[test]
    fn damaged_files_never_panic(
        file in prop::sample::select([REQUESTS, RESPONSES].concat()),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0_usize..30), 1..12),
    ) {
        for set in damaged(file, damage) {
            let _ = (read_276(&set), read_277(&set));
        }
    }
}
