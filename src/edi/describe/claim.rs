//! An 837P: each claim with the people and payers it is about, whatever the loops it was taken from (domain.md 1.2 to 1.8).

use super::parts::{cell, identifier, is_public, list, money};
use super::words::List;
use super::{CodeList, Describer, Section, Tone, words};
use crate::edi::TransactionSet;
use crate::edi::claim_837p::{
    Attachment, BillingProvider, Claim, Identifier, Individual, Note, OtherPayer, Patient, PatientStatus, ProfessionalClaims, Provider,
    Subscriber, read_837p,
};
use crate::edi::remittance_835::Quantity;
use crate::platform::phi::Phi;

impl Describer<'_> {
    pub(super) fn claims(&self, set: &TransactionSet) -> Section {
        let (claims, findings) = read_837p(set);
        let mut section = Section::new(format!("Claims {}: batch {}", claims.control_number, claims.reference)).at(set.first_segment());
        self.heading(&claims, &mut section);
        self.doubts(&findings, &mut section);
        for biller in &claims.billing_providers {
            section.parts.push(self.biller(biller));
        }
        section
    }

    fn heading(&self, claims: &ProfessionalClaims, section: &mut Section) {
        let purpose = match claims.purpose.as_str() {
            "00" => "original",
            "18" => "sent again: the first copy was lost",
            other => other,
        };
        let for_what = match claims.claim_use.as_str() {
            "CH" => "payment is asked for",
            "RP" => "encounters reported, no payment asked for",
            other => other,
        };
        section.fact("purpose", list([purpose, for_what]));
        section.fact("created", claims.created.map_or_else(String::new, words::minute));
        section.fact("from", self.named(&claims.submitter.name, Some(&claims.submitter.id)));
        for contact in &claims.submitter.contacts {
            section.fact("", self.contact(contact));
        }
        section.fact("to", self.named(&claims.receiver.name, Some(&claims.receiver.id)));
    }

    fn biller(&self, biller: &BillingProvider) -> Section {
        let mut section = Section::new(format!("Billing provider {}", self.named(&biller.name, biller.id.as_ref())));
        section.fact("taxonomy", cell(biller.taxonomy.as_ref()));
        section.fact("currency", cell(biller.currency.as_ref()));
        section.fact("address", self.address(biller.address.as_ref()));
        section.fact("pay to", self.address(biller.pay_to.as_ref()));
        self.references(biller.tax_id.as_slice(), &mut section);
        self.references(&biller.references, &mut section);
        for contact in &biller.contacts {
            section.fact("contact", self.contact(contact));
        }
        for subscriber in &biller.subscribers {
            let own = subscriber.claims.iter().map(|claim| (claim, None));
            let theirs = subscriber.patients.iter().flat_map(|patient| patient.claims.iter().map(move |claim| (claim, Some(patient))));
            for (claim, patient) in own.chain(theirs) {
                section.parts.push(self.claim(claim, subscriber, patient));
            }
        }
        section
    }

    fn claim(&self, claim: &Claim, subscriber: &Subscriber, patient: Option<&Patient>) -> Section {
        let title = format!("Claim {}: {}, {}", claim.id, claim.charge, List::Frequency.say(claim.frequency.as_str()));
        let mut section = Section::new(title).at(claim.segment.unwrap_or_default());
        self.destination(subscriber, &mut section);
        self.people(subscriber, patient, &mut section);
        section.fact("place", self.meant(CodeList::Place, &claim.place_of_service));
        self.circumstances(claim, &mut section);
        let diagnoses = (1..).zip(&claim.diagnoses).map(|(number, code)| format!("{number} {code}"));
        section.fact("diagnoses", list(diagnoses));
        section.fact("other codes", list(claim.other_codes.iter().map(|code| format!("{} {}", code.qualifier, code.code))));
        for provider in &claim.providers {
            section.fact(List::Role.say(provider.role.as_str()), self.provider(provider));
        }
        self.service_lines(claim, &mut section);
        for payer in &claim.other_payers {
            section.parts.push(self.other_payer(claim, payer));
        }
        section
    }

    fn destination(&self, subscriber: &Subscriber, section: &mut Section) {
        let payer = &subscriber.payer;
        let order = List::Responsibility.say(subscriber.responsibility.as_str());
        let filing = subscriber.filing_indicator.as_ref().map_or_else(String::new, |code| self.meant(CodeList::FilingIndicator, code));
        section.fact("goes to", list([payer.name.clone(), identifier(&payer.id.qualifier, &payer.id.id), format!("as {order}"), filing]));
        section.fact("", self.address(payer.address.as_ref()));
        self.references(&payer.references, section);
        section.fact("group", list([cell(subscriber.group_number.as_ref()), cell(subscriber.group_name.as_ref())]));
        section.fact("Medicare type", cell(subscriber.insurance_type.as_ref()));
    }

    fn people(&self, subscriber: &Subscriber, patient: Option<&Patient>, section: &mut Section) {
        section.fact("subscriber", self.individual(&subscriber.person, &subscriber.status));
        self.references(&subscriber.person.references, section);
        match patient {
            Some(patient) => {
                let is = format!("{} of the subscriber", List::Relationship.say(patient.relationship.as_str()));
                section.fact("patient", list([is, self.individual(&patient.person, &patient.status)]));
                self.references(&patient.person.references, section);
            }
            None => section.fact("patient", subscriber.relationship.as_ref().map_or("", |is| List::Relationship.say(is.as_str()))),
        }
    }

    fn individual(&self, person: &Individual, status: &PatientStatus) -> String {
        list([
            self.name_of_person(&person.name),
            self.masked_id(person.id.as_ref()),
            person.birth_date.as_ref().map_or_else(String::new, |date| format!("born {}", self.phi(date))),
            cell(person.sex.as_ref().map(|sex| sex.as_str())),
            self.address(person.address.as_ref()),
            status.death_date.as_ref().map_or_else(String::new, |date| format!("died {}", self.phi(date))),
            if status.pregnant { "pregnant".to_owned() } else { String::new() },
        ])
    }

    pub(super) fn masked_id(&self, id: Option<&Identifier<Phi<String>>>) -> String {
        let shown = |id: &Identifier<Phi<String>>| if is_public(&id.qualifier) { id.id.reveal().clone() } else { self.phi(&id.id) };
        id.map_or_else(String::new, |id| identifier(&id.qualifier, &shown(id)))
    }

    fn circumstances(&self, claim: &Claim, section: &mut Section) {
        self.references(&claim.references, section);
        for (kind, value) in &claim.dates {
            section.fact(List::Date.say(kind.as_str()), words::date_value(value));
        }
        if let Some(related) = &claim.related_causes {
            let causes = related.causes.iter().map(|code| List::Cause.both(code));
            let place = [&related.state, &related.country].into_iter().flatten().cloned();
            section.fact("related to", list(causes.chain(place)));
        }
        let code = |list: List, code: &Option<String>| code.as_ref().map_or_else(String::new, |code| list.both(code));
        section.fact("special program", code(List::SpecialProgram, &claim.special_program));
        section.fact("filed late because", code(List::DelayReason, &claim.delay_reason));
        section.fact("patient paid", money(claim.patient_paid));
        for condition in &claim.conditions {
            let answer = if condition.applies { "yes" } else { "no" };
            let is_referral = condition.category == "ZZ";
            let codes = condition.codes.iter().map(|code| List::Condition.both(code));
            let label = if is_referral { "EPSDT referral".to_owned() } else { format!("condition {}", condition.category) };
            section.fact(label, list([answer.to_owned()].into_iter().chain(codes)));
        }
        for attachment in &claim.attachments {
            section.fact("attachment", self::attachment(attachment));
        }
        if let Some(contract) = &claim.contract {
            let percent = |percent: Option<Quantity>| percent.map_or_else(String::new, |percent| format!("{percent} %"));
            let parts = [contract.kind.clone(), money(contract.amount), percent(contract.percent), cell(contract.code.as_ref())];
            section.fact("contract", list(parts.into_iter().chain([percent(contract.discount_percent), cell(contract.version.as_ref())])));
        }
        if let Some(repricing) = &claim.repricing {
            let allowed = format!("{} allowed", repricing.allowed);
            let saved = repricing.saved.map_or_else(String::new, |saved| format!("{saved} saved"));
            let by = [&repricing.organization, &repricing.group, &repricing.reject_reason, &repricing.compliance, &repricing.exception];
            let others = by.into_iter().flatten().cloned().chain([cell(repricing.rate), money(repricing.group_amount)]);
            section.fact("repriced", list([repricing.method.clone(), allowed, saved].into_iter().chain(others)));
        }
        section.fact("note", self.note(claim.note.as_ref()));
        for text in &claim.fixed_format {
            section.fact("state data", self.free(text));
        }
        let unusual = [
            (!claim.provider_signature, "no provider signature on file"),
            (claim.signed_for_patient, "signed for the patient"),
            (claim.assignment.as_str() != "A", "assignment not accepted in full"),
            (claim.benefits_assignment.as_str() != "Y", "benefits not assigned to the practice"),
        ];
        section.fact("signatures", list(unusual.into_iter().filter(|(is, _)| *is).map(|(_, what)| what)));
    }

    pub(super) fn note(&self, note: Option<&Note>) -> String {
        note.map_or_else(String::new, |note| format!("{} {}", note.code, self.phi(&note.text)))
    }

    pub(super) fn provider(&self, provider: &Provider) -> String {
        let taxonomy = provider.taxonomy.as_ref().map_or_else(String::new, |code| format!("taxonomy {code}"));
        let numbers = provider.references.iter().map(|reference| {
            let (kind, value) = self.reference(reference.kind.as_str(), reference.id.as_str());
            format!("{kind} {value}")
        });
        let contact = provider.contact.as_ref().map_or_else(String::new, |contact| self.contact(contact));
        let known = [self.named(&provider.name, provider.id.as_ref()), taxonomy, self.address(provider.address.as_ref()), contact];
        list(known.into_iter().chain(numbers))
    }

    fn other_payer(&self, claim: &Claim, other: &OtherPayer) -> Section {
        let order = List::Responsibility.say(other.responsibility.as_str());
        let id = identifier(&other.payer.id.qualifier, &other.payer.id.id);
        let mut section = Section::new(format!("Other payer, {order}: {}", list([other.payer.name.as_str(), &id])));
        section.fact("plan", other.filing_indicator.as_ref().map_or_else(String::new, |code| self.meant(CodeList::FilingIndicator, code)));
        section.fact("group", list([cell(other.group_number.as_ref()), cell(other.group_name.as_ref())]));
        section.fact("Medicare type", cell(other.insurance_type.as_ref()));
        section.fact("subscriber", self.individual(&other.subscriber, &PatientStatus::default()));
        self.references(&other.subscriber.references, &mut section);
        section.fact("patient is", List::Relationship.say(other.relationship.as_str()));
        self.references(&other.payer.references, &mut section);
        section.fact("", self.address(other.payer.address.as_ref()));
        section.fact("decided", cell(other.adjudicated));
        section.fact("paid", money(other.paid));
        section.fact("not covered, not billed", money(other.non_covered));
        section.fact("patient still owes", money(other.remaining));
        if let Some(remarks) = &other.remarks {
            let rate = remarks.reimbursement_rate.map_or_else(String::new, |rate| format!("rate {rate}"));
            let payable = remarks.payable.map_or_else(String::new, |amount| format!("payable {amount}"));
            let codes = remarks.codes.iter().map(|code| self.meant(CodeList::Remark, code));
            section.fact("remarks", list([rate, payable].into_iter().chain(codes)));
        }
        for provider in &other.providers {
            let numbers = provider.references.iter().map(|reference| {
                let (kind, value) = self.reference(reference.kind.as_str(), reference.id.as_str());
                format!("{kind} {value}")
            });
            section.fact(List::Role.say(provider.role.as_str()), list(numbers));
        }
        let unusual = [
            (other.signed_for_patient, "signed for the patient"),
            (other.benefits_assignment.as_str() != "Y", "benefits not assigned to the practice"),
        ];
        section.fact("signatures", list(unusual.into_iter().filter(|(is, _)| *is).map(|(_, what)| what)));
        self.decisions(claim, other, &mut section);
        section
    }
}

/// PWK in words.
pub(super) fn attachment(attachment: &Attachment) -> String {
    let way = match attachment.transmission.as_str() {
        "AA" => "on request",
        "BM" => "by mail",
        "EL" => "electronically",
        "EM" => "by e-mail",
        "FT" => "by file transfer",
        "FX" => "by fax",
        other => other,
    };
    let number = attachment.control_number.as_ref().map_or_else(String::new, |number| format!("number {number}"));
    list([format!("report {}", attachment.report_type), way.to_owned(), number])
}

/// Adds a sentence on whether an equation holds.
pub(super) fn judge(section: &mut Section, holds: bool, what: String) {
    match holds {
        true => section.remark(Tone::Good, what),
        false => section.remark(Tone::Bad, format!("does not balance: {what}")),
    }
}
