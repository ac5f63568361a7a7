//! Accounts, transfers and journals (domain.md 5.1, 5.2). A [`Transfer`] can only be made by a constructor that knows its accounts, so
//! that a pair of accounts that the rules don't allow can't be written down.

use std::fmt;

use jiff::civil::Date;

use crate::platform::ids::{ChargeLineId, ClaimId, EncounterId, FamilyId, PayerId, RemittanceClaimId, RemittanceId};
use crate::platform::money::Money;
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

/// Declares an enum of words with their text in the database.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$word_doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$word_doc])* $variant,)*
        }

        impl $name {
            /// Every one.
            pub const ALL: &'static [$name] = &[$($name::$variant),*];

            /// As the database keeps it.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self {
                    $($name::$variant => $word,)*
                }
            }

            /// Reads it back.
            #[must_use]
            pub fn from_code(code: &str) -> Option<$name> {
                match code {
                    $($word => Some($name::$variant),)*
                    _ => None,
                }
            }
        }
    };
}

words! {
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
const PLAIN_ACCOUNTS: &[(&str, Account)] = &[
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

words! {
    /// What a transfer is (the table of domain.md 5.2).
    TransferKind {
        /// A charge.
        Charge = "CHARGE",
        /// A charge taken back.
        ChargeVoid = "CHARGE_VOID",
        /// A payment announced by a remittance (BPR02).
        Remittance = "REMITTANCE",
        /// A payment seen at the bank.
        Deposit = "DEPOSIT",
        /// A payer's payment of a line.
        InsPayment = "INS_PAYMENT",
        /// A payer's payment taken back.
        Takeback = "TAKEBACK",
        /// A write-off by contract.
        AdjContractual = "ADJ_CONTRACTUAL",
        /// A write-off of a denial.
        AdjDenialWriteoff = "ADJ_DENIAL_WRITEOFF",
        /// Any other write-off, by family.
        AdjOther = "ADJ_OTHER",
        /// Responsibility moves from one bucket to another.
        Transfer = "TRANSFER",
        /// A family's payment.
        PatPayment = "PAT_PAYMENT",
        /// Unapplied money of a family pays a line.
        Apply = "APPLY",
        /// A line's payment by the family becomes unapplied again.
        Unapply = "UNAPPLY",
        /// A family's payment that the bank returned.
        Nsf = "NSF",
        /// A refund to a family.
        RefundPatient = "REFUND_PATIENT",
        /// A refund to a payer.
        RefundPayer = "REFUND_PAYER",
        /// A refund to a payer meets the line it is for.
        RefundApply = "REFUND_APPLY",
        /// Payments of a remittance before (and less those after) they are posted to lines.
        UnpostedCash = "UNPOSTED_CASH",
        /// A provider adjustment of a remittance.
        Plb = "PLB",
        /// A takeback without reversal meets the line it is for.
        PlbApply = "PLB_APPLY",
        /// Withheld by contract (CARC 104).
        Withhold = "WITHHOLD",
        /// A written-off debt was paid after all.
        BadDebtRecovery = "BAD_DEBT_RECOVERY",
    }
}

/// One movement of money: debits equal credits because it is one row. The amount is above zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    kind: TransferKind,
    debit: Account,
    credit: Account,
    amount: Money,
    /// Whose money it is, where it is a family's.
    pub family: Option<FamilyId>,
    /// The charge line it is about.
    pub line: Option<ChargeLineId>,
    /// The payer it is from.
    pub payer: Option<PayerId>,
    /// The adjustment behind it: `CO-45`, a PLB code, or our own reason.
    pub adjustment: Option<String>,
    /// The segment of the remittance's file behind it.
    pub segment: Option<u32>,
}

/// Constructors take a signed amount: below zero the accounts change sides (and the kind becomes its opposite where it has one of its own
/// name), zero gives no transfer.
impl Transfer {
    fn signed(kind: TransferKind, opposite: TransferKind, debit: Account, credit: Account, amount: Money) -> Option<Transfer> {
        if amount.is_zero() {
            return None;
        }
        let (kind, debit, credit) = if amount.is_negative() { (opposite, credit, debit) } else { (kind, debit, credit) };
        Some(Transfer { kind, debit, credit, amount: amount.abs(), family: None, line: None, payer: None, adjustment: None, segment: None })
    }

    /// A charge, owed by the first payer or by the family; below zero a void.
    #[must_use]
    pub fn charge(owed_by: Bucket, amount: Money) -> Option<Transfer> {
        Transfer::signed(TransferKind::Charge, TransferKind::ChargeVoid, Account::Receivable(owed_by), Account::Revenue, amount)
    }

    /// A payment announced by a remittance.
    #[must_use]
    pub fn remittance(amount: Money) -> Option<Transfer> {
        let kind = TransferKind::Remittance;
        Transfer::signed(kind, kind, Account::EftReceivable, Account::RemittanceClearing, amount)
    }

    /// A remittance's payment seen at the bank.
    #[must_use]
    pub fn deposit(amount: Money) -> Option<Transfer> {
        Transfer::signed(TransferKind::Deposit, TransferKind::Deposit, Account::Bank, Account::EftReceivable, amount)
    }

    /// A payer's payment of a line; below zero a takeback.
    #[must_use]
    pub fn insurance_payment(payer: PayerOrder, amount: Money) -> Option<Transfer> {
        let bucket = Account::Receivable(Bucket::Insurance(payer));
        Transfer::signed(TransferKind::InsPayment, TransferKind::Takeback, Account::RemittanceClearing, bucket, amount)
    }

    /// A write-off, from a bucket to a family of contra-revenue; below zero its reversal.
    #[must_use]
    pub fn write_off(family: Family, from: Bucket, amount: Money) -> Option<Transfer> {
        let kind = match family {
            Family::Contractual => TransferKind::AdjContractual,
            Family::DenialWriteoff => TransferKind::AdjDenialWriteoff,
            _ => TransferKind::AdjOther,
        };
        Transfer::signed(kind, kind, Account::Contra(family), Account::Receivable(from), amount)
    }

    /// Responsibility moves from one bucket to another; none when they are the same.
    #[must_use]
    pub fn responsibility(from: Bucket, to: Bucket, amount: Money) -> Option<Transfer> {
        let kind = TransferKind::Transfer;
        Transfer::signed(kind, kind, Account::Receivable(to), Account::Receivable(from), amount).filter(|_| from != to)
    }

    /// A family's payment that waits to be applied.
    #[must_use]
    pub fn patient_payment(amount: Money) -> Option<Transfer> {
        Transfer::signed(TransferKind::PatPayment, TransferKind::Nsf, Account::Cash, Account::Unapplied, amount)
    }

    /// A family's unapplied money pays a line; below zero the line's payment becomes unapplied again.
    #[must_use]
    pub fn apply(amount: Money) -> Option<Transfer> {
        let bucket = Account::Receivable(Bucket::Patient);
        Transfer::signed(TransferKind::Apply, TransferKind::Unapply, Account::Unapplied, bucket, amount)
    }

    /// A refund to a family.
    #[must_use]
    pub fn refund_patient(amount: Money) -> Option<Transfer> {
        let kind = TransferKind::RefundPatient;
        Transfer::signed(kind, kind, Account::Unapplied, Account::Cash, amount)
    }

    /// A refund to a payer.
    #[must_use]
    pub fn refund_payer(amount: Money) -> Option<Transfer> {
        let kind = TransferKind::RefundPayer;
        Transfer::signed(kind, kind, Account::PayerRefundClearing, Account::Cash, amount)
    }

    /// A refund to a payer for which no reversal is expected meets its line.
    #[must_use]
    pub fn refund_apply(payer: PayerOrder, amount: Money) -> Option<Transfer> {
        let kind = TransferKind::RefundApply;
        Transfer::signed(kind, kind, Account::Receivable(Bucket::Insurance(payer)), Account::PayerRefundClearing, amount)
    }

    /// Payments of a remittance that are not posted to lines yet; below zero when they are posted (or when they were negative).
    #[must_use]
    pub fn unposted_cash(amount: Money) -> Option<Transfer> {
        let kind = TransferKind::UnpostedCash;
        Transfer::signed(kind, kind, Account::RemittanceClearing, Account::UnpostedCash, amount)
    }

    /// A provider adjustment: positive amounts reduced the payment (domain.md 2.4).
    #[must_use]
    pub fn provider_adjustment(account: plb::Account, amount: Money) -> Option<Transfer> {
        Transfer::signed(TransferKind::Plb, TransferKind::Plb, Account::of_plb(account), Account::RemittanceClearing, amount)
    }

    /// A takeback without reversal, reviewed, meets its line.
    #[must_use]
    pub fn plb_apply(payer: PayerOrder, amount: Money) -> Option<Transfer> {
        let kind = TransferKind::PlbApply;
        Transfer::signed(kind, kind, Account::Receivable(Bucket::Insurance(payer)), Account::TakebackClearing, amount)
    }

    /// Withheld by contract.
    #[must_use]
    pub fn withhold(payer: PayerOrder, amount: Money) -> Option<Transfer> {
        let kind = TransferKind::Withhold;
        Transfer::signed(kind, kind, Account::WithholdReceivable, Account::Receivable(Bucket::Insurance(payer)), amount)
    }

    /// A written-off debt was paid after all.
    #[must_use]
    pub fn bad_debt_recovery(amount: Money) -> Option<Transfer> {
        let kind = TransferKind::BadDebtRecovery;
        Transfer::signed(kind, kind, Account::Cash, Account::Contra(Family::BadDebt), amount)
    }

    /// The same transfer, about a family's charge line, with the payer it comes from.
    #[must_use]
    pub fn about(self, family: FamilyId, line: ChargeLineId, payer: Option<PayerId>) -> Transfer {
        Transfer { family: Some(family), line: Some(line), payer, ..self }
    }

    /// The same transfer, with the payer it comes from and no charge line.
    #[must_use]
    pub fn from_payer(self, payer: Option<PayerId>) -> Transfer {
        Transfer { payer, ..self }
    }

    /// The same transfer, caused by an adjustment, if it is one, at a segment of a remittance's file.
    #[must_use]
    pub fn caused_by(self, adjustment: Option<&str>, segment: u32) -> Transfer {
        Transfer { adjustment: adjustment.map(str::to_owned), segment: Some(segment), ..self }
    }

    /// The same transfer with its sides changed: payments become takebacks, charges voids, and so back; every other kind keeps its name.
    #[must_use]
    pub fn negated(&self) -> Transfer {
        use TransferKind::{Apply, Charge, ChargeVoid, InsPayment, Nsf, PatPayment, Takeback, Unapply};
        let kind = match self.kind {
            Charge => ChargeVoid,
            ChargeVoid => Charge,
            InsPayment => Takeback,
            Takeback => InsPayment,
            Apply => Unapply,
            Unapply => Apply,
            PatPayment => Nsf,
            Nsf => PatPayment,
            same => same,
        };
        Transfer { kind, debit: self.credit, credit: self.debit, ..self.clone() }
    }

    /// What it is.
    #[must_use]
    pub fn kind(&self) -> TransferKind {
        self.kind
    }

    /// The account that gains.
    #[must_use]
    pub fn debit(&self) -> Account {
        self.debit
    }

    /// The account that gives.
    #[must_use]
    pub fn credit(&self) -> Account {
        self.credit
    }

    /// How much; above zero.
    #[must_use]
    pub fn amount(&self) -> Money {
        self.amount
    }

    /// The change of each of its two accounts: debits less credits.
    #[must_use]
    pub fn changes(&self) -> [(Account, Money); 2] {
        [(self.debit, self.amount), (self.credit, -self.amount)]
    }

    /// A transfer as the database has it; only the store reads those.
    pub(super) fn stored(kind: TransferKind, debit: Account, credit: Account, amount: Money) -> Transfer {
        Transfer { kind, debit, credit, amount, family: None, line: None, payer: None, adjustment: None, segment: None }
    }
}

words! {
    /// What an act in the ledger is.
    JournalKind {
        /// The charges of a visit.
        Charges = "CHARGES",
        /// The cash of a remittance: payment, provider adjustments, payments not posted yet.
        Remittance = "REMITTANCE",
        /// One remittance claim posted to its lines.
        Posting = "POSTING",
        /// One reversal of a remittance (CLP02 22).
        Reversal = "REVERSAL",
        /// A decision of a person: write-off, transfer, application, refund.
        Manual = "MANUAL",
        /// A correction of a journal by its negation.
        Correction = "CORRECTION",
    }
}

/// What an act is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct References {
    /// The visit.
    pub encounter: Option<EncounterId>,
    /// The claim.
    pub claim: Option<ClaimId>,
    /// The remittance.
    pub remittance: Option<RemittanceId>,
    /// The CLP of the remittance.
    pub remittance_claim: Option<RemittanceClaimId>,
    /// The segment of the remittance's file.
    pub segment: Option<u32>,
}

/// One act in the ledger: transfers that stand or fall together.
#[derive(Clone, Debug, PartialEq)]
pub struct Journal {
    /// What it is.
    pub kind: JournalKind,
    /// The name of the effect within the practice: a journal with a key that exists is not posted again.
    pub effect_key: String,
    /// The business date: of service for charges, of payment (BPR16) for remittances.
    pub effective: Date,
    /// Why, in a few words without PHI.
    pub reason: String,
    /// What it is about.
    pub references: References,
    /// The effect key of the journal that it reverses.
    pub reverses: Option<String>,
    /// The movements; a journal without any is not posted.
    pub transfers: Vec<Transfer>,
}

impl Journal {
    /// The journal that undoes this one exactly: every transfer negated, in the same order.
    #[must_use]
    pub fn negation(&self, effect_key: String, effective: Date, reason: String) -> Journal {
        Journal {
            kind: JournalKind::Correction,
            effect_key,
            effective,
            reason,
            references: self.references,
            reverses: Some(self.effect_key.clone()),
            transfers: self.transfers.iter().map(Transfer::negated).collect(),
        }
    }

    /// The change of an account by this journal: debits less credits.
    #[must_use]
    pub fn change(&self, account: Account) -> Money {
        self.transfers.iter().flat_map(Transfer::changes).filter(|(changed, _)| *changed == account).map(|(_, amount)| amount).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every_account() -> Vec<Account> {
        let orders: Vec<PayerOrder> = (1..=11).filter_map(PayerOrder::new).collect();
        let mut all: Vec<Account> = PLAIN_ACCOUNTS.iter().map(|(_, account)| *account).collect();
        all.extend(Family::ALL.iter().map(|family| Account::Contra(*family)));
        all.extend(orders.iter().flat_map(|o| [Bucket::Insurance(*o), Bucket::Denied(*o)]).map(Account::Receivable));
        all.push(Account::Receivable(Bucket::Patient));
        all
    }

    #[test]
    fn every_account_reads_back_from_its_text() {
        for account in every_account() {
            assert_eq!(Account::from_code(&account.to_string()), Some(account), "{account}");
        }
        for junk in ["", "AR:", "AR:INS0", "AR:INS12", "AR:INS1:", "CONTRA:", "?", "ar:patient"] {
            assert_eq!(Account::from_code(junk), None, "{junk}");
        }
    }

    #[test]
    fn the_order_of_payers_follows_sbr01() {
        let ranks: Vec<u8> =
            ["P", "S", "T", "A", "H"].iter().filter_map(|c| PayerOrder::from_responsibility(c)).map(PayerOrder::rank).collect();
        assert_eq!(ranks, [1, 2, 3, 4, 11]);
        assert_eq!((PayerOrder::from_responsibility("U"), PayerOrder::new(0), PayerOrder::new(12)), (None, None, None));
    }

    #[test]
    fn a_negative_payment_is_a_takeback_and_nothing_is_no_transfer() {
        let taken = Transfer::insurance_payment(PayerOrder::PRIMARY, Money::from_cents(-500)).unwrap();
        assert_eq!(
            (taken.kind(), taken.credit(), taken.amount()),
            (TransferKind::Takeback, Account::RemittanceClearing, Money::from_cents(500))
        );
        assert_eq!(Transfer::insurance_payment(PayerOrder::PRIMARY, Money::ZERO), None);
        assert_eq!(Transfer::responsibility(Bucket::Patient, Bucket::Patient, Money::from_cents(1)), None);
    }

    #[test]
    fn a_negation_changes_every_account_by_the_opposite_and_twice_is_the_same() {
        let order = PayerOrder::PRIMARY;
        let transfers: Vec<Transfer> = [
            Transfer::charge(Bucket::Insurance(order), Money::from_cents(100)),
            Transfer::insurance_payment(order, Money::from_cents(70)),
            Transfer::write_off(Family::Contractual, Bucket::Insurance(order), Money::from_cents(20)),
            Transfer::responsibility(Bucket::Insurance(order), Bucket::Patient, Money::from_cents(10)),
            Transfer::apply(Money::from_cents(10)),
            Transfer::patient_payment(Money::from_cents(10)),
            Transfer::withhold(order, Money::from_cents(3)),
        ]
        .into_iter()
        .flatten()
        .collect();
        let day = jiff::civil::date(2026, 11, 16);
        let journal = Journal {
            kind: JournalKind::Posting,
            effect_key: "a".to_owned(),
            effective: day,
            reason: String::new(),
            references: References::default(),
            reverses: None,
            transfers,
        };
        let back = journal.negation("b".to_owned(), day, String::new());
        for account in every_account() {
            assert_eq!(journal.change(account) + back.change(account), Money::ZERO, "{account}");
        }
        assert_eq!(back.transfers.iter().map(Transfer::negated).collect::<Vec<_>>(), journal.transfers);
        assert_eq!(back.reverses.as_deref(), Some("a"));
    }
}
