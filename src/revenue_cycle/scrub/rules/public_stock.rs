//! E045, E046: vaccines from public stock: who may get them, and how the payer wants them billed (PED-20 to PED-22).

use crate::pediatrics::vfc::eligibility;
use crate::pediatrics::vfc::stock::{check, free_charge};
use crate::pediatrics::vfc::style::{Charge, LineSheet, Style};
use crate::platform::money::Money;
use crate::practice::rules::{SlOnAdministration, VfcStyle};
use crate::reference::Modifier;
use crate::reference::vaccine::{Class, Funding};

use super::super::case::{Case, Line};
use super::super::catalog::Findings;
use super::super::model::Severity;
use super::super::suggestion::Suggestion;

const MODIFIERS: &str = "SV101-3 (charge_line.modifiers)";
const CHARGE: &str = "SV102 (charge_line.cents)";

/// E045: the stock of each dose fits the child's eligibility, and the eligibility the age. Public stock without a recorded eligibility is a
/// warning: the program wants it recorded at every dose. Needs the doses of the visit.
pub fn eligible(case: &Case<'_>, findings: &mut Findings<'_>) {
    let Some(age) = case.age else { return };
    for line in &case.lines {
        let (Some(dose), path) = (line.dose, line.path("SV101 (charge_line.dose)")) else { continue };
        let Some(recorded) = dose.eligibility else {
            if dose.funding == Funding::Vfc {
                let message = format!("VFC eligibility conflict: {} came from public stock, and no eligibility is recorded", line.text());
                findings.add_as(Severity::Warning, path, message);
            }
            continue;
        };
        for fault in eligibility::faults(recorded, age, None) {
            findings
                .add(path.clone(), format!("VFC eligibility conflict: {recorded:?} on {}: {fault}", line.text()))
                .found(format!("{recorded:?}"));
        }
        if let Err((mismatch, _)) = check(age, recorded, dose.funding) {
            let message =
                format!("VFC eligibility conflict: {} ({recorded:?}): {mismatch}; record the loan, or correct the dose", line.text());
            findings.add(path, message).found(format!("{recorded:?}"));
        }
    }
}

/// The style as the rules of pediatrics know it.
pub(super) fn style(rule: VfcStyle) -> Style {
    match rule {
        VfcStyle::ProductAndFirstComponent => Style::A,
        VfcStyle::ProductAndPlainAdministration => Style::B,
        VfcStyle::ProductCarriesFee => Style::C,
        VfcStyle::ProductIncludesAdministration => Style::D,
        VfcStyle::EpsdtAdministration => Style::E,
        VfcStyle::AdministrationOnly => Style::F,
    }
}

/// E046: lines of public stock carry the modifiers and charges of the payer's style, and there are no lines that it does not know (PED-22).
/// Administration is judged where all vaccines of the claim came from public stock: else a line may be that of a private dose.
pub fn billing_style(case: &Case<'_>, findings: &mut Findings<'_>) {
    let is_vaccine = |line: &&Line<'_>| line.product.is_some_and(|product| matches!(product.class, Class::Vaccine | Class::Covid));
    let vaccines = || case.lines.iter().filter(is_vaccine);
    let public = || vaccines().filter(|line| line.is_public_stock());
    if public().next().is_none() {
        return;
    }
    let sheet = style(case.payer.rules.vfc_style).sheet();
    let name = format!("VFC billing style for {}", case.payer.name);
    for line in public() {
        match &sheet.product {
            None => {
                let finding = findings.add(line.path("SV101 (charge_line)"), format!("{name}: {} is not billed", line.text()));
                finding.suggest(Suggestion::RemoveLine { line: line.number });
            }
            Some(product) => {
                modifier(findings, &name, line, product.modifier);
                charge(case, findings, &name, line, product);
            }
        }
    }
    if vaccines().any(|line| !line.is_public_stock()) {
        return;
    }
    let wanted = sheet.administration.as_ref().map(|sheet| match case.payer.rules.sl_on_administration {
        SlOnAdministration::ByStyle => sheet.modifier,
        SlOnAdministration::Always => Some(Modifier::SL),
        SlOnAdministration::Never => sheet.modifier.filter(|modifier| *modifier != Modifier::SL),
    });
    for line in case.lines.iter().filter(|line| line.administers_vaccine()) {
        let refused = match wanted {
            None => Some("the product line carries the administration"),
            Some(_) if line.number_is(90_461..=90_461) && !sheet.further_components => Some("further components are not payable"),
            Some(_) if line.number_is(90_460..=90_460) && !sheet.counselled_codes => Some("administration goes by 90471 to 90474"),
            Some(_) => None,
        };
        if let Some(why) = refused {
            let finding = findings.add(line.path("SV101 (charge_line)"), format!("{name}: {} is not accepted: {why}", line.text()));
            if !line.number_is(90_460..=90_460) {
                finding.suggest(Suggestion::RemoveLine { line: line.number });
            }
        } else {
            modifier(findings, &name, line, wanted.flatten());
        }
    }
}

fn modifier(findings: &mut Findings<'_>, name: &str, line: &Line<'_>, wanted: Option<Modifier>) {
    if let Some(modifier) = wanted.filter(|modifier| !line.has(modifier.as_str())) {
        findings
            .add(line.path(MODIFIERS), format!("{name}: add {modifier} to {}", line.text()))
            .expected(modifier)
            .suggest(Suggestion::AddModifier { line: line.number, modifier });
    }
}

fn charge(case: &Case<'_>, findings: &mut Findings<'_>, name: &str, line: &Line<'_>, sheet: &LineSheet) {
    let charged = line.sent.charge;
    match sheet.charge {
        Charge::Free => {
            let free = free_charge(case.payer.rules.zero_charge_allowed);
            // That the payer refuses zero E017 tells.
            if charged != free && !charged.is_zero() {
                findings
                    .add(line.path(CHARGE), format!("{name}: {} from public stock is charged at {free}, not {charged}", line.text()))
                    .found(charged)
                    .expected(free)
                    .suggest(Suggestion::SetCharge { line: line.number, charge: free });
            }
        }
        Charge::AdministrationFee if charged <= Money::from_cents(1) => {
            let message = format!("{name}: {} carries the fee for giving it, and is charged at {charged}", line.text());
            findings.add(line.path(CHARGE), message).found(charged);
        }
        Charge::AdministrationFee | Charge::Fee => {}
    }
}
