//! The one right correction of a finding, typed: what a screen can offer with one key. Nobody but a person applies it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::platform::money::Money;
use crate::reference::{Icd10, Modifier, ProcedureCode};

/// A correction. Lines count from 1, as on the claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "do")]
pub enum Suggestion {
    /// Put a modifier on a line.
    AddModifier {
        /// The line.
        line: usize,
        /// The modifier.
        modifier: Modifier,
    },
    /// Take a modifier off a line.
    RemoveModifier {
        /// The line.
        line: usize,
        /// The modifier, as it stands there.
        modifier: String,
    },
    /// Bill another code on a line.
    ReplaceCode {
        /// The line.
        line: usize,
        /// The right code.
        code: ProcedureCode,
    },
    /// Bill other units on a line.
    SetUnits {
        /// The line.
        line: usize,
        /// The right units.
        units: u32,
    },
    /// Charge another amount on a line.
    SetCharge {
        /// The line.
        line: usize,
        /// The right charge of the whole line.
        charge: Money,
    },
    /// Take a line off.
    RemoveLine {
        /// The line.
        line: usize,
    },
    /// Add a line.
    AddLine {
        /// Its code.
        code: ProcedureCode,
        /// Its units.
        units: u32,
    },
    /// Put another diagnosis in the place of one.
    ReplaceDiagnosis {
        /// The one that stands there.
        from: Icd10,
        /// The right one.
        to: Icd10,
    },
    /// Take a diagnosis off.
    RemoveDiagnosis {
        /// The one that stands there.
        diagnosis: Icd10,
    },
    /// List one diagnosis before another.
    MoveBefore {
        /// What must come first.
        diagnosis: Icd10,
        /// What it must come before.
        before: Icd10,
    },
    /// Point a line to a diagnosis instead of others.
    PointTo {
        /// The line.
        line: usize,
        /// The diagnosis.
        diagnosis: Icd10,
    },
    /// Take the admission date off (DTP*435).
    RemoveAdmissionDate,
}

impl fmt::Display for Suggestion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Suggestion::AddModifier { line, modifier } => write!(f, "add modifier {modifier} to line {line}"),
            Suggestion::RemoveModifier { line, modifier } => write!(f, "take modifier {modifier} off line {line}"),
            Suggestion::ReplaceCode { line, code } => write!(f, "bill {code} on line {line}"),
            Suggestion::SetUnits { line, units } => write!(f, "bill {units} units on line {line}"),
            Suggestion::SetCharge { line, charge } => write!(f, "charge {charge} on line {line}"),
            Suggestion::RemoveLine { line } => write!(f, "take line {line} off"),
            Suggestion::AddLine { code, units } => write!(f, "add a line with {code}, units {units}"),
            Suggestion::ReplaceDiagnosis { from, to } => write!(f, "replace {} by {}", from.dotted(), to.dotted()),
            Suggestion::RemoveDiagnosis { diagnosis } => write!(f, "take {} off", diagnosis.dotted()),
            Suggestion::MoveBefore { diagnosis, before } => write!(f, "list {} before {}", diagnosis.dotted(), before.dotted()),
            Suggestion::PointTo { line, diagnosis } => write!(f, "point line {line} to {}", diagnosis.dotted()),
            Suggestion::RemoveAdmissionDate => f.write_str("take the admission date off"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suggestion_reads_as_an_instruction_and_survives_the_trip_through_json() {
        let suggestion = Suggestion::AddModifier { line: 2, modifier: Modifier::M25 };
        assert_eq!(suggestion.to_string(), "add modifier 25 to line 2");
        let json = serde_json::to_string(&suggestion).unwrap();
        assert_eq!(json, r#"{"do":"add_modifier","line":2,"modifier":"25"}"#);
        assert_eq!(serde_json::from_str::<Suggestion>(&json).unwrap(), suggestion);
    }
}
