//! Writing and reading belong together, and so do their tests.

use jiff::civil::date;
use proptest::prelude::*;

use super::samples::{self, ACTIVE, CHILD_AS_DEPENDENT, CHILD_AS_SUBSCRIBER, OTHER_PAYERS, REQUEST, REQUESTS, RESPONSE, RESPONSES, TWINS};
use super::*;
use crate::edi::Severity;
use crate::edi::claim_837p::{DateValue, EntityName};
use crate::edi::inquiry::samples::{damaged, exempt, first, set_of};
use crate::edi::inquiry::{DateKind, Dated, Role, Trace};
use crate::edi::readback::ReadBack;

#[test]
fn every_sample_is_written_as_it_was_read() {
    REQUEST.assert_written_as_read(REQUESTS);
    RESPONSE.assert_written_as_read(RESPONSES);
}

#[test]
fn a_request_asks_of_the_child_and_names_the_provider_by_npi() {
    let request = samples::request(CHILD_AS_DEPENDENT);
    let receiver = &request.sources[0].receivers[0];
    assert_eq!(receiver.provider.id.as_ref().unwrap().npi().unwrap().to_string(), "1234567893");
    let [parent, child]: [&RequestMember; 2] = request.members().collect::<Vec<_>>().try_into().unwrap();
    assert!(parent.inquiries.is_empty() && parent.member.traces.is_empty());
    assert_eq!((&child.member.person.role, child.member.traces[0].number.as_str()), (&Role::Dependent, "Q26000502"));
    assert_eq!(child.inquiries[0].service_types, [ServiceType::OfficeVisit, ServiceType::WellBabyCare, ServiceType::Immunizations]);
    assert_eq!(child.member.dates, [Dated { kind: DateKind::Plan, value: DateValue::Day(date(2026, 11, 16)) }]);
}

#[test]
fn a_benefit_carries_every_element_with_its_type() {
    let response = samples::response(ACTIVE);
    let benefits = &response.by_trace("Q26000502").unwrap().answer.benefits;
    let copay = &benefits[2];
    assert_eq!((&copay.information, &copay.coverage_level), (&Information::Copay, &Some(CoverageLevel::Individual)));
    assert_eq!((&copay.period, copay.amount, &copay.in_network), (&Some(TimePeriod::Visit), "25".parse().ok(), &Some(Answer::Yes)));
    assert_eq!(benefits[5].percent, Some(Percent::of_hundred(20)));
    let limit = benefits.iter().find(|b| !b.deliveries.is_empty()).unwrap();
    assert_eq!((&limit.quantity_kind, limit.quantity), (&Some(QuantityKind::Visits), "20".parse().ok()));
    assert_eq!((&limit.authorization, limit.messages.len()), (&Some(Answer::Yes), 1));
    assert_eq!((limit.deliveries[0].period.as_ref(), limit.deliveries[0].periods), (Some(&TimePeriod::ServiceYear), Some(1)));
    let of_procedure = benefits.iter().find(|b| b.procedure.is_some()).unwrap();
    assert_eq!(of_procedure.procedure.as_ref().unwrap().procedure.code, "92552");
    assert_eq!(of_procedure.circumstances[0].code.as_deref(), Some("11"));
    assert_eq!(response.sources[0].payer.contacts[0].numbers[1].qualifier, "UR");
}

#[test]
fn the_payers_record_may_differ_from_what_was_asked() {
    let response = samples::response(OTHER_PAYERS);
    let insured = response.by_trace("Q26000506").unwrap().answer.member.insured.clone().unwrap();
    assert!(insured.is_subscriber && insured.record_differs());
    let response = samples::response(ACTIVE);
    let insured = response.by_trace("Q26000502").unwrap().answer.member.insured.clone().unwrap();
    assert!(!insured.is_subscriber && !insured.record_differs());
}

#[test]
fn twins_are_told_apart_by_their_order_of_birth() {
    let request = samples::request(TWINS);
    let orders = request.members().map(|m| m.member.insured.as_ref().and_then(|i| i.birth_order)).collect::<Vec<_>>();
    assert_eq!(orders, [None, Some(1), Some(2)]);
}

#[test]
fn what_has_no_place_is_a_finding_and_stays_reachable() {
    let odd = ACTIVE
        .replace("EB*L~", "XYZ*SECRET~EB*L*********ten~")
        .replace("REF*6P*GRP100*SAMPLE EMPLOYER~", "REF*6P*GRP100*SAMPLE EMPLOYER*X~")
        .replace("HL*4*3*23*0~", "HL*4*1*23*0~")
        .replace("EB*A*IND*98^BY*****0.2****Y~", "EB*A*IND*98^BY*****20****Y~")
        .replace("DTP*346*D8*20260715~", "DTP*346*D8*20261315~");
    let (response, findings) = read_271(&first(&odd));
    let said: Vec<_> = findings.iter().map(|f| (f.code, f.position.segment_id.as_str(), f.position.element)).collect();
    assert_eq!(
        said,
        [
            ("INQ-UNREAD", "REF", Some(4)),
            ("INQ-LEVEL", "HL", Some(2)),
            ("X12-ELEMENT", "DTP", Some(3)),
            ("INQ-PERCENT", "EB", Some(8)),
            ("INQ-UNREAD", "XYZ", None),
            ("X12-ELEMENT", "EB", Some(10)),
        ]
    );
    let kept: Vec<_> = response.unread.iter().map(|u| (u.element, u.text.as_str())).collect();
    assert_eq!(kept, [(Some(4), "X"), (None, "XYZ*SECRET"), (Some(10), "ten")]);
    assert!(findings.iter().all(|finding| !finding.to_string().contains("SECRET")));
}

#[test]
fn a_required_part_that_never_came_is_an_error() {
    let bare = ACTIVE.replace("BHT*0022*11*ELIG20261118002*20261118*0931~", "").replace("NM1*03*1*RIVERA*MATEO~", "");
    let (_, findings) = read_271(&first(&bare));
    let missing: Vec<_> = findings.iter().filter(|f| f.severity == Severity::Error).map(|f| (f.code, f.message.as_str())).collect();
    let child = "subscriber or dependent (NM1) is missing before the next segment";
    assert_eq!(missing, [("INQ-MISSING", child), ("INQ-MISSING", "BHT is missing before the next segment")]);
}

#[test]
fn an_answer_below_a_missing_level_is_not_lost() {
    let flat = ACTIVE.replace("HL*2*1*21*1~NM1*1P*2*SAMPLE PEDIATRICS PA*****XX*1234567893~", "");
    let (response, findings) = read_271(&first(&flat));
    assert!(response.by_trace("Q26000502").unwrap().answer.benefits.len() > 10);
    assert_eq!(findings.iter().map(|f| f.code).collect::<Vec<_>>(), ["INQ-LEVEL", "INQ-MISSING"]);
}

#[test]
fn what_occurs_twice_is_kept_once_and_the_other_stays_reachable() {
    let twice = ACTIVE.replace("NM1*03*1*RIVERA*MATEO~", "NM1*03*1*RIVERA*MATEO~NM1*03*1*RIVERA*OTHER~");
    let (response, findings) = read_271(&first(&twice));
    assert_eq!(findings.iter().map(|f| f.code).collect::<Vec<_>>(), ["INQ-TWICE"]);
    assert_eq!(response.unread[0].text.as_str(), "NM1*03*1*RIVERA*OTHER");
    let child = &response.by_trace("Q26000502").unwrap().answer.member.person;
    assert!(matches!(&child.name, EntityName::Person(name) if name.first.as_ref().unwrap().as_str() == "MATEO"));
}

#[test]
fn a_patient_is_a_person_even_where_the_code_is_missing_or_wrong() {
    for odd in ["NM1*03**RIVERA~", "NM1*03*2*RIVERA*MATEO~"] {
        let (response, findings) = read_271(&first(&ACTIVE.replace("NM1*03*1*RIVERA*MATEO~", odd)));
        assert!(findings.iter().all(|finding| finding.code == "INQ-CODE") && findings.len() < 2);
        assert!(!format!("{response:?}").contains("RIVERA"), "{odd}");
    }
}

#[test]
fn another_guide_is_refused() {
    let other = ACTIVE.replace("005010X279A1", "004010X092A1");
    let (_, findings) = read_271(&first(&other));
    assert_eq!(findings.iter().map(|f| (f.code, f.severity)).collect::<Vec<_>>(), [("INQ-VERSION", Severity::Error)]);
    let uncorrected = ACTIVE.replace("005010X279A1", "005010X279");
    assert_eq!(read_271(&first(&uncorrected)).1, []);
}

#[test]
fn an_independent_reader_renders_the_samples_byte_for_byte() {
    assert_eq!(exempt(&[REQUESTS, RESPONSES].concat()), [ReadBack::Exempt(vec!["EQ03 to EQ05 of a 270"])]);
}

#[test]
fn an_answer_in_a_log_shows_no_person() {
    let shown = format!("{:?} {:?}", samples::response(ACTIVE), samples::request(CHILD_AS_SUBSCRIBER));
    for secret in ["RIVERA", "ELENA", "MATEO", "XYZ123456789", "1993-12-04", "OAK LANE", "GRP100", "NGUYEN", "PREVENTIVE CARE IS", "OKAFOR"]
    {
        assert!(!shown.contains(secret), "{secret}");
    }
}

/// The question of a sample, as if a practice had asked it.
fn question(file: &str) -> Question {
    let request = samples::request(file);
    let source = &request.sources[0];
    let family = &source.receivers[0].families[0];
    let unasked = |asked: &RequestMember| Member { traces: Vec::new(), dates: Vec::new(), ..asked.member.clone() };
    let asked = family.dependents.first().unwrap_or(&family.subscriber);
    Question {
        payer: source.payer.clone(),
        provider: source.receivers[0].provider.clone(),
        trace: Trace::ours(&asked.member.traces[0].number, "9PEDBILL01"),
        subscriber: unasked(&family.subscriber),
        dependent: family.dependents.first().map(unasked),
        on: date(2026, 11, 16),
        service_types: asked.inquiries[0].service_types.clone(),
    }
}

#[test]
fn a_question_becomes_the_request_of_the_sample() {
    let heading = samples::request(CHILD_AS_DEPENDENT).heading;
    let request = EligibilityRequest::of(heading, &[question(CHILD_AS_DEPENDENT)]);
    assert_eq!(set_of(&REQUEST.written(&request)), set_of(CHILD_AS_DEPENDENT.as_bytes()));
}

#[test]
fn questions_share_the_levels_of_payer_provider_and_family() {
    let mateo = question(CHILD_AS_DEPENDENT);
    let ada = question(CHILD_AS_SUBSCRIBER);
    let heading = samples::request(CHILD_AS_DEPENDENT).heading;
    let request = EligibilityRequest::of(heading, &[mateo.clone(), mateo.clone(), ada.clone(), ada]);
    let shape: Vec<Vec<usize>> = request
        .sources
        .iter()
        .map(|source| source.receivers.iter().flat_map(|r| &r.families).map(|f| f.dependents.len()).collect())
        .collect();
    assert_eq!(shape, [vec![2], vec![0, 0]]);
}

#[test]
fn a_child_not_found_is_asked_about_the_other_way() {
    let mateo = question(CHILD_AS_DEPENDENT);
    let alone = mateo.as_subscriber("XYZ123456701");
    assert_eq!((alone.dependent.as_ref(), alone.subscriber.person.id.as_ref().unwrap().id.as_str()), (None, "XYZ123456701"));
    assert_eq!(alone.subscriber.birth_date, mateo.dependent.as_ref().unwrap().birth_date);
    assert_eq!(alone.as_dependent_of(mateo.subscriber.clone()), mateo);
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
            let _ = (read_270(&set), read_271(&set));
        }
    }
}
