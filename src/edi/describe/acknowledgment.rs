//! TA1, 999 and 277CA: what partners say of what we sent, from the envelope down to a line (domain.md 3.1, 3.2).

use jiff::civil::Date;

use super::parts::{cell, count, identifier, list, money};
use super::words::List;
use super::{Describer, Section, Table, Tone, words};
use crate::edi::ack_277ca::{
    AcknowledgedClaim, AcknowledgedLine, AcknowledgedPatient, Action, BatchStatus, InformationSource, ProviderStatus, Status, Totals,
    Verdict, read_277ca, worst,
};
use crate::edi::ack_999::{AckResult, ElementError, ElementPlace, SegmentError, SetResponse, read_999};
use crate::edi::ack_ta1::{InterchangeResult, read_ta1};
use crate::edi::{Segment, TransactionSet};
use crate::platform::money::Money;

impl Describer<'_> {
    pub(super) fn ta1(&self, segment: &Segment<'_>) -> Section {
        let (ack, _) = read_ta1(segment);
        let (result, tone) = match ack.result {
            InterchangeResult::Accepted => ("accepted", Tone::Good),
            InterchangeResult::AcceptedWithErrors => ("accepted with errors", Tone::Bad),
            InterchangeResult::Rejected => ("rejected: it never happened", Tone::Bad),
            InterchangeResult::Other(ref other) => (other.as_str(), Tone::Bad),
        };
        let mut section = Section::new(format!("Interchange {} of ours: {result}", ack.control_number)).at(ack.segment);
        section.fact("written", list([cell(ack.date), ack.time]));
        let note = words::code(&ack.note.0, ack.note.meaning());
        section.remark(tone, format!("TA1 note {note}"));
        section
    }

    pub(super) fn syntax_ack(&self, set: &TransactionSet) -> Section {
        let (ack, findings) = read_999(set);
        let group = &ack.group;
        let title = format!("Acknowledgment {} of our group {}: {}", ack.control_number, ack.group_control_number, result(&group.result));
        let mut section = Section::new(title).at(set.first_segment());
        section.fact("group holds", list([List::Group.say(&ack.functional_id), ack.version.as_deref().unwrap_or_default()]));
        section.fact("transaction sets", format!("{} sent, {} arrived, {} taken", group.included, group.received, group.accepted));
        self.doubts(&findings, &mut section);
        for meaning in group.meanings() {
            section.remark(Tone::Bad, meaning);
        }
        for set in &ack.sets {
            section.parts.push(self.set_response(set));
        }
        section
    }

    fn set_response(&self, set: &SetResponse) -> Section {
        let title = format!("Transaction set {} ({}): {}", set.control_number, set.kind, result(&set.result));
        let mut section = Section::new(title).at(set.segment);
        section.fact("claims named", list(set.named_claims()));
        let mut table = Table::new(&[">segment", "id", "loop", "element", "what is wrong", "value", "claim"]);
        for error in &set.errors {
            table.row(segment_row(error));
            for element in &error.elements {
                table.row(self.element_row(error, element));
            }
        }
        section.table(table.without_empty(&["loop", "element", "value", "claim"]));
        for meaning in set.meanings() {
            section.remark(Tone::Bad, meaning);
        }
        section
    }

    fn element_row(&self, error: &SegmentError, element: &ElementError) -> Vec<String> {
        vec![
            cell(error.at),
            error.segment_id.clone(),
            cell(error.loop_id.as_ref()),
            place(&element.place),
            words::code(&element.code, element.meaning()),
            self.opt_phi(element.value.as_ref()),
            list(element.contexts.iter().filter_map(|context| context.claim())),
        ]
    }

    pub(super) fn claim_ack(&self, set: &TransactionSet) -> Section {
        let (ack, findings) = read_277ca(set);
        let mut section = Section::new(format!("Claim acknowledgment {}: {}", ack.control_number, ack.reference)).at(set.first_segment());
        section.fact("created", list([cell(ack.created), cell(ack.time.as_ref())]));
        self.doubts(&findings, &mut section);
        for source in &ack.sources {
            section.parts.push(self.source(source));
        }
        section
    }

    fn source(&self, source: &InformationSource) -> Section {
        let kind = match source.kind.as_str() {
            "AY" => "Clearinghouse",
            "PR" => "Payer",
            other => other,
        };
        let mut section = Section::new(format!("{kind} {}", source.name)).at(source.segment);
        section.fact("id", identifier(source.id_qualifier.as_deref().unwrap_or_default(), source.id.as_deref().unwrap_or_default()));
        section.fact("receipt", source.trace.clone());
        section.fact("received", cell(source.received));
        section.fact("processed", cell(source.processed));
        for batch in &source.batches {
            section.parts.push(self.batch(batch));
        }
        section
    }

    fn batch(&self, batch: &BatchStatus) -> Section {
        let mut section = Section::new(format!("Our batch {}: {}", batch.batch, verdict(&batch.statuses))).at(batch.segment);
        let name = if batch.is_person { self.free(&batch.name) } else { batch.name.clone() };
        section.fact("sent by", list([name, cell(batch.id.as_ref())]));
        totals(&batch.totals, &mut section);
        self.statuses(&batch.statuses, &mut section);
        for provider in &batch.providers {
            section.parts.push(self.provider_status(provider));
        }
        section
    }

    fn provider_status(&self, provider: &ProviderStatus) -> Section {
        let name = if provider.is_person { self.free(&provider.name) } else { provider.name.clone() };
        let id = identifier(provider.id_qualifier.as_deref().unwrap_or_default(), provider.id.as_deref().unwrap_or_default());
        let mut section = Section::new(format!("Billing provider {}", list([name, id]))).at(provider.segment);
        section.fact("trace", provider.trace.clone());
        totals(&provider.totals, &mut section);
        self.statuses(&provider.statuses, &mut section);
        for claim in &provider.claims {
            section.parts.push(self.acknowledged(claim));
        }
        section
    }

    fn acknowledged(&self, claim: &AcknowledgedClaim) -> Section {
        let mut section = Section::new(format!("Claim {}: {}", claim.pcn, verdict(&claim.statuses))).at(claim.segment);
        section.fact("patient", self.patient(&claim.patient));
        section.fact("service", span(claim.service_dates));
        section.fact("payer's claim number", list(&claim.icns));
        section.fact("clearinghouse trace", cell(claim.clearinghouse_id.as_ref()));
        for reference in &claim.references {
            let (kind, value) = self.reference(&reference.qualifier, reference.value.as_str());
            section.fact(kind, value);
        }
        self.statuses(&claim.statuses, &mut section);
        for (number, line) in (1..).zip(&claim.lines) {
            section.parts.push(self.acknowledged_line(number, line));
        }
        section
    }

    fn patient(&self, patient: &AcknowledgedPatient) -> String {
        let name = if self.show_phi {
            let given = [&patient.first, &patient.middle, &patient.suffix].map(|part| self.opt_phi(part.as_ref()));
            list([patient.last.reveal().clone(), list(given).replace(", ", " ")])
        } else {
            self.phi(&patient.last)
        };
        list([name, identifier(patient.id_qualifier.as_deref().unwrap_or_default(), &self.opt_phi(patient.member_id.as_ref()))])
    }

    fn acknowledged_line(&self, number: usize, line: &AcknowledgedLine) -> Section {
        let title = format!("Line {number}: {}, {}", words::procedure(&line.procedure), line.charge);
        let mut section = Section::new(title).at(line.segment);
        section.fact("our line", cell(line.line_number.as_ref()));
        section.fact("service", span(line.service_dates));
        section.fact("units", cell(line.units));
        section.fact("revenue code", cell(line.revenue_code.as_ref()));
        for reference in &line.references {
            let (kind, value) = self.reference(&reference.qualifier, reference.value.as_str());
            section.fact(kind, value);
        }
        self.statuses(&line.statuses, &mut section);
        section
    }

    fn statuses(&self, statuses: &[Status], section: &mut Section) {
        let others = |status: &Status| {
            let action = status.action.as_ref().map_or_else(String::new, action);
            vec![cell(status.date), action, money(status.amount), self.opt_phi(status.message.as_ref())]
        };
        let rows = statuses.iter().map(|status| (&status.codes[..], others(status)));
        section.table(self.status_table(&["date", "action", ">amount", "message"], rows));
    }
}

/// IK501, AK901.
fn result(result: &AckResult) -> &str {
    match result {
        AckResult::Accepted => "accepted",
        AckResult::AcceptedWithErrors => "accepted with errors",
        AckResult::PartiallyAccepted => "accepted in part",
        AckResult::Rejected => "rejected",
        AckResult::RejectedAuthentication => "rejected, authentication failed",
        AckResult::RejectedAssurance => "rejected, assurance failed",
        AckResult::RejectedDecryption => "rejected, decryption failed",
        AckResult::Other(other) => other,
    }
}

fn segment_row(error: &SegmentError) -> Vec<String> {
    vec![
        cell(error.at),
        error.segment_id.clone(),
        cell(error.loop_id.as_ref()),
        String::new(),
        words::code(&error.code, error.meaning()),
        String::new(),
        list(error.contexts.iter().filter_map(|context| context.claim())),
    ]
}

/// `5-2`, with the repetition where there is one.
fn place(place: &ElementPlace) -> String {
    let component = place.component.map_or_else(String::new, |component| format!("-{component}"));
    let repetition = place.repetition.map_or_else(String::new, |repetition| format!(" (repetition {repetition})"));
    format!("{}{component}{repetition}", place.element)
}

/// What the worst of the statuses says.
fn verdict(statuses: &[Status]) -> &'static str {
    match worst(statuses) {
        None => "no status",
        Some(Verdict::Received) => "received, which is no acceptance",
        Some(Verdict::Forwarded) => "forwarded",
        Some(Verdict::Accepted) => "accepted into adjudication",
        Some(Verdict::Split) => "accepted and split",
        Some(Verdict::Unknown) => "status unknown",
        Some(Verdict::NotFound) => "not found",
        Some(Verdict::Rejected) => "rejected",
    }
}

fn action(action: &Action) -> String {
    match action {
        Action::Accept => "accept".to_owned(),
        Action::Reject => "reject".to_owned(),
        Action::Other(other) => other.clone(),
    }
}

fn totals(totals: &Totals, section: &mut Section) {
    let of = |number: Option<u64>, amount: Option<Money>| {
        list([number.map_or_else(String::new, |number| count(number, "claim")), money(amount)])
    };
    section.fact("accepted", of(totals.accepted, totals.accepted_amount));
    section.fact("rejected", of(totals.rejected, totals.rejected_amount));
}

/// A day, or its first and last.
fn span(dates: Option<(Date, Date)>) -> String {
    match dates {
        Some((from, to)) if from != to => format!("{from} to {to}"),
        Some((day, _)) => day.to_string(),
        None => String::new(),
    }
}
