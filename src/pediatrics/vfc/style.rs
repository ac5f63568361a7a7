//! How payers and states want public stock billed: six styles as data (PED-22). The lines of a day in a style: [`super::super::vaccine_lines`].

use crate::pediatrics::Rule;
use crate::pediatrics::immunization_administration::Style as Codes;
use crate::reference::Modifier;

/// Billing styles.
pub const PED_22: Rule = Rule::new(
    "PED-22",
    "Arizona, Washington, Ohio, California, North Carolina Medicaid; managed-care plans",
    "Doses from public stock are billed in the payer's style: which lines, which modifiers, which administration codes, and which line carries the fee.",
);

/// A style, as the payer's rules name it. Examples stand for the first who wanted it, not for all who do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Style {
    /// Product with SL at zero, 90460 with SL, no 90461: a fee for each injection (a plan of Arizona's Medicaid).
    A,
    /// Product with SL at zero, administration by 90471 to 90474 (Washington since July 2024).
    B,
    /// The product line carries the administration fee, no administration line (Ohio).
    C,
    /// The product line includes the administration (California).
    D,
    /// Product at zero, EP on 90471 to 90474, 90460 not accepted (North Carolina).
    E,
    /// Administration only, no product line (some managed-care plans).
    F,
}

/// What a line of a style is charged at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Charge {
    /// The practice's fee for the code.
    Fee,
    /// Nothing: [`super::stock::free_charge`].
    Free,
    /// The practice's fee for the administration, on a product line: revenue of administration, not of product.
    AdministrationFee,
}

/// What a style says about one kind of line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineSheet {
    /// The modifier that must stand on it.
    pub modifier: Option<Modifier>,
    /// A modifier that may stand on it, and is not proposed.
    pub tolerated: Option<Modifier>,
    /// What it is charged at.
    pub charge: Charge,
}

/// What a style says in full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// The product line; `None`: there must be none.
    pub product: Option<LineSheet>,
    /// The administration line; `None`: there must be none.
    pub administration: Option<LineSheet>,
    /// Whether 90460 is accepted.
    pub counselled_codes: bool,
    /// Whether 90461 is paid.
    pub further_components: bool,
}

const fn line(modifier: Option<Modifier>, tolerated: Option<Modifier>, charge: Charge) -> Option<LineSheet> {
    Some(LineSheet { modifier, tolerated, charge })
}

const SL: Option<Modifier> = Some(Modifier::SL);
const EP: Option<Modifier> = Some(Modifier::EP);

impl Style {
    /// All styles.
    pub const ALL: [Style; 6] = [Style::A, Style::B, Style::C, Style::D, Style::E, Style::F];

    /// What the style says.
    #[must_use]
    pub const fn sheet(self) -> Sheet {
        use Charge::{AdministrationFee, Fee, Free};
        let (product, administration, counselled_codes, further_components) = match self {
            Style::A => (line(SL, None, Free), line(SL, None, Fee), true, false),
            Style::B => (line(SL, None, Free), line(None, SL, Fee), false, false),
            Style::C | Style::D => (line(None, SL, AdministrationFee), None, false, false),
            Style::E => (line(None, SL, Free), line(EP, None, Fee), false, false),
            Style::F => (None, line(None, SL, Fee), true, true),
        };
        Sheet { product, administration, counselled_codes, further_components }
    }

    /// Which administration codes the style takes, otherwise as the payer takes them for its private doses.
    #[must_use]
    pub const fn codes(self, private: Codes) -> Codes {
        let sheet = self.sheet();
        Codes {
            lines: private.lines,
            counselled_codes: private.counselled_codes && sheet.counselled_codes,
            further_components: private.further_components && sheet.further_components,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ped_22_every_style_has_a_line_that_carries_the_fee() {
        for style in Style::ALL {
            let sheet = style.sheet();
            let paid = |line: Option<LineSheet>| line.is_some_and(|line| line.charge != Charge::Free);
            assert!(paid(sheet.product) != paid(sheet.administration), "{style:?}");
        }
    }

    #[test]
    fn ped_22_and_ped_14_say_the_same_about_missing_lines() {
        let styles = |which: fn(&Sheet) -> bool| Style::ALL.into_iter().filter(|style| which(&style.sheet())).collect::<Vec<_>>();
        assert_eq!(styles(|sheet| sheet.administration.is_none()), [Style::C, Style::D]);
        assert_eq!(styles(|sheet| sheet.product.is_none()), [Style::F]);
        assert_eq!(styles(|sheet| sheet.administration.is_some() && !sheet.counselled_codes), [Style::B, Style::E]);
        assert_eq!(styles(|sheet| sheet.counselled_codes && !sheet.further_components), [Style::A]);
    }
}
