//! The catalog of edits: each with its id, level, severity and the rule that decides it (domain.md 6).

use super::input::ScrubInput;
use super::model::{Edit, Finding, Severity};
use super::rules;

/// Version of the catalog, stored with every result: raised whenever an edit is added or decides differently.
pub const VERSION: &str = "2026.11-1";

/// An edit with the rule that decides it.
pub struct CatalogEntry {
    /// What it is.
    pub edit: Edit,
    /// What it finds.
    pub rule: fn(&ScrubInput<'_>, &mut Findings<'_>),
}

/// Collects what one edit finds.
pub struct Findings<'a> {
    edit: &'a Edit,
    found: &'a mut Vec<Finding>,
}

impl Findings<'_> {
    /// Adds a finding of the edit's own severity.
    pub fn add(&mut self, path: impl Into<String>, message: impl Into<String>) {
        self.found.push(Finding {
            edit: self.edit.id.to_owned(),
            severity: self.edit.severity,
            path: path.into(),
            message: message.into(),
        });
    }

    /// Adds a finding of another severity: some rules only warn in some cases.
    pub fn add_as(&mut self, severity: Severity, path: impl Into<String>, message: impl Into<String>) {
        self.found.push(Finding { edit: self.edit.id.to_owned(), severity, path: path.into(), message: message.into() });
    }
}

/// Runs every edit on a claim; none hides another. In the order of the catalog.
#[must_use]
pub fn scrub(input: &ScrubInput<'_>) -> Vec<Finding> {
    let service_date = input.content.service_date();
    let mut found = Vec::new();
    for entry in CATALOG {
        let applies = service_date.is_none_or(|day| {
            entry.edit.effective_from.is_none_or(|from| from <= day) && entry.edit.effective_to.is_none_or(|to| day <= to)
        });
        if applies {
            (entry.rule)(input, &mut Findings { edit: &entry.edit, found: &mut found });
        }
    }
    found
}

/// Writes the catalog: `id level severity rule "title";`.
macro_rules! catalog {
    ($($id:literal $level:literal $severity:ident $rule:path, $title:literal;)*) => {
        /// Every edit, in the order in which they run.
        pub static CATALOG: &[CatalogEntry] = &[$(CatalogEntry {
            edit: Edit {
                id: $id,
                level: $level,
                severity: Severity::$severity,
                effective_from: None,
                effective_to: None,
                title: $title,
            },
            rule: $rule,
        }),*];
    };
}

catalog! {
    "E001" 1 Error rules::text::characters, "Characters that can't be sent";
    "E002" 1 Error rules::text::lengths, "Values too long or too short for their element";
    "E003" 2 Error rules::provider::billing_npi, "Billing NPI";
    "E004" 2 Error rules::provider::rendering_npi, "Rendering provider's NPI on a group's claim";
    "E005" 2 Error rules::provider::taxonomy, "Taxonomy code";
    "E006" 2 Error rules::provider::billing_address, "Billing address: a street and a nine-digit ZIP";
    "E007" 2 Error rules::provider::tax_id, "Tax id: nine digits, one of EIN and SSN";
    "E008" 2 Error rules::subscriber::route, "A route to the payer";
    "E009" 2 Error rules::subscriber::member_id, "Member id, in the payer's form";
    "E010" 4 Error rules::subscriber::relationship_conflict, "Subscriber and patient levels agree";
    "E011" 4 Error rules::subscriber::relationship_code, "Relationship of the patient to the subscriber";
    "E012" 4 Error rules::subscriber::patient_demographics, "The patient's address, birth date and sex";
    "E013" 4 Error rules::subscriber::subscriber_address, "No subscriber address on a dependent's claim";
    "E014" 4 Error rules::dates::birth_and_service, "Birth date, date of service and today in order";
    "E015" 4 Warning rules::dates::older_than_expected, "A patient older than a pediatric practice expects";
    "E016" 3 Error rules::charges::total, "The claim's total is the sum of its lines";
    "E017" 3 Error rules::charges::line_charge, "Line charges";
    "E018" 2 Error rules::charges::counts, "Numbers of lines, diagnoses, modifiers and pointers";
    "E019" 4 Error rules::diagnosis::pointers, "Diagnosis pointers";
    "E020" 5 Error rules::diagnosis::codes, "Diagnosis codes valid and billable on the date of service";
    "E021" 5 Error rules::diagnosis::duplicates, "No diagnosis twice, none with a dot";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_edit_has_one_id_and_the_ids_run_from_e001_without_a_gap() {
        for (place, entry) in CATALOG.iter().enumerate() {
            assert_eq!(entry.edit.id, format!("E{:03}", place + 1));
            assert!((1..=7).contains(&entry.edit.level) && !entry.edit.title.is_empty());
        }
    }
}
