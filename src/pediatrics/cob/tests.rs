//! The vectors of PED-40, and what must hold for any family.

use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::*;
use crate::platform::phi::Phi;

const MOTHER: usize = 0;
const FATHER: usize = 1;
const STEPFATHER: usize = 2;
const STEPMOTHER: usize = 3;
const DAY: Date = date(2026, 11, 16);

fn adult(relation: Relation, birth: Option<Date>, spouse_of: Option<usize>) -> Adult {
    Adult { relation, birthday: birth.map(|date| Phi::new(Birthday::from(date))), spouse_of }
}

/// Mother of 15 March, father of 20 February, both remarried.
fn adults() -> Vec<Adult> {
    vec![
        adult(Relation::Mother, Some(date(1990, 3, 15)), None),
        adult(Relation::Father, Some(date(1992, 2, 20)), None),
        adult(Relation::StepParent, None, Some(MOTHER)),
        adult(Relation::StepParent, None, Some(FATHER)),
    ]
}

fn of(name: &str, holder: Holder) -> Plan<'_> {
    Plan {
        name,
        class: PlanClass::NonGovernment,
        holder,
        standing: Standing::Active,
        holder_since: Some(date(2020, 1, 1)),
        from: None,
        to: None,
    }
}

fn held(adult: usize) -> Plan<'static> {
    of(["Elm", "Oak", "Fir", "Ash"][adult], Holder::Adult(adult))
}

fn together(adults: &[Adult]) -> Household<'_> {
    Household { adults, together: Some(true), decree: Decree::None, custody: Custody::Unknown }
}

fn apart(adults: &[Adult], decree: Decree, custody: Custody) -> Household<'_> {
    Household { adults, together: Some(false), decree, custody }
}

/// Names of the plans in order, then the questions.
fn named(plans: &[Plan<'_>], household: &Household<'_>) -> (Vec<String>, Vec<Question>) {
    let order = order(plans, household, DAY, None);
    (order.plans.iter().map(|at| plans[*at].name.to_owned()).collect(), order.questions)
}

fn certain(plans: &[Plan<'_>], household: &Household<'_>) -> Vec<String> {
    let (names, questions) = named(plans, household);
    assert_eq!(questions, []);
    names
}

#[test]
fn ped_40_parents_together_go_by_birthday_and_the_year_has_no_say() {
    let family = adults();
    assert_eq!(certain(&[held(MOTHER), held(FATHER)], &together(&family)), ["Oak", "Elm"]);
    let turned = [adult(Relation::Mother, Some(date(1985, 12, 31)), None), adult(Relation::Father, Some(date(1995, 1, 1)), None)];
    assert_eq!(certain(&[held(MOTHER), held(FATHER)], &together(&turned)), ["Oak", "Elm"]);
}

#[test]
fn ped_40_a_decree_beats_the_birthday() {
    let family = adults();
    let household = apart(&family, Decree::Responsible(MOTHER), Custody::Unknown);
    assert_eq!(certain(&[held(FATHER), held(MOTHER)], &household), ["Elm", "Oak"]);
    let unsaid = Household { together: None, ..household };
    assert_eq!(certain(&[held(FATHER), held(MOTHER)], &unsaid), ["Elm", "Oak"]);
}

#[test]
fn ped_40_a_responsible_parent_without_a_plan_is_stood_for_by_the_spouse() {
    let family = adults();
    let household = apart(&family, Decree::Responsible(FATHER), Custody::With(MOTHER));
    assert_eq!(certain(&[held(STEPFATHER), held(MOTHER), held(STEPMOTHER)], &household), ["Ash", "Elm", "Fir"]);
}

#[test]
fn ped_40_divorced_without_decree_custody_decides_and_the_stepfather_comes_second() {
    let family = adults();
    let household = apart(&family, Decree::None, Custody::With(MOTHER));
    assert_eq!(certain(&[held(FATHER), held(STEPFATHER), held(MOTHER)], &household), ["Elm", "Fir", "Oak"]);
    let all = [held(STEPMOTHER), held(FATHER), held(STEPFATHER), held(MOTHER)];
    assert_eq!(certain(&all, &household), ["Elm", "Fir", "Oak", "Ash"]);
}

#[test]
fn ped_40_joint_custody_and_joint_responsibility_go_by_birthday() {
    let family = adults();
    for household in [apart(&family, Decree::None, Custody::Joint), apart(&family, Decree::Both, Custody::With(MOTHER))] {
        assert_eq!(certain(&[held(MOTHER), held(FATHER)], &household), ["Oak", "Elm"]);
    }
}

#[test]
fn ped_40_kinds_of_plans_come_before_everything_and_a_child_on_medicaid_is_still_last() {
    let family = adults();
    let medicaid = Plan { class: PlanClass::MedicaidOrChip, ..of("Medicaid", Holder::Child) };
    let tricare = Plan { class: PlanClass::Tricare, ..of("Tricare", Holder::Adult(FATHER)) };
    let old = Plan { class: PlanClass::WithoutRules, ..of("Old", Holder::Adult(MOTHER)) };
    let plans = [medicaid, tricare, held(MOTHER), old];
    assert_eq!(certain(&plans, &together(&family)), ["Old", "Elm", "Tricare", "Medicaid"]);
}

#[test]
fn ped_40_the_childs_own_coverage_comes_before_a_dependents() {
    let family = adults();
    assert_eq!(certain(&[held(FATHER), of("Student", Holder::Child)], &together(&family)), ["Student", "Oak"]);
}

#[test]
fn ped_40_two_plans_of_one_parent_go_by_standing_then_by_length() {
    let family = adults();
    let cobra = Plan { standing: Standing::Continued, holder_since: Some(date(2001, 1, 1)), ..of("Cobra", Holder::Adult(MOTHER)) };
    let retired = Plan { standing: Standing::Retired, holder_since: Some(date(2010, 1, 1)), ..of("Retired", Holder::Adult(MOTHER)) };
    assert_eq!(certain(&[cobra, retired, held(MOTHER)], &together(&family)), ["Elm", "Cobra", "Retired"]);
}

#[test]
fn ped_40_the_same_birthday_goes_to_the_plan_that_covers_its_parent_longer() {
    let twins = [adult(Relation::Mother, Some(date(1990, 5, 5)), None), adult(Relation::Father, Some(date(1988, 5, 5)), None)];
    let longer = Plan { holder_since: Some(date(2015, 1, 1)), ..held(FATHER) };
    assert_eq!(certain(&[held(MOTHER), longer], &together(&twins)), ["Oak", "Elm"]);
    assert_eq!(named(&[held(MOTHER), held(FATHER)], &together(&twins)).1, [Question::Payers(0, 1)]);
    let unknown = Plan { holder_since: None, ..held(FATHER) };
    assert_eq!(named(&[held(MOTHER), unknown], &together(&twins)).1, [Question::Since(1)]);
}

#[test]
fn ped_40_adults_who_are_no_parents_are_treated_as_if_they_were() {
    let family = [adult(Relation::Mother, None, None), adult(Relation::Grandparent, None, None)];
    let raised = apart(&family, Decree::None, Custody::With(1));
    assert_eq!(certain(&[held(0), held(1)], &raised), ["Oak", "Elm"]);
    let pair = [adult(Relation::Grandparent, Some(date(1960, 4, 1)), None), adult(Relation::Grandparent, Some(date(1955, 3, 1)), None)];
    assert_eq!(certain(&[held(0), held(1)], &together(&pair)), ["Oak", "Elm"]);
}

#[test]
fn ped_40_a_missing_fact_is_asked_for_and_only_when_it_matters() {
    let family = adults();
    let unknown = Household { adults: &family, together: None, decree: Decree::Unknown, custody: Custody::Unknown };
    let ask = |household: &Household<'_>| named(&[held(MOTHER), held(FATHER)], household).1;
    assert_eq!(ask(&unknown), [Question::Together]);
    assert_eq!(ask(&Household { together: Some(false), ..unknown }), [Question::Decree]);
    assert_eq!(ask(&Household { together: Some(false), decree: Decree::None, ..unknown }), [Question::Custody]);
    let nameless = [adult(Relation::Mother, None, None), family[FATHER].clone()];
    assert_eq!(ask(&Household { adults: &nameless, together: Some(true), ..unknown }), [Question::Birthday(MOTHER)]);
    let medicaid = Plan { class: PlanClass::MedicaidOrChip, ..of("Medicaid", Holder::Child) };
    assert_eq!(certain(&[medicaid, held(MOTHER)], &unknown), ["Elm", "Medicaid"]);
    assert_eq!(certain(&[held(MOTHER)], &unknown), ["Elm"]);
}

#[test]
fn ped_40_plans_count_on_the_days_that_they_cover() {
    let family = adults();
    let over = Plan { to: Some(date(2026, 11, 15)), ..held(FATHER) };
    let later = Plan { from: Some(date(2026, 11, 17)), ..held(FATHER) };
    let first_day = Plan { from: Some(DAY), ..held(FATHER) };
    assert_eq!(certain(&[held(MOTHER), over, later], &together(&family)), ["Elm"]);
    assert_eq!(certain(&[held(MOTHER), first_day], &together(&family)), ["Oak", "Elm"]);
}

#[test]
fn ped_40_an_order_set_by_hand_beats_every_rule_and_says_who_set_it() {
    let family = adults();
    let plans = [held(MOTHER), held(FATHER)];
    let set = Override { plans: vec![0, 1], actor: "Kim Biller", reason: Phi::new("plan does not follow the birthday rule".to_owned()) };
    let order = order(&plans, &together(&family), DAY, Some(&set));
    assert_eq!((order.plans.as_slice(), order.is_certain()), (&[0, 1][..], true));
    assert_eq!(
        order.reasons[0].sentence,
        "Elm (mother) pays before Oak (father): Kim Biller set this order by hand, with the reason on record."
    );
    assert!(!format!("{order:?}{set:?}").contains("birthday rule"));
}

#[test]
fn ped_40_a_plan_that_came_after_an_order_set_by_hand_is_asked_about() {
    let family = adults();
    let plans = [held(MOTHER), held(FATHER), Plan { class: PlanClass::MedicaidOrChip, ..of("Medicaid", Holder::Child) }];
    let set = Override { plans: vec![0, 1], actor: "Kim Biller", reason: Phi::new(String::new()) };
    let order = order(&plans, &together(&family), DAY, Some(&set));
    assert_eq!((order.plans, order.questions), (vec![0, 1, 2], vec![Question::OverrideLacks(2)]));
    assert_eq!(order.reasons.iter().map(|reason| reason.step).collect::<Vec<_>>(), [Step::Override, Step::Class]);
}

#[test]
fn ped_40_every_step_has_its_sentence() {
    let family = adults();
    let household = apart(&family, Decree::None, Custody::With(MOTHER));
    let plans = [held(FATHER), held(STEPFATHER), held(MOTHER)];
    let sentences: Vec<String> = order(&plans, &household, DAY, None).reasons.into_iter().map(|reason| reason.sentence).collect();
    assert_eq!(
        sentences,
        [
            "Elm (mother) pays before Fir (stepparent): no decree decides, and custody puts the mother before the stepparent.",
            "Fir (stepparent) pays before Oak (father): no decree decides, and custody puts the stepparent before the father.",
        ]
    );
    let birthday = &order(&[held(MOTHER), held(FATHER)], &together(&family), DAY, None).reasons[0];
    assert_eq!(
        birthday.sentence,
        "Oak (father) pays before Elm (mother): the parents live together, and the father's birthday comes earlier in the year than the mother's."
    );
}

#[test]
fn ped_40_a_recorded_order_is_contradicted_only_by_a_certain_one() {
    let family = adults();
    let plans = [held(MOTHER), held(FATHER)];
    let certain = order(&plans, &together(&family), DAY, None);
    assert_eq!(certain.contradicts(&[0, 1]).map(|reason| reason.step), Some(Step::Birthday));
    assert_eq!((certain.contradicts(&[1, 0]), certain.contradicts(&[0])), (None, None));
    let unknown = Household { together: None, ..together(&family) };
    assert_eq!(order(&plans, &unknown, DAY, None).contradicts(&[0, 1]), None);
}

#[test]
fn ped_40_steps_that_contradict_each_other_are_a_question() {
    // The same birthday: her active plan precedes her continued one, which is older than his, which is older than her active one.
    let twins = [adult(Relation::Mother, Some(date(1990, 5, 5)), None), adult(Relation::Father, Some(date(1988, 5, 5)), None)];
    let old = Plan { standing: Standing::Continued, holder_since: Some(date(2010, 1, 1)), ..held(MOTHER) };
    let his = Plan { holder_since: Some(date(2015, 1, 1)), ..held(FATHER) };
    assert_eq!(named(&[held(MOTHER), old, his], &together(&twins)).1, [Question::Circle]);
}

fn any_plan() -> impl Strategy<Value = Plan<'static>> {
    let class = prop_oneof![
        Just(PlanClass::WithoutRules),
        Just(PlanClass::NonGovernment),
        Just(PlanClass::NonGovernment),
        Just(PlanClass::Tricare),
        Just(PlanClass::MedicaidOrChip)
    ];
    let holder = prop_oneof![Just(Holder::Child), (0_usize..5).prop_map(Holder::Adult)];
    let standing = prop_oneof![Just(Standing::Active), Just(Standing::Continued), Just(Standing::Retired)];
    (class, holder, standing, prop::option::of(2000_i16..2026)).prop_map(|(class, holder, standing, since)| Plan {
        class,
        standing,
        holder_since: since.map(|year| date(year, 1, 1)),
        ..of("Plan", holder)
    })
}

fn any_household() -> impl Strategy<Value = (Option<bool>, Decree, Custody)> {
    let decree = prop_oneof![Just(Decree::None), Just(Decree::Both), Just(Decree::Unknown), (0_usize..2).prop_map(Decree::Responsible)];
    let custody = prop_oneof![Just(Custody::Joint), Just(Custody::Unknown), (0_usize..2).prop_map(Custody::With)];
    (any::<Option<bool>>(), decree, custody)
}

proptest! {
    #[test]
    fn two_plans_compare_alike_from_either_side(plans in prop::collection::vec(any_plan(), 2), (together, decree, custody) in any_household()) {
        let adults = adults();
        let household = Household { adults: &adults, together, decree, custody };
        let turned = match compare(&plans, &household, 1, 0) {
            Verdict::First(step) => Verdict::Second(step),
            Verdict::Second(step) => Verdict::First(step),
            ask @ Verdict::Ask(_) => ask,
        };
        let straight = compare(&plans, &household, 0, 1);
        // Where both facts are missing, either may be asked for first.
        let both_ask = matches!((straight, turned), (Verdict::Ask(_), Verdict::Ask(_)));
        prop_assert!(both_ask || straight == turned);
    }

    #[test]
    fn every_covering_plan_is_ordered_once_and_a_certain_order_obeys_every_pair(
        plans in prop::collection::vec(any_plan(), 0..6),
        (together, decree, custody) in any_household(),
    ) {
        let adults = adults();
        let household = Household { adults: &adults, together, decree, custody };
        let order = order(&plans, &household, DAY, None);
        let mut all = order.plans.clone();
        all.sort_unstable();
        prop_assert_eq!(all, (0..plans.len()).collect::<Vec<_>>());
        if order.is_certain() {
            prop_assert_eq!(order.reasons.len(), plans.len().saturating_sub(1));
            for (at, &first) in order.plans.iter().enumerate() {
                for &then in &order.plans[at + 1..] {
                    prop_assert!(matches!(compare(&plans, &household, first, then), Verdict::First(_)));
                }
            }
        }
    }
}
