//! A claim as its loops will stand in an interchange, written with nothing beside it: what can't leave is found by the very code that
//! writes, and no element can be forgotten. A claim has some 1,200 bytes, and writing them takes a few microseconds.

use crate::edi::claim_837p::write_alone;
use crate::edi::guide::segment as dictionary;
use crate::edi::{Delimiters, SegmentWriter, WriteError, WriteErrorKind};
use crate::revenue_cycle::claim::model::ClaimContent;

/// The records behind an element, the first row that fits: loop (or how it begins), segment (empty: any), element (0: any).
const RECORDS: &[(&str, &str, u8, &str)] = &[
    ("2000A", "", 0, "practice"),
    ("2010AA", "", 0, "practice"),
    ("2010AB", "", 0, "practice"),
    ("2000B", "SBR", 3, "coverage.group_number"),
    ("2000B", "", 0, "coverage"),
    ("2010BA", "NM1", 9, "coverage.member_id"),
    ("2010BA", "", 0, "coverage"),
    ("2010BB", "NM1", 9, "payer.payer_number"),
    ("2010BB", "", 0, "payer"),
    ("2000C", "", 0, "child"),
    ("2010CA", "", 0, "child"),
    ("2300", "CLM", 1, "claim.pcn"),
    ("2300", "REF", 0, "encounter.authorization, location.clia"),
    ("2300", "HI", 0, "encounter.diagnoses"),
    ("2300", "NTE", 0, "practice rule"),
    ("2300", "PWK", 0, "practice rule"),
    ("2300", "", 0, "claim"),
    ("2310C", "", 0, "location"),
    ("2310", "", 0, "provider"),
    ("232", "", 0, "remittance"),
    ("233", "", 0, "remittance"),
    ("2400", "SV1", 1, "charge_line.procedure_code"),
    ("2410", "", 0, "charge_line.ndc"),
    ("2430", "", 0, "remittance"),
    ("", "", 0, "charge_line"),
];

/// A value that does not fit into its element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// The element and the record behind it: `2310B NM103 (provider)`.
    pub path: String,
    /// What is wrong.
    pub kind: MisfitKind,
}

/// What is wrong with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MisfitKind {
    /// It has characters that can't be sent.
    Characters,
    /// It is too long or too short: fewest and most characters.
    Length(usize, usize),
    /// It is an amount of more than ten digits.
    Amount,
}

/// Everything in a claim that does not fit into its element, each place and fault once, in the order of the file. Nearly always nothing.
#[must_use]
pub fn misfits(content: &ClaimContent) -> Vec<Misfit> {
    let mut w = SegmentWriter::new(Delimiters::default()).strict();
    write_alone(&content.billing, &content.subscriber, content.patient.as_ref(), &content.claim, &mut w);
    let Err(errors) = w.finish() else { return Vec::new() };
    let mut found: Vec<Misfit> = errors.iter().map(misfit).collect();
    // One value may hold a delimiter and a foreign character: both are characters.
    found.dedup();
    found
}

fn misfit(error: &WriteError) -> Misfit {
    let (place, position) = (error.place, error.position);
    let (segment, number) = (position.segment_id.as_str(), position.element.unwrap_or_default());
    let fits = |loop_id: &str, of: &str, element: u8| {
        place.loop_id.starts_with(loop_id) && (of.is_empty() || of == segment) && (element == 0 || element == number)
    };
    let record = RECORDS.iter().find(|(loop_id, of, element, _)| fits(loop_id, of, *element)).map_or("", |(.., record)| record);
    let nth = if place.number == 0 { String::new() } else { format!("[{}]", place.number) };
    let component = position.component.map(|component| format!("-{component}")).unwrap_or_default();
    let spec = dictionary(segment).and_then(|spec| spec.element(number.into())?.at(position.component));
    let (min, max) = spec.map_or((1, 1), |spec| (usize::from(spec.min), usize::from(spec.max)));
    let kind = match error.kind {
        WriteErrorKind::Delimiter | WriteErrorKind::Character => MisfitKind::Characters,
        WriteErrorKind::TooLong(max) => MisfitKind::Length(min, max),
        WriteErrorKind::TooShort(min) => MisfitKind::Length(min, max),
        WriteErrorKind::Missing | WriteErrorKind::Empty => MisfitKind::Length(min, max),
        WriteErrorKind::Amount | WriteErrorKind::ControlNumber => MisfitKind::Amount,
    };
    Misfit { path: format!("{}{nth} {segment}{number:02}{component} ({record})", place.loop_id), kind }
}
