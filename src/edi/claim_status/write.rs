//! Writes 276 and 277 in the order of the guide. What can be computed (levels, counts) is filled in; nothing is judged.

use super::VERSION;
use super::request::{ClaimInquiry, LineInquiry, Patient, RequestPatient, RequestProvider, StatusRequest};
use super::response::{ClaimStatus, LineStatus, Refusal, ResponsePatient, ResponseProvider, Status, StatusResponse};
use crate::edi::SegmentWriter;
use crate::edi::claim_837p::Sex;
use crate::edi::inquiry::status::status_code;
use crate::edi::inquiry::write::{
    Kind, Levels, contacts, dates, demographics, families, party_name, references, shown, traces, transaction,
};
use crate::edi::remittance_835::write::composite;

/// BHT01 of both.
const STRUCTURE: &str = "0010";

/// Longest free text of a status, STC12.
const MESSAGE_MAX: usize = 264;

/// Longest number of a payment, STC09.
const PAYMENT_MAX: usize = 16;

/// Writes one 276; what can't be written is reported by [`SegmentWriter::finish`].
pub fn write_276(request: &StatusRequest, w: &mut SegmentWriter) {
    let kind = Kind { set: "276", version: VERSION, structure: STRUCTURE };
    transaction(request, &kind, w, |source, levels, w| {
        let own = levels.next(None, "20", Some(!source.receivers.is_empty()), w);
        party_name(&source.payer, w);
        for receiver in &source.receivers {
            let own = levels.next(Some(own), "21", Some(!receiver.providers.is_empty()), w);
            party_name(&receiver.submitter, w);
            receiver.providers.iter().for_each(|provider| request_provider(provider, own, levels, w));
        }
    });
}

fn request_provider(provider: &RequestProvider, parent: u64, levels: &mut Levels, w: &mut SegmentWriter) {
    let own = levels.next(Some(parent), "19", Some(!provider.families.is_empty()), w);
    party_name(&provider.provider, w);
    families(&provider.families, own, None, levels, w, request_patient);
}

fn request_patient(patient: &RequestPatient, w: &mut SegmentWriter) {
    let Patient { person, birth_date, sex, .. } = &patient.patient;
    demographics(birth_date.as_ref(), sex.as_ref().map(Sex::as_str), w);
    party_name(person, w);
    patient.claims.iter().for_each(|claim| claim_inquiry(claim, w));
}

fn claim_inquiry(claim: &ClaimInquiry, w: &mut SegmentWriter) {
    traces([&claim.trace], w);
    references(&claim.references, w);
    if let Some(charge) = claim.charge {
        w.segment("AMT").el("T3").money(charge).end();
    }
    dates(&claim.dates, w);
    claim.lines.iter().for_each(|line| line_inquiry(line, w));
}

fn line_inquiry(line: &LineInquiry, w: &mut SegmentWriter) {
    composite(w.segment("SVC"), Some(&line.procedure))
        .opt_money(line.charge)
        .skip(1)
        .opt(line.revenue_code.as_deref())
        .skip(2)
        .quantity(line.units)
        .end();
    references(&line.references, w);
    dates(&line.dates, w);
}

/// Writes one 277; what can't be written is reported by [`SegmentWriter::finish`].
pub fn write_277(response: &StatusResponse, w: &mut SegmentWriter) {
    let kind = Kind { set: "277", version: VERSION, structure: STRUCTURE };
    transaction(response, &kind, w, |source, levels, w| {
        let own = levels.next(None, "20", Some(!source.receivers.is_empty()), w);
        party_name(&source.payer, w);
        contacts(w, &source.payer.contacts);
        for receiver in &source.receivers {
            let own = levels.next(Some(own), "21", Some(!receiver.providers.is_empty()), w);
            party_name(&receiver.submitter, w);
            refusal(receiver.refusal.as_ref(), w);
            receiver.providers.iter().for_each(|provider| response_provider(provider, own, levels, w));
        }
    });
}

fn response_provider(provider: &ResponseProvider, parent: u64, levels: &mut Levels, w: &mut SegmentWriter) {
    let own = levels.next(Some(parent), "19", Some(!provider.families.is_empty()), w);
    party_name(&provider.provider, w);
    refusal(provider.refusal.as_ref(), w);
    families(&provider.families, own, None, levels, w, response_patient);
}

fn refusal(refusal: Option<&Refusal>, w: &mut SegmentWriter) {
    if let Some(refusal) = refusal {
        traces([&refusal.trace], w);
        statuses(&refusal.statuses, w);
    }
}

fn response_patient(patient: &ResponsePatient, w: &mut SegmentWriter) {
    party_name(&patient.person, w);
    patient.claims.iter().for_each(|claim| claim_status(claim, w));
}

fn claim_status(claim: &ClaimStatus, w: &mut SegmentWriter) {
    traces([&claim.trace], w);
    statuses(&claim.statuses, w);
    references(&claim.references, w);
    dates(&claim.dates, w);
    claim.lines.iter().for_each(|line| line_status(line, w));
}

fn line_status(line: &LineStatus, w: &mut SegmentWriter) {
    composite(w.segment("SVC"), Some(&line.procedure))
        .opt_money(line.charge)
        .opt_money(line.paid)
        .opt(line.revenue_code.as_deref())
        .skip(2)
        .quantity(line.units)
        .end();
    statuses(&line.statuses, w);
    references(&line.references, w);
    dates(&line.dates, w);
}

fn statuses(statuses: &[Status], w: &mut SegmentWriter) {
    for status in statuses {
        let stc = status_code(w.segment("STC"), &status.codes, 0)
            .opt_date8(status.effective)
            .skip(1)
            .opt_money(status.charge)
            .opt_money(status.paid)
            .opt_date8(status.decided)
            .skip(1)
            .opt_date8(status.paid_on)
            .opt_max(status.payment_number.as_deref(), PAYMENT_MAX);
        let stc = status_code(status_code(stc, &status.codes, 1), &status.codes, 2);
        stc.text(shown(&status.message), MESSAGE_MAX).end();
    }
}
