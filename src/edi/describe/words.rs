//! What X12's own codes say, in our words. A code that is not listed is shown as it came.

use jiff::civil::DateTime;

use crate::edi::claim_837p::DateValue;
use crate::edi::remittance_835::Procedure;

/// `code (meaning)`, or the code alone.
pub(super) fn code(code: &str, meaning: Option<&str>) -> String {
    match meaning {
        Some(meaning) if !code.is_empty() => format!("{code} ({meaning})"),
        _ => code.to_owned(),
    }
}

/// The meaning that a table gives, else the code itself.
fn say<'a>(table: &[(&str, &'static str)], code: &'a str) -> &'a str {
    find(table, code).unwrap_or(code)
}

fn find(table: &[(&str, &'static str)], code: &str) -> Option<&'static str> {
    table.iter().find(|(known, _)| *known == code).map(|(_, meaning)| *meaning)
}

/// GS01.
pub(super) fn group_of(code: &str) -> &str {
    const GROUPS: &[(&str, &str)] = &[
        ("FA", "syntax acknowledgments"),
        ("HB", "eligibility answers"),
        ("HC", "claims"),
        ("HN", "claim status answers"),
        ("HP", "remittances"),
        ("HR", "claim status questions"),
        ("HS", "eligibility questions"),
    ];
    say(GROUPS, code)
}

/// BPR01.
pub(super) fn handling(code: &str) -> &str {
    const HANDLINGS: &[(&str, &str)] = &[
        ("C", "the remittance comes by way of the bank"),
        ("D", "payment only"),
        ("H", "notification only, no money moves"),
        ("I", "with this remittance"),
        ("P", "prenotification of a future transfer"),
        ("U", "payment and remittance travel apart"),
        ("X", "as payer and bank agreed"),
    ];
    say(HANDLINGS, code)
}

/// BPR04.
pub(super) fn method(code: &str) -> &str {
    const METHODS: &[(&str, &str)] =
        &[("ACH", "electronic transfer"), ("BOP", "the bank's choice"), ("CHK", "check"), ("FWT", "wire"), ("NON", "no payment")];
    say(METHODS, code)
}

/// CLP02.
pub(super) fn claim_status(code: &str) -> &str {
    const STATUSES: &[(&str, &str)] = &[
        ("1", "processed as primary"),
        ("2", "processed as secondary"),
        ("3", "processed as tertiary"),
        ("4", "denied"),
        ("19", "processed as primary, forwarded to another payer"),
        ("20", "processed as secondary, forwarded to another payer"),
        ("21", "processed as tertiary, forwarded to another payer"),
        ("22", "reversal of an earlier payment"),
        ("23", "not this payer's claim, forwarded to another"),
        ("25", "predetermination, no payment"),
    ];
    say(STATUSES, code)
}

/// CAS01: who bears an adjustment (domain.md 2.7).
pub(super) fn adjustment_group(code: &str) -> &str {
    const GROUPS: &[(&str, &str)] = &[
        ("CO", "the practice, by its contract"),
        ("OA", "nobody: bookkeeping between payers"),
        ("PI", "the practice, by the payer's decision"),
        ("PR", "the patient"),
    ];
    say(GROUPS, code)
}

/// SBR01.
pub(super) fn responsibility(code: &str) -> &str {
    const ORDER: &[(&str, &str)] =
        &[("P", "primary"), ("S", "secondary"), ("T", "tertiary"), ("A", "fourth"), ("B", "fifth"), ("U", "order unknown")];
    say(ORDER, code)
}

/// SBR02, PAT01: what the patient is to the subscriber.
pub(super) fn relationship(code: &str) -> &str {
    const RELATIONSHIPS: &[(&str, &str)] = &[
        ("01", "spouse"),
        ("18", "the subscriber"),
        ("19", "child"),
        ("20", "employee"),
        ("21", "relationship unknown"),
        ("39", "organ donor"),
        ("40", "cadaver donor"),
        ("53", "life partner"),
        ("G8", "other relationship"),
    ];
    say(RELATIONSHIPS, code)
}

/// CLM05-3, CLP09.
pub(super) fn frequency(code: &str) -> &str {
    say(&[("1", "original claim"), ("7", "replacement of an adjudicated claim"), ("8", "void of an adjudicated claim")], code)
}

/// NM101.
pub(super) fn role(code: &str) -> &str {
    const ROLES: &[(&str, &str)] = &[
        ("74", "corrected insured"),
        ("77", "service facility"),
        ("82", "rendering"),
        ("85", "billing"),
        ("DK", "ordering"),
        ("DN", "referring"),
        ("DQ", "supervising"),
        ("GB", "other subscriber"),
        ("IL", "insured"),
        ("P3", "primary care"),
        ("PR", "payer before this one"),
        ("QB", "purchased from"),
        ("QC", "patient"),
        ("TT", "forwarded to"),
    ];
    say(ROLES, code)
}

/// DTP01, DTM01.
pub(super) fn date_kind(code: &str) -> &str {
    const KINDS: &[(&str, &str)] = &[
        ("011", "shipped"),
        ("036", "coverage ends"),
        ("050", "received"),
        ("090", "care assumed"),
        ("091", "care relinquished"),
        ("096", "discharged"),
        ("150", "service from"),
        ("151", "service to"),
        ("232", "statement from"),
        ("233", "statement to"),
        ("304", "last seen"),
        ("431", "onset"),
        ("435", "admitted"),
        ("439", "accident"),
        ("454", "first treatment"),
        ("471", "prescribed"),
        ("472", "service"),
        ("484", "last menstrual period"),
    ];
    say(KINDS, code)
}

/// REF01, and whether such a number may be shown: it tells of a claim, a provider or a payer, and of no person.
pub(super) fn reference_kind(code: &str) -> (&str, bool) {
    const KINDS: &[(&str, &str, bool)] = &[
        ("0B", "state licence", true),
        ("0K", "policy form", true),
        ("1K", "payer's claim number", true),
        ("1L", "group or policy number", false),
        ("1W", "member id", false),
        ("2U", "payer id", true),
        ("4N", "authorization exception", true),
        ("6R", "line number", true),
        ("9A", "repriced claim number", true),
        ("9C", "adjusted repriced claim number", true),
        ("9F", "referral", false),
        ("BB", "authorization", false),
        ("BT", "immunization batch", true),
        ("CE", "contract class", true),
        ("D9", "clearinghouse trace", true),
        ("EA", "medical record", false),
        ("EI", "tax id", true),
        ("EO", "submitter id", true),
        ("EV", "receiver", true),
        ("F2", "payer's system", true),
        ("F4", "referring CLIA", true),
        ("F8", "payer's claim number", true),
        ("FJ", "line number", true),
        ("FY", "claim office", true),
        ("G1", "prior authorization", false),
        ("G2", "payer's number of the provider", true),
        ("LU", "location", true),
        ("NF", "NAIC", true),
        ("P4", "demonstration", true),
        ("PQ", "payee id", true),
        ("SY", "social security number", false),
        ("TJ", "tax id", true),
        ("X4", "CLIA", true),
        ("XZ", "prescription", false),
        ("Y4", "property and casualty claim", false),
    ];
    KINDS.iter().find(|(known, ..)| *known == code).map_or((code, false), |(_, meaning, shown)| (meaning, *shown))
}

/// AMT01.
pub(super) fn amount_kind(code: &str) -> &str {
    const KINDS: &[(&str, &str)] = &[
        ("AU", "covered"),
        ("B6", "allowed"),
        ("D8", "discount"),
        ("DY", "per day"),
        ("F5", "patient paid"),
        ("I", "interest"),
        ("KH", "late filing reduction"),
        ("NL", "negative balance"),
        ("T", "tax"),
        ("T2", "total before taxes"),
    ];
    say(KINDS, code)
}

/// CLM12.
pub(super) fn special_program(code: &str) -> Option<&'static str> {
    const PROGRAMS: &[(&str, &str)] =
        &[("02", "children's special health program"), ("03", "federally funded program"), ("05", "disability"), ("09", "second opinion")];
    find(PROGRAMS, code)
}

/// CLM20.
pub(super) fn delay_reason(code: &str) -> Option<&'static str> {
    const REASONS: &[(&str, &str)] = &[
        ("1", "eligibility was unknown"),
        ("2", "litigation"),
        ("3", "authorization was late"),
        ("4", "provider certification was late"),
        ("5", "billing forms were late"),
        ("6", "appliance was late"),
        ("7", "another payer was late"),
        ("8", "eligibility was late"),
        ("9", "the original was rejected for another reason"),
        ("10", "prior approval was late"),
        ("11", "other"),
        ("15", "disaster"),
    ];
    find(REASONS, code)
}

/// CLM11-1.
pub(super) fn cause(code: &str) -> Option<&'static str> {
    find(&[("AA", "automobile accident"), ("EM", "employment"), ("OA", "other accident")], code)
}

/// CRC03 of an EPSDT referral.
pub(super) fn referral(code: &str) -> Option<&'static str> {
    const REFERRALS: &[(&str, &str)] =
        &[("AV", "available, not used"), ("NU", "no referral"), ("S2", "already under treatment"), ("ST", "new services requested")];
    find(REFERRALS, code)
}

/// A procedure as billers write it: `99391-25`, with its qualifier where it is no CPT or HCPCS code.
pub(super) fn procedure(procedure: &Procedure) -> String {
    let mut text = match &*procedure.qualifier {
        "HC" | "" => procedure.code.to_string(),
        other => format!("{other} {}", procedure.code),
    };
    for modifier in &procedure.modifiers {
        text.push('-');
        text.push_str(modifier);
    }
    text
}

/// A day or a span.
pub(super) fn date_value(value: &DateValue) -> String {
    match value {
        DateValue::Day(day) => day.to_string(),
        DateValue::Span(from, to) => format!("{from} to {to}"),
        DateValue::Other { format, .. } => format!("unreadable ({format})"),
    }
}

/// A date and time to the minute.
pub(super) fn minute(at: DateTime) -> String {
    format!("{} {:02}:{:02}", at.date(), at.hour(), at.minute())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_codes_show_as_they_came() {
        assert_eq!((claim_status("22"), claim_status("77")), ("reversal of an earlier payment", "77"));
        assert_eq!(code("45", Some("over the fee schedule")), "45 (over the fee schedule)");
        assert_eq!((code("45", None), code("", Some("nothing"))), ("45".to_owned(), String::new()));
    }

    #[test]
    fn a_number_of_an_unknown_kind_is_never_shown() {
        assert_eq!(reference_kind("6R"), ("line number", true));
        assert_eq!(reference_kind("SY"), ("social security number", false));
        assert_eq!(reference_kind("Q9"), ("Q9", false));
    }
}
