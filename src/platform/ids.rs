//! Identifiers: the keys of our records, the numbers of the trade that carry a check, and where new keys come from.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Declares the key type of one kind of record: a 63-bit integer, a string on the wire (JSON numbers lose digits past 2^53).
macro_rules! record_ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                match text.parse::<i64>() {
                    Ok(id) if id > 0 => Ok($name(id)),
                    _ => Err(IdError::NotAKey),
                }
            }
        }

        impl From<i64> for $name {
            fn from(id: i64) -> Self {
                $name(id)
            }
        }

        impl From<$name> for i64 {
            fn from(id: $name) -> i64 {
                id.0
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

record_ids! {
    /// A practice: the legal entity that bills.
    PracticeId
    /// A place of service of a practice.
    LocationId
    /// A physician or other professional of a practice.
    ProviderId
    /// A payer as one practice knows it.
    PayerId
    /// A trading partner connection: an interchange belongs to a submitter.
    SubmitterId
    /// A family account: the children under one guarantor.
    FamilyId
    /// A child: the patient.
    ChildId
    /// A child's coverage by one payer.
    CoverageId
    /// A visit.
    EncounterId
    /// What was done: one line of charges of a visit.
    ChargeLineId
    /// What is asked of one payer for one visit: one version of a claim.
    ClaimId
    /// One transaction set of claims.
    BatchId
    /// One interchange that we wrote.
    InterchangeId
    /// One file that arrived.
    InboundFileId
    /// One 835 transaction set.
    RemittanceId
    /// One CLP of a remittance.
    RemittanceClaimId
    /// One act in the ledger.
    JournalId
    /// Something that a person must look at.
    WorkItemId
    /// A user of the screens or the command line.
    UserId
    /// A key of the HTTP interface.
    ApiKeyId
    /// A background job.
    JobId
}

/// Why a text is not an identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// A record key is a positive integer of up to 63 bits.
    #[error("not a record key")]
    NotAKey,
    /// An NPI has ten digits, the first of them 1 or 2.
    #[error("an NPI has ten digits and begins with 1 or 2")]
    NpiShape,
    /// The last digit of an NPI is a check digit.
    #[error("the NPI's check digit is wrong")]
    NpiCheckDigit,
}

/// A National Provider Identifier whose check digit holds: Luhn over `80840` and the number (domain.md 1.3).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Npi(u64);

impl Npi {
    /// Adds the check digit to nine digits, as the simulator and the seeded demo practice do.
    #[must_use]
    pub fn from_nine_digits(nine: u32) -> Option<Npi> {
        (0..10).find_map(|check| format!("{nine:09}{check}").parse().ok())
    }
}

impl FromStr for Npi {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Npi, IdError> {
        if text.len() != 10 || !text.bytes().all(|b| b.is_ascii_digit()) || !matches!(text.as_bytes()[0], b'1' | b'2') {
            return Err(IdError::NpiShape);
        }
        // The prefix 80840 of health applications always adds 24 to the Luhn sum.
        let sum: u32 = 24
            + text
                .bytes()
                .rev()
                .enumerate()
                .map(|(place, byte)| {
                    let digit = u32::from(byte - b'0') * if place % 2 == 1 { 2 } else { 1 };
                    digit / 10 + digit % 10
                })
                .sum::<u32>();
        if sum.is_multiple_of(10) { text.parse().map(Npi).map_err(|_| IdError::NpiShape) } else { Err(IdError::NpiCheckDigit) }
    }
}

impl fmt::Display for Npi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:010}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_npi_needs_its_check_digit() {
        assert_eq!("1234567893".parse::<Npi>().unwrap().to_string(), "1234567893");
        assert_eq!("1234567890".parse::<Npi>(), Err(IdError::NpiCheckDigit));
        for text in ["", "123456789", "12345678931", "3234567893", "123456789X"] {
            assert_eq!(text.parse::<Npi>(), Err(IdError::NpiShape), "{text}");
        }
    }

    #[test]
    fn nine_digits_get_the_one_check_digit_that_holds() {
        assert_eq!(Npi::from_nine_digits(123_456_789).unwrap().to_string(), "1234567893");
    }

    #[test]
    fn record_keys_are_strings_in_json() {
        assert_eq!(serde_json::to_string(&ClaimId(7)).unwrap(), "\"7\"");
        assert!("0".parse::<ClaimId>().is_err() && "-3".parse::<ClaimId>().is_err());
    }
}
