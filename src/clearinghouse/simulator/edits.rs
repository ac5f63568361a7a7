//! The payer's look at each claim before adjudication: whom it can't tell, what contradicts itself. Gives the status that a 277CA reports
//! (domain.md 3.2).

use jiff::civil::Date;

use super::intake::SubmittedClaim;
use crate::edi::ack_277ca::StatusCode;
use crate::edi::claim_837p::Frequency;
use crate::platform::money::Money;

/// What the scenario `rejected` says: the member is not known, the diagnosis or the procedure is not taken.
pub const INVENTED: [(&str, &str, Option<&str>); 4] =
    [("A7", "164", Some("IL")), ("A3", "33", Some("IL")), ("A7", "255", None), ("A7", "454", None)];

/// A status: category, status, entity.
#[must_use]
pub fn status(category: &str, status: &str, entity: Option<&str>) -> StatusCode {
    StatusCode::new(category, status, entity)
}

/// Every reason not to take a claim on this day, other than what earlier claims say; empty when there is none.
#[must_use]
pub fn faults(claim: &SubmittedClaim, today: Date) -> Vec<StatusCode> {
    let out_of_range = |amount: Money| amount.is_negative() || amount > Money::X12_MAX;
    let charges: Money = claim.lines.iter().map(|line| line.charge).sum();
    let dates_fault = claim.lines.iter().any(|line| match line.dates {
        None => true,
        Some((first, last)) => first > last || last > today || claim.patient.birth_date.as_ref().is_some_and(|born| *born.reveal() > first),
    });
    let checks = [
        (claim.payer.id.is_empty(), status("A7", "153", Some("PR"))),
        (claim.payee.npi.is_none(), status("A7", "562", Some("85"))),
        (claim.member_id.reveal().is_empty(), status("A7", "164", Some("IL"))),
        (claim.patient.birth_date.is_none(), status("A7", "158", Some("QC"))),
        (claim.pcn.is_empty(), status("A7", "478", None)),
        (claim.lines.is_empty() || claim.lines.iter().any(|line| line.procedure.code.is_empty()), status("A7", "454", None)),
        (claim.charge != charges, status("A8", "178", None)),
        (out_of_range(charges) || claim.lines.iter().any(|line| out_of_range(line.charge)), status("A7", "178", None)),
        (dates_fault, status("A7", "187", None)),
        (matches!(claim.frequency, Frequency::Other(_)), status("A7", "535", None)),
        (claim.frequency != Frequency::Original && claim.original_icn.is_none(), status("A6", "464", None)),
    ];
    checks.into_iter().filter(|(fault, _)| *fault).map(|(_, status)| status).collect()
}
