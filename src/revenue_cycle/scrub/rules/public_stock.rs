//! E045, E046: vaccines from public stock: who may get them, and how the payer wants them billed (PED-20 to PED-22).

use std::collections::BTreeSet;

use crate::pediatrics::immunization_administration::administers;
use crate::pediatrics::vaccine_lines::{Kind, Line as ExpectedLine};
use crate::pediatrics::vfc::eligibility;
use crate::pediatrics::vfc::fee::{administration_charge, falls_to_family};
use crate::pediatrics::vfc::stock::check;
use crate::pediatrics::vfc::style::{Fault, Part, faults};
use crate::reference::ProcedureCode;
use crate::reference::vaccine::{Class, Funding};

use super::super::case::{Case, Line};
use super::super::catalog::Findings;
use super::super::model::Severity;
use super::super::suggestion::Suggestion;
use super::doses::{expected, products};

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

/// E046: lines of public stock are as the payer's style has them (PED-22): no line that it does not know, its modifiers, its charges. Where
/// doses of public and private stock were given by the same codes, only the units that are marked can be judged.
pub fn billing_style(case: &Case<'_>, findings: &mut Findings<'_>) {
    for class in [Class::Vaccine, Class::Covid, Class::RsvAntibody] {
        let public = || products(case, class).filter(|line| line.is_public_stock());
        if public().next().is_none() {
            continue;
        }
        for line in public() {
            judge(case, findings, line, Part::Product);
        }
        let gives = |line: &&Line<'_>| line.administers == Some(class) || (class == Class::Vaccine && line.administers_vaccine());
        if products(case, class).any(|line| !line.is_public_stock()) {
            marked_units(case, findings, class);
            continue;
        }
        for line in case.lines.iter().filter(gives) {
            if let Some(code) = line.code {
                judge(case, findings, line, Part::Administration(code));
                fee(case, findings, line);
            }
        }
    }
}

/// Tells codes of which another number of units carries the mark of public stock than doses of it were given. Silent where the units
/// themselves are wrong, which E039 and E041 tell.
fn marked_units(case: &Case<'_>, findings: &mut Findings<'_>, class: Class) {
    let rules = case.payer.rules;
    let Some(sheet) = rules.vfc_style.administration(rules.sl_on_administration) else { return };
    let Some(mark) = sheet.modifier else { return };
    let Some(expected) = expected(case) else { return };
    let of_class = |code: ProcedureCode| administers(code) == Some(class);
    let administrations = || expected.lines.iter().filter(|line| line.kind == Kind::Administration && of_class(line.code));
    let codes: BTreeSet<ProcedureCode> = administrations().map(|line| line.code).collect();
    for code in codes {
        let wanted = |public: bool| -> u32 {
            let of_stock = |line: &&ExpectedLine| line.code == code && (line.funding != Funding::Private) == public;
            administrations().filter(of_stock).map(|line| line.units).sum()
        };
        let lines: Vec<&Line<'_>> = case.lines.iter().filter(|line| line.code == Some(code)).collect();
        let billed: u32 = lines.iter().map(|line| line.units).sum();
        let marked: u32 = lines.iter().filter(|line| line.has(mark.as_str())).map(|line| line.units).sum();
        let (public, private) = (wanted(true), wanted(false));
        let Some(last) = lines.last().filter(|_| billed == public + private && marked != public) else { continue };
        let message = format!(
            "VFC billing style for {}: {mark} stands on {marked} units of {code}; {public} are for doses of public stock, {private} for others",
            case.payer.name
        );
        findings.add(last.path("SV101-3 (charge_line.modifiers)"), message).found(marked).expected(public);
    }
}

/// The fee for giving a dose stays within the region's most where no Medicaid pays it: for children of V03 to V05 (payer rule `vfc_fee_cap`;
/// PED-21). Judged where every dose of the claim is such a child's.
fn fee(case: &Case<'_>, findings: &mut Findings<'_>, line: &Line<'_>) {
    let Some(cap) = case.payer.rules.vfc_fee_cap else { return };
    let mut recorded = case.lines.iter().filter_map(|line| line.dose?.eligibility).peekable();
    let Some(eligibility) = recorded.peek().copied().filter(|_| recorded.all(falls_to_family)) else { return };
    let most = administration_charge(line.sent.charge, eligibility, Some(cap.times(line.units)));
    if line.sent.charge > most {
        let charged = line.sent.charge;
        let message = format!("VFC billing style for {}: giving a dose of public stock costs at most {cap}", case.payer.name);
        let finding = findings.add(line.path("SV102 (charge_line.cents)"), message).found(charged).expected(most);
        finding.suggest(Suggestion::SetCharge { line: line.number, charge: most });
    }
}

/// Tells what is wrong with one line. That the payer refuses zero E017 tells, and what a payer wants on a code by a rule of its own E050.
fn judge(case: &Case<'_>, findings: &mut Findings<'_>, line: &Line<'_>, part: Part) {
    let (rules, charged, number) = (case.payer.rules, line.sent.charge, line.number);
    let years = case.age.map_or(0, |age| age.years);
    let wanted_elsewhere = |modifier| line.code.is_some_and(|code| rules.modifiers_required.of(code, years).any(|m| m == modifier));
    for fault in faults(rules.vfc_style, rules.sl_on_administration, part, &line.modifiers(), charged, rules.zero_charge_allowed) {
        let element = match fault {
            Fault::NotFree(_) if charged.is_zero() => continue,
            Fault::ModifierForbidden(modifier) if wanted_elsewhere(modifier) => continue,
            Fault::ModifierMissing(_) | Fault::ModifierForbidden(_) => "SV101-3 (charge_line.modifiers)",
            Fault::NotFree(_) | Fault::NoFee => "SV102 (charge_line.cents)",
            Fault::NoProductLine | Fault::NoAdministrationLine | Fault::CounselledCode | Fault::FurtherComponents => "SV101 (charge_line)",
        };
        let finding = findings.add(line.path(element), format!("VFC billing style for {}: {}: {fault}", case.payer.name, line.text()));
        match fault {
            Fault::ModifierMissing(modifier) => finding.expected(modifier).suggest(Suggestion::AddModifier { line: number, modifier }),
            Fault::ModifierForbidden(modifier) => {
                let modifier = modifier.to_string();
                finding.found(&modifier).suggest(Suggestion::RemoveModifier { line: number, modifier })
            }
            Fault::NotFree(free) => finding.found(charged).expected(free).suggest(Suggestion::SetCharge { line: number, charge: free }),
            Fault::NoFee => finding.found(charged),
            // 90460 is replaced by another code, which one the doses tell (E039).
            Fault::CounselledCode if line.number_is(90_460..=90_460) => finding,
            Fault::NoProductLine | Fault::NoAdministrationLine | Fault::CounselledCode | Fault::FurtherComponents => {
                finding.suggest(Suggestion::RemoveLine { line: number })
            }
        };
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::World;
    use crate::platform::money::Money;
    use crate::reference::vaccine::VfcEligibility;

    #[test]
    fn ped_21_giving_public_stock_costs_a_child_without_medicaid_no_more_than_the_region_allows() {
        let found = |eligibility, cap: Option<i64>| {
            let mut world = World::medicaid();
            world.visit.doses[0].facts.eligibility = Some(eligibility);
            world.rules.vfc_fee_cap = cap.map(Money::from_cents);
            world.findings().into_iter().map(|finding| (finding.edit, finding.expected)).collect::<Vec<_>>()
        };
        assert_eq!(found(VfcEligibility::V04, Some(22_06)), [("E046".to_owned(), Some("22.06".to_owned()))]);
        assert!(found(VfcEligibility::V04, Some(50_00)).is_empty() && found(VfcEligibility::V04, None).is_empty());
        assert!(found(VfcEligibility::V02, Some(22_06)).is_empty(), "Medicaid sets its own fee");
    }
}
