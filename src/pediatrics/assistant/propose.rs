//! From facts to lines: diagnoses first, then visits, vaccines, services, and at last the modifiers that depend on all of them.

use super::services;
use super::{Choices, Encounter, Proposal, Role, VisitKind};
use crate::pediatrics::preventive::{self, PED_01, PED_03, PatientStatus, order_diagnoses};
use crate::pediatrics::vaccine_lines::{Kind, vaccine_lines};
use crate::pediatrics::vfc::style::{Charge, PED_22};
use crate::pediatrics::visits::{self, PED_05, PED_06, Visit, WellPlusSick, problem_status};
use crate::pediatrics::{
    epsdt, forms, immunization_administration as administration, immunization_schedule, level, newborn, telehealth, vaccine_age,
    vaccine_counselling as counselling, vfc,
};
use crate::reference::{Icd10, Modifier, ProcedureCode};

/// What the visit is billed as, once forms and the payer's rules are applied.
#[derive(Clone, Copy, Default)]
struct Billed {
    well: bool,
    problem: bool,
    /// The diagnosis of a form, at a problem visit for one.
    form: Option<Icd10>,
}

/// Proposes the lines of a visit for one payer.
#[must_use]
pub fn propose(encounter: &Encounter<'_>, choices: &Choices) -> Proposal {
    let mut proposal = Proposal::default();
    let billed = billed(encounter, choices, &mut proposal);
    diagnoses(encounter, choices, billed, &mut proposal);
    visits(encounter, choices, billed, &mut proposal);
    vaccines(encounter, choices, &mut proposal);
    services::add(encounter, choices, billed.well, &mut proposal);
    modifiers(encounter, choices, &mut proposal);
    proposal
}

fn billed(encounter: &Encounter<'_>, choices: &Choices, proposal: &mut Proposal) -> Billed {
    let well = Billed { well: true, ..Billed::default() };
    let problem = Billed { problem: true, ..Billed::default() };
    match encounter.kind {
        VisitKind::Well => well,
        VisitKind::Problem => problem,
        VisitKind::WellAndProblem => match choices.well_plus_sick {
            WellPlusSick::Deny => {
                proposal.note(&PED_05, "The payer denies a problem visit on the day of a well visit: the problem is an abnormal finding.");
                well
            }
            WellPlusSick::Reduce50 => {
                proposal.note(&PED_05, "The payer pays half of the problem visit on the day of a well visit.");
                Billed { well: true, ..problem }
            }
            WellPlusSick::Pay => Billed { well: true, ..problem },
        },
        VisitKind::Form { form, well_visit_due, medically_supported } => match forms::billing(form, well_visit_due, medically_supported) {
            forms::Billing::WellVisit => well,
            forms::Billing::ProblemVisit(diagnosis) => Billed { form: Some(diagnosis), ..problem },
            forms::Billing::SelfPay => {
                proposal.note(&forms::PED_70, "No well visit is due and nothing medical was done: the family pays for the form.");
                Billed::default()
            }
        },
        VisitKind::Nurse | VisitKind::ServicesOnly | VisitKind::BirthStay(_) => Billed::default(),
    }
}

fn diagnoses(encounter: &Encounter<'_>, choices: &Choices, billed: Billed, proposal: &mut Proposal) {
    if billed.well {
        let abnormal = encounter.conditions.iter().any(|condition| condition.role != Role::Chronic);
        proposal.diagnosis(preventive::diagnosis(encounter.age, abnormal, choices.adult_from_years));
    }
    billed.form.into_iter().for_each(|form| proposal.diagnosis(form));
    let of_doses = |proposal: &mut Proposal| {
        encounter.doses.iter().for_each(|given| proposal.diagnosis(administration::diagnosis(given.dose.class)));
    };
    // Without a visit to a physician the doses are what the child came for.
    if matches!(encounter.kind, VisitKind::ServicesOnly | VisitKind::Nurse) {
        of_doses(proposal);
    }
    encounter.conditions.iter().for_each(|condition| proposal.diagnosis(condition.code));
    if matches!(encounter.kind, VisitKind::BirthStay(_)) && !proposal.diagnoses.iter().any(|code| newborn::services::is_liveborn(*code)) {
        proposal.note(&newborn::PED_50, "The stay of birth needs the liveborn code (Z38) first.");
    }
    if let Some(told) = encounter.counselling {
        proposal.diagnosis(counselling::Z71_85);
        proposal.diagnosis(told.reason);
    }
    of_doses(proposal);
    encounter.procedures.iter().chain(encounter.screenings).filter_map(|service| service.diagnosis).for_each(|code| {
        proposal.diagnosis(code);
    });
    order_diagnoses(&mut proposal.diagnoses);
}

fn visits(encounter: &Encounter<'_>, choices: &Choices, billed: Billed, proposal: &mut Proposal) {
    if billed.well {
        let examination: Vec<Icd10> = proposal.diagnoses.iter().copied().filter(|code| is_examination(*code)).take(1).collect();
        match preventive::visit_code(encounter.age, encounter.status) {
            Some(code) => {
                let line =
                    proposal.line(code, examination, &PED_01, "The age at the date of service and the patient's status choose the code.");
                if epsdt::takes_ep(encounter.age, code, choices.epsdt) {
                    line.mark(Modifier::EP, &epsdt::PED_30, "The payer wants EP on this preventive visit.");
                }
            }
            None => proposal.note(&PED_01, "No preventive visit code of a pediatric practice fits the age."),
        }
        let finding = encounter.conditions.iter().any(|condition| condition.role != Role::Chronic);
        if finding && proposal.diagnoses.iter().any(|code| code.is_within("Z0011")) {
            proposal.note(&PED_03, "The newborn examination codes do not tell abnormal findings: the finding's own code does.");
        }
    }
    if billed.problem {
        let status = if billed.well { problem_status(encounter.status, choices.new_plus_new) } else { encounter.status };
        let problems = problems(encounter, billed);
        match level::code(status, encounter.work) {
            Some(_) if problems.is_empty() => {
                proposal.level_open = true;
                proposal.note(&PED_05, "The problem visit has no diagnosis of its own.");
            }
            Some(code) => {
                proposal.line(code, problems, &level::PED_07, "Time or medical decision making, whichever is higher, chooses the level.");
            }
            None => {
                proposal.level_open = true;
                proposal.note(&level::PED_07, "Neither time nor medical decision making tells the level of the problem visit.");
            }
        }
    }
    let first = |proposal: &Proposal| proposal.diagnoses.iter().copied().take(1).collect::<Vec<_>>();
    match encounter.kind {
        VisitKind::Nurse if encounter.status == PatientStatus::New => {
            proposal.note(&preventive::PED_02, "A nurse alone cannot see a new patient: no visit is proposed.");
        }
        VisitKind::Nurse if encounter.doses.is_empty() => {
            let diagnoses = first(proposal);
            proposal.line(ProcedureCode::literal("99211"), diagnoses, &level::PED_07, "A nurse alone saw an established patient.");
        }
        VisitKind::Nurse => proposal.note(&PED_06, "A nurse's visit is rarely payable beside vaccine administration: not proposed."),
        VisitKind::BirthStay(day) => {
            let diagnoses = first(proposal);
            let code = newborn::services::code(day);
            proposal.line(code, diagnoses, &newborn::PED_50, "The day of the newborn's stay chooses the code.");
        }
        _ => {}
    }
}

/// Whether a code is the routine examination of a child or young adult.
fn is_examination(code: Icd10) -> bool {
    preventive::is_child_examination(code) || code.is_within("Z000")
}

/// What a problem visit is for: what was treated; without a well visit beside it, all that the child has, after the form's diagnosis.
fn problems(encounter: &Encounter<'_>, billed: Billed) -> Vec<Icd10> {
    let of = |wanted: &dyn Fn(Role) -> bool| {
        encounter.conditions.iter().filter(|condition| wanted(condition.role)).map(|condition| condition.code).collect::<Vec<_>>()
    };
    let treated = of(&|role| role == Role::Problem);
    if billed.well { treated } else { billed.form.into_iter().chain(of(&|_| true)).collect() }
}

fn vaccines(encounter: &Encounter<'_>, choices: &Choices, proposal: &mut Proposal) {
    let told = vaccine_lines(encounter.age, encounter.doses, choices.vaccines);
    for line in told.lines {
        let says = match (line.kind, line.charge) {
            (Kind::Product, Charge::Free) => "The dose came from public stock: its product is free.",
            (Kind::Product, Charge::AdministrationFee) => "In the payer's style the product's line carries the administration fee.",
            (Kind::Product, Charge::Fee) => "Each dose has its product and its administration.",
            (Kind::Administration, _) => "Counselling, age, route and components choose the administration codes and their units.",
        };
        let proposed = proposal.line(line.code, vec![line.diagnosis], line.rule, says);
        proposed.units = line.units;
        proposed.charge = line.charge;
        proposed.doses = line.doses;
        proposed.tolerated = line.tolerated;
        if let Some(modifier) = line.modifier {
            proposed.mark(modifier, &PED_22, "The payer's style for public stock asks for the modifier.");
        }
    }
    proposal.administration_open = !told.unruled.is_empty();
    for at in told.unruled {
        proposal.note_on(at, &administration::PED_14, "No rule tells how this product is administered: code its administration by hand.");
    }
    for (at, given) in encounter.doses.iter().enumerate() {
        if vaccine_age::is_unusual(given.product, encounter.age) {
            proposal.note_on(at, &vaccine_age::PED_17, "The product is unusual at this age: is it the one that was given?");
        }
        if immunization_schedule::is_coverage_uncertain(given.product, encounter.service_date) {
            let says = "Coverage without cost share is promised to the end of 2026 only: ask the payer.";
            proposal.note_on(at, &immunization_schedule::PED_15, says);
        }
        if let Some(eligibility) = given.eligibility {
            for fault in vfc::eligibility::faults(eligibility, encounter.age, None) {
                proposal.note_on(at, &vfc::PED_20, fault.to_string());
            }
            if let Err((mismatch, _)) = vfc::stock::check(encounter.age, eligibility, given.dose.funding) {
                proposal.note_on(at, &vfc::PED_21, mismatch.to_string());
            }
        }
    }
    if let Some(told) = encounter.counselling {
        let code = counselling::code(told.minutes).filter(|_| counselling::PED_16.holds_on(encounter.service_date));
        match code {
            Some(code) if choices.counselling_only => {
                let says = "Vaccines were talked about and not given: the minutes choose the code.";
                proposal.line(code, vec![counselling::Z71_85, told.reason], &counselling::PED_16, says);
            }
            Some(_) => proposal.note(&counselling::PED_16, "The payer does not pay counselling on vaccines that were not given."),
            None => proposal.note(&counselling::PED_16, "The counselling on vaccines has no code: too short, or before 2026."),
        }
    }
}

/// Modifier 25, telehealth, and the order of modifiers: they depend on all lines.
fn modifiers(encounter: &Encounter<'_>, choices: &Choices, proposal: &mut Proposal) {
    let codes: Vec<ProcedureCode> = proposal.lines.iter().map(|line| line.code).collect();
    for (at, rule) in visits::needs_25(&codes, choices.ncci).into_iter().chain(visits::needs_25_beside_procedure(&codes)) {
        let says = match rule.id {
            "PED-05" => "A problem visit on the day of a well visit carries 25.",
            "PED-06" => "The payer follows NCCI: a visit on the day of vaccine administration carries 25.",
            _ => "A visit on the day of a procedure carries 25.",
        };
        proposal.lines[at].mark(Modifier::M25, rule, says);
    }
    if let Some(remote) = encounter.remote {
        let place = telehealth::place(remote);
        for line in &mut proposal.lines {
            if telehealth::needs_presence(line.code) {
                continue;
            }
            line.place = Some(place);
            let is_visit = visits::visit(line.code).is_some();
            let own_codes = choices.telehealth.own_codes && encounter.service_date >= telehealth::OWN_CODES_FROM;
            match telehealth::own_code(line.code, remote.channel).filter(|_| own_codes) {
                Some(own) => line.code = own,
                None => {
                    let mark = telehealth::modifier(remote.channel, choices.telehealth).filter(|_| is_visit);
                    mark.into_iter().for_each(|mark| line.mark(mark, &telehealth::PED_65, "The payer wants the channel as a modifier."));
                }
            }
        }
        if codes.iter().any(|code| telehealth::needs_presence(*code)) {
            proposal.note(&telehealth::PED_65, "A service that needs the child to be there stands in a visit at a distance.");
        }
        if codes.iter().any(|code| visits::visit(*code) == Some(Visit::Preventive)) && !choices.telehealth.well_visits {
            proposal.note(&telehealth::PED_65, "Well visits are usually not paid at a distance.");
        }
        if remote.channel == telehealth::Channel::Audio && choices.telehealth.audio == telehealth::AudioMark::NotPaid {
            proposal.note(&telehealth::PED_65, "The payer does not pay for visits by audio alone.");
        }
    }
    proposal.lines.iter_mut().for_each(super::Line::order_marks);
}
