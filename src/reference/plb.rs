//! Provider-level adjustments of an 835 (PLB): which ledger account one moves (domain.md 2.4, 5.2). A positive amount reduces the
//! payment, a negative one increases it (RFI 222); it never touches a patient.

/// The account on the other side of remittance clearing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Account {
    /// Money that payers took back and nobody has applied yet.
    TakebackClearing,
    /// Balances that a payer carries to its next remittance.
    ForwardBalance,
    /// Refunds that we sent and the payer acknowledges.
    PayerRefundClearing,
    /// Interest for late payment.
    InterestIncome,
    /// Penalties and late charges.
    PenaltyExpense,
    /// Capitation payments.
    CapitationRevenue,
    /// Money withheld by contract.
    WithholdReceivable,
    /// Bonuses and incentives.
    IncentiveRevenue,
    /// Advances, owed until recovered.
    AdvanceLiability,
    /// Levies of tax authorities and courts.
    Garnishment,
    /// Contra to payments that were reported but not made.
    PaymentContra,
    /// Everything that a person must place.
    Clearing,
}

/// What a PLB reason code means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reason {
    /// PLB03-1.
    pub code: &'static str,
    /// In our words.
    pub label: &'static str,
    /// The account it moves.
    pub account: Account,
    /// Whether a person must look at it, always.
    pub review: bool,
}

const fn reason(code: &'static str, account: Account, review: bool, label: &'static str) -> Reason {
    Reason { code, label, account, review }
}

const REASONS: &[Reason] = &[
    reason("50", Account::PenaltyExpense, false, "late charge"),
    reason("51", Account::PenaltyExpense, false, "interest penalty"),
    reason("72", Account::PayerRefundClearing, false, "authorized return"),
    reason("90", Account::Clearing, true, "early payment allowance"),
    reason("AH", Account::Clearing, true, "origination fee"),
    reason("AM", Account::Clearing, true, "applied to the borrower's account"),
    reason("AP", Account::AdvanceLiability, false, "advance"),
    reason("B2", Account::PayerRefundClearing, false, "refund check credited"),
    reason("BD", Account::Clearing, true, "bad debt adjustment"),
    reason("BN", Account::IncentiveRevenue, false, "bonus"),
    reason("C5", Account::Clearing, true, "temporary allowance"),
    reason("CR", Account::CapitationRevenue, false, "capitation interest"),
    reason("CS", Account::Clearing, true, "adjustment"),
    reason("CT", Account::CapitationRevenue, false, "capitation payment"),
    reason("E3", Account::WithholdReceivable, false, "withhold"),
    reason("FB", Account::ForwardBalance, false, "balance carried forward"),
    reason("IP", Account::IncentiveRevenue, false, "incentive payment"),
    reason("IR", Account::Garnishment, false, "tax withholding"),
    reason("J1", Account::PaymentContra, true, "offsets payments that were not made"),
    reason("L3", Account::PenaltyExpense, false, "penalty"),
    reason("L6", Account::InterestIncome, false, "interest owed to the practice"),
    reason("LE", Account::Garnishment, false, "levy"),
    reason("LS", Account::IncentiveRevenue, false, "lump sum"),
    reason("RA", Account::CapitationRevenue, false, "retroactive capitation adjustment"),
    reason("WO", Account::TakebackClearing, false, "overpayment recovered"),
];

/// What an unknown code gets: clearing and a person (domain.md 2.4, `PLB_UNKNOWN`).
const UNKNOWN: Reason = reason("", Account::Clearing, true, "unknown provider adjustment");

/// What a code means. One that the table does not have goes to clearing and to a person; its `code` is then empty.
#[must_use]
pub fn lookup(code: &str) -> &'static Reason {
    REASONS.iter().find(|reason| reason.code == code).unwrap_or(&UNKNOWN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takebacks_carried_balances_and_interest_have_accounts_of_their_own() {
        let account = |code| lookup(code).account;
        assert_eq!(account("WO"), Account::TakebackClearing);
        assert_eq!(account("FB"), Account::ForwardBalance);
        assert_eq!(account("L6"), Account::InterestIncome);
        assert_eq!((account("72"), account("B2")), (Account::PayerRefundClearing, Account::PayerRefundClearing));
    }

    #[test]
    fn an_unknown_code_goes_to_clearing_and_to_a_person() {
        assert_eq!(lookup("ZZ"), &UNKNOWN);
        assert!(lookup("ZZ").review && lookup("ZZ").account == Account::Clearing);
    }

    #[test]
    fn no_code_stands_twice() {
        assert!(REASONS.is_sorted_by_key(|reason| reason.code));
        assert!(REASONS.windows(2).all(|pair| pair[0].code != pair[1].code));
    }
}
