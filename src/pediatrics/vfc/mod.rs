//! Vaccines for Children: who is entitled, whose stock, at what charge, in which style, and the one bill to a family.

pub mod eligibility;
pub mod fee;
pub mod stock;
pub mod style;

pub use eligibility::PED_20;
pub use fee::PED_23;
pub use stock::PED_21;
pub use style::PED_22;
