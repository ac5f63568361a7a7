//! Accounts, transfers and journals (domain.md 5.1, 5.2). A [`Transfer`] can only be made by a constructor that knows its accounts, so
//! that a pair of accounts that the rules don't allow can't be written down.

mod account;
mod journal;
mod transfer;

pub use account::{Account, Bucket, Family, PayerOrder};
pub use journal::{Journal, JournalKind, References};
pub use transfer::{Transfer, TransferKind};

#[cfg(test)]
mod tests {
    use super::account::PLAIN_ACCOUNTS;
    use super::*;
    use crate::platform::money::Money;

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
