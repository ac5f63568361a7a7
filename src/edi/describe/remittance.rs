//! An 835: the payment, each claim, money that belongs to no claim, and the proof that it all adds up (domain.md 2.1 to 2.5).

use super::parts::{cell, contact_kind, count, identifier, list};
use super::words::List;
use super::{CodeList, Describer, Section, Table, Tone};
use crate::edi::TransactionSet;
use crate::edi::remittance_835::{
    BankAccount, ClaimPayment, Contact, Imbalance, Organization, Proof, ProviderAdjustment, Remittance, prove, read_835,
};
use crate::platform::money::Money;

impl Describer<'_> {
    pub(super) fn remittance(&self, set: &TransactionSet) -> Section {
        let (remittance, findings) = read_835(set);
        let payment = &remittance.payment;
        let title = format!("Remittance {}: {} from {}", remittance.control_number, payment.amount, remittance.payer.name);
        let mut section = Section::new(title).at(set.first_segment());
        self.payment(&remittance, &mut section);
        self.organization("payer", &remittance.payer, &mut section);
        self.organization("payee", &remittance.payee, &mut section);
        self.doubts(&findings, &mut section);
        let proof = prove(&remittance);
        let faults = proof.as_ref().err().map_or(&[][..], Vec::as_slice);
        for (index, claim) in remittance.claims.iter().enumerate() {
            let mut part = self.paid_claim(claim);
            if let Some(other) = counterpart(&remittance, index) {
                let label = if claim.is_reversal() { "corrected as" } else { "corrects" };
                part.fact(label, format!("{} (segment {})", other.icn, other.segment));
            }
            for fault in faults.iter().filter(|fault| fault.claim == Some(index)) {
                part.remark(Tone::Bad, format!("does not balance: {fault}"));
            }
            section.parts.push(part);
        }
        self.provider_adjustments(&remittance.provider_adjustments, &mut section);
        section.parts.push(balance(&remittance, &proof));
        section
    }

    fn payment(&self, remittance: &Remittance, section: &mut Section) {
        let payment = &remittance.payment;
        let date = payment.date.map_or_else(String::new, |date| format!("on {date}"));
        let direction = match payment.credit_debit.as_str() {
            "D" => "a debit: the bank takes money, which is rare",
            _ => "",
        };
        let how = format!("{} by {} {date}", payment.amount, List::Method.say(payment.method.as_str()));
        section.fact("payment", list([how.trim_end(), List::Handling.say(payment.handling.as_str()), direction]));
        let account = |account: &BankAccount| list([cell(account.bank.as_ref()), self.opt_phi(account.account.as_ref())]);
        section.fact("from account", account(&payment.from));
        section.fact("to account", account(&payment.to));
        let supplement = remittance.trace_supplement.as_deref().unwrap_or_default();
        section.fact("trace number", list([remittance.trace.as_str(), &identifier("of payer", &remittance.trace_payer), supplement]));
        section.fact("currency", cell(remittance.currency.as_ref()));
        section.fact("produced", cell(remittance.produced));
        for reference in &remittance.references {
            let (kind, value) = self.reference(&reference.qualifier, reference.value.as_str());
            section.fact(kind, value);
        }
    }

    fn organization(&self, label: &str, organization: &Organization, section: &mut Section) {
        let id = identifier(organization.id_qualifier.as_deref().unwrap_or_default(), organization.id.as_deref().unwrap_or_default());
        let numbers = organization.references.iter().map(|reference| {
            let (kind, value) = self.reference(&reference.qualifier, reference.value.as_str());
            format!("{kind} {value}")
        });
        section.fact(label, list([organization.name.clone(), id].into_iter().chain(numbers)));
        if let Some(address) = &organization.address {
            let last = [&address.state, &address.zip, &address.subdivision, &address.country].map(|part| cell(part.as_ref())).join(" ");
            let address = address.lines.iter().cloned().chain([cell(address.city.as_ref()), last.trim().to_owned()]);
            section.fact("", list(address));
        }
        for contact in &organization.contacts {
            section.fact("", self.payer_contact(contact));
        }
    }

    pub(super) fn payer_contact(&self, contact: &Contact) -> String {
        let function = match contact.function.as_str() {
            "BL" => "technical contact",
            "CX" => "claims contact",
            "IC" => "information",
            other => other,
        };
        let numbers = contact.numbers.iter().map(|(kind, number)| format!("{} {number}", contact_kind(kind)));
        list([function.to_owned(), cell(contact.name.as_ref())].into_iter().chain(numbers))
    }

    fn provider_adjustments(&self, adjustments: &[ProviderAdjustment], section: &mut Section) {
        let mut table = Table::new(&["reason", "meaning", "reference", ">amount", "what it does", "provider", "fiscal year ends"]);
        for plb in adjustments {
            let meaning = (self.meanings)(CodeList::ProviderAdjustment, &plb.reason).unwrap_or("no meaning on file");
            table.row(vec![
                plb.reason.to_string(),
                meaning.to_owned(),
                cell(plb.reference.as_ref()),
                plb.amount.to_string(),
                effect(plb.amount),
                plb.provider.clone(),
                cell(plb.fiscal_period_end),
            ]);
        }
        if let Some(first) = adjustments.first() {
            let mut part = Section::new("Provider adjustments: money that belongs to no claim here").at(first.segment);
            part.table(table);
            section.parts.push(part);
        }
    }
}

/// The sign of a PLB amount, in words (domain.md 2.4).
fn effect(amount: Money) -> String {
    if amount.is_zero() {
        "changes nothing".to_owned()
    } else if amount.is_negative() {
        format!("adds {} to the payment", amount.abs())
    } else {
        format!("takes {amount} from the payment")
    }
}

/// The correction of a reversal or the reversal of a correction, where this remittance holds both (domain.md 2.5).
fn counterpart(remittance: &Remittance, index: usize) -> Option<&ClaimPayment> {
    let claim = &remittance.claims[index];
    let belongs = |other: &&ClaimPayment| {
        let (reversal, correction) = if claim.is_reversal() { (claim, *other) } else { (*other, claim) };
        let named = correction.original_icn().is_none_or(|icn| icn == reversal.icn);
        reversal.is_reversal() && !correction.is_reversal() && reversal.pcn == correction.pcn && named
    };
    remittance.claims.iter().find(belongs)
}

/// How the payment comes about, and whether it adds up.
fn balance(remittance: &Remittance, proof: &Result<Proof, Vec<Imbalance>>) -> Section {
    let mut section = Section::new("Balance").at(remittance.payment.segment);
    let paid: Money = remittance.claims.iter().map(|claim| claim.paid).sum();
    let adjusted: Money = remittance.provider_adjustments.iter().map(|plb| plb.amount).sum();
    let mut table = Table::new(&["", ">amount"]);
    table.row(vec![format!("paid for {}", count(remittance.claims.len(), "claim")), paid.to_string()]);
    table.row(vec!["less provider adjustments".to_owned(), adjusted.to_string()]);
    table.total = Some(vec!["payment".to_owned(), remittance.payment.amount.to_string()]);
    section.table(table);
    match proof {
        Ok(proof) => {
            section.remark(
                Tone::Good,
                format!("balances to the cent: {}, {}, the payment", count(proof.lines, "line"), count(proof.claims, "claim")),
            );
            for warning in &proof.warnings {
                section.remark(Tone::Plain, format!("outside of balancing: {warning}"));
            }
        }
        Err(faults) => {
            section.remark(Tone::Bad, format!("does not balance in {}; nothing of it may post", count(faults.len(), "place")));
            for fault in faults.iter().filter(|fault| fault.claim.is_none()) {
                section.remark(Tone::Bad, fault.to_string());
            }
        }
    }
    section
}
