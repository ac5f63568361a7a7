//! From a stored visit to what happened at it. What only the entered codes tell is taken from them; each function says which.

use jiff::civil::Date;

use super::advice::{self, Visit, diagnoses_of};
use crate::pediatrics::assistant::{Condition, Counselling, Encounter, Role, Service, Specimen, Test, VisitKind};
use crate::pediatrics::immunization_administration::{Dose, administers};
use crate::pediatrics::level::{Decisions, Work};
use crate::pediatrics::nebulizer::Treatments;
use crate::pediatrics::newborn::services::{Day, is_liveborn};
use crate::pediatrics::preventive::{self, Asked, PatientStatus, Seen};
use crate::pediatrics::telehealth::{self, Channel, Remote};
use crate::pediatrics::vaccine_lines::Given;
use crate::pediatrics::visits::{self, visit};
use crate::pediatrics::{Age, after_hours, clia, epsdt, screening, vaccine_counselling};
use crate::reference::vaccine::{self, Class, Funding};
use crate::reference::{Icd10, Modifier, ProcedureCode};
use crate::revenue_cycle::encounter::record::{ChargeLine, DoseRecord};

/// What happened at a stored visit.
#[derive(Clone, Debug)]
pub(super) struct Facts {
    service_date: Date,
    age: Age,
    status: PatientStatus,
    kind: VisitKind,
    work: Work,
    conditions: Vec<Condition>,
    doses: Vec<Given>,
    counselling: Option<Counselling>,
    screenings: Vec<Service>,
    tests: Vec<Test>,
    specimen: Option<Specimen>,
    procedures: Vec<Service>,
    nebulizer: Option<Treatments>,
    remote: Option<Remote>,
    hours: after_hours::Hours,
}

/// What an entered line bills, as far as facts are read from it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bills {
    /// A visit, or a line that follows from the others: nothing to take over.
    Visit,
    /// A dose or giving it.
    Dose,
    /// Counselling on vaccines that were not given.
    Counselling,
    /// A screening.
    Screening,
    /// A test in the practice.
    Test,
    /// Drawing blood.
    Specimen(Specimen),
    /// The visit's hour.
    Hours(after_hours::Hours),
    /// Treatments by nebulizer.
    Nebulizer,
    /// The drug of these, by the milligram.
    Albuterol,
    /// Anything else.
    Procedure,
}

const FLUORIDE: ProcedureCode = ProcedureCode::literal("99188");
const DENTAL_FLUORIDE: ProcedureCode = ProcedureCode::literal("D1206");
const ALBUTEROL_MILLIGRAM: ProcedureCode = ProcedureCode::literal("J7613");

fn bills(code: ProcedureCode, palivizumab: bool) -> Bills {
    if code == ALBUTEROL_MILLIGRAM {
        return Bills::Albuterol;
    }
    match code.number() {
        _ if code == epsdt::COMPLETED || birth_day(code).is_some() || step_of_level(code).is_some() => Bills::Visit,
        _ if matches!(visit(code), Some(visits::Visit::Preventive | visits::Visit::Problem(_) | visits::Visit::Nurse)) => Bills::Visit,
        Some(36415) => Bills::Specimen(Specimen::Venous),
        Some(36416) => Bills::Specimen(Specimen::Capillary),
        Some(90461) => Bills::Dose,
        // It gives many drugs; of ours only this antibody.
        Some(96372) if palivizumab => Bills::Dose,
        _ if administers(code).is_some() || vaccine::product(code, None).is_some() => Bills::Dose,
        _ if vaccine_counselling::is_counselling(code) => Bills::Counselling,
        Some(94640) => Bills::Nebulizer,
        Some(99050) => Bills::Hours(after_hours::Hours::Closed),
        Some(99051) => Bills::Hours(after_hours::Hours::PostedEvening),
        Some(99173..=99177) => Bills::Screening,
        _ if code == DENTAL_FLUORIDE || screening::is_questionnaire(code) || screening::usual_months(code).is_some() => Bills::Screening,
        _ if matches!(clia::waived(code), Some(clia::Waived::ByModifier | clia::Waived::ByCode)) => Bills::Test,
        _ => Bills::Procedure,
    }
}

impl Facts {
    /// Reads the facts of a visit of a child at an age.
    pub(super) fn of(of: &Visit<'_>, age: Age) -> Facts {
        let encounter = of.encounter;
        let lines = encounter.lines.as_slice();
        let doses = doses(&encounter.details.doses, lines);
        let palivizumab = doses.iter().any(|given| given.dose.class == Class::Palivizumab);
        let billing =
            |wanted: &dyn Fn(Bills) -> bool| lines.iter().filter(|line| wanted(bills(line.code, palivizumab))).collect::<Vec<_>>();
        let units = |wanted: Bills| billing(&|is| is == wanted).iter().map(|line| line.units).fold(0, u32::saturating_add);
        let first_diagnosis = |line: &ChargeLine| diagnoses_of(line, encounter).first().copied();
        let (treatments, milligrams) = (units(Bills::Nebulizer), units(Bills::Albuterol));
        let kind = kind(of);
        let well = matches!(kind, VisitKind::Well | VisitKind::WellAndProblem);

        let mut screenings: Vec<Service> = Vec::new();
        for line in billing(&|is| is == Bills::Screening) {
            let code = if line.code == DENTAL_FLUORIDE { FLUORIDE } else { line.code };
            match screenings.iter_mut().find(|known| known.code == code) {
                Some(known) => known.count = known.count.saturating_add(line.units),
                None => screenings.push(Service { code, count: line.units, diagnosis: first_diagnosis(line) }),
            }
        }
        let mut tests: Vec<Test> = Vec::new();
        for line in billing(&|is| is == Bills::Test) {
            match tests.iter_mut().find(|known| known.code == line.code) {
                Some(known) => known.results = known.results.saturating_add(line.units),
                None => {
                    let screening = first_diagnosis(line).map_or(well, is_examination);
                    tests.push(Test { code: line.code, results: line.units, screening });
                }
            }
        }
        let procedure = |line: &ChargeLine| Service { code: line.code, count: line.units, diagnosis: first_diagnosis(line) };
        Facts {
            service_date: encounter.service_date,
            age,
            status: status(of),
            kind,
            work: Work { decisions: lines.iter().find_map(|line| decisions(line.code)), ..Work::default() },
            conditions: conditions(of),
            counselling: billing(&|is| is == Bills::Counselling).iter().find_map(|line| counselling(line.code, &encounter.diagnoses)),
            screenings,
            tests,
            specimen: lines.iter().find_map(|line| match bills(line.code, palivizumab) {
                Bills::Specimen(specimen) => Some(specimen),
                _ => None,
            }),
            procedures: billing(&|is| is == Bills::Procedure).into_iter().map(procedure).collect(),
            nebulizer: (treatments > 0 || milligrams > 0)
                .then(|| Treatments { count: treatments, albuterol_micrograms: milligrams.saturating_mul(MICROGRAMS) }),
            remote: remote(of),
            hours: lines
                .iter()
                .find_map(|line| match bills(line.code, palivizumab) {
                    Bills::Hours(hours) => Some(hours),
                    _ => None,
                })
                .unwrap_or_default(),
            doses,
        }
    }

    /// The facts as the assistant takes them.
    pub(super) fn encounter(&self) -> Encounter<'_> {
        Encounter {
            service_date: self.service_date,
            age: self.age,
            status: self.status,
            kind: self.kind,
            work: self.work,
            conditions: &self.conditions,
            doses: &self.doses,
            counselling: self.counselling,
            screenings: &self.screenings,
            tests: &self.tests,
            specimen: self.specimen,
            procedures: &self.procedures,
            nebulizer: self.nebulizer,
            remote: self.remote,
            hours: self.hours,
        }
    }

    /// Whether a code stands among the procedures: how often, and on how many lines, only the entered lines tell.
    pub(super) fn is_taken_as_entered(&self, code: ProcedureCode) -> bool {
        self.procedures.iter().any(|procedure| procedure.code == code)
    }
}

/// Micrograms in a unit of the nebulizer's drug.
const MICROGRAMS: u32 = 1000;

/// The doses: those on record; for other products of the lines, one dose each, of public stock where the line carries SL, and counselled on
/// where a code says so that needs it.
fn doses(records: &[DoseRecord], lines: &[ChargeLine]) -> Vec<Given> {
    let told = records.iter().filter_map(|DoseRecord { line, facts }| {
        let line = lines.get(line.checked_sub(1)?)?;
        let product = vaccine::product(line.code, Some(facts.cvx));
        let dose = Dose {
            // A product that the table does not know has no rule for its administration.
            class: product.map_or(Class::Unspecific, |product| product.class),
            components: product.map_or(1, |product| product.components),
            route: facts.route,
            counselled: facts.is_counselled(),
            funding: facts.funding,
        };
        Some(Given { product: line.code, product_units: product_units(dose.class, line.units), dose, eligibility: facts.eligibility })
    });
    let mut doses: Vec<Given> = told.collect();
    let counselled = lines.iter().any(|line| matches!(line.code.number(), Some(90460 | 90461)));
    for line in lines {
        let Some(product) = vaccine::product(line.code, line.cvx) else { continue };
        if doses.iter().any(|given| given.product == line.code) {
            continue;
        }
        let funding = if line.modifiers.contains(&Modifier::SL) { Funding::Vfc } else { Funding::Private };
        let dose = Dose { funding, ..Dose::of(product, counselled) };
        doses.push(Given { product: line.code, product_units: product_units(product.class, line.units), dose, eligibility: None });
    }
    doses
}

/// Units of product in a dose: a vaccine's is one, whatever was entered (PED-14); antibodies and globulins are counted by what was used.
fn product_units(class: Class, entered: u32) -> u32 {
    if matches!(class, Class::Vaccine | Class::Covid) { 1 } else { entered }
}

/// What kind of visit it was: by its codes; where no visit was entered and the routine examination is the first diagnosis, a well visit.
fn kind(of: &Visit<'_>) -> VisitKind {
    let lines = of.encounter.lines.as_slice();
    let any = |wanted: &dyn Fn(ProcedureCode) -> bool| lines.iter().any(|line| wanted(line.code));
    let liveborn = of.encounter.diagnoses.iter().any(|code| is_liveborn(*code));
    if let Some(day) = lines.iter().find_map(|line| birth_day(line.code)).filter(|day| liveborn || !matches!(day, Day::Discharge { .. })) {
        return VisitKind::BirthStay(day);
    }
    let preventive = |code: ProcedureCode| visit(code) == Some(visits::Visit::Preventive);
    let nurse = any(&|code| visit(code) == Some(visits::Visit::Nurse));
    let elsewhere =
        of.history.iter().any(|advice::Service { billed, .. }| billed.service_date == of.encounter.service_date && preventive(billed.code));
    let examined = of.encounter.diagnoses.first().is_some_and(|code| is_examination(*code)) && !nurse && !elsewhere;
    let problem = any(&|code| matches!(visit(code), Some(visits::Visit::Problem(_))) || step_of_level(code).is_some());
    match (any(&preventive) || examined, problem) {
        (true, true) => VisitKind::WellAndProblem,
        (true, false) => VisitKind::Well,
        (false, true) => VisitKind::Problem,
        (false, false) if nurse => VisitKind::Nurse,
        (false, false) => VisitKind::ServicesOnly,
    }
}

/// New or established: by our records of the specialty where they reach before this visit; else as entered, since the child may have been
/// seen before our records began.
fn status(of: &Visit<'_>) -> PatientStatus {
    let asked = Asked {
        service_date: of.encounter.service_date,
        taxonomy: of.taxonomy,
        recognises_subspecialties: of.rules.recognises_subspecialties,
        anniversary: of.rules.new_patient_anniversary,
    };
    let seen =
        || of.history.iter().map(|known| Seen { date: known.billed.service_date, code: known.billed.code, taxonomy: known.taxonomy });
    if seen().any(|seen| asked.is_established_by(&seen)) {
        return PatientStatus::Established;
    }
    if seen().any(|seen| asked.knows(&seen)) {
        return PatientStatus::New;
    }
    let entered = |code: ProcedureCode| match (preventive::patient_of(code), visit(code)) {
        (Some((status, _)), _) | (None, Some(visits::Visit::Problem(status))) => Some(status),
        _ => telehealth_level(code).map(|(status, _)| status),
    };
    of.encounter.lines.iter().find_map(|line| entered(line.code)).unwrap_or(PatientStatus::New)
}

/// Patient and step of a telehealth visit of 2025: four levels each of new by video, established by video, new by audio, established by
/// audio.
fn telehealth_level(code: ProcedureCode) -> Option<(PatientStatus, u32)> {
    let place = code.number().filter(|number| (98000..=98015).contains(number))? - 98000;
    Some((if place / 4 % 2 == 0 { PatientStatus::New } else { PatientStatus::Established }, place % 4))
}

/// The step of a problem visit's level, from 0; `None` for other codes.
fn step_of_level(code: ProcedureCode) -> Option<u32> {
    match code.number()? {
        number @ 99202..=99205 => Some(number - 99202),
        number @ 99212..=99215 => Some(number - 99212),
        _ => telehealth_level(code).map(|(_, step)| step),
    }
}

/// The level of the problem visit, as entered: no record of ours tells the work.
fn decisions(code: ProcedureCode) -> Option<Decisions> {
    Some(match step_of_level(code)? {
        0 => Decisions::Straightforward,
        1 => Decisions::Low,
        2 => Decisions::Moderate,
        _ => Decisions::High,
    })
}

/// The day of the stay of birth, as entered; a discharge of unknown length is taken by its code's.
fn birth_day(code: ProcedureCode) -> Option<Day> {
    Some(match code.number()? {
        99460 => Day::First,
        99461 => Day::Elsewhere,
        99462 => Day::Subsequent,
        99463 => Day::Only,
        99238 => Day::Discharge { minutes: 30 },
        99239 => Day::Discharge { minutes: 31 },
        _ => return None,
    })
}

/// Whether a code is the routine examination of a child or young adult.
fn is_examination(code: Icd10) -> bool {
    preventive::is_child_examination(code) || code.is_within("Z000")
}

/// Diagnoses that follow from what was done: the assistant finds them itself.
fn follows(code: Icd10) -> bool {
    is_examination(code)
        || code == preventive::Z23
        || code == crate::pediatrics::immunization_administration::Z29_11
        || code == vaccine_counselling::Z71_85
        || vaccine_counselling::is_reason_not_given(code)
}

/// What the child had: treated, where a problem visit points to it; else found at the examination if that was entered as abnormal; else
/// known and stable. Those that a problem visit points to come first, in its order.
fn conditions(of: &Visit<'_>) -> Vec<Condition> {
    let encounter = of.encounter;
    let treated: Vec<Icd10> = encounter
        .lines
        .iter()
        .filter(|line| step_of_level(line.code).is_some())
        .flat_map(|line| diagnoses_of(line, encounter))
        .filter(|code| !follows(*code))
        .collect();
    let abnormal = encounter.diagnoses.iter().any(|code| matches!(code.as_str(), "Z00121" | "Z0001"));
    let other = if abnormal { Role::Finding } else { Role::Chronic };
    let mut conditions: Vec<Condition> = Vec::new();
    for &code in treated.iter().chain(encounter.diagnoses.iter().filter(|code| !follows(**code))) {
        if conditions.iter().all(|known| known.code != code) {
            let role = if treated.contains(&code) { Role::Problem } else { other };
            conditions.push(Condition { code, role });
        }
    }
    conditions
}

/// Counselling on vaccines that were not given: the least minutes of the entered code, and the first reason among the diagnoses; none
/// without a reason.
fn counselling(code: ProcedureCode, diagnoses: &[Icd10]) -> Option<Counselling> {
    let minutes = match code.number()? {
        90482 => 3,
        90483 => 11,
        90484 => 21,
        _ => return None,
    };
    let reason = diagnoses.iter().copied().find(|code| vaccine_counselling::is_reason_not_given(*code))?;
    Some(Counselling { minutes, reason })
}

/// Whether the visit was at a distance: by its place; by audio alone where a code or modifier says so.
fn remote(of: &Visit<'_>) -> Option<Remote> {
    let place = of.encounter.place_of_service;
    let audio = of.encounter.lines.iter().any(|line| {
        matches!(line.code.number(), Some(98008..=98015)) || line.modifiers.iter().any(|modifier| matches!(modifier.as_str(), "93" | "FQ"))
    });
    let channel = if audio { Channel::Audio } else { Channel::Video };
    let remote = |at_home| Remote { channel, at_home };
    [remote(true), remote(false)].into_iter().find(|remote| telehealth::place(*remote) == place)
}
