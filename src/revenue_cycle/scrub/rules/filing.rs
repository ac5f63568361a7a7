//! E066: the clock of timely filing (PED-69).

use crate::pediatrics::timely_filing::{TimeLeft, time_left};

use super::super::case::Case;
use super::super::catalog::Findings;
use super::super::model::Severity;

/// E066: past the last day of filing a claim needs a delay reason (CLM20); in the last fourteen days a person is told. Needs the claim's last
/// day of filing.
pub fn timely(case: &Case<'_>, findings: &mut Findings<'_>) {
    let Some(last) = case.file_by else { return };
    let (time, path) = (time_left(last, case.today), "2300 CLM20 (claim.file_by)");
    let left = time.days();
    let too_late = || match left.unsigned_abs() {
        1 => "1 day too late to file".to_owned(),
        days => format!("{days} days too late to file"),
    };
    match time {
        TimeLeft::Enough { .. } => {}
        TimeLeft::Short { .. } => {
            findings.add(path, format!("{left} days left to file: the last day is {last}")).found(left);
        }
        TimeLeft::Past { .. } if case.content.claim.delay_reason.is_none() => {
            let message = format!("{}: the last day was {last}; give a delay reason (CLM20), or write it off", too_late());
            findings.add_as(Severity::Error, path, message).found(left);
        }
        TimeLeft::Past { .. } => {
            findings.add_as(Severity::Note, path, format!("{}: it goes with a delay reason", too_late())).found(left);
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::super::super::model::Severity;
    use super::super::testing::World;

    #[test]
    fn e066_counts_the_days_left_and_the_days_too_late() {
        let told = |world: &World| world.findings().into_iter().map(|finding| (finding.severity, finding.message)).collect::<Vec<_>>();
        let mut world = World { file_by: Some(date(2026, 3, 22)), ..World::medicaid() };
        assert_eq!(told(&world), [(Severity::Warning, "2 days left to file: the last day is 2026-03-22".to_owned())]);
        world.file_by = Some(date(2026, 3, 17));
        let late = "3 days too late to file: the last day was 2026-03-17; give a delay reason (CLM20), or write it off";
        assert_eq!(told(&world), [(Severity::Error, late.to_owned())]);
        world.file_by = Some(date(2026, 3, 19));
        world.content.claim.delay_reason = Some("8".to_owned());
        assert_eq!(told(&world), [(Severity::Note, "1 day too late to file: it goes with a delay reason".to_owned())]);
    }
}
