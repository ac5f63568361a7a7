//! E033–E035, E050, E077: modifiers that a visit needs, and where modifiers may stand.

use crate::pediatrics::Rule;
use crate::pediatrics::modifiers::faults;
use crate::pediatrics::visits::{PED_05, PED_06, Visit, needs_25, pairs_with_visits};
use crate::practice::model::PayerClass;
use crate::reference::{Modifier, ProcedureCode};

use super::super::case::{Case, Line};
use super::super::catalog::Findings;
use super::super::model::Severity;
use super::super::suggestion::Suggestion;

const MODIFIERS: &str = "SV101-3 (charge_line.modifiers)";

/// The visits that a rule wants modifier 25 on and that have none.
fn without_25(case: &Case<'_>, findings: &mut Findings<'_>, rule: &Rule, why: &str) {
    let coded: Vec<(ProcedureCode, &Line<'_>)> = case.lines.iter().filter_map(|line| Some((line.code?, line))).collect();
    let codes: Vec<ProcedureCode> = coded.iter().map(|(code, _)| *code).collect();
    for (place, asks) in needs_25(&codes, true) {
        let (code, line) = coded[place];
        if asks.id == rule.id && !line.has("25") {
            findings
                .add(line.path(MODIFIERS), format!("Add 25 to {code}: {why}"))
                .expected("25")
                .suggest(Suggestion::AddModifier { line: line.number, modifier: Modifier::M25 });
        }
    }
}

/// E033: a visit on the day of vaccine administration or counselling carries modifier 25 where the payer follows NCCI (PED-06). 99211 is
/// left to E077, a problem visit beside a well visit to E034.
pub fn vaccines_with_visit(case: &Case<'_>, findings: &mut Findings<'_>) {
    without_25(case, findings, &PED_06, "the payer bundles a visit into vaccine administration without it");
}

/// E034: a problem visit on the day of a preventive visit carries modifier 25 (PED-05).
pub fn sick_and_well(case: &Case<'_>, findings: &mut Findings<'_>) {
    without_25(case, findings, &PED_05, "a problem visit beside a preventive visit needs it");
}

/// E035: modifiers stand where they mean something: 25 and its like on visits, 59 and its like on anything but a visit, none twice or
/// against another (PED-64). What a payer wants on a code by a rule of its own is right; more than four E018 tells.
pub fn place(case: &Case<'_>, findings: &mut Findings<'_>) {
    let years = case.age.map_or(0, |age| age.years);
    let commercial = matches!(case.payer.class, PayerClass::Commercial | PayerClass::Other);
    for line in &case.lines {
        let Some(code) = line.code else { continue };
        let wanted = |modifier| case.payer.rules.modifiers_required.of(code, years).any(|wanted| wanted == modifier);
        for fault in faults(code, &line.modifiers(), commercial) {
            let Some(modifier) = fault.modifier().filter(|modifier| !wanted(*modifier)) else { continue };
            let severity = if fault.is_refused() { Severity::Error } else { Severity::Warning };
            let message = format!("Modifier {modifier} not allowed on {code}: {fault}");
            let finding = findings.add_as(severity, line.path(MODIFIERS), message).found(modifier);
            if severity == Severity::Error {
                finding.suggest(Suggestion::RemoveModifier { line: line.number, modifier: modifier.to_string() });
            }
        }
    }
}

/// E077: 99211 beside vaccine administration is rarely payable, with or without 25 (PED-06).
pub fn nurse_visit_with_vaccine(case: &Case<'_>, findings: &mut Findings<'_>) {
    let Some(line) = case.lines.iter().find(|line| line.visit == Some(Visit::Nurse)) else { return };
    if case.lines.iter().any(|line| line.code.is_some_and(pairs_with_visits)) {
        let message = "99211 with vaccine administration is rarely payable: bill it only for a separate nurse service that is documented";
        findings.add(line.path("SV101-2 (charge_line.procedure_code)"), message).found(line.text());
    }
}

/// E050: modifiers that the payer wants on a code at an age are there, and those that it refuses are not (payer rules `modifiers_required` and
/// `modifiers_forbidden`).
pub fn of_payer(case: &Case<'_>, findings: &mut Findings<'_>) {
    let years = case.age.map_or(0, |age| age.years);
    let rules = case.payer.rules;
    for line in &case.lines {
        let Some(code) = line.code else { continue };
        for modifier in rules.modifiers_required.of(code, years).filter(|modifier| !line.has(modifier.as_str())) {
            findings
                .add(line.path(MODIFIERS), format!("Modifier {modifier} per {}: add it to {code}", case.payer.name))
                .expected(modifier)
                .suggest(Suggestion::AddModifier { line: line.number, modifier });
        }
        for modifier in rules.modifiers_forbidden.of(code, years).filter(|modifier| line.has(modifier.as_str())) {
            findings
                .add(line.path(MODIFIERS), format!("Modifier {modifier} per {}: not on {code}", case.payer.name))
                .found(modifier)
                .suggest(Suggestion::RemoveModifier { line: line.number, modifier: modifier.to_string() });
        }
    }
}
