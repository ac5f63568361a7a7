//! Visits arrive: from FHIR R4 bundles, our own JSON, or a CSV of charges, and become encounters of our own children with priced lines.
//!
//! Takes: bytes in one of the three forms ([`read_fhir`], [`read_json`], [`read_csv`]), each read into [`model::EncounterDraft`]s. Gives: for
//! each draft an `intake` row as it arrived and one of three ends: *admitted* ([`admit`]: family, child, coverages stored, lines priced,
//! charges in the ledger, a claim asked for), *not billable* (kept, with why), or *held* (kept, with a work item for each reason).
//! Invariants: a visit is known by (source, external id) and admitted once, however often it is sent; what can't be mapped is never guessed; a
//! held visit that is sent again, mended, is tried again and its work items end.
//! Sample: `edi-samples/journeys/01-well-child-paid/encounter.json`.

pub mod admit;
mod answers;
pub mod api;
pub mod assist;
mod check;
mod coding;
mod fhir_dose;
mod fhir_people;
mod fhir_resource;
mod fhir_visit;
mod job;
pub mod model;
pub mod read_csv;
pub mod read_fhir;
pub mod read_json;
mod record;
mod snomed;
mod store;

mod unreadable;

pub use answers::{Accident, AccidentKind, Answers, AuthorizationTerms, Eligibility};
pub use coding::CodingOptions;
pub use job::charges::{AdvisedVisit, advise_visits};
pub use job::{CHUNK_MAX, TakenIn, take_in};
pub use record::{ChargeLine, DoseRecord, Encounter, EncounterDetails};
pub use store::charges::{HeldVisit, UnclaimedVisit, held_visits, unclaimed_visits, visit_keys};
pub use store::{
    EncounterRow, IntakeCount, IntakeStanding, STATEMENTS, earlier_services, encounter_row, encounter_rows, encounters, intake_counts,
    intake_standings, mark, record_referrals,
};
pub use unreadable::Unreadable;
