//! What must hold for any visit: the assistant proposes nothing that the rules beside it would find fault with.

use jiff::ToSpan;
use jiff::civil::date;
use proptest::prelude::*;

use super::super::proposal::POINTERS_MAX;
use super::super::*;
use crate::pediatrics::forms::Form;
use crate::pediatrics::immunization_administration::{AntibodyUnits, Dose, LineStyle, Style as Codes};
use crate::pediatrics::level::Decisions;
use crate::pediatrics::level::Work;
use crate::pediatrics::nebulizer::Treatments;
use crate::pediatrics::preventive::PatientStatus;
use crate::pediatrics::screening::Instruments;
use crate::pediatrics::vaccine_lines::{Given, Terms as VaccineTerms};
use crate::pediatrics::vfc::style::Style;
use crate::pediatrics::visits::NewPlusNew;
use crate::pediatrics::{Age, clia, dose_count, modifiers, newborn, preventive, screening, visits};
use crate::reference::vaccine::{self, Class, Funding};
use crate::reference::{Icd10, Modifier, ProcedureCode};

const PRODUCTS: [&str; 14] =
    ["90697", "90677", "90680", "90707", "90710", "90696", "90651", "90656", "90660", "90715", "91319", "90381", "90744", "90633"];
const SCREENINGS: [&str; 8] = ["96110", "96127", "96161", "99173", "99177", "92551", "99188", "99174"];
const TESTS: [&str; 8] = ["87880", "87804", "81002", "81003", "83655", "85018", "87070", "81001"];
const PROCEDURES: [&str; 5] = ["69210", "94760", "17110", "99000", "54150"];
const CONDITIONS: [&str; 5] = ["H66.91", "J45.909", "L20.9", "J02.9", "K05.10"];

/// What a visit is made of, owned.
#[derive(Clone, Debug)]
struct Made {
    days: i32,
    status: PatientStatus,
    kind: VisitKind,
    level: Option<u8>,
    conditions: Vec<Condition>,
    doses: Vec<Given>,
    counselling: bool,
    screenings: Vec<Service>,
    tests: Vec<Test>,
    procedures: Vec<Service>,
    treatments: u32,
}

fn kind() -> impl Strategy<Value = VisitKind> {
    prop_oneof![
        3 => Just(VisitKind::Well),
        2 => Just(VisitKind::Problem),
        3 => Just(VisitKind::WellAndProblem),
        1 => (any::<bool>(), any::<bool>()).prop_map(|(well_visit_due, medically_supported)| VisitKind::Form {
            form: Form::School,
            well_visit_due,
            medically_supported
        }),
        1 => Just(VisitKind::Nurse),
        1 => Just(VisitKind::ServicesOnly),
        1 => Just(VisitKind::BirthStay(newborn::services::Day::First)),
    ]
}

fn dose() -> impl Strategy<Value = Given> {
    (0..PRODUCTS.len(), any::<bool>(), any::<bool>()).prop_map(|(at, counselled, private)| {
        let product = vaccine::product(ProcedureCode::literal(PRODUCTS[at]), None).unwrap();
        let funding = if private { Funding::Private } else { Funding::Vfc };
        Given { product: product.cpt, product_units: 1, dose: Dose { funding, ..Dose::of(product, counselled) }, eligibility: None }
    })
}

fn service(codes: &'static [&'static str]) -> impl Strategy<Value = Service> {
    (0..codes.len(), 0_u32..3).prop_map(|(at, count)| Service { code: ProcedureCode::literal(codes[at]), count, diagnosis: None })
}

fn made() -> impl Strategy<Value = Made> {
    let role = prop_oneof![Just(Role::Problem), Just(Role::Finding), Just(Role::Chronic)];
    let condition = (0..CONDITIONS.len(), role).prop_map(|(at, role)| Condition { code: CONDITIONS[at].parse().unwrap(), role });
    let test = (0..TESTS.len(), 0_u32..3, any::<bool>()).prop_map(|(at, results, screening)| Test {
        code: ProcedureCode::literal(TESTS[at]),
        results,
        screening,
    });
    let status = prop_oneof![Just(PatientStatus::New), Just(PatientStatus::Established)];
    (
        (0_i32..8000, status, kind(), prop::option::of(0_u8..4)),
        prop::collection::vec(condition, 0..3),
        prop::collection::vec(dose(), 0..5),
        any::<bool>(),
        prop::collection::vec(service(&SCREENINGS), 0..4),
        prop::collection::vec(test, 0..3),
        prop::collection::vec(service(&PROCEDURES), 0..3),
        0_u32..3,
    )
        .prop_map(|((days, status, kind, level), conditions, doses, counselling, screenings, tests, procedures, treatments)| Made {
            days,
            status,
            kind,
            level,
            conditions,
            doses,
            counselling,
            screenings,
            tests,
            procedures,
            treatments,
        })
}

fn choices() -> impl Strategy<Value = Choices> {
    let payer = (0..Style::ALL.len(), any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    payer.prop_map(|(style, per_vaccine, medicaid, lines, marks_preventive, second_established)| {
        let base = if medicaid { Choices::MEDICAID } else { Choices::COMMERCIAL };
        let line_style = if per_vaccine { LineStyle::PerVaccine } else { LineStyle::Units };
        Choices {
            vaccines: VaccineTerms {
                private: Codes { lines: line_style, ..Codes::COMMERCIAL },
                public: Style::ALL[style],
                ..VaccineTerms::USUAL
            },
            instruments: if lines { Instruments::Lines } else { Instruments::Units },
            marks_preventive: marks_preventive && !medicaid,
            new_plus_new: if second_established { NewPlusNew::SecondEstablished } else { NewPlusNew::Allow },
            ..base
        }
    })
}

impl Made {
    fn encounter(&self) -> Encounter<'_> {
        let day = date(2026, 11, 16);
        let age = Age::at(day.saturating_sub(self.days.days()), day).unwrap();
        let decisions = [Decisions::Straightforward, Decisions::Low, Decisions::Moderate, Decisions::High];
        Encounter {
            work: Work { decisions: self.level.map(|level| decisions[usize::from(level)]), ..Work::default() },
            conditions: &self.conditions,
            doses: &self.doses,
            counselling: self.counselling.then(|| Counselling { minutes: 12, reason: "Z28.82".parse().unwrap() }),
            screenings: &self.screenings,
            tests: &self.tests,
            procedures: &self.procedures,
            nebulizer: Some(Treatments { count: self.treatments, albuterol_micrograms: self.treatments * 2500 }),
            ..Encounter::new(day, age, self.status, self.kind)
        }
    }
}

proptest! {
    #[test]
    fn entering_what_is_proposed_raises_nothing(made in made(), choices in choices()) {
        let proposal = propose(&made.encounter(), &choices);
        let modifiers: Vec<Vec<Modifier>> = proposal.lines.iter().map(|line| line.modifiers().collect()).collect();
        let entered: Vec<Entered<'_>> = proposal
            .lines
            .iter()
            .zip(&modifiers)
            .map(|(line, modifiers)| Entered { code: line.code, modifiers, units: line.units, diagnoses: &line.diagnoses })
            .collect();
        let findings = compare(&proposal, &entered);
        prop_assert!(findings.is_empty(), "{findings:?}");
    }

    #[test]
    fn nothing_proposed_is_at_fault_by_another_rule(made in made(), choices in choices()) {
        let encounter = made.encounter();
        let proposal = propose(&encounter, &choices);
        let codes: Vec<ProcedureCode> = proposal.lines.iter().map(|line| line.code).collect();
        for line in &proposal.lines {
            let marks: Vec<Modifier> = line.modifiers().collect();
            let faults: Vec<modifiers::Fault> = modifiers::faults(line.code, &marks, !choices.epsdt.program).collect();
            prop_assert!(faults.is_empty(), "{} {faults:?}", line.code);
            let faults: Vec<clia::Fault> =
                clia::faults(line.code, &marks, true, choices.certificate).filter(|fault| *fault != clia::Fault::NotCovered).collect();
            prop_assert!(faults.is_empty(), "{} {faults:?}", line.code);
            prop_assert!(line.units > 0 && line.diagnoses.len() <= POINTERS_MAX && line.reason.says.ends_with('.'));
            prop_assert!(line.diagnoses.iter().all(|code| proposal.diagnoses.contains(code)));
        }
        for (at, _) in visits::needs_25(&codes, choices.ncci) {
            prop_assert!(proposal.lines[at].modifiers().any(|modifier| modifier == Modifier::M25));
        }
        prop_assert_eq!(visits::mixed_status(&codes, choices.new_plus_new), None);
        prop_assert_eq!(screening::vision_conflict(&codes), None);
        let (form, routine) = (|code: &Icd10| code.is_within("Z02"), |code: &Icd10| code.is_within("Z000") || code.is_within("Z001"));
        prop_assert!(!(proposal.diagnoses.iter().any(form) && proposal.diagnoses.iter().any(routine)));
        let z23 = proposal.diagnoses.iter().position(|code| *code == preventive::Z23);
        let examination = proposal.diagnoses.iter().position(|code| preventive::is_child_examination(*code));
        prop_assert!(z23.is_none() || examination.is_none() || z23 > examination);
    }

    #[test]
    fn private_doses_and_their_administrations_are_equally_many(made in made()) {
        let doses: Vec<Given> =
            made.doses.iter().map(|given| Given { dose: Dose { funding: Funding::Private, ..given.dose }, ..*given }).collect();
        let proposal = propose(&Encounter { doses: &doses, ..made.encounter() }, &Choices::COMMERCIAL);
        let counted = |(code, units): (ProcedureCode, u32)| match vaccine::product(code, None) {
            Some(product) => dose_count::given(product.class, units, AntibodyUnits::PerDose),
            None => dose_count::administered(code, units),
        };
        let lines = proposal.lines.iter().filter_map(|line| counted((line.code, line.units)));
        prop_assert!(dose_count::faults(lines, false).is_empty());
        prop_assert!(doses.iter().all(|given| given.dose.class != Class::Unspecific));
    }

    #[test]
    fn leaving_out_any_proposed_line_is_found(made in made(), choices in choices(), left_out: prop::sample::Index) {
        let proposal = propose(&made.encounter(), &choices);
        prop_assume!(!proposal.lines.is_empty());
        let left_out = left_out.index(proposal.lines.len());
        let modifiers: Vec<Vec<Modifier>> = proposal.lines.iter().map(|line| line.modifiers().collect()).collect();
        let entered: Vec<Entered<'_>> = proposal
            .lines
            .iter()
            .zip(&modifiers)
            .enumerate()
            .filter(|(at, _)| *at != left_out)
            .map(|(_, (line, modifiers))| Entered { code: line.code, modifiers, units: line.units, diagnoses: &line.diagnoses })
            .collect();
        prop_assert!(!compare(&proposal, &entered).is_empty());
    }
}
