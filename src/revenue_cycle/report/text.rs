//! The summary as a table of text.

use std::fmt::Write as _;

use super::model::{BucketMovement, RevenueSummary};
use crate::platform::money::Money;

/// Width of the column of names: the longest name, two blanks, and an amount of up to a hundred million fit into 80 characters.
const NAMES: usize = 58;

/// Width of an amount.
const AMOUNT: usize = 16;

/// The summary, one figure a line, with its proofs at the end.
#[must_use]
pub fn to_text(summary: &RevenueSummary) -> String {
    let mut text = String::new();
    let _infallible = writeln!(text, "Revenue {}\n", summary.span);
    for (name, amount) in [
        ("Gross charges, by posting", summary.gross_charges),
        ("Gross charges, by date of service", summary.charges_by_service_date),
        ("Contractual adjustments", summary.contractual),
        ("Adjusted charges", summary.adjusted_charges),
        ("Insurance payments", summary.insurance_payments),
        ("Patient payments", summary.patient_payments),
        ("Refunds", summary.refunds),
        ("Net payments", summary.net_payments),
    ] {
        amount_line(&mut text, name, amount);
    }
    for (family, amount) in &summary.other_adjustments {
        amount_line(&mut text, &format!("Adjustments: {family}"), *amount);
    }
    for (name, value) in [
        ("Gross collection rate, %", &summary.gross_collection_percent),
        ("Net collection rate, % (not matched to its charges)", &summary.net_collection_percent),
        ("Days in receivables", &summary.days_in_receivables),
    ] {
        let _infallible = writeln!(text, "  {name:<NAMES$}{:>AMOUNT$}", value.as_deref().unwrap_or("–"));
    }
    buckets(&mut text, "Receivables", &summary.receivables);
    buckets(&mut text, "Money on its way", &summary.in_transit);
    let _infallible = writeln!(text, "\nRemittances");
    amount_line(&mut text, "Announced (BPR02)", summary.remittances);
    amount_line(&mut text, "Provider adjustments (PLB)", summary.provider_adjustments);
    amount_line(&mut text, "Change of unposted cash", summary.unposted_change);
    let _infallible = writeln!(text, "\nProofs");
    for proof in &summary.proofs {
        let verdict = if proof.holds { "holds".to_owned() } else { format!("OFF BY {}", proof.recorded - proof.computed) };
        let _infallible = writeln!(text, "  {}: {verdict} ({})", proof.name, proof.recorded);
    }
    text
}

fn amount_line(text: &mut String, name: &str, amount: Money) {
    let _infallible = writeln!(text, "  {name:<NAMES$}{amount:>AMOUNT$}");
}

fn buckets(text: &mut String, title: &str, buckets: &[BucketMovement]) {
    let _infallible = writeln!(text, "\n{title:<28}{:>AMOUNT$}{:>AMOUNT$}{:>AMOUNT$}", "opening", "change", "closing");
    for bucket in buckets {
        let change: Money = bucket.movements.values().sum();
        let _infallible = writeln!(text, "  {:<26}{:>AMOUNT$}{change:>AMOUNT$}{:>AMOUNT$}", bucket.account, bucket.opening, bucket.closing);
    }
    let sum = |pick: fn(&BucketMovement) -> Money| buckets.iter().map(pick).sum::<Money>();
    let (opening, closing) = (sum(|b| b.opening), sum(|b| b.closing));
    let _infallible = writeln!(text, "  {:<26}{opening:>AMOUNT$}{:>AMOUNT$}{closing:>AMOUNT$}", "in all", closing - opening);
}

#[cfg(test)]
mod tests {
    use super::super::model::Span;
    use super::super::summary::{Figures, summarize};
    use super::*;

    #[test]
    fn a_broken_proof_says_by_how_much() {
        let mut summary = summarize(Span::parse("2026-11", "2026-11").unwrap(), &Figures::default());
        summary.proofs[0].computed = Money::from_cents(100);
        summary.proofs[0].holds = false;
        let text = to_text(&summary);
        assert!(text.contains("OFF BY -1.00"), "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= 120), "{text}");
    }
}
