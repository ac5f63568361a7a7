//! From what happened to charges: a visit in clinical words becomes diagnoses and lines by the rules of `pediatrics`. For sources that
//! do not code themselves.

use crate::pediatrics::immunization_administration::{self as immunization, Dose, Style};
use crate::pediatrics::preventive::{self, PatientStatus};
use crate::pediatrics::{Age, visits};
use crate::reference::vaccine::Product;
use crate::reference::{Icd10, ProcedureCode};

use super::model::{DoseFacts, EncounterDraft, IntakeReason, LineDraft, NdcQuantity};
use super::snomed::Role;

/// What a practice has decided about visits whose coding is left to us. Each default is a statement about the practice's
/// documentation; whoever starts a feed confirms them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodingOptions {
    /// The problem visit of a new patient, where the source tells no level.
    pub problem_new: ProcedureCode,
    /// The problem visit of an established patient, where the source tells no level.
    pub problem_established: ProcedureCode,
    /// Whether an illness treated at a well visit is a second visit code (PED-05). If not, it is an abnormal finding only.
    pub problem_beside_well: bool,
    /// Whether vaccines given at a visit to a physician count as counselled on where the source does not say (PED-10).
    pub counselled_at_visits: bool,
    /// Whether visits with vaccines carry modifier 25 (PED-06).
    pub ncci: bool,
    /// From which age in years well visits take the adult diagnosis (PED-03).
    pub adult_from_years: u16,
}

impl Default for CodingOptions {
    /// Level 3, sick beside well, counselled, modifier 25, adult at 18.
    fn default() -> CodingOptions {
        CodingOptions {
            problem_new: ProcedureCode::literal("99203"),
            problem_established: ProcedureCode::literal("99213"),
            problem_beside_well: true,
            counselled_at_visits: true,
            ncci: true,
            adult_from_years: preventive::ADULT_FROM_YEARS,
        }
    }
}

/// What kind of visit it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VisitKind {
    /// A well visit.
    Preventive,
    /// A visit for a problem.
    Problem,
    /// A visit whose code the source tells: problem or preventive as the code says.
    Coded(ProcedureCode),
    /// Doses only, no visit to a physician.
    DosesOnly,
}

/// One dose with the product that it is billed as.
#[derive(Clone, Debug)]
pub struct GivenDose {
    /// The product.
    pub product: &'static Product,
    /// How it was given.
    pub facts: DoseFacts,
    /// The drug, where known.
    pub ndc: Option<NdcQuantity>,
}

/// What happened at a visit.
#[derive(Clone, Debug)]
pub struct Visit {
    /// The child's age.
    pub age: Age,
    /// New or established.
    pub status: PatientStatus,
    /// What kind of visit.
    pub kind: VisitKind,
    /// What the child had, the reason of the visit first.
    pub conditions: Vec<(Icd10, Role)>,
    /// The doses given.
    pub doses: Vec<GivenDose>,
    /// Other services that the source codes, with their units.
    pub services: Vec<(ProcedureCode, u32)>,
}

/// Most line pointers (domain.md 1.7, SV107).
const POINTERS_MAX: usize = 4;

/// Writes a visit's diagnoses and lines into its draft, and notes what had to be assumed or is missing.
pub fn code(visit: &Visit, options: &CodingOptions, draft: &mut EncounterDraft) {
    let place = "visit";
    let preventive = match visit.kind {
        VisitKind::Preventive => true,
        VisitKind::Coded(code) => visits::visit(code) == Some(visits::Visit::Preventive),
        VisitKind::Problem | VisitKind::DosesOnly => false,
    };
    let treated = |role: Role| role == Role::Problem;
    if preventive {
        let abnormal = visit.conditions.iter().any(|(_, role)| *role != Role::Chronic);
        add_diagnosis(draft, preventive::diagnosis(visit.age, abnormal, options.adult_from_years));
    }
    for (icd, _) in &visit.conditions {
        add_diagnosis(draft, *icd);
    }
    for dose in &visit.doses {
        add_diagnosis(draft, immunization::diagnosis(dose.product.class));
    }

    let conditions = |draft: &EncounterDraft, wanted: &dyn Fn(Role) -> bool| {
        let wanted = visit.conditions.iter().filter(|(_, role)| wanted(*role));
        wanted.filter_map(|(icd, _)| pointer(draft, *icd)).take(POINTERS_MAX).collect::<Vec<u8>>()
    };
    let problem_code = match visit.status {
        PatientStatus::New => options.problem_new,
        PatientStatus::Established => options.problem_established,
    };
    match visit.kind {
        VisitKind::Preventive => match preventive::visit_code(visit.age, visit.status) {
            Some(code) => draft.lines.push(LineDraft::new(code, vec![1])),
            None => draft.note(IntakeReason::AgeOutsidePreventive, place),
        },
        VisitKind::Coded(code) if preventive => draft.lines.push(LineDraft::new(code, vec![1])),
        VisitKind::Coded(code) => draft.lines.push(LineDraft::new(code, conditions(draft, &|_| true))),
        VisitKind::Problem => {
            draft.lines.push(LineDraft::new(problem_code, conditions(draft, &|_| true)));
            draft.note(IntakeReason::LevelAssumed, place);
        }
        VisitKind::DosesOnly => {}
    }
    let beside = visit.conditions.iter().any(|(_, role)| treated(*role)) && options.problem_beside_well;
    if visit.kind == VisitKind::Preventive && beside {
        draft.lines.push(LineDraft::new(problem_code, conditions(draft, &treated)));
        draft.note(IntakeReason::LevelAssumed, place);
    }

    for dose in &visit.doses {
        let pointers = pointer(draft, immunization::diagnosis(dose.product.class)).into_iter().collect();
        let mut line = LineDraft::new(dose.product.cpt, pointers);
        line.ndc.clone_from(&dose.ndc);
        line.dose = Some(dose.facts.clone());
        draft.lines.push(line);
    }
    administer(visit, draft);

    for (code, units) in &visit.services {
        let mut line = LineDraft::new(*code, vec![1]);
        line.units = *units;
        draft.lines.push(line);
    }

    let codes: Vec<ProcedureCode> = draft.lines.iter().map(|line| line.code).collect();
    for (at, _) in visits::needs_25(&codes, options.ncci) {
        visits::add_25(&mut draft.lines[at].modifiers);
    }
}

/// Adds the administration lines of the visit's doses, as commercial payers take them; the claim to another payer computes its own.
fn administer(visit: &Visit, draft: &mut EncounterDraft) {
    let dose = |given: &GivenDose| Dose {
        class: given.product.class,
        components: given.product.components,
        route: given.facts.route,
        counselled: given.facts.is_counselled(),
        funding: given.facts.funding,
    };
    let doses: Vec<Dose> = visit.doses.iter().map(dose).collect();
    let administration = immunization::administration(visit.age, &doses, Style::COMMERCIAL);
    for line in administration.lines {
        let diagnosis = line.doses.first().map(|&at| immunization::diagnosis(doses[at].class));
        let pointers = diagnosis.and_then(|icd| pointer(draft, icd)).into_iter().collect();
        draft.lines.push(LineDraft { units: line.units, ..LineDraft::new(line.code, pointers) });
    }
    for at in administration.unruled {
        draft.note(IntakeReason::AdministrationUnknown, format!("CVX {}", visit.doses[at].facts.cvx));
    }
}

/// Adds a diagnosis unless it is there.
fn add_diagnosis(draft: &mut EncounterDraft, icd: Icd10) {
    if !draft.diagnoses.contains(&icd) {
        draft.diagnoses.push(icd);
    }
}

/// The position of a diagnosis, from 1.
fn pointer(draft: &EncounterDraft, icd: Icd10) -> Option<u8> {
    draft.diagnoses.iter().position(|known| *known == icd).and_then(|at| u8::try_from(at + 1).ok())
}

#[cfg(test)]
mod tests {
    use super::super::model::ExternalKey;
    use super::*;
    use crate::reference::vaccine::{self, Funding};
    use jiff::civil::date;

    fn given(cpt: &str) -> GivenDose {
        let product = vaccine::product(cpt.parse().unwrap(), None).unwrap();
        let facts = DoseFacts {
            cvx: product.cvx,
            lot: None,
            route: product.route,
            counselled: Some(true),
            funding: Funding::Private,
            eligibility: None,
        };
        GivenDose { product, facts, ndc: None }
    }

    fn visit(years: i16, kind: VisitKind, conditions: &[(&str, Role)], doses: &[&str]) -> Visit {
        Visit {
            age: Age::at(date(2026 - years, 1, 1), date(2026, 3, 1)).unwrap(),
            status: PatientStatus::Established,
            kind,
            conditions: conditions.iter().map(|(icd, role)| (icd.parse().unwrap(), *role)).collect(),
            doses: doses.iter().map(|cpt| given(cpt)).collect(),
            services: Vec::new(),
        }
    }

    /// Lines as `code-modifiers x units @ pointers`.
    fn coded(visit: &Visit) -> (Vec<String>, Vec<String>) {
        let mut draft = EncounterDraft::new(ExternalKey { source: "test".to_owned(), id: "1".to_owned() });
        code(visit, &CodingOptions::default(), &mut draft);
        let line = |line: &LineDraft| {
            let modifiers: String = line.modifiers.iter().map(|m| format!("-{m}")).collect();
            format!("{}{modifiers} x{} @{:?}", line.code, line.units, line.pointers)
        };
        (draft.diagnoses.iter().map(ToString::to_string).collect(), draft.lines.iter().map(line).collect())
    }

    #[test]
    fn ped_05_well_and_otitis_at_six_years_are_two_visits() {
        let (diagnoses, lines) = coded(&visit(6, VisitKind::Preventive, &[("H66.91", Role::Problem)], &[]));
        assert_eq!(diagnoses, ["Z00121", "H6691"]);
        assert_eq!(lines, ["99393 x1 @[1]", "99213-25 x1 @[2]"]);
    }

    #[test]
    fn ped_05_a_new_patient_gets_two_new_codes() {
        let well_and_asthma = Visit { status: PatientStatus::New, ..visit(4, VisitKind::Preventive, &[("J45.901", Role::Problem)], &[]) };
        assert_eq!(coded(&well_and_asthma).1, ["99382 x1 @[1]", "99203-25 x1 @[2]"]);
    }

    #[test]
    fn a_stable_chronic_condition_is_no_abnormal_finding_and_a_finding_is_no_second_visit() {
        assert_eq!(coded(&visit(6, VisitKind::Preventive, &[("J45.909", Role::Chronic)], &[])).0, ["Z00129", "J45909"]);
        let (diagnoses, lines) = coded(&visit(6, VisitKind::Preventive, &[("K05.10", Role::Finding)], &[]));
        assert_eq!((diagnoses, lines.len()), (vec!["Z00121".to_owned(), "K0510".to_owned()], 1));
    }

    #[test]
    fn a_well_visit_with_vaccines_points_them_to_z23_and_carries_25() {
        let (diagnoses, lines) = coded(&visit(4, VisitKind::Preventive, &[], &["90710", "90696"]));
        assert_eq!(diagnoses, ["Z00129", "Z23"]);
        assert_eq!(lines, ["99392-25 x1 @[1]", "90710 x1 @[2]", "90696 x1 @[2]", "90460 x2 @[2]", "90461 x6 @[2]"]);
    }

    #[test]
    fn doses_alone_have_z23_first_and_no_visit() {
        let (diagnoses, lines) = coded(&visit(4, VisitKind::DosesOnly, &[], &["90656"]));
        assert_eq!((diagnoses, lines), (vec!["Z23".to_owned()], vec!["90656 x1 @[1]".to_owned(), "90460 x1 @[1]".to_owned()]));
    }

    #[test]
    fn an_antibody_points_to_z29_11() {
        let (diagnoses, lines) = coded(&visit(0, VisitKind::Preventive, &[], &["90381"]));
        assert_eq!(diagnoses, ["Z00129", "Z2911"]);
        assert_eq!(lines, ["99391 x1 @[1]", "90381 x1 @[2]", "96380 x1 @[2]"]);
    }
}
