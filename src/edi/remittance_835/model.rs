//! The types of one 835 transaction set. Every claim, line, adjustment and provider adjustment knows the number of its segment in the
//! file (from 1; 0 when the value was built and not read), so that a ledger entry can be traced to the segment that caused it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::code::Code;
use super::codes::{CasGroup, ClaimStatus, CreditDebit, Handling, PartyRole, PaymentMethod};
use super::quantity::Quantity;
use crate::edi::Few;
use crate::edi::inquiry::Unread;
use crate::platform::money::Money;
use crate::platform::phi::Phi;

/// One remittance: what one ST..SE says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Remittance {
    /// ST02: four to nine digits.
    pub control_number: String,
    /// The number of the ST segment in the file.
    pub segment: u32,
    /// BPR.
    pub payment: Payment,
    /// TRN02: the check number or the trace number of the transfer, which the bank's addenda repeat.
    pub trace: String,
    /// TRN03: the payer, mostly `1` and its EIN.
    pub trace_payer: String,
    /// TRN04: a subsidiary of the payer.
    pub trace_supplement: Option<String>,
    /// CUR02, when the payer names a currency.
    pub currency: Option<String>,
    /// REF*EV (the receiver) and REF*F2 (the payer's system version).
    pub references: Few<Reference>,
    /// DTM*405: the end of the adjudication cycle.
    pub produced: Option<Date>,
    /// Loop 1000A.
    pub payer: Organization,
    /// Loop 1000B.
    pub payee: Organization,
    /// Loops 2100, in the order of the file.
    pub claims: Vec<ClaimPayment>,
    /// All pairs of all PLB segments, in the order of the file.
    pub provider_adjustments: Vec<ProviderAdjustment>,
    /// Segments that have no place above, or of which an element has none or can't be read; as they came, with their place in the file.
    /// They are told of by findings, and are for people: [`write_835`](super::write_835) leaves them out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unread: Vec<Unread>,
}

/// BPR: the payment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Payment {
    /// The number of the BPR segment in the file.
    pub segment: u32,
    /// BPR01.
    pub handling: Handling,
    /// BPR02: what is paid; never negative (RFI 222).
    pub amount: Money,
    /// BPR03.
    pub credit_debit: CreditDebit,
    /// BPR04.
    pub method: PaymentMethod,
    /// BPR05: `CCP` or `CTX`.
    pub format: Option<String>,
    /// BPR06 to 09: from which account.
    pub from: BankAccount,
    /// BPR10: the payer's company identifier.
    pub company: Option<String>,
    /// BPR11: a subsidiary of the payer.
    pub company_supplement: Option<String>,
    /// BPR12 to 15: to which account.
    pub to: BankAccount,
    /// BPR16: the date of the check or the settlement of the transfer.
    pub date: Option<Date>,
}

/// BPR06 to 09 or 12 to 15: a bank and an account.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BankAccount {
    /// `01` for an ABA number.
    pub bank_qualifier: Option<String>,
    /// The bank.
    pub bank: Option<String>,
    /// `DA` demand deposit, `SG` savings.
    pub account_qualifier: Option<String>,
    /// The account.
    pub account: Option<Phi<String>>,
}

/// Loop 1000A (payer) or 1000B (payee).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Organization {
    /// The number of the N1 segment in the file.
    pub segment: u32,
    /// N102.
    pub name: String,
    /// N103: `XV` for a payer; `XX` NPI or `FI` tax id for a payee.
    pub id_qualifier: Option<String>,
    /// N104.
    pub id: Option<String>,
    /// N3 and N4.
    pub address: Option<Address>,
    /// REF: 2U payer id; TJ tax id, PQ payee id.
    pub references: Few<Reference>,
    /// PER.
    pub contacts: Vec<Contact>,
}

/// N3 and N4 of an organization.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Address {
    /// N301, N302.
    pub lines: Vec<String>,
    /// N401.
    pub city: Option<String>,
    /// N402.
    pub state: Option<String>,
    /// N403.
    pub zip: Option<String>,
    /// N404.
    pub country: Option<String>,
    /// N407.
    pub subdivision: Option<String>,
}

/// PER: whom to call.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Contact {
    /// PER01: `CX` claims office, `BL` technical, `IC` information.
    pub function: String,
    /// PER02.
    pub name: Option<String>,
    /// PER03 to 08: (qualifier, number): `TE`, `FX`, `EX`, `EM`, `UR`.
    pub numbers: Vec<(String, String)>,
}

/// REF: a reference number. Some are member ids or social security numbers, hence masked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reference {
    /// REF01.
    pub qualifier: Code,
    /// REF02.
    pub value: Phi<Code>,
}

/// DTM: a date.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QualifiedDate {
    /// DTM01.
    pub qualifier: Code,
    /// DTM02.
    pub date: Date,
}

/// AMT: an informational amount; none takes part in balancing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QualifiedAmount {
    /// AMT01.
    pub qualifier: Code,
    /// AMT02.
    pub amount: Money,
}

/// QTY: an informational quantity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QualifiedQuantity {
    /// QTY01.
    pub qualifier: Code,
    /// QTY02.
    pub quantity: Quantity,
}

/// Loop 2100: how one claim was adjudicated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClaimPayment {
    /// The number of the CLP segment in the file.
    pub segment: u32,
    /// LX01 of the loop 2000 that holds the claim; empty when there is none.
    pub header: Code,
    /// CLP01: our claim number (CLM01); `0` when the payer has none.
    pub pcn: String,
    /// CLP02.
    pub status: ClaimStatus,
    /// CLP03.
    pub charge: Money,
    /// CLP04.
    pub paid: Money,
    /// CLP05; not to be relied on in reversals (RFI 2548).
    pub patient_responsibility: Option<Money>,
    /// CLP06: the kind of plan.
    pub filing_indicator: Option<Code>,
    /// CLP07: the payer's claim number.
    pub icn: String,
    /// CLP08: the place of service.
    pub facility: Option<Code>,
    /// CLP09: the claim frequency.
    pub frequency: Option<Code>,
    /// CLP11 to 13: DRG, its weight, the share of the stay: hospital claims only.
    pub drg: [Option<Code>; 3],
    /// CAS at claim level.
    pub adjustments: Few<Adjustment>,
    /// NM1: patient, insured, corrected insured, rendering provider, other payers.
    pub parties: Vec<Party>,
    /// MOA03 to 07 (professional) and MIA05, 20 to 23 (hospital): remark codes of the whole claim.
    pub remarks: Vec<Code>,
    /// REF: F8 the original ICN of a correction, CE contract class, EA, 1L, 1W, G1 …
    pub references: Few<Reference>,
    /// DTM: 232 and 233 statement period, 036 coverage expiry, 050 received.
    pub dates: Few<QualifiedDate>,
    /// PER*CX.
    pub contacts: Vec<Contact>,
    /// AMT: AU covered, D8 discount, F5 patient paid, I interest …
    pub amounts: Few<QualifiedAmount>,
    /// QTY.
    pub quantities: Few<QualifiedQuantity>,
    /// Loops 2110, in the order of the file.
    pub lines: Vec<ServiceLine>,
}

/// NM1 of loop 2100.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Party {
    /// The number of the NM1 segment in the file.
    pub segment: u32,
    /// NM101.
    pub role: PartyRole,
    /// NM102 is `1`.
    pub is_person: bool,
    /// NM103: family name, or an organization's name.
    pub name: Option<Phi<Code>>,
    /// NM104.
    pub first: Option<Phi<Code>>,
    /// NM105.
    pub middle: Option<Phi<Code>>,
    /// NM107.
    pub suffix: Option<Phi<Code>>,
    /// NM108: `MI` member id, `XX` NPI, `PI` payer id …
    pub id_qualifier: Option<Code>,
    /// NM109.
    pub id: Option<Phi<Code>>,
}

/// Loop 2110: how one service line was adjudicated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ServiceLine {
    /// The number of the SVC segment in the file.
    pub segment: u32,
    /// SVC01: what the payer adjudicated.
    pub procedure: Procedure,
    /// SVC02.
    pub charge: Money,
    /// SVC03.
    pub paid: Money,
    /// SVC04: hospital claims only.
    pub revenue_code: Option<Code>,
    /// SVC05; absent means 1.
    pub units: Option<Quantity>,
    /// SVC06: what we submitted, when the payer adjudicated something else.
    pub submitted: Option<Box<Procedure>>,
    /// SVC07: units we submitted, when they differ.
    pub submitted_units: Option<Quantity>,
    /// DTM: 472 the day of service, or 150 and 151 its period.
    pub dates: Few<QualifiedDate>,
    /// CAS at line level.
    pub adjustments: Few<Adjustment>,
    /// REF: 6R our line number, 0K policy, LU, G1, BB …
    pub references: Few<Reference>,
    /// AMT: B6 allowed, KH late filing, T tax …
    pub amounts: Few<QualifiedAmount>,
    /// QTY.
    pub quantities: Few<QualifiedQuantity>,
    /// LQ.
    pub remarks: Few<Remark>,
}

/// SVC01, SVC06 (and SVC01 of a 277CA): a procedure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Procedure {
    /// `HC` for CPT and HCPCS, `N4` for NDC …
    pub qualifier: Code,
    /// The code.
    pub code: Code,
    /// Up to four, in order.
    pub modifiers: Few<Code>,
    /// The seventh component: the payer's text.
    pub description: Option<String>,
}

/// One adjustment: a triple of a CAS segment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Adjustment {
    /// The number of the CAS segment in the file.
    pub segment: u32,
    /// CAS01.
    pub group: CasGroup,
    /// CAS02, 05, 08, 11, 14, 17: the reason (CARC); empty when the payer gave an amount without one.
    pub reason: Code,
    /// CAS03 …: what is not paid; positive amounts reduce the payment.
    pub amount: Money,
    /// CAS04 …: units not paid.
    pub quantity: Option<Quantity>,
}

/// LQ: a remark of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    /// LQ01: `HE` for a RARC, `RX` for a pharmacy code.
    pub qualifier: Code,
    /// LQ02.
    pub code: Code,
}

/// One pair of a PLB segment: money between payer and provider that belongs to no claim of this remittance (domain.md 2.4).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProviderAdjustment {
    /// The number of the PLB segment in the file.
    pub segment: u32,
    /// PLB01: the provider, mostly the payee's NPI.
    pub provider: String,
    /// PLB02: the last day of the provider's fiscal year.
    pub fiscal_period_end: Option<Date>,
    /// The reason: WO, FB, L6 …
    pub reason: Code,
    /// To what it refers: an ICN, a trace number, a check number.
    pub reference: Option<String>,
    /// Positive reduces the payment, negative increases it.
    pub amount: Money,
}

impl Organization {
    /// The NPI, when the organization is named by one.
    #[must_use]
    pub fn npi(&self) -> Option<&str> {
        self.id_by("XX")
    }

    /// The tax id: N104 under `FI`, else REF*TJ.
    #[must_use]
    pub fn tax_id(&self) -> Option<&str> {
        self.id_by("FI").or_else(|| reference(&self.references, "TJ"))
    }

    /// The payer's identifier among payers: REF*2U, else N104 (the national plan id).
    #[must_use]
    pub fn payer_id(&self) -> Option<&str> {
        reference(&self.references, "2U").or(self.id.as_deref())
    }

    fn id_by(&self, qualifier: &str) -> Option<&str> {
        self.id.as_deref().filter(|_| self.id_qualifier.as_deref() == Some(qualifier))
    }
}

impl ClaimPayment {
    /// The first party in a role.
    #[must_use]
    pub fn party(&self, role: &PartyRole) -> Option<&Party> {
        self.parties.iter().find(|party| party.role == *role)
    }

    /// Whether this claim negates an earlier payment (CLP02 is 22).
    #[must_use]
    pub fn is_reversal(&self) -> bool {
        self.status == ClaimStatus::Reversal
    }

    /// REF*F8: the ICN of the adjudication that this claim corrects.
    #[must_use]
    pub fn original_icn(&self) -> Option<&str> {
        reference(&self.references, "F8")
    }

    /// A date by its qualifier, such as `050` (received) or `036` (coverage expiry).
    #[must_use]
    pub fn date(&self, qualifier: &str) -> Option<Date> {
        date(&self.dates, qualifier)
    }

    /// An amount by its qualifier, such as `AU`.
    #[must_use]
    pub fn amount(&self, qualifier: &str) -> Option<Money> {
        amount(&self.amounts, qualifier)
    }

    /// All adjustments, of the claim and then of its lines.
    pub fn all_adjustments(&self) -> impl Iterator<Item = &Adjustment> {
        self.adjustments.iter().chain(self.lines.iter().flat_map(|line| &line.adjustments))
    }
}

impl ServiceLine {
    /// REF*6R: our line number, as we sent it in the claim.
    #[must_use]
    pub fn line_number(&self) -> Option<&str> {
        reference(&self.references, "6R")
    }

    /// The first day of service: DTM*472, else DTM*150.
    #[must_use]
    pub fn service_date(&self) -> Option<Date> {
        date(&self.dates, "472").or_else(|| date(&self.dates, "150"))
    }

    /// AMT*B6: what the payer allows for the line.
    #[must_use]
    pub fn allowed(&self) -> Option<Money> {
        amount(&self.amounts, "B6")
    }

    /// What we submitted: SVC06, else SVC01.
    #[must_use]
    pub fn submitted_procedure(&self) -> &Procedure {
        self.submitted.as_deref().unwrap_or(&self.procedure)
    }
}

fn reference<'a>(references: &'a [Reference], qualifier: &str) -> Option<&'a str> {
    references.iter().find(|r| r.qualifier == qualifier).map(|r| r.value.as_str())
}

fn date(dates: &[QualifiedDate], qualifier: &str) -> Option<Date> {
    dates.iter().find(|d| d.qualifier == qualifier).map(|d| d.date)
}

fn amount(amounts: &[QualifiedAmount], qualifier: &str) -> Option<Money> {
    amounts.iter().find(|a| a.qualifier == qualifier).map(|a| a.amount)
}
