//! The patient and the numbers of a claim, as 276 and 277 name them alike.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::edi::claim_837p::Sex;
use crate::edi::inquiry::{Party, Reference};
use crate::platform::phi::Phi;

/// Loop 2000D and 2100D, or 2000E and 2100E.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Patient {
    /// The number of the HL segment in the file.
    pub segment: u32,
    /// NM1: a subscriber with the member id, a dependent without.
    pub person: Party<Phi<String>>,
    /// DMG02; in requests only, and not for a subscriber who is not the patient.
    pub birth_date: Option<Phi<Date>>,
    /// DMG03.
    pub sex: Option<Sex>,
}

impl Patient {
    /// Someone of whom the name is known.
    #[must_use]
    pub fn new(person: Party<Phi<String>>) -> Patient {
        Patient { segment: 0, person, birth_date: None, sex: None }
    }
}

/// The payer's claim number.
pub(super) fn icn(references: &[Reference]) -> Option<&Phi<String>> {
    Reference::find(references, "1K")
}

/// Our claim number (CLM01).
pub(super) fn pcn(references: &[Reference]) -> Option<&Phi<String>> {
    Reference::find(references, "EJ")
}

/// Our line number (REF*6R of the claim).
pub(super) fn line_number(references: &[Reference]) -> Option<&Phi<String>> {
    Reference::find(references, "FJ")
}
