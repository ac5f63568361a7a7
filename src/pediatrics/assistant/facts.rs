//! What happened at a visit, in clinical words: no charge, no payer.

use jiff::civil::Date;

use crate::pediatrics::forms::Form;
use crate::pediatrics::level::Work;
use crate::pediatrics::nebulizer::Treatments;
use crate::pediatrics::preventive::PatientStatus;
use crate::pediatrics::telehealth::Remote;
use crate::pediatrics::vaccine_lines::Given;
use crate::pediatrics::{Age, after_hours, newborn};
use crate::reference::{Icd10, ProcedureCode};

/// What kind of visit it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VisitKind {
    /// A well visit.
    Well,
    /// A visit for a problem.
    Problem,
    /// A well visit with separate work on a problem, documented as such.
    WellAndProblem,
    /// A visit for a form.
    Form {
        /// Which.
        form: Form,
        /// Whether the payer pays a well visit on this day.
        well_visit_due: bool,
        /// Whether something beyond the form was found or treated.
        medically_supported: bool,
    },
    /// By a nurse alone.
    Nurse,
    /// Doses, tests or other services without a visit.
    ServicesOnly,
    /// A day of the stay of birth, of a normal newborn.
    BirthStay(newborn::services::Day),
}

/// What a condition is to the visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Treated today.
    Problem,
    /// Found at a well visit, without separate work.
    Finding,
    /// Known and stable: no abnormal finding (PED-03).
    Chronic,
}

/// A condition of the child at the visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Condition {
    /// Which.
    pub code: Icd10,
    /// What it is to the visit.
    pub role: Role,
}

/// Counselling on vaccines that were not given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counselling {
    /// Minutes that belong to nothing else.
    pub minutes: u16,
    /// Why they were not given: a complete code of Z28.
    pub reason: Icd10,
}

/// A screening, a procedure or another service with its count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Service {
    /// What.
    pub code: ProcedureCode,
    /// How often; for questionnaires: instruments.
    pub count: u32,
    /// What it was for, where that is not what the visit was for.
    pub diagnosis: Option<Icd10>,
}

/// A test done in the practice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Test {
    /// What.
    pub code: ProcedureCode,
    /// How many results: 2 for influenza A and B.
    pub results: u32,
    /// Whether it screens a healthy child; else it is for the problem.
    pub screening: bool,
}

/// How blood was drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Specimen {
    /// From a vein.
    Venous,
    /// From finger or heel.
    Capillary,
}

/// What happened at a visit.
#[derive(Clone, Copy, Debug)]
pub struct Encounter<'a> {
    /// When.
    pub service_date: Date,
    /// The child's age that day.
    pub age: Age,
    /// New or established.
    pub status: PatientStatus,
    /// What kind of visit.
    pub kind: VisitKind,
    /// What the level of a problem visit is computed from.
    pub work: Work,
    /// What the child has, the main reason first.
    pub conditions: &'a [Condition],
    /// Doses given.
    pub doses: &'a [Given],
    /// Counselling on vaccines that were not given.
    pub counselling: Option<Counselling>,
    /// Screenings.
    pub screenings: &'a [Service],
    /// Tests done in the practice.
    pub tests: &'a [Test],
    /// How blood was drawn, if it was.
    pub specimen: Option<Specimen>,
    /// Procedures and other services.
    pub procedures: &'a [Service],
    /// Nebulizer treatments.
    pub nebulizer: Option<Treatments>,
    /// Set for a visit at a distance.
    pub remote: Option<Remote>,
    /// When the visit began, by the posted hours.
    pub hours: after_hours::Hours,
}

impl Encounter<'_> {
    /// A visit at which nothing else happened.
    #[must_use]
    pub const fn new(service_date: Date, age: Age, status: PatientStatus, kind: VisitKind) -> Encounter<'static> {
        Encounter {
            service_date,
            age,
            status,
            kind,
            work: Work { decisions: None, minutes: None, billed_separately: 0 },
            conditions: &[],
            doses: &[],
            counselling: None,
            screenings: &[],
            tests: &[],
            specimen: None,
            procedures: &[],
            nebulizer: None,
            remote: None,
            hours: after_hours::Hours::Ordinary,
        }
    }
}
