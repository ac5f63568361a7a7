//! Reads the parts of [`super::model`].

use super::cursor::{Cursor, code, opt_code, opt_masked};
use super::model::{Dated, Family, Heading, Inquiry, Party, Reference, Source, Specialty, Trace};
use super::{Role, TraceKind};
use crate::edi::claim_837p::{Contact, EntityName, Identifier, PersonName};
use crate::edi::envelope::date_time;
use crate::edi::{Finding, Segment, TransactionSet};
use crate::platform::phi::Phi;

/// Reads a transaction set: ST, BHT and SE here, each HL by `source`, which must take it. `version` is the guide that it should follow;
/// a correction of the guide (`A1`) may be missing or follow. `kinds` are the levels of the guide (HL03), from the payer to the dependent.
pub(in crate::edi) fn transaction<'a, S>(
    set: &'a TransactionSet,
    version: &str,
    kinds: &'static [&'static [u8]],
    mut source: impl FnMut(&mut Cursor<'a>) -> S,
) -> (Inquiry<S>, Vec<Finding>) {
    let mut c = Cursor::new(set, kinds);
    let (mut bht, mut sources) = (None, Vec::new());
    while let Some((id, level)) = c.peek() {
        match id {
            "ST" => {
                c.take(&[1, 2, 3]);
                if !set.version().starts_with(version) {
                    c.refuse("INQ-VERSION", 3, "this follows another guide; nothing of it may be used");
                }
            }
            "SE" => drop(c.take(&[1, 2])),
            "BHT" => {
                let segment = c.take(&[1, 2, 3, 4, 5, 6]);
                if c.first(bht.is_none()) {
                    bht = Some(segment);
                }
            }
            "HL" if c.depth(level).is_some() => sources.push(source(&mut c)),
            _ => c.leave_out(),
        }
    }
    c.require(bht.is_some(), "BHT");
    let bht = |read: fn(&Segment<'_>) -> Option<String>| bht.as_ref().and_then(read).unwrap_or_default();
    let heading = Heading {
        control_number: set.control_number().to_owned(),
        segment: set.first_segment(),
        purpose: bht(|s| s.opt(2)).into(),
        reference: bht(|s| s.opt(3)),
        created: date_time(bht(|s| s.opt(4)).as_bytes(), bht(|s| s.opt(5)).as_bytes()),
        kind: bht(|s| s.opt(6)).into(),
    };
    let (findings, unread) = c.finish();
    (Inquiry { heading, sources, unread }, findings)
}

/// A level above the families, as it was read.
pub(in crate::edi) struct Level<T> {
    /// The number of the HL segment in the file; 0 when it was missing.
    pub(in crate::edi) segment: u32,
    /// Whom it is about.
    pub(in crate::edi) party: Party<Phi<String>>,
    /// The levels below.
    pub(in crate::edi) below: Vec<T>,
}

/// Reads a level of `kind` below the one of number `parent`: its NM1 here, its other segments by `part`, each HL of a level below by `below`;
/// both must take what comes. It ends where a level of its kind or one above it begins. `who` says whose name must stand here.
pub(in crate::edi) fn level<'a, T>(
    c: &mut Cursor<'a>,
    kind: &[u8],
    parent: &[u8],
    who: &'static str,
    mut part: impl FnMut(&mut Cursor<'a>, &str, &mut Party<Phi<String>>),
    mut below: impl FnMut(&mut Cursor<'a>, &[u8]) -> T,
) -> Level<T> {
    let (own, depth) = (c.level(kind, parent), c.depth(kind));
    let mut level = Level { segment: own.segment, party: nobody(), below: Vec::new() };
    while let Some((id, next)) = c.peek() {
        match id {
            "SE" => break,
            "HL" => match c.depth(next) {
                Some(next) if Some(next) <= depth => break,
                Some(_) => level.below.push(below(c, own.number)),
                None => c.leave_out(),
            },
            "NM1" => name(c, &mut level.party),
            _ => part(c, id, &mut level.party),
        }
    }
    c.require(level.party.segment != 0, who);
    level
}

/// The part of a level that has none beside its name.
pub(in crate::edi) fn nothing_else(c: &mut Cursor<'_>, _: &str, _: &mut Party<Phi<String>>) {
    c.leave_out();
}

/// Whose name a payer's level must have.
pub(in crate::edi) const PAYER: &str = "the payer (NM1*PR)";

/// Reads the level of a payer of whom `part` takes more than the name.
pub(in crate::edi) fn source<'a, R>(
    c: &mut Cursor<'a>,
    part: impl FnMut(&mut Cursor<'a>, &str, &mut Party<Phi<String>>),
    receiver: impl FnMut(&mut Cursor<'a>, &[u8]) -> R,
) -> Source<R> {
    let Level { segment, party, below } = level(c, b"20", b"", PAYER, part, receiver);
    Source { segment, payer: party.open(), receivers: below }
}

/// PER, which is all that a payer's level has beside the name; anything else is left out.
pub(in crate::edi) fn contacts_only(c: &mut Cursor<'_>, id: &str, party: &mut Party<Phi<String>>) {
    match id {
        "PER" => detail(c, id, party),
        _ => c.leave_out(),
    }
}

/// Reads a subscriber and the dependents below; `member` reads what stands below the HL of the number that it is given.
pub(in crate::edi) fn family<'a, M>(c: &mut Cursor<'a>, parent: &[u8], mut member: impl FnMut(&mut Cursor<'a>, u32) -> M) -> Family<M> {
    let own = c.level(b"22", parent);
    let (subscriber, mut dependents) = (member(c, own.segment), Vec::new());
    while let Some(("HL", b"23")) = c.peek() {
        let own = c.level(b"23", own.number);
        dependents.push(member(c, own.segment));
    }
    Family { subscriber, dependents }
}

/// Whose name the level of a subscriber or dependent must have.
pub(in crate::edi) const MEMBER: &str = "subscriber or dependent (NM1)";

/// Someone of whom nothing was read yet.
pub(in crate::edi) fn nobody() -> Party<Phi<String>> {
    Party::new(Role::Other(String::new()), EntityName::Organization(String::new()), None)
}

/// NM1 into a party that has none yet.
pub(in crate::edi) fn name(c: &mut Cursor<'_>, party: &mut Party<Phi<String>>) {
    let segment = c.take(&[1, 2, 3, 4, 5, 7, 8, 9]);
    if !c.first(party.segment == 0) {
        return;
    }
    party.segment = segment.number();
    party.role = Role::from(&*segment.text(1));
    party.id = identifier(&segment, 8, 9).map(|id| Identifier { qualifier: id.qualifier, id: Phi::new(id.id) });
    let [first, middle, suffix] = [4, 5, 7].map(|n| opt_masked(&segment, n));
    // Who has a first name is a person, whatever the code says; so is a patient of whom it says nothing. Their names are masked.
    let is_patient = matches!(party.role, Role::Insured | Role::Dependent | Role::Patient);
    let has_given_name = first.is_some() || middle.is_some() || suffix.is_some();
    let is_person = segment.bytes(2) == b"1" || has_given_name || (is_patient && segment.bytes(2) != b"2");
    if !matches!(segment.bytes(2), b"1" | b"2") {
        c.warn("INQ-CODE", 2, "neither person nor organization; what it is was seen from its name");
    }
    party.name = if is_person {
        EntityName::Person(PersonName { last: opt_masked(&segment, 3).unwrap_or_default(), first, middle, suffix })
    } else {
        EntityName::Organization(segment.text(3).into_owned())
    };
}

/// Reads REF, N3, N4, PER or PRV into a party, whichever comes next.
pub(in crate::edi) fn detail(c: &mut Cursor<'_>, id: &str, party: &mut Party<Phi<String>>) {
    match id {
        "REF" => party.references.push(reference(c)),
        "PER" => {
            let segment = c.take(&[1, 2, 3, 4, 5, 6, 7, 8]);
            let numbers = [3, 5, 7].into_iter().filter_map(|n| identifier(&segment, n, n + 1));
            let numbers = numbers.map(|number| Identifier { qualifier: number.qualifier, id: Phi::new(number.id) }).collect();
            party.contacts.push(Contact { name: opt_masked(&segment, 2), numbers });
        }
        "PRV" => {
            let segment = c.take(&[1, 2, 3]);
            if c.first(party.specialty.is_none()) {
                party.specialty = Some(Specialty { role: code(&segment, 1), id: identifier(&segment, 2, 3) });
            }
        }
        "N3" => {
            let segment = c.take(&[1, 2]);
            let address = party.address.get_or_insert_default();
            if c.first(address.line1.as_str().is_empty()) {
                (address.line1, address.line2) = (opt_masked(&segment, 1).unwrap_or_default(), opt_masked(&segment, 2));
            }
        }
        "N4" => {
            let segment = c.take(&[1, 2, 3, 4, 7]);
            let address = party.address.get_or_insert_default();
            if c.first(address.city.as_str().is_empty() && address.state.is_none() && address.postal_code.is_none()) {
                address.city = opt_masked(&segment, 1).unwrap_or_default();
                (address.state, address.postal_code) = (segment.opt(2), opt_masked(&segment, 3));
                (address.country, address.subdivision) = (segment.opt(4), segment.opt(7));
            }
        }
        _ => c.leave_out(),
    }
}

/// REF.
pub(in crate::edi) fn reference(c: &mut Cursor<'_>) -> Reference {
    let segment = c.take(&[1, 2, 3]);
    Reference { qualifier: code(&segment, 1), id: opt_masked(&segment, 2).unwrap_or_default(), description: opt_masked(&segment, 3) }
}

/// TRN.
pub(in crate::edi) fn trace(c: &mut Cursor<'_>) -> Trace {
    let segment = c.take(&[1, 2, 3, 4]);
    Trace {
        kind: TraceKind::from(&*segment.text(1)),
        number: segment.text(2).into_owned(),
        originator: segment.opt(3),
        division: segment.opt(4),
    }
}

/// DTP.
pub(in crate::edi) fn dated(c: &mut Cursor<'_>) -> Dated {
    let segment = c.take(&[1, 2, 3]);
    Dated { kind: code(&segment, 1).as_str().into(), value: c.date_value(&segment) }
}

/// DMG: birth date and sex.
pub(in crate::edi) fn demographics<T: From<String>>(
    c: &mut Cursor<'_>,
    birth_date: &mut Option<Phi<jiff::civil::Date>>,
    sex: &mut Option<T>,
) {
    let segment = c.take(&[1, 2, 3]);
    if c.first(birth_date.is_none() && sex.is_none()) {
        *birth_date = c.date(&segment, 2).map(Phi::new);
        *sex = opt_code(&segment, 3);
    }
}

/// Two elements as kind and identifier; none when both are empty.
fn identifier(segment: &Segment<'_>, qualifier: usize, id: usize) -> Option<Identifier> {
    let (qualifier, id) = (segment.text(qualifier), segment.text(id));
    (!qualifier.is_empty() || !id.is_empty()).then(|| Identifier::new(&qualifier, id.into_owned()))
}
