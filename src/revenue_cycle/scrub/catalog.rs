//! The catalog of edits: each with its id, version, level, severity, payers, dates and the rule that decides it (domain.md 6).

use jiff::civil::{Date, date};

use super::case::Case;
use super::input::ScrubInput;
use super::model::{Edit, Finding, PayerScope, Severity};
use super::rules;

/// Version of the catalog, stored with every result: raised whenever an edit is added or decides differently.
pub const VERSION: &str = "2026.11-4";

/// An edit with the rule that decides it.
pub struct CatalogEntry {
    /// What it is.
    pub edit: Edit,
    /// What it finds.
    pub rule: fn(&Case<'_>, &mut Findings<'_>),
}

/// Collects what one edit finds.
pub struct Findings<'a> {
    edit: &'a Edit,
    found: &'a mut Vec<Finding>,
}

impl Findings<'_> {
    /// Adds a finding of the edit's own severity; values and suggestion are told to what it gives.
    pub fn add(&mut self, path: impl Into<String>, message: impl Into<String>) -> &mut Finding {
        self.add_as(self.edit.severity, path, message)
    }

    /// Adds a finding of another severity: some rules only warn in some cases.
    pub fn add_as(&mut self, severity: Severity, path: impl Into<String>, message: impl Into<String>) -> &mut Finding {
        let at = self.found.len();
        self.found.push(Finding {
            edit: self.edit.id.to_owned(),
            version: self.edit.version,
            severity,
            path: path.into(),
            message: message.into(),
            found: None,
            expected: None,
            suggestion: None,
        });
        &mut self.found[at]
    }
}

/// Runs every edit on a claim; none hides another. In the order of the catalog.
#[must_use]
pub fn scrub(input: &ScrubInput<'_>) -> Vec<Finding> {
    examine(&Case::new(input))
}

/// The same for a claim whose facts are worked out already.
#[must_use]
pub fn examine(case: &Case<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for CatalogEntry { edit, rule } in CATALOG {
        if edit.holds_on(case.day) && applies(edit.scope, case) {
            rule(case, &mut Findings { edit, found: &mut found });
        }
    }
    found
}

/// Whether an edit applies to the claims of this payer.
fn applies(scope: PayerScope, case: &Case<'_>) -> bool {
    match scope {
        PayerScope::Every => true,
        PayerScope::Ncci => case.payer.rules.ncci.is_followed(),
        PayerScope::Medicaid => case.payer.class.is_medicaid(),
        PayerScope::Epsdt => case.payer.rules.epsdt,
    }
}

/// Writes the catalog, a row an edit: `id version level severity payers [since first day] rule, title;`. A finding's edit is added or
/// decides differently: its version and [`VERSION`] are raised.
macro_rules! catalog {
    ($($id:literal $version:literal $level:literal $severity:ident $scope:ident $(since $from:expr)?; $rule:path, $title:literal;)*) => {
        /// Every edit, in the order in which they run.
        pub static CATALOG: &[CatalogEntry] = &[$(CatalogEntry {
            edit: Edit {
                id: $id,
                version: $version,
                level: $level,
                severity: Severity::$severity,
                scope: PayerScope::$scope,
                effective_from: catalog!(@from $($from)?),
                effective_to: None,
                title: $title,
            },
            rule: $rule,
        }),*];
    };
    (@from) => { None };
    (@from $from:expr) => { Some($from) };
}

/// NCCI pairs visits with vaccine administration from this day (PED-06).
const NCCI_VACCINE_PAIRS: Date = date(2013, 1, 1);
/// One administration code for all COVID-19 vaccines from this day (PED-12).
const COVID_ADMINISTRATION: Date = date(2023, 9, 11);
/// Antibodies against RSV have administration codes of their own from this day (PED-13).
const ANTIBODY_ADMINISTRATION: Date = date(2023, 10, 6);
/// Counselling without a dose has codes from this day (PED-16).
const COUNSELLING_CODES: Date = date(2026, 1, 1);

catalog! {
    "E001" 2 1 Error Every; rules::text::characters, "Characters that can't be sent";
    "E002" 2 1 Error Every; rules::text::lengths, "Values too long or too short for their element";
    "E003" 1 2 Error Every; rules::provider::billing_npi, "Billing NPI";
    "E004" 1 2 Error Every; rules::provider::rendering_npi, "Rendering provider's NPI on a group's claim";
    "E005" 1 2 Error Every; rules::provider::taxonomy, "Taxonomy code";
    "E006" 1 2 Error Every; rules::provider::billing_address, "Billing address: a street and a nine-digit ZIP";
    "E007" 1 2 Error Every; rules::provider::tax_id, "Tax id: nine digits, one of EIN and SSN";
    "E008" 1 2 Error Every; rules::subscriber::route, "A route to the payer";
    "E009" 1 2 Error Every; rules::subscriber::member_id, "Member id, in the payer's form";
    "E010" 1 4 Error Every; rules::subscriber::relationship_conflict, "Subscriber and patient levels agree";
    "E011" 1 4 Error Every; rules::subscriber::relationship_code, "Relationship of the patient to the subscriber";
    "E012" 2 4 Error Every; rules::subscriber::patient_demographics, "The patient's address, birth date and sex";
    "E013" 1 4 Error Every; rules::subscriber::subscriber_address, "No subscriber address on a dependent's claim";
    "E014" 1 4 Error Every; rules::dates::birth_and_service, "Birth date, date of service and today in order";
    "E015" 1 4 Warning Every; rules::dates::older_than_expected, "A patient older than a pediatric practice expects";
    "E016" 1 3 Error Every; rules::charges::total, "The claim's total is the sum of its lines";
    "E017" 1 3 Error Every; rules::charges::line_charge, "Line charges";
    "E018" 1 2 Error Every; rules::charges::counts, "Numbers of lines, diagnoses, modifiers and pointers";
    "E019" 1 4 Error Every; rules::diagnosis::pointers, "Diagnosis pointers";
    "E020" 1 5 Error Every; rules::diagnosis::codes, "Diagnosis codes valid and billable on the date of service";
    "E021" 1 5 Error Every; rules::diagnosis::duplicates, "No diagnosis twice, none with a dot";
    "E022" 1 5 Error Every; rules::diagnosis::external_cause, "No external cause as the first diagnosis";
    "E023" 1 5 Warning Every; rules::diagnosis::exclusions, "Diagnoses that exclude each other";
    "E024" 1 6 Error Every; rules::examination::age, "The examination code fits the age";
    "E025" 1 6 Error Every; rules::examination::order, "The well-child code before Z23";
    "E026" 1 6 Warning Every; rules::examination::finding_missing, "Abnormal findings are named";
    "E027" 1 6 Warning Every; rules::examination::finding_unsaid, "A problem at a well visit without findings";
    "E028" 3 6 Error Every; rules::examination::liveborn, "Liveborn codes belong to the birth";
    "E029" 2 6 Warning Every; rules::examination::perinatal, "Perinatal codes after the newborn period";
    "E030" 1 6 Error Every; rules::preventive::age, "The preventive visit code fits the age";
    "E031" 2 6 Error Every; rules::preventive::new_patient, "New and established patients";
    "E032" 2 6 Error Every; rules::preventive::frequency, "One preventive visit a day";
    "E033" 2 6 Error Ncci since NCCI_VACCINE_PAIRS; rules::modifiers::vaccines_with_visit, "Modifier 25 on a visit with vaccine administration";
    "E034" 1 6 Error Every; rules::modifiers::sick_and_well, "Modifier 25 on the problem visit of a well visit's day";
    "E035" 2 6 Error Every; rules::modifiers::place, "Modifiers stand on services that take them";
    "E036" 1 6 Error Every; rules::administration::adults, "Counselling codes end with the 19th birthday";
    "E037" 2 6 Warning Every; rules::administration::counselling, "Counselling is documented";
    "E038" 1 6 Error Every; rules::administration::firsts, "One kind of first administration a day";
    "E039" 2 6 Error Every; rules::administration::units, "Units of vaccine administration";
    "E040" 1 6 Error Every; rules::administration::add_ons, "Add-on codes have their primary";
    "E041" 2 6 Error Every; rules::administration::counts, "As many administrations as doses";
    "E042" 2 6 Error Every since COVID_ADMINISTRATION; rules::administration::covid, "COVID-19 vaccines go by 90480";
    "E043" 2 6 Error Every since ANTIBODY_ADMINISTRATION; rules::administration::antibodies, "RSV antibodies go by 96380 or 96381, for Z29.11";
    "E044" 2 6 Error Every since COUNSELLING_CODES; rules::administration::counselling_only, "Counselling without a dose";
    "E045" 1 7 Error Every; rules::public_stock::eligible, "Public stock and eligibility";
    "E046" 3 7 Error Every; rules::public_stock::billing_style, "How public stock is billed";
    "E047" 1 6 Warning Every; rules::administration::unusual_age, "Products at unusual ages";
    "E048" 1 7 Error Every; rules::drugs::ndc, "National Drug Codes";
    "E049" 3 4 Error Every; rules::epsdt::referral, "EPSDT referral and mark";
    "E050" 1 7 Warning Every; rules::modifiers::of_payer, "Modifiers that the payer wants or refuses";
    "E051" 2 6 Error Every; rules::laboratory::certificate, "CLIA number and QW";
    "E052" 1 5 Error Every; rules::bundles::procedure, "Procedure codes valid on the date of service";
    "E053" 1 5 Error Every; rules::form::modifiers_and_places, "Modifiers and places of service that exist";
    "E054" 3 6 Error Every; rules::place::fits, "The place of service fits the code";
    "E055" 1 4 Error Every; rules::place::hospital, "Hospital visits: admission and facility";
    "E056" 3 6 Error Ncci; rules::bundles::pairs, "Services that are part of another";
    "E057" 1 6 Error Every; rules::bundles::units, "Limits of units";
    "E058" 1 4 Error Every; rules::replacement::original_number, "The payer's number of a claim that is replaced or voided";
    "E059" 2 4 Error Every; rules::replacement::complete, "A replacement carries the whole claim";
    "E060" 2 4 Error Every; rules::other_payers::adjudicated, "What prior payers decided is on the claim";
    "E061" 2 3 Error Every; rules::other_payers::balance, "Prior payers' amounts balance";
    "E062" 2 7 Warning Every; rules::coverage::order, "Who pays first";
    "E063" 2 7 Error Medicaid; rules::coverage::last_resort, "Medicaid pays last";
    "E064" 1 7 Warning Every; rules::coverage::eligibility, "Eligibility on the date of service";
    "E065" 2 7 Warning Every; rules::coverage::newborn, "Newborns without a coverage of their own";
    "E066" 1 7 Warning Every; rules::filing::timely, "Timely filing";
    "E067" 1 7 Error Every; rules::coverage::authorization, "Prior authorization and referral";
    "E068" 1 4 Error Every; rules::accident::details, "Accidents and injuries";
    "E069" 1 6 Error Every; rules::duplicate::exact, "The same service twice";
    "E070" 1 7 Warning Every; rules::fees::below_contract, "Charges below the contract";
    "E071" 1 7 Warning Every; rules::provider::enrolled, "The rendering provider is enrolled with the payer";
    "E072" 1 4 Warning Every; rules::form::referring, "Referring provider on claim and line";
    "E073" 2 6 Warning Every; rules::epsdt::required_screens, "Tests demanded at an age";
    "E074" 1 4 Error Every; rules::other_payers::remaining_twice, "Remaining liability at one level";
    "E075" 1 4 Error Every; rules::place::needless_admission, "Admission dates on inpatient visits only";
    "E076" 1 6 Warning Every; rules::preventive::like_with_like, "New and established codes on one day";
    "E077" 1 6 Warning Every; rules::modifiers::nurse_visit_with_vaccine, "99211 with vaccine administration";
    "E078" 1 4 Error Every; rules::accident::dates, "Dates of accidents and of prior payers' decisions";
    "E079" 1 4 Error Every; rules::form::attachments, "Control numbers of attachments";
    "E080" 1 2 Error Every; rules::form::code_form, "Form of procedure codes and of K3";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_edit_has_one_id_and_the_ids_run_from_e001_to_e080_without_a_gap() {
        assert_eq!(CATALOG.len(), 80);
        for (place, entry) in CATALOG.iter().enumerate() {
            assert_eq!(entry.edit.id, format!("E{:03}", place + 1));
            assert!((1..=7).contains(&entry.edit.level) && entry.edit.version > 0 && !entry.edit.title.is_empty());
        }
    }
}
