//! E036–E044, E047: vaccines, antibodies and what administers them (PED-10 to PED-16). The expectation is that of the doses, coded as the payer
//! wants them: in its style for public stock (PED-22) where they came from it.

use crate::pediatrics::dose_count::Fault;
use crate::pediatrics::immunization_administration::{COUNSELLED_TO_YEARS, Z29_11};
use crate::pediatrics::preventive::Z23;
use crate::pediatrics::vaccine_age::is_unusual;
use crate::pediatrics::vaccine_lines::Kind;
use crate::reference::ProcedureCode;
use crate::reference::vaccine::Class;
use crate::revenue_cycle::encounter::model::DoseFacts;

use super::super::case::{Case, Line};
use super::super::catalog::Findings;
use super::super::suggestion::Suggestion;
use super::doses::{expected, mismatches, products, products_unbilled};

const CODE: &str = "SV101-2 (charge_line.procedure_code)";
const UNITS: &str = "SV104 (charge_line.units)";

/// E036: 90460 and 90461 end with the 19th birthday (PED-10).
pub fn adults(case: &Case<'_>, findings: &mut Findings<'_>) {
    let Some(age) = case.age.filter(|age| age.years > COUNSELLED_TO_YEARS) else { return };
    for line in case.lines.iter().filter(|line| line.number_is(90_460..=90_461)) {
        findings.add(line.path(CODE), format!("Use 90471–90474 at 19+: {} at {} years", line.text(), age.years)).found(line.text());
    }
}

/// E037: as many doses with counselling as units of 90460. Needs the doses of the visit.
pub fn counselling(case: &Case<'_>, findings: &mut Findings<'_>) {
    let Some(line) = case.lines.iter().find(|line| line.number_is(90_460..=90_460)) else { return };
    let vaccines: Vec<&Line<'_>> = products(case, Class::Vaccine).collect();
    if vaccines.is_empty() || vaccines.iter().any(|line| line.dose.is_none()) {
        return;
    }
    let counselled: u32 = vaccines.iter().filter(|line| line.dose.is_some_and(DoseFacts::is_counselled)).map(|line| line.units).sum();
    let billed = case.units_of(90_460);
    if billed > counselled {
        let unsaid = vaccines.iter().any(|line| line.dose.is_some_and(|dose| dose.counselled.is_none()));
        let ask = if unsaid { "; nobody said whether the others have: ask" } else { "" };
        let message = format!(
            "Counselling by physician/QHP not documented: 90460 is billed {billed} times, {counselled} doses have counselling{ask}"
        );
        findings.add(line.path(UNITS), message).found(billed).expected(counselled);
    }
}

/// E038: a day has one kind of first administration: a dose without counselling beside counselled ones goes by 90472 or 90474 (PED-10).
pub fn firsts(case: &Case<'_>, findings: &mut Findings<'_>) {
    if case.units_of(90_460) == 0 {
        return;
    }
    for (first, next) in [(90_471, "90472"), (90_473, "90474")] {
        for line in case.lines.iter().filter(|line| line.number_is(first..=first)) {
            let message = format!("Mixed first-administration codes: beside 90460 it is {next}, not {first}");
            let finding = findings.add(line.path(CODE), message).found(first).expected(next);
            finding.suggest(Suggestion::ReplaceCode { line: line.number, code: ProcedureCode::literal(next) });
        }
    }
}

/// The codes whose units are computed.
const COMPUTED: [u32; 6] = [90_460, 90_461, 90_471, 90_472, 90_473, 90_474];

/// E039: the units of vaccine administration are those that the doses ask for (PED-10, PED-11), each in the payer's codes for its stock
/// (PED-22). Silent where nothing is administered, which E041 tells; at 19 years and later beside 90460, which E036 tells; where all came
/// from public stock and its products carry the administration, which E046 tells; and where products of public stock are not billed, since
/// then the claim does not tell how many there were.
pub fn units(case: &Case<'_>, findings: &mut Findings<'_>) {
    let Some(last) = case.lines.iter().rfind(|line| line.administers_vaccine()) else { return };
    let mut vaccines = products(case, Class::Vaccine).peekable();
    let is_adult = case.age.is_none_or(|age| age.years > COUNSELLED_TO_YEARS);
    if vaccines.peek().is_none() || (is_adult && case.units_of(90_460) > 0) || products_unbilled(case) {
        return;
    }
    let carried = case.payer.rules.vfc_style.sheet().administration.is_none();
    if carried && vaccines.all(Line::is_public_stock) {
        return;
    }
    let Some(expected) = expected(case) else { return };
    let expected: Vec<_> = expected.lines.into_iter().filter(|line| line.kind == Kind::Administration).collect();
    let wanted = |number: u32| -> u32 { expected.iter().filter(|line| line.code.number() == Some(number)).map(|line| line.units).sum() };
    let differing: Vec<u32> = COMPUTED.into_iter().filter(|number| wanted(*number) != case.units_of(*number)).collect();
    if differing.is_empty() {
        return;
    }
    let list = |units: &dyn Fn(u32) -> u32| {
        let told: Vec<String> =
            COMPUTED.iter().filter(|number| units(**number) > 0).map(|number| format!("{number}×{}", units(*number))).collect();
        if told.is_empty() { "none".to_owned() } else { told.join(" ") }
    };
    let (right, wrong) = (list(&wanted), list(&|number| case.units_of(number)));
    let finding = findings.add(last.path(UNITS), format!("Expected {right}, found {wrong}")).found(wrong).expected(right);
    // Where the units of one code alone differ, there is one thing to do.
    if let [number] = differing[..] {
        let lines: Vec<&Line<'_>> = case.lines.iter().filter(|line| line.number_is(number..=number)).collect();
        match (lines.as_slice(), wanted(number)) {
            ([line], 0) => _ = finding.suggest(Suggestion::RemoveLine { line: line.number }),
            ([line], units) => _ = finding.suggest(Suggestion::SetUnits { line: line.number, units }),
            ([], units) => {
                if let Ok(code) = ProcedureCode::parse(&number.to_string()) {
                    finding.suggest(Suggestion::AddLine { code, units });
                }
            }
            _ => {}
        }
    }
}

/// Add-on codes that pediatric practices bill, each with the codes of which one must be on the claim (CPT). 90460 is a primary for 90472
/// and 90474 (PED-14).
const ADD_ONS: &[(u32, &[u32])] = &[
    (90_461, &[90_460]),
    (90_472, &[90_460, 90_471, 90_473]),
    (90_474, &[90_460, 90_471, 90_473]),
    (90_785, &[90_791, 90_792, 90_832, 90_834, 90_837, 90_853]),
    (94_645, &[94_644]),
    (96_113, &[96_112]),
    (96_131, &[96_130]),
    (96_133, &[96_132]),
    (99_292, &[99_291]),
    (99_417, &[99_205, 99_215, 99_245]),
];

/// E040: an add-on code has its primary.
pub fn add_ons(case: &Case<'_>, findings: &mut Findings<'_>) {
    for line in &case.lines {
        let Some((_, primaries)) = line.cpt().and_then(|number| ADD_ONS.iter().find(|(add_on, _)| *add_on == number)) else { continue };
        if !primaries.iter().any(|primary| case.units_of(*primary) > 0) {
            let primaries: Vec<String> = primaries.iter().map(u32::to_string).collect();
            let message = format!("Add-on code without primary: {} goes with {}", line.text(), primaries.join(" or "));
            findings.add(line.path(CODE), message).found(line.text()).expected(primaries.join(" "));
        }
    }
}

/// The administration codes of a kind, as a biller names them.
fn codes_of(class: Class) -> &'static str {
    match class {
        Class::Covid => "90480",
        Class::RsvAntibody => "96380 or 96381",
        Class::Palivizumab => "96372",
        Class::Vaccine | Class::ImmuneGlobulin | Class::Unspecific => "90460 or 90471–90474",
    }
}

/// A kind, as a biller names it.
fn named(class: Class) -> &'static str {
    match class {
        Class::Covid => "a COVID-19 vaccine",
        Class::RsvAntibody => "an RSV antibody",
        Class::Palivizumab => "90378",
        Class::Vaccine | Class::ImmuneGlobulin | Class::Unspecific => "a vaccine",
    }
}

/// Doses of one kind that are administered by the code of another, as far as an edit tells them.
fn wrong_codes(case: &Case<'_>, findings: &mut Findings<'_>, tells: fn(Class, Class) -> bool) {
    for fault in mismatches(case) {
        if let Fault::WrongCode { given, by } = fault
            && tells(given, by)
        {
            let (right, wrong) = (codes_of(given), codes_of(by));
            let message = format!("Use {right}: {} is not administered by {wrong}", named(given));
            findings.add("2400 SV101-2 (charge_line.procedure_code)", message).found(wrong).expected(right);
        }
    }
}

/// Whether a wrong code is one of E042's: a COVID-19 vaccine, or its code.
fn of_covid(given: Class, by: Class) -> bool {
    given == Class::Covid || by == Class::Covid
}

/// Whether a wrong code is one of E043's: an RSV antibody, or its code.
fn of_antibodies(given: Class, by: Class) -> bool {
    !of_covid(given, by) && given != Class::Palivizumab && (given == Class::RsvAntibody || by == Class::RsvAntibody)
}

/// E041: of each kind doses and administrations are equally many (PED-14), in the payer's style: where product lines of public stock carry
/// the administration they are not counted, and where they are not billed an administration may stand alone. What was given by the code
/// of another kind E042 and E043 tell.
pub fn counts(case: &Case<'_>, findings: &mut Findings<'_>) {
    for fault in mismatches(case) {
        if let Fault::Uneven { class, doses, administrations } = fault {
            let message = format!(
                "Vaccine and administration counts differ: {doses} doses of {}, {administrations} administrations ({})",
                named(class),
                codes_of(class)
            );
            findings.add("2400 (charge_line)", message).found(administrations).expected(doses);
        }
    }
    wrong_codes(case, findings, |given, by| !of_covid(given, by) && !of_antibodies(given, by));
}

/// E042: a COVID-19 vaccine is administered by 90480, and nothing else is (PED-12).
pub fn covid(case: &Case<'_>, findings: &mut Findings<'_>) {
    wrong_codes(case, findings, of_covid);
}

/// E043: an antibody against RSV is administered by 96380 or 96381, and nothing else is; it and its administration point to Z29.11, never
/// to Z23 (PED-13).
pub fn antibodies(case: &Case<'_>, findings: &mut Findings<'_>) {
    wrong_codes(case, findings, of_antibodies);
    if products(case, Class::RsvAntibody).next().is_none() {
        return;
    }
    let is_antibody = |line: &&Line<'_>| {
        line.administers == Some(Class::RsvAntibody) || line.product.is_some_and(|product| product.class == Class::RsvAntibody)
    };
    for line in case.lines.iter().filter(is_antibody) {
        if case.pointed(line).any(|code| code == Z23) {
            let message = format!("Use 96380/96381 and Z29.11: {} points to Z23, which is for vaccines", line.text());
            let finding = findings.add(line.path("SV107 (charge_line.pointers)"), message).found("Z23").expected("Z29.11");
            finding.suggest(Suggestion::PointTo { line: line.number, diagnosis: Z29_11 });
        }
    }
}

/// Underimmunization for COVID-19: with it counselling was about that vaccine.
const NOT_IMMUNIZED_FOR_COVID: &str = "Z2831";

/// E044: counselling without a dose says by a complete Z28 why there was none, and the vaccine of which it says so was not given that day
/// (PED-16). Which vaccine it was about the recorded refusals tell, and the claim itself for COVID-19 alone.
pub fn counselling_only(case: &Case<'_>, findings: &mut Findings<'_>) {
    let Some(line) = case.lines.iter().find(|line| line.number_is(90_482..=90_484)) else { return };
    if !case.has_diagnosis("Z28") {
        let message =
            format!("Counselling-only code conflicts with vaccine given, or lacks its reason: add the Z28 code to {}", line.text());
        findings.add(line.path("SV107 (charge_line.pointers)"), message).expected("Z28");
    }
    let declined =
        |given: &&Line<'_>| given.product.is_some() && given.code.is_some_and(|code| case.visit.answers.declined.contains(&code));
    for given in case.lines.iter().filter(declined) {
        let message = format!(
            "Counselling-only code conflicts with vaccine given: {} is on the claim, and it is recorded as declined (encounter.answers.declined)",
            given.text()
        );
        findings.add(given.path(CODE), message).found(given.text());
    }
    if case.has_diagnosis(NOT_IMMUNIZED_FOR_COVID) && products(case, Class::Covid).next().is_some() {
        let message =
            format!("Counselling-only code conflicts with vaccine given: {} with a COVID-19 vaccine on the same day", line.text());
        findings.add(line.path(CODE), message).found(line.text());
    }
}

/// E047: a product outside of the ages at which it is used was coded wrong more often than given wrong (PED-17).
pub fn unusual_age(case: &Case<'_>, findings: &mut Findings<'_>) {
    let Some(age) = case.age else { return };
    for line in &case.lines {
        if let Some(code) = line.code.filter(|code| is_unusual(*code, age)) {
            let lived = if age.years < 2 { format!("{} months", age.months) } else { format!("{} years", age.years) };
            findings.add(line.path(CODE), format!("Product unusual at this age: {code} at {lived}")).found(code);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::World;

    #[test]
    fn ped_16_a_vaccine_that_was_declined_is_not_given_on_the_day_of_the_counselling() {
        let mut world = World::visit(&["Z7185", "Z2821"], &["99213-25", "90651", "90471", "90482"]);
        world.aged(12);
        world.visit.answers.declined = vec!["90734".parse().unwrap()];
        assert_eq!(world.edits(), [""; 0]);
        world.visit.answers.declined.push("90651".parse().unwrap());
        assert_eq!(world.edits(), ["E044"]);
    }

    #[test]
    fn ped_10_counselling_that_nobody_recorded_is_a_warning_that_asks() {
        let mut world = World::medicaid();
        world.visit.doses[0].facts.counselled = None;
        let findings = world.findings();
        assert_eq!((findings.len(), findings[0].edit.as_str(), findings[0].expected.as_deref()), (1, "E037", Some("0")));
        assert!(findings[0].message.ends_with("ask"), "{}", findings[0].message);
    }
}
