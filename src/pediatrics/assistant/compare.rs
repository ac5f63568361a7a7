//! What differs between the lines that are proposed and those that somebody entered: missing charges, units, modifiers, codes,
//! diagnoses, and lines that nothing supports. Codes of which no rule knows anything raise nothing.

use super::{Line, Proposal};
use crate::pediatrics::immunization_administration::{PED_11, PED_14, administers};
use crate::pediatrics::modifiers::is_finer_59;
use crate::pediatrics::visits::{Visit, visit};
use crate::pediatrics::{
    Rule, after_hours, clia, epsdt, level, nebulizer, newborn, preventive, screening, telehealth, vaccine_counselling, visits,
};
use crate::reference::{Icd10, Modifier, ProcedureCode, vaccine};

/// One line as entered.
#[derive(Clone, Copy, Debug)]
pub struct Entered<'a> {
    /// What.
    pub code: ProcedureCode,
    /// Its modifiers.
    pub modifiers: &'a [Modifier],
    /// How often.
    pub units: u32,
    /// What it points to, in order.
    pub diagnoses: &'a [Icd10],
}

/// What differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A proposed line was not entered: money is left lying.
    Missing,
    /// An entered line that no fact supports.
    Superfluous,
    /// Another code for the same service.
    OtherCode,
    /// Too few or too many units.
    Units,
    /// The same units on another number of lines than the payer wants.
    Lines,
    /// A modifier is missing.
    ModifierMissing(Modifier),
    /// A modifier stands there that no fact supports.
    ModifierExtra(Modifier),
    /// The line points to another main reason.
    Diagnosis,
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub kind: Kind,
    /// The rule that says so.
    pub rule: &'static Rule,
    /// In one sentence; no PHI.
    pub says: String,
    /// The entered line concerned, by position.
    pub entered: Option<usize>,
    /// The proposed line concerned, by position.
    pub proposed: Option<usize>,
}

/// Services that stand for each other: where one is proposed and another entered, it is the wrong code and not one missing and one too
/// many.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Slot {
    WellVisit,
    ProblemVisit,
    NewbornCare,
    Administration,
    Vision,
    Fluoride,
    Counselling,
    AfterHours,
    Specimen,
}

fn slot(code: ProcedureCode) -> Option<Slot> {
    if code.as_str() == "D1206" {
        return Some(Slot::Fluoride);
    }
    Some(match code.number()? {
        99381..=99397 => Slot::WellVisit,
        99202..=99215 | 98000..=98015 => Slot::ProblemVisit,
        99460..=99463 | 99238 | 99239 => Slot::NewbornCare,
        90460..=90474 | 90480 | 96380 | 96381 => Slot::Administration,
        99173..=99177 => Slot::Vision,
        99188 => Slot::Fluoride,
        90482..=90484 => Slot::Counselling,
        99050 | 99051 => Slot::AfterHours,
        36415 | 36416 => Slot::Specimen,
        _ => return None,
    })
}

/// Compares what is proposed with what was entered. Empty: a skilled coder would have entered the same.
#[must_use]
pub fn compare(proposal: &Proposal, entered: &[Entered<'_>]) -> Vec<Finding> {
    let mut comparison = Comparison { lines: &proposal.lines, entered, open: vec![true; entered.len()], findings: Vec::new() };
    let unmatched: Vec<usize> = (0..proposal.lines.len()).filter(|at| !comparison.by_code(*at)).collect();
    for at in unmatched {
        comparison.by_slot(at);
    }
    comparison.superfluous(proposal);
    comparison.findings
}

struct Comparison<'a> {
    lines: &'a [Line],
    entered: &'a [Entered<'a>],
    /// Which entered lines have no counterpart yet.
    open: Vec<bool>,
    findings: Vec<Finding>,
}

impl Comparison<'_> {
    fn find(&mut self, kind: Kind, rule: &'static Rule, entered: Option<usize>, proposed: Option<usize>, says: String) {
        self.findings.push(Finding { kind, rule, says, entered, proposed });
    }

    /// Compares a proposed line with the entered lines of its code; `false` when there are none. Lines of one code are compared together,
    /// at the first of them.
    fn by_code(&mut self, at: usize) -> bool {
        let code = self.lines[at].code;
        let entered: Vec<usize> = (0..self.entered.len()).filter(|line| self.entered[*line].code == code).collect();
        if entered.is_empty() {
            return false;
        }
        if self.lines[..at].iter().any(|line| line.code == code) {
            return true;
        }
        let proposed: Vec<usize> = (0..self.lines.len()).filter(|line| self.lines[*line].code == code).collect();
        entered.iter().for_each(|line| self.open[*line] = false);
        if proposed.len() == entered.len() {
            self.line_by_line(&proposed, entered);
        } else {
            self.by_total(&proposed, &entered);
        }
        true
    }

    /// Pairs lines of one code, those first whose modifiers agree best.
    fn line_by_line(&mut self, proposed: &[usize], mut entered: Vec<usize>) {
        for &at in proposed {
            let line = &self.lines[at];
            let agreement = |entered: usize| {
                let modifiers = self.entered[entered].modifiers;
                let shared = line.modifiers().filter(|modifier| modifiers.contains(modifier)).count();
                (2 * shared).abs_diff(modifiers.len() + line.marks.len())
            };
            let Some(best) = (0..entered.len()).min_by_key(|place| agreement(entered[*place])) else { return };
            let best = entered.remove(best);
            let (found, wanted) = (self.entered[best].units, line.units);
            if found != wanted {
                self.units(at, best, found, wanted);
            }
            self.modifiers(at, best);
            self.diagnosis(at, best);
        }
    }

    /// Compares lines of one code by their units together, where their number differs.
    fn by_total(&mut self, proposed: &[usize], entered: &[usize]) {
        let found: u32 = entered.iter().map(|line| self.entered[*line].units).fold(0, u32::saturating_add);
        let wanted: u32 = proposed.iter().map(|line| self.lines[*line].units).fold(0, u32::saturating_add);
        let (at, line) = (proposed[0], entered[0]);
        if found != wanted {
            self.units(at, line, found, wanted);
        } else {
            let says = format!("{} stands on {} lines; the payer wants {}.", self.lines[at].code, entered.len(), proposed.len());
            self.find(Kind::Lines, self.lines[at].reason.rule, Some(line), Some(at), says);
        }
    }

    fn units(&mut self, at: usize, line: usize, found: u32, wanted: u32) {
        let code = self.lines[at].code;
        let rule = self.lines[at].reason.rule;
        let how = if found < wanted { "too few" } else { "too many" };
        let says = format!("{code} has {found} units, {how}: the facts give {wanted}.");
        self.find(Kind::Units, rule, Some(line), Some(at), says);
    }

    fn modifiers(&mut self, at: usize, line: usize) {
        let (lines, entered) = (self.lines, self.entered[line]);
        let proposed = &lines[at];
        let stands = |wanted: Modifier| {
            entered.modifiers.contains(&wanted) || wanted.as_str() == "59" && entered.modifiers.iter().any(|found| is_finer_59(*found))
        };
        for mark in proposed.marks.iter().filter(|mark| !stands(mark.modifier)) {
            let says = format!("{} lacks modifier {}.", proposed.code, mark.modifier);
            self.find(Kind::ModifierMissing(mark.modifier), mark.reason.rule, Some(line), Some(at), says);
        }
        let expected = |found: &Modifier| proposed.tolerated == Some(*found) || proposed.modifiers().any(|wanted| wanted == *found);
        for &extra in entered.modifiers.iter().filter(|found| !expected(found)) {
            if let Some(rule) = judged(extra) {
                let says = format!("{} carries modifier {extra}, and nothing asks for it.", proposed.code);
                self.find(Kind::ModifierExtra(extra), rule, Some(line), Some(at), says);
            }
        }
    }

    fn diagnosis(&mut self, at: usize, line: usize) {
        let proposed = &self.lines[at];
        let (Some(first), Some(wanted)) = (self.entered[line].diagnoses.first(), proposed.diagnoses.first()) else { return };
        if !proposed.diagnoses.contains(first) {
            let says = format!("{} points to {} first; the facts give {}.", proposed.code, first.dotted(), wanted.dotted());
            let rule = if slot(proposed.code) == Some(Slot::WellVisit) { &preventive::PED_03 } else { proposed.reason.rule };
            self.find(Kind::Diagnosis, rule, Some(line), Some(at), says);
        }
    }

    /// Looks for another code of the same service; else the proposed line is missing.
    fn by_slot(&mut self, at: usize) {
        let proposed = &self.lines[at];
        let (code, rule) = (proposed.code, proposed.reason.rule);
        let other = slot(code)
            .and_then(|wanted| (0..self.entered.len()).find(|line| self.open[*line] && slot(self.entered[*line].code) == Some(wanted)));
        let Some(line) = other else {
            let says = format!("{code} ×{} is missing: {}", proposed.units, proposed.reason.says);
            return self.find(Kind::Missing, rule, None, Some(at), says);
        };
        self.open[line] = false;
        let found = self.entered[line].code;
        let (rule, why) = match (preventive::patient_of(found), preventive::patient_of(code)) {
            (Some((_, ages)), Some((_, wanted))) if ages != wanted => (&preventive::PED_01, "it is for another age"),
            (Some(_), Some(_)) => (&preventive::PED_02, "it does not fit whether the patient is new"),
            _ => (rule, "the facts give another code"),
        };
        self.find(Kind::OtherCode, rule, Some(line), Some(at), format!("{found} was entered, {why}: {code}."));
    }

    /// Entered lines without a counterpart, as far as a rule knows their code.
    fn superfluous(&mut self, proposal: &Proposal) {
        for line in 0..self.entered.len() {
            let code = self.entered[line].code;
            let stands = match slot(code) {
                Some(Slot::ProblemVisit) => proposal.level_open,
                Some(Slot::Administration) => proposal.administration_open,
                _ => false,
            };
            if let Some(rule) = rule_of(code).filter(|_| self.open[line] && !stands) {
                let says = format!("{code} was entered, and nothing in the visit's record supports it.");
                self.find(Kind::Superfluous, rule, Some(line), None, says);
            }
        }
    }
}

/// The rule that knows whether a modifier belongs on a line; `None` for modifiers that only a person can judge.
fn judged(modifier: Modifier) -> Option<&'static Rule> {
    Some(match modifier.as_str() {
        "25" => &visits::PED_06,
        "SL" => &crate::pediatrics::vfc::PED_22,
        "EP" => &epsdt::PED_30,
        "QW" => &clia::PED_63,
        _ if telehealth::is_mark(modifier) => &telehealth::PED_65,
        _ => return None,
    })
}

/// The rule that knows whether a code belongs to a visit; `None` for codes of which no rule knows anything.
fn rule_of(code: ProcedureCode) -> Option<&'static Rule> {
    let number = code.number();
    if code == epsdt::COMPLETED {
        return Some(&epsdt::PED_30);
    }
    Some(match visit(code) {
        Some(Visit::Preventive) => &preventive::PED_01,
        Some(Visit::Problem(_)) => &level::PED_07,
        Some(Visit::Nurse) => &visits::PED_06,
        _ if newborn::services::is_newborn_care(code) => &newborn::PED_50,
        _ if number == Some(90461) => &PED_11,
        _ if administers(code).is_some() || vaccine::product(code, None).is_some() => &PED_14,
        _ if vaccine_counselling::is_counselling(code) => &vaccine_counselling::PED_16,
        _ if screening::is_questionnaire(code) => &screening::PED_61,
        _ if slot(code) == Some(Slot::Vision) => &screening::PED_60,
        _ if slot(code) == Some(Slot::AfterHours) => &after_hours::PED_66,
        _ if number == Some(94640) || nebulizer::is_oximetry(code) => &nebulizer::PED_67,
        _ if clia::waived(code).is_some() => &clia::PED_63,
        _ => return None,
    })
}
