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
    match time {
        TimeLeft::Enough { .. } => {}
        TimeLeft::Short { .. } => {
            findings.add(path, format!("{left} days left to file: the last day is {last}")).found(left);
        }
        TimeLeft::Past { .. } if case.content.claim.delay_reason.is_none() => {
            let message = format!("{left} days left to file: the last day was {last}; give a delay reason (CLM20), or write it off");
            findings.add_as(Severity::Error, path, message).found(left);
        }
        TimeLeft::Past { .. } => {
            findings.add_as(Severity::Note, path, format!("{left} days left to file: sent late, with a delay reason")).found(left);
        }
    }
}
