//! How payers and states want public stock billed: six styles as data (PED-22). The lines of a day in a style:
//! [`vaccine_lines`](crate::pediatrics::vaccine_lines).

use super::stock::free_charge;
use crate::pediatrics::Rule;
use crate::pediatrics::immunization_administration::Style as Codes;
use crate::platform::money::Money;
use crate::reference::{Modifier, ProcedureCode};

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

/// Whether SL stands on the administration of public stock too, whatever the style says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SlOnAdministration {
    /// As the style has it.
    #[default]
    ByStyle,
    /// On every such line.
    Always,
    /// On none.
    Never,
}

/// What a line of a style is charged at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Charge {
    /// The practice's fee for the code.
    Fee,
    /// Nothing: [`free_charge`].
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

    /// What the style says about the administration line, after the payer's word on SL; `None`: there must be none.
    #[must_use]
    pub fn administration(self, sl: SlOnAdministration) -> Option<LineSheet> {
        let line = self.sheet().administration?;
        let without = |modifier: Option<Modifier>| modifier.filter(|modifier| *modifier != Modifier::SL);
        Some(match sl {
            SlOnAdministration::ByStyle => line,
            SlOnAdministration::Always => LineSheet { modifier: SL, ..line },
            SlOnAdministration::Never => LineSheet { modifier: without(line.modifier), tolerated: without(line.tolerated), ..line },
        })
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

/// A line of a dose from public stock, as billed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The product.
    Product,
    /// An administration, with its code.
    Administration(ProcedureCode),
}

/// What is wrong with a line of public stock in a style (E046).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The style has no such line.
    #[error("the payer wants no product line for public stock")]
    NoProductLine,
    /// The style has no such line.
    #[error("the payer wants no administration line for public stock")]
    NoAdministrationLine,
    /// A modifier that the style demands is missing.
    #[error("the payer wants modifier {0} on this line")]
    ModifierMissing(Modifier),
    /// SL or EP where the style has none.
    #[error("the payer wants no modifier {0} on this line")]
    ModifierForbidden(Modifier),
    /// A free product with a charge, or zero at a payer that wants a cent.
    #[error("a product from public stock is charged at {0}")]
    NotFree(Money),
    /// The line that carries the fee is free.
    #[error("this line carries the administration fee, and is charged at nothing")]
    NoFee,
    /// 90460 or 90461 in a style without them.
    #[error("the payer takes no counselling codes for public stock")]
    CounselledCode,
    /// 90461 in a style that pays by injection.
    #[error("the payer pays no further components for public stock")]
    FurtherComponents,
}

/// Everything that is wrong with one line of public stock; of a line that the payer does not want, only that. `zero_allowed`: whether the
/// payer takes lines charged at zero.
pub fn faults(
    style: Style,
    sl: SlOnAdministration,
    part: Part,
    modifiers: &[Modifier],
    charge: Money,
    zero_allowed: bool,
) -> impl Iterator<Item = Fault> {
    let sheet = style.sheet();
    let (line, unwanted) = match part {
        Part::Product => (sheet.product, Fault::NoProductLine),
        Part::Administration(code) => {
            let refused = match code.number() {
                Some(90460 | 90461) if !sheet.counselled_codes => Some(Fault::CounselledCode),
                Some(90461) if !sheet.further_components => Some(Fault::FurtherComponents),
                _ => None,
            };
            let line = style.administration(sl);
            let unwanted = refused.filter(|_| line.is_some()).unwrap_or(Fault::NoAdministrationLine);
            (line.filter(|_| refused.is_none()), unwanted)
        }
    };
    let of_line = line.map(|line| {
        let forbidden = |modifier: Option<Modifier>| {
            modifier.filter(|m| modifiers.contains(m) && line.modifier != Some(*m) && line.tolerated != Some(*m))
        };
        let free = free_charge(zero_allowed);
        [
            line.modifier.filter(|wanted| !modifiers.contains(wanted)).map(Fault::ModifierMissing),
            forbidden(SL).map(Fault::ModifierForbidden),
            forbidden(EP).map(Fault::ModifierForbidden),
            (line.charge == Charge::Free && charge != free).then_some(Fault::NotFree(free)),
            (line.charge != Charge::Free && charge <= free_charge(false)).then_some(Fault::NoFee),
        ]
    });
    line.is_none().then_some(unwanted).into_iter().chain(of_line.into_iter().flatten().flatten())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ped_22_every_style_has_a_line_that_carries_the_fee() {
        for &style in Style::ALL {
            let sheet = style.sheet();
            let paid = |line: Option<LineSheet>| line.is_some_and(|line| line.charge != Charge::Free);
            assert!(paid(sheet.product) != paid(sheet.administration), "{style:?}");
        }
    }

    #[test]
    fn ped_22_and_ped_14_say_the_same_about_missing_lines() {
        let styles = |which: fn(&Sheet) -> bool| Style::ALL.iter().copied().filter(|style| which(&style.sheet())).collect::<Vec<_>>();
        assert_eq!(styles(|sheet| sheet.administration.is_none()), [Style::C, Style::D]);
        assert_eq!(styles(|sheet| sheet.product.is_none()), [Style::F]);
        assert_eq!(styles(|sheet| sheet.administration.is_some() && !sheet.counselled_codes), [Style::B, Style::E]);
        assert_eq!(styles(|sheet| sheet.counselled_codes && !sheet.further_components), [Style::A]);
    }

    fn found(style: Style, line: &str, modifiers: &[Modifier], cents: i64, zero_allowed: bool) -> Vec<Fault> {
        let part = if line == "product" { Part::Product } else { Part::Administration(line.parse().unwrap()) };
        faults(style, SlOnAdministration::ByStyle, part, modifiers, Money::from_cents(cents), zero_allowed).collect()
    }

    #[test]
    fn ped_22_a_line_is_checked_against_its_style() {
        use Fault::{CounselledCode, FurtherComponents, ModifierForbidden, ModifierMissing, NoAdministrationLine, NoProductLine};
        let sl = [Modifier::SL];
        assert_eq!(found(Style::A, "product", &[], 0, true), [ModifierMissing(Modifier::SL)]);
        assert_eq!(found(Style::A, "90461", &sl, 20_00, true), [FurtherComponents]);
        assert_eq!(found(Style::B, "90460", &sl, 20_00, true), [CounselledCode]);
        assert_eq!(found(Style::B, "90461", &[Modifier::EP], 20_00, true), [CounselledCode]);
        assert_eq!(found(Style::B, "90471", &[Modifier::EP], 20_00, true), [ModifierForbidden(Modifier::EP)]);
        assert_eq!(found(Style::C, "90471", &[], 20_00, true), [NoAdministrationLine]);
        assert_eq!(found(Style::F, "product", &sl, 0, true), [NoProductLine]);
        assert!(found(Style::E, "90471", &[Modifier::EP], 20_00, true).is_empty() && found(Style::E, "product", &sl, 0, true).is_empty());
    }

    #[test]
    fn ped_22_a_payer_may_want_sl_on_every_administration_or_on_none() {
        let found = |style, sl, modifiers: &[Modifier]| {
            let part = Part::Administration("90471".parse().unwrap());
            faults(style, sl, part, modifiers, Money::from_cents(20_00), true).collect::<Vec<_>>()
        };
        assert_eq!(found(Style::B, SlOnAdministration::Always, &[]), [Fault::ModifierMissing(Modifier::SL)]);
        assert_eq!(found(Style::A, SlOnAdministration::Never, &[Modifier::SL]), [Fault::ModifierForbidden(Modifier::SL)]);
        assert_eq!(found(Style::B, SlOnAdministration::Never, &[Modifier::SL]), [Fault::ModifierForbidden(Modifier::SL)]);
        assert!(found(Style::A, SlOnAdministration::Never, &[]).is_empty() && found(Style::B, SlOnAdministration::ByStyle, &[]).is_empty());
    }

    #[test]
    fn ped_21_a_free_product_is_charged_at_zero_or_at_a_cent_and_another_line_carries_the_fee() {
        let product = |style, cents, zero_allowed| found(style, "product", &[Modifier::SL], cents, zero_allowed);
        assert!(product(Style::A, 0, true).is_empty() && product(Style::A, 1, false).is_empty());
        assert_eq!(product(Style::A, 1, true), [Fault::NotFree(Money::ZERO)]);
        assert_eq!(product(Style::A, 0, false), [Fault::NotFree(Money::from_cents(1))]);
        assert_eq!(product(Style::A, 15_000, true), [Fault::NotFree(Money::ZERO)]);
        assert_eq!((product(Style::C, 1, true), product(Style::C, 22_00, true)), (vec![Fault::NoFee], vec![]));
    }
}
