//! E049, E073: what an EPSDT screening led to, its marks (PED-30), and the tests that it must have.

use crate::edi::claim_837p::Condition;

use super::super::case::{Case, Line};
use super::super::catalog::Findings;
use crate::pediatrics::Age;
use crate::pediatrics::epsdt::{Referral, referral_faults};

/// CRC01 of an EPSDT referral.
const EPSDT: &str = "ZZ";

const PATH: &str = "2300 CRC (encounter.epsdt_referrals)";

/// E049: CRC02 says no referral exactly when CRC03 does (PED-30); and to the 21st birthday, at a payer with an EPSDT program, a screening
/// carries CRC*ZZ, and its line SV111.
pub fn referral(case: &Case<'_>, findings: &mut Findings<'_>) {
    let conditions = &case.content.claim.conditions;
    let referrals = || conditions.iter().filter(|condition| condition.category == EPSDT);
    for Condition { applies, codes, .. } in referrals() {
        let told = format!("{} {}", if *applies { "Y" } else { "N" }, codes.join(" "));
        let mut tell = |why: &str| {
            findings.add(PATH, format!("EPSDT referral information incomplete: {why}")).found(told.trim_end());
        };
        let known: Option<Vec<Referral>> = codes.iter().map(|code| Referral::from_code(code)).collect();
        match known {
            Some(known) => referral_faults(*applies, &known).for_each(|fault| tell(&fault.to_string())),
            None => tell("its codes are AV, NU, S2 and ST"),
        }
    }
    let Some(age) = case.age else { return };
    let is_screening = |line: &&Line<'_>| line.code.is_some_and(|code| case.payer.rules.is_epsdt_screening(code, age));
    if !case.lines.iter().any(|line| is_screening(&line)) {
        return;
    }
    if referrals().next().is_none() {
        findings.add(
            PATH,
            format!(
                "EPSDT referral information incomplete: {} wants to know whether the screening led to a referral; `charges referral` records it",
                case.payer.name
            ),
        );
    }
    for line in case.lines.iter().filter(is_screening).filter(|line| !line.sent.epsdt) {
        findings.add(line.path("SV111 (charge_line)"), format!("EPSDT referral information incomplete: mark {} as EPSDT", line.text()));
    }
}

/// How long after the month at which a test is due a well visit is still that visit: the next one comes three months later.
const DUE_FOR_MONTHS: u32 = 2;
/// A test so long before the month at which it is due was that test.
const DONE_BEFORE_MONTHS: u32 = 3;

/// E073: a well visit at an age at which the payer demands a test has it, here or shortly before (payer rule `required_screens`). Needs the
/// child's history.
pub fn required_screens(case: &Case<'_>, findings: &mut Findings<'_>) {
    let (Some(age), Some(birth)) = (case.age, case.content.birth_date()) else { return };
    if !case.is_well_visit() {
        return;
    }
    for (code, months) in case.payer.rules.required_screens.iter() {
        let due = months.iter().map(|month| u32::from(*month)).find(|month| (*month..=month + DUE_FOR_MONTHS).contains(&age.months));
        let Some(due) = due else { continue };
        let done_here = case.lines.iter().any(|line| line.code == Some(code));
        let done_before = case.earlier().any(|visit| {
            visit.codes.contains(&code) && Age::at(birth, visit.date).is_ok_and(|then| then.months + DONE_BEFORE_MONTHS >= due)
        });
        if !done_here && !done_before {
            // No line is suggested: only who was there knows whether the test was done.
            let message =
                format!("Missing required screening: {} demands {code} at {due} months; if it was done, charge it", case.payer.name);
            findings.add("2400 (charge_line)", message).expected(code);
        }
    }
}
