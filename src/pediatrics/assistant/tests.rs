//! Whole visits: what is proposed for them, and what is found in what somebody entered.

mod properties;

use jiff::civil::{Date, date};

use super::*;
use crate::pediatrics::due_list::Billed;
use crate::pediatrics::forms::Form;
use crate::pediatrics::immunization_administration::Dose;
use crate::pediatrics::level::Decisions;
use crate::pediatrics::level::Work;
use crate::pediatrics::nebulizer::Treatments;
use crate::pediatrics::preventive::PatientStatus;
use crate::pediatrics::screening::Instruments;
use crate::pediatrics::telehealth::Remote;
use crate::pediatrics::vaccine_lines::{Given, Terms as VaccineTerms};
use crate::pediatrics::vfc::style::{Charge, Style};
use crate::pediatrics::visits::{NewPlusNew, WellPlusSick};
use crate::pediatrics::{Age, after_hours, epsdt, newborn, telehealth};
use crate::reference::vaccine::{self, Funding, VfcEligibility};
use crate::reference::{Icd10, Modifier, ProcedureCode};

const DAY: Date = date(2026, 11, 16);

fn aged(years: u16) -> Age {
    Age { years, months: u32::from(years) * 12, days: u32::from(years) * 366 }
}

fn infant(months: u32) -> Age {
    Age { years: 0, months, days: months * 31 }
}

fn icd(text: &str) -> Icd10 {
    text.parse().unwrap()
}

fn code(text: &str) -> ProcedureCode {
    text.parse().unwrap()
}

fn problem(text: &str) -> Condition {
    Condition { code: icd(text), role: Role::Problem }
}

fn dose(cpt: &str) -> Given {
    let product = vaccine::product(code(cpt), None).unwrap();
    Given { product: product.cpt, product_units: 1, dose: Dose::of(product, true), eligibility: None }
}

fn public(cpt: &str) -> Given {
    let given = dose(cpt);
    Given { dose: Dose { funding: Funding::Vfc, ..given.dose }, eligibility: Some(VfcEligibility::V02), ..given }
}

fn service(text: &str, count: u32) -> Service {
    Service { code: code(text), count, diagnosis: None }
}

fn low() -> Work {
    Work { decisions: Some(Decisions::Low), ..Work::default() }
}

fn well(age: Age) -> Encounter<'static> {
    Encounter::new(DAY, age, PatientStatus::Established, VisitKind::Well)
}

/// Lines as `code-modifiers x units @diagnoses`.
fn lines(proposal: &Proposal) -> Vec<String> {
    let line = |line: &Line| {
        let modifiers: String = line.modifiers().map(|m| format!("-{m}")).collect();
        let diagnoses: Vec<&str> = line.diagnoses.iter().map(Icd10::as_str).collect();
        format!("{}{modifiers} x{} @{}", line.code, line.units, diagnoses.join("+"))
    };
    proposal.lines.iter().map(line).collect()
}

fn coded(encounter: &Encounter<'_>, choices: &Choices) -> Vec<String> {
    lines(&propose(encounter, choices))
}

fn notes(encounter: &Encounter<'_>, choices: &Choices) -> Vec<&'static str> {
    propose(encounter, choices).notes.iter().map(|note| note.reason.rule.id).collect()
}

#[test]
fn an_infants_well_visit_with_three_vaccines_is_billed_whole() {
    let doses = [dose("90697"), dose("90677"), dose("90680")];
    let screenings = [service("96161", 1)];
    let encounter = Encounter { doses: &doses, screenings: &screenings, ..well(infant(4)) };
    assert_eq!(
        coded(&encounter, &Choices::COMMERCIAL),
        ["99391-25 x1 @Z00129", "90697 x1 @Z23", "90677 x1 @Z23", "90680 x1 @Z23", "90460 x3 @Z23", "90461 x5 @Z23", "96161 x1 @Z00129"]
    );
    assert!(notes(&encounter, &Choices::COMMERCIAL).is_empty());
    let own_claim = Choices { mother_on_child: false, ..Choices::COMMERCIAL };
    assert_eq!((coded(&encounter, &own_claim).len(), notes(&encounter, &own_claim)), (6, vec!["PED-61"]));
}

#[test]
fn the_example_of_the_documentation_is_what_is_proposed() {
    let screenings = [service("99177", 1)];
    let at_four = |doses: &[Given], choices: &Choices| coded(&Encounter { doses, screenings: &screenings, ..well(aged(4)) }, choices);
    assert_eq!(
        at_four(&[dose("90710"), dose("90696")], &Choices::COMMERCIAL),
        ["99392-25 x1 @Z00129", "90710 x1 @Z23", "90696 x1 @Z23", "90460 x2 @Z23", "90461 x6 @Z23", "99177 x1 @Z00129"]
    );
    assert_eq!(
        at_four(&[public("90710"), public("90696")], &Choices::MEDICAID),
        ["99392-25 x1 @Z00129", "90710-SL x1 @Z23", "90696-SL x1 @Z23", "90460-SL x2 @Z23", "99177 x1 @Z00129"]
    );
}

#[test]
fn a_line_says_what_it_is_and_why() {
    let doses = [dose("90707")];
    let proposal = propose(&Encounter { doses: &doses, ..well(aged(1)) }, &Choices::COMMERCIAL);
    assert_eq!(
        proposal.lines[0].to_string(),
        "99392-25 ×1 → Z00.129: The age at the date of service and the patient's status choose the code (PED-01). \
         The payer follows NCCI: a visit on the day of vaccine administration carries 25 (PED-06)."
    );
}

#[test]
fn on_medicaid_public_stock_is_free_and_ep_and_s0302_go_where_the_payer_wants_them() {
    let doses = [public("90710"), public("90696")];
    let encounter = Encounter { doses: &doses, ..well(aged(4)) };
    assert_eq!(coded(&encounter, &Choices::MEDICAID), ["99392-25 x1 @Z00129", "90710-SL x1 @Z23", "90696-SL x1 @Z23", "90460-SL x2 @Z23"]);
    let charges: Vec<Charge> = propose(&encounter, &Choices::MEDICAID).lines.iter().map(|line| line.charge).collect();
    assert_eq!(charges, [Charge::Fee, Charge::Free, Charge::Free, Charge::Fee]);
    let wishes = Choices { epsdt: epsdt::Terms { program: true, ep: epsdt::EpOn::PreventiveVisits, s0302: true }, ..Choices::MEDICAID };
    assert_eq!(coded(&well(aged(4)), &wishes), ["99392-EP x1 @Z00129", "S0302 x1 @Z00129"]);
}

#[test]
fn ped_64_a_payers_own_list_of_modifiers_is_obeyed() {
    let screenings = [service("96110", 1)];
    let doses = [dose("90707")];
    let mut proposal = propose(&Encounter { screenings: &screenings, doses: &doses, ..well(aged(1)) }, &Choices::MEDICAID);
    let wanted = |on: ProcedureCode| ["EP", "95"].into_iter().filter(move |_| on == code("96110")).map(|m| m.parse().unwrap());
    proposal.require(wanted);
    assert_eq!(lines(&proposal), ["99392-25 x1 @Z00129", "90707 x1 @Z23", "90460 x1 @Z23", "90461 x2 @Z23", "96110-EP-95 x1 @Z00129"]);
}

#[test]
fn ped_05_well_and_otitis_are_two_visits_and_a_payer_may_pay_one() {
    let conditions = [problem("H66.91")];
    let encounter = Encounter { conditions: &conditions, work: low(), kind: VisitKind::WellAndProblem, ..well(aged(6)) };
    assert_eq!(coded(&encounter, &Choices::COMMERCIAL), ["99393 x1 @Z00121", "99213-25 x1 @H6691"]);
    let denies = Choices { well_plus_sick: WellPlusSick::Deny, ..Choices::COMMERCIAL };
    assert_eq!((coded(&encounter, &denies), notes(&encounter, &denies)), (vec!["99393 x1 @Z00121".to_owned()], vec!["PED-05"]));
}

#[test]
fn ped_05_a_new_patients_second_code_is_as_the_payer_wants_it() {
    let conditions = [problem("J45.901")];
    let encounter =
        Encounter { conditions: &conditions, work: low(), kind: VisitKind::WellAndProblem, status: PatientStatus::New, ..well(aged(4)) };
    assert_eq!(coded(&encounter, &Choices::COMMERCIAL), ["99382 x1 @Z00121", "99203-25 x1 @J45901"]);
    let one_new = Choices { new_plus_new: NewPlusNew::SecondEstablished, ..Choices::COMMERCIAL };
    assert_eq!(coded(&encounter, &one_new), ["99382 x1 @Z00121", "99213-25 x1 @J45901"]);
}

#[test]
fn ped_07_without_time_and_decisions_a_person_chooses_the_level_and_any_level_stands() {
    let conditions = [problem("H66.91")];
    let encounter = Encounter { conditions: &conditions, kind: VisitKind::Problem, ..well(aged(6)) };
    let proposal = propose(&encounter, &Choices::COMMERCIAL);
    assert_eq!((proposal.lines.len(), proposal.notes[0].reason.rule.id), (0, "PED-07"));
    assert_eq!(compare(&proposal, &[Entered { code: code("99214"), modifiers: &[], units: 1, diagnoses: &[] }]), []);
}

#[test]
fn ped_50_a_newborns_stay_is_99460_with_circumcision_then_discharge() {
    let conditions = [Condition { code: icd("Z38.00"), role: Role::Chronic }];
    let circumcision = [Service { code: code("54150"), count: 1, diagnosis: Some(icd("Z41.2")) }];
    let day = |day, procedures| Encounter {
        kind: VisitKind::BirthStay(day),
        conditions: &conditions,
        procedures,
        ..Encounter::new(DAY, infant(0), PatientStatus::New, VisitKind::ServicesOnly)
    };
    use newborn::services::Day;
    assert_eq!(coded(&day(Day::First, &circumcision), &Choices::COMMERCIAL), ["99460-25 x1 @Z3800", "54150 x1 @Z412"]);
    assert_eq!(coded(&day(Day::Discharge { minutes: 20 }, &[]), &Choices::COMMERCIAL), ["99238 x1 @Z3800"]);
    let without = Encounter { conditions: &[], ..day(Day::First, &[]) };
    assert_eq!(notes(&without, &Choices::COMMERCIAL), ["PED-50"]);
}

#[test]
fn ped_63_tests_carry_qw_and_a_second_result_59() {
    let conditions = [problem("J02.9")];
    let tests = [
        Test { code: code("87880"), results: 1, screening: false },
        Test { code: code("87804"), results: 2, screening: false },
        Test { code: code("81002"), results: 1, screening: false },
    ];
    let encounter = Encounter { conditions: &conditions, work: low(), tests: &tests, kind: VisitKind::Problem, ..well(aged(7)) };
    assert_eq!(
        coded(&encounter, &Choices::COMMERCIAL),
        ["99213 x1 @J029", "87880-QW x1 @J029", "87804-QW x1 @J029", "87804-QW-59 x1 @J029", "81002 x1 @J029"]
    );
}

#[test]
fn screenings_follow_the_payers_wishes_and_vision_is_screened_once() {
    let screenings = [service("96110", 2), service("99177", 1), service("99173", 1), service("99188", 1)];
    let tests = [Test { code: code("83655"), results: 1, screening: true }];
    let encounter = Encounter { screenings: &screenings, tests: &tests, specimen: Some(Specimen::Capillary), ..well(aged(2)) };
    assert_eq!(
        coded(&encounter, &Choices::COMMERCIAL),
        ["99392 x1 @Z00129", "96110 x2 @Z00129", "99177 x1 @Z00129", "99188 x1 @Z00129", "83655-QW x1 @Z00129", "36416 x1 @Z00129"]
    );
    let wishes = Choices { instruments: Instruments::Lines, dental_fluoride: true, marks_preventive: true, ..Choices::COMMERCIAL };
    assert_eq!(
        coded(&encounter, &wishes),
        [
            "99392 x1 @Z00129",
            "96110-33 x1 @Z00129",
            "96110-59-33 x1 @Z00129",
            "99177-33 x1 @Z00129",
            "D1206 x1 @Z00129",
            "83655-QW-33 x1 @Z00129",
            "36416 x1 @Z00129"
        ]
    );
    assert!(notes(&encounter, &wishes).contains(&"PED-60"));
}

#[test]
fn ped_59_what_is_still_due_is_told_at_well_visits_only() {
    let birth = date(2025, 11, 10);
    let age = Age::at(birth, DAY).unwrap();
    let screenings = [service("99177", 1)];
    let encounter = Encounter { screenings: &screenings, ..well(age) };
    let history = [Billed { service_date: date(2026, 11, 12), code: code("83655"), units: 1 }];
    let due = |kind, history: &[Billed]| {
        let proposal = propose(&Encounter { kind, ..encounter }, &Choices::MEDICAID);
        proposal.still_due(birth, DAY, true, history).iter().map(|due| due.item.id).collect::<Vec<_>>()
    };
    assert_eq!(due(VisitKind::Well, &[]), ["lead", "hemoglobin", "fluoride"]);
    assert_eq!(due(VisitKind::Well, &history), ["hemoglobin", "fluoride"]);
    assert!(due(VisitKind::ServicesOnly, &[]).is_empty());
}

#[test]
fn ped_67_nebulizer_treatments_and_oximetry() {
    let conditions = [problem("J45.901")];
    let encounter = Encounter {
        conditions: &conditions,
        work: Work { decisions: Some(Decisions::Moderate), ..Work::default() },
        kind: VisitKind::Problem,
        nebulizer: Some(Treatments { count: 2, albuterol_micrograms: 5000 }),
        procedures: &[Service { code: ProcedureCode::literal("94760"), count: 1, diagnosis: None }],
        ..well(aged(5))
    };
    assert_eq!(
        coded(&encounter, &Choices::COMMERCIAL),
        ["99214 x1 @J45901", "94640 x1 @J45901", "94640-76 x1 @J45901", "J7613 x5 @J45901"]
    );
    assert_eq!(notes(&encounter, &Choices::COMMERCIAL), ["PED-67"]);
}

#[test]
fn ped_65_a_video_visit_has_its_place_and_mark_or_a_code_of_its_own() {
    let conditions = [problem("L20.9")];
    let remote = Some(Remote { channel: telehealth::Channel::Video, at_home: true });
    let encounter = Encounter { conditions: &conditions, work: low(), kind: VisitKind::Problem, remote, ..well(aged(5)) };
    let proposal = propose(&encounter, &Choices::COMMERCIAL);
    assert_eq!((lines(&proposal), proposal.lines[0].place.unwrap().to_string()), (vec!["99213-95 x1 @L209".to_owned()], "10".to_owned()));
    let own = Choices { telehealth: telehealth::Terms { own_codes: true, ..Choices::COMMERCIAL.telehealth }, ..Choices::COMMERCIAL };
    assert_eq!(coded(&encounter, &own), ["98005 x1 @L209"]);
    let vaccines = [dose("90656")];
    assert_eq!(notes(&Encounter { doses: &vaccines, ..encounter }, &Choices::COMMERCIAL), ["PED-65"]);
}

#[test]
fn ped_16_counselling_without_a_dose_is_paid_by_some() {
    let counselling = Some(Counselling { minutes: 12, reason: icd("Z28.82") });
    let encounter = Encounter { counselling, ..well(aged(1)) };
    assert_eq!(coded(&encounter, &Choices::COMMERCIAL), ["99392-25 x1 @Z00129", "90483 x1 @Z7185+Z2882"]);
    assert_eq!((coded(&encounter, &Choices::MEDICAID).len(), notes(&encounter, &Choices::MEDICAID)), (1, vec!["PED-16"]));
    let earlier = Encounter { service_date: date(2025, 12, 31), ..encounter };
    assert_eq!(notes(&earlier, &Choices::COMMERCIAL), ["PED-16"]);
}

#[test]
fn ped_70_a_form_is_a_well_visit_a_problem_visit_or_the_familys() {
    let form = |well_visit_due, medically_supported| {
        let kind = VisitKind::Form { form: Form::Sports, well_visit_due, medically_supported };
        coded(&Encounter { kind, work: low(), ..well(aged(14)) }, &Choices::COMMERCIAL)
    };
    assert_eq!(form(true, false), ["99394 x1 @Z00129"]);
    assert_eq!(form(false, true), ["99213 x1 @Z025"]);
    assert!(form(false, false).is_empty());
}

#[test]
fn doses_alone_a_nurse_and_after_hours() {
    let doses = [dose("90656")];
    let flu = Encounter { doses: &doses, kind: VisitKind::ServicesOnly, ..well(aged(8)) };
    assert_eq!(coded(&flu, &Choices::COMMERCIAL), ["90656 x1 @Z23", "90460 x1 @Z23"]);
    let chronic = [Condition { code: icd("J45.909"), role: Role::Chronic }];
    assert_eq!(propose(&Encounter { conditions: &chronic, ..flu }, &Choices::COMMERCIAL).diagnoses, [icd("Z23"), icd("J45.909")]);
    let nurse = Encounter { kind: VisitKind::Nurse, ..flu };
    assert_eq!((coded(&nurse, &Choices::COMMERCIAL).len(), notes(&nurse, &Choices::COMMERCIAL)), (2, vec!["PED-06"]));
    let weight = Encounter { kind: VisitKind::Nurse, conditions: &chronic, ..well(aged(8)) };
    assert_eq!(coded(&weight, &Choices::COMMERCIAL), ["99211 x1 @J45909"]);
    let unknown = Encounter { status: PatientStatus::New, ..weight };
    assert_eq!((coded(&unknown, &Choices::COMMERCIAL).len(), notes(&unknown, &Choices::COMMERCIAL)), (0, vec!["PED-02"]));
    let evening = Encounter { hours: after_hours::Hours::PostedEvening, ..well(aged(8)) };
    let pays = Choices { after_hours: after_hours::Terms { outside_hours: true, posted_evenings: true }, ..Choices::COMMERCIAL };
    assert_eq!(coded(&evening, &pays), ["99393 x1 @Z00129", "99051 x1 @Z00129"]);
    assert_eq!(coded(&evening, &Choices::COMMERCIAL), ["99393 x1 @Z00129"]);
}

#[test]
fn doses_are_looked_at_for_age_stock_and_coverage() {
    let doses = [public("90715"), Given { eligibility: Some(VfcEligibility::V01), ..public("90681") }, dose("90371")];
    let encounter = Encounter { doses: &doses, service_date: date(2027, 1, 4), ..well(infant(6)) };
    let found: Vec<(Option<usize>, &str)> =
        propose(&encounter, &Choices::MEDICAID).notes.iter().map(|note| (note.dose, note.reason.rule.id)).collect();
    assert_eq!(found, [(Some(2), "PED-14"), (Some(0), "PED-17"), (Some(1), "PED-15"), (Some(1), "PED-21")]);
}

/// Findings as `kind rule entered-position`, for lines entered as `code-modifiers x units @diagnosis`.
fn found(encounter: &Encounter<'_>, choices: &Choices, entered: &[&str]) -> Vec<String> {
    struct Parsed(ProcedureCode, Vec<Modifier>, u32, Vec<Icd10>);
    let parse = |text: &&str| {
        let (text, diagnosis) = text.split_once('@').unwrap_or((text, ""));
        let (text, units) = text.split_once('x').unwrap_or((text, "1"));
        let mut parts = text.trim().split('-');
        let code = code(parts.next().unwrap());
        let diagnoses = if diagnosis.is_empty() { Vec::new() } else { vec![icd(diagnosis)] };
        Parsed(code, parts.map(|m| m.parse().unwrap()).collect(), units.trim().parse().unwrap(), diagnoses)
    };
    let parsed: Vec<Parsed> = entered.iter().map(parse).collect();
    let lines: Vec<Entered<'_>> = parsed.iter().map(|p| Entered { code: p.0, modifiers: &p.1, units: p.2, diagnoses: &p.3 }).collect();
    let findings = compare(&propose(encounter, choices), &lines);
    findings
        .iter()
        .map(|finding| format!("{:?} {} {}", finding.kind, finding.rule.id, finding.entered.map_or("-", |at| entered[at])))
        .collect()
}

#[test]
fn what_a_skilled_coder_entered_raises_nothing() {
    let doses = [dose("90710"), dose("90696")];
    let encounter = Encounter { doses: &doses, ..well(aged(4)) };
    let entered = ["99392-25 @Z00.129", "90710", "90696", "90460 x2 @Z23", "90461 x6", "99000"];
    assert!(found(&encounter, &Choices::COMMERCIAL, &entered).is_empty());
}

#[test]
fn missing_charges_and_under_coded_components_are_found() {
    let doses = [dose("90710"), dose("90696")];
    let screenings = [service("99177", 1)];
    let encounter = Encounter { doses: &doses, screenings: &screenings, ..well(aged(4)) };
    assert_eq!(
        found(&encounter, &Choices::COMMERCIAL, &["99392", "90710", "90460 x2", "90461 x2"]),
        ["ModifierMissing(25) PED-06 99392", "Units PED-11 90461 x2", "Missing PED-14 -", "Missing PED-62 -",]
    );
}

#[test]
fn wrong_codes_are_named_as_such_and_not_as_missing_and_superfluous() {
    let doses = [dose("90710")];
    let encounter = Encounter { doses: &doses, ..well(aged(5)) };
    assert_eq!(
        found(&encounter, &Choices::COMMERCIAL, &["99392-25", "90710", "90471"]),
        ["OtherCode PED-01 99392-25", "OtherCode PED-11 90471", "Missing PED-11 -"]
    );
    assert_eq!(found(&well(aged(5)), &Choices::COMMERCIAL, &["99383"]), ["OtherCode PED-02 99383"]);
    let covid = [dose("91319")];
    let only = Encounter { doses: &covid, kind: VisitKind::ServicesOnly, ..well(aged(5)) };
    assert_eq!(found(&only, &Choices::COMMERCIAL, &["91319", "90460"]), ["OtherCode PED-12 90460"]);
}

#[test]
fn superfluous_lines_modifiers_and_wrong_diagnoses_are_found() {
    let encounter = well(aged(5));
    assert_eq!(
        found(&encounter, &Choices::COMMERCIAL, &["99393-25 @Z00.121", "90461 x3", "99213-25", "87880-QW"]),
        [
            "ModifierExtra(25) PED-06 99393-25 @Z00.121",
            "Diagnosis PED-03 99393-25 @Z00.121",
            "Superfluous PED-11 90461 x3",
            "Superfluous PED-07 99213-25",
            "Superfluous PED-63 87880-QW",
        ]
    );
}

#[test]
fn the_payers_line_style_and_tolerated_modifiers_are_respected() {
    let doses = [public("90710"), public("90696")];
    let encounter = Encounter { doses: &doses, ..well(aged(4)) };
    let style_b = Choices { vaccines: VaccineTerms { public: Style::B, ..Choices::MEDICAID.vaccines }, ..Choices::MEDICAID };
    assert!(found(&encounter, &style_b, &["99392-25", "90710-SL", "90696-SL", "90471-SL", "90472"]).is_empty());
    assert_eq!(
        found(&encounter, &Choices::MEDICAID, &["99392-25", "90710-SL", "90696", "90460-SL", "90460-SL"]),
        ["ModifierMissing(SL) PED-22 90696", "Lines PED-11 90460-SL"]
    );
}

#[test]
fn every_proposed_line_has_a_rule_a_sentence_and_a_diagnosis() {
    let doses = [public("90710"), dose("91319"), dose("90381")];
    let screenings = [service("96110", 1), service("99177", 1)];
    let tests = [Test { code: code("83655"), results: 1, screening: true }];
    let conditions = [problem("H66.91")];
    let encounter = Encounter {
        doses: &doses,
        screenings: &screenings,
        tests: &tests,
        conditions: &conditions,
        work: low(),
        kind: VisitKind::WellAndProblem,
        ..well(infant(9))
    };
    let proposal = propose(&encounter, &Choices::MEDICAID);
    for line in &proposal.lines {
        let mut reasons = std::iter::once(&line.reason).chain(line.marks.iter().map(|mark| &mark.reason));
        assert!(reasons.all(|reason| reason.says.ends_with('.')) && !line.diagnoses.is_empty(), "{}", line.code);
        assert!(line.diagnoses.iter().all(|code| proposal.diagnoses.contains(code)), "{}", line.code);
    }
}
