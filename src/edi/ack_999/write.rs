//! An [`ImplementationAck`] becomes one 999 transaction set, ST to SE.

use super::{Context, ElementPlace, GroupResponse, ImplementationAck, VERSION};
use crate::edi::SegmentWriter;
use crate::edi::writer::SegmentBuilder;
use crate::platform::phi::Phi;

/// Writes one 999.
pub fn write_999(ack: &ImplementationAck, w: &mut SegmentWriter) {
    w.begin_transaction("999", &ack.control_number, Some(VERSION));
    w.segment("AK1").el(&ack.functional_id).el(&ack.group_control_number).opt(ack.version.as_deref()).end();
    for set in &ack.sets {
        w.segment("AK2").el(&set.kind).el(&set.control_number).opt(set.version.as_deref()).end();
        for error in &set.errors {
            let ik3 = w.segment("IK3").el(&error.segment_id);
            opt_int(ik3, error.at).opt(error.loop_id.as_deref()).el(&error.code).end();
            error.contexts.iter().for_each(|context| write_context(context, w));
            for element in &error.elements {
                w.segment("IK4")
                    .composite(&place_parts(Some(element.place)))
                    .opt(element.data_element.as_deref())
                    .el(&element.code)
                    .opt(element.value.as_ref().map(Phi::as_str))
                    .end();
                element.contexts.iter().for_each(|context| write_context(context, w));
            }
        }
        set.codes.iter().fold(w.segment("IK5").el(set.result.as_str()), |ik5, code| ik5.el(code)).end();
    }
    let GroupResponse { result, included, received, accepted, codes, .. } = &ack.group;
    let ak9 = w.segment("AK9").el(result.as_str()).int(u64::from(*included)).int(u64::from(*received)).int(u64::from(*accepted));
    codes.iter().fold(ak9, |ak9, code| ak9.el(code)).end();
    w.end_transaction();
}

fn write_context(context: &Context, w: &mut SegmentWriter) {
    let value = context.value.as_ref().map_or("", Phi::as_str);
    let ctx = w.segment("CTX").composite(&[context.name.as_str(), value]).opt(context.segment_id.as_deref());
    opt_int(ctx, context.at).opt(context.loop_id.as_deref()).composite(&place_parts(context.place)).composite(&context.data_elements).end();
}

fn place_parts(place: Option<ElementPlace>) -> [String; 3] {
    let text = |number: Option<u32>| number.map_or(String::new(), |n| n.to_string());
    place.map_or_else(Default::default, |p| [p.element.to_string(), text(p.component), text(p.repetition)])
}

fn opt_int(segment: SegmentBuilder<'_>, number: Option<u32>) -> SegmentBuilder<'_> {
    match number {
        Some(number) => segment.int(u64::from(number)),
        None => segment.skip(1),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::samples::{ACCEPTED, REJECTED, read, written};
    use super::super::{AckResult, ElementError, SegmentError, SetResponse};
    use super::*;

    #[test]
    fn the_samples_are_written_as_they_were_read() {
        for text in [ACCEPTED, REJECTED] {
            assert_eq!(written(&read(text).0), text);
        }
    }

    fn code() -> impl Strategy<Value = String> {
        "[A-Z0-9]{1,3}"
    }

    fn number() -> impl Strategy<Value = Option<u32>> {
        prop::option::of(1_u32..9_999)
    }

    fn place() -> impl Strategy<Value = ElementPlace> {
        (1_u32..30, number(), number()).prop_map(|(element, component, repetition)| ElementPlace { element, component, repetition })
    }

    fn context() -> impl Strategy<Value = Context> {
        let trigger =
            (code(), code(), number(), prop::option::of(code()), prop::option::of(place()), prop::collection::vec("[0-9]{1,4}", 0..3));
        let triggered = trigger.prop_map(|(name, segment, at, loop_id, place, data_elements)| Context {
            segment_id: Some(segment),
            at,
            loop_id,
            place,
            data_elements,
            value: None,
            name,
            segment: 0,
        });
        prop_oneof!["[A-Z0-9]{1,20}".prop_map(|pcn| Context::of_claim(&pcn)), triggered]
    }

    fn contexts() -> impl Strategy<Value = Vec<Context>> {
        prop::collection::vec(context(), 0..3)
    }

    fn error() -> impl Strategy<Value = SegmentError> {
        let value = prop::option::of("[A-Z0-9.]{1,12}".prop_map(Phi::new));
        let element =
            (place(), prop::option::of(code()), code(), value, contexts()).prop_map(|(place, data_element, code, value, contexts)| {
                ElementError { segment: 0, place, data_element, code, value, contexts }
            });
        (code(), number(), prop::option::of(code()), code(), contexts(), prop::collection::vec(element, 0..3)).prop_map(
            |(segment_id, at, loop_id, code, contexts, elements)| SegmentError {
                segment: 0,
                segment_id,
                at,
                loop_id,
                code,
                contexts,
                elements,
            },
        )
    }

    fn ack() -> impl Strategy<Value = ImplementationAck> {
        let set = (code(), "[0-9]{4,9}", prop::collection::vec(error(), 0..3), "[AEMRWX]", prop::collection::vec(code(), 0..5)).prop_map(
            |(kind, control_number, errors, result, codes)| SetResponse {
                segment: 0,
                kind,
                control_number,
                version: Some("005010X222A1".to_owned()),
                errors,
                result: AckResult::from(result),
                codes,
            },
        );
        (prop::collection::vec(set, 0..3), 0_u32..9, 0_u32..9, prop::collection::vec(code(), 0..5)).prop_map(
            |(sets, received, accepted, codes)| {
                let mut ack = read(ACCEPTED).0;
                ack.sets = sets;
                ack.group = GroupResponse { received, accepted, codes, ..ack.group };
                ack
            },
        )
    }

    proptest! {
        #[test]
        fn written_read_and_written_again_is_the_same(ack in ack()) {
            let first = written(&ack);
            let (back, findings) = read(&first);
            prop_assert_eq!(findings, []);
            prop_assert_eq!(written(&back), first);
            prop_assert_eq!(back.named_claims(), ack.named_claims());
            let json = serde_json::to_string(&back).unwrap();
            prop_assert_eq!(serde_json::from_str::<ImplementationAck>(&json).unwrap(), back);
        }
    }
}
