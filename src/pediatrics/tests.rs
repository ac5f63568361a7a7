//! The catalog, and what no input may do to any rule.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::*;
use crate::platform::money::Money;
use crate::reference::vaccine::{Funding, VfcEligibility};
use crate::reference::{Icd10, Modifier, PlaceOfService, ProcedureCode};

#[test]
fn the_catalog_is_in_order_and_no_id_stands_twice() {
    assert!(CATALOG.windows(2).all(|pair| pair[0].id < pair[1].id));
}

#[test]
fn every_rule_says_a_sentence_and_who_says_so() {
    for rule in CATALOG {
        assert!(rule.says.ends_with('.') && !rule.source.is_empty() && rule.id.starts_with("PED-"), "{}", rule.id);
        assert!(!rule.says.contains('|') && !rule.source.contains('|'), "{} does not fit into a table", rule.id);
    }
}

/// Codes near those that rules name, and any others.
fn any_code() -> impl Strategy<Value = ProcedureCode> {
    let near = prop_oneof![90371_u32..90490, 90600_u32..90760, 91300_u32..91325, 96105_u32..96385, 98000_u32..98020, 99045_u32..99500];
    let number = prop_oneof![4 => near, 1 => 0_u32..100_000];
    prop_oneof![9 => number.prop_map(|number| format!("{number:05}")), 1 => "[A-Z][0-9]{4}"].prop_map(|text| text.parse().unwrap())
}

fn any_modifier() -> impl Strategy<Value = Modifier> {
    prop_oneof![Just("25"), Just("59"), Just("XU"), Just("SL"), Just("EP"), Just("QW"), Just("95"), Just("33"), Just("50"), Just("ZZ")]
        .prop_map(|text| text.parse().unwrap())
}

fn any_date() -> impl Strategy<Value = Date> {
    prop_oneof![9 => (0_i32..11_000).prop_map(|days| date(2000, 1, 1).saturating_add(days.days())), 1 => Just(Date::MIN), 1 => Just(Date::MAX)]
}

fn any_icd() -> impl Strategy<Value = Icd10> {
    "[A-Z][0-9][0-9A-Z]{1,5}".prop_map(|text| text.parse().unwrap())
}

proptest! {
    #[test]
    fn no_line_makes_a_rule_panic(
        lines in prop::collection::vec((any_code(), any::<u32>()), 0..8),
        modifiers in prop::collection::vec(any_modifier(), 0..6),
        diagnoses in prop::collection::vec(any_icd(), 0..5),
        birth in any_date(),
        service_date in any_date(),
        place in "[0-9]{2}",
    ) {
        let Ok(age) = Age::at(birth, service_date) else { return Ok(()) };
        let place: PlaceOfService = place.parse().unwrap();
        let codes: Vec<ProcedureCode> = lines.iter().map(|(code, _)| *code).collect();
        for code in &codes {
            let faults = modifiers::faults(*code, &modifiers, true).count()
                + clia::faults(*code, &modifiers, false, Some(clia::Certificate::Waiver)).count()
                + telehealth::faults(*code, &modifiers, place, telehealth::Terms::default()).count();
            // Each modifier has at most five faults of its own, each line at most sixteen.
            prop_assert!(faults <= modifiers.len() * 5 + 16);
            let _ = (epsdt::takes_ep(age, *code, epsdt::Terms::NONE), screening::is_unusual(*code, age), vaccine_age::is_unusual(*code, age));
            let _ = (newborn::services::fits_place(*code, place), preventive::counts_as_seen(*code), medicaid::is_preventive(*code));
            prop_assert!(!immunization_schedule::is_coverage_uncertain(*code, service_date) || service_date >= date(2027, 1, 1));
        }
        for at in visits::needs_25(&codes, true).into_iter().chain(visits::needs_25_beside_procedure(&codes)).map(|(at, _)| at) {
            prop_assert!(visits::visit(codes[at]).is_some());
        }
        let limit = |_| Some(units::Limit { units: 2, over: units::CountedOver::Day });
        prop_assert!(units::excesses(&lines, limit).all(|excess| excess.found > 2));
        let counted = lines.iter().filter_map(|(code, units)| dose_count::administered(*code, *units));
        let _ = (dose_count::faults(counted, false), screening::vision_conflict(&codes));
        for diagnosis in diagnoses {
            let _ = newborn::services::diagnosis_faults(diagnosis, age, false).count();
            prop_assert!(diagnosis_age::conflicts(diagnosis, age, Some(diagnosis_age::Sex::Female)).count() <= 2);
        }
        let billed: Vec<due_list::Billed> = lines.iter().map(|(code, units)| due_list::Billed { service_date, code: *code, units: *units }).collect();
        let _ = due_list::due(birth, service_date, true, &billed);
    }

    #[test]
    fn no_date_makes_a_rule_panic(birth in any_date(), service_date in any_date(), other in any_date(), today in any_date(), days: u16, cents in 0_i64..100_000) {
        let windows = timely_filing::Windows { initial_days: days, secondary_days_from_primary: days, corrected_days: days, appeal_days: days };
        let last = timely_filing::last_day(timely_filing::Filing::Original { service_date }, windows);
        prop_assert!(last >= service_date && timely_filing::medicaid_last_day(service_date) >= service_date);
        let _ = timely_filing::time_left(last, today);
        let parent = newborn::coverage::ParentCoverage::Plan { automatic_days: days, enrolment_days: days };
        let _ = newborn::coverage::billing(birth, service_date, false, parent);
        let _ = preventive::patient_status([other], service_date);
        for interval in [visit_frequency::Interval::Schedule, visit_frequency::Interval::CalendarYear, visit_frequency::Interval::TwelveMonths] {
            if let Some(visit_frequency::Fault::TooSoon { next }) = visit_frequency::fault(birth, service_date, &[other], interval) {
                prop_assert!(other < service_date && service_date < next);
            }
        }
        let waiting = medicaid::OtherCoverage { billed: Some(other), adjudicated: false, absent_parent: true };
        let _ = medicaid::may_bill(&[waiting], true, medicaid::PreventiveChoice::CostAvoid, today);
        let fee = Money::from_cents(cents);
        prop_assert!(vfc::fee::administration_charge(fee, VfcEligibility::V03, Some(Money::from_cents(20_00))) <= fee);
        let _ = vfc::fee::step(VfcEligibility::V03, service_date, Some(other), days, today);
        if let Ok(age) = Age::at(birth, service_date) {
            prop_assert_eq!(vfc::stock::check(age, VfcEligibility::V02, Funding::Vfc).is_ok(), age.years <= vfc::eligibility::TO_YEARS);
        }
    }
}
