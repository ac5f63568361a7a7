//! The tree of one 837P transaction set down to its claims ([`super::model_claim`]). Every field names the element that carries it; loops nest as in the guide (domain.md 1.2).
//!
//! Numbers that only count (HL, LX, SE01) are not here: the writer computes them. Segment numbers are set by the reader and none in what
//! was built.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::codes::{BatchPurpose, ClaimUse, ReferenceKind, Relationship, Responsibility, Sex};
use super::model_claim::Claim;
use crate::platform::ids::Npi;
use crate::platform::phi::Phi;

/// One transaction set (ST to SE).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProfessionalClaims {
    /// ST02: 4 to 9 digits, unique in its group.
    pub control_number: String,
    /// BHT02.
    pub purpose: BatchPurpose,
    /// BHT03: our key of the batch; a 277CA returns it. At most 30 characters.
    pub reference: String,
    /// BHT04 and BHT05.
    pub created: Option<DateTime>,
    /// BHT06.
    pub claim_use: ClaimUse,
    /// Loop 1000A.
    pub submitter: Submitter,
    /// Loop 1000B.
    pub receiver: Receiver,
    /// Loops 2000A.
    pub billing_providers: Vec<BillingProvider>,
}

/// Loop 1000A: who sends the file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Submitter {
    /// NM102 to NM107.
    pub name: EntityName,
    /// NM108 `46` and NM109, assigned by the receiver.
    pub id: Identifier,
    /// PER, at most 2.
    pub contacts: Vec<Contact>,
}

/// Loop 1000B: who receives the file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Receiver {
    /// NM103.
    pub name: EntityName,
    /// NM108 `46` and NM109.
    pub id: Identifier,
}

/// Loop 2000A: who bills, and for whom.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BillingProvider {
    /// NM102 to NM107: the legal name as enrolled.
    pub name: EntityName,
    /// NM108 `XX` and NM109.
    pub id: Option<Identifier>,
    /// PRV03, where the payer adjudicates on it.
    pub taxonomy: Option<String>,
    /// CUR02: the currency of all amounts, when it is not the dollar.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// N3 and N4: a street, never a box (RFI 1451).
    pub address: Option<Address>,
    /// REF*EI or REF*SY: the tax identifier.
    pub tax_id: Option<Reference>,
    /// Other REF.
    pub references: Vec<Reference>,
    /// PER, at most 2.
    pub contacts: Vec<Contact>,
    /// Loop 2010AB: where payments go, when elsewhere.
    pub pay_to: Option<Address>,
    /// Loops 2000B.
    pub subscribers: Vec<Subscriber>,
}

/// Loop 2000B: the person by whom the payer knows the policy (domain.md 1.4), the payer, and claims for that person or dependents.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Subscriber {
    /// SBR01, of the payer below.
    pub responsibility: Responsibility,
    /// SBR02: present exactly when the patient is the subscriber.
    pub relationship: Option<Relationship>,
    /// SBR03.
    pub group_number: Option<String>,
    /// SBR04.
    pub group_name: Option<String>,
    /// SBR05, Medicare only.
    pub insurance_type: Option<String>,
    /// SBR09: claim filing indicator (`CI`, `MC`, …).
    pub filing_indicator: Option<String>,
    /// PAT.
    pub status: PatientStatus,
    /// Loop 2010BA.
    pub person: Individual,
    /// Loop 2010BB.
    pub payer: Payer,
    /// Loops 2300 of the subscriber.
    pub claims: Vec<Claim>,
    /// Loops 2000C.
    pub patients: Vec<Patient>,
}

/// Loop 2000C: a dependent and the claims for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Patient {
    /// PAT01.
    pub relationship: Relationship,
    /// Rest of PAT.
    pub status: PatientStatus,
    /// Loop 2010CA.
    pub person: Individual,
    /// Loops 2300.
    pub claims: Vec<Claim>,
}

/// What PAT says of a patient besides the relationship.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PatientStatus {
    /// PAT06.
    pub death_date: Option<Phi<Date>>,
    /// PAT09.
    pub pregnant: bool,
}

/// A subscriber or patient: NM1, N3, N4, DMG, REF (2010BA, 2010CA, 2330A).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Individual {
    /// NM102 to NM107.
    pub name: EntityName,
    /// NM108 `MI` and NM109: the member id; dependents have none.
    pub id: Option<Identifier<Phi<String>>>,
    /// N3 and N4.
    pub address: Option<Address>,
    /// DMG02.
    pub birth_date: Option<Phi<Date>>,
    /// DMG03.
    pub sex: Option<Sex>,
    /// REF.
    pub references: Vec<Reference>,
}

/// A payer (2010BB).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Payer {
    /// NM103.
    pub name: String,
    /// NM108 `PI` and NM109, as the clearinghouse assigned it.
    pub id: Identifier,
    /// N3 and N4.
    pub address: Option<Address>,
    /// REF: 2U, FY, NF; G2 and LU identify the billing provider to this payer.
    pub references: Vec<Reference>,
}

/// NM102 to NM107.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum EntityName {
    /// NM102 `1`.
    Person(PersonName),
    /// NM102 `2`: NM103.
    Organization(String),
}

/// A person's name, already in X12's characters ([`crate::edi::charset::normalize`] is applied when written).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonName {
    /// NM103, at most 60 characters.
    pub last: Phi<String>,
    /// NM104, at most 35 characters.
    pub first: Option<Phi<String>>,
    /// NM105, at most 25 characters.
    pub middle: Option<Phi<String>>,
    /// NM107, at most 10 characters.
    pub suffix: Option<Phi<String>>,
}

/// NM108 and NM109: an identifier and what kind it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Identifier<T = String> {
    /// NM108.
    pub qualifier: String,
    /// NM109.
    pub id: T,
}

impl<T> Identifier<T> {
    /// An identifier of some kind.
    pub fn new(qualifier: &str, id: T) -> Identifier<T> {
        Identifier { qualifier: qualifier.to_owned(), id }
    }
}

impl Identifier {
    /// A provider's NPI (`XX`).
    #[must_use]
    pub fn of_npi(npi: Npi) -> Identifier {
        Identifier::new("XX", npi.to_string())
    }

    /// The NPI, when it is one whose check digit holds.
    #[must_use]
    pub fn npi(&self) -> Option<Npi> {
        if self.qualifier == "XX" { self.id.parse().ok() } else { None }
    }
}

/// N3 and N4.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// N301, at most 55 characters.
    pub line1: Phi<String>,
    /// N302, at most 55 characters.
    pub line2: Option<Phi<String>>,
    /// N401, at most 30 characters.
    pub city: Phi<String>,
    /// N402.
    pub state: Option<String>,
    /// N403: digits without hyphen.
    pub postal_code: Option<Phi<String>>,
    /// N404, outside the United States.
    pub country: Option<String>,
    /// N407, outside the United States.
    pub subdivision: Option<String>,
}

/// PER: whom to ask.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// PER02.
    pub name: Option<Phi<String>>,
    /// PER03 to PER08: up to three pairs of kind (`TE` telephone, `EX` extension, `FX` fax, `EM` e-mail) and number.
    pub numbers: Vec<Identifier<Phi<String>>>,
}

/// REF: a reference number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// REF01.
    pub kind: ReferenceKind,
    /// REF02, at most 50 characters.
    pub id: Phi<String>,
    /// REF04-2 after `2U`: the other payer to whom the number belongs (lines only).
    pub payer_id: Option<String>,
}

impl Reference {
    /// A reference number.
    #[must_use]
    pub fn new(kind: ReferenceKind, id: &str) -> Reference {
        Reference { kind, id: Phi::from(id), payer_id: None }
    }

    /// The first number of a kind in a list.
    #[must_use]
    pub fn find<'a>(references: &'a [Reference], kind: &ReferenceKind) -> Option<&'a str> {
        references.iter().find(|r| r.kind == *kind).map(|r| r.id.as_str())
    }
}
