//! Payments become an 835: one for each payer, payee and day, balanced and proved before it is written (domain.md 2.1 to 2.4).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::acknowledge::{envelope, write_group};
use super::draw::Key;
use super::intake::{Payee, PayerName, Route};
use crate::edi::remittance_835::{
    Address, BankAccount, ClaimPayment, Contact, CreditDebit, Handling, Imbalance, Organization, Payment, PaymentMethod,
    ProviderAdjustment, Reference, Remittance, prove, write_835,
};
use crate::edi::{Few, WriteError};
use crate::platform::money::Money;
use crate::platform::phi::Phi;

/// What GS08 of an 835 says.
const VERSION: &str = "005010X221A1";

/// A bank that does not exist: no routing number begins with 99, and its check digit holds.
const BANK: &str = "999999992";

/// An 835 before it is written.
pub struct Draft<'a> {
    /// Whither it goes.
    pub route: &'a Route,
    /// Who pays.
    pub payer: &'a PayerName,
    /// Who is paid.
    pub payee: &'a Payee,
    /// When: BPR16.
    pub date: Date,
    /// For what.
    pub claims: Vec<ClaimPayment>,
    /// Interest and money taken back.
    pub adjustments: Vec<Extra>,
    /// What earlier remittances of this payer to this payee carried forward.
    pub carried: Vec<Forward>,
}

/// Money between payer and payee on account of a claim, outside of its payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extra {
    /// `L6` or `WO`.
    pub reason: &'static str,
    /// The claim's ICN.
    pub icn: String,
    /// Above zero reduces the payment.
    pub amount: Money,
}

/// A balance that a remittance would have paid below zero, and carried forward (PLB FB, RFI 222).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forward {
    /// TRN02 of that remittance.
    pub trace: String,
    /// How much it lacked; above zero.
    pub amount: Money,
}

/// An 835 as it leaves.
pub struct Written {
    /// TRN02.
    pub trace: String,
    /// ISA to IEA.
    pub bytes: Vec<u8>,
    /// What it carries forward itself.
    pub forward: Option<Forward>,
}

/// Why an 835 was not written; a fault of the simulator.
#[derive(Debug, thiserror::Error)]
pub enum RemitError {
    /// It does not balance.
    #[error("a remittance does not balance: {0}")]
    Imbalance(Imbalance),
    /// It holds what X12 can't carry.
    #[error("a remittance can't be written: {0}")]
    Write(WriteError),
}

/// Writes a draft. The trace number is a hash of who pays whom, when and for which claims.
pub fn write(draft: Draft<'_>, seed: u64) -> Result<Written, RemitError> {
    let (date, npi) = (draft.date.to_string(), draft.payee.npi.as_deref().unwrap_or_default());
    let mut icns: Vec<&str> = draft.claims.iter().map(|claim| claim.icn.as_str()).collect();
    icns.sort_unstable();
    let key = Key::new(seed, [draft.payer.id.as_str(), npi, &date].into_iter().chain(icns));
    let trace = format!("T{}", key.digits("trace"));
    let number = u32::try_from(key.below("control number", NUMBERS)).unwrap_or_default() + FIRST_NUMBER;
    let envelope = envelope(draft.route, number, draft.date);
    let (remittance, forward) = remittance(draft, seed, &trace);
    prove(&remittance).map_err(|mut faults| RemitError::Imbalance(faults.swap_remove(0)))?;
    let bytes = write_group(&envelope, "HP", VERSION, |w| write_835(&remittance, w));
    let bytes = bytes.map_err(|mut errors| RemitError::Write(errors.swap_remove(0)))?;
    Ok(Written { trace, bytes, forward })
}

/// Control numbers of remittances begin here; acknowledgments count from 1.
const FIRST_NUMBER: u32 = 500_000_000;

/// How many of them there are.
const NUMBERS: u64 = 499_999_999;

fn remittance(draft: Draft<'_>, seed: u64, trace: &str) -> (Remittance, Option<Forward>) {
    let Draft { payer, payee, date, claims, adjustments, carried, .. } = draft;
    let npi = payee.npi.clone().unwrap_or_default();
    let fiscal_period_end = Some(date.last_of_year());
    let plb = |reason: &str, reference: &str, amount| ProviderAdjustment {
        segment: 0,
        provider: npi.clone(),
        fiscal_period_end,
        reason: reason.into(),
        reference: Some(reference.to_owned()),
        amount,
    };
    let mut provider_adjustments: Vec<ProviderAdjustment> =
        adjustments.iter().map(|extra| plb(extra.reason, &extra.icn, extra.amount)).collect();
    provider_adjustments.extend(carried.iter().map(|forward| plb("FB", &forward.trace, forward.amount)));
    let claims_paid: Money = claims.iter().map(|claim| claim.paid).sum();
    let net = claims_paid - provider_adjustments.iter().map(|plb| plb.amount).sum();
    let forward = if net.is_negative() { Some(Forward { trace: trace.to_owned(), amount: -net }) } else { None };
    provider_adjustments.extend(forward.iter().map(|forward| plb("FB", &forward.trace, -forward.amount)));
    let company = format!("1{:09}", Key::new(seed, [&payer.id]).below("tax id", 1_000_000_000));
    let remittance = Remittance {
        control_number: "0001".to_owned(),
        segment: 0,
        payment: payment(net.max(Money::ZERO), &company, date),
        trace: trace.to_owned(),
        trace_payer: company,
        trace_supplement: None,
        currency: None,
        references: Few::new(),
        produced: Some(date),
        payer: paying(payer),
        payee: paid(payee),
        claims,
        provider_adjustments,
        unread: Vec::new(),
    };
    (remittance, forward)
}

fn payment(amount: Money, company: &str, date: Date) -> Payment {
    let moves = amount > Money::ZERO;
    let account = |number: &str| match moves {
        true => BankAccount {
            bank_qualifier: Some("01".to_owned()),
            bank: Some(BANK.to_owned()),
            account_qualifier: Some("DA".to_owned()),
            account: Some(Phi::from(number)),
        },
        false => BankAccount::default(),
    };
    Payment {
        segment: 0,
        handling: if moves { Handling::RemittanceWithPayment } else { Handling::NotificationOnly },
        amount,
        credit_debit: CreditDebit::Credit,
        method: if moves { PaymentMethod::Ach } else { PaymentMethod::NoPayment },
        format: moves.then(|| "CCP".to_owned()),
        from: account("1000000001"),
        company: moves.then(|| company.to_owned()),
        company_supplement: None,
        to: account("2000000002"),
        date: Some(date),
    }
}

fn paying(payer: &PayerName) -> Organization {
    Organization {
        name: payer.name.clone(),
        address: Some(Address {
            lines: vec!["1 PAYER WAY".to_owned()],
            city: Some("DALLAS".to_owned()),
            state: Some("TX".to_owned()),
            zip: Some("75201".to_owned()),
            ..Address::default()
        }),
        references: [Reference { qualifier: "2U".into(), value: Phi::from(payer.id.as_str()) }].into(),
        contacts: vec![Contact {
            function: "BL".to_owned(),
            name: Some("EDI SUPPORT".to_owned()),
            numbers: vec![("TE".to_owned(), "8005550100".to_owned())],
        }],
        ..Organization::default()
    }
}

fn paid(payee: &Payee) -> Organization {
    Organization {
        name: payee.name.clone(),
        id_qualifier: Some("XX".to_owned()),
        id: payee.npi.clone(),
        references: payee.tax_id.iter().map(|id| Reference { qualifier: "TJ".into(), value: Phi::from(id.as_str()) }).collect(),
        ..Organization::default()
    }
}
