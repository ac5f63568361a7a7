//! The stages of the revenue cycle, one folder each, in the order of the money. Each folder's `mod.rs` is its contract.

// States and kinds that the database writes as one word.
#[macro_use]
mod coded;

// Visits arrive and are priced.
pub mod encounter;

// A visit becomes a claim of one payer.
pub mod claim;

// Every edit looks at every claim.
pub mod scrub;

// Claims leave, exactly once.
pub mod submission;

// Files arrive, whatever they hold.
pub mod inbound;

// Partners answer before adjudication.
pub mod acknowledgment;

// Payers say what they pay and why.
pub mod remittance;

// A remittance moves money on accounts.
pub mod posting;

// Where money is: append-only, double entry.
pub mod ledger;

// What the month was.
pub mod report;

// Everything that must hold, recomputed.
pub mod verify;

// What needs a person, from every stage.
pub mod worklist;

// The round that a running program makes.
pub mod sweep;
