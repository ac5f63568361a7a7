//! Whose stock a dose came from, against whom it was meant for; and what may be charged for it (PED-21).

use super::eligibility::{Entitlement, entitlement};
use crate::pediatrics::{Age, Rule};
use crate::platform::money::Money;
use crate::reference::vaccine::{Funding, VfcEligibility};

/// Public stock and money.
pub const PED_21: Rule = Rule::new(
    "PED-21",
    "42 USC 1396s, by CDC",
    "A dose from public stock is free: charged at zero, or at a cent where a payer refuses zero. Public stock on a child without entitlement, or private stock on an entitled child, is a loan that must be recorded and paid back in kind.",
);

/// A dose whose stock does not fit its eligibility (E045, VFC_STOCK_MISMATCH).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Mismatch {
    /// Public stock on a child who is not entitled to it.
    #[error("a dose from public stock was given to a child who is not entitled to it")]
    PublicStockNotEntitled,
    /// Private stock on a child entitled to public stock.
    #[error("a dose from the practice's own stock was given to a child entitled to public stock")]
    PrivateStockEntitled,
}

/// One entry for the borrowing log that would set a mismatch right: the dose is owed, in kind, by the stock that should have given it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Borrowing {
    /// The stock that gave the dose and gets one back.
    pub lender: Funding,
    /// The stock that should have given it.
    pub borrower: Funding,
}

/// Compares the stock of a dose with its eligibility. `Ok` where they fit, and where V06 tells nothing. The state's stock fits every
/// entitlement of its own and of the federal program: universal states give one stock to all.
pub fn check(age: Age, eligibility: VfcEligibility, stock: Funding) -> Result<(), (Mismatch, Borrowing)> {
    let owed_by = match (entitlement(eligibility, age), stock) {
        (None, _)
        | (Some(Entitlement::Private), Funding::Private)
        | (Some(Entitlement::Federal), Funding::Vfc | Funding::State)
        | (Some(Entitlement::State), Funding::State) => return Ok(()),
        (Some(Entitlement::Private), Funding::Vfc | Funding::State) => Funding::Private,
        (Some(Entitlement::Federal), Funding::Private) => Funding::Vfc,
        (Some(Entitlement::State), Funding::Private | Funding::Vfc) => Funding::State,
    };
    let mismatch = if stock == Funding::Private { Mismatch::PrivateStockEntitled } else { Mismatch::PublicStockNotEntitled };
    Err((mismatch, Borrowing { lender: stock, borrower: owed_by }))
}

/// What a free product is charged at: zero, or one cent at a payer that refuses zero. The cent is posted and adjusted away as
/// nominal; it is never revenue.
#[must_use]
pub fn free_charge(zero_allowed: bool) -> Money {
    if zero_allowed { Money::ZERO } else { Money::from_cents(1) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Funding::{Private, State, Vfc};
    use VfcEligibility::{V01, V02, V03, V06, V07};

    fn years(years: u16) -> Age {
        Age { years, months: u32::from(years) * 12, days: u32::from(years) * 366 }
    }

    #[test]
    fn ped_21_stock_and_eligibility_must_fit_and_a_mismatch_is_a_loan() {
        let check = |eligibility, stock| check(years(4), eligibility, stock).err();
        for (eligibility, stock) in [(V01, Private), (V02, Vfc), (V02, State), (V07, State), (V06, Vfc), (V06, Private)] {
            assert_eq!(check(eligibility, stock), None, "{eligibility:?} {stock:?}");
        }
        assert_eq!(check(V01, Vfc), Some((Mismatch::PublicStockNotEntitled, Borrowing { lender: Vfc, borrower: Private })));
        assert_eq!(check(V03, Private), Some((Mismatch::PrivateStockEntitled, Borrowing { lender: Private, borrower: Vfc })));
        assert_eq!(check(V07, Vfc), Some((Mismatch::PublicStockNotEntitled, Borrowing { lender: Vfc, borrower: State })));
        assert_eq!(check(V07, Private), Some((Mismatch::PrivateStockEntitled, Borrowing { lender: Private, borrower: State })));
    }

    #[test]
    fn ped_21_public_stock_at_19_is_a_mismatch_whatever_was_recorded() {
        assert_eq!(check(years(19), V02, Vfc), Err((Mismatch::PublicStockNotEntitled, Borrowing { lender: Vfc, borrower: Private })));
    }

    #[test]
    fn ped_21_a_free_product_costs_nothing_or_a_cent() {
        assert_eq!((free_charge(true).cents(), free_charge(false).cents()), (0, 1));
    }
}
