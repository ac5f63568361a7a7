//! Writing and reading belong together, and so do their tests.

use jiff::civil::date;
use proptest::prelude::*;

use super::samples::{self, CLAIM_OF_A_SUBSCRIBER, DENIED, LINE_OF_A_DEPENDENT, PAID, REQUESTS, RESPONSES};
use super::*;
use crate::edi::Severity;
use crate::edi::ack_277ca::read_277ca;
use crate::edi::claim_837p::samples::sets;
use crate::edi::inquiry::arbitrary::without_segments;
use crate::edi::inquiry::samples::{damaged, first, interchange, set_of};
use crate::edi::inquiry::{Role, Trace};
use crate::edi::readback::{ReadBack, read_back};
use crate::platform::phi::Phi;

fn written_request(request: &StatusRequest) -> Vec<u8> {
    interchange(PAID, REQUEST_FUNCTIONAL_ID, VERSION, |w| write_276(request, w))
}

fn written_response(response: &StatusResponse) -> Vec<u8> {
    interchange(PAID, RESPONSE_FUNCTIONAL_ID, VERSION, |w| write_277(response, w))
}

#[test]
fn every_sample_is_written_as_it_was_read() {
    for file in REQUESTS {
        assert_eq!(set_of(&written_request(&samples::request(file))), set_of(file.as_bytes()));
    }
    for file in RESPONSES {
        assert_eq!(set_of(&written_response(&samples::response(file))), set_of(file.as_bytes()));
    }
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
    let exempt: Vec<_> = REQUESTS.iter().chain(RESPONSES).map(|f| read_back(f.as_bytes())).filter(|back| *back != ReadBack::Same).collect();
    assert_eq!(exempt, [ReadBack::Exempt(vec!["lines of a 276"])]);
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
    let subscriber = &receiver.providers[0].subscribers[0];
    let asked = subscriber.dependents.first().unwrap_or(&subscriber.patient);
    Question {
        payer: request.sources[0].payer.clone(),
        submitter: receiver.submitter.clone(),
        provider: receiver.providers[0].provider.clone(),
        subscriber: subscriber.patient.patient.clone(),
        dependent: subscriber.dependents.first().map(|dependent| dependent.patient.clone()),
        claim: asked.claims[0].clone(),
    }
}

#[test]
fn a_question_becomes_the_request_of_the_sample() {
    for file in REQUESTS {
        let request = StatusRequest::of(samples::request(file).heading, &[question(file)]);
        assert_eq!(set_of(&written_request(&request)), set_of(file.as_bytes()));
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
    let subscribers = |source: usize| &request.sources[source].receivers[0].providers[0].subscribers;
    assert_eq!((subscribers(0).len(), subscribers(0)[0].patient.claims.len()), (1, 2));
    assert_eq!((subscribers(1)[0].patient.claims.len(), subscribers(1)[0].dependents.len()), (1, 1));
    assert_eq!(subscribers(1)[0].dependents[0].claims.len(), 2);
    assert_eq!(subscribers(1)[0].dependents[0].patient.person.role, Role::Patient);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_request_is_read_back_as_it_was_written(request in arbitrary::request()) {
        let first = written_request(&request);
        let (back, findings) = read_276(&sets(&first)[0]);
        prop_assert_eq!(findings, []);
        prop_assert_eq!(without_segments(&back), without_segments(&request));
        prop_assert_eq!(written_request(&back), first);
    }

    #[test]
    fn any_answer_is_read_back_as_it_was_written_and_survives_json(response in arbitrary::response()) {
        let first = written_response(&response);
        let (back, findings) = read_277(&sets(&first)[0]);
        prop_assert_eq!(findings, []);
        prop_assert_eq!(without_segments(&back), without_segments(&response));
        prop_assert_eq!(written_response(&back), first);
        prop_assert_eq!(serde_json::from_str::<StatusResponse>(&serde_json::to_string(&back).unwrap()).unwrap(), back);
    }

    #[test]
    fn an_independent_reader_understands_any_tree(request in arbitrary::request(), response in arbitrary::response()) {
        for written in [written_request(&request), written_response(&response)] {
            let outcome = read_back(&written);
            prop_assert!(matches!(outcome, ReadBack::Same | ReadBack::Exempt(_)), "{outcome:?} {}", String::from_utf8_lossy(&written));
        }
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
