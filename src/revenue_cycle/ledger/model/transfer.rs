//! One movement of money, and the pairs of accounts that each kind of it may join (the table of domain.md 5.2).

use super::account::{Account, Bucket, Family, PayerOrder};
use crate::platform::ids::{ChargeLineId, FamilyId, PayerId};
use crate::platform::money::Money;
use crate::reference::plb;

coded! {
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
    pub(in crate::revenue_cycle::ledger) fn stored(kind: TransferKind, debit: Account, credit: Account, amount: Money) -> Transfer {
        Transfer { kind, debit, credit, amount, family: None, line: None, payer: None, adjustment: None, segment: None }
    }
}
