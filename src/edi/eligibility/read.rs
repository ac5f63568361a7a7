//! Reads 270 and 271. Each level takes the segments that belong to it, in any order, and ends where a level above it begins. What
//! belongs nowhere is kept as unread with a finding.

use super::codes::{Relation, ServiceType};
use super::member::{Insured, Member, ProcedureRange};
use super::percent::Percent;
use super::rejection::{FollowUp, Rejection};
use super::request::{BenefitInquiry, EligibilityRequest, RequestMember, RequestReceiver};
use super::response::{Benefit, Circumstance, Delivery, EligibilityResponse, ResponseMember, ResponseReceiver, ResponseSource};
use crate::edi::claim_837p::HealthCareCode;
use crate::edi::inquiry::Party;
use crate::edi::inquiry::cursor::{Cursor, code, opt_code, opt_masked, repetitions};
use crate::edi::inquiry::read::{
    Level, MEMBER, PAYER, contacts_only, dated, demographics, detail, family, level, name, nobody, nothing_else, reference, source, trace,
    transaction,
};
use crate::edi::{Finding, Segment, TransactionSet};
use crate::platform::phi::Phi;

/// The guide without its corrections.
const GUIDE: &str = "005010X279";

/// The levels of HL03, from the payer to the dependent.
const LEVELS: &[&[u8]] = &[b"20", b"21", b"22", b"23"];

/// Components of EQ02 and EB13.
const RANGE_COMPONENTS: usize = 8;

/// Reads one 270, as a payer would. What is unexpected, unknown or unreadable is a finding and stays reachable; nothing panics.
#[must_use]
pub fn read_270(set: &TransactionSet) -> (EligibilityRequest, Vec<Finding>) {
    transaction(set, GUIDE, LEVELS, |c| source(c, nothing_else, request_receiver))
}

/// Reads one 271. Findings of severity Error say that an answer may be misread.
#[must_use]
pub fn read_271(set: &TransactionSet) -> (EligibilityResponse, Vec<Finding>) {
    transaction(set, GUIDE, LEVELS, response_source)
}

fn request_receiver(c: &mut Cursor<'_>, parent: &[u8]) -> RequestReceiver {
    let families = |c: &mut Cursor<'_>, parent: &[u8]| family(c, parent, request_member);
    let Level { segment, party, below } = level(c, b"21", parent, "who asks (NM1*1P)", provider_part, families);
    RequestReceiver { segment, provider: party.open(), families: below }
}

/// What the level of a provider has beside the name.
fn provider_part(c: &mut Cursor<'_>, id: &str, provider: &mut Party<Phi<String>>) {
    match id {
        "REF" | "N3" | "N4" | "PRV" => detail(c, id, provider),
        _ => c.leave_out(),
    }
}

fn request_member(c: &mut Cursor<'_>, segment: u32) -> RequestMember {
    let (mut member, mut inquiries) = (nameless(segment), Vec::new());
    while let Some((id, _)) = c.peek() {
        match id {
            "SE" | "HL" => break,
            "EQ" => inquiries.push(inquiry(c)),
            _ => member_part(c, id, &mut member),
        }
    }
    c.require(member.person.segment != 0, MEMBER);
    RequestMember { member, inquiries }
}

fn inquiry(c: &mut Cursor<'_>) -> BenefitInquiry {
    let segment = c.take(&[1, 2, 3, 5]);
    let mut inquiry = BenefitInquiry {
        segment: segment.number(),
        service_types: repetitions(&segment, 1).map(|code| ServiceType::from(&*code)).collect(),
        procedure: procedure_range(c, &segment, 2),
        coverage_level: opt_code(&segment, 3),
        diagnosis_pointers: pointers(c, &segment, 5),
        ..BenefitInquiry::default()
    };
    while let Some((id, _)) = c.peek() {
        match id {
            "AMT" => {
                let segment = c.take(&[1, 2]);
                inquiry.amounts.extend(c.money(&segment, 2).map(|amount| (segment.text(1).into_owned(), amount)));
            }
            "III" => inquiry.circumstances.push(circumstance(c)),
            "REF" => inquiry.references.push(reference(c)),
            "DTP" => inquiry.dates.push(dated(c)),
            _ => break,
        }
    }
    inquiry
}

fn response_source(c: &mut Cursor<'_>) -> ResponseSource {
    let (mut unanswered, mut rejections) = (Vec::new(), Vec::new());
    let part = |c: &mut Cursor<'_>, id: &str, payer: &mut Party<Phi<String>>| match id {
        "AAA" if payer.segment == 0 => unanswered.push(rejection(c)),
        "AAA" => rejections.push(rejection(c)),
        _ => contacts_only(c, id, payer),
    };
    let Level { segment, party, below } = level(c, b"20", b"", PAYER, part, response_receiver);
    ResponseSource { segment, unanswered, payer: party.open(), rejections, receivers: below }
}

fn response_receiver(c: &mut Cursor<'_>, parent: &[u8]) -> ResponseReceiver {
    let mut rejections = Vec::new();
    let part = |c: &mut Cursor<'_>, id: &str, provider: &mut Party<Phi<String>>| match id {
        "AAA" => rejections.push(rejection(c)),
        _ => provider_part(c, id, provider),
    };
    let families = |c: &mut Cursor<'_>, parent: &[u8]| family(c, parent, response_member);
    let Level { segment, party, below } = level(c, b"21", parent, "who asked (NM1*1P)", part, families);
    ResponseReceiver { segment, provider: party.open(), rejections, families: below }
}

fn response_member(c: &mut Cursor<'_>, segment: u32) -> ResponseMember {
    let (mut member, mut rejections, mut benefits) = (nameless(segment), Vec::new(), Vec::new());
    while let Some((id, _)) = c.peek() {
        match id {
            "SE" | "HL" => break,
            "EB" => benefits.push(benefit(c)),
            "AAA" => rejections.push(rejection(c)),
            _ => member_part(c, id, &mut member),
        }
    }
    c.require(member.person.segment != 0, MEMBER);
    ResponseMember { member, rejections, benefits }
}

fn nameless(segment: u32) -> Member {
    let (traces, diagnoses, dates) = (Vec::new(), Vec::new(), Vec::new());
    Member { segment, traces, person: nobody(), birth_date: None, sex: None, insured: None, diagnoses, dates }
}

/// A segment of loops 2000 and 2100 of a member.
fn member_part(c: &mut Cursor<'_>, id: &str, member: &mut Member) {
    match id {
        "TRN" => member.traces.push(trace(c)),
        "NM1" => name(c, &mut member.person),
        "REF" | "N3" | "N4" | "PRV" => detail(c, id, &mut member.person),
        "DMG" => demographics(c, &mut member.birth_date, &mut member.sex),
        "DTP" => member.dates.push(dated(c)),
        "HI" => {
            let segment = c.take(&std::array::from_fn::<usize, 8, _>(|i| i + 1));
            for n in (1..=8).filter(|&n| !segment.bytes(n).is_empty()) {
                c.spare_components(&segment, n, 2);
                let part = |component| segment.component_opt(n, component).unwrap_or_default();
                member.diagnoses.push(HealthCareCode { qualifier: part(1), code: part(2) });
            }
        }
        "INS" => {
            let segment = c.take(&[1, 2, 3, 4, 17]);
            if c.first(member.insured.is_none()) {
                member.insured = Some(Insured {
                    is_subscriber: yes(c, &segment, 1),
                    relation: Relation::from(&*segment.text(2)),
                    change: opt_code(&segment, 3),
                    change_reason: opt_code(&segment, 4),
                    birth_order: c.number(&segment, 17, |text| crate::edi::segment::parse_int(text)?.try_into().ok()),
                });
            }
        }
        _ => c.leave_out(),
    }
}

fn rejection(c: &mut Cursor<'_>) -> Rejection {
    let segment = c.take(&[1, 3, 4]);
    Rejection {
        segment: segment.number(),
        request_valid: yes(c, &segment, 1),
        reason: code(&segment, 3),
        follow_up: opt_code::<FollowUp>(&segment, 4),
    }
}

fn benefit(c: &mut Cursor<'_>) -> Benefit {
    let segment = c.take(&std::array::from_fn::<usize, 14, _>(|i| i + 1));
    let percent = c.number(&segment, 8, |text| Percent::parse_bytes(text).ok());
    if percent.is_some_and(|share| share > Percent::WHOLE) {
        c.warn("INQ-PERCENT", 8, "a share above one; perhaps per cents were meant: ask the payer before it is used");
    }
    let service_types: Vec<ServiceType> = repetitions(&segment, 3).map(|code| ServiceType::from(&*code)).collect();
    let mut benefit = Benefit {
        segment: segment.number(),
        coverage_level: opt_code(&segment, 2),
        insurance_type: opt_code(&segment, 4),
        plan: segment.opt(5),
        period: opt_code(&segment, 6),
        amount: c.money(&segment, 7),
        percent,
        quantity_kind: opt_code(&segment, 9),
        quantity: c.quantity(&segment, 10),
        authorization: opt_code(&segment, 11),
        in_network: opt_code(&segment, 12),
        procedure: procedure_range(c, &segment, 13),
        diagnosis_pointers: pointers(c, &segment, 14),
        ..Benefit::new(code(&segment, 1).as_str().into(), &service_types)
    };
    while let Some((id, _)) = c.peek() {
        match id {
            "SE" | "HL" | "EB" => break,
            "HSD" => benefit.deliveries.push(delivery(c)),
            "REF" => benefit.references.push(reference(c)),
            "DTP" => benefit.dates.push(dated(c)),
            "AAA" => benefit.rejections.push(rejection(c)),
            "MSG" => {
                let segment = c.take(&[1]);
                benefit.messages.extend(opt_masked(&segment, 1));
            }
            "III" => benefit.circumstances.push(circumstance(c)),
            "LS" | "LE" => drop(c.take(&[1])),
            "NM1" => benefit.related.push(related(c)),
            _ => c.leave_out(),
        }
    }
    benefit
}

/// Loop 2120.
fn related(c: &mut Cursor<'_>) -> Party<Phi<String>> {
    let mut party = nobody();
    name(c, &mut party);
    while let Some((id @ ("N3" | "N4" | "PER" | "PRV"), _)) = c.peek() {
        detail(c, id, &mut party);
    }
    party
}

fn delivery(c: &mut Cursor<'_>) -> Delivery {
    let segment = c.take(&[1, 2, 3, 4, 5, 6, 7, 8]);
    Delivery {
        quantity_kind: opt_code(&segment, 1),
        quantity: c.quantity(&segment, 2),
        unit: opt_code(&segment, 3),
        every: c.quantity(&segment, 4),
        period: opt_code(&segment, 5),
        periods: c.int(&segment, 6),
        days: opt_code(&segment, 7),
        time_of_day: opt_code(&segment, 8),
    }
}

fn circumstance(c: &mut Cursor<'_>) -> Circumstance {
    let segment = c.take(&[1, 2, 3, 4]);
    Circumstance {
        list: opt_code(&segment, 1),
        code: opt_code(&segment, 2),
        category: opt_code(&segment, 3),
        text: opt_masked(&segment, 4),
    }
}

/// EQ02 or EB13.
fn procedure_range(c: &mut Cursor<'_>, segment: &Segment<'_>, n: usize) -> Option<ProcedureRange> {
    (!segment.bytes(n).is_empty()).then(|| ProcedureRange {
        procedure: c.procedure(segment, n, RANGE_COMPONENTS),
        through: segment.component_opt(n, 8).map(Into::into),
    })
}

/// EQ05 or EB14.
fn pointers(c: &mut Cursor<'_>, segment: &Segment<'_>, n: usize) -> Vec<u8> {
    let filled = segment.components(n).filter(|text| !text.is_empty());
    let read: Option<Vec<u8>> = filled.map(|text| crate::edi::segment::parse_int(text)?.try_into().ok()).collect();
    // Nothing is taken from a list that can't be read as a whole: a place would mean another diagnosis.
    read.unwrap_or_else(|| c.number(segment, n, |_| None).unwrap_or_default())
}

/// `Y` or `N`; anything else is a finding and reads as no.
fn yes(c: &mut Cursor<'_>, segment: &Segment<'_>, n: usize) -> bool {
    if !matches!(segment.bytes(n), b"Y" | b"N") {
        c.warn("INQ-CODE", n, "neither yes nor no; read as no");
    }
    segment.bytes(n) == b"Y"
}
