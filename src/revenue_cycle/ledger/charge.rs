//! The charges of a visit as one journal.

use jiff::civil::Date;

use super::model::{Bucket, Journal, JournalKind, PayerOrder, References, Transfer};
use crate::platform::ids::{ChargeLineId, EncounterId, FamilyId, PayerId};
use crate::platform::money::Money;

/// The journal that charges a visit: each line is owed by the first payer, or by the family when there is none (domain.md 5.2, CHARGE).
/// Lines of zero, such as free vaccine, move nothing; a visit without money gives no journal. The effect key is the visit's: a visit is
/// charged once.
#[must_use]
pub fn charge_journal(
    encounter: EncounterId,
    family: FamilyId,
    service_date: Date,
    first_payer: Option<PayerId>,
    lines: &[(ChargeLineId, Money)],
) -> Option<Journal> {
    let owed_by = if first_payer.is_some() { Bucket::Insurance(PayerOrder::PRIMARY) } else { Bucket::Patient };
    let transfers: Vec<Transfer> =
        lines.iter().filter_map(|(line, amount)| Some(Transfer::charge(owed_by, *amount)?.about(family, *line, first_payer))).collect();
    (!transfers.is_empty()).then(|| Journal {
        kind: JournalKind::Charges,
        effect_key: format!("charges:{encounter}"),
        effective: service_date,
        reason: "charges of the visit".to_owned(),
        references: References { encounter: Some(encounter), ..References::default() },
        reverses: None,
        transfers,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::revenue_cycle::ledger::model::Account;

    #[test]
    fn each_line_with_money_is_owed_by_the_first_payer_or_else_by_the_family() {
        let lines =
            [(ChargeLineId(1), Money::from_cents(18_000)), (ChargeLineId(2), Money::ZERO), (ChargeLineId(3), Money::from_cents(3_500))];
        let day = jiff::civil::date(2026, 11, 16);
        for (payer, owed_by) in [(Some(PayerId(9)), Bucket::Insurance(PayerOrder::PRIMARY)), (None, Bucket::Patient)] {
            let journal = charge_journal(EncounterId(5), FamilyId(7), day, payer, &lines).unwrap();
            assert_eq!(journal.change(Account::Receivable(owed_by)), Money::from_cents(21_500));
            assert_eq!(journal.change(Account::Revenue), Money::from_cents(-21_500));
            assert_eq!((journal.transfers.len(), journal.effective), (2, day));
        }
        assert_eq!(charge_journal(EncounterId(5), FamilyId(7), day, None, &lines[1..2]), None);
    }
}
