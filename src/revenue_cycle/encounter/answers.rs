//! What the practice asked at check-in and recorded for the claim: the answers that payers ask for later where nobody gave them. All are
//! optional; an answer that is missing is not known, and nothing is guessed from it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::read_json::a_date;
use crate::reference::ProcedureCode;

/// The answers. In our own JSON they stand under `answers`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Answers {
    /// Whether the visit was for an accident (CLM11, DTP*439; domain.md E068).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accident: Option<Accident>,
    /// What the eligibility check said of the coverage that is asked first (domain.md E064).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub eligibility: Option<Eligibility>,
    /// What the prior authorization allows (domain.md E067); its number is the visit's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorization_terms: Option<AuthorizationTerms>,
    /// Products of the vaccines that were talked about and not given (domain.md PED-16).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub declined: Vec<ProcedureCode>,
}

/// Whether a visit was for an accident, and which.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accident {
    /// Which.
    pub kind: AccidentKind,
    /// When it happened.
    #[serde(default, deserialize_with = "a_date")]
    pub date: Option<Date>,
    /// In which state, two letters: asked for automobiles.
    pub state: Option<String>,
}

/// Kinds of accidents as payers ask for them (CLM11).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccidentKind {
    /// None: the question was asked.
    None,
    /// With a car.
    Automobile,
    /// At work.
    Employment,
    /// Any other.
    Other,
}

impl AccidentKind {
    /// CLM11-1; none for no accident.
    #[must_use]
    pub fn code(self) -> Option<&'static str> {
        match self {
            AccidentKind::None => None,
            AccidentKind::Automobile => Some("AA"),
            AccidentKind::Employment => Some("EM"),
            AccidentKind::Other => Some("OA"),
        }
    }
}

/// What an eligibility check said for the date of service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Eligibility {
    /// The child is covered.
    Active,
    /// The child is not covered.
    Inactive,
    /// The payer was asked and gave no answer that tells.
    Unanswered,
}

/// What a prior authorization allows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthorizationTerms {
    /// First date of service.
    #[serde(default, deserialize_with = "a_date")]
    pub from: Option<Date>,
    /// Last date of service.
    #[serde(default, deserialize_with = "a_date")]
    pub to: Option<Date>,
    /// Units that were left before this visit.
    pub units_left: Option<u32>,
}
