//! E066: the clock of timely filing (PED-69).

use crate::revenue_cycle::worklist::deadline::days_left;

use super::super::case::Case;
use super::super::catalog::Findings;
use super::super::model::Severity;

/// With so few days left a claim that waits for the next batch, a rejection or a person may be late (domain.md E066).
const SOON_DAYS: i32 = 14;

/// E066: past the last day of filing a claim needs a delay reason (CLM20); in the last fourteen days a person is told. Needs the claim's last
/// day of filing.
pub fn timely(case: &Case<'_>, findings: &mut Findings<'_>) {
    let Some(last) = case.file_by else { return };
    let left = days_left(last, case.today);
    let path = "2300 CLM20 (claim.file_by)";
    if left < 0 && case.content.claim.delay_reason.is_none() {
        let message = format!("{left} days left to file: the last day was {last}; give a delay reason (CLM20), or write it off");
        findings.add_as(Severity::Error, path, message).found(left);
    } else if left < 0 {
        findings.add_as(Severity::Note, path, format!("{left} days left to file: sent late, with a delay reason")).found(left);
    } else if left <= SOON_DAYS {
        findings.add(path, format!("{left} days left to file: the last day is {last}")).found(left);
    }
}
