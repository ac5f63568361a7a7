//! A practice's own rules: `if these conditions hold, then hold the claim, note something, or set a field that is not clinical`. Data in a
//! TOML file of the practice, in a small typed language; no rule can change what was coded, charged or diagnosed.
//!
//! ```toml
//! [[rule]]
//! id = "lead-at-two"                              # small letters, digits and hyphens; findings carry it as P:lead-at-two
//! when = ["payer_class = medicaid_ffs medicaid_mco", "age = 2", "code = 99382 99392"]
//! unless = ["code = 83655"]                       # the rule is silent where all of these hold
//! hold = "No lead test at the two-year visit: ask the nurse before it leaves"
//!
//! [[rule]]
//! id = "lakeshore-retro"
//! from = 2026-01-01                               # first and last date of service, both optional
//! to = 2026-06-30
//! when = ["payer = lakeshore-blue", "charge >= 500.00"]
//! set = { delay_reason = "8" }                    # or claim_note = "…", attachment = { type = "OZ", by = "EL", number = "A1" }
//!
//! [[edit]]                                        # an edit that only warns, switched off for the practice
//! id = "E015"
//! off = "We see our patients until they are 26"
//! ```
//!
//! A condition is `field operator values`. Fields of the claim: `payer` (its code), `payer_class`, `provider` (code of who rendered), `age`
//! (completed years), `place`, `diagnosis` (`J45*` for all below), `charge` (of the claim). Fields of a line: `code` (`99381-99397` for a
//! range), `modifier`, `units`, `line_charge`; all line conditions of a rule must hold on one line. Operators: `=` any of the values, `!=`
//! none of them, and `<`, `<=`, `>`, `>=` for numbers. `hold` holds the claim until somebody overrides it, `warn` notes it. An edit that finds
//! errors can't be switched off: what it finds a payer rejects.

mod decide;
mod read;
#[cfg(test)]
mod tests;

use jiff::civil::Date;

use crate::edi::claim_837p::AttachmentKind;
use crate::platform::money::Money;
use crate::platform::phi::Phi;
use crate::practice::model::PayerClass;
use crate::reference::{Icd10, Modifier, PlaceOfService, ProcedureCode};

pub use decide::{Applied, Parties, apply, caught_by, findings, is_edit, strangers, without_switched_off};
pub use read::{RuleFault, read, read_stored};

/// What a practice's file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PracticeRules {
    /// Its own rules, in order.
    pub rules: Vec<PracticeRule>,
    /// Edits of the catalog that it doesn't want.
    pub switched_off: Vec<SwitchedOff>,
}

/// An edit that is switched off for a practice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SwitchedOff {
    /// The edit's id.
    pub edit: String,
    /// Why.
    pub reason: String,
}

/// One rule of a practice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PracticeRule {
    /// Its name, unique in the file: small letters, digits and hyphens.
    pub id: String,
    /// First date of service; none: always.
    pub from: Option<Date>,
    /// Last date of service; none: until further notice.
    pub to: Option<Date>,
    /// All must hold.
    pub when: Vec<Condition>,
    /// Where all of these hold too the rule is silent; empty: there is no such case.
    pub unless: Vec<Condition>,
    /// What happens then.
    pub then: Action,
}

/// What a rule does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// The claim is held until a person overrides it; the sentence tells why.
    Hold(String),
    /// The claim goes, with a note.
    Warn(String),
    /// A field is set, where nothing stands there yet.
    Set(Setting),
}

/// A field that is not clinical, with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Setting {
    /// NTE*ADD.
    ClaimNote(Phi<String>),
    /// CLM20.
    DelayReason(String),
    /// PWK: a document that goes with the claim.
    Attachment {
        /// PWK01.
        report_type: String,
        /// PWK02.
        by: AttachmentKind,
        /// PWK06.
        number: String,
    },
}

impl Setting {
    /// The field, for the claim's story.
    #[must_use]
    pub fn field(&self) -> &'static str {
        match self {
            Setting::ClaimNote(_) => "claim note (NTE)",
            Setting::DelayReason(_) => "delay reason (CLM20)",
            Setting::Attachment { .. } => "attachment (PWK)",
        }
    }
}

/// One condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// Asked of the claim.
    Claim(ClaimTest),
    /// Asked of a line.
    Line(LineTest),
}

/// A condition of the claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClaimTest {
    /// Code of the payer.
    Payer(OneOf<String>),
    /// Class of the payer.
    PayerClass(OneOf<PayerClass>),
    /// Code of who rendered.
    Provider(OneOf<String>),
    /// Age in completed years.
    Age(Compare<u16>),
    /// Place of service of the claim.
    Place(OneOf<PlaceOfService>),
    /// Some diagnosis, or none of these.
    Diagnosis(OneOf<DiagnosisPattern>),
    /// CLM02.
    Charge(Compare<Money>),
}

/// A condition of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineTest {
    /// Its code.
    Code(OneOf<CodeSpan>),
    /// Some modifier, or none of these.
    Modifier(OneOf<Modifier>),
    /// Its units.
    Units(Compare<u32>),
    /// SV102.
    Charge(Compare<Money>),
}

/// Whether something is, or is not, among values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OneOf<T> {
    /// The values; never empty.
    pub values: Vec<T>,
    /// False for `!=`.
    pub among: bool,
}

/// A number compared with others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Compare<T> {
    /// `=` and `!=`.
    OneOf(OneOf<T>),
    /// `<`
    Below(T),
    /// `<=`
    AtMost(T),
    /// `>`
    Above(T),
    /// `>=`
    AtLeast(T),
}

/// Procedure codes from one to another; one code when they are equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeSpan {
    /// The first.
    pub first: ProcedureCode,
    /// The last, included.
    pub last: ProcedureCode,
}

/// A diagnosis, or all below a category.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DiagnosisPattern {
    /// This code.
    Exactly(Icd10),
    /// Codes that begin so, without dot.
    Below(String),
}
