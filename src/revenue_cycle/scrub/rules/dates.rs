//! E014, E015: birth, service and today.

use super::super::case::Case;
use super::super::catalog::Findings;
use crate::pediatrics::age::Age;
use crate::revenue_cycle::claim::model::service_day;

/// Nobody is older: a birth date further back is a typing error.
const AGE_MAX_YEARS: u16 = 150;

/// A pediatric practice sees patients until their 22nd birthday.
const AGE_EXPECTED_MAX_YEARS: u16 = 21;

/// E014: birth date ≤ date of service ≤ today, every line has a date, and nobody is 150.
pub fn birth_and_service(case: &Case<'_>, findings: &mut Findings<'_>) {
    let birth = case.content.birth_date();
    for (n, line) in case.content.claim.lines.iter().enumerate() {
        let path = format!("2400[{}] DTP03 (encounter.service_date)", n + 1);
        let Some(day) = service_day(line) else {
            findings.add(path, "Check birth date / service date: the line has no date of service");
            continue;
        };
        let last = line.service_date.as_ref().and_then(|d| d.last()).unwrap_or(day);
        if last < day || last > case.today {
            findings.add(path, format!("Check birth date / service date: {last} is in the future or before the line's first day"));
        } else if let Some(birth) = birth {
            if birth > day {
                findings.add(path, "Check birth date / service date: the service is before the birth");
            } else if Age::at(birth, day).is_ok_and(|age| age.years >= AGE_MAX_YEARS) {
                findings.add("DMG02 (child.birth_date)", "Check birth date / service date: the patient would be 150 or older");
            }
        }
    }
}

/// E015: a patient older than a pediatric practice expects.
pub fn older_than_expected(case: &Case<'_>, findings: &mut Findings<'_>) {
    let (Some(birth), Some(day)) = (case.content.birth_date(), case.content.service_date()) else { return };
    if let Some(age) = Age::at(birth, day).ok().filter(|age| age.years > AGE_EXPECTED_MAX_YEARS && age.years < AGE_MAX_YEARS) {
        findings.add("DMG02 (child.birth_date)", format!("Patient older than expected: {} years", age.years));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{edits_of, well_child};
    use crate::edi::claim_837p::DateValue;
    use crate::platform::phi::Phi;
    use jiff::civil::date;

    #[test]
    fn e014_finds_a_service_before_birth_and_one_in_the_future() {
        let mut claim = well_child();
        claim.subscriber.person.birth_date = Some(Phi::new(date(2026, 5, 1)));
        assert_eq!(edits_of(&claim), ["E014"; 3]);
        let mut claim = well_child();
        claim.claim.lines[0].service_date = Some(DateValue::Day(date(2027, 1, 1)));
        assert_eq!(edits_of(&claim), ["E014"]);
        claim.claim.lines[0].service_date = None;
        assert!(edits_of(&claim).contains(&"E014".to_owned()));
    }
}
