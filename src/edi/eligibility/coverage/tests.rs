//! Samples and small changes to them, each for one rule.

use jiff::civil::date;

use super::super::InsuranceType;
use super::super::samples::{self, ACTIVE, INACTIVE, MANAGED_CARE, MEMBER_NOT_FOUND, OTHER_PAYERS};
use super::*;
use crate::edi::inquiry::Reference;
use crate::edi::remittance_835::Quantity;

fn visit(service: ServiceType) -> Visit {
    Visit { on: date(2026, 11, 16), service, in_network: true }
}

fn answer(file: &str) -> ResponseMember {
    samples::response(file).members().last().unwrap().answer.clone()
}

fn money(text: &str) -> Money {
    text.parse().unwrap()
}

#[test]
fn a_named_service_is_covered_and_another_is_only_in_an_active_plan() {
    let mateo = answer(ACTIVE);
    assert_eq!(mateo.standing(&visit(ServiceType::Immunizations)), Standing::Covered);
    assert_eq!(mateo.standing(&visit(ServiceType::Vision)), Standing::PlanActive);
    assert_eq!(mateo.standing(&visit(ServiceType::Chiropractic)), Standing::NotCovered);
    assert_eq!(mateo.standing(&visit(ServiceType::PlanCoverage)), Standing::Covered);
}

#[test]
fn coverage_begins_and_ends_with_the_dates_of_the_member() {
    let on = |file, day| answer(file).standing(&Visit { on: day, ..visit(ServiceType::OfficeVisit) });
    assert_eq!((on(ACTIVE, date(2026, 7, 14)), on(ACTIVE, date(2026, 7, 15))), (Standing::Inactive, Standing::Covered));
    let month = [date(2026, 10, 31), date(2026, 11, 1), date(2026, 11, 30), date(2026, 12, 1)];
    assert_eq!(month.map(|day| on(MANAGED_CARE, day)), [Standing::Inactive, Standing::Covered, Standing::Covered, Standing::Inactive]);
}

#[test]
fn months_with_gaps_are_ranges_of_which_one_must_hold_the_day() {
    let mut ada = answer(MANAGED_CARE);
    let september = DateValue::Span(date(2026, 9, 1), date(2026, 9, 30));
    ada.member.dates.push(Dated { kind: DateKind::Eligibility, value: september });
    let on = |day| ada.standing(&Visit { on: day, ..visit(ServiceType::OfficeVisit) });
    assert_eq!(
        [date(2026, 9, 9), date(2026, 10, 9), date(2026, 11, 9)].map(on),
        [Standing::Covered, Standing::Inactive, Standing::Covered]
    );
}

#[test]
fn an_ended_plan_is_inactive_and_says_nothing_certain_of_the_time_before() {
    let ada = answer(INACTIVE);
    assert_eq!(ada.standing(&visit(ServiceType::OfficeVisit)), Standing::Inactive);
    assert_eq!(ada.standing(&Visit { on: date(2026, 9, 30), ..visit(ServiceType::OfficeVisit) }), Standing::Unclear);
}

#[test]
fn a_plan_of_another_time_says_nothing_against_that_of_the_day() {
    let mut mateo = answer(ACTIVE);
    let plan = |information, kind, day| {
        let dates = vec![Dated { kind, value: DateValue::Day(day) }];
        Benefit { dates, ..Benefit::new(information, &[ServiceType::PlanCoverage]) }
    };
    mateo.benefits.push(plan(Information::Inactive, DateKind::PlanEnd, date(2026, 8, 31)));
    mateo.benefits.push(plan(Information::Active, DateKind::PlanBegin, date(2027, 1, 1)));
    assert_eq!(mateo.standing(&visit(ServiceType::OfficeVisit)), Standing::Covered);
    mateo.benefits.retain(|benefit| !benefit.dates.is_empty());
    assert_eq!(mateo.standing(&visit(ServiceType::OfficeVisit)), Standing::Inactive);
}

#[test]
fn a_rejection_is_no_answer_and_silence_is_not_coverage() {
    let mut ada = answer(MEMBER_NOT_FOUND);
    assert_eq!(ada.standing(&visit(ServiceType::OfficeVisit)), Standing::Rejected);
    ada.rejections.clear();
    assert_eq!(ada.standing(&visit(ServiceType::OfficeVisit)), Standing::NotStated);
}

#[test]
fn contradictions_and_unreadable_dates_are_unclear() {
    let mut mateo = answer(ACTIVE);
    mateo.benefits.push(Benefit::new(Information::NonCovered, &[ServiceType::OfficeVisit]));
    assert_eq!(mateo.standing(&visit(ServiceType::OfficeVisit)), Standing::Unclear);
    let mut mateo = answer(ACTIVE);
    mateo.member.dates[0].value = DateValue::Other { format: "D8".into(), text: "2026".into() };
    assert_eq!(mateo.standing(&visit(ServiceType::OfficeVisit)), Standing::Unclear);
    let mut mateo = answer(ACTIVE);
    mateo.benefits[0].information = Information::Inactive;
    mateo.member.dates.clear();
    assert_eq!(mateo.standing(&visit(ServiceType::OfficeVisit)), Standing::Unclear);
    assert_eq!(mateo.standing(&visit(ServiceType::Vision)), Standing::Inactive);
}

#[test]
fn what_holds_for_a_procedure_an_employee_or_the_other_side_of_the_network_is_not_taken_for_the_visit() {
    let narrow = |change: fn(&mut Benefit)| {
        let mut mateo = answer(ACTIVE);
        let mut benefit = Benefit::new(Information::NonCovered, &[ServiceType::OfficeVisit]);
        change(&mut benefit);
        mateo.benefits.push(benefit);
        mateo.standing(&visit(ServiceType::OfficeVisit))
    };
    assert_eq!(narrow(|b| b.procedure = Some(Default::default())), Standing::Covered);
    assert_eq!(narrow(|b| b.circumstances = vec![Default::default()]), Standing::Covered);
    assert_eq!(narrow(|b| b.coverage_level = Some(CoverageLevel::Employee)), Standing::Covered);
    assert_eq!(narrow(|b| b.in_network = Some(Answer::No)), Standing::Covered);
}

#[test]
fn the_copay_is_that_of_the_service_and_the_network() {
    let mateo = answer(ACTIVE);
    assert_eq!(mateo.copay(&visit(ServiceType::OfficeVisit)), Stated::One(money("25")));
    assert_eq!(mateo.copay(&visit(ServiceType::WellBabyCare)), Stated::One(Money::ZERO));
    assert_eq!(mateo.copay(&Visit { in_network: false, ..visit(ServiceType::OfficeVisit) }), Stated::One(money("60")));
    assert_eq!(mateo.copay(&visit(ServiceType::Vision)), Stated::Nothing);
    assert_eq!(mateo.coinsurance(&visit(ServiceType::SickVisit)).one().unwrap().to_string(), "20%");
}

#[test]
fn several_copays_are_all_shown_and_none_is_chosen() {
    let mut mateo = answer(ACTIVE);
    let specialist = Benefit { amount: Some(money("50")), ..mateo.benefits[2].clone() };
    mateo.benefits.push(specialist);
    let copay = mateo.copay(&visit(ServiceType::OfficeVisit));
    assert_eq!((copay.clone(), copay.one()), (Stated::Several(vec![money("25"), money("50")]), None));
}

#[test]
fn what_remains_is_stated_or_is_the_whole_less_what_was_used() {
    let (mut mateo, sick) = (answer(ACTIVE), visit(ServiceType::SickVisit));
    assert_eq!(mateo.deductible_remaining(&sick, &CoverageLevel::Individual), Stated::One(money("1120.5")));
    assert_eq!(mateo.deductible_remaining(&sick, &CoverageLevel::Family), Stated::One(money("2400")));
    assert_eq!(mateo.out_of_pocket_remaining(&sick, &CoverageLevel::Individual), Stated::One(money("5210")));
    for benefit in mateo.benefits.iter_mut().filter(|b| b.period == Some(TimePeriod::Remaining)) {
        (benefit.period, benefit.amount) = (Some(TimePeriod::YearToDate), Some(money("379.5")));
    }
    assert_eq!(mateo.deductible_remaining(&sick, &CoverageLevel::Individual), Stated::One(money("1120.5")));
    mateo.benefits.retain(|b| b.period != Some(TimePeriod::CalendarYear));
    assert_eq!(mateo.deductible_remaining(&sick, &CoverageLevel::Individual), Stated::Nothing);
}

#[test]
fn a_service_with_a_deductible_of_its_own_does_not_take_that_of_the_plan() {
    let mut mateo = answer(ACTIVE);
    let amount_of = |services: &[ServiceType], period, amount| Benefit {
        coverage_level: Some(CoverageLevel::Individual),
        period,
        amount: Some(money(amount)),
        ..Benefit::new(Information::Deductible, services)
    };
    let (sick, urgent) = (visit(ServiceType::SickVisit), visit(ServiceType::UrgentCare));
    mateo.benefits.push(amount_of(&[ServiceType::SickVisit], None, "0"));
    mateo.benefits.push(amount_of(&[ServiceType::UrgentCare], Some(TimePeriod::CalendarYear), "200"));
    assert_eq!(mateo.deductible_remaining(&sick, &CoverageLevel::Individual), Stated::One(Money::ZERO));
    assert_eq!(mateo.deductible_remaining(&urgent, &CoverageLevel::Individual), Stated::Nothing);
    mateo.benefits.push(amount_of(&[ServiceType::UrgentCare], Some(TimePeriod::YearToDate), "250"));
    assert_eq!(mateo.deductible_remaining(&urgent, &CoverageLevel::Individual), Stated::One(Money::ZERO));
}

#[test]
fn limits_and_authorizations_are_those_of_the_service() {
    let mateo = answer(ACTIVE);
    let speech = visit(ServiceType::SpeechTherapy);
    assert_eq!(
        (mateo.needs_authorization(&speech), mateo.visits_remaining(&speech)),
        (Stated::One(true), Stated::One(Quantity::whole(17)))
    );
    let sick = visit(ServiceType::SickVisit);
    assert_eq!((mateo.needs_authorization(&sick), mateo.visits_remaining(&sick)), (Stated::Nothing, Stated::Nothing));
}

#[test]
fn other_payers_come_with_their_order_and_policy() {
    let lily = answer(OTHER_PAYERS);
    let leads: Vec<_> = lily.other_payers().collect();
    let names: Vec<_> = leads.iter().map(|lead| lead.payer.and_then(Party::organization)).collect();
    assert_eq!(names, [Some("SAMPLE BLUE PPO"), Some("SAMPLE PHARMACY PLAN")]);
    assert_eq!(
        leads.iter().map(|lead| lead.order.clone()).collect::<Vec<_>>(),
        [Some(Responsibility::Primary), Some(Responsibility::Tertiary)]
    );
    assert_eq!(leads[0].insured.unwrap().id.as_ref().unwrap().id.as_str(), "XYZ555666777");
    assert_eq!(Reference::find(&leads[0].benefit.references, "1L").unwrap().as_str(), "GRP100");
    assert_eq!(leads[0].benefit.insurance_type, Some(InsuranceType::Ppo));
}

#[test]
fn a_prior_carrier_named_as_another_payer_is_a_lead() {
    let mut lily = answer(OTHER_PAYERS);
    lily.benefits.iter_mut().flat_map(|benefit| &mut benefit.related).for_each(|party| party.role = Role::PriorCarrier);
    let orders: Vec<_> = lily.other_payers().map(|lead| (lead.payer.is_some(), lead.order)).collect();
    assert!(orders.len() == 3 && orders.iter().all(|lead| *lead == (true, None)));
}

#[test]
fn a_lead_without_a_name_is_still_a_lead() {
    let mut lily = answer(OTHER_PAYERS);
    lily.benefits.iter_mut().for_each(|benefit| benefit.related.clear());
    assert_eq!(lily.other_payers().filter(|lead| lead.payer.is_none()).count(), 2);
}

#[test]
fn a_managed_care_plan_is_no_other_payer() {
    let ada = answer(MANAGED_CARE);
    let plans: Vec<_> = ada.managed_care().filter_map(Party::organization).collect();
    assert_eq!((plans, ada.other_payers().count()), (vec!["SAMPLE KIDS HEALTH PLAN"], 0));
    assert_eq!(ada.primary_care().next().unwrap().id.as_ref().unwrap().id.as_str(), "1245319599");
    let mut as_other = ada;
    as_other.benefits.iter_mut().filter(|b| b.information == Information::ManagedCareCoordinator).for_each(|b| {
        b.information = Information::OtherPayer;
    });
    assert_eq!((as_other.managed_care().count(), as_other.other_payers().count()), (1, 0));
}

#[test]
fn a_child_in_the_dependents_loop_has_a_subscriber() {
    let response = samples::response(ACTIVE);
    let found = response.by_trace("Q26000502").unwrap();
    assert!(found.subscriber.is_some_and(|subscriber| subscriber.member.person.id.is_some()));
    let response = samples::response(MANAGED_CARE);
    assert!(response.by_trace("Q26000501").unwrap().subscriber.is_none());
    assert!(response.by_trace("Q1").is_none());
}
