//! E052, E056, E057: what the operator's loaded files say: codes that exist, pairs that bundle, limits of units.

use crate::pediatrics::newborn::services::attendance_conflict;
use crate::pediatrics::screening::vision_conflict;
use crate::pediatrics::units::{CountedOver, Limit, excesses};
use crate::pediatrics::visits::{Visit, pairs_with_visits, takes_25_with_vaccines};
use crate::practice::rules::NcciSet;
use crate::reference::ProcedureCode;
use crate::reference::operator::{CodeStatus, Indicator, LimitPer, NcciTable};

use super::super::case::{Case, Line};
use super::super::catalog::Findings;
use super::super::model::Severity;
use super::super::suggestion::Suggestion;

const CODE: &str = "SV101-2 (charge_line.procedure_code)";

/// E052: a procedure code is in the operator's list on the date of service. Needs a loaded list; one that ends before the date can't refuse a
/// code, which may be new.
pub fn procedure(case: &Case<'_>, findings: &mut Findings<'_>) {
    let Some(day) = case.day.filter(|_| !case.tables.is_empty()) else { return };
    for line in &case.lines {
        let Some(code) = line.code else { continue };
        match case.tables.procedure(code, day) {
            CodeStatus::Valid | CodeStatus::NotLoaded => {}
            CodeStatus::Unknown | CodeStatus::NotBillable => {
                findings.add(line.path(CODE), format!("{code} not valid on {day}")).found(code);
            }
            CodeStatus::UnknownButNewer => {
                let message = format!("{code} is not in the loaded list, which ends before {day}: check it");
                findings.add_as(Severity::Warning, line.path(CODE), message).found(code);
            }
        }
    }
}

/// The files that the payer follows.
fn table(case: &Case<'_>) -> Option<NcciTable> {
    match case.payer.rules.ncci {
        NcciSet::None => None,
        NcciSet::Medicaid => Some(NcciTable::Medicaid),
        NcciSet::Medicare => Some(NcciTable::Medicare),
    }
}

/// Modifiers that say that the two services of a pair were separate (CMS NCCI policy manual, chapter 1): on visits, on procedures, of sides.
const SEPARATE: [&str; 15] = ["24", "25", "57", "58", "59", "78", "79", "91", "XE", "XP", "XS", "XU", "LT", "RT", "27"];

/// Pairs that the rules of pediatrics know, whatever is loaded: resuscitation includes attendance at delivery (PED-50), and vision is
/// screened by chart or by instrument (PED-60).
fn known_pairs(case: &Case<'_>, findings: &mut Findings<'_>) {
    let coded: Vec<(&Line<'_>, ProcedureCode)> = case.lines.iter().filter_map(|line| Some((line, line.code?))).collect();
    let codes: Vec<ProcedureCode> = coded.iter().map(|(_, code)| *code).collect();
    let vision = vision_conflict(&codes).map(|conflict| (conflict.chart, conflict.instrument));
    for (part, whole) in attendance_conflict(&codes).into_iter().chain(vision) {
        let (line, code) = coded[part];
        let message = format!("{code} bundles into {}: bill one", codes[whole]);
        findings.add(line.path(CODE), message).found(code).suggest(Suggestion::RemoveLine { line: line.number });
    }
}

/// E056: no line is part of another by the NCCI pairs of the payer's set, unless the pair allows a modifier and one is there. Needs loaded
/// pairs, but for the few that pediatrics always bills so. Where a modifier separates a visit from vaccine administration, E033 tells that it
/// is missing, and E077 tells 99211.
pub fn pairs(case: &Case<'_>, findings: &mut Findings<'_>) {
    known_pairs(case, findings);
    let (Some(table), Some(day)) = (table(case), case.day.filter(|_| !case.tables.is_empty())) else { return };
    let told_elsewhere = |column1: ProcedureCode, second: &Line<'_>| {
        pairs_with_visits(column1) && (second.visit == Some(Visit::Nurse) || second.code.is_some_and(takes_25_with_vaccines))
    };
    let separate = |line: &Line<'_>| SEPARATE.iter().any(|modifier| line.has(modifier));
    for (at, one) in case.lines.iter().enumerate() {
        for other in &case.lines[at + 1..] {
            for (first, second) in [(one, other), (other, one)] {
                let (Some(column1), Some(column2)) = (first.code, second.code) else { continue };
                if column1 == column2 {
                    continue;
                }
                let Some(pair) = case.tables.pair(table, column1, column2, day) else { continue };
                let hint = match pair.indicator {
                    Indicator::NotApplicable => continue,
                    Indicator::WithModifier if separate(first) || separate(second) || told_elsewhere(column1, second) => continue,
                    Indicator::WithModifier => "bill one, or say by a modifier that they were separate",
                    Indicator::Never => "bill one: no modifier separates them",
                };
                let message = format!("{column2} bundles into {column1}: {hint} (edition of {})", pair.edition);
                findings.add(second.path(CODE), message).found(column2);
            }
        }
    }
}

/// E057: units stay within the payer's own limits and those of the loaded files (PED-68).
pub fn units(case: &Case<'_>, findings: &mut Findings<'_>) {
    let Some(day) = case.day else { return };
    let coded: Vec<(&Line<'_>, (ProcedureCode, u32))> =
        case.lines.iter().filter_map(|line| Some((line, (line.code?, line.units)))).collect();
    let lines: Vec<(ProcedureCode, u32)> = coded.iter().map(|(_, line)| *line).collect();
    let table = table(case).filter(|_| !case.tables.is_empty());
    let own = |code| case.payer.rules.unit_limits.of(code).map(|units| Limit { units, over: CountedOver::Day });
    let loaded = |code| {
        let limit = case.tables.limit(table?, code, day)?;
        let over = match limit.per {
            LimitPer::Line => CountedOver::Line,
            LimitPer::Day => CountedOver::Day,
        };
        Some(Limit { units: limit.units, over })
    };
    for excess in excesses(&lines, own).chain(excesses(&lines, loaded)) {
        let (line, _) = coded[excess.line];
        let over = if excess.limit.over == CountedOver::Line { "on a line" } else { "a day" };
        let message = format!("Units exceed limit {}: {} units of {} {over}", excess.limit.units, excess.found, line.text());
        findings.add(line.path("SV104 (charge_line.units)"), message).found(excess.found).expected(excess.limit.units);
    }
}
