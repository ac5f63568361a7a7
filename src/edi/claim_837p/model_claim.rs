//! Claims and their service lines (loops 2300 to 2430), as a tree.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::codes::{
    AcceptAssignment, AttachmentKind, BenefitsAssignment, ChargeUnit, ClaimDateKind, Frequency, LineDateKind, NdcUnit, ProviderRole,
    ReferenceKind, Relationship, ReleaseOfInformation, Responsibility,
};
use super::model::{Address, Contact, EntityName, Identifier, Individual, Payer, Reference};
use crate::edi::remittance_835::{CasGroup, Code, Procedure, Quantity};
use crate::platform::money::Money;
use crate::platform::phi::Phi;

/// DTP02 and DTP03.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DateValue {
    /// `D8`.
    Day(Date),
    /// `RD8`: from and to, both included.
    Span(Date, Date),
    /// Any other format, as it came.
    Other {
        /// DTP02.
        format: String,
        /// DTP03.
        text: String,
    },
}

impl DateValue {
    /// The first day.
    #[must_use]
    pub fn first(&self) -> Option<Date> {
        match self {
            DateValue::Day(day) | DateValue::Span(day, _) => Some(*day),
            DateValue::Other { .. } => None,
        }
    }

    /// The last day.
    #[must_use]
    pub fn last(&self) -> Option<Date> {
        match self {
            DateValue::Day(day) | DateValue::Span(_, day) => Some(*day),
            DateValue::Other { .. } => None,
        }
    }
}

/// Loop 2300: one claim.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    /// Number of the CLM segment in the file it was read from.
    pub segment: Option<u32>,
    /// CLM01: our claim number, at most 20 characters (RFI 525).
    pub id: String,
    /// CLM02: the sum of the lines' charges.
    pub charge: Money,
    /// CLM05-1.
    pub place_of_service: String,
    /// CLM05-3.
    pub frequency: Frequency,
    /// CLM06.
    pub provider_signature: bool,
    /// CLM07.
    pub assignment: AcceptAssignment,
    /// CLM08.
    pub benefits_assignment: BenefitsAssignment,
    /// CLM09.
    pub release: ReleaseOfInformation,
    /// CLM10 `P`: the practice signed for a patient who was not there.
    pub signed_for_patient: bool,
    /// CLM11.
    pub related_causes: Option<RelatedCauses>,
    /// CLM12: `02` children's special health program, `03` federal funding, `05` disability, `09` second opinion.
    pub special_program: Option<String>,
    /// CLM20.
    pub delay_reason: Option<String>,
    /// DTP.
    pub dates: Vec<(ClaimDateKind, DateValue)>,
    /// PWK.
    pub attachments: Vec<Attachment>,
    /// CN1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<Contract>,
    /// AMT*F5.
    pub patient_paid: Option<Money>,
    /// REF.
    pub references: Vec<Reference>,
    /// K3: state data approved by X12.
    pub fixed_format: Vec<String>,
    /// NTE.
    pub note: Option<Note>,
    /// CRC: `ZZ` tells of an EPSDT referral.
    pub conditions: Vec<Condition>,
    /// HI*ABK and ABF: ICD-10-CM codes without point, the principal first.
    pub diagnoses: Vec<String>,
    /// Other HI: condition codes (`BG`), anesthesia (`BP`, `BO`), and ICD-9 (`BK`, `BF`) from before October 2015.
    pub other_codes: Vec<HealthCareCode>,
    /// HCP: what a repricer made of the claim on its way to the payer; a practice sends none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repricing: Option<Repricing>,
    /// Loops 2310: at most one for each role.
    pub providers: Vec<Provider>,
    /// Loops 2320: payers other than the one this claim goes to.
    pub other_payers: Vec<OtherPayer>,
    /// Loops 2400.
    pub lines: Vec<ServiceLine>,
}

impl Claim {
    /// The first reference number of a kind.
    #[must_use]
    pub fn reference(&self, kind: &ReferenceKind) -> Option<&str> {
        Reference::find(&self.references, kind)
    }

    /// The claim-level provider in a role.
    #[must_use]
    pub fn provider(&self, role: &ProviderRole) -> Option<&Provider> {
        self.providers.iter().find(|p| p.role == *role)
    }
}

/// One composite of HI that is not an ICD-10-CM diagnosis.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct HealthCareCode {
    /// First component: the code list.
    pub qualifier: String,
    /// Second component.
    pub code: String,
}

/// CLM11: what the claim is related to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelatedCauses {
    /// CLM11-1 and 2: `AA` automobile, `EM` employment, `OA` other accident.
    pub causes: Vec<String>,
    /// CLM11-4.
    pub state: Option<String>,
    /// CLM11-5.
    pub country: Option<String>,
}

/// PWK: a document that goes with the claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// PWK01.
    pub report_type: String,
    /// PWK02.
    pub transmission: AttachmentKind,
    /// PWK06 after `AC`: our number of the attachment.
    pub control_number: Option<String>,
}

/// CN1: the contract under which the claim is billed, where the payer wants it named.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contract {
    /// CN101: `02` per diem, `03` variable per diem, `04` flat, `05` capitated, `06` percent, `09` other.
    pub kind: String,
    /// CN102.
    pub amount: Option<Money>,
    /// CN103: a percentage.
    pub percent: Option<Quantity>,
    /// CN104.
    pub code: Option<String>,
    /// CN105: a discount in percent.
    pub discount_percent: Option<Quantity>,
    /// CN106.
    pub version: Option<String>,
}

/// HCP: a price by another's contract.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repricing {
    /// HCP01: how the price was found; `00` when it could not be.
    pub method: String,
    /// HCP02: the amount allowed.
    pub allowed: Money,
    /// HCP03: the amount saved.
    pub saved: Option<Money>,
    /// HCP04: who priced.
    pub organization: Option<String>,
    /// HCP05: a rate, per day or flat.
    pub rate: Option<Quantity>,
    /// HCP06: the group of ambulatory care that was priced.
    pub group: Option<String>,
    /// HCP07: the amount of that group.
    pub group_amount: Option<Money>,
    /// HCP13: why it was not priced.
    pub reject_reason: Option<String>,
    /// HCP14: whether the rules of the contract were kept.
    pub compliance: Option<String>,
    /// HCP15: why they did not apply.
    pub exception: Option<String>,
}

/// NTE.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// NTE01: `ADD`, `DCP`, …
    pub code: String,
    /// NTE02; cut to 80 characters when written.
    pub text: Phi<String>,
}

/// CRC: a condition, and whether it applies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    /// CRC01: `ZZ` EPSDT referral.
    pub category: String,
    /// CRC02.
    pub applies: bool,
    /// CRC03 to CRC07: `AV`, `NU`, `S2`, `ST` for an EPSDT referral (domain.md 1.5).
    pub codes: Vec<String>,
}

/// A professional or place in a role: loops 2310 and 2420.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Provider {
    /// NM101.
    pub role: ProviderRole,
    /// NM102 to NM107.
    pub name: EntityName,
    /// NM108 `XX` and NM109.
    pub id: Option<Identifier>,
    /// PRV03.
    pub taxonomy: Option<String>,
    /// N3 and N4.
    pub address: Option<Address>,
    /// REF.
    pub references: Vec<Reference>,
    /// PER.
    pub contact: Option<Contact>,
}

/// Loops 2320 and 2330: another payer of the same patient, and what it decided (domain.md 1.8).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OtherPayer {
    /// SBR01, of this payer.
    pub responsibility: Responsibility,
    /// SBR02: what the patient is to the subscriber of that policy.
    pub relationship: Relationship,
    /// SBR03.
    pub group_number: Option<String>,
    /// SBR04.
    pub group_name: Option<String>,
    /// SBR05.
    pub insurance_type: Option<String>,
    /// SBR09.
    pub filing_indicator: Option<String>,
    /// CAS: what it adjusted on the claim as a whole.
    pub adjustments: Vec<Adjustment>,
    /// AMT*D: what it paid.
    pub paid: Option<Money>,
    /// AMT*A8: the total known not to be covered, when it was never billed.
    pub non_covered: Option<Money>,
    /// AMT*EAF: what remains to the patient.
    pub remaining: Option<Money>,
    /// OI03.
    pub benefits_assignment: BenefitsAssignment,
    /// OI04 `P`.
    pub signed_for_patient: bool,
    /// OI06.
    pub release: ReleaseOfInformation,
    /// MOA.
    pub remarks: Option<OutpatientRemarks>,
    /// Loop 2330A.
    pub subscriber: Individual,
    /// Loop 2330B. Its id equals SVD01 of the lines.
    pub payer: Payer,
    /// DTP*573 in 2330B: when it adjudicated, if no line says so.
    pub adjudicated: Option<Date>,
    /// Loops 2330C to 2330G: role, whether a person, and REF numbers of this payer.
    pub providers: Vec<OtherPayerProvider>,
}

/// Loops 2330C to 2330G: a provider as another payer numbers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherPayerProvider {
    /// NM101.
    pub role: ProviderRole,
    /// NM102 is `1`.
    pub is_person: bool,
    /// REF.
    pub references: Vec<Reference>,
}

/// MOA: remarks on an outpatient claim.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutpatientRemarks {
    /// MOA01.
    pub reimbursement_rate: Option<Quantity>,
    /// MOA02.
    pub payable: Option<Money>,
    /// MOA03 to MOA07.
    pub codes: Vec<String>,
}

/// One triple of a CAS: what a prior payer did not pay, and why. Copied from its remittance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adjustment {
    /// CAS01.
    pub group: CasGroup,
    /// CAS02, 05, …: the reason (CARC).
    pub reason: Code,
    /// CAS03, 06, …
    pub amount: Money,
    /// CAS04, 07, …
    pub quantity: Option<Quantity>,
}

/// Loop 2400: one service line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ServiceLine {
    /// Number of the LX segment in the file it was read from.
    pub segment: Option<u32>,
    /// SV101.
    pub procedure: Procedure,
    /// SV102.
    pub charge: Money,
    /// SV103.
    pub unit: ChargeUnit,
    /// SV104.
    pub quantity: Quantity,
    /// SV105, when not the claim's.
    pub place_of_service: Option<String>,
    /// SV107: up to four numbers, from 1, of the claim's diagnoses; the primary reason first.
    pub diagnosis_pointers: Vec<u8>,
    /// SV109.
    pub emergency: bool,
    /// SV111.
    pub epsdt: bool,
    /// SV112.
    pub family_planning: bool,
    /// SV115 `0`.
    pub copay_exempt: bool,
    /// PWK.
    pub attachments: Vec<Attachment>,
    /// DTP*472.
    pub service_date: Option<DateValue>,
    /// Other DTP.
    pub dates: Vec<(LineDateKind, DateValue)>,
    /// REF; `6R` is our line number.
    pub references: Vec<Reference>,
    /// K3.
    pub fixed_format: Vec<String>,
    /// NTE.
    pub note: Option<Note>,
    /// Loop 2410.
    pub drug: Option<Drug>,
    /// Loops 2420: where a line differs from the claim.
    pub providers: Vec<Provider>,
    /// Loops 2430: what prior payers decided on this line.
    pub adjudications: Vec<LineAdjudication>,
}

impl ServiceLine {
    /// The first reference number of a kind.
    #[must_use]
    pub fn reference(&self, kind: &ReferenceKind) -> Option<&str> {
        Reference::find(&self.references, kind)
    }

    /// The line-level provider in a role.
    #[must_use]
    pub fn provider(&self, role: &ProviderRole) -> Option<&Provider> {
        self.providers.iter().find(|p| p.role == *role)
    }
}

/// Loop 2410: the drug or vaccine given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drug {
    /// LIN02: `N4` for an NDC.
    pub qualifier: String,
    /// LIN03: the NDC, 11 digits.
    pub code: String,
    /// CTP04.
    pub quantity: Option<Quantity>,
    /// CTP05-1.
    pub unit: Option<NdcUnit>,
    /// REF*XZ or VY.
    pub reference: Option<Reference>,
}

/// Loop 2430: what one prior payer decided on one line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LineAdjudication {
    /// SVD01: the payer's id, as in loop 2330B.
    pub payer_id: String,
    /// SVD02.
    pub paid: Money,
    /// SVD03: the procedure as adjudicated.
    pub procedure: Procedure,
    /// SVD05.
    pub units: Quantity,
    /// SVD06: the number of the line into which this one was bundled.
    pub bundled_into: Option<u32>,
    /// CAS.
    pub adjustments: Vec<Adjustment>,
    /// DTP*573.
    pub adjudicated: Option<Date>,
    /// AMT*EAF: what remains to the patient.
    pub remaining: Option<Money>,
}
