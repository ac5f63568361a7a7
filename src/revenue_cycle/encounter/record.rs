//! Visits as we keep them: matched to our own children, professionals and places, priced, ready to be claimed.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::answers::Answers;
use super::model::{DoseFacts, EpsdtReferral, NdcQuantity};
use crate::platform::ids::{ChargeLineId, ChildId, EncounterId, LocationId, ProviderId};
use crate::platform::money::Money;
use crate::platform::phi::Phi;
use crate::reference::{Cvx, Icd10, Modifier, PlaceOfService, ProcedureCode};

/// A visit of a child of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encounter {
    /// Key.
    pub id: EncounterId,
    /// Who was seen.
    pub child: ChildId,
    /// Who rendered the services.
    pub provider: ProviderId,
    /// Where.
    pub location: LocationId,
    /// Date of service.
    pub service_date: Date,
    /// Place of service of the claim.
    pub place_of_service: PlaceOfService,
    /// Diagnoses, the principal one first.
    pub diagnoses: Vec<Icd10>,
    /// What else the claim needs to know.
    pub details: EncounterDetails,
    /// What was done, in order.
    pub lines: Vec<ChargeLine>,
}

/// Facts that few visits have.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EncounterDetails {
    /// DTP*435, on visits of inpatients (RFI 2130).
    pub admission_date: Option<Date>,
    /// DTP*096, when known.
    pub discharge_date: Option<Date>,
    /// What an EPSDT screening led to (CRC*ZZ); empty: nobody asked.
    pub epsdt_referrals: Vec<EpsdtReferral>,
    /// REF*G1.
    pub authorization: Option<Phi<String>>,
    /// What was asked at check-in.
    #[serde(default)]
    pub answers: Answers,
    /// The doses given, one for each product line that came with one: the claim does not carry them, the edits need them.
    #[serde(default)]
    pub doses: Vec<DoseRecord>,
}

/// A dose of a vaccine or antibody behind a charge line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoseRecord {
    /// Its product line, from 1.
    pub line: usize,
    /// What was given, how, and from whose stock.
    #[serde(flatten)]
    pub facts: DoseFacts,
}

/// One line of charges, priced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChargeLine {
    /// Key.
    pub id: ChargeLineId,
    /// What was done.
    pub code: ProcedureCode,
    /// Its modifiers, in order.
    pub modifiers: Vec<Modifier>,
    /// How often.
    pub units: u32,
    /// The charge for all units.
    pub charge: Money,
    /// Diagnoses it is for, from 1, the main reason first.
    pub pointers: Vec<u8>,
    /// The drug given.
    pub ndc: Option<NdcQuantity>,
    /// For a vaccine product: which vaccine.
    pub cvx: Option<Cvx>,
    /// Where the charge comes from: the schedule's name, or `sent` when the source named the amount.
    pub fee_schedule: String,
}
