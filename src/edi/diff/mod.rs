//! What differs between two files in what they say: claims, remittances and acknowledgments are matched by what identifies them, wherever
//! they stand, and compared segment by segment, element by element.
//!
//! Line ends, delimiters, trailing zeros of numbers and the packing of adjustments into CAS segments are never differences; control numbers,
//! timestamps of the files and numbers that only count are none unless asked for ([`Strictness::Strict`]).

mod record;

use std::collections::{HashMap, VecDeque};
use std::io::Read;

use serde::Serialize;

use self::record::{Cell, Item, Record, records};
use super::mask::class::Class;
use super::roundtrip::{Piece, Pieces};
use super::segment::parse_date8;
use super::{EdiError, Event};
use crate::platform::money::Money;
use crate::platform::phi::MASK;

/// How much counts as a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strictness {
    /// What the files say.
    Meaning,
    /// Also control numbers, timestamps and counts.
    Strict,
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Where: `claim C1, line 2`.
    pub path: String,
    /// What: an element's name, a segment's, or none for all of the path.
    pub what: String,
    /// The element or segment: `SV102`.
    pub place: String,
    /// What the first file says; none when it says nothing of it.
    pub a: Option<String>,
    /// What the second file says.
    pub b: Option<String>,
    /// The segment in the first file.
    pub a_segment: Option<u32>,
    /// The segment in the second file.
    pub b_segment: Option<u32>,
}

/// A file held in memory as a whole: what one says at its begin, the other may say at its end.
pub struct Side(Vec<Piece>);

impl Side {
    /// Reads a file.
    pub fn read<R: Read>(source: R) -> Result<Side, EdiError> {
        let pieces = Pieces::unwrapped(source).map(|mut piece| match piece.error.take() {
            Some(error) => Err(error),
            None => {
                if piece.events.iter().any(|event| matches!(event, Event::Transaction(_))) {
                    // The set has them too.
                    piece.bytes = Vec::new();
                }
                Ok(piece)
            }
        });
        Ok(Side(pieces.collect::<Result<_, _>>()?))
    }
}

/// All differences, in the order of the first file. What tells who somebody is stands masked unless `show_phi`.
#[must_use]
pub fn diff(a: &Side, b: &Side, strictness: Strictness, show_phi: bool) -> Vec<Difference> {
    let mut comparison = Comparison { strictness, show_phi, found: Vec::new() };
    comparison.records(&records(&a.0, strictness), &records(&b.0, strictness), "");
    comparison.found
}

/// What stands for the whole of a record.
const ALL: &str = "all of it";

struct Comparison {
    strictness: Strictness,
    show_phi: bool,
    found: Vec<Difference>,
}

/// Pairs what has the same key, the first with the first, the second with the second; what is left has no partner.
fn pairs<'r, T>(a: &'r [T], b: &'r [T], key: impl Fn(&T) -> &str) -> Vec<(Option<&'r T>, Option<&'r T>)> {
    let mut waiting: HashMap<&str, VecDeque<usize>> = HashMap::new();
    for (at, one) in b.iter().enumerate() {
        waiting.entry(key(one)).or_default().push_back(at);
    }
    let mut matched = vec![false; b.len()];
    let mut pairs = Vec::with_capacity(a.len());
    for one in a {
        let partner = waiting.get_mut(key(one)).and_then(VecDeque::pop_front);
        if let Some(at) = partner {
            matched[at] = true;
        }
        pairs.push((Some(one), partner.map(|at| &b[at])));
    }
    pairs.extend(b.iter().zip(matched).filter(|(_, matched)| !matched).map(|(one, _)| (None, Some(one))));
    pairs
}

impl Comparison {
    fn records(&mut self, a: &[Record<'_>], b: &[Record<'_>], path: &str) {
        for pair in pairs(a, b, |record| &record.key) {
            let label = pair.0.or(pair.1).map_or("", |record| &record.label);
            let path = if path.is_empty() { label.to_owned() } else { format!("{path}, {label}") };
            match pair {
                (Some(a), Some(b)) => {
                    self.items(&a.items, &b.items, &path);
                    self.records(&a.parts, &b.parts, &path);
                }
                // How many envelopes there are around the same claims says nothing.
                (Some(Record { wraps: true, .. }), None) | (None, Some(Record { wraps: true, .. }))
                    if self.strictness == Strictness::Meaning => {}
                (a, b) => self.found.push(Difference {
                    path,
                    what: String::new(),
                    place: String::new(),
                    a: a.map(|_| ALL.to_owned()),
                    b: b.map(|_| ALL.to_owned()),
                    a_segment: a.and_then(Record::segment),
                    b_segment: b.and_then(Record::segment),
                }),
            }
        }
    }

    fn items(&mut self, a: &[Item<'_>], b: &[Item<'_>], path: &str) {
        for pair in pairs(a, b, |item| &item.key) {
            match pair {
                (Some(a), Some(b)) => self.cells(a, b, path),
                (a, b) => self.found.push(Difference {
                    path: path.to_owned(),
                    what: a.or(b).map_or_else(String::new, |item| item.label.clone()),
                    place: a.or(b).map_or_else(String::new, |item| item.id.to_owned()),
                    a: a.map(|item| self.all(item)),
                    b: b.map(|item| self.all(item)),
                    a_segment: a.map(|item| item.number),
                    b_segment: b.map(|item| item.number),
                }),
            }
        }
    }

    fn cells(&mut self, a: &Item<'_>, b: &Item<'_>, path: &str) {
        let mut keys: Vec<(usize, usize)> = a.cells.iter().chain(&b.cells).map(|cell| cell.key).collect();
        keys.sort_unstable();
        keys.dedup();
        for key in keys {
            let (in_a, in_b) = (a.cell(key), b.cell(key));
            let value = |cell: Option<Cell<'_>>| cell.map_or_else(Vec::new, |cell| cell.normal());
            if value(in_a) == value(in_b) {
                continue;
            }
            let any = in_a.or(in_b);
            let name = any.map_or("", |cell| cell.name);
            self.found.push(Difference {
                path: path.to_owned(),
                what: if a.label.is_empty() { name.to_owned() } else { format!("{} {name}", a.label) },
                place: any.map_or_else(String::new, |cell| cell.place(a.id)),
                a: in_a.map(|cell| self.shown(&cell)),
                b: in_b.map(|cell| self.shown(&cell)),
                a_segment: Some(a.number),
                b_segment: Some(b.number),
            });
        }
    }

    /// The values of a whole segment.
    fn all(&self, item: &Item<'_>) -> String {
        item.cells.iter().map(|cell| self.shown(cell)).collect::<Vec<_>>().join(" ")
    }

    fn shown(&self, cell: &Cell<'_>) -> String {
        let text = || String::from_utf8_lossy(cell.value).trim_end().to_owned();
        match cell.class {
            _ if cell.value.is_empty() => String::new(),
            class if !self.show_phi && !class.is_shown() => MASK.to_owned(),
            Class::Amount if cell.is_money => Money::parse_bytes(cell.value).map_or_else(|_| text(), |amount| amount.to_string()),
            Class::Date | Class::LifeDate => parse_date8(cell.value).map_or_else(text, |date| date.to_string()),
            _ => text(),
        }
    }
}

#[cfg(test)]
mod tests;
