//! E024–E029: the diagnoses that depend on the age: examinations of newborns and children, immunization, birth, the perinatal period.

use crate::pediatrics::Age;
use crate::pediatrics::diagnosis_age::{AgeClass, Conflict, conflicts};
use crate::pediatrics::newborn::services::{DiagnosisFault, diagnosis_faults, is_birth_encounter, is_liveborn};
use crate::pediatrics::preventive::{self, Z23, is_child_examination};
use crate::pediatrics::visits::Visit;
use crate::reference::Icd10;

use super::super::case::{Case, Line};
use super::super::catalog::Findings;
use super::super::suggestion::Suggestion;

const PATH: &str = "2300 HI (encounter.diagnoses)";

/// Categories of the routine examinations whose code depends on the age (PED-03).
const EXAMINATIONS: [&str; 3] = ["Z0011", "Z0012", "Z000"];

/// The examination codes that say that something was found, and those that say that nothing was.
const WITH_FINDINGS: [Icd10; 2] = [Icd10::literal("Z00121"), Icd10::literal("Z0001")];
const WITHOUT_FINDINGS: [Icd10; 2] = [Icd10::literal("Z00129"), Icd10::literal("Z0000")];

/// What stands beside an examination and is no finding: other examinations, immunization and its refusal, prophylaxis, counselling.
const NO_FINDINGS: [&str; 7] = ["Z00", "Z02", "Z23", "Z28", "Z291", "Z7185", "Z76"];

/// Chapters and blocks of illnesses and injuries that begin and end: what is treated there at a well visit is new or worse. Chronic
/// conditions are left out, since a stable one is no abnormal finding (PED-03).
const ACUTE: [&str; 15] = ["A", "B", "H10", "H60", "H65", "H66", "J0", "J1", "J20", "J21", "J22", "L0", "R", "S", "T"];

/// E024: Z00.110 to 7 days, Z00.111 to 28, Z00.12x to 17 years, then Z00.0x (PED-03); the payer may want the child's codes longer.
pub fn age(case: &Case<'_>, findings: &mut Findings<'_>) {
    let Some(age) = case.age else { return };
    for code in case.diagnoses.iter().flatten().filter(|code| EXAMINATIONS.iter().any(|block| code.is_within(block))) {
        let right = preventive::diagnosis(age, WITH_FINDINGS.contains(code), u16::from(case.payer.rules.adult_diagnosis_from_years));
        let fits = if right.is_within("Z0011") { *code == right } else { code.is_within(&right.as_str()[..right.as_str().len() - 1]) };
        if !fits {
            let lived = if age.years == 0 { format!("{} days", age.days) } else { format!("{} years", age.years) };
            findings
                .add(PATH, format!("{} does not fit age {lived}: {} does", code.dotted(), right.dotted()))
                .found(code.dotted())
                .expected(right.dotted())
                .suggest(Suggestion::ReplaceDiagnosis { from: *code, to: right });
        }
    }
}

/// E025: with the routine examination of a child on the claim Z23 stands behind it (PED-04).
pub fn order(case: &Case<'_>, findings: &mut Findings<'_>) {
    let place = |wanted: &dyn Fn(Icd10) -> bool| case.diagnoses.iter().position(|code| code.is_some_and(wanted));
    let examination = place(&is_child_examination);
    if let (Some(examination), Some(immunization)) = (examination, place(&|code| code == Z23))
        && immunization < examination
        && let Some(code) = case.diagnoses[examination]
    {
        findings
            .add(PATH, format!("List the well-child code {} before Z23", code.dotted()))
            .suggest(Suggestion::MoveBefore { diagnosis: code, before: Z23 });
    }
}

fn is_finding(code: &Icd10) -> bool {
    !NO_FINDINGS.iter().any(|block| code.is_within(block))
}

/// E026: an examination with abnormal findings names at least one.
pub fn finding_missing(case: &Case<'_>, findings: &mut Findings<'_>) {
    let codes = || case.diagnoses.iter().flatten();
    if let Some(code) = codes().find(|code| WITH_FINDINGS.contains(code))
        && !codes().any(is_finding)
    {
        findings.add(PATH, format!("Add the abnormal finding code: {} says that there was one", code.dotted())).found(code.dotted());
    }
}

/// E027: an examination without findings, and on the same day a problem visit with modifier 25 for something acute.
pub fn finding_unsaid(case: &Case<'_>, findings: &mut Findings<'_>) {
    let codes = || case.diagnoses.iter().flatten();
    let Some(code) = codes().find(|code| WITHOUT_FINDINGS.contains(code)) else { return };
    let problem = case.lines.iter().filter(|line| matches!(line.visit, Some(Visit::Problem(_))) && line.has("25"));
    let acute = problem.flat_map(|line| case.pointed(line)).find(|icd| ACUTE.iter().any(|block| icd.is_within(block)));
    if let Some(acute) = acute {
        let other = if *code == WITHOUT_FINDINGS[0] { WITH_FINDINGS[0] } else { WITH_FINDINGS[1] };
        let message = format!("Abnormal finding? {} was treated: consider {} instead of {}", acute.dotted(), other.dotted(), code.dotted());
        findings.add(PATH, message).found(code.dotted()).expected(other.dotted());
    }
}

/// What is wrong with a diagnosis of a newborn, each with its code. Without an age only the stay of birth is judged.
fn newborn_faults<'c>(case: &'c Case<'_>) -> impl Iterator<Item = (Icd10, DiagnosisFault)> + 'c {
    let at_birth = |line: &Line<'_>| Some(is_birth_encounter(line.code?, line.place.parse().ok()?));
    let birth_stay = case.lines.iter().any(|line| at_birth(line) == Some(true));
    let age = case.age.unwrap_or(Age { years: 0, months: 0, days: 0 });
    case.diagnoses.iter().flatten().flat_map(move |code| diagnosis_faults(*code, age, birth_stay).map(|fault| (*code, fault)))
}

/// E028: Z38 stands on the newborn's record of the birth encounter, and nowhere later (PED-50).
pub fn liveborn(case: &Case<'_>, findings: &mut Findings<'_>) {
    for (code, fault) in newborn_faults(case).filter(|(_, fault)| *fault != DiagnosisFault::PerinatalLater) {
        findings.add(PATH, format!("Liveborn code only on birth stay: {}: {fault}", code.dotted())).found(code.dotted());
    }
}

/// E029: a code of the perinatal period after 28 days is legitimate where the condition persists, so a person confirms it (PED-51); and a
/// code for newborns fits nobody from the first birthday on (PED-71), where E024 and E028 have not told it.
pub fn perinatal(case: &Case<'_>, findings: &mut Findings<'_>) {
    let Some(age) = case.age else { return };
    for (code, _) in newborn_faults(case).filter(|(_, fault)| *fault == DiagnosisFault::PerinatalLater) {
        let since = if age.years > 0 { format!("at {} years", age.years) } else { format!("at {} days", age.days) };
        findings
            .add(PATH, format!("Perinatal code after newborn period: confirm that {} persists {since}", code.dotted()))
            .found(code.dotted());
    }
    let told = |code: Icd10| is_liveborn(code) || EXAMINATIONS.iter().any(|block| code.is_within(block));
    for code in case.diagnoses.iter().flatten().filter(|code| !told(**code)) {
        if conflicts(*code, age, None).any(|conflict| conflict == Conflict::Age(AgeClass::Newborn)) {
            findings
                .add(PATH, format!("Perinatal code after newborn period: {} is for newborns; patient is {}", code.dotted(), age.years))
                .found(code.dotted());
        }
    }
}
