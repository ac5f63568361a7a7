//! The 999 that follows from validation: what is answered to the sender of a functional group (domain.md 3.1, 3.2).

use super::{AckResult, Context, ElementError, ElementPlace, GroupResponse, ImplementationAck, SegmentError, SetResponse};
use crate::edi::validate::{Ack, CheckedGroup, CheckedSet, Fault, Trigger};
use crate::edi::{Delimiters, Severity, charset};
use crate::platform::phi::Phi;

/// IK502 when segments are at fault.
const SEGMENTS_AT_FAULT: &str = "5";

/// IK304 of a segment whose elements are at fault.
const ELEMENTS_AT_FAULT: &str = "8";

/// IK502 to 06, AK905 to 09: as many codes as there are places.
const CODES_MAX: usize = 5;

/// CTX01-2, in characters.
const CONTEXT_MAX: usize = 35;

/// IK404, in characters.
const VALUE_MAX: usize = 99;

/// Any other text that is given back as it came; no element of AK1, AK2 and IK3 is longer.
const TEXT_MAX: usize = 35;

/// CTX01-1 of what made an element required.
const TRIGGER_CONTEXT: &str = "SITUATIONAL TRIGGER";

/// GS01 of a group of 999s.
const ACKNOWLEDGMENTS: &str = "FA";

/// The kind of transaction set whose faults name the claim.
const CLAIMS: &str = "837";

/// Answers a group: `sets` are its transaction sets, in their order, `control_number` is ST02 of the 999. A set with an error is rejected,
/// one with warnings taken with errors; a sum that does not hold has no code in a 999 and is for people. Values at fault are copied
/// as far as X12 can carry them. None for a group of 999s: an answer is never answered, or two partners would go on for ever; and none for
/// a group without a control number, which no answer could name. A set without kind or number is refused with the group, unnamed.
#[must_use]
pub fn from_findings(control_number: &str, group: &CheckedGroup, sets: &[CheckedSet]) -> Option<ImplementationAck> {
    if group.header.functional_id == ACKNOWLEDGMENTS {
        return None;
    }
    let group_control_number = clean(&group.header.control_number, TEXT_MAX)?;
    let received = sets.len();
    let sets: Vec<SetResponse> = sets.iter().map(answer).filter(|set| !set.kind.is_empty() && !set.control_number.is_empty()).collect();
    let accepted = sets.iter().filter(|set| set.result.is_accepted()).count();
    let codes = codes(&group.faults, |ack| if let Ack::Group(code) = ack { Some(code) } else { None });
    let result = if !codes.is_empty() || accepted == 0 {
        AckResult::Rejected
    } else if accepted < received {
        AckResult::PartiallyAccepted
    } else if sets.iter().any(|set| set.result == AckResult::AcceptedWithErrors) {
        AckResult::AcceptedWithErrors
    } else {
        AckResult::Accepted
    };
    let count = |n: u64| u32::try_from(n).unwrap_or(COUNT_MAX).min(COUNT_MAX);
    Some(ImplementationAck {
        control_number: control_number.to_owned(),
        segment: 0,
        functional_id: clean(&group.header.functional_id, TEXT_MAX).unwrap_or_default(),
        group_control_number,
        version: clean(&group.header.version, TEXT_MAX),
        group: GroupResponse {
            segment: 0,
            accepted: if result == AckResult::Rejected { 0 } else { count(accepted as u64) },
            result,
            included: count(group.included.unwrap_or(group.received)),
            received: count(group.received),
            codes,
        },
        sets,
    })
}

/// AK902 to 04, IK302 and CTX03 have six digits.
const COUNT_MAX: u32 = 999_999;

fn answer(set: &CheckedSet) -> SetResponse {
    let mut errors: Vec<SegmentError> = Vec::new();
    // The segment of the last IK3 whose elements are at fault: further elements join it.
    let mut open = None;
    for fault in &set.faults {
        match fault.rule.ack {
            Ack::Segment(code) => {
                open = None;
                errors.push(segment_error(set, fault, code, trigger_context(fault)));
            }
            Ack::Element(code) => {
                let same = Some((fault.at, &fault.segment, &fault.claim));
                if open != same {
                    open = same;
                    errors.push(segment_error(set, fault, ELEMENTS_AT_FAULT, None));
                }
                if let Some(error) = errors.last_mut() {
                    error.elements.extend(element_error(fault, code));
                }
            }
            Ack::Set(_) | Ack::Group(_) | Ack::None => {}
        }
    }
    let mut codes = codes(&set.faults, |ack| if let Ack::Set(code) = ack { Some(code) } else { None });
    if !errors.is_empty() && codes.len() < CODES_MAX {
        codes.push(SEGMENTS_AT_FAULT.to_owned());
    }
    let result = if !set.is_accepted() {
        AckResult::Rejected
    } else if codes.is_empty() {
        AckResult::Accepted
    } else {
        AckResult::AcceptedWithErrors
    };
    SetResponse {
        segment: 0,
        kind: clean(&set.kind, TEXT_MAX).unwrap_or_default(),
        control_number: clean(&set.control_number, TEXT_MAX).unwrap_or_default(),
        version: set.version.as_deref().and_then(|version| clean(version, TEXT_MAX)),
        errors,
        result,
        codes,
    }
}

/// The codes of faults, each once, those of errors first.
fn codes(faults: &[Fault], code: impl Fn(Ack) -> Option<&'static str>) -> Vec<String> {
    let mut codes: Vec<String> = Vec::new();
    for severity in [Severity::Error, Severity::Warning] {
        for found in faults.iter().filter(|fault| fault.rule.severity == severity).filter_map(|fault| code(fault.rule.ack)) {
            if codes.len() < CODES_MAX && !codes.iter().any(|known| known == found) {
                codes.push(found.to_owned());
            }
        }
    }
    codes
}

fn segment_error(set: &CheckedSet, fault: &Fault, code: &str, trigger: Option<Context>) -> SegmentError {
    let claim = fault.claim.as_ref().filter(|_| set.kind == CLAIMS);
    // A number that does not fit would name another claim.
    let claim = claim.filter(|claim| claim.as_str().len() <= CONTEXT_MAX).and_then(|claim| clean(claim.as_str(), CONTEXT_MAX));
    SegmentError {
        segment: 0,
        segment_id: fault.segment.clone(),
        at: Some(fault.at.min(COUNT_MAX)),
        loop_id: fault.loop_id.map(loop_of),
        code: code.to_owned(),
        contexts: trigger.into_iter().chain(claim.map(|claim| Context::of_claim(&claim))).collect(),
        elements: Vec::new(),
    }
}

/// None when the fault names no element.
fn element_error(fault: &Fault, code: &str) -> Option<ElementError> {
    let element = u32::from(fault.position.element?).min(PLACE_MAX);
    let component = fault.position.component.map(|component| u32::from(component).min(PLACE_MAX));
    Some(ElementError {
        segment: 0,
        place: ElementPlace { element, component, repetition: fault.repetition },
        // A composite has an identifier and no number.
        data_element: fault.data_element.filter(|number| number.bytes().all(|byte| byte.is_ascii_digit())).map(str::to_owned),
        code: code.to_owned(),
        value: fault.value.as_ref().and_then(|value| clean(value.as_str(), VALUE_MAX)).map(Phi::new),
        contexts: trigger_context(fault).into_iter().collect(),
    })
}

fn trigger_context(fault: &Fault) -> Option<Context> {
    let Trigger { segment, at, loop_id, element, component, data_element } = fault.trigger.as_ref()?;
    Some(Context {
        segment: 0,
        name: TRIGGER_CONTEXT.to_owned(),
        value: None,
        segment_id: Some((*segment).to_owned()),
        at: Some((*at).min(COUNT_MAX)),
        loop_id: Some(loop_of(loop_id)),
        place: Some(ElementPlace { element: *element, component: *component, repetition: None }),
        data_elements: vec![(*data_element).to_owned()],
    })
}

/// IK303, CTX04: four characters, so that loops 2010AA and 2010AB are both told as 2010.
fn loop_of(id: &str) -> String {
    id.chars().take(LOOP_MAX).collect()
}

/// IK401 has two digits for the element and for the component.
const PLACE_MAX: u32 = 99;

/// IK303, in characters.
const LOOP_MAX: usize = 4;

/// A text as we can send it: our delimiters may not stand in it, nor what X12 can't carry. None when nothing is left.
fn clean(text: &str, max: usize) -> Option<String> {
    let sent: String = charset::normalize(text, Delimiters::default()).chars().filter(|c| matches!(c, ' '..='~')).take(max).collect();
    Some(sent.trim().to_owned()).filter(|sent| !sent.is_empty())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::samples::{read, written};
    use super::*;
    use crate::edi::validate::samples::{CLAIM, REMITTANCE, file};
    use crate::edi::validate::{Checked, faults_of, validate};

    /// The answer to the first group of a file.
    fn answer(text: &str) -> ImplementationAck {
        let mut sets = Vec::new();
        for checked in validate(text.as_bytes()) {
            match checked.unwrap() {
                Checked::Set(set) => sets.push(set),
                Checked::GroupEnd(group) => return from_findings("0001", &group, &sets).expect("the group holds no 999"),
                _ => {}
            }
        }
        panic!("no group ends")
    }

    fn claims(sets: &str) -> String {
        file("HC", "005010X222A1", sets)
    }

    /// The 999 without its first two and last segment.
    fn said(ack: &ImplementationAck) -> String {
        let text = written(ack);
        let (_, rest) = text.split_once("~AK1*").unwrap();
        rest.split_once('~').unwrap().1.split_once("SE*").unwrap().0.to_owned()
    }

    #[test]
    fn a_group_without_a_fault_is_accepted() {
        let ack = answer(&claims(CLAIM));
        assert_eq!((ack.functional_id.as_str(), ack.group_control_number.as_str()), ("HC", "103"));
        assert_eq!(said(&ack), "AK2*837*0001*005010X222A1~IK5*A~AK9*A*1*1*1~");
        assert_eq!(said(&answer(&file("HP", "005010X221A1", REMITTANCE))), "AK2*835*0001~IK5*A~AK9*A*1*1*1~");
    }

    #[test]
    fn an_acknowledgment_is_not_acknowledged_nor_is_a_group_without_a_number() {
        let acknowledgment = file("FA", "005010X231A1", super::super::samples::ACCEPTED);
        let numbered = claims(CLAIM);
        let nameless = numbered.replace("*103*X*", "**X*");
        assert_ne!(nameless, numbered);
        for text in [acknowledgment, nameless] {
            let ends = validate(text.as_bytes()).filter_map(|checked| match checked.unwrap() {
                Checked::GroupEnd(group) => Some(from_findings("0001", &group, &[])),
                _ => None,
            });
            assert_eq!(ends.collect::<Vec<_>>(), [None]);
        }
    }

    #[test]
    fn a_set_without_a_name_is_refused_with_the_group() {
        for nameless in ["***", "*837**", "**0001*"] {
            let ack = answer(&claims(&CLAIM.replace("ST*837*0001*", &format!("ST{nameless}"))));
            assert_eq!((ack.group.result.as_str(), ack.sets.len(), ack.group.received), ("R", 0, 1), "{nameless}");
            assert_eq!(read(&written(&ack)).1, []);
        }
    }

    #[test]
    fn a_fault_names_its_segment_its_claim_and_its_elements() {
        let ack = answer(&claims(&CLAIM.replace("ABK:J029", "ABK:J02.9").replace("DTP*472*D8*20261005~", "DTP*472*D8*2026~")));
        assert_eq!(
            said(&ack),
            "AK2*837*0001*005010X222A1~IK3*HI*23*2300*8~CTX*CLM01:C26000125S~IK4*1:2*1271*I12*J02.9~\
             IK3*DTP*33*2400*8~CTX*CLM01:C26000125S~IK4*3*1251*8*2026~IK5*R*5~AK9*R*1*1*0~"
        );
        assert_eq!(ack.named_claims(), ["C26000125S"]);
    }

    #[test]
    fn what_another_element_makes_required_names_that_element() {
        let ack = answer(&claims(&CLAIM.replace("11:B:1*", "11:B:7*")));
        assert_eq!(
            said(&ack),
            "AK2*837*0001*005010X222A1~IK3*REF*22*2300*I6~CTX*SITUATIONAL TRIGGER*CLM*22*2300*5:3*1325~CTX*CLM01:C26000125S~\
             IK5*R*5~AK9*R*1*1*0~"
        );
    }

    #[test]
    fn a_warning_is_told_and_the_set_is_taken() {
        let ack = answer(&claims(&CLAIM.replace("TE*5125550100", "TE*512-555-0100")));
        assert_eq!(said(&ack), "AK2*837*0001*005010X222A1~IK3*PER*4*1000*8~IK4*4*364*I12*512-555-0100~IK5*E*5~AK9*E*1*1*1~");
    }

    #[test]
    fn sets_are_answered_each_for_itself() {
        let bad = CLAIM.replace("*0001*", "*0002*").replace("SE*50*0001", "SE*51*0002");
        let other = CLAIM.replace("*0001*005010X222A1", "*0003*004010X098A1").replace("*0001~", "*0003~");
        let ack = answer(&claims(&[CLAIM, &bad, &other].concat()));
        let answers: Vec<_> = ack.sets.iter().map(|set| (set.control_number.as_str(), set.result.as_str(), set.codes.join(" "))).collect();
        assert_eq!(answers, [("0001", "A", String::new()), ("0002", "R", "4".to_owned()), ("0003", "R", "I6".to_owned())]);
        assert_eq!((ack.group.result.as_str(), ack.group.included, ack.group.received, ack.group.accepted), ("P", 3, 3, 1));
        assert_eq!(said(&answer(&claims(CLAIM).replace("GE*1*103", "GE*2*103"))), "AK2*837*0001*005010X222A1~IK5*A~AK9*R*2*1*0*5~");
    }

    #[test]
    fn a_sum_that_does_not_hold_rejects_nothing() {
        let ack = answer(&claims(&CLAIM.replace("AMT*D*68", "AMT*D*67")));
        assert_eq!(said(&ack), "AK2*837*0001*005010X222A1~IK5*A~AK9*A*1*1*1~");
    }

    #[test]
    fn a_value_that_x12_can_not_carry_is_left_out_or_made_fit() {
        let ack = answer(&claims(&CLAIM.replace("*CHEN*LILY", "*CHEN*L\u{cd}:LY")));
        assert_eq!(said(&ack).split('~').nth(3), Some("IK4*4*1036*13*LI LY"));
    }

    proptest! {
        #[test]
        fn the_answer_to_any_damage_is_a_valid_999_that_reads_back_equal(
            cuts in prop::collection::vec((any::<prop::sample::Index>(), "[ -~\u{e9}]{0,3}"), 1..12),
        ) {
            let mut body = CLAIM["ST*837*0001*005010X222A1~".len()..CLAIM.len() - "SE*50*0001~".len()].to_owned();
            for (at, with) in cuts {
                let at = at.index(body.len());
                if body.is_char_boundary(at) && body.is_char_boundary(at + 1) {
                    body.replace_range(at..=at, &with);
                }
            }
            let count = body.matches('~').count() + 2;
            let ack = answer(&claims(&format!("ST*837*0001*005010X222A1~{body}SE*{count}*0001~")));
            let text = written(&ack);
            let (back, findings) = read(&text);
            prop_assert_eq!(findings, []);
            prop_assert_eq!(written(&back), text.clone());
            prop_assert_eq!(back.named_claims(), ack.named_claims());
            let errors: Vec<_> = faults_of(file("FA", "005010X231A1", &text).as_bytes())
                .unwrap()
                .into_iter()
                .filter(|fault| fault.rule.severity == Severity::Error)
                .map(|fault| fault.to_string())
                .collect();
            prop_assert_eq!(errors, Vec::<String>::new(), "{}", text);
        }
    }
}
