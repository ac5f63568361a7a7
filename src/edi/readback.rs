//! A second, independent implementation reads every interchange before it leaves, and must render the same bytes.
//!
//! x12-types shares no code with our writer, so a mistake in loops, order or separators shows as a difference. Its grammar is narrower
//! than the guides in places; `NARROW` is the one list of what it can't hold, and those segments are exempt by name. It reads only
//! what we wrote ourselves: it stops without a reason, or panics, on much of what partners send.

use std::collections::BTreeSet;
use std::ops::Range;
use std::panic::catch_unwind;

use x12_types::util::Parser;
use x12_types::v005010::{_270, _271, _276, _277, _835, _837, Transmission};

use super::position::EdiError;
use super::reader::{Event, TransactionSet, read_all};
use super::segment::{Delimiters, Segment};

/// What the second implementation made of an interchange.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadBack {
    /// It read everything and rendered the same bytes.
    Same,
    /// It read everything and rendered the same bytes but for constructs outside of its grammar; these.
    Exempt(Vec<&'static str>),
    /// It rendered something else, from this byte on. The interchange must not leave.
    Differs {
        /// Offset of the first difference, in the interchange without exempt segments.
        byte: usize,
    },
    /// It could not read the interchange; why, without data. The interchange must not leave.
    Failed(String),
}

/// A loop of the 837P, as far as the grammar's limits need to know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Loop {
    Header,
    Level,
    Name,
    Claim,
    ClaimProvider,
    OtherPayer,
    OtherName,
    Line,
    Drug,
    LineProvider,
    LineAdjudication,
}

/// Segments that the grammar holds once in a loop where the guide allows more, and what we call the construct.
const NARROW: &[(Loop, &str, &str)] = &[
    (Loop::Name, "PER", "two PER in 2010"),
    (Loop::Claim, "PWK", "two PWK in 2300"),
    (Loop::Claim, "K3", "two K3 in 2300"),
    (Loop::Claim, "CRC", "two CRC in 2300"),
    (Loop::ClaimProvider, "REF", "two REF in 2310"),
    (Loop::OtherPayer, "CAS", "two CAS in 2320"),
    (Loop::OtherName, "REF", "two REF in 2330"),
    (Loop::Line, "PWK", "two PWK in 2400"),
    (Loop::Line, "REF", "two REF in 2400"),
    (Loop::LineProvider, "REF", "two REF in 2420"),
];

/// Reads back one interchange that we wrote, with our delimiters. Segments of exempt constructs are left out for the second reader, so
/// that everything around them is still compared.
#[must_use]
pub fn read_back(interchange: &[u8]) -> ReadBack {
    let sets = match transaction_sets(interchange) {
        Ok(sets) => sets,
        Err(error) => return ReadBack::Failed(error.to_string()),
    };
    let exempt: Vec<Exempt> = sets.iter().flat_map(exempt_segments).collect();
    let mut names: BTreeSet<&'static str> = exempt.iter().map(|segment| segment.name).collect();
    let kind = sets.first().map(TransactionSet::kind);
    let mut rest = without(interchange, &exempt);
    if let Some("276" | "277") = kind {
        let together = levels_together(&rest);
        if together != rest {
            names.insert("the order of levels in 276 and 277");
            rest = together;
        }
    }
    let outcome = match kind {
        Some("837") => compare(&rest, |text| Transmission::<_837>::parse(text).ok().map(|(_, read)| read.to_string())),
        Some("835") => compare(&rest, |text| Transmission::<_835>::parse(text).ok().map(|(_, read)| read.to_string())),
        Some("270") => compare(&rest, |text| Transmission::<_270>::parse(text).ok().map(|(_, read)| read.to_string())),
        Some("271") => compare(&rest, |text| Transmission::<_271>::parse(text).ok().map(|(_, read)| read.to_string())),
        Some("276") => compare(&rest, |text| Transmission::<_276>::parse(text).ok().map(|(_, read)| read.to_string())),
        Some("277") => compare(&rest, |text| Transmission::<_277>::parse(text).ok().map(|(_, read)| read.to_string())),
        Some("999") => ReadBack::Exempt(vec!["AK103 and AK203 of a 999"]),
        Some(_) => ReadBack::Exempt(vec!["a transaction that pediclaim does not write"]),
        None => ReadBack::Exempt(vec!["TA1"]),
    };
    if outcome == ReadBack::Same && !names.is_empty() {
        return ReadBack::Exempt(names.into_iter().collect());
    }
    outcome
}

fn transaction_sets(interchange: &[u8]) -> Result<Vec<TransactionSet>, EdiError> {
    let events = read_all(interchange)?;
    Ok(events.into_iter().filter_map(|event| if let Event::Transaction(set) = event { Some(set) } else { None }).collect())
}

/// A segment that the grammar has no room for.
struct Exempt {
    name: &'static str,
    bytes: Range<usize>,
}

/// What the grammar has no room for in a transaction set.
fn exempt_segments(set: &TransactionSet) -> Vec<Exempt> {
    match set.kind() {
        "837" => exempt_in_claims(set),
        "270" | "276" | "277" => exempt_in_inquiries(set),
        _ => Vec::new(),
    }
}

impl Exempt {
    fn new(name: &'static str, segment: &Segment<'_>) -> Exempt {
        let begin = usize::try_from(segment.position().byte).unwrap_or(usize::MAX);
        Exempt { name, bytes: begin..begin.saturating_add(segment.raw().len() + 1) }
    }
}

/// The second and further segments of each construct of [`NARROW`] in a claim transaction.
fn exempt_in_claims(set: &TransactionSet) -> Vec<Exempt> {
    let mut found = Vec::new();
    let (mut place, mut seen) = (Loop::Header, Vec::new());
    for segment in set.segments() {
        let id = segment.id();
        if let Some(next) = enters(place, id) {
            (place, seen) = (next, Vec::new());
        }
        let narrow = NARROW.iter().find(|(narrow, narrow_id, _)| *narrow == place && *narrow_id == id);
        if let Some((_, _, name)) = narrow.filter(|_| seen.contains(&id)) {
            found.push(Exempt::new(name, &segment));
        }
        seen.push(id);
    }
    found
}

/// Questions of a 270 that say more than a service type or a procedure; lines and charges of dependents in a 276; statuses of a 277 with a third code or a text.
fn exempt_in_inquiries(set: &TransactionSet) -> Vec<Exempt> {
    let mut found = Vec::new();
    let (mut is_dependent, mut in_loop, mut references) = (false, None, 0);
    for segment in set.segments() {
        let id = segment.id();
        match id {
            "HL" => (is_dependent, in_loop, references) = (segment.bytes(3) == b"23", None, 0),
            "EQ" => (in_loop, references) = ((segment.elements() > 2).then_some("EQ03 to EQ05 of a 270"), 0),
            "SVC" if set.kind() == "276" => in_loop = Some("lines of a 276"),
            "TRN" | "SE" => in_loop = None,
            _ => {}
        }
        references += u32::from(id == "REF");
        let name = match (set.kind(), id) {
            _ if in_loop.is_some() => in_loop,
            ("270", "REF") if references > 1 => Some("two REF in 2110 of a 270"),
            ("277", "STC") if segment.elements() > 10 => Some("STC11 and STC12"),
            ("276", "AMT") if is_dependent => Some("AMT of a dependent in a 276"),
            _ => None,
        };
        found.extend(name.map(|name| Exempt::new(name, &segment)));
    }
    found
}

/// The order in which the grammar holds levels (HL03): all of one kind together.
const LEVELS: &[&[u8]] = &[b"20", b"21", b"19", b"22", b"PT", b"23"];

/// The interchange with the levels of each transaction set in the order of [`LEVELS`]; those of one kind keep theirs.
fn levels_together(interchange: &[u8]) -> Vec<u8> {
    let Delimiters { element, terminator, .. } = Delimiters::default();
    let (mut together, mut levels) = (Vec::with_capacity(interchange.len()), Vec::<(usize, Vec<u8>)>::new());
    for segment in interchange.split_inclusive(|&byte| byte == terminator) {
        if segment.starts_with(b"HL*") {
            let kind = segment.split(|&byte| byte == element || byte == terminator).nth(3).unwrap_or_default();
            levels.push((LEVELS.iter().position(|level| *level == kind).unwrap_or(LEVELS.len()), Vec::new()));
        } else if segment.starts_with(b"SE*") {
            levels.sort_by_key(|(rank, _)| *rank);
            together.extend(levels.drain(..).flat_map(|(_, segments)| segments));
        }
        levels.last_mut().map_or(&mut together, |(_, segments)| segments).extend_from_slice(segment);
    }
    together
}

/// The interchange without some of its segments; the second reader doesn't count them.
fn without(interchange: &[u8], exempt: &[Exempt]) -> Vec<u8> {
    let (mut rest, mut from) = (Vec::with_capacity(interchange.len()), 0);
    for segment in exempt {
        rest.extend_from_slice(interchange.get(from..segment.bytes.start).unwrap_or_default());
        from = segment.bytes.end;
    }
    rest.extend_from_slice(interchange.get(from..).unwrap_or_default());
    rest
}

/// The loop that a segment opens.
fn enters(place: Loop, id: &str) -> Option<Loop> {
    let in_claim = !matches!(place, Loop::Header | Loop::Level | Loop::Name);
    match (id, place) {
        ("HL", _) => Some(Loop::Level),
        ("CLM", _) => Some(Loop::Claim),
        ("LX", _) => Some(Loop::Line),
        ("LIN", _) => Some(Loop::Drug),
        ("SVD", _) => Some(Loop::LineAdjudication),
        ("SBR", _) if in_claim => Some(Loop::OtherPayer),
        ("NM1", Loop::Claim | Loop::ClaimProvider) => Some(Loop::ClaimProvider),
        ("NM1", Loop::OtherPayer | Loop::OtherName) => Some(Loop::OtherName),
        ("NM1", Loop::Line | Loop::Drug | Loop::LineProvider) => Some(Loop::LineProvider),
        ("NM1", Loop::Level | Loop::Name) => Some(Loop::Name),
        _ => None,
    }
}

/// `render` parses an interchange and renders what it understood; none when it can't.
fn compare(interchange: &[u8], render: fn(&str) -> Option<String>) -> ReadBack {
    let Ok(text) = std::str::from_utf8(interchange) else { return ReadBack::Failed("not ASCII".to_owned()) };
    // Its panics are about missing elements and carry no data.
    let rendered = catch_unwind(|| render(text));
    match rendered {
        Err(_) => ReadBack::Failed("the second reader panicked".to_owned()),
        Ok(None) => ReadBack::Failed("the second reader's grammar does not hold this interchange".to_owned()),
        Ok(Some(rendered)) => {
            // It puts each segment on a line; ours have no line ends, not even in data.
            let theirs: Vec<u8> = rendered.bytes().filter(|&byte| byte != b'\n').collect();
            match theirs.iter().zip(interchange).position(|(a, b)| a != b) {
                Some(byte) => ReadBack::Differs { byte },
                None if theirs.len() != interchange.len() => ReadBack::Differs { byte: theirs.len().min(interchange.len()) },
                None => ReadBack::Same,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edi::claim_837p::samples::{self, DEPENDENT, MEDICAID, REPLACEMENT, SECONDARY};

    fn back(text: &str) -> ReadBack {
        read_back(&samples::bytes(text))
    }

    #[test]
    fn an_independent_reader_renders_our_claims_byte_for_byte() {
        for sample in [DEPENDENT, MEDICAID, REPLACEMENT] {
            assert_eq!(back(sample), ReadBack::Same);
        }
    }

    #[test]
    fn what_its_grammar_cannot_hold_is_exempt_by_name() {
        assert_eq!(back(SECONDARY), ReadBack::Exempt(vec!["two REF in 2400"]));
        let both =
            SECONDARY.replace("AMT*D*68~", "CAS*CO*45*1~\nCAS*PR*3*1~\nAMT*D*68~").replace("HI*ABK", "CRC*ZZ*Y*ST~\nCRC*07*Y*01~\nHI*ABK");
        assert_eq!(back(&both), ReadBack::Exempt(vec!["two CAS in 2320", "two CRC in 2300", "two REF in 2400"]));
    }

    #[test]
    fn an_exempt_segment_does_not_hide_what_is_around_it() {
        let odd = SECONDARY.replace("SAMPLE BLUE PPO", "SAMPLE \u{b0}BLUE PPO");
        assert!(matches!(back(&odd), ReadBack::Differs { .. }));
    }

    #[test]
    fn a_segment_out_of_its_loop_does_not_pass() {
        let moved = DEPENDENT.replace("HI*ABK:Z00129*ABF:Z23~\n", "").replace("LX*1~", "HI*ABK:Z00129*ABF:Z23~\nLX*1~");
        assert_ne!(back(&moved), ReadBack::Same);
        let truncated = DEPENDENT.replace("CLM*C26000123*960***11:B:1*Y*A*Y*Y~", "CLM~");
        assert!(matches!(back(&truncated), ReadBack::Failed(_) | ReadBack::Differs { .. }));
    }

    #[test]
    fn a_value_that_it_cuts_short_shows_as_a_difference() {
        let odd = DEPENDENT.replace("SAMPLE BLUE PPO", "SAMPLE \u{b0}BLUE PPO");
        assert!(matches!(back(&odd), ReadBack::Differs { .. }));
    }

    #[test]
    fn levels_out_of_their_kinds_order_are_put_together_and_still_compared() {
        let level = |number: u32, kind: &str, name: &str| format!("HL*{number}*1*{kind}~NM1*X*2*{name}~");
        let set = |levels: &[String]| format!("ST*277*0001~BHT*0010~{}SE*9*0001~GE*1*1~", levels.concat());
        let [a, c, d, e] = [level(1, "20", "A"), level(2, "19", "C"), level(3, "22", "D"), level(4, "23", "E")];
        let [other, last] = [level(5, "19", "F"), level(6, "22", "G")];
        let mixed = set(&[a.clone(), c.clone(), d.clone(), e.clone(), other.clone(), last.clone()]);
        let sorted = set(&[a, c, other, d, last, e]);
        assert_eq!(String::from_utf8(levels_together(mixed.as_bytes())).unwrap(), sorted);
        assert_eq!(levels_together(sorted.as_bytes()), sorted.as_bytes());
    }

    #[test]
    fn what_is_no_interchange_fails_with_a_place() {
        assert!(matches!(read_back(b"GS*HC"), ReadBack::Failed(why) if why.contains("byte 0")));
    }
}
