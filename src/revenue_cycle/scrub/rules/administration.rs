//! E036–E044, E047: vaccines, antibodies and what administers them (PED-10 to PED-16). The expectation is that of the doses, coded as the payer
//! wants them: in its style for public stock (PED-22) where they came from it.

use crate::pediatrics::immunization_administration::{self as immunization, COUNSELLED_TO_YEARS, Style, Z29_11};
use crate::pediatrics::preventive::Z23;
use crate::pediatrics::vaccine_age::is_unusual;
use crate::practice::rules::PayerRules;
use crate::reference::ProcedureCode;
use crate::reference::vaccine::Class;
use crate::revenue_cycle::encounter::model::DoseFacts;

use super::super::case::{Case, Line};
use super::super::catalog::Findings;
use super::super::suggestion::Suggestion;

const CODE: &str = "SV101-2 (charge_line.procedure_code)";
const UNITS: &str = "SV104 (charge_line.units)";

/// How a payer wants the administration of a claim's doses.
enum Wanted {
    /// By codes of this style.
    Coded(Style),
    /// By no line: the product line carries it (styles C and D).
    InProduct,
    /// Product lines of public stock are not billed: how many doses there were, the claim does not tell (style F).
    Unknown,
}

/// What the payer wants for doses of public stock.
fn public_style(rules: &PayerRules) -> Wanted {
    let style = rules.public_style();
    match (style.sheet().product, style.sheet().administration) {
        (_, None) => Wanted::InProduct,
        (None, Some(_)) => Wanted::Unknown,
        (Some(_), Some(_)) => Wanted::Coded(style.codes(Style::COMMERCIAL)),
    }
}

fn is_vaccine(line: &&Line<'_>) -> bool {
    line.product.is_some_and(|product| product.class == Class::Vaccine)
}

/// Lines of products of a class whose administration must be on the claim, in doses: units of vaccines, lines of antibodies (PED-14).
fn doses(case: &Case<'_>, class: Class) -> u32 {
    let lines = case.lines.iter().filter(|line| line.product.is_some_and(|product| product.class == class));
    let carried = matches!(public_style(case.payer.rules), Wanted::InProduct);
    let lines = lines.filter(|line| !(carried && line.is_public_stock()));
    lines.map(|line| if class == Class::RsvAntibody { 1 } else { line.units }).sum()
}

fn administrations(case: &Case<'_>, class: Class) -> u32 {
    case.lines.iter().filter(|line| line.administers == Some(class)).map(|line| line.units).sum()
}

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
    let vaccines: Vec<&Line<'_>> = case.lines.iter().filter(is_vaccine).collect();
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

/// E039: the units of vaccine administration are those that the doses ask for (PED-10, PED-11), in the payer's style for public stock. A
/// dose counts as counselled where it is recorded so, or where every dose is billed so: what is not documented E037 tells. Silent at 19
/// years and later beside 90460, which E036 tells; where nothing is administered, which E041 tells; and where private and public stock
/// meet, since two styles on one claim leave it to a person which code is the first.
pub fn units(case: &Case<'_>, findings: &mut Findings<'_>) {
    let Some(age) = case.age else { return };
    let vaccines: Vec<&Line<'_>> = case.lines.iter().filter(is_vaccine).collect();
    let Some(last) = case.lines.iter().rfind(|line| line.administers_vaccine()) else { return };
    let public = vaccines.iter().filter(|line| line.is_public_stock()).count();
    if vaccines.is_empty() || (public > 0 && public < vaccines.len()) || (age.years > COUNSELLED_TO_YEARS && case.units_of(90_460) > 0) {
        return;
    }
    let style = match if public > 0 { public_style(case.payer.rules) } else { Wanted::Coded(Style::COMMERCIAL) } {
        Wanted::Coded(style) => style,
        Wanted::InProduct | Wanted::Unknown => return,
    };
    let given: u32 = vaccines.iter().map(|line| line.units).sum();
    let all_billed_so = case.units_of(90_460) >= given;
    // Without recorded doses only the counselled codes tell how each dose was given: by any route alike.
    if vaccines.iter().any(|line| line.dose.is_none()) && !all_billed_so {
        return;
    }
    let mut doses = Vec::with_capacity(vaccines.len());
    for line in &vaccines {
        let Some(product) = line.product else { continue };
        let recorded = line.dose.is_some_and(DoseFacts::is_counselled);
        let mut dose = immunization::Dose::of(product, recorded || all_billed_so);
        dose.route = line.dose.map_or(product.route, |dose| dose.route);
        doses.extend(std::iter::repeat_n(dose, line.units.min(UNITS_MAX) as usize));
    }
    let expected = immunization::administration(age, &doses, style);
    let wanted =
        |number: u32| -> u32 { expected.lines.iter().filter(|line| line.code.number() == Some(number)).map(|line| line.units).sum() };
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

/// Doses of one product that are computed with: a claim has no more lines, and a child gets no two doses of a product on a day.
const UNITS_MAX: u32 = 50;

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

/// What is counted for E041, each with what administers it.
const COUNTED: [Class; 3] = [Class::Vaccine, Class::Covid, Class::RsvAntibody];

/// E041: doses and administrations are equally many, whatever their kinds (PED-14): which code goes with which product E042 and E043
/// tell. In the payer's style: where product lines of public stock carry the administration they are not counted, and where they are not
/// billed an administration may stand alone.
pub fn counts(case: &Case<'_>, findings: &mut Findings<'_>) {
    let given: u32 = COUNTED.iter().map(|class| doses(case, *class)).sum();
    let administered: u32 = COUNTED.iter().map(|class| administrations(case, *class)).sum();
    let alone_is_right = matches!(public_style(case.payer.rules), Wanted::Unknown) && case.payer.class.is_medicaid();
    if given == administered || (administered > given && alone_is_right) {
        return;
    }
    let message = format!("Vaccine and administration counts differ: {given} doses, {administered} administrations");
    findings.add("2400 (charge_line)", message).found(administered).expected(given);
}

/// E042: a COVID-19 vaccine is administered by 90480, and nothing else is (PED-12).
pub fn covid(case: &Case<'_>, findings: &mut Findings<'_>) {
    let over = |class| administrations(case, class) > doses(case, class);
    let under = |class| administrations(case, class) < doses(case, class);
    if under(Class::Covid) && over(Class::Vaccine) {
        findings
            .add("2400 SV101-2 (charge_line.procedure_code)", "Use 90480: a COVID-19 vaccine is not administered by 90460–90474")
            .expected("90480");
    }
    if over(Class::Covid) && under(Class::Vaccine) {
        findings
            .add("2400 SV101-2 (charge_line.procedure_code)", "Use 90480 for COVID-19 vaccines only: other vaccines go by 90460–90474")
            .found("90480");
    }
}

/// E043: an antibody against RSV is administered by 96380 or 96381, and it and its administration point to Z29.11, never to Z23 (PED-13).
pub fn antibodies(case: &Case<'_>, findings: &mut Findings<'_>) {
    let short = administrations(case, Class::RsvAntibody) < doses(case, Class::RsvAntibody);
    if short && administrations(case, Class::Vaccine) > doses(case, Class::Vaccine) {
        let message = "Use 96380/96381 and Z29.11: an RSV antibody is not administered by 90460–90474";
        findings.add("2400 SV101-2 (charge_line.procedure_code)", message).expected("96380 96381");
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
    if case.has_diagnosis(NOT_IMMUNIZED_FOR_COVID) && doses(case, Class::Covid) > 0 {
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
