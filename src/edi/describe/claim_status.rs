//! A 277 that answers where claims stand: each claim, what the payer says of it, and what to do (domain.md 3.4).

use super::eligibility::dated;
use super::parts::{cell, list, money};
use super::words;
use super::{Describer, Section, Tone};
use crate::edi::TransactionSet;
use crate::edi::claim_status::{ClaimStatus, LineStatus, Refusal, ResponsePatient, ResponseProvider, ResponseReceiver, Status, read_277};
use crate::edi::inquiry::{Family, Source};

impl Describer<'_> {
    pub(super) fn claim_status(&self, set: &TransactionSet) -> Section {
        let (answer, findings) = read_277(set);
        let heading = &answer.heading;
        let mut section =
            Section::new(format!("Claim status answer {}: {}", heading.control_number, heading.reference)).at(set.first_segment());
        section.fact("created", heading.created.map_or_else(String::new, words::minute));
        self.doubts(&findings, &mut section);
        section.parts = answer.sources.iter().map(|source| self.status_source(source)).collect();
        section
    }

    fn status_source(&self, source: &Source<ResponseReceiver>) -> Section {
        let mut section = Section::new(format!("Payer {}", self.open_party(&source.payer))).at(source.segment);
        self.party_facts(&source.payer, &mut section);
        for receiver in &source.receivers {
            let mut part = Section::new(format!("Asked by {}", self.open_party(&receiver.submitter))).at(receiver.segment);
            self.party_facts(&receiver.submitter, &mut part);
            self.refusal(receiver.refusal.as_ref(), &mut part);
            part.parts = receiver.providers.iter().map(|provider| self.status_provider(provider)).collect();
            section.parts.push(part);
        }
        section
    }

    fn status_provider(&self, provider: &ResponseProvider) -> Section {
        let mut section = Section::new(format!("Provider {}", self.open_party(&provider.provider))).at(provider.segment);
        self.party_facts(&provider.provider, &mut section);
        self.refusal(provider.refusal.as_ref(), &mut section);
        for patient in provider.families.iter().flat_map(Family::members) {
            section.parts.extend(patient.claims.iter().map(|claim| self.claim_standing(patient, claim)));
        }
        section
    }

    fn refusal(&self, refusal: Option<&Refusal>, section: &mut Section) {
        let Some(refusal) = refusal else { return };
        section.fact("question", refusal.trace.number.clone());
        section.remark(Tone::Bad, refusal.outcome().words());
        self.standings(&refusal.statuses, section);
    }

    fn claim_standing(&self, patient: &ResponsePatient, claim: &ClaimStatus) -> Section {
        let number = claim.pcn().map_or_else(|| claim.trace.number.clone(), |pcn| pcn.reveal().clone());
        let mut section = Section::new(format!("Claim {number}")).at(claim.segment);
        section.fact("patient", self.masked_party(&patient.person));
        section.fact("question", claim.trace.number.clone());
        self.inquiry_references(&claim.references, &mut section);
        section.fact("dates", list(claim.dates.iter().map(dated)));
        let outcome = claim.outcome();
        section.remark(if outcome.is_final() { Tone::Good } else { Tone::Plain }, outcome.words());
        self.standings(&claim.statuses, &mut section);
        for (number, line) in (1..).zip(&claim.lines) {
            section.parts.push(self.line_standing(number, line));
        }
        section
    }

    fn line_standing(&self, number: usize, line: &LineStatus) -> Section {
        let amounts = list([money(line.charge), line.paid.map_or_else(String::new, |paid| format!("{paid} paid"))]);
        let mut section = Section::new(format!("Line {number}: {}", list([words::procedure(&line.procedure), amounts]))).at(line.segment);
        section.fact("units", cell(line.units));
        section.fact("revenue code", cell(line.revenue_code.as_ref()));
        self.inquiry_references(&line.references, &mut section);
        section.fact("dates", list(line.dates.iter().map(dated)));
        self.standings(&line.statuses, &mut section);
        section
    }

    fn standings(&self, statuses: &[Status], section: &mut Section) {
        let others = |status: &Status| {
            vec![
                cell(status.effective),
                money(status.charge),
                money(status.paid),
                cell(status.decided),
                list([cell(status.payment_number.as_ref()), cell(status.paid_on)]),
                self.opt_phi(status.message.as_ref()),
            ]
        };
        let rows = statuses.iter().map(|status| (&status.codes[..], others(status)));
        section.table(self.status_table(&["since", ">charge", ">paid", "decided", "payment", "message"], rows));
    }
}
