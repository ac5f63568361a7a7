//! Edits whose answer depends on the payer's rules or on whose stock a dose came from: a row a cell, with what is found.

use std::collections::BTreeSet;

use jiff::civil::date;

use super::super::super::catalog::scrub;
use super::super::super::input::{OtherCoverage, PriorVisit, ScrubInput};
use super::super::super::model::Severity;
use super::super::testing::{World, line};
use super::{newborn, tables, with};
use crate::edi::remittance_835::Quantity;
use crate::pediatrics::cob::PlanClass;
use crate::platform::ids::EncounterId;
use crate::platform::money::Money;
use crate::practice::rules::{
    AntibodyUnits, AudioModifier, NdcRequired, PreventiveInterval, PreventiveTpl, SlOnAdministration, TelehealthModifier,
};
use crate::reference::ProcedureCode;
use crate::reference::operator::{Indicator, Kind, Row};
use crate::reference::vaccine::{Class, Funding, VfcEligibility, product};
use crate::revenue_cycle::encounter::model::DoseFacts;
use crate::revenue_cycle::encounter::{DoseRecord, EncounterDetails};

/// Claims, each with what it is about and the edits that it trips.
struct Table(Vec<(String, BTreeSet<String>, BTreeSet<String>)>);

impl Table {
    fn row(&mut self, about: &str, world: &World, edits: &[&str]) {
        let found = world.edits().into_iter().collect();
        self.0.push((about.to_owned(), edits.iter().map(ToString::to_string).collect(), found));
    }

    fn holds(self) {
        let wrong: Vec<_> = self.0.iter().filter(|(_, expected, found)| expected != found).collect();
        assert!(wrong.is_empty(), "about, expected, found: {wrong:#?}");
    }
}

/// A visit of a Medicaid child of three years for doses alone, every one recorded and counselled on. A line is written
/// `90633-SL x1 0 vfc`: code with modifiers, units, cents, and for a product whose stock; antibodies are for an infant.
fn doses(style: &str, lines: &[&str]) -> World {
    let mut world = World::medicaid();
    world.rules.vfc_style = style.parse().unwrap();
    world.rules.ndc_required = NdcRequired::None;
    world.visit = EncounterDetails::default();
    let mut infant = false;
    let claim = &mut world.content.claim;
    claim.conditions.clear();
    claim.diagnoses = vec!["Z23".to_owned(), "Z2911".to_owned()];
    claim.lines.clear();
    for (text, n) in lines.iter().zip(1..) {
        let mut words = text.split(' ');
        let code = words.next().unwrap();
        let units: u32 = words.next().unwrap().trim_start_matches('x').parse().unwrap();
        let cents = words.next().unwrap().parse().unwrap();
        let parsed: ProcedureCode = code.split('-').next().unwrap().parse().unwrap();
        let product = product(parsed, None);
        let antibody = product.is_some_and(|product| matches!(product.class, Class::RsvAntibody | Class::Palivizumab))
            || matches!(parsed.number(), Some(96372..=96381));
        let mut sent = line(n, code, cents, if antibody { 2 } else { 1 });
        sent.quantity = Quantity::whole(units);
        claim.lines.push(sent);
        if let (Some(product), Some(stock)) = (product, words.next()) {
            let (funding, eligibility) =
                if stock == "vfc" { (Funding::Vfc, VfcEligibility::V02) } else { (Funding::Private, VfcEligibility::V01) };
            let facts = DoseFacts {
                cvx: product.cvx,
                lot: None,
                route: product.route,
                counselled: Some(true),
                funding,
                eligibility: Some(eligibility),
            };
            world.visit.doses.push(DoseRecord { line: n as usize, facts });
        }
        if product.is_some_and(|product| matches!(product.class, Class::RsvAntibody | Class::Palivizumab)) {
            infant = true;
        }
    }
    if infant {
        world.aged_days(120);
    }
    world.total();
    world
}

const FREE: &str = "90633-SL x1 0 vfc";

#[test]
fn ped_22_product_and_administration_of_public_stock_are_as_the_payers_style_has_them() {
    let mut table = Table(Vec::new());
    let mut row = |style: &str, lines: &[&str], edits: &[&str]| table.row(&format!("{style} {lines:?}"), &doses(style, lines), edits);
    row("a", &[FREE, "90460-SL x1 2500"], &[]);
    row("a", &["90633 x1 0 vfc", "90460-SL x1 2500"], &["E046"]);
    row("a", &["90633-SL x1 9900 vfc", "90460-SL x1 2500"], &["E046"]);
    row("a", &[FREE, "90460 x1 2500"], &["E046"]);
    row("a", &[FREE, "90471-SL x1 2500"], &["E039"]);
    row("a", &["90710-SL x1 0 vfc", "90460-SL x1 2500"], &[]);
    row("a", &["90710-SL x1 0 vfc", "90460-SL x1 2500", "90461-SL x3 4500"], &["E039", "E046"]);
    row("b", &[FREE, "90471 x1 2500"], &[]);
    row("b", &[FREE, "90471-SL x1 2500"], &[]);
    row("b", &[FREE, "90460 x1 2500"], &["E039", "E046"]);
    row("c", &["90633 x1 2500 vfc"], &[]);
    row("c", &["90633 x1 1 vfc"], &["E046"]);
    row("c", &["90633 x1 2500 vfc", "90471 x1 2500"], &["E041", "E046"]);
    row("d", &["90633 x1 2500 vfc"], &[]);
    row("d", &["90633 x1 2500 vfc", "90460 x1 2500"], &["E041", "E046"]);
    row("e", &["90633 x1 0 vfc", "90471-EP x1 2500"], &[]);
    row("e", &["90633 x1 0 vfc", "90471 x1 2500"], &["E046"]);
    row("e", &["90633 x1 0 vfc", "90460-EP x1 2500"], &["E039", "E046"]);
    row("f", &["90460 x1 2500"], &[]);
    row("f", &[FREE, "90460 x1 2500"], &["E046"]);
    table.holds();
}

#[test]
fn ped_22_antibodies_and_covid_vaccines_of_public_stock_follow_the_style_too() {
    let mut table = Table(Vec::new());
    let mut row = |style: &str, lines: &[&str], edits: &[&str]| table.row(&format!("{style} {lines:?}"), &doses(style, lines), edits);
    row("a", &["90381-SL x1 0 vfc", "96380-SL x1 2500"], &[]);
    row("a", &["90381 x1 49500 vfc", "96380-SL x1 2500"], &["E046"]);
    row("a", &["90381-SL x1 0 vfc", "96380 x1 2500"], &["E046"]);
    row("a", &["90381 x1 49500 own", "96380 x1 2500"], &[]);
    row("a", &["91318-SL x1 0 vfc", "90480-SL x1 2500"], &[]);
    row("a", &["91318-SL x1 0 vfc", "90480 x1 2500"], &["E046"]);
    row("c", &["90381 x1 2500 vfc"], &[]);
    row("c", &["90381 x1 2500 vfc", "96380 x1 2500"], &["E041", "E046"]);
    table.holds();
}

#[test]
fn ped_22_private_and_public_doses_of_a_day_are_coded_each_in_its_own_way() {
    const MMRV: &str = "90710-SL x1 0 vfc";
    const FLU: &str = "90656 x1 3000 own";
    let mut table = Table(Vec::new());
    let mut row = |style: &str, lines: &[&str], edits: &[&str]| table.row(&format!("{style} {lines:?}"), &doses(style, lines), edits);
    row("a", &[MMRV, FLU, "90460-SL x1 2500", "90460 x1 2500"], &[]);
    row("a", &[MMRV, FLU, "90460 x2 5000"], &["E046"]);
    row("a", &[MMRV, FLU, "90460-SL x2 5000"], &["E046"]);
    row("a", &[MMRV, FLU, "90460-SL x1 2500", "90460 x1 2500", "90461 x9 9000"], &["E039"]);
    row("a", &[MMRV, FLU, "90460-SL x1 2500"], &["E039", "E041"]);
    row("b", &[MMRV, FLU, "90460 x1 2500", "90472 x1 2500"], &[]);
    row("b", &[MMRV, FLU, "90460 x2 5000"], &["E039"]);
    row("c", &["90710 x1 2500 vfc", FLU, "90460 x1 2500"], &[]);
    row("c", &["90710 x1 2500 vfc", FLU, "90460 x2 5000"], &["E039", "E041"]);
    table.holds();
}

#[test]
fn ped_22_a_payer_may_want_sl_elsewhere_than_its_style_has_it() {
    let mut table = Table(Vec::new());
    let mut row = |style: &str, sl, lines: &[&str], edits: &[&str]| {
        table.row(&format!("{style} {sl:?} {lines:?}"), &with(doses(style, lines), |w| w.rules.sl_on_administration = sl), edits);
    };
    row("a", SlOnAdministration::Never, &[FREE, "90460 x1 2500"], &[]);
    row("a", SlOnAdministration::Never, &[FREE, "90460-SL x1 2500"], &["E046"]);
    row("b", SlOnAdministration::Always, &[FREE, "90471-SL x1 2500"], &[]);
    row("b", SlOnAdministration::Always, &[FREE, "90471 x1 2500"], &["E046"]);
    table.holds();
}

#[test]
fn ped_22_from_19_years_on_a_style_without_products_lets_no_administration_stand_alone() {
    let alone = doses("f", &["90471 x1 2500"]);
    let mut table = Table(Vec::new());
    table.row("at 19", &with(alone.clone(), |w| w.aged(19)), &["E041"]);
    table.row("at 18", &with(alone, |w| w.aged(18)), &[]);
    table.holds();
}

#[test]
fn ped_14_antibodies_are_counted_by_dose_or_by_unit_as_the_payer_does() {
    let mut table = Table(Vec::new());
    let mut row = |units, administrations: &str, edits: &[&str]| {
        let world = doses("a", &["90381 x2 99000 own", administrations]);
        table.row(&format!("{units:?} {administrations}"), &with(world, |w| w.rules.antibody_units = units), edits);
    };
    row(AntibodyUnits::PerDose, "96380 x1 2500", &[]);
    row(AntibodyUnits::PerDose, "96380 x2 5000", &["E041"]);
    row(AntibodyUnits::PerProductUnit, "96380 x2 5000", &[]);
    row(AntibodyUnits::PerProductUnit, "96380 x1 2500", &["E041"]);
    table.holds();
}

#[test]
fn ped_12_and_ped_13_each_kind_of_product_goes_by_its_own_codes() {
    let mut table = Table(Vec::new());
    let mut row = |lines: &[&str], edits: &[&str]| table.row(&format!("{lines:?}"), &doses("a", lines), edits);
    row(&["90707 x1 9000 own", "96381 x1 2500"], &["E043"]);
    row(&["91318 x1 9000 own", "96381 x1 2500"], &["E042"]);
    row(&["90707 x1 9000 own", "90480 x1 2500"], &["E042"]);
    row(&["90381 x1 9000 own", "90480 x1 2500"], &["E042"]);
    row(&["90378 x3 9000 own"], &["E041"]);
    row(&["90378 x3 9000 own", "90471 x1 2500"], &["E041"]);
    row(&["90378 x3 9000 own", "96372 x1 2500"], &[]);
    table.holds();
    let wrong = doses("a", &["90707 x1 9000 own", "96381 x1 2500"]).findings();
    assert!(wrong.iter().all(|finding| finding.suggestion.is_none()), "{wrong:#?}");
}

/// A visit at a place of service.
fn at(place: &str, diagnosis: &str, code: &str) -> World {
    with(World::visit(&[diagnosis], &[code]), |w| w.content.claim.place_of_service = place.to_owned())
}

#[test]
fn ped_65_a_visit_at_a_distance_is_marked_as_the_payer_wants_it() {
    let mut table = Table(Vec::new());
    let mut row = |about: &str, world: World, edits: &[&str]| table.row(about, &world, edits);
    row("marked", at("10", "J029", "99213-95"), &[]);
    row("not marked", at("10", "J029", "99213"), &["E054"]);
    row("no mark on video", with(at("10", "J029", "99213"), |w| w.rules.telehealth_modifier = TelehealthModifier::Nothing), &[]);
    row("no mark on audio", with(at("02", "J029", "99213"), |w| w.rules.audio_modifier = AudioModifier::Nothing), &[]);
    row("marked in the office", at("11", "J029", "99213-95"), &["E054"]);
    row("by video and by audio", at("10", "J029", "99213-95-93"), &["E054"]);
    row("own code, not taken", at("10", "J029", "98005"), &["E054"]);
    row("own code, taken", with(at("10", "J029", "98005"), |w| w.rules.accepts_98000 = true), &[]);
    row("own code with mark", with(at("10", "J029", "98005-95"), |w| w.rules.accepts_98000 = true), &["E054"]);
    row("own code in the office", with(at("11", "J029", "98005"), |w| w.rules.accepts_98000 = true), &["E054"]);
    row("needs hands", at("10", "H6121", "69210"), &["E054"]);
    row("well visit", at("10", "Z00129", "99392-95"), &["E054"]);
    row("well visit, taken", with(at("10", "Z00129", "99392-95"), |w| w.rules.telehealth_well_visits = true), &[]);
    table.holds();
    let severity = |world: World| world.findings()[0].severity;
    assert_eq!(severity(at("10", "Z00129", "99392-95")), Severity::Warning);
    assert_eq!(severity(at("10", "J029", "98005")), Severity::Warning);
    assert_eq!(severity(at("10", "J029", "99213")), Severity::Error);
}

#[test]
fn ped_06_every_visit_of_the_992_series_takes_25_and_others_where_the_loaded_pairs_say_so() {
    let pairs = |world: World, column2: &str| {
        let pair = Row::Pair {
            column1: "90471".parse().unwrap(),
            column2: column2.parse().unwrap(),
            indicator: Indicator::WithModifier,
            from: date(2026, 1, 1),
            to: None,
        };
        with(world, |w| w.tables = tables(Kind::PtpMedicare, &["90471", column2], vec![pair]))
    };
    let consultation = |code: &str| World::visit(&["Z23"], &[code, "90633", "90471"]);
    let birth = |code: &str| {
        with(newborn(), |w| {
            w.content.claim.lines = vec![line(1, code, 10_000, 1), line(2, "90744", 5_000, 1), line(3, "90471", 2_500, 1)];
            w.total();
        })
    };
    let mut table = Table(Vec::new());
    let mut row = |about: &str, world: World, edits: &[&str]| table.row(about, &world, edits);
    row("consultation", consultation("99243"), &["E033"]);
    row("consultation, pair loaded", pairs(consultation("99243"), "99243"), &["E033"]);
    row("consultation with 25", pairs(consultation("99243-25"), "99243"), &[]);
    row("discharge", birth("99238"), &["E033"]);
    row("newborn care", birth("99460"), &[]);
    row("newborn care, pair loaded", pairs(birth("99460"), "99460"), &["E056"]);
    row("newborn care with 25, pair loaded", pairs(birth("99460-25"), "99460"), &[]);
    table.holds();
}

#[test]
fn ped_30_epsdt_ends_with_the_21st_birthday() {
    let visit = |years| {
        with(World::medicaid(), |w| {
            w.visit = EncounterDetails::default();
            w.content.claim.conditions.clear();
            w.content.claim.diagnoses = vec!["Z0000".to_owned()];
            w.content.claim.lines = vec![line(1, "99395", 15_000, 1)];
            w.total();
            w.aged(years);
        })
    };
    let mut table = Table(Vec::new());
    table.row("at 20", &visit(20), &["E049"]);
    table.row("at 21", &visit(21), &[]);
    table.holds();
}

#[test]
fn ped_51_z38_stands_where_children_are_born() {
    let circumcision = |place: &str| {
        with(newborn(), |w| {
            w.content.claim.lines = vec![line(1, "54150", 30_000, 1)];
            w.content.claim.place_of_service = place.to_owned();
            if place == "11" {
                w.content.claim.dates.clear();
            }
            w.total();
            w.aged_days(1);
        })
    };
    let mut table = Table(Vec::new());
    table.row("in the hospital", &circumcision("21"), &[]);
    table.row("in the office", &circumcision("11"), &["E028"]);
    let adherent = |days| with(World::visit(&["N470"], &["99213"]), |w| w.aged_days(days));
    table.row("a newborn's diagnosis in the first year", &adherent(300), &[]);
    table.row("and at three", &adherent(1_100), &["E029"]);
    table.holds();
}

#[test]
fn ped_02_a_subspecialist_of_the_group_makes_nobody_established_unless_the_payer_knows_no_subspecialties() {
    let seen = |recognised| {
        with(World::visit(&["J029"], &["99203"]), |w| {
            w.history.visits = vec![PriorVisit {
                encounter: EncounterId(2),
                date: date(2025, 5, 12),
                provider: "Kim Park".to_owned(),
                taxonomy: "2080P0202X".to_owned(),
                codes: vec![ProcedureCode::literal("99213")],
            }];
            w.rules.recognises_subspecialties = recognised;
        })
    };
    let mut table = Table(Vec::new());
    table.row("recognised", &seen(true), &[]);
    table.row("not recognised", &seen(false), &["E031"]);
    table.holds();
}

#[test]
fn ped_08_a_well_visit_is_paid_once_in_the_payers_interval() {
    let every = |interval| with(World::medicaid(), |w| w.rules.preventive_interval = interval);
    let mut table = Table(Vec::new());
    table.row("as often as the schedule says", &every(PreventiveInterval::Schedule), &[]);
    table.row("once in a calendar year", &every(PreventiveInterval::CalendarYear), &[]);
    table.row("once in twelve months", &every(PreventiveInterval::TwelveMonths), &["E032"]);
    let year_later = with(every(PreventiveInterval::TwelveMonths), |w| w.history.visits[0].date = date(2025, 3, 16));
    table.row("a year later", &year_later, &[]);
    table.holds();
}

#[test]
fn ped_64_modifiers_that_mean_nothing_where_they_stand() {
    let mut table = Table(Vec::new());
    let mut row = |world: World, edits: &[&str]| table.row(&format!("{:?}", world.content.claim.lines[0].procedure), &world, edits);
    let sick = |code: &str| World::visit(&["J029"], &[code]);
    row(sick("99213-59"), &["E035"]);
    row(sick("99213-25-25"), &["E035"]);
    row(sick("99213-25"), &[]);
    row(sick("69210-50-RT"), &["E035"]);
    row(sick("69210-50"), &[]);
    row(sick("96110-59-XU"), &["E035"]);
    row(sick("96110-59"), &[]);
    row(sick("99213-SL"), &["E035"]);
    row(sick("S0302-25"), &[]);
    table.holds();
    let severity = |code: &str| sick(code).findings()[0].severity;
    assert_eq!((severity("99213-59"), severity("99213-25-25")), (Severity::Error, Severity::Warning));
}

#[test]
fn ped_31_medicaid_waits_for_another_payer_as_long_as_the_state_says() {
    let other = |billed| OtherCoverage {
        payer_name: "Prairie".to_owned(),
        payer_number: "60054".to_owned(),
        plan: PlanClass::NonGovernment,
        rank: 1,
        billed,
    };
    let well = |choice, billed| {
        with(World::medicaid(), |w| {
            w.rank = Some(2);
            w.rules.preventive_tpl = choice;
            w.others = vec![other(billed)];
            w.today = date(2026, 7, 20);
        })
    };
    let sick = |billed| {
        with(well(PreventiveTpl::CostAvoid, billed), |w| {
            w.visit = EncounterDetails::default();
            w.content.claim.conditions.clear();
            w.content.claim.diagnoses = vec!["J029".to_owned()];
            w.content.claim.lines = vec![line(1, "99213", 10_000, 1)];
            w.total();
        })
    };
    let mut table = Table(Vec::new());
    table.row("pay and chase", &well(PreventiveTpl::PayAndChase, None), &[]);
    table.row("never billed", &well(PreventiveTpl::CostAvoid, None), &["E063"]);
    table.row("billed 89 days ago", &well(PreventiveTpl::CostAvoid, Some(date(2026, 4, 22))), &["E063"]);
    table.row("billed 90 days ago", &well(PreventiveTpl::CostAvoid, Some(date(2026, 4, 21))), &[]);
    table.row("a problem visit, billed long ago", &sick(Some(date(2026, 3, 20))), &["E063"]);
    table.holds();
    let early = well(PreventiveTpl::CostAvoid, Some(date(2026, 4, 22))).findings();
    assert!(early[0].message.ends_with("not before 2026-07-21"), "{}", early[0].message);
}

#[test]
fn what_a_charge_of_nothing_stands_for_is_told_by_the_edits_of_charges() {
    let mut world = doses("a", &["90633-SL x1 0 vfc", "90460-SL x1 2500"]);
    world.rules.zero_charge_allowed = false;
    assert_eq!(world.edits(), ["E017"]);
    world.content.claim.lines[0].charge = Money::from_cents(1);
    world.total();
    assert_eq!(world.edits(), [""; 0]);
}

#[test]
fn e031_knows_the_specialty_that_a_payer_does_not_want_to_be_sent() {
    let mut world = World::visit(&["J029"], &["99203"]);
    for provider in &mut world.content.claim.providers {
        provider.taxonomy = None;
    }
    let edits = |rendering_taxonomy| {
        let found = scrub(&ScrubInput { rendering_taxonomy, ..world.input() });
        found.into_iter().map(|finding| finding.edit).collect::<Vec<_>>()
    };
    assert_eq!((edits(None), edits(Some("208000000X"))), (Vec::new(), vec!["E031".to_owned()]));
}
