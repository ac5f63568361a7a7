//! One file taken apart: a piece for each transaction set, or for each claim of an 837P or 835, every piece an interchange of its own.
//!
//! A piece has the ISA and GS of the file it came from, byte for byte, and trailers whose counts are right for it. Control numbers stay:
//! a piece is for looking at and for tests, and whoever receives one must be able to find the file that it is from.

use std::collections::VecDeque;
use std::io::Read;

use super::roundtrip::{self, Pieces};
use super::segment::{Delimiters, Segment};
use super::{EdiError, Event, TransactionSet};

/// What becomes a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Each transaction set, and each TA1.
    Set,
    /// Each claim: CLM in an 837P, with the loops above it; CLP in an 835, with the heading. All else as by set.
    ///
    /// A claim of an 835 keeps the payment of the whole remittance and no PLB: it does not balance, and so nothing can post from it.
    Claim,
}

/// One piece.
#[derive(Clone, PartialEq, Eq)]
pub struct Piece {
    /// `0003-835-000000201-0001.edi`: its place among the pieces, its kind, ISA13, ST02. Made of digits, letters and hyphens.
    pub name: String,
    /// An interchange.
    pub bytes: Vec<u8>,
}

/// Shows the name only.
impl std::fmt::Debug for Piece {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Piece({}, {} bytes)", self.name, self.bytes.len())
    }
}

/// The pieces of a file, one transaction set in hand at a time. An error is the last item.
pub fn split<R: Read>(source: R, by: By) -> impl Iterator<Item = Result<Piece, EdiError>> {
    Split { by, source: Pieces::unwrapped(source), around: Around::default(), ready: VecDeque::new(), count: 0 }
}

struct Split<R> {
    by: By,
    source: Pieces<R>,
    around: Around,
    ready: VecDeque<Piece>,
    count: u32,
}

impl<R: Read> Iterator for Split<R> {
    type Item = Result<Piece, EdiError>;

    fn next(&mut self) -> Option<Result<Piece, EdiError>> {
        loop {
            if let Some(piece) = self.ready.pop_front() {
                return Some(Ok(piece));
            }
            let piece = self.source.next()?;
            self.take(&piece);
            if let Some(error) = piece.error {
                return Some(Err(error));
            }
        }
    }
}

impl<R> Split<R> {
    fn take(&mut self, piece: &roundtrip::Piece) {
        self.around.line_end.get_or_insert_with(|| piece.line_end().to_vec());
        for event in &piece.events {
            self.event(event, piece);
        }
    }

    fn event(&mut self, event: &Event, piece: &roundtrip::Piece) {
        let around = &mut self.around;
        match event {
            Event::Interchange(header) => *around = Around::new(piece, &header.control_number),
            Event::Group(header) => {
                around.gs = piece.envelope().map(|gs| gs.raw().to_vec()).unwrap_or_default();
                around.group_number.clone_from(&header.control_number);
            }
            Event::InterchangeAck(segment) => {
                let bytes = around.without_group(segment.as_segment().raw());
                self.push("TA1", "", bytes);
            }
            Event::Transaction(set) => {
                let sets = match (self.by, set.kind()) {
                    (By::Claim, "837") => claims_of_837(set),
                    (By::Claim, "835") => claims_of_835(set),
                    _ => vec![set.segments().map(|segment| segment.raw().to_vec()).collect()],
                };
                let pieces: Vec<Vec<u8>> = sets.iter().map(|segments| around.with_group(segments)).collect();
                pieces.into_iter().for_each(|bytes| self.push(set.kind(), set.control_number(), bytes));
            }
            _ => {}
        }
    }

    fn push(&mut self, kind: &str, control_number: &str, bytes: Vec<u8>) {
        self.count += 1;
        let parts = [kind, &self.around.control_number, control_number].map(plain).into_iter().filter(|part| !part.is_empty());
        let name = format!("{:04}-{}.edi", self.count, parts.collect::<Vec<_>>().join("-"));
        self.ready.push_back(Piece { name, bytes });
    }
}

/// What of a text may stand in a file's name anywhere.
fn plain(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect()
}

/// The envelopes around the transaction sets at hand.
#[derive(Default)]
struct Around {
    isa: Vec<u8>,
    gs: Vec<u8>,
    control_number: String,
    group_number: String,
    delimiters: Delimiters,
    /// What follows a terminator in this interchange: a line end, or nothing. None before it was seen what follows the ISA.
    line_end: Option<Vec<u8>>,
}

impl Around {
    fn new(piece: &roundtrip::Piece, control_number: &str) -> Around {
        Around {
            isa: piece.envelope().map(|isa| isa.raw().to_vec()).unwrap_or_default(),
            control_number: control_number.to_owned(),
            delimiters: piece.delimiters,
            ..Around::default()
        }
    }

    fn write<'s>(&'s self, segments: impl IntoIterator<Item = &'s [u8]>) -> Vec<u8> {
        let mut bytes = Vec::new();
        for segment in [self.isa.as_slice()].into_iter().chain(segments) {
            bytes.extend_from_slice(segment);
            bytes.push(self.delimiters.terminator);
            bytes.extend_from_slice(self.line_end.as_deref().unwrap_or_default());
        }
        bytes
    }

    fn with_group(&self, segments: &[Vec<u8>]) -> Vec<u8> {
        let (ge, iea) = (self.trailer("GE", 1, &self.group_number), self.trailer("IEA", 1, &self.control_number));
        let all = [&self.gs].into_iter().chain(segments).chain([&ge, &iea]);
        self.write(all.map(Vec::as_slice))
    }

    fn without_group(&self, segment: &[u8]) -> Vec<u8> {
        let iea = self.trailer("IEA", 0, &self.control_number);
        self.write([segment, &iea])
    }

    fn trailer(&self, id: &str, count: usize, control_number: &str) -> Vec<u8> {
        join(&[id.as_bytes(), count.to_string().as_bytes(), control_number.as_bytes()], self.delimiters)
    }
}

fn join(elements: &[&[u8]], delimiters: Delimiters) -> Vec<u8> {
    elements.join(&delimiters.element)
}

/// ST to SE of one claim: the segments, and a trailer that counts them.
fn closed(set: &TransactionSet, mut segments: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    let count = segments.len() + 1;
    segments.push(join(&[b"SE", count.to_string().as_bytes(), set.control_number().as_bytes()], set.delimiters()));
    segments
}

/// A segment with some of its elements (from 1) set anew.
fn with(segment: &Segment<'_>, new: &[(usize, &str)]) -> Vec<u8> {
    let count = new.iter().map(|(n, _)| *n).max().unwrap_or_default().max(segment.elements());
    let element = |n: usize| new.iter().find(|(at, _)| *at == n).map_or(segment.bytes(n), |(_, value)| value.as_bytes());
    let all: Vec<&[u8]> = [segment.id().as_bytes()].into_iter().chain((1..=count).map(element)).collect();
    join(&all, segment.delimiters())
}

/// The loops above a claim, from the outermost: each begins with HL, except the heading, which begins with ST.
#[derive(Default)]
struct Above {
    heading: Vec<Vec<u8>>,
    /// HL03 and the segments of each open level.
    levels: Vec<(String, Vec<Vec<u8>>)>,
}

/// The depth of a level of an 837P below the heading: billing provider, subscriber, patient.
fn depth(level: &str) -> usize {
    match level {
        "20" => 0,
        "22" => 1,
        _ => 2,
    }
}

fn claims_of_837(set: &TransactionSet) -> Vec<Vec<Vec<u8>>> {
    let (mut above, mut claim, mut claims) = (Above::default(), Vec::new(), Vec::new());
    for segment in set.segments() {
        match segment.id() {
            "HL" => {
                claims.extend(above.claim(set, &mut claim));
                let level = segment.text(3).into_owned();
                above.levels.truncate(depth(&level));
                let number = (above.levels.len() + 1).to_string();
                let parent = if above.levels.is_empty() { String::new() } else { above.levels.len().to_string() };
                above.levels.push((level, vec![with(&segment, &[(1, &number), (2, &parent)])]));
            }
            "CLM" => {
                claims.extend(above.claim(set, &mut claim));
                claim.push(segment.raw().to_vec());
            }
            "SE" => claims.extend(above.claim(set, &mut claim)),
            _ if !claim.is_empty() => claim.push(segment.raw().to_vec()),
            _ => match above.levels.last_mut() {
                Some((_, segments)) => segments.push(segment.raw().to_vec()),
                None => above.heading.push(segment.raw().to_vec()),
            },
        }
    }
    claims
}

impl Above {
    /// The transaction set of the claim collected so far; none when there is none.
    fn claim(&self, set: &TransactionSet, claim: &mut Vec<Vec<u8>>) -> Option<Vec<Vec<u8>>> {
        if claim.is_empty() {
            return None;
        }
        let mut segments = self.heading.clone();
        for (at, (_, level)) in self.levels.iter().enumerate() {
            let has_child = if at + 1 < self.levels.len() { "1" } else { "0" };
            for (nth, raw) in level.iter().enumerate() {
                let segment = Segment::new(raw, set.delimiters(), 0, 0);
                segments.push(if nth == 0 { with(&segment, &[(4, has_child)]) } else { raw.clone() });
            }
        }
        segments.append(claim);
        Some(closed(set, segments))
    }
}

fn claims_of_835(set: &TransactionSet) -> Vec<Vec<Vec<u8>>> {
    let (mut heading, mut header, mut claim, mut claims) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut finish = |heading: &Vec<Vec<u8>>, header: &Vec<Vec<u8>>, claim: &mut Vec<Vec<u8>>| {
        if !claim.is_empty() {
            claims.push(closed(set, [heading.clone(), header.clone(), std::mem::take(claim)].concat()));
        }
    };
    for segment in set.segments() {
        let raw = segment.raw().to_vec();
        match segment.id() {
            "LX" => {
                finish(&heading, &header, &mut claim);
                header = vec![raw];
            }
            "CLP" => {
                finish(&heading, &header, &mut claim);
                claim.push(raw);
            }
            "PLB" | "SE" => finish(&heading, &header, &mut claim),
            _ if !claim.is_empty() => claim.push(raw),
            _ if !header.is_empty() => header.push(raw),
            _ => heading.push(raw),
        }
    }
    claims
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edi::claim_837p::{read_837p, samples};
    use crate::edi::{Severity, read_all};

    fn pieces(file: &[u8], by: By) -> Vec<Piece> {
        split(file, by).collect::<Result<_, _>>().unwrap()
    }

    /// The one transaction set of a piece whose envelope is right.
    fn only_set(piece: &Piece) -> TransactionSet {
        let mut events = read_all(&piece.bytes).unwrap();
        assert!(!events.iter().any(|event| matches!(event, Event::Finding(_))), "{events:?}");
        events.retain(|event| matches!(event, Event::Transaction(_)));
        let Some(Event::Transaction(set)) = events.pop() else { panic!("{} has no set", piece.name) };
        assert_eq!(events.len(), 0);
        set
    }

    #[test]
    fn a_file_of_one_set_is_its_own_only_piece() {
        for sample in samples::ALL {
            for text in [sample.to_owned(), sample.replace('\n', ""), sample.replace('\n', "\r\n")] {
                let pieces = pieces(text.as_bytes(), By::Set);
                assert_eq!(pieces.len(), 1);
                assert_eq!(String::from_utf8_lossy(&pieces[0].bytes).trim_end(), text.trim_end());
            }
        }
    }

    #[test]
    fn pieces_are_numbered_through_all_interchanges_and_named_by_kind_and_control_numbers() {
        let file = [samples::DEPENDENT, include_str!("../../edi-samples/described/interchange-rejected.edi"), samples::MEDICAID].concat();
        let names: Vec<String> = pieces(file.as_bytes(), By::Set).into_iter().map(|piece| piece.name).collect();
        assert_eq!(names, ["0001-837-000000101-0001.edi", "0002-TA1-000000304.edi", "0003-837-000000102-0001.edi"]);
    }

    #[test]
    fn each_claim_gets_the_loops_above_it_and_no_other_claim() {
        let second = "HL*4*1*22*0~SBR*P*18*******MC~NM1*IL*1*OKAFOR*ADA****MI*512345678~NM1*PR*2*SAMPLE STATE MEDICAID*****PI*SKTX0~\
            CLM*C7*5***11:B:1*Y*A*Y*Y~LX*1~SV1*HC:99213*5*UN*1***1~DTP*472*D8*20261116~\
            CLM*C8*6***11:B:1*Y*A*Y*Y~LX*1~SV1*HC:99213*6*UN*1***1~DTP*472*D8*20261116~";
        let text = samples::DEPENDENT.replace('\n', "").replace("SE*52*", &format!("{second}SE*64*"));
        let sets: Vec<TransactionSet> = pieces(text.as_bytes(), By::Claim).iter().map(only_set).collect();
        let claims: Vec<_> = sets.iter().map(|set| read_837p(set).0).collect();
        let told = claims.iter().map(|set| {
            let subscriber = &set.billing_providers[0].subscribers[0];
            let all = subscriber.claims.iter().chain(subscriber.patients.iter().flat_map(|patient| &patient.claims));
            (subscriber.person.id.as_ref().unwrap().id.reveal().clone(), all.map(|claim| claim.id.clone()).collect::<Vec<_>>())
        });
        let expected = [("XYZ123456789", "C26000123"), ("512345678", "C7"), ("512345678", "C8")];
        assert_eq!(told.collect::<Vec<_>>(), expected.map(|(member, claim)| (member.to_owned(), vec![claim.to_owned()])));
        for set in &sets {
            assert!(read_837p(set).1.iter().all(|finding| finding.severity < Severity::Error && finding.code != "837-HL"));
        }
    }

    #[test]
    fn a_claim_of_a_remittance_has_the_heading_and_no_provider_adjustment() {
        let file = include_bytes!("../../edi-samples/described/remittance-reversal.edi");
        let sets: Vec<TransactionSet> = pieces(file, By::Claim).iter().map(only_set).collect();
        let read: Vec<_> = sets.iter().map(|set| crate::edi::remittance_835::read_835(set).0).collect();
        let told: Vec<_> =
            read.iter().map(|r| (r.trace.as_str(), r.claims.len(), r.claims[0].icn.as_str(), r.provider_adjustments.len())).collect();
        assert_eq!(told, [("EFT202", 1, "ICN2026A1", 0), ("EFT202", 1, "ICN2026A2", 0)]);
    }

    #[test]
    fn a_file_that_is_cut_off_gives_its_whole_sets_and_then_the_error() {
        let file = [samples::DEPENDENT, &samples::MEDICAID[..900]].concat();
        let all: Vec<_> = split(file.as_bytes(), By::Set).collect();
        assert!(matches!(&all[..], [Ok(_), Err(_)]), "{all:?}");
    }
}
