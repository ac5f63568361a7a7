//! One transaction set against its guide.

use super::CheckedSet;
use super::catalog::*;
use super::claims::Claims;
use super::elements;
use super::fault::Fault;
use super::frames::check_trailer;
use super::remittance;
use super::walk::{Here, Walk};
use crate::edi::guide::{TransactionGuide, guide_of, of_version};
use crate::edi::{Position, Segment, Severity, TransactionSet};
use crate::platform::phi::Phi;

/// Faults listed for one transaction set. Nobody reads more, and a file of nothing but faults must not fill the memory; one more tells
/// how many are not listed.
const FAULTS_MAX: usize = 1000;

/// Loops of an 837P that stand before the claims of a person: a fault there is the claim's when the person has one only.
const PERSON: [&str; 5] = ["2000B", "2010BA", "2010BB", "2000C", "2010CA"];

/// The faults of one set.
#[derive(Default)]
struct Faults {
    list: Vec<(Fault, Option<u32>)>,
    unlisted: usize,
}

impl Faults {
    /// Takes a fault, found within a level (HL).
    fn push(&mut self, fault: Fault, level: Option<u32>) {
        if self.list.len() < FAULTS_MAX {
            self.list.push((fault, level));
        } else {
            self.unlisted += 1;
        }
    }
}

/// Checks a set; `is_duplicate` says that its group had one of the same number before.
pub(super) fn check(set: &TransactionSet, has_end: bool, is_duplicate: bool) -> CheckedSet {
    let mut faults = Faults::default();
    let header = set.segments().next();
    let st = header.map_or(Position::of_segment(set.first_byte(), set.first_segment(), crate::edi::SegmentId::UNKNOWN), |st| st.position());
    let of_set = |rule, element, message: &str| Fault { at: 1, ..Fault::new(rule, st.element(element), message) };
    let named = header.map(|st| st.text(3).into_owned()).unwrap_or_default();
    let group_version = &set.group().version;
    if is_duplicate {
        faults.push(of_set(ST_NUMBER_TWICE, 2, "the number was used in this group before"), None);
    }
    let known = guide_of(&named, set.kind()).or_else(|| guide_of(group_version, set.kind()));
    match known {
        Some(known) => {
            let covers = |version: &str| known.version == version || known.also.contains(&version);
            let is_other = of_version(group_version).next().is_some() && !covers(group_version);
            if !named.is_empty() && (!covers(&named) || is_other) {
                faults.push(of_set(ST_GUIDE, 3, "the guide is not the one that the group names"), None);
            }
            walk(set, known, has_end, &mut faults);
        }
        None if of_version(&named).chain(of_version(group_version)).next().is_some() => {
            faults.push(of_set(ST_KIND, 1, "the kind is not the one that the guide describes"), None);
        }
        None => {
            let message = "the guide of the transaction set is not supported";
            faults.push(of_set(GUIDE_UNKNOWN, if named.is_empty() { 1 } else { 3 }, message), None);
        }
    }
    let count = set.segments().count();
    let last = set.segments().last();
    match last.filter(|_| has_end) {
        Some(se) => {
            let at = u32::try_from(count).unwrap_or(u32::MAX);
            let report = &mut |fault| faults.push(Fault { at, ..fault }, None);
            check_trailer(&se, [SE_COUNT, SE_NUMBER], count as u64, set.control_number(), report);
        }
        None => {
            let at = last.map_or(st, |last| last.position());
            faults.push(Fault { segment: "SE".to_owned(), ..Fault::new(SE_MISSING, at, "the transaction set has no end") }, None);
        }
    }
    if faults.unlisted > 0 {
        let message = format!("{} more faults are not listed", faults.unlisted);
        faults.list.push((of_set(MORE, 1, &message), None));
    }
    let mut list: Vec<Fault> = faults.list.into_iter().map(|(fault, _)| fault).collect();
    list.sort_by_key(|fault| (fault.position.segment, fault.position.element, fault.position.component));
    CheckedSet {
        kind: set.kind().to_owned(),
        control_number: set.control_number().to_owned(),
        version: Some(named).filter(|named| !named.is_empty()),
        first_segment: set.first_segment(),
        segments: count,
        is_checked: known.is_some(),
        faults: list,
    }
}

fn walk(set: &TransactionSet, guide: &'static TransactionGuide, has_end: bool, faults: &mut Faults) {
    let mut walk = Walk::new(guide);
    let mut claims = (guide.kind == "837").then(Claims::default);
    let mut persons = Persons::default();
    let mut here = Here { position: Position::of_segment(set.first_byte(), set.first_segment(), crate::edi::SegmentId::UNKNOWN), at: 0 };
    for segment in set.segments() {
        here = Here { position: segment.position(), at: here.at + 1 };
        let level = walk.levels().last();
        let placed = walk.step(&segment, here, &mut |fault| faults.push(fault, level));
        let level = walk.levels().last();
        for ended in walk.closed.drain(..) {
            if let Some(claims) = &mut claims {
                claims.close(ended.id, &mut |fault| faults.push(persons.with_claim(fault), level));
            }
        }
        let Some(placed) = placed else { continue };
        if let Some(claim) = claim_of(placed.loop_id, &segment) {
            persons.enter(walk.levels(), &claim);
            walk.name_claim(claim);
        }
        let mut told = |fault: Fault| faults.push(walk.told(Fault { loop_id: fault.loop_id.or(placed.loop_id), ..fault }, here), level);
        if segment.id() != "SE" {
            elements::check(&segment, placed.place, &mut told);
        }
        if let Some(claims) = &mut claims {
            claims.step(&segment, placed, here, &mut told);
        }
    }
    let level = walk.levels().last();
    // What is missing in a set that was cut off is part of its missing end.
    walk.finish(here, &mut |fault| {
        if has_end {
            faults.push(fault, level)
        }
    });
    for ended in walk.closed.drain(..) {
        if let Some(claims) = &mut claims {
            claims.close(ended.id, &mut |fault| {
                if has_end {
                    faults.push(persons.with_claim(fault), level)
                }
            });
        }
    }
    if guide.kind == "835" && has_end {
        remittance::check(set, &mut |fault| faults.push(fault, None));
    }
    persons.attribute(&mut faults.list);
}

/// The claim that a segment begins.
fn claim_of(loop_id: Option<&str>, segment: &Segment<'_>) -> Option<Phi<String>> {
    let begins = matches!((loop_id, segment.id()), (Some("2300"), "CLM") | (Some("2100"), "CLP"));
    segment.opt(1).filter(|_| begins).map(Phi::new)
}

/// Whose claims the levels of a set hold.
#[derive(Default)]
struct Persons {
    /// (level, claim), in the order of the set.
    claims: Vec<(u32, Phi<String>)>,
}

impl Persons {
    fn enter(&mut self, levels: impl Iterator<Item = u32>, claim: &Phi<String>) {
        self.claims.extend(levels.map(|level| (level, claim.clone())));
    }

    /// A fault of a claim that just ended.
    fn with_claim(&self, fault: Fault) -> Fault {
        let claim = fault.claim.clone().or_else(|| self.claims.last().map(|(_, claim)| claim.clone()));
        Fault { claim, ..fault }
    }

    /// A fault in a person's loops is the fault of the one claim that the person has; with more, it is nobody's alone.
    fn attribute(&self, faults: &mut [(Fault, Option<u32>)]) {
        for (fault, level) in
            faults.iter_mut().filter(|(fault, _)| fault.claim.is_none() && fault.loop_id.is_some_and(|id| PERSON.contains(&id)))
        {
            let mut claims = self.claims.iter().filter(|(of, _)| Some(*of) == *level).map(|(_, claim)| claim);
            if let (Some(one), None) = (claims.next(), claims.next()) {
                fault.claim = Some(one.clone());
            }
        }
    }
}

impl CheckedSet {
    /// Whether a 999 takes the set: nothing worse than a warning, and its guide is supported.
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        self.is_checked && self.faults.iter().all(|fault| fault.rule.severity < Severity::Error || fault.rule.ack == Ack::None)
    }
}
