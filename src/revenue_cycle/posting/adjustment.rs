//! What a payer says of each of our lines: its money and its adjustments, those of the claim shared out among the lines (domain.md 2.8),
//! each routed by group and reason (2.7).

use crate::edi::remittance_835::{Adjustment, ClaimPayment, ClaimStatus, Code};
use crate::platform::money::Money;
use crate::reference::carc::{self, DenialQueue, Disposition, Group};

/// The reason that raises or lowers a line beside its charge: over-allowance (domain.md 2.8, `over`).
const OVER: &str = "94";

/// The echo of what the payers before have done.
const PRIOR_PAYER: &str = "23";

/// One adjustment of one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineAdjustment {
    /// Group and reason: `CO-45`.
    pub label: String,
    /// The CAS segment.
    pub segment: u32,
    /// What is not paid.
    pub amount: Money,
    /// What becomes of it.
    pub effect: Effect,
}

/// What becomes of an adjustment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Routed by the table.
    Route(Disposition),
    /// Paid beyond the allowance: moves the line itself.
    Over,
    /// The group is none of a 5010 835: quarantine.
    BadGroup,
}

/// One of our lines as the payer decided it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineDecision {
    /// Index of our claim line.
    pub line: usize,
    /// The SVC segment; the first, if the payer split the line.
    pub segment: u32,
    /// Σ SVC02.
    pub charge: Money,
    /// Σ SVC03 less the line's share of claim-level adjustments: the cash.
    pub paid: Money,
    /// Its adjustments, of its own and shared out.
    pub adjustments: Vec<LineAdjustment>,
}

/// Sets out a remittance claim by our lines, in their order. `matched` gives our line for each of the payer's; none of them may be
/// missing, and there must be at least one. `shields_family`: [`carc::route`]'s Medicaid.
#[must_use]
pub fn by_line(payment: &ClaimPayment, matched: &[usize], shields_family: bool) -> Vec<LineDecision> {
    let paid: Vec<Money> = payment.lines.iter().map(|line| line.paid).collect();
    let charges: Vec<Money> = payment.lines.iter().map(|line| line.charge).collect();
    let weights = if paid.iter().all(|amount| amount.is_zero()) { charges } else { paid };
    let shares: Vec<Vec<Money>> = payment.adjustments.iter().map(|adjustment| adjustment.amount.split(&weights)).collect();
    let denied_as_a_whole = payment.status == ClaimStatus::Denied;
    let mut decisions: Vec<LineDecision> = Vec::new();
    for (index, (line, &ours)) in payment.lines.iter().zip(matched).enumerate() {
        let shared: Vec<(&Adjustment, Money)> =
            payment.adjustments.iter().zip(&shares).map(|(adjustment, parts)| (adjustment, parts[index])).collect();
        let cash = line.paid - shared.iter().map(|(_, part)| *part).sum();
        let remarks = || line.remarks.iter().map(|remark| remark.code.as_str()).chain(payment.remarks.iter().map(Code::as_str));
        let own = line.adjustments.iter().map(|adjustment| (adjustment, adjustment.amount));
        let adjustments = own.chain(shared).filter(|(_, amount)| !amount.is_zero()).map(|(adjustment, amount)| {
            let mut routed = routed(adjustment, amount, shields_family, cash.is_zero(), denied_as_a_whole);
            if let Effect::Route(Disposition::Denial { queue: queue @ DenialQueue::ByRemark, .. }) = &mut routed.effect {
                *queue = carc::queue_by_remark(remarks()).unwrap_or(*queue);
            }
            routed
        });
        match decisions.iter_mut().find(|decision| decision.line == ours) {
            Some(decision) => {
                decision.charge += line.charge;
                decision.paid += cash;
                decision.adjustments.extend(adjustments);
            }
            None => decisions.push(LineDecision {
                line: ours,
                segment: line.segment,
                charge: line.charge,
                paid: cash,
                adjustments: adjustments.collect(),
            }),
        }
    }
    decisions.sort_by_key(|decision| decision.line);
    decisions
}

fn routed(adjustment: &Adjustment, amount: Money, shields_family: bool, nothing_paid: bool, denied_as_a_whole: bool) -> LineAdjustment {
    let effect = match adjustment.group.as_str().parse::<Group>() {
        Err(_) => Effect::BadGroup,
        Ok(_) if adjustment.reason == OVER => Effect::Over,
        Ok(group) => Effect::Route(match carc::route(group, &adjustment.reason, shields_family, nothing_paid) {
            // CLP02 4 is a denial whatever reason a payer gives with it (domain.md 2.2): nothing is written off by itself.
            Disposition::Contractual if denied_as_a_whole => Disposition::Denial { queue: DenialQueue::Unknown, patient_billable: false },
            disposition => disposition,
        }),
    };
    LineAdjustment { label: format!("{}-{}", adjustment.group.as_str(), adjustment.reason), segment: adjustment.segment, amount, effect }
}

/// Whether a claim echoes what a prior payer did (OA-23).
#[must_use]
pub fn echoes_prior_payer(payment: &ClaimPayment) -> bool {
    payment.all_adjustments().any(|adjustment| adjustment.reason == PRIOR_PAYER && adjustment.group.as_str() == "OA")
}
