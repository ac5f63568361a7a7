//! Vaccines for Children: who is entitled, whose stock, at what charge, in which style, and the one bill to a family.

// Whom the program covers.
pub mod eligibility;

// Whose stock was used, and who owes whom a dose.
pub mod stock;

// How payers want it billed.
pub mod style;

// What a family may be asked for.
pub mod fee;

pub use eligibility::PED_20;
pub use fee::PED_23;
pub use stock::PED_21;
pub use style::PED_22;
