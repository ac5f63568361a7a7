//! 835 (005010X221A1): what a payer paid, what it did not pay, and why.
//!
//! * [`read_835`] takes one transaction set and gives a [`Remittance`] and findings. It is lenient: what it can't place or read is a
//!   finding with its position, never an error and never dropped in silence.
//! * [`prove`] takes a remittance and gives the proof that it balances to the cent at line, claim and transaction level, or every place
//!   where it does not. Nothing may be posted without it, nor when a finding of severity `Error` stands.
//! * [`Remittance::business_key`] and [`content_hash`] tell whether a remittance was seen before.
//! * [`write_835`] writes one transaction set: the simulator's payers speak with it.
//!
//! Reading works in one pass over the segments and copies only what it keeps; codes stand inline ([`Code`]). Rules: domain.md 2.1 to 2.7.

pub mod balance;
pub mod code;
pub mod codes;
pub mod identity;
pub mod model;
pub mod quantity;
pub mod read;
#[cfg(test)]
mod samples;
pub mod write;

pub use balance::{Imbalance, Level, Proof, Prover, prove};
pub use code::Code;
pub use codes::{CasGroup, ClaimStatus, CreditDebit, Handling, PartyRole, PaymentMethod};
pub use identity::{BusinessKey, content_hash};
pub use model::{
    Address, Adjustment, BankAccount, ClaimPayment, Contact, Organization, Party, Payment, Procedure, ProviderAdjustment, QualifiedAmount,
    QualifiedDate, QualifiedQuantity, Reference, Remark, Remittance, ServiceLine,
};
pub use quantity::{Quantity, QuantityError};
pub use read::{Claims, read_835};
pub use write::write_835;
