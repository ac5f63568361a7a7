//! What a clearinghouse and a payer answer before any money moves: TA1, 999, 277CA (domain.md 3.1, 3.2).

use std::sync::Arc;

use jiff::civil::Date;

use super::edits::status;
use super::incoming::{Group, Interchange};
use super::intake::{Payee, PayerName, Route, SubmittedClaim, carried};
use crate::edi::ack_277ca::{
    AcknowledgedClaim, AcknowledgedPatient, Action, BatchStatus, ClaimAcknowledgment, InformationSource, ProviderStatus, SourceKind,
    Status, StatusCode, Totals, write_277ca,
};
use crate::edi::ack_999::{AckResult, GroupResponse, ImplementationAck, SetResponse, write_999};
use crate::edi::ack_ta1::{InterchangeAck, InterchangeResult, NoteCode, write_ta1};
use crate::edi::claim_837p::{EntityName, ProfessionalClaims};
use crate::edi::{Envelope, Party, SegmentWriter, Usage, WriteError, ack_277ca, ack_999, write_interchange};
use crate::platform::money::Money;

/// The envelope of an answer: the route backwards, dated noon. `number` is ISA13 and GS06.
#[must_use]
pub fn envelope(route: &Route, number: u32, date: Date) -> Envelope {
    let party = |(qualifier, id): &(String, String)| Party { qualifier: qualifier.clone(), id: id.clone() };
    Envelope {
        sender: party(&route.receiver),
        receiver: party(&route.sender),
        application_sender: route.application_receiver.clone(),
        application_receiver: route.application_sender.clone(),
        control_number: number,
        group_control_number: number,
        written_at: date.at(12, 0, 0, 0),
        usage: Usage::from(route.usage.as_str()),
        ack_requested: false,
    }
}

/// A TA1 interchange: what became of an interchange, TA105 being `note`.
pub fn write_interchange_ack(incoming: &Interchange, note: &str, envelope: &Envelope) -> Result<Vec<u8>, Vec<WriteError>> {
    let header = &incoming.header;
    let ack = InterchangeAck {
        segment: 0,
        control_number: carried(&header.control_number, 9),
        date: header.written_at.map(|at| at.date()),
        time: header.written_at.map_or(String::new(), |at| format!("{:02}{:02}", at.hour(), at.minute())),
        result: if note == NoteCode::NONE { InterchangeResult::Accepted } else { InterchangeResult::Rejected },
        note: NoteCode(note.to_owned()),
    };
    write_interchange(envelope, |w| write_ta1(&ack, w))
}

/// The 999 of a group, from the answers to its sets.
#[must_use]
pub fn group_ack(number: usize, group: &Group, mut sets: Vec<SetResponse>) -> ImplementationAck {
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    if !group.faults.is_empty() {
        for set in &mut sets {
            set.result = AckResult::Rejected;
        }
    }
    let accepted = sets.iter().filter(|set| set.result.is_accepted()).count();
    let result = match accepted {
        0 => AckResult::Rejected,
        some if some < sets.len() => AckResult::PartiallyAccepted,
        _ => AckResult::Accepted,
    };
    ImplementationAck {
        control_number: format!("{number:04}"),
        segment: 0,
        functional_id: carried(&group.header.functional_id, 2),
        group_control_number: carried(&group.header.control_number, 9),
        version: Some(carried(&group.header.version, 12)).filter(|version| !version.is_empty()),
        group: GroupResponse {
            segment: 0,
            result,
            included: group.declared,
            received: count(sets.len()),
            accepted: count(accepted),
            codes: group.faults.iter().map(|&code| code.to_owned()).collect(),
        },
        sets,
    }
}

/// An interchange of 999s.
pub fn write_group_acks(acks: &[ImplementationAck], envelope: &Envelope) -> Result<Vec<u8>, Vec<WriteError>> {
    write_group(envelope, "FA", ack_999::VERSION, |w| acks.iter().for_each(|ack| write_999(ack, w)))
}

/// A claim, and what became of it: the payer's number, or why it was not taken.
pub type Decided = (SubmittedClaim, Result<String, Vec<StatusCode>>);

/// The 277CAs of a batch, one of each payer: the batch is received, and each claim is taken or not.
#[must_use]
pub fn claim_acks(trace: &str, batch: &ProfessionalClaims, decided: &[Decided], today: Date) -> Vec<ClaimAcknowledgment> {
    let of_payer = |payer: &Arc<PayerName>| {
        let own: Vec<&Decided> = decided.iter().filter(|(claim, _)| claim.payer == *payer).collect();
        let payees = distinct(own.iter().map(|(claim, _)| &claim.payee));
        let status = BatchStatus {
            segment: 0,
            is_person: matches!(batch.submitter.name, EntityName::Person(_)),
            name: submitter_name(batch),
            id: Some(carried(&batch.submitter.id.id, 80)),
            batch: carried(&batch.reference, 50),
            statuses: vec![received(Some(today), &own)],
            totals: totals(&own),
            providers: payees.into_iter().map(|payee| provider(payee, &own, today)).collect(),
        };
        let source = InformationSource {
            segment: 0,
            kind: SourceKind::Payer,
            name: payer.name.clone(),
            id_qualifier: Some("PI".to_owned()),
            id: Some(payer.id.clone()),
            trace: trace.to_owned(),
            received: Some(today),
            processed: Some(today),
            batches: vec![status],
        };
        ClaimAcknowledgment {
            control_number: String::new(),
            segment: 0,
            reference: trace.to_owned(),
            created: Some(today),
            time: Some("1200".to_owned()),
            sources: vec![source],
        }
    };
    distinct(decided.iter().map(|(claim, _)| &claim.payer)).into_iter().map(of_payer).collect()
}

/// An interchange of 277CAs, which are numbered here.
pub fn write_claim_acks(mut acks: Vec<ClaimAcknowledgment>, envelope: &Envelope) -> Result<Vec<u8>, Vec<WriteError>> {
    for (number, ack) in (1_u32..).zip(&mut acks) {
        ack.control_number = format!("{number:04}");
    }
    write_group(envelope, "HN", ack_277ca::VERSION, |w| acks.iter().for_each(|ack| write_277ca(ack, w)))
}

/// An interchange with one group.
pub fn write_group(
    envelope: &Envelope,
    functional_id: &str,
    version: &str,
    body: impl FnOnce(&mut SegmentWriter),
) -> Result<Vec<u8>, Vec<WriteError>> {
    write_interchange(envelope, |w| {
        w.begin_group(envelope, functional_id, version);
        body(w);
        w.end_group();
    })
}

/// Loop 2000C.
fn provider(payee: &Arc<Payee>, decided: &[&Decided], today: Date) -> ProviderStatus {
    let own: Vec<&Decided> = decided.iter().copied().filter(|(claim, _)| claim.payee == *payee).collect();
    ProviderStatus {
        segment: 0,
        is_person: payee.is_person,
        name: payee.name.clone(),
        first: None,
        id_qualifier: payee.npi.as_ref().map(|_| "XX".to_owned()),
        id: payee.npi.clone(),
        trace: "0".to_owned(),
        statuses: vec![received(None, &own)],
        references: Vec::new(),
        totals: totals(&own),
        claims: own.iter().map(|(claim, decision)| acknowledged(claim, decision, today)).collect(),
    }
}

fn acknowledged(claim: &SubmittedClaim, decision: &Result<String, Vec<StatusCode>>, today: Date) -> AcknowledgedClaim {
    let (codes, action) = match decision {
        Ok(_) => (vec![status("A2", "20", Some("PR"))], Action::Accept),
        Err(reasons) => (reasons.iter().take(CODES_PER_STATUS).cloned().collect(), Action::Reject),
    };
    let patient = &claim.patient;
    let member_id = Some(claim.member_id.clone()).filter(|id| !id.reveal().is_empty());
    AcknowledgedClaim {
        segment: 0,
        patient: AcknowledgedPatient {
            last: patient.last.clone(),
            first: patient.first.clone(),
            middle: patient.middle.clone(),
            suffix: patient.suffix.clone(),
            id_qualifier: member_id.as_ref().map(|_| "MI".to_owned()),
            member_id,
        },
        pcn: claim.pcn.clone(),
        statuses: vec![Status { segment: 0, codes, date: Some(today), action: Some(action), amount: sum([claim.charge]), message: None }],
        icns: decision.iter().cloned().collect(),
        clearinghouse_id: None,
        references: Vec::new(),
        service_dates: claim.service_dates(),
        lines: Vec::new(),
    }
}

/// STC01, 10 and 11.
const CODES_PER_STATUS: usize = 3;

/// A1: received, which is no acceptance.
fn received(date: Option<Date>, decided: &[&Decided]) -> Status {
    let codes = vec![status("A1", "19", Some("PR"))];
    let amount = sum(decided.iter().map(|(claim, _)| claim.charge));
    Status { segment: 0, codes, date, action: Some(Action::Accept), amount, message: None }
}

fn distinct<'a, T: Ord>(values: impl Iterator<Item = &'a T>) -> Vec<&'a T> {
    let mut values: Vec<&T> = values.collect();
    values.sort_unstable();
    values.dedup();
    values
}

fn totals(decided: &[&Decided]) -> Totals {
    let counted = |taken: bool| {
        let charges: Vec<Money> = decided.iter().filter(|(_, decision)| decision.is_ok() == taken).map(|(claim, _)| claim.charge).collect();
        if charges.is_empty() { (None, None) } else { (Some(charges.len() as u64), sum(charges)) }
    };
    let ((accepted, accepted_amount), (rejected, rejected_amount)) = (counted(true), counted(false));
    Totals { accepted, rejected, accepted_amount, rejected_amount }
}

/// A sum of charges, unless X12 can't carry it.
fn sum(charges: impl IntoIterator<Item = Money>) -> Option<Money> {
    Some(charges.into_iter().sum::<Money>()).filter(|sum| sum.abs() <= Money::X12_MAX)
}

fn submitter_name(batch: &ProfessionalClaims) -> String {
    match &batch.submitter.name {
        EntityName::Organization(name) => carried(name, 60),
        EntityName::Person(person) => carried(person.last.as_str(), 60),
    }
}
