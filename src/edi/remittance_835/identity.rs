//! Whether a remittance was seen before: the business key that a payer never uses twice, and a hash of what it says (domain.md 2.1, 2.6).
//! The same key with the same hash is a copy; the same key with another hash is a conflict that a person must look at.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::model::Remittance;
use crate::edi::TransactionSet;
use crate::platform::money::Money;

/// TRN03, TRN02, BPR16, BPR02 and the payee (domain.md 2.1). `Display` gives one line of text, the same for the same key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct BusinessKey {
    /// TRN03: the payer.
    pub payer: String,
    /// TRN02: the number of the check or transfer.
    pub trace: String,
    /// BPR16.
    pub date: Option<Date>,
    /// BPR02.
    pub amount: Money,
    /// The payee's NPI, else its tax id, else whatever N104 says.
    pub payee: String,
}

impl fmt::Display for BusinessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}|{}|", self.payer, self.trace)?;
        if let Some(date) = self.date {
            write!(f, "{date}")?;
        }
        write!(f, "|{}|{}", self.amount, self.payee)
    }
}

impl Remittance {
    /// What tells this remittance from all others of all payers.
    #[must_use]
    pub fn business_key(&self) -> BusinessKey {
        let payee = &self.payee;
        BusinessKey {
            payer: self.trace_payer.trim().to_owned(),
            trace: self.trace.trim().to_owned(),
            date: self.payment.date,
            amount: self.payment.amount,
            payee: payee.npi().or(payee.tax_id()).or(payee.id.as_deref()).unwrap_or_default().trim().to_owned(),
        }
    }
}

/// What stands for delimiters in the hashed text, so that the same content under other delimiters has the same hash: the ASCII
/// separators made for it, which no partner can use as data.
const ELEMENT: u8 = 0x1d;
const COMPONENT: u8 = 0x1f;
const SEGMENT: u8 = 0x1c;

/// SHA-256 of the text from ST to SE, in which runs of white space count as one space and none at the ends of an element
/// (domain.md 2.6): a file that was re-wrapped or re-delimited on its way is still the same.
#[must_use]
pub fn content_hash(set: &TransactionSet) -> [u8; 32] {
    let delimiters = set.delimiters();
    let mut hash = Sha256::new();
    let mut text = Vec::with_capacity(HASH_CHUNK + 1024);
    for segment in set.segments() {
        let mut space = false;
        for &byte in segment.raw() {
            let separator = match byte {
                _ if byte == delimiters.element => ELEMENT,
                _ if byte == delimiters.component => COMPONENT,
                _ if byte.is_ascii_whitespace() => {
                    space = true;
                    continue;
                }
                _ => {
                    if space && !matches!(text.last(), None | Some(&(ELEMENT | COMPONENT | SEGMENT))) {
                        text.push(b' ');
                    }
                    space = false;
                    text.push(byte);
                    continue;
                }
            };
            space = false;
            text.push(separator);
        }
        text.push(SEGMENT);
        if text.len() >= HASH_CHUNK {
            hash.update(&text);
            text.clear();
        }
    }
    hash.update(&text);
    hash.finalize().into()
}

/// Bytes collected before they are hashed: a few thousand segments at a time stay in the cache. Always cut after a whole segment.
const HASH_CHUNK: usize = 32 << 10;

#[cfg(test)]
mod tests {
    use super::super::samples::{self, remittance, set_in, set_of};
    use super::*;

    /// The first sample under other delimiters, with these texts before and after each terminator.
    fn file(element: &str, component: &str, before: &str, after: &str) -> Vec<u8> {
        let envelope = "ISA*00*          *00*          *ZZ*PAYER00900     *ZZ*PEDBILL        *261207*0930*^*00501*000000201*0*T*:~";
        let text = samples::PAID_WITH_PLB.replace('~', &format!("{before}~{after}"));
        let whole = format!("{envelope}GS*HP*A*B*20261207*0930*201*X*005010X221A1~{text}GE*1*201~IEA*1*000000201~");
        whole.replace('*', element).replace(':', component).into_bytes()
    }

    #[test]
    fn the_hash_does_not_see_line_breaks_delimiters_or_padding() {
        let hash = content_hash(&set_of(samples::PAID_WITH_PLB));
        for (element, component, before, after) in [("*", ":", "", "\r\n"), ("|", ">", "", ""), ("*", ":", " ", "\n")] {
            assert_eq!(content_hash(&set_in(&file(element, component, before, after))), hash);
        }
        assert_eq!(content_hash(&set_of(&samples::PAID_WITH_PLB.replace("SAMPLE BLUE", "SAMPLE   BLUE"))), hash);
    }

    #[test]
    fn the_hash_sees_every_value_and_where_it_stands() {
        let hash = content_hash(&set_of(samples::PAID_WITH_PLB));
        for (from, to) in
            [("715.25", "715.26"), ("RIVERA*MATEO", "RIVERAM*ATEO"), ("HC:99391:25", "HC:9939125"), ("SAMPLE BLUE", "SAMPLEBLUE")]
        {
            assert_ne!(content_hash(&set_of(&samples::PAID_WITH_PLB.replace(from, to))), hash, "{from}");
        }
    }

    #[test]
    fn the_business_key_is_payer_trace_date_amount_and_payee() {
        let key = remittance(samples::PAID_WITH_PLB).business_key();
        assert_eq!(key.to_string(), "1741000000|EFT201|2026-12-07|715.25|1234567893");
        let by_tax_id = remittance(&samples::PAID_WITH_PLB.replace("*XX*1234567893~", "~")).business_key();
        assert_eq!(by_tax_id.payee, "741234567");
    }
}
