//! Everything that is neither visit nor vaccine: after hours, completed screenings of EPSDT, questionnaires, vision, tests, specimens,
//! procedures, nebulizer.

use super::{Choices, Encounter, Proposal, Role, Service, Specimen, Test};
use crate::pediatrics::clia::{self, takes_qw};
use crate::pediatrics::modifiers::{PED_64, is_preventive_by_itself};
use crate::pediatrics::screening::{self, instrument_lines, is_questionnaire};
use crate::pediatrics::{after_hours, epsdt, medicaid, nebulizer};
use crate::reference::{Icd10, Modifier, ProcedureCode};

const DISTINCT: Modifier = Modifier::literal("59");
const PREVENTIVE: Modifier = Modifier::literal("33");
const FLUORIDE: ProcedureCode = ProcedureCode::literal("99188");
const DENTAL_FLUORIDE: ProcedureCode = ProcedureCode::literal("D1206");
const MOTHERS_DEPRESSION: ProcedureCode = ProcedureCode::literal("96161");
const VENIPUNCTURE: ProcedureCode = ProcedureCode::literal("36415");
const FINGER_STICK: ProcedureCode = ProcedureCode::literal("36416");

/// Adds the lines of a visit's other services. `well`: whether a well visit is billed.
pub(super) fn add(encounter: &Encounter<'_>, choices: &Choices, well: bool, proposal: &mut Proposal) {
    let of_visit: Vec<Icd10> = proposal.diagnoses.iter().copied().take(1).collect();
    let treated: Vec<Icd10> =
        encounter.conditions.iter().filter(|condition| condition.role == Role::Problem).map(|condition| condition.code).collect();
    let of_problem = if treated.is_empty() { of_visit.clone() } else { treated };

    if let Some(code) = after_hours::code(encounter.hours, choices.after_hours).filter(|_| encounter.remote.is_none()) {
        proposal.line(code, of_visit.clone(), &after_hours::PED_66, "The visit was outside of ordinary hours, and the payer pays for it.");
    }
    if well && choices.epsdt.s0302 && epsdt::applies(encounter.age, &[epsdt::COMPLETED], choices.epsdt) {
        proposal.line(epsdt::COMPLETED, of_visit.clone(), &epsdt::PED_30, "The payer wants the completed screening as a line.");
    }
    screenings(encounter, choices, well, &of_visit, proposal);
    for test in encounter.tests {
        add_test(*test, choices, well, if test.screening { &of_visit } else { &of_problem }, proposal);
    }
    if let Some(specimen) = encounter.specimen {
        let code = if specimen == Specimen::Venous { VENIPUNCTURE } else { FINGER_STICK };
        let screens = encounter.tests.iter().all(|test| test.screening);
        let diagnoses = if screens { of_visit.clone() } else { of_problem.clone() };
        proposal.line(code, diagnoses, &clia::PED_63, "Drawing the specimen is a line of its own.");
    }
    procedures(encounter, &of_visit, proposal);
    for line in encounter.nebulizer.into_iter().flat_map(nebulizer::lines) {
        let says = "Each treatment counts, a repeated one with 76; the drug is billed by the milligram.";
        let proposed = proposal.line(line.code, of_problem.clone(), &nebulizer::PED_67, says);
        proposed.units = line.units;
        if let Some(modifier) = line.modifier {
            proposed.mark(modifier, &nebulizer::PED_67, "A treatment repeated on the day carries 76.");
        }
    }
}

fn screenings(encounter: &Encounter<'_>, choices: &Choices, well: bool, of_visit: &[Icd10], proposal: &mut Proposal) {
    let done = || encounter.screenings.iter().filter(|screening| screening.count > 0);
    let codes: Vec<ProcedureCode> = done().map(|screening| screening.code).collect();
    let left_out = screening::vision_conflict(&codes).map(|conflict| codes[conflict.chart]);
    if left_out.is_some() {
        proposal.note(&screening::PED_60, "Vision was screened by chart and by instrument: the instrument is proposed alone.");
    }
    for &Service { code, count, diagnosis } in done().filter(|screening| Some(screening.code) != left_out) {
        if code == MOTHERS_DEPRESSION && !choices.mother_on_child {
            proposal.note(&screening::PED_61, "The payer wants the mother's screening on her own claim, not on the child's.");
            continue;
        }
        let diagnoses = diagnosis.map_or_else(|| of_visit.to_vec(), |diagnosis| vec![diagnosis]);
        if screening::is_unusual(code, encounter.age) {
            proposal.note(&screening::PED_62, format!("{code} is unusual at this age."));
        }
        let style = if is_questionnaire(code) { choices.instruments } else { screening::Instruments::Units };
        for (units, modifier) in instrument_lines(count, style) {
            let billed = if code == FLUORIDE && choices.dental_fluoride { DENTAL_FLUORIDE } else { code };
            let (rule, says) = if is_questionnaire(code) {
                (&screening::PED_61, "Each standardized instrument is a unit.")
            } else {
                (&screening::PED_62, "A screening done at the visit is a line of its own.")
            };
            let line = proposal.line(billed, diagnoses.clone(), rule, says);
            line.units = units;
            modifier.into_iter().for_each(|modifier| line.mark(modifier, &screening::PED_61, "A further instrument on a line of its own."));
            mark_preventive(line, choices, well);
        }
    }
}

/// 33 where the payer wants it on what may be preventive or not, at a well visit.
fn mark_preventive(line: &mut super::Line, choices: &Choices, well: bool) {
    if choices.marks_preventive && well && medicaid::is_preventive(line.code) && !is_preventive_by_itself(line.code) {
        line.mark(PREVENTIVE, &PED_64, "The service was preventive here, and its code does not say so.");
    }
}

fn add_test(test: Test, choices: &Choices, well: bool, diagnoses: &[Icd10], proposal: &mut Proposal) {
    let qw = choices.certificate.and_then(|certificate| takes_qw(test.code, certificate));
    for result in 0..test.results.min(screening::LINES_MAX) {
        let line =
            proposal.line(test.code, diagnoses.to_vec(), &clia::PED_63, "A test done in the practice is a line, with the CLIA number.");
        if qw == Some(true) {
            line.mark(Modifier::QW, &clia::PED_63, "Under the site's certificate the waived test carries QW.");
        }
        if result > 0 {
            line.mark(DISTINCT, &PED_64, "A second result of the same code is distinct.");
        }
        if test.screening {
            mark_preventive(line, choices, well);
        }
    }
}

fn procedures(encounter: &Encounter<'_>, of_visit: &[Icd10], proposal: &mut Proposal) {
    let mut day: Vec<ProcedureCode> = proposal.lines.iter().map(|line| line.code).collect();
    day.extend(encounter.procedures.iter().map(|procedure| procedure.code));
    let treated = encounter.nebulizer.is_some_and(|treatments| treatments.count > 0);
    for procedure in encounter.procedures.iter().filter(|procedure| procedure.count > 0) {
        if nebulizer::is_bundled(procedure.code, &day) || treated && nebulizer::is_oximetry(procedure.code) {
            proposal.note(&nebulizer::PED_67, "Measuring oxygen is part of the visit or treatment: not proposed.");
            continue;
        }
        let diagnoses = procedure.diagnosis.map_or_else(|| of_visit.to_vec(), |diagnosis| vec![diagnosis]);
        let line = proposal.line(procedure.code, diagnoses, &PED_64, "A procedure done at the visit is a line of its own.");
        line.units = procedure.count;
    }
}
