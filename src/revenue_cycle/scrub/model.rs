//! Edits and findings as data.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::suggestion::Suggestion;
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

/// To whose claims an edit applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayerScope {
    /// Every payer's.
    Every,
    /// Those of payers that follow the correct coding edits (payer rule `ncci`).
    Ncci,
    /// Those of Medicaid in any form.
    Medicaid,
    /// Those of payers with an EPSDT program (payer rule `epsdt`).
    Epsdt,
}

impl PayerScope {
    /// For the reference of edits.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            PayerScope::Every => "every payer",
            PayerScope::Ncci => "payers that follow NCCI",
            PayerScope::Medicaid => "Medicaid",
            PayerScope::Epsdt => "payers with EPSDT",
        }
    }
}

/// One edit of the catalog.
#[derive(Clone, Copy, Debug)]
pub struct Edit {
    /// `E001` …
    pub id: &'static str,
    /// Raised whenever the edit decides differently; stored with each finding.
    pub version: u16,
    /// SNIP level: 1 syntax, 2 guide, 3 balance, 4 situation, 5 code set, 6 service type, 7 payer.
    pub level: u8,
    /// What a finding of it does, unless the rule says otherwise for a case.
    pub severity: Severity,
    /// To whose claims it applies.
    pub scope: PayerScope,
    /// First date of service that it looks at; none means always.
    pub effective_from: Option<Date>,
    /// Last date of service that it looks at; none means until further notice.
    pub effective_to: Option<Date>,
    /// What it is about, in a few words of ours.
    pub title: &'static str,
}

impl Edit {
    /// Whether it looks at claims of a date of service; a claim without one is looked at.
    #[must_use]
    pub fn holds_on(&self, service_date: Option<Date>) -> bool {
        service_date.is_none_or(|day| self.effective_from.is_none_or(|from| from <= day) && self.effective_to.is_none_or(|to| day <= to))
    }
}

/// What an edit found on a claim. Codes, dates of service and amounts only: no PHI in any of its fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The edit's id, or that of a practice's own rule.
    pub edit: String,
    /// The edit's version.
    pub version: u16,
    /// What it does.
    pub severity: Severity,
    /// The element and the record behind it: `2010AA NM109 (practice.npi)`, `2400[2] SV107 (charge_line)`.
    pub path: String,
    /// What to do, in a sentence.
    pub message: String,
    /// The value that stands there, where one value is at fault.
    pub found: Option<String>,
    /// The value that would be right, where only one would.
    pub expected: Option<String>,
    /// The one right correction, where there is only one. A person applies it: a claim's clinical content is never changed by a program.
    pub suggestion: Option<Suggestion>,
}

impl Finding {
    /// Tells the value that stands there.
    pub fn found(&mut self, value: impl ToString) -> &mut Finding {
        self.found = Some(value.to_string());
        self
    }

    /// Tells the value that would be right.
    pub fn expected(&mut self, value: impl ToString) -> &mut Finding {
        self.expected = Some(value.to_string());
        self
    }

    /// Tells the one right correction.
    pub fn suggest(&mut self, suggestion: Suggestion) -> &mut Finding {
        self.suggestion = Some(suggestion);
        self
    }
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
