//! What a segment lacks: values shorter than the dictionary lets them be, and texts without which a segment says nothing. The codes within
//! composite elements are not looked at: each list of codes has its own rules. The writer asks on demand ([`SegmentWriter::strict`](crate::edi::SegmentWriter::strict)): what partners sent must be writable as they sent it.

use super::guide::{ElementSpec, Kind, segment as dictionary};
use super::segment::Delimiters;
use super::writer::WriteErrorKind;

/// Elements without which a segment says nothing.
const MANDATORY: [(&str, u8); 4] = [("NM1", 3), ("N3", 1), ("N4", 1), ("REF", 2)];

/// NM101 of parties that have a name wherever they stand. Where money goes (87) and providers at another payer (2330C to G) have none.
const NAMED: [&[u8]; 4] = [b"85", b"IL", b"QC", b"PR"];

/// NM108: whoever is identified is named too.
const ID_QUALIFIER: u8 = 8;

/// Tells every element of a segment that is too short or missing, by number; `segment` is without its terminator.
pub(super) fn check(segment: &[u8], delimiters: Delimiters, report: &mut impl FnMut(u8, WriteErrorKind)) {
    let mut elements = segment.split(|byte| *byte == delimiters.element);
    let Some(spec) = elements.next().and_then(|id| dictionary(std::str::from_utf8(id).ok()?)) else { return };
    let mut present = 0_u64;
    for (element, value) in spec.elements.iter().zip(elements.clone()) {
        present |= u64::from(!value.is_empty()) << element.number;
        if let Some(kind) = shortage(element, value) {
            report(element.number, kind);
        }
    }
    let has = |number: u8| present >> number & 1 == 1;
    let is_named = spec.id != "NM1" || has(ID_QUALIFIER) || elements.next().is_some_and(|role| NAMED.contains(&role));
    for (_, number) in MANDATORY.iter().filter(|(id, number)| *id == spec.id && !has(*number) && is_named) {
        report(*number, WriteErrorKind::Missing);
    }
}

/// Numbers are never too short, and what is empty is absent.
fn shortage(spec: &ElementSpec, value: &[u8]) -> Option<WriteErrorKind> {
    let is_short = matches!(spec.kind, Kind::An | Kind::Id) && !value.is_empty() && value.len() < usize::from(spec.min);
    is_short.then_some(WriteErrorKind::TooShort(spec.min.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lacks(segment: &str) -> Vec<(u8, WriteErrorKind)> {
        let mut told = Vec::new();
        check(segment.as_bytes(), Delimiters::default(), &mut |element, kind| told.push((element, kind)));
        told
    }

    #[test]
    fn a_value_shorter_than_its_element_is_told_with_its_place() {
        use WriteErrorKind::TooShort;
        assert_eq!(lacks("N4*A*T*75"), [(1, TooShort(2)), (2, TooShort(2)), (3, TooShort(3))]);
        assert_eq!(lacks("CLM*1*5***1:B:1"), []);
    }

    #[test]
    fn a_party_that_must_have_a_name_has_one() {
        use WriteErrorKind::Missing;
        for (segment, missing) in [
            ("NM1*QC*1**ADA", vec![3]),
            ("NM1*82*1******XX*1234567893", vec![3]),
            ("NM1*QC*1*OKAFOR", vec![]),
            ("NM1*87*2", vec![]),
            ("NM1*82*1", vec![]),
            ("REF*G1", vec![2]),
            ("N3**SUITE 4", vec![1]),
        ] {
            let expected: Vec<_> = missing.into_iter().map(|element| (element, Missing)).collect();
            assert_eq!(lacks(segment), expected, "{segment}");
        }
    }

    #[test]
    fn a_segment_that_the_dictionary_does_not_know_lacks_nothing() {
        assert_eq!(lacks("ZZZ*A"), []);
        assert_eq!(lacks(""), []);
    }
}
