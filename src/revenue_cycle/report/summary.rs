//! The figures and their proofs, from the movements of accounts. Pure.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::model::{BucketMovement, Proof, RevenueSummary, Span};
use crate::platform::money::Money;
use crate::revenue_cycle::ledger::model::{Account, Family, TransferKind};

/// What moved on one account by one kind of transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Movement {
    /// The account.
    pub account: Account,
    /// The kind.
    pub kind: TransferKind,
    /// Debits.
    pub debits: Money,
    /// Credits.
    pub credits: Money,
}

/// Everything the summary is made from.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    /// Movements of the span.
    pub movements: Vec<Movement>,
    /// Balances at the end of the day before.
    pub opening: BTreeMap<Account, Money>,
    /// Balances at the end of the last day.
    pub closing: BTreeMap<Account, Money>,
    /// Charges less voids whose date of service lies in the span.
    pub charges_by_service_date: Money,
}

/// Accounts that hold money on its way.
const IN_TRANSIT: &[Account] = &[
    Account::EftReceivable,
    Account::UnpostedCash,
    Account::RemittanceClearing,
    Account::TakebackClearing,
    Account::ForwardBalance,
    Account::PayerRefundClearing,
    Account::PlbClearing,
    Account::WithholdReceivable,
];

impl Figures {
    /// Debits less credits of an account by a kind.
    fn net(&self, account: Account, kind: TransferKind) -> Money {
        self.movements.iter().filter(|m| m.account == account && m.kind == kind).map(|m| m.debits - m.credits).sum()
    }

    /// Debits of an account by a kind.
    fn debits(&self, account: Account, kind: TransferKind) -> Money {
        self.movements.iter().filter(|m| m.account == account && m.kind == kind).map(|m| m.debits).sum()
    }

    fn balance(balances: &BTreeMap<Account, Money>, account: Account) -> Money {
        balances.get(&account).copied().unwrap_or_default()
    }

    fn movement(&self, account: Account) -> BucketMovement {
        let mut movements: BTreeMap<String, Money> = BTreeMap::new();
        for m in self.movements.iter().filter(|m| m.account == account) {
            *movements.entry(m.kind.code().to_owned()).or_default() += m.debits - m.credits;
        }
        BucketMovement {
            account: account.to_string(),
            opening: Figures::balance(&self.opening, account),
            movements,
            closing: Figures::balance(&self.closing, account),
        }
    }
}

fn is_receivable(account: Account) -> bool {
    account.bucket().is_some() || account == Account::Unapplied
}

/// Sums up a span (domain.md 5.4).
#[must_use]
pub fn summarize(span: Span, figures: &Figures) -> RevenueSummary {
    use TransferKind as K;
    let clearing = Account::RemittanceClearing;
    let gross_charges = -(figures.net(Account::Revenue, K::Charge) + figures.net(Account::Revenue, K::ChargeVoid));
    let insurance_payments = figures.net(clearing, K::InsPayment) + figures.net(clearing, K::Takeback);
    let patient_payments = figures.net(Account::Cash, K::PatPayment) + figures.net(Account::Cash, K::Nsf);
    let refunds = -(figures.net(Account::Cash, K::RefundPatient) + figures.net(Account::Cash, K::RefundPayer));
    let net_payments = insurance_payments + patient_payments - refunds;
    let contractual = figures.net(Account::Contra(Family::Contractual), K::AdjContractual);
    let other_adjustments: BTreeMap<String, Money> = Family::ALL
        .iter()
        .filter(|family| **family != Family::Contractual)
        .map(|family| {
            let account = Account::Contra(*family);
            (family.code().to_owned(), figures.net(account, K::AdjOther) + figures.net(account, K::AdjDenialWriteoff))
        })
        .filter(|(_, amount)| !amount.is_zero())
        .collect();
    let adjusted_charges = gross_charges - contractual;

    let touched: BTreeSet<Account> =
        figures.movements.iter().map(|m| m.account).chain(figures.opening.keys().copied()).chain(figures.closing.keys().copied()).collect();
    let receivables: Vec<BucketMovement> = touched.iter().filter(|a| is_receivable(**a)).map(|a| figures.movement(*a)).collect();
    let in_transit = IN_TRANSIT.iter().filter(|a| touched.contains(a)).map(|a| figures.movement(*a)).collect();

    let remittances = figures.debits(Account::EftReceivable, K::Remittance);
    let provider_adjustments = -figures.net(clearing, K::Plb);
    let unposted_change = figures.net(clearing, K::UnpostedCash);
    let closing: Money = receivables.iter().map(|bucket| bucket.closing).sum();
    let opening: Money = receivables.iter().map(|bucket| bucket.opening).sum();
    let written_off = contractual + other_adjustments.values().sum::<Money>();
    let withheld = figures.net(Account::WithholdReceivable, K::Withhold);
    let applied = -(figures.net(Account::PayerRefundClearing, K::RefundApply) + figures.net(Account::TakebackClearing, K::PlbApply));
    let payer_refunds = -figures.net(Account::Cash, K::RefundPayer);

    let mut proofs: Vec<Proof> = receivables
        .iter()
        .map(|bucket| {
            let moved: Money = bucket.movements.values().sum();
            proof(format!("{}: opening and movements give closing", bucket.account), bucket.opening + moved, bucket.closing)
        })
        .collect();
    // A refund to a payer leaves the receivables alone until it meets its line.
    let computed = opening + gross_charges - (net_payments + payer_refunds) - written_off - withheld + applied;
    proofs.push(proof("receivables: opening, charges, payments and adjustments give closing".to_owned(), computed, closing));
    let announced = insurance_payments + unposted_change - provider_adjustments;
    proofs.push(proof(
        "payments, unposted cash and provider adjustments give what remittances announced".to_owned(),
        announced,
        remittances,
    ));
    let all: Money = figures.closing.values().sum();
    proofs.push(proof("the trial balance is zero".to_owned(), Money::ZERO, all));

    let per_cent = |of: Money| ratio(net_payments.decimal() * Decimal::ONE_HUNDRED, of.decimal());
    RevenueSummary {
        span: span.to_string(),
        gross_charges,
        charges_by_service_date: figures.charges_by_service_date,
        insurance_payments,
        patient_payments,
        refunds,
        net_payments,
        contractual,
        other_adjustments,
        adjusted_charges,
        gross_collection_percent: per_cent(gross_charges),
        net_collection_percent: per_cent(adjusted_charges),
        days_in_receivables: ratio(closing.decimal() * Decimal::from(span.days()), adjusted_charges.decimal()),
        receivables,
        in_transit,
        remittances,
        provider_adjustments,
        unposted_change,
        proofs,
    }
}

fn proof(name: String, computed: Money, recorded: Money) -> Proof {
    Proof { name, computed, recorded, holds: computed == recorded }
}

/// A quotient to one decimal; none where the divisor is not above zero.
fn ratio(dividend: Decimal, divisor: Decimal) -> Option<String> {
    let quotient = (divisor > Decimal::ZERO).then(|| dividend.checked_div(divisor))??;
    Some(format!("{:.1}", quotient.round_dp(1)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::revenue_cycle::ledger::model::{Bucket, PayerOrder, Transfer};

    fn usd(text: &str) -> Money {
        text.parse().unwrap()
    }

    /// Figures of a span in which some transfers happened, after some others.
    fn figures(before: &[Option<Transfer>], during: &[Option<Transfer>]) -> Figures {
        let mut figures = Figures::default();
        for transfer in before.iter().flatten() {
            for (account, change) in transfer.changes() {
                *figures.opening.entry(account).or_default() += change;
            }
        }
        figures.closing.clone_from(&figures.opening);
        for transfer in during.iter().flatten() {
            for (account, change) in transfer.changes() {
                *figures.closing.entry(account).or_default() += change;
                let debits = change.max(Money::ZERO);
                figures.movements.push(Movement { account, kind: transfer.kind(), debits, credits: debits - change });
            }
        }
        figures
    }

    fn november() -> Span {
        Span::parse("2026-11", "2026-11").unwrap()
    }

    #[test]
    fn a_month_with_every_kind_of_movement_ties() {
        let first = PayerOrder::PRIMARY;
        let owed = Bucket::Insurance(first);
        let before = [Transfer::charge(owed, usd("500"))];
        let during = [
            Transfer::charge(owed, usd("1000")),
            Transfer::charge(owed, usd("-100")),
            Transfer::remittance(usd("600")),
            Transfer::provider_adjustment(crate::reference::plb::Account::TakebackClearing, usd("50")),
            Transfer::unposted_cash(usd("650")),
            Transfer::unposted_cash(usd("-600")),
            Transfer::insurance_payment(first, usd("620")),
            Transfer::insurance_payment(first, usd("-20")),
            Transfer::write_off(Family::Contractual, owed, usd("200")),
            Transfer::write_off(Family::Contractual, owed, usd("-10")),
            Transfer::write_off(Family::Charity, Bucket::Patient, usd("5")),
            Transfer::responsibility(owed, Bucket::Patient, usd("80")),
            Transfer::responsibility(owed, Bucket::Denied(first), usd("40")),
            Transfer::withhold(first, usd("7")),
            Transfer::patient_payment(usd("60")),
            Transfer::patient_payment(usd("-5")),
            Transfer::apply(usd("50")),
            Transfer::refund_patient(usd("3")),
            Transfer::refund_payer(usd("9")),
            Transfer::refund_apply(first, usd("9")),
            Transfer::plb_apply(first, usd("50")),
            Transfer::deposit(usd("600")),
        ];
        let summary = summarize(november(), &figures(&before, &during));
        assert!(summary.ties(), "{:?}", summary.proofs);
        assert_eq!((summary.gross_charges, summary.insurance_payments, summary.patient_payments), (usd("900"), usd("600"), usd("55")));
        assert_eq!((summary.refunds, summary.net_payments), (usd("12"), usd("643")));
        assert_eq!((summary.contractual, summary.adjusted_charges), (usd("190"), usd("710")));
        assert_eq!(summary.other_adjustments, [("CHARITY".to_owned(), usd("5"))].into());
        assert_eq!((summary.remittances, summary.provider_adjustments, summary.unposted_change), (usd("600"), usd("50"), usd("50")));
        assert_eq!(summary.gross_collection_percent.as_deref(), Some("71.4"));
        assert_eq!(summary.net_collection_percent.as_deref(), Some("90.6"));
    }

    #[test]
    fn a_cent_that_vanishes_from_a_bucket_breaks_its_proof_and_the_trial_balance() {
        let owed = Bucket::Insurance(PayerOrder::PRIMARY);
        let mut figures = figures(&[], &[Transfer::charge(owed, usd("10"))]);
        *figures.closing.get_mut(&Account::Receivable(owed)).unwrap() -= usd("0.01");
        let summary = summarize(november(), &figures);
        let broken: Vec<&str> = summary.proofs.iter().filter(|p| !p.holds).map(|p| p.name.as_str()).collect();
        assert_eq!(broken.len(), 3, "{broken:?}");
    }

    #[test]
    fn a_month_without_charges_has_no_rates() {
        let summary = summarize(november(), &Figures::default());
        assert_eq!((summary.gross_collection_percent, summary.days_in_receivables), (None, None));
    }
}
