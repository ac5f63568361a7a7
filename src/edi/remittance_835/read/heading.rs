//! Who pays whom, how and when: BPR, TRN and the loops 1000A and 1000B; and the provider adjustments (PLB) at the end.

use super::elements::{code, opt, text};
use super::{Collector, Place};
use crate::edi::remittance_835::codes::{CreditDebit, Handling, PaymentMethod};
use crate::edi::remittance_835::model::{Address, BankAccount, Contact, Organization, Payment, ProviderAdjustment};
use crate::edi::{Finding, Segment};
use crate::platform::phi::Phi;

impl Collector {
    pub(super) fn payment(&mut self, s: &Segment<'_>) {
        self.once(s, self.seen_payment);
        self.seen_payment = true;
        let (f, more) = s.fields_and_more::<16>();
        let account = |at: usize| BankAccount {
            bank_qualifier: opt(f[at]),
            bank: opt(f[at + 1]),
            account_qualifier: opt(f[at + 2]),
            account: opt(f[at + 3]).map(Phi::new),
        };
        self.remittance.payment = Payment {
            segment: s.number(),
            handling: Handling::decode(f[0]),
            amount: self.required_money(s, 2, f[1]),
            credit_debit: CreditDebit::decode(f[2]),
            method: PaymentMethod::decode(f[3]),
            format: opt(f[4]),
            from: account(5),
            company: opt(f[9]),
            company_supplement: opt(f[10]),
            to: account(11),
            date: self.date(s, 16, f[15]),
        };
        self.not_carried(s, more);
    }

    pub(super) fn trace(&mut self, s: &Segment<'_>) {
        self.once(s, self.seen_trace);
        self.seen_trace = true;
        let (f, more) = s.fields_and_more::<4>();
        (self.remittance.trace, self.remittance.trace_payer, self.remittance.trace_supplement) = (text(f[1]), text(f[2]), opt(f[3]));
        self.not_carried(s, more);
    }

    pub(super) fn organization(&mut self, s: &Segment<'_>) {
        let (f, more) = s.fields_and_more::<4>();
        let organization =
            Organization { segment: s.number(), name: text(f[1]), id_qualifier: opt(f[2]), id: opt(f[3]), ..Organization::default() };
        let (place, slot) = match f[0] {
            b"PR" => (Place::Payer, &mut self.remittance.payer),
            b"PE" => (Place::Payee, &mut self.remittance.payee),
            _ => {
                self.place = Place::Unknown;
                return self.misplaced(s);
            }
        };
        let again = slot.segment != 0;
        *slot = organization;
        self.place = place;
        self.once(s, again);
        self.not_carried(s, more);
    }

    pub(super) fn address(&mut self, s: &Segment<'_>) {
        let Some(organization) = self.named() else { return self.misplaced(s) };
        let address = organization.address.get_or_insert_default();
        if s.id() == "N3" {
            let (f, more) = s.fields_and_more::<2>();
            address.lines = f.iter().filter(|line| !line.is_empty()).map(|line| text(line)).collect();
            self.not_carried(s, more);
        } else {
            let (f, more) = s.fields_and_more::<7>();
            *address = Address {
                lines: std::mem::take(&mut address.lines),
                city: opt(f[0]),
                state: opt(f[1]),
                zip: opt(f[2]),
                country: opt(f[3]),
                subdivision: opt(f[6]),
            };
            self.not_carried(s, more || !f[4].is_empty() || !f[5].is_empty());
        }
    }

    pub(super) fn contact(&mut self, s: &Segment<'_>) {
        let (f, more) = s.fields_and_more::<8>();
        let contact = Contact {
            function: text(f[0]),
            name: opt(f[1]),
            numbers: f[2..].chunks(2).filter(|pair| !pair.concat().is_empty()).map(|pair| (text(pair[0]), text(pair[1]))).collect(),
        };
        match (self.place, &mut self.claim) {
            (Place::Claim, Some(claim)) => claim.contacts.push(contact),
            _ => match self.named() {
                Some(organization) => organization.contacts.push(contact),
                None => return self.misplaced(s),
            },
        }
        self.not_carried(s, more);
    }

    /// The payer or payee that the present place is in.
    pub(super) fn named(&mut self) -> Option<&mut Organization> {
        match self.place {
            Place::Payer => Some(&mut self.remittance.payer),
            Place::Payee => Some(&mut self.remittance.payee),
            _ => None,
        }
    }

    pub(super) fn provider_adjustments(&mut self, s: &Segment<'_>) {
        self.place = Place::Footer;
        let provider = s.text(1).into_owned();
        let fiscal_period_end = self.date(s, 2, s.bytes(2));
        let mut elements = s.raw().split(|&byte| byte == s.delimiters().element).skip(3);
        for n in (3..).step_by(2) {
            let Some(identifier) = elements.next() else { break };
            let amount = elements.next().unwrap_or_default();
            if identifier.is_empty() && amount.is_empty() {
                continue;
            }
            if identifier.is_empty() || amount.is_empty() {
                self.report(Finding::warning("ERA-PLB-PAIR", s.at(n), "a provider adjustment has no reason or no amount"));
            }
            let mut parts = identifier.splitn(2, |&byte| byte == s.delimiters().component);
            let (reason, reference) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
            let amount = self.money(s, n + 1, amount).unwrap_or_default();
            self.remittance.provider_adjustments.push(ProviderAdjustment {
                segment: s.number(),
                provider: provider.clone(),
                fiscal_period_end,
                reason: code(reason),
                reference: opt(reference),
                amount,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use crate::edi::Severity;
    use crate::edi::remittance_835::read::tests::codes;
    use crate::edi::remittance_835::samples::{self, money, read, remittance};
    use crate::edi::remittance_835::{Handling, PaymentMethod};
    use crate::platform::phi::Phi;

    #[test]
    fn the_heading_says_who_pays_whom_how_and_when() {
        let r = remittance(samples::PAID_WITH_PLB);
        assert_eq!((r.control_number.as_str(), r.segment, r.payment.segment), ("0001", 3, 4));
        assert_eq!((&r.payment.handling, &r.payment.method), (&Handling::RemittanceWithPayment, &PaymentMethod::Ach));
        assert_eq!((r.payment.amount, r.payment.date), (money("715.25"), Some(date(2026, 12, 7))));
        assert_eq!(r.payment.to.account.as_ref().map(Phi::as_str), Some("987654"));
        assert_eq!((r.trace.as_str(), r.trace_payer.as_str(), r.produced), ("EFT201", "1741000000", Some(date(2026, 12, 7))));
        assert_eq!((r.payer.name.as_str(), r.payer.payer_id()), ("SAMPLE BLUE PPO", Some("00900")));
        assert_eq!((r.payee.npi(), r.payee.tax_id()), (Some("1234567893"), Some("741234567")));
        assert_eq!(r.payer.contacts[0].numbers, [("TE".to_owned(), "8005550100".to_owned())]);
        assert_eq!(r.payer.address.as_ref().and_then(|a| a.zip.as_deref()), Some("75201"));
    }

    #[test]
    fn a_second_payment_segment_is_an_error() {
        let (_, findings) = read(&samples::PAID_WITH_PLB.replace("TRN*", "BPR*I*1*C*CHK~TRN*"));
        assert_eq!(codes(&findings), [("ERA-REPEATED", Severity::Error)]);
    }
}
