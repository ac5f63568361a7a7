//! Edits and findings as data.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::revenue_cycle::claim::ClaimEvent;

/// What a finding does to its claim (domain.md 6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Blocks the claim.
    Error,
    /// Holds the claim until a person overrides it with a reason.
    Warning,
    /// Worth knowing.
    Note,
}

impl Severity {
    /// As the database keeps it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }
}

/// One edit of the catalog.
#[derive(Clone, Copy, Debug)]
pub struct Edit {
    /// `E001` …
    pub id: &'static str,
    /// SNIP level: 1 syntax, 2 guide, 3 balance, 4 situation, 5 code set, 6 service type, 7 payer.
    pub level: u8,
    /// What a finding of it does, unless the rule says otherwise for a case.
    pub severity: Severity,
    /// First date of service that it looks at; none means always.
    pub effective_from: Option<Date>,
    /// Last date of service that it looks at; none means until further notice.
    pub effective_to: Option<Date>,
    /// What it is about, in a few words of ours.
    pub title: &'static str,
}

/// What an edit found on a claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The edit's id.
    pub edit: String,
    /// What it does.
    pub severity: Severity,
    /// The element and the record behind it: `2010AA NM109 (practice.npi)`, `2400[2] SV107 (charge_line)`.
    pub path: String,
    /// What to do, in a sentence; codes, dates of service and amounts only, no PHI.
    pub message: String,
}

/// What the findings together mean for the claim.
#[must_use]
pub fn verdict(findings: &[Finding]) -> ClaimEvent {
    match findings.iter().map(|f| f.severity).min() {
        Some(Severity::Error) => ClaimEvent::ScrubErrors,
        Some(Severity::Warning) => ClaimEvent::ScrubWarned,
        Some(Severity::Note) | None => ClaimEvent::ScrubClean,
    }
}
