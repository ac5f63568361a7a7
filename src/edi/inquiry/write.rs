//! Writes the parts of [`super::model`]. Lengths are those of the standard's data elements; what is longer is refused.

use jiff::civil::Date;

use super::model::{Dated, Family, Heading, Inquiry, Party, Reference, Trace};
use crate::edi::SegmentWriter;
pub(in crate::edi) use crate::edi::claim_837p::write::contacts;
use crate::edi::claim_837p::write::{AsText, nm1};
use crate::edi::claim_837p::{Address, DateValue};
use crate::edi::writer::Date8;
use crate::platform::phi::Phi;

/// Longest reference number: BHT03, TRN02, REF02.
const NUMBER_MAX: usize = 50;

/// Longest description of a reference, REF03.
const DESCRIPTION_MAX: usize = 80;

/// Longest line of an address, N301 and N302.
const ADDRESS_MAX: usize = 55;

/// Longest city, N401.
const CITY_MAX: usize = 30;

/// What tells one transaction from another in its heading.
pub(in crate::edi) struct Kind {
    /// ST01.
    pub(in crate::edi) set: &'static str,
    /// ST03.
    pub(in crate::edi) version: &'static str,
    /// BHT01.
    pub(in crate::edi) structure: &'static str,
}

/// Writes ST to SE; each payer's level by `source`.
pub(in crate::edi) fn transaction<S>(
    inquiry: &Inquiry<S>,
    kind: &Kind,
    w: &mut SegmentWriter,
    source: impl Fn(&S, &mut Levels, &mut SegmentWriter),
) {
    begin(&inquiry.heading, kind.set, kind.version, kind.structure, w);
    let mut levels = Levels::default();
    inquiry.sources.iter().for_each(|each| source(each, &mut levels, w));
    w.end_transaction();
}

/// Writes families below the level of number `parent`. `leaf` is HL04 of a dependent, which some guides leave out.
pub(in crate::edi) fn families<M>(
    families: &[Family<M>],
    parent: u64,
    leaf: Option<bool>,
    levels: &mut Levels,
    w: &mut SegmentWriter,
    member: impl Fn(&M, &mut SegmentWriter),
) {
    for family in families {
        let own = levels.next(Some(parent), "22", Some(!family.dependents.is_empty()), w);
        member(&family.subscriber, w);
        for dependent in &family.dependents {
            levels.next(Some(own), "23", leaf, w);
            member(dependent, w);
        }
    }
}

/// Writes ST and BHT; `structure` is BHT01.
fn begin(heading: &Heading, kind: &str, version: &str, structure: &str, w: &mut SegmentWriter) {
    w.begin_transaction(kind, &heading.control_number, Some(version));
    let bht = w.segment("BHT").el(structure).el(&heading.purpose).el_max(&heading.reference, NUMBER_MAX);
    match heading.created {
        Some(at) => bht.date8(at.date()).time4(at),
        None => bht.skip(2),
    }
    .el(&heading.kind)
    .end();
}

/// The numbers of the HL segments.
#[derive(Default)]
pub(in crate::edi) struct Levels(u64);

impl Levels {
    /// Writes HL and gives its number. `children` is HL04, which a level that can't have any leaves out.
    pub(in crate::edi) fn next(&mut self, parent: Option<u64>, kind: &str, children: Option<bool>, w: &mut SegmentWriter) -> u64 {
        self.0 += 1;
        let hl = w.segment("HL").int(self.0);
        match parent {
            Some(parent) => hl.int(parent),
            None => hl.skip(1),
        }
        .el(kind)
        .opt(children.map(|has| if has { "1" } else { "0" }))
        .end();
        self.0
    }
}

/// NM1 of a party whose further segments the caller writes, in the order of its loop.
pub(in crate::edi) fn party_name<T: AsText>(party: &Party<T>, w: &mut SegmentWriter) {
    nm1(w, party.role.as_str(), &party.name, party.id.as_ref());
}

/// REF.
pub(in crate::edi) fn references(references: &[Reference], w: &mut SegmentWriter) {
    for reference in references {
        w.segment("REF")
            .el(&reference.qualifier)
            .el_max(reference.id.as_str(), NUMBER_MAX)
            .text(shown(&reference.description), DESCRIPTION_MAX)
            .end();
    }
}

/// N3 and N4; either is left out when it would be empty.
pub(in crate::edi) fn address(address: Option<&Address>, w: &mut SegmentWriter) {
    let Some(address) = address else { return };
    if !address.line1.as_str().is_empty() {
        w.segment("N3").text(address.line1.as_str(), ADDRESS_MAX).text(shown(&address.line2), ADDRESS_MAX).end();
    }
    let town = Address { line1: Phi::default(), line2: None, ..address.clone() };
    if town != Address::default() {
        w.segment("N4")
            .text(address.city.as_str(), CITY_MAX)
            .opt_max(address.state.as_deref(), 2)
            .el_max(shown(&address.postal_code), 15)
            .opt_max(address.country.as_deref(), 3)
            .skip(2)
            .opt_max(address.subdivision.as_deref(), 3)
            .end();
    }
}

/// PRV.
pub(in crate::edi) fn specialty<T>(party: &Party<T>, w: &mut SegmentWriter) {
    if let Some(specialty) = &party.specialty {
        let prv = w.segment("PRV").el(&specialty.role);
        match &specialty.id {
            Some(id) => prv.el(&id.qualifier).el_max(&id.id, NUMBER_MAX),
            None => prv,
        }
        .end();
    }
}

/// TRN.
pub(in crate::edi) fn traces<'a>(traces: impl IntoIterator<Item = &'a Trace>, w: &mut SegmentWriter) {
    for trace in traces {
        w.segment("TRN")
            .el(trace.kind.as_str())
            .el_max(&trace.number, NUMBER_MAX)
            .opt_max(trace.originator.as_deref(), 10)
            .opt_max(trace.division.as_deref(), NUMBER_MAX)
            .end();
    }
}

/// DTP.
pub(in crate::edi) fn dates(dates: &[Dated], w: &mut SegmentWriter) {
    for date in dates {
        dtp(date.kind.as_str(), &date.value, w);
    }
}

/// DTP of a kind that the caller's loop knows.
pub(in crate::edi) fn dtp(kind: &str, value: &DateValue, w: &mut SegmentWriter) {
    let dtp = w.segment("DTP").el(kind);
    match value {
        DateValue::Day(day) => dtp.el("D8").date8(*day),
        DateValue::Span(from, to) => dtp.el("RD8").el(&format!("{}-{}", Date8(*from), Date8(*to))),
        DateValue::Other { format, text } => dtp.el(format).el_max(text, 35),
    }
    .end();
}

/// DMG; nothing when neither is known.
pub(in crate::edi) fn demographics(birth_date: Option<&Phi<Date>>, sex: Option<&str>, w: &mut SegmentWriter) {
    if birth_date.is_some() || sex.is_some() {
        w.segment("DMG").opt(birth_date.map(|_| "D8")).opt_date8(birth_date.map(|date| *date.reveal())).opt(sex).end();
    }
}

/// Masked text as it is written; empty when absent.
pub(in crate::edi) fn shown(text: &Option<Phi<String>>) -> &str {
    text.as_ref().map_or("", |text| text.as_str())
}
