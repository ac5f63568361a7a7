//! One line by one payer: the formula of domain.md 2.8, the same for the first payer and for every one after it. Pure arithmetic; what
//! can't be explained is a [`LineProblem`] and never a write-off.

use std::collections::BTreeMap;

use super::adjustment::{Effect, LineAdjustment, LineDecision};
use super::model::{LineFacts, Remitter};
use crate::platform::money::Money;
use crate::reference::carc::Disposition;
use crate::revenue_cycle::ledger::model::{Bucket, Family, PayerOrder, Transfer};

/// Our own reason for a write-off: Medicaid's payment is payment in full (PED-32).
pub const MEDICAID_PAID_IN_FULL: &str = "MEDICAID_PAID_IN_FULL";

/// Why a line does not post by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineProblem {
    /// More was paid or shifted than was owed, by so much.
    Overpaid(Money),
    /// So much remains that no adjustment explains.
    Unexplained(Money),
    /// The shares of the patient sum to less than nothing.
    NegativeShare(Money),
}

/// What posts to a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LinePosting {
    /// The movements, without line, family and payer.
    pub transfers: Vec<Transfer>,
    /// What stays open as this payer's denial.
    pub denied: Money,
    /// What the family (or the next payer) owes by this payer's decision.
    pub patient: Money,
}

/// Decides one line.
///
/// ```text
/// A = charge − Σ insurance payments − Σ adjustments posted     (the line's balance and what the family paid on it)
/// r = A − paid − pr − over − withheld
/// r < 0 is overpaid · d = min(r, den) stays denied · w = r − d is written off if CO/PI adjustments cover it,
/// or if Medicaid pays last and denied nothing · else it is unexplained
/// ```
pub fn post_line(facts: &LineFacts, decision: &LineDecision, remitter: &Remitter) -> Result<LinePosting, LineProblem> {
    let rows = |wanted: fn(&LineAdjustment) -> bool| -> Vec<&LineAdjustment> {
        decision.adjustments.iter().filter(|adjustment| wanted(adjustment)).collect()
    };
    let patient = rows(|a| a.effect == Effect::Route(Disposition::Patient));
    let denials = rows(|a| matches!(a.effect, Effect::Route(Disposition::Denial { .. })));
    let withheld = rows(|a| a.effect == Effect::Route(Disposition::Withhold));
    let over = rows(|a| a.effect == Effect::Over);
    let contractual = rows(|a| a.effect == Effect::Route(Disposition::Contractual) && !a.label.starts_with("OA"));

    let pr = sum(&patient);
    if pr.is_negative() {
        return Err(LineProblem::NegativeShare(pr));
    }
    let open = facts.balance() + facts.patient_paid;
    let r = open - decision.paid - pr - sum(&over) - sum(&withheld);
    if r.is_negative() {
        return Err(LineProblem::Overpaid(-r));
    }
    let denied = r.min(sum(&denials)).max(Money::ZERO);
    let written_off = r - denied;
    let paid_in_full = written_off > sum(&contractual);
    if paid_in_full && !(remitter.medicaid && remitter.next.is_none() && denials.is_empty()) {
        return Err(LineProblem::Unexplained(written_off));
    }

    let own = Bucket::Insurance(remitter.order);
    let mut transfers: Vec<Transfer> = Vec::new();
    let mut add = |transfer: Option<Transfer>, label: Option<&str>, segment: u32| {
        transfers.extend(transfer.map(|transfer| transfer.caused_by(label, segment)));
    };
    // Everything that is owed comes to this payer's bucket first, except what already lies where it will end.
    let heir = remitter.next.map_or(Bucket::Patient, Bucket::Insurance);
    let targets = targets(facts, remitter.order, heir, pr, denied);
    for (&bucket, &target) in targets.iter().filter(|(bucket, _)| **bucket != own) {
        let change = target - facts.bucket(bucket);
        let rows = match bucket {
            Bucket::Denied(order) if order == remitter.order => &denials[..],
            bucket if bucket == heir => &patient[..],
            _ => &[],
        };
        for (amount, row) in spread(change, rows) {
            let segment = row.map_or(decision.segment, |row| row.segment);
            add(Transfer::responsibility(own, bucket, amount), row.map(|row| row.label.as_str()), segment);
        }
    }
    add(Transfer::insurance_payment(remitter.order, decision.paid), None, decision.segment);
    if paid_in_full {
        add(Transfer::write_off(Family::Contractual, own, written_off), Some(MEDICAID_PAID_IN_FULL), decision.segment);
    } else {
        for (amount, row) in spread(written_off, &contractual) {
            let segment = row.map_or(decision.segment, |row| row.segment);
            add(Transfer::write_off(Family::Contractual, own, amount), row.map(|row| row.label.as_str()), segment);
        }
    }
    for row in &over {
        add(Transfer::write_off(Family::Contractual, own, row.amount), Some(&row.label), row.segment);
    }
    for row in &withheld {
        add(Transfer::withhold(remitter.order, row.amount), Some(&row.label), row.segment);
    }
    // What the family paid beyond its share becomes theirs again (domain.md 2.5, 2.8).
    let excess = (facts.patient_paid - pr).max(Money::ZERO);
    if remitter.next.is_none() {
        add(Transfer::apply(-excess), None, decision.segment);
    }
    Ok(LinePosting { transfers, denied, patient: pr })
}

/// What each bucket holds in the end, before unapplying: the share lies with its heir, the next payer or the family (less what it has
/// paid), the denial with this payer, and nothing anywhere else.
fn targets(facts: &LineFacts, order: PayerOrder, heir: Bucket, pr: Money, denied: Money) -> BTreeMap<Bucket, Money> {
    let mut targets: BTreeMap<Bucket, Money> = facts.buckets.keys().map(|bucket| (*bucket, Money::ZERO)).collect();
    targets.insert(Bucket::Denied(order), denied);
    targets.insert(Bucket::Patient, -facts.patient_paid);
    *targets.entry(heir).or_default() += pr;
    targets
}

fn sum(rows: &[&LineAdjustment]) -> Money {
    rows.iter().map(|row| row.amount).sum()
}

/// Says which adjustments an amount is made of: all of them where they sum to it, else the first ones until it is used up; what no
/// adjustment explains stands alone.
fn spread<'r>(amount: Money, rows: &[&'r LineAdjustment]) -> Vec<(Money, Option<&'r LineAdjustment>)> {
    if amount.is_zero() {
        return Vec::new();
    }
    if sum(rows) == amount {
        return rows.iter().map(|row| (row.amount, Some(*row))).collect();
    }
    let mut left = amount;
    let mut parts = Vec::new();
    for row in rows.iter().filter(|row| !row.amount.is_negative()) {
        let part = left.min(row.amount);
        if part > Money::ZERO {
            parts.push((part, Some(*row)));
            left -= part;
        }
    }
    if !left.is_zero() {
        parts.push((left, None));
    }
    parts
}
