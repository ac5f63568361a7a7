//! What holds of every remittance, however it was adjudicated.

use proptest::prelude::*;

use super::samples::{Says, buckets, change, visit};
use crate::edi::remittance_835::{Adjustment, CasGroup, ServiceLine};
use crate::platform::money::Money;
use crate::revenue_cycle::ledger::model::{Account, Bucket};
use crate::revenue_cycle::posting::decide::decide;
use crate::revenue_cycle::posting::model::{Decision, EncounterFacts, Pending};
use crate::revenue_cycle::remittance::model::RemittanceClaimState::{Posted, Waiting};

/// Adjustments of every disposition, the unknown and the impossible among them.
const REASONS: &[(&str, &str)] = &[
    ("CO", "45"),
    ("CO", "253"),
    ("CO", "97"),
    ("PI", "45"),
    ("PR", "1"),
    ("PR", "3"),
    ("CO", "104"),
    ("CO", "16"),
    ("OA", "23"),
    ("OA", "94"),
    ("CO", "QQ"),
];

/// Those that an ordinary first payer gives: every one posts by itself.
const ORDINARY: usize = 8;

/// A line's charge in cents, and shares of it that go to reasons.
type Shape = (i64, Vec<(usize, i64)>);

fn shapes(reasons: usize) -> impl Strategy<Value = Vec<Shape>> {
    let adjustment = (0..reasons, 1_i64..=60);
    prop::collection::vec((0_i64..60_000, prop::collection::vec(adjustment, 0..4)), 1..5)
}

/// The line as a payer adjudicates it: each adjustment takes its per cent of what is left, the rest is paid.
fn adjudicated(number: i64, (charge, parts): &Shape) -> ServiceLine {
    let charge = Money::from_cents(*charge);
    let mut line = super::samples::line(number, "0", "0", "");
    let mut left = charge;
    for (reason, per_cent) in parts {
        let amount = left.percent(u32::try_from(*per_cent).unwrap());
        let (group, carc) = REASONS[*reason];
        line.adjustments.push(Adjustment { segment: 31, group: CasGroup::from(group), reason: carc.into(), amount, quantity: None });
        left -= amount;
    }
    line.charge = charge;
    line.paid = left;
    line
}

fn lines(shapes: &[Shape]) -> Vec<ServiceLine> {
    (1..).zip(shapes).map(|(number, shape)| adjudicated(number, shape)).collect()
}

fn negated(lines: Vec<ServiceLine>) -> Vec<ServiceLine> {
    let negate = |mut line: ServiceLine| {
        line.charge = -line.charge;
        line.paid = -line.paid;
        line.adjustments.iter_mut().for_each(|adjustment| adjustment.amount = -adjustment.amount);
        line
    };
    lines.into_iter().map(negate).collect()
}

fn charged(shapes: &[Shape]) -> EncounterFacts {
    visit(&shapes.iter().map(|(charge, _)| Money::from_cents(*charge)).collect::<Vec<_>>())
}

/// Lets claims arrive one after the other; gives what was decided in the end, and what still waits.
fn arrive(facts: &mut EncounterFacts, claims: &[Pending]) -> (Vec<Decision>, Vec<Pending>) {
    let (mut done, mut waiting) = (Vec::new(), Vec::new());
    for next in claims {
        waiting.push(next.clone());
        let decisions = decide(facts, waiting.clone());
        waiting.retain(|pending| decisions.iter().any(|d| d.id == pending.id && d.state == Waiting));
        done.extend(decisions.into_iter().filter(|decision| decision.state != Waiting));
    }
    (done, waiting)
}

proptest! {
    #[test]
    fn any_adjudication_clears_itself_and_leaves_no_bucket_below_zero(shapes in shapes(REASONS.len()), claim_level in prop::option::of(1_i64..5_000)) {
        let mut facts = charged(&shapes);
        let cas = claim_level.map_or(String::new(), |cents| format!("CO-45 {}", Money::from_cents(cents)));
        let pending = Says { lines: lines(&shapes), cas: &cas, ..Says::default() }.pending(&facts);
        let paid = pending.content.paid;
        let before = facts.clone();
        let decisions = decide(&mut facts, vec![pending]);
        prop_assert_eq!(change(&decisions, Account::RemittanceClearing), Money::ZERO);
        if decisions[0].state == Posted {
            prop_assert_eq!(change(&decisions, Account::UnpostedCash), paid);
            prop_assert!(buckets(&facts).values().all(|amount| !amount.is_negative()));
            prop_assert!(!buckets(&facts).keys().any(|bucket| matches!(bucket, Bucket::Insurance(_))), "nothing stays with a payer that has decided");
        } else {
            prop_assert_eq!(buckets(&facts), buckets(&before));
            prop_assert!(decisions[0].journal.is_none() && !decisions[0].notices.is_empty());
        }
    }

    #[test]
    fn an_ordinary_adjudication_posts_by_itself(shapes in shapes(ORDINARY)) {
        let mut facts = charged(&shapes);
        let pending = Says { lines: lines(&shapes), ..Says::default() }.pending(&facts);
        let decisions = decide(&mut facts, vec![pending]);
        prop_assert_eq!(decisions[0].state, Posted, "{:?}", decisions[0].notices);
    }

    #[test]
    fn a_posting_and_its_reversal_sum_to_zero(shapes in shapes(ORDINARY)) {
        let mut facts = charged(&shapes);
        let before = buckets(&facts);
        let given = Says { lines: lines(&shapes), ..Says::default() }.pending(&facts);
        let taken = Says { id: 2, status: "22", lines: negated(lines(&shapes)), ..Says::default() }.pending(&facts);
        let decisions = decide(&mut facts, vec![given, taken]);
        prop_assert!(decisions.iter().all(|decision| decision.state == Posted));
        prop_assert_eq!(buckets(&facts), before);
        for account in [Account::UnpostedCash, Account::RemittanceClearing, Account::WithholdReceivable] {
            prop_assert_eq!(change(&decisions, account), Money::ZERO);
        }
        prop_assert!(decisions.iter().all(|d| d.notices.iter().all(|n| n.reason != "REVERSAL_MISMATCH")));
    }

    #[test]
    fn any_order_of_arrival_ends_with_the_same_balances(
        first in shapes(ORDINARY),
        parts in prop::collection::vec(prop::collection::vec((0..ORDINARY, 1_i64..=60), 0..4), 4),
        order in Just(vec![0_usize, 1, 2]).prop_shuffle(),
    ) {
        let corrected: Vec<Shape> = first.iter().zip(parts).map(|((charge, _), parts)| (*charge, parts)).collect();
        let facts = charged(&first);
        let story = [
            Says { icn: "OLD", lines: lines(&first), ..Says::default() }.pending(&facts),
            Says { id: 2, status: "22", icn: "OLD", lines: negated(lines(&first)), ..Says::default() }.pending(&facts),
            Says { id: 3, icn: "NEW", lines: lines(&corrected), ..Says::default() }.pending(&facts),
        ];
        let mut straight = facts.clone();
        let (in_order, _) = arrive(&mut straight, &story);
        let mut shuffled = facts.clone();
        let arrived: Vec<Pending> = order.iter().map(|at| story[*at].clone()).collect();
        let (done, waiting) = arrive(&mut shuffled, &arrived);
        prop_assert!(waiting.is_empty(), "{order:?} leaves {}", waiting.len());
        prop_assert_eq!(buckets(&shuffled), buckets(&straight));
        for account in [Account::UnpostedCash, Account::WithholdReceivable, Account::Unapplied] {
            prop_assert_eq!(change(&done, account), change(&in_order, account));
        }
    }

    #[test]
    fn two_payers_in_either_order_end_with_the_same_balances(shapes in shapes(ORDINARY), kept in 0_i64..=100) {
        let facts = charged(&shapes);
        let primary = Says { next: Some(2), lines: lines(&shapes), ..Says::default() }.pending(&facts);
        let mut after = facts.clone();
        decide(&mut after, vec![primary.clone()]);
        // The second payer pays a part of what the first left and writes off the rest.
        let answer: Vec<ServiceLine> = (1..).zip(after.lines.values()).zip(&shapes).map(|((number, line), (charge, _))| {
            let open = line.bucket(Bucket::Insurance(super::samples::order(2))) + line.bucket(Bucket::Denied(super::samples::order(1)));
            let paid = open.percent(u32::try_from(kept).unwrap());
            let charge = Money::from_cents(*charge);
            let cas = format!("OA-23 {}, CO-45 {}", charge - open, open - paid);
            let mut answered = super::samples::line(number, "0", "0", &cas);
            (answered.charge, answered.paid) = (charge, paid);
            answered
        }).collect();
        let secondary = Says { id: 2, rank: 2, status: "2", icn: "ICN2", lines: answer, ..Says::default() }.pending(&facts);
        let (mut one, mut two) = (facts.clone(), facts);
        let (done, waiting) = arrive(&mut one, &[primary.clone(), secondary.clone()]);
        prop_assert!(waiting.is_empty() && done.iter().all(|d| d.state == Posted), "{:?}", done.iter().map(|d| &d.notices).collect::<Vec<_>>());
        arrive(&mut two, &[secondary, primary]);
        prop_assert_eq!(buckets(&one), buckets(&two));
        prop_assert!(buckets(&one).is_empty());
    }
}
