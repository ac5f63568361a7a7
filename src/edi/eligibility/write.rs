//! Writes 270 and 271 in the order of the guide. What can be computed (levels, counts) is filled in; nothing is judged.

use super::VERSION;
use super::codes::{Answer, CoverageLevel, InsuranceType, QuantityKind, ServiceType, TimePeriod};
use super::member::{Member, ProcedureRange};
use super::rejection::{FollowUp, Rejection};
use super::request::{BenefitInquiry, EligibilityRequest, RequestMember, RequestReceiver};
use super::response::{Benefit, Circumstance, Delivery, EligibilityResponse, ResponseMember, ResponseReceiver, ResponseSource};
use crate::edi::SegmentWriter;
use crate::edi::claim_837p::Sex;
use crate::edi::inquiry::Party;
use crate::edi::inquiry::write::{
    Kind, Levels, address, contacts, dates, demographics, families, party_name, references, shown, specialty, traces, transaction,
};
use crate::edi::remittance_835::Code;
use crate::edi::writer::SegmentBuilder;
use crate::platform::phi::Phi;

/// BHT01 of both.
const STRUCTURE: &str = "0022";

/// HL04 of a dependent: nothing stands below.
const LEAF: Option<bool> = Some(false);

/// Longest free text: MSG01, III04.
const TEXT_MAX: usize = 264;

/// Longest name of a plan, EB05.
const PLAN_MAX: usize = 50;

/// Diagnoses in one HI.
const PER_HI: usize = 8;

/// Writes one 270; what can't be written is reported by [`SegmentWriter::finish`].
pub fn write_270(request: &EligibilityRequest, w: &mut SegmentWriter) {
    let kind = Kind { set: "270", version: VERSION, structure: STRUCTURE };
    transaction(request, &kind, w, |source, levels, w| {
        let own = levels.next(None, "20", Some(!source.receivers.is_empty()), w);
        party_name(&source.payer, w);
        source.receivers.iter().for_each(|receiver| request_receiver(receiver, own, levels, w));
    });
}

fn request_receiver(receiver: &RequestReceiver, parent: u64, levels: &mut Levels, w: &mut SegmentWriter) {
    let own = levels.next(Some(parent), "21", Some(!receiver.families.is_empty()), w);
    provider(&receiver.provider, &[], w);
    families(&receiver.families, own, LEAF, levels, w, request_member);
}

fn request_member(member: &RequestMember, w: &mut SegmentWriter) {
    self::member(&member.member, &[], w);
    member.inquiries.iter().for_each(|inquiry| self::inquiry(inquiry, w));
}

fn inquiry(inquiry: &BenefitInquiry, w: &mut SegmentWriter) {
    let eq = service_types(w.segment("EQ"), &inquiry.service_types);
    let eq = procedure_range(eq, inquiry.procedure.as_ref()).opt(inquiry.coverage_level.as_ref().map(CoverageLevel::as_str)).skip(1);
    pointers(eq, &inquiry.diagnosis_pointers).end();
    for (kind, amount) in &inquiry.amounts {
        w.segment("AMT").el(kind).money(*amount).end();
    }
    circumstances(&inquiry.circumstances, w);
    references(&inquiry.references, w);
    dates(&inquiry.dates, w);
}

/// Writes one 271; what can't be written is reported by [`SegmentWriter::finish`].
pub fn write_271(response: &EligibilityResponse, w: &mut SegmentWriter) {
    transaction(response, &Kind { set: "271", version: VERSION, structure: STRUCTURE }, w, response_source);
}

fn response_source(source: &ResponseSource, levels: &mut Levels, w: &mut SegmentWriter) {
    let own = levels.next(None, "20", Some(!source.receivers.is_empty()), w);
    rejections(&source.unanswered, w);
    party_name(&source.payer, w);
    contacts(w, &source.payer.contacts);
    rejections(&source.rejections, w);
    source.receivers.iter().for_each(|receiver| response_receiver(receiver, own, levels, w));
}

fn response_receiver(receiver: &ResponseReceiver, parent: u64, levels: &mut Levels, w: &mut SegmentWriter) {
    let own = levels.next(Some(parent), "21", Some(!receiver.families.is_empty()), w);
    provider(&receiver.provider, &receiver.rejections, w);
    families(&receiver.families, own, LEAF, levels, w, response_member);
}

fn response_member(member: &ResponseMember, w: &mut SegmentWriter) {
    self::member(&member.member, &member.rejections, w);
    member.benefits.iter().for_each(|benefit| self::benefit(benefit, w));
}

fn provider(provider: &Party, rejections: &[Rejection], w: &mut SegmentWriter) {
    party_name(provider, w);
    references(&provider.references, w);
    address(provider.address.as_ref(), w);
    self::rejections(rejections, w);
    specialty(provider, w);
}

fn member(member: &Member, rejections: &[Rejection], w: &mut SegmentWriter) {
    traces(&member.traces, w);
    party_name(&member.person, w);
    references(&member.person.references, w);
    address(member.person.address.as_ref(), w);
    self::rejections(rejections, w);
    specialty(&member.person, w);
    demographics(member.birth_date.as_ref(), member.sex.as_ref().map(Sex::as_str), w);
    if let Some(insured) = &member.insured {
        w.segment("INS")
            .el(if insured.is_subscriber { "Y" } else { "N" })
            .el(insured.relation.as_str())
            .opt(insured.change.as_deref())
            .opt(insured.change_reason.as_deref())
            .skip(12)
            .opt(insured.birth_order.map(|order| order.to_string()).as_deref())
            .end();
    }
    for diagnoses in member.diagnoses.chunks(PER_HI) {
        diagnoses.iter().fold(w.segment("HI"), |hi, diagnosis| hi.composite(&[&diagnosis.qualifier, &diagnosis.code])).end();
    }
    dates(&member.dates, w);
}

fn rejections(rejections: &[Rejection], w: &mut SegmentWriter) {
    for rejection in rejections {
        w.segment("AAA")
            .el(if rejection.request_valid { "Y" } else { "N" })
            .skip(1)
            .el(&rejection.reason)
            .opt(rejection.follow_up.as_ref().map(FollowUp::as_str))
            .end();
    }
}

fn benefit(benefit: &Benefit, w: &mut SegmentWriter) {
    let eb = w.segment("EB").el(benefit.information.as_str()).opt(benefit.coverage_level.as_ref().map(CoverageLevel::as_str));
    let eb = service_types(eb, &benefit.service_types)
        .opt(benefit.insurance_type.as_ref().map(InsuranceType::as_str))
        .text(benefit.plan.as_deref().unwrap_or_default(), PLAN_MAX)
        .opt(benefit.period.as_ref().map(TimePeriod::as_str))
        .opt_money(benefit.amount)
        .opt(benefit.percent.map(|share| share.to_x12()).as_deref())
        .opt(benefit.quantity_kind.as_ref().map(QuantityKind::as_str))
        .quantity(benefit.quantity)
        .opt(benefit.authorization.as_ref().map(Answer::as_str))
        .opt(benefit.in_network.as_ref().map(Answer::as_str));
    pointers(procedure_range(eb, benefit.procedure.as_ref()), &benefit.diagnosis_pointers).end();
    benefit.deliveries.iter().for_each(|delivery| self::delivery(delivery, w));
    references(&benefit.references, w);
    dates(&benefit.dates, w);
    rejections(&benefit.rejections, w);
    for message in &benefit.messages {
        w.segment("MSG").text(message.as_str(), TEXT_MAX).end();
    }
    circumstances(&benefit.circumstances, w);
    if !benefit.related.is_empty() {
        w.segment("LS").el("2120").end();
        benefit.related.iter().for_each(|party| related(party, w));
        w.segment("LE").el("2120").end();
    }
}

fn related(party: &Party<Phi<String>>, w: &mut SegmentWriter) {
    party_name(party, w);
    address(party.address.as_ref(), w);
    contacts(w, &party.contacts);
    specialty(party, w);
}

fn delivery(delivery: &Delivery, w: &mut SegmentWriter) {
    w.segment("HSD")
        .opt(delivery.quantity_kind.as_ref().map(QuantityKind::as_str))
        .quantity(delivery.quantity)
        .opt(delivery.unit.as_deref())
        .quantity(delivery.every)
        .opt(delivery.period.as_ref().map(TimePeriod::as_str))
        .opt(delivery.periods.map(|count| count.to_string()).as_deref())
        .opt(delivery.days.as_deref())
        .opt(delivery.time_of_day.as_deref())
        .end();
}

fn circumstances(circumstances: &[Circumstance], w: &mut SegmentWriter) {
    for circumstance in circumstances {
        w.segment("III")
            .opt(circumstance.list.as_deref())
            .opt(circumstance.code.as_deref())
            .opt(circumstance.category.as_deref())
            .text(shown(&circumstance.text), TEXT_MAX)
            .end();
    }
}

/// EQ01 or EB03.
fn service_types<'w>(segment: SegmentBuilder<'w>, types: &[ServiceType]) -> SegmentBuilder<'w> {
    segment.repeated(&types.iter().map(ServiceType::as_str).collect::<Vec<_>>())
}

/// EQ02 or EB13: qualifier, code, four modifiers, description, end of the range.
fn procedure_range<'w>(segment: SegmentBuilder<'w>, range: Option<&ProcedureRange>) -> SegmentBuilder<'w> {
    let Some(ProcedureRange { procedure, through }) = range else { return segment.skip(1) };
    let modifier = |n: usize| procedure.modifiers.get(n).map_or("", Code::as_str);
    segment.composite(&[
        procedure.qualifier.as_str(),
        procedure.code.as_str(),
        modifier(0),
        modifier(1),
        modifier(2),
        modifier(3),
        procedure.description.as_deref().unwrap_or_default(),
        through.as_deref().unwrap_or_default(),
    ])
}

/// EQ05 or EB14.
fn pointers<'w>(segment: SegmentBuilder<'w>, pointers: &[u8]) -> SegmentBuilder<'w> {
    segment.composite(&pointers.iter().map(u8::to_string).collect::<Vec<_>>())
}
