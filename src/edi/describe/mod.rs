//! X12 as a person reads it: a claim with its lines and its other payers, a remittance with its adjustments in columns and its proof.
//!
//! [`Describer`] takes what the reader hands out, one transaction set at a time, and gives a [`Section`]; [`to_text`] makes lines of it,
//! serde makes JSON of it. What is of type [`Phi`] is masked unless [`Describer::show_phi`]. Meanings of code lists come from the caller
//! ([`Meanings`]): X12 itself knows only its own structure.

mod acknowledgment;
mod claim;
mod claim_line;
mod claim_status;
mod eligibility;
mod listing;
mod page;
mod parts;
mod remittance;
mod remittance_claim;
mod text;
mod words;

pub use page::{Column, Fact, Remark, Section, Table, Tone};
pub use text::{Palette, to_text};

use self::words::List;
use crate::edi::{Finding, GroupHeader, InterchangeHeader, Party, Segment, TransactionSet, Usage};
use crate::platform::phi::{MASK, Phi};

/// Code lists that others keep and we only quote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CodeList {
    /// Reasons of adjustments (CARC): CAS02.
    Adjustment,
    /// Reasons of provider adjustments: PLB03-1.
    ProviderAdjustment,
    /// Remarks (RARC): LQ02, MOA03.
    Remark,
    /// Places of service: CLM05-1, CLP08.
    Place,
    /// Claim filing indicators: SBR09, CLP06.
    FilingIndicator,
    /// Categories of claim status: STC01-1.
    StatusCategory,
    /// Claim status: STC01-2.
    Status,
    /// Entities of a claim status: STC01-3.
    Entity,
    /// Diagnoses (ICD-10-CM): HI01-2.
    Diagnosis,
}

/// Gives the meaning of a code in our own words; none when the list doesn't have it.
pub type Meanings<'a> = &'a dyn Fn(CodeList, &str) -> Option<&'static str>;

/// Puts transaction sets into words.
#[derive(Clone, Copy)]
pub struct Describer<'a> {
    /// What codes mean.
    pub meanings: Meanings<'a>,
    /// Whether names, birth dates, member ids, addresses and free text are shown.
    pub show_phi: bool,
}

impl Describer<'_> {
    /// An ISA segment.
    #[must_use]
    pub fn interchange(&self, header: &InterchangeHeader) -> Section {
        let mut section = Section::new(format!("Interchange {}", header.control_number)).at(header.position.segment);
        let party = |party: &Party| format!("{} ({})", party.id, party.qualifier);
        section.fact("from", party(&header.sender));
        section.fact("to", party(&header.receiver));
        section.fact("written", header.written_at.map_or_else(String::new, words::minute));
        let usage = match header.usage {
            Usage::Production => "production".to_owned(),
            Usage::Test => "test".to_owned(),
            Usage::Other(ref other) => other.clone(),
        };
        section.fact("use", usage);
        section.fact("TA1", if header.ack_requested { "asked for" } else { "" });
        section
    }

    /// A GS segment.
    #[must_use]
    pub fn group(&self, header: &GroupHeader) -> Section {
        let title = format!("Group {}: {}, version {}", header.control_number, List::Group.say(&header.functional_id), header.version);
        let mut section = Section::new(title).at(header.position.segment);
        section.fact("from", header.sender.clone());
        section.fact("to", header.receiver.clone());
        section.fact("written", header.written_at.map_or_else(String::new, words::minute));
        section
    }

    /// A transaction set: by its own describer where we read its version, else segment by segment.
    #[must_use]
    pub fn set(&self, set: &TransactionSet) -> Section {
        match (set.kind(), set.version().get(..10)) {
            ("837", Some("005010X222")) => self.claims(set),
            ("835", Some("005010X221")) => self.remittance(set),
            ("271", Some("005010X279")) => self.eligibility(set),
            ("999", Some("005010X231")) => self.syntax_ack(set),
            ("277", Some("005010X212")) => self.claim_status(set),
            ("277", Some("005010X214")) => self.claim_ack(set),
            _ => self.listing(set),
        }
    }

    /// A TA1 segment.
    #[must_use]
    pub fn interchange_ack(&self, segment: &Segment<'_>) -> Section {
        self.ta1(segment)
    }

    /// Says that a reader had something to complain about: then the description may lack what it could not place.
    fn doubts(&self, findings: &[Finding], section: &mut Section) {
        if !findings.is_empty() {
            section.remark(Tone::Bad, format!("{} while reading: `edi validate` tells them", parts::count(findings.len(), "finding")));
        }
    }

    /// What may be shown of a value.
    fn phi<T: ToString>(&self, value: &Phi<T>) -> String {
        if self.show_phi { value.reveal().to_string() } else { MASK.to_owned() }
    }

    /// What may be shown of a value that may be missing.
    fn opt_phi<T: ToString>(&self, value: Option<&Phi<T>>) -> String {
        value.map_or_else(String::new, |value| self.phi(value))
    }

    /// Free text of a sender: it may name anybody.
    fn free(&self, text: &str) -> String {
        if self.show_phi || text.is_empty() { text.to_owned() } else { MASK.to_owned() }
    }

    /// A code and what it means: `CO-45`'s `45 (over the fee schedule)`.
    fn meant(&self, list: CodeList, code: &str) -> String {
        words::code(code, (self.meanings)(list, code))
    }
}
