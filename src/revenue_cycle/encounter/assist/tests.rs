//! The assistant on stored visits: what it finds, what it takes as entered, and whose wishes decide.

use jiff::civil::{Date, date};

use super::{Service, Visit, advise, kind_word};
use crate::pediatrics::clia::Certificate;
use crate::pediatrics::due_list::Billed;
use crate::platform::ids::{ChargeLineId, ChildId, EncounterId, LocationId, ProviderId};
use crate::platform::money::Money;
use crate::practice::model::PayerClass;
use crate::practice::rules::{DatedRule, PayerRules, Setting};
use crate::reference::PlaceOfService;
use crate::reference::vaccine::{Funding, Route};
use crate::revenue_cycle::encounter::model::DoseFacts;
use crate::revenue_cycle::encounter::record::{ChargeLine, DoseRecord, Encounter, EncounterDetails};

const DAY: Date = date(2026, 5, 18);

/// A line written as `99392-25 x1 @1`: code, modifiers, units, pointers.
fn line(text: &str) -> ChargeLine {
    let mut words = text.split(' ');
    let mut code = words.next().unwrap().split('-');
    ChargeLine {
        id: ChargeLineId(1),
        code: code.next().unwrap().parse().unwrap(),
        modifiers: code.map(|modifier| modifier.parse().unwrap()).collect(),
        units: words.next().unwrap().trim_start_matches('x').parse().unwrap(),
        charge: Money::ZERO,
        pointers: words.next().unwrap().trim_start_matches('@').split(',').map(|pointer| pointer.parse().unwrap()).collect(),
        ndc: None,
        cvx: None,
        fee_schedule: "standard".to_owned(),
    }
}

fn encounter(diagnoses: &[&str], lines: &[&str]) -> Encounter {
    Encounter {
        id: EncounterId(1),
        child: ChildId(1),
        provider: ProviderId(1),
        location: LocationId(1),
        service_date: DAY,
        place_of_service: PlaceOfService::OFFICE,
        diagnoses: diagnoses.iter().map(|code| code.parse().unwrap()).collect(),
        details: EncounterDetails::default(),
        lines: lines.iter().map(|text| line(text)).collect(),
    }
}

/// The visit with records of its doses: line from 1, CVX, counselled, stock.
fn recorded(mut encounter: Encounter, doses: &[(usize, &str, bool, Funding)]) -> Encounter {
    let dose = |(line, cvx, counselled, funding): &(usize, &str, bool, Funding)| {
        let (cvx, counselled, funding) = (cvx.parse().unwrap(), Some(*counselled), *funding);
        DoseRecord { line: *line, facts: DoseFacts { cvx, lot: None, route: Route::Injection, counselled, funding, eligibility: None } }
    };
    encounter.details.doses = doses.iter().map(dose).collect();
    encounter
}

const PEDIATRICIAN: &str = "208000000X";

/// A service of a pediatrician of the practice.
fn before(day: Date, code: &str) -> Service<'static> {
    Service { billed: Billed { service_date: day, code: code.parse().unwrap(), units: 1 }, taxonomy: PEDIATRICIAN }
}

fn rules(class: PayerClass, own: &[(&str, &str)]) -> PayerRules {
    let row = |(key, value): &(&str, &str)| DatedRule { from: date(2020, 1, 1), to: None, setting: Setting::parse(key, value).unwrap() };
    PayerRules::resolve(&own.iter().map(row).collect::<Vec<_>>(), class, DAY)
}

/// A visit of a child of some years at a site with a certificate.
fn of<'a>(encounter: &'a Encounter, years: i16, history: &'a [Service<'a>], rules: &'a PayerRules) -> Visit<'a> {
    let birth = date(2026 - years, 2, 3);
    Visit { encounter, birth, history, taxonomy: PEDIATRICIAN, rules, medicaid: false, certificate: Some(Certificate::Waiver) }
}

/// The findings as `rule kind line`, lines from 1, 0 where none was entered.
fn found(visit: &Visit<'_>) -> Vec<String> {
    let findings = advise(visit).findings;
    findings.iter().map(|f| format!("{} {} {}", f.rule.id, kind_word(f.kind), f.entered.map_or(0, |at| at + 1))).collect()
}

fn commercial(encounter: &Encounter, years: i16, history: &[Service<'_>]) -> Vec<String> {
    found(&of(encounter, years, history, &rules(PayerClass::Commercial, &[])))
}

const NOTHING: [&str; 0] = [];

/// Two vaccines of a four-year-old on lines 2 and 3, counselled on.
const TWO: [(usize, &str, bool, Funding); 2] = [(2, "94", true, Funding::Private), (3, "130", true, Funding::Private)];

#[test]
fn a_well_visit_that_is_coded_right_has_no_finding() {
    let lines = ["99392-25 x1 @1", "90710 x1 @2", "90696 x1 @2", "90460 x2 @2", "90461 x6 @2", "99177 x1 @1", "83655-QW x1 @1"];
    assert_eq!(commercial(&recorded(encounter(&["Z00.129", "Z23"], &lines), &TWO), 4, &[]), NOTHING);
}

#[test]
fn planted_faults_are_found_by_their_rules() {
    let found = |lines: &[&str]| commercial(&recorded(encounter(&["Z00.129", "Z23"], lines), &TWO), 4, &[]);
    let faulty = ["99393 x1 @1", "90710 x1 @2", "90696 x2 @2", "90460 x2 @2", "90461 x3 @2", "83655 x1 @1"];
    assert_eq!(found(&faulty), ["PED-14 units 3", "PED-11 units 5", "PED-63 modifier_missing 6", "PED-01 other_code 1"]);
    assert_eq!(
        found(&["99392 x1 @1", "90710 x1 @2", "90696 x1 @1", "90460 x2 @2"]),
        ["PED-06 modifier_missing 1", "PED-14 diagnosis 3", "PED-11 missing 0"]
    );
}

#[test]
fn ped_10_counselling_that_is_not_recorded_has_another_code() {
    let visit = encounter(&["Z00.129", "Z23"], &["99392-25 x1 @1", "90707 x1 @2", "90460 x1 @2", "90461 x2 @2"]);
    assert_eq!(commercial(&visit, 1, &[]), NOTHING, "without a record of the dose the entered code tells");
    let uncounselled = recorded(visit, &[(2, "03", false, Funding::Private)]);
    assert_eq!(commercial(&uncounselled, 1, &[]), ["PED-10 other_code 3", "PED-11 superfluous 4"]);
}

#[test]
fn ped_22_public_stock_follows_the_payers_style() {
    let visit = encounter(&["Z00.129", "Z23"], &["99392-25 x1 @1", "90707 x1 @2", "90460 x1 @2", "90461 x2 @2"]);
    let visit = recorded(visit, &[(2, "03", true, Funding::Vfc)]);
    let under = |own: &[(&str, &str)]| found(&of(&visit, 1, &[], &rules(PayerClass::MedicaidMco, own)));
    assert_eq!(under(&[]), ["PED-22 modifier_missing 2", "PED-22 modifier_missing 3", "PED-11 superfluous 4"]);
    assert_eq!(under(&[("vfc_style", "c")]), ["PED-06 modifier_extra 1", "PED-14 superfluous 3", "PED-11 superfluous 4"]);
}

#[test]
fn ped_02_records_before_the_visit_decide_who_is_new_and_without_any_the_entered_code_stands() {
    let new = encounter(&["J02.9"], &["99203 x1 @1"]);
    let well = [before(date(2025, 5, 1), "99393")];
    assert_eq!(commercial(&new, 7, &well), ["PED-07 other_code 1"]);
    assert_eq!(commercial(&new, 7, &[]), NOTHING);
    assert_eq!(commercial(&encounter(&["J02.9"], &["99213 x1 @1"]), 7, &[]), NOTHING);
    let vaccine_alone = [before(date(2025, 5, 1), "90460")];
    assert_eq!(commercial(&new, 7, &vaccine_alone), NOTHING, "a dose does not make the patient known");
    let long_ago = [before(date(2022, 5, 1), "99392")];
    assert_eq!(commercial(&encounter(&["Z00.129"], &["99393 x1 @1"]), 7, &long_ago), ["PED-02 other_code 1"]);
}

#[test]
fn ped_02_a_subspecialist_makes_the_child_known_to_pediatrics_only_where_the_payer_knows_no_subspecialties() {
    let cardiology = Service { taxonomy: "2080P0202X", ..before(date(2025, 5, 1), "99213") };
    let visit = encounter(&["J02.9"], &["99203 x1 @1"]);
    let under = |own: &[(&str, &str)]| found(&of(&visit, 7, &[cardiology], &rules(PayerClass::Commercial, own)));
    assert_eq!(under(&[]), NOTHING);
    assert_eq!(under(&[("recognises_subspecialties", "no")]), ["PED-07 other_code 1"]);
}

#[test]
fn ped_05_a_problem_beside_a_well_visit_makes_it_abnormal_and_carries_25() {
    let visit = encounter(&["Z00.129", "H66.91"], &["99393 x1 @1", "99214 x1 @2"]);
    assert_eq!(commercial(&visit, 7, &[]), ["PED-03 diagnosis 1", "PED-05 modifier_missing 2"]);
    let right = encounter(&["Z00.121", "H66.91"], &["99393 x1 @1", "99214-25 x1 @2"]);
    assert_eq!(commercial(&right, 7, &[]), NOTHING, "the level is taken as entered");
    let stable = encounter(&["Z00.129", "J45.909"], &["99393 x1 @1"]);
    assert_eq!(commercial(&stable, 7, &[]), NOTHING);
}

#[test]
fn an_examination_without_its_visit_is_money_left_lying() {
    let visit = encounter(&["Z00.129", "Z23"], &["90656 x1 @2", "90460 x1 @2"]);
    assert_eq!(commercial(&visit, 4, &[before(date(2025, 5, 1), "99392")]), ["PED-01 missing 0"]);
    let elsewhere = [before(date(2025, 5, 1), "99392"), before(DAY, "99392")];
    assert_eq!(commercial(&visit, 4, &elsewhere), NOTHING, "the day's well visit stands at another visit");
    let nurse = encounter(&["Z23"], &["90656 x1 @1", "90471 x1 @1"]);
    assert_eq!(commercial(&nurse, 4, &[]), NOTHING);
}

#[test]
fn what_only_the_entered_line_tells_is_no_finding() {
    let lines = ["99213-25 x1 @1", "17110 x1 @1", "17110-59 x1 @1", "80061-QW x1 @2", "95004 x12 @1", "99188 x1 @1", "36416 x1 @1"];
    assert_eq!(commercial(&encounter(&["B07.9", "Z13.220"], &lines), 5, &[]), NOTHING);
}

#[test]
fn ped_67_a_line_that_a_rule_leaves_out_is_told_with_its_reason() {
    let (encounter, rules) = (encounter(&["J45.901"], &["99213 x1 @1", "94640 x1 @1", "94760 x1 @1"]), rules(PayerClass::Commercial, &[]));
    let findings = advise(&of(&encounter, 7, &[], &rules)).findings;
    let says: Vec<&str> = findings.iter().map(|finding| finding.says.as_str()).collect();
    assert_eq!(says, ["94760 was entered. Measuring oxygen is part of the visit or treatment: not proposed."]);
}

#[test]
fn a_payers_own_wishes_decide() {
    let fluoride = encounter(&["Z00.129"], &["99392 x1 @1", "99188 x1 @1"]);
    let under = |own: &[(&str, &str)]| found(&of(&fluoride, 2, &[], &rules(PayerClass::MedicaidFfs, own)));
    assert_eq!(under(&[]), NOTHING);
    assert_eq!(under(&[("fluoride_code", "d1206")]), ["PED-62 other_code 2"]);
    assert_eq!(under(&[("epsdt_complete_code", "yes")]), ["PED-30 missing 0"]);
    assert_eq!(under(&[("modifiers_required", "EP 99392")]), ["PED-64 modifier_missing 1"]);
}

#[test]
fn ped_65_the_place_tells_that_a_visit_was_at_a_distance() {
    let mut visit = encounter(&["J02.9"], &["99213 x1 @1"]);
    visit.place_of_service = PlaceOfService::parse("10").unwrap();
    assert_eq!(commercial(&visit, 7, &[]), ["PED-65 modifier_missing 1"]);
    let marked = encounter(&["J02.9"], &["99213-95 x1 @1"]);
    assert_eq!(commercial(&marked, 7, &[]), ["PED-65 modifier_extra 1"]);
}

#[test]
fn without_a_certificate_nothing_is_said_about_qw() {
    let rules = rules(PayerClass::Commercial, &[]);
    for lines in [["99213 x1 @1", "87880 x1 @1"], ["99213 x1 @1", "87880-QW x1 @1"]] {
        let visit = encounter(&["J02.0"], &lines);
        assert_eq!(found(&Visit { certificate: None, ..of(&visit, 7, &[], &rules) }), NOTHING);
    }
}

#[test]
fn ped_59_what_was_due_is_told_at_a_well_visit_and_history_and_day_count_once() {
    let due = |lines: &[&str], history: &[Service<'_>]| {
        let (encounter, rules) = (encounter(&["Z00.129"], lines), rules(PayerClass::MedicaidFfs, &[]));
        let birth = date(2024, 11, 10);
        let visit = Visit { birth, medicaid: true, ..of(&encounter, 1, history, &rules) };
        advise(&visit).due.iter().map(|due| due.item.id).collect::<Vec<_>>()
    };
    let none = due(&["99392 x1 @1"], &[]);
    assert!(none.contains(&"development") && none.contains(&"autism") && none.contains(&"lead"), "{none:?}");
    let one = due(&["99392 x1 @1", "96110 x1 @1"], &[before(date(2025, 12, 1), "83655")]);
    assert!(!one.contains(&"development") && one.contains(&"autism") && !one.contains(&"lead"), "{one:?}");
    assert!(!due(&["99392 x1 @1", "96110 x2 @1"], &[]).contains(&"autism"));
    assert!(due(&["99213 x1 @1"], &[before(DAY, "99392")]).is_empty());
}

#[test]
fn a_visit_before_birth_says_nothing() {
    let (encounter, rules) = (encounter(&["Z00.129"], &["99392 x1 @1"]), rules(PayerClass::Commercial, &[]));
    let advice = advise(&Visit { birth: date(2026, 6, 1), ..of(&encounter, 1, &[], &rules) });
    assert!(advice.findings.is_empty() && advice.proposal.lines.is_empty());
}
