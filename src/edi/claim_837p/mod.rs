//! 837P (005010X222A1): what a practice asks a payer to pay.
//!
//! * [`model`] and [`model_claim`] are the tree of one transaction set: billing providers, subscribers, patients, claims, service lines.
//! * [`write_837p`] writes it, ST to SE; [`write_claims`] writes a whole interchange and says where each claim begins, so that a segment
//!   named by an acknowledgment leads back to its claim. Writers fill in what can be computed (HL and LX numbers, counts) and judge
//!   nothing; what can't be carried (a delimiter in an identifier, a name that is too long) is reported, never cut.
//! * [`read_837p`] reads it back, as a payer would see it. It is lenient: what it can't place is a finding with its position.
//!
//! Reading what was written gives the same tree, and writing that gives the same bytes. Rules: domain.md 1.1 to 1.8.

pub mod codes;
mod cursor;
pub mod model;
pub mod model_claim;
mod read;
mod read_claim;
pub(super) mod write;
mod write_claim;

#[cfg(test)]
mod arbitrary;
#[cfg(test)]
pub(super) mod samples;
#[cfg(test)]
mod tests;

pub use codes::{
    AcceptAssignment, AttachmentKind, BatchPurpose, BenefitsAssignment, ChargeUnit, ClaimDateKind, ClaimUse, Frequency, LineDateKind,
    NdcUnit, ProviderRole, ReferenceKind, Relationship, ReleaseOfInformation, Responsibility, Sex,
};
pub use model::{
    Address, BillingProvider, Contact, EntityName, Identifier, Individual, Patient, PatientStatus, Payer, PersonName, ProfessionalClaims,
    Receiver, Reference, Submitter, Subscriber,
};
pub use model_claim::{
    Adjustment, Attachment, Claim, Condition, Contract, DateValue, Drug, HealthCareCode, LineAdjudication, Note, OtherPayer,
    OtherPayerProvider, OutpatientRemarks, Provider, RelatedCauses, Repricing, ServiceLine,
};
pub use read::read_837p;
pub use write::{WrittenClaim, WrittenInterchange, write_837p, write_alone, write_claims};

/// GS08 and ST03 of a professional claim.
pub const VERSION: &str = "005010X222A1";

/// GS01 of a professional claim.
pub const FUNCTIONAL_ID: &str = "HC";
