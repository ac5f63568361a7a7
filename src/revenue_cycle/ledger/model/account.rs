//! The accounts of the ledger, and the buckets of what is owed.

use std::fmt;

use crate::reference::plb;

/// A payer's place in the order of benefits: 1 is primary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PayerOrder(u8);

/// The codes of SBR01 in their order (domain.md 1.4).
const RESPONSIBILITIES: &[&str] = &["P", "S", "T", "A", "B", "C", "D", "E", "F", "G", "H"];

impl PayerOrder {
    /// The payer that pays first.
    pub const PRIMARY: PayerOrder = PayerOrder(1);

    /// From a rank that counts from 1; none past the eleven places that a claim can name.
    #[must_use]
    pub fn new(rank: i64) -> Option<PayerOrder> {
        u8::try_from(rank).ok().filter(|rank| (1..=RESPONSIBILITIES.len()).contains(&usize::from(*rank))).map(PayerOrder)
    }

    /// From SBR01: `P` is 1, `S` 2, `T` 3, `A` to `H` 4 to 11.
    #[must_use]
    pub fn from_responsibility(code: &str) -> Option<PayerOrder> {
        (1_u8..).zip(RESPONSIBILITIES).find(|(_, known)| **known == code).map(|(rank, _)| PayerOrder(rank))
    }

    /// The rank, from 1.
    #[must_use]
    pub fn rank(self) -> u8 {
        self.0
    }
}

/// Who owes a charge: the parts of a line's balance (domain.md 5.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bucket {
    /// A payer that has not decided yet.
    Insurance(PayerOrder),
    /// A payer that refused, until a person or a rule decides.
    Denied(PayerOrder),
    /// The family.
    Patient,
}

coded! {
    /// Families of contra-revenue: why charges were given up.
    Family {
        /// The contract with the payer.
        Contractual = "CONTRACTUAL",
        /// A denial that nobody pursues.
        DenialWriteoff = "DENIAL_WRITEOFF",
        /// Too small to collect.
        SmallBalance = "SMALL_BALANCE",
        /// A courtesy of the practice.
        Courtesy = "COURTESY",
        /// Charity care.
        Charity = "CHARITY",
        /// The family will not pay.
        BadDebt = "BAD_DEBT",
        /// Filed too late.
        TimelyFiling = "TIMELY_FILING",
        /// The cent that stands for a free vaccine where a payer refuses zero (domain.md PED-21).
        VfcNominal = "VFC_NOMINAL",
    }
}

/// An account of the ledger. Balances are debits less credits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Account {
    /// What is owed for charges.
    Receivable(Bucket),
    /// Money of a family that no charge was paid with yet.
    Unapplied,
    /// Gross charges.
    Revenue,
    /// Charges given up.
    Contra(Family),
    /// Payments announced by remittances, on their way to the bank.
    EftReceivable,
    /// The bank.
    Bank,
    /// Cash, cards and checks of families, before the bank has them.
    Cash,
    /// Where a remittance is taken apart: zero for each remittance at every commit.
    RemittanceClearing,
    /// Payments that no charge was paid with yet, by remittance claim.
    UnpostedCash,
    /// Money that payers took back and nobody has applied yet.
    TakebackClearing,
    /// Balances that a payer carries to its next remittance.
    ForwardBalance,
    /// Refunds to payers that they have not acknowledged.
    PayerRefundClearing,
    /// Provider adjustments that a person must place.
    PlbClearing,
    /// Advances of payers, owed until recovered.
    Advances,
    /// Taken for tax authorities and courts.
    Garnishment,
    /// Payments that were reported and not made.
    PaymentContra,
    /// Money withheld by contract, to be paid later.
    WithholdReceivable,
    /// Interest for late payment.
    InterestIncome,
    /// Capitation.
    CapitationIncome,
    /// Bonuses and incentives.
    IncentiveIncome,
    /// Penalties and late charges.
    PenaltyExpense,
}

impl Account {
    /// The account that a provider adjustment moves (domain.md 2.4).
    #[must_use]
    pub fn of_plb(account: plb::Account) -> Account {
        match account {
            plb::Account::TakebackClearing => Account::TakebackClearing,
            plb::Account::ForwardBalance => Account::ForwardBalance,
            plb::Account::PayerRefundClearing => Account::PayerRefundClearing,
            plb::Account::InterestIncome => Account::InterestIncome,
            plb::Account::PenaltyExpense => Account::PenaltyExpense,
            plb::Account::CapitationRevenue => Account::CapitationIncome,
            plb::Account::WithholdReceivable => Account::WithholdReceivable,
            plb::Account::IncentiveRevenue => Account::IncentiveIncome,
            plb::Account::AdvanceLiability => Account::Advances,
            plb::Account::Garnishment => Account::Garnishment,
            plb::Account::PaymentContra => Account::PaymentContra,
            plb::Account::Clearing => Account::PlbClearing,
        }
    }

    /// The part of a line's or a family's balance that the account is; none for the practice's own accounts.
    #[must_use]
    pub fn bucket(self) -> Option<Bucket> {
        match self {
            Account::Receivable(bucket) => Some(bucket),
            _ => None,
        }
    }

    /// Reads the text form back.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Account> {
        if let Some(family) = code.strip_prefix("CONTRA:") {
            return Family::from_code(family).map(Account::Contra);
        }
        if let Some(bucket) = code.strip_prefix("AR:") {
            return Bucket::from_code(bucket).map(Account::Receivable);
        }
        PLAIN_ACCOUNTS.iter().find(|(known, _)| *known == code).map(|(_, account)| *account)
    }
}

/// The accounts whose text is one word.
pub(super) const PLAIN_ACCOUNTS: &[(&str, Account)] = &[
    ("UNAPPLIED", Account::Unapplied),
    ("REVENUE", Account::Revenue),
    ("EFT_RECEIVABLE", Account::EftReceivable),
    ("BANK", Account::Bank),
    ("CASH", Account::Cash),
    ("REMITTANCE_CLEARING", Account::RemittanceClearing),
    ("UNPOSTED_CASH", Account::UnpostedCash),
    ("TAKEBACK_CLEARING", Account::TakebackClearing),
    ("FORWARD_BALANCE", Account::ForwardBalance),
    ("PAYER_REFUND_CLEARING", Account::PayerRefundClearing),
    ("PLB_CLEARING", Account::PlbClearing),
    ("ADVANCES", Account::Advances),
    ("GARNISHMENT", Account::Garnishment),
    ("PAYMENT_CONTRA", Account::PaymentContra),
    ("WITHHOLD_RECEIVABLE", Account::WithholdReceivable),
    ("INTEREST_INCOME", Account::InterestIncome),
    ("CAPITATION_INCOME", Account::CapitationIncome),
    ("INCENTIVE_INCOME", Account::IncentiveIncome),
    ("PENALTY_EXPENSE", Account::PenaltyExpense),
];

impl Bucket {
    fn from_code(code: &str) -> Option<Bucket> {
        if code == "PATIENT" {
            return Some(Bucket::Patient);
        }
        let rest = code.strip_prefix("INS")?;
        let (rank, denied) = rest.strip_suffix(":DENIED").map_or((rest, false), |rank| (rank, true));
        let order = PayerOrder::new(rank.parse().ok()?)?;
        Some(if denied { Bucket::Denied(order) } else { Bucket::Insurance(order) })
    }
}

/// `INS1`, `INS1:DENIED`, `PATIENT`.
impl fmt::Display for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Bucket::Insurance(order) => write!(f, "INS{}", order.0),
            Bucket::Denied(order) => write!(f, "INS{}:DENIED", order.0),
            Bucket::Patient => f.write_str("PATIENT"),
        }
    }
}

/// The text that the database keeps: `AR:INS1`, `CONTRA:CONTRACTUAL`, `UNPOSTED_CASH`.
impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Account::Receivable(bucket) => write!(f, "AR:{bucket}"),
            Account::Contra(family) => write!(f, "CONTRA:{}", family.code()),
            plain => f.write_str(PLAIN_ACCOUNTS.iter().find(|(_, account)| account == plain).map_or("?", |(code, _)| code)),
        }
    }
}
