//! One 999 transaction set becomes an [`ImplementationAck`]. Lenient: what has no place is a finding.

use super::{AckResult, Context, ElementError, ElementPlace, GroupResponse, ImplementationAck, SegmentError, SetResponse};
use crate::edi::charset::decode;
use crate::edi::segment::parse_int;
use crate::edi::{EdiErrorKind, Finding, Position, Segment, SegmentId, TransactionSet};
use crate::platform::phi::Phi;

/// Reads one 999. Findings of severity Error say that the answer to a set or the group is not known.
#[must_use]
pub fn read_999(set: &TransactionSet) -> (ImplementationAck, Vec<Finding>) {
    let unknown = || AckResult::Other(String::new());
    let mut ack = ImplementationAck {
        control_number: set.control_number().to_owned(),
        segment: set.first_segment(),
        functional_id: String::new(),
        group_control_number: String::new(),
        version: None,
        sets: Vec::new(),
        group: GroupResponse { segment: 0, result: unknown(), included: 0, received: 0, accepted: 0, codes: Vec::new() },
    };
    let mut findings = Vec::new();
    let mut open = false;
    for s in set.segments() {
        let current = ack.sets.last_mut().filter(|_| open);
        match s.id() {
            "ST" | "SE" => {}
            "AK1" => {
                (ack.functional_id, ack.group_control_number) = (s.text(1).into_owned(), s.text(2).into_owned());
                ack.version = s.opt(3);
            }
            "AK2" => {
                open = true;
                ack.sets.push(SetResponse {
                    segment: s.number(),
                    kind: s.text(1).into_owned(),
                    control_number: s.text(2).into_owned(),
                    version: s.opt(3),
                    errors: Vec::new(),
                    result: unknown(),
                    codes: Vec::new(),
                });
            }
            "IK3" | "IK4" | "CTX" => {
                if current.and_then(|current| fault(current, &s, &mut findings)).is_none() {
                    findings.push(out_of_place(&s));
                }
            }
            "IK5" => {
                open = false;
                match current {
                    Some(current) => (current.result, current.codes) = (AckResult::from(&*s.text(1)), codes_from(&s, 2)),
                    None => findings.push(out_of_place(&s)),
                }
            }
            "AK9" => {
                ack.group = GroupResponse {
                    segment: s.number(),
                    result: AckResult::from(&*s.text(1)),
                    included: count(&s, 2, &mut findings),
                    received: count(&s, 3, &mut findings),
                    accepted: count(&s, 4, &mut findings),
                    codes: codes_from(&s, 5),
                };
            }
            _ => findings.push(out_of_place(&s)),
        }
    }
    let header = |segment| Position::of_segment(0, segment, SegmentId::UNKNOWN);
    for response in ack.sets.iter().filter(|set| matches!(set.result, AckResult::Other(_))) {
        let message = "the answer to a transaction set (IK5) is missing or unknown; ask the partner what became of it";
        findings.push(Finding::error("ACK-RESULT", header(response.segment), message));
    }
    if matches!(ack.group.result, AckResult::Other(_)) {
        let message = "the answer to the group (AK9) is missing or unknown; ask the partner what became of it";
        findings.push(Finding::error("ACK-RESULT", header(ack.segment), message));
    }
    if ack.group_control_number.is_empty() {
        let message = "AK1 names no group of ours; ask the partner what was answered";
        findings.push(Finding::error("ACK-GROUP", header(ack.segment), message));
    }
    (ack, findings)
}

/// IK3, IK4 and CTX: the fault goes where the last one opened a loop; none when there is no such place.
fn fault(set: &mut SetResponse, s: &Segment<'_>, findings: &mut Vec<Finding>) -> Option<()> {
    if s.id() == "IK3" {
        set.errors.push(SegmentError {
            segment: s.number(),
            segment_id: s.text(1).into_owned(),
            at: optional_count(s, 2, findings),
            loop_id: s.opt(3),
            code: s.text(4).into_owned(),
            contexts: Vec::new(),
            elements: Vec::new(),
        });
        return Some(());
    }
    let error = set.errors.last_mut()?;
    if s.id() == "IK4" {
        error.elements.push(ElementError {
            segment: s.number(),
            place: place(s, 1).unwrap_or_default(),
            data_element: s.opt(2),
            code: s.text(3).into_owned(),
            value: s.opt(4).map(Phi::new),
            contexts: Vec::new(),
        });
        return Some(());
    }
    let contexts = error.elements.last_mut().map_or(&mut error.contexts, |element| &mut element.contexts);
    let repetition = s.delimiters().repetition;
    for name in s.bytes(1).split(|&byte| byte == repetition && byte != 0) {
        contexts.push(context(s, name, findings));
    }
    Some(())
}

/// One repetition of CTX01 with the rest of its segment.
fn context(s: &Segment<'_>, name: &[u8], findings: &mut Vec<Finding>) -> Context {
    let text = |bytes: &[u8]| decode(bytes).into_owned();
    let mut parts = name.splitn(2, |&byte| byte == s.delimiters().component);
    let mut next = || text(parts.next().unwrap_or_default());
    Context {
        segment: s.number(),
        name: next(),
        value: Some(next()).filter(|value| !value.is_empty()).map(Phi::new),
        segment_id: s.opt(2),
        at: optional_count(s, 3, findings),
        loop_id: s.opt(4),
        place: place(s, 5),
        data_elements: s.components(6).map(text).filter(|number| !number.is_empty()).collect(),
    }
}

fn place(s: &Segment<'_>, n: usize) -> Option<ElementPlace> {
    let number = |c| parse_int(s.component(n, c)).and_then(|number| u32::try_from(number).ok());
    let place = ElementPlace { element: number(1).unwrap_or_default(), component: number(2), repetition: number(3) };
    (!s.bytes(n).is_empty()).then_some(place)
}

fn codes_from(s: &Segment<'_>, first: usize) -> Vec<String> {
    (first..=s.elements()).filter_map(|n| s.opt(n)).collect()
}

fn optional_count(s: &Segment<'_>, n: usize, findings: &mut Vec<Finding>) -> Option<u32> {
    let number = parse_int(s.bytes(n)).and_then(|number| u32::try_from(number).ok());
    if number.is_none() && !s.bytes(n).is_empty() {
        findings.push(Finding::warning("X12-ELEMENT", s.at(n), EdiErrorKind::Number.to_string()));
    }
    number
}

fn count(s: &Segment<'_>, n: usize, findings: &mut Vec<Finding>) -> u32 {
    optional_count(s, n, findings).unwrap_or_default()
}

fn out_of_place(s: &Segment<'_>) -> Finding {
    Finding::warning("ACK-UNKNOWN-SEGMENT", s.position(), "the segment is unknown or out of place and was left out")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::samples::{ACCEPTED, REJECTED, read, sets};
    use super::*;
    use crate::edi::Severity;

    #[test]
    fn an_acceptance_names_our_group_and_set() {
        let (ack, findings) = read(ACCEPTED);
        assert_eq!(findings, []);
        assert_eq!((ack.functional_id.as_str(), ack.group_control_number.as_str()), ("HC", "101"));
        assert_eq!((ack.sets[0].control_number.as_str(), &ack.sets[0].result), ("0001", &AckResult::Accepted));
        assert_eq!((&ack.group.result, ack.group.included, ack.group.received, ack.group.accepted), (&AckResult::Accepted, 1, 1, 1));
        assert!(ack.named_claims().is_empty());
    }

    #[test]
    fn a_rejection_names_the_claim_the_segment_and_the_element_at_fault() {
        let (ack, _) = read(REJECTED);
        let set = &ack.sets[0];
        assert!(set.result.is_rejected() && !ack.is_duplicate());
        assert_eq!((set.named_claims(), ack.named_claims()), (vec!["C26000123"], vec!["C26000123"]));
        let error = &set.errors[0];
        assert_eq!((error.segment_id.as_str(), error.at, error.loop_id.as_deref()), ("HI", Some(23), Some("2300")));
        assert_eq!(error.meaning(), Some("the segment has elements at fault"));
        let element = &error.elements[0];
        assert_eq!(element.place, ElementPlace { element: 1, component: Some(2), repetition: None });
        assert_eq!((element.meaning(), element.segment), (Some("the code is invalid"), 8));
        assert_eq!(set.meanings().collect::<Vec<_>>(), ["segments are at fault"]);
    }

    #[test]
    fn contexts_belong_to_the_segment_or_element_before_them_and_name_each_claim_once() {
        let faults = "IK3*SV1*40*2400*8~CTX*CLM01:C1^CLM01:C2~IK4*2*782*7~CTX*SITUATIONAL TRIGGER*CLM*20*2300*5:3*C023:1325~CTX*CLM01:C1~";
        let (ack, findings) = read(&REJECTED.replace("IK5*R*5~", &format!("{faults}IK5*R*5~")));
        assert_eq!(findings, []);
        assert_eq!(ack.named_claims(), ["C26000123", "C1", "C2"]);
        let error = &ack.sets[0].errors[1];
        assert_eq!((error.contexts.len(), error.elements[0].contexts.len()), (2, 2));
        let trigger = &error.elements[0].contexts[0];
        assert_eq!((trigger.segment_id.as_deref(), trigger.at, trigger.loop_id.as_deref()), (Some("CLM"), Some(20), Some("2300")));
        assert_eq!(trigger.place, Some(ElementPlace { element: 5, component: Some(3), repetition: None }));
        assert_eq!((trigger.claim(), trigger.data_elements.as_slice()), (None, &["C023".to_owned(), "1325".to_owned()][..]));
    }

    #[test]
    fn a_copy_is_told_from_other_rejections() {
        let (ack, _) = read(&REJECTED.replace("AK9*R*1*1*0~", "AK9*R*1*1*0*19~").replace("IK5*R*5~", "IK5*R*23~"));
        assert!(ack.is_duplicate() && ack.sets[0].is_duplicate());
        assert_eq!(ack.group.meanings().collect::<Vec<_>>(), ["the control number was used before"]);
    }

    #[test]
    fn a_group_may_be_taken_without_naming_its_sets() {
        let (ack, findings) = read(&ACCEPTED.replace("AK2*837*0001*005010X222A1~IK5*A~", ""));
        assert_eq!((ack.sets.len(), ack.group.result.is_accepted(), findings.len()), (0, true, 0));
    }

    #[test]
    fn an_answer_that_says_nothing_is_an_error() {
        let (_, findings) =
            read(&ACCEPTED.replace("IK5*A~", "").replace("AK9*A*1*1*1~", "AK9*Q*1*1*1~").replace("AK1*HC*101*", "AK1*HC**"));
        let codes: Vec<_> = findings.iter().map(|finding| (finding.code, finding.severity)).collect();
        assert_eq!(codes, [("ACK-RESULT", Severity::Error), ("ACK-RESULT", Severity::Error), ("ACK-GROUP", Severity::Error)]);
    }

    #[test]
    fn segments_out_of_place_are_reported() {
        let (_, findings) = read(&ACCEPTED.replace("AK2*", "IK3*HI*1~CTX*CLM01:C1~ZZZ*1~AK2*").replace("AK9*", "IK4*1~IK5*R~AK9*"));
        assert_eq!(findings.iter().map(|finding| finding.code).collect::<Vec<_>>(), ["ACK-UNKNOWN-SEGMENT"; 5]);
    }

    proptest! {
        #[test]
        fn damaged_answers_never_panic(damage in prop::collection::vec((any::<prop::sample::Index>(), "[ -~]"), 1..12)) {
            let mut text = REJECTED.to_owned();
            let (from, to) = ("ST*999*0001*005010X231A1~".len(), text.len() - "SE*9*0001~".len());
            for (at, with) in damage {
                let at = from + at.index(to - from);
                text.replace_range(at..=at, &with);
            }
            for set in sets(&text) {
                let (ack, _) = read_999(&set);
                let _ = (ack.named_claims(), ack.is_duplicate());
            }
        }
    }
}
