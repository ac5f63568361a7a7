//! What codes say: the meanings of the dictionary of [`guide`], and the few that a description puts otherwise. A code without a meaning is
//! shown as it came.

use jiff::civil::DateTime;

use crate::edi::claim_837p::DateValue;
use crate::edi::guide;
use crate::edi::remittance_835::Procedure;

/// `code (meaning)`, or the code alone.
pub(super) fn code(code: &str, meaning: Option<&str>) -> String {
    match meaning {
        Some(meaning) if !code.is_empty() => format!("{code} ({meaning})"),
        _ => code.to_owned(),
    }
}

/// A code list of the dictionary.
#[derive(Clone, Copy)]
pub(super) enum List {
    /// AMT01.
    Amount,
    /// EB01.
    Benefit,
    /// CLM11-1.
    Cause,
    /// CLP02.
    ClaimStatus,
    /// CRC03.
    Condition,
    /// EB02.
    CoverageLevel,
    /// DTP01, DTM01.
    Date,
    /// CLM20.
    DelayReason,
    /// CLM05-3, CLP09.
    Frequency,
    /// GS01.
    Group,
    /// BPR01.
    Handling,
    /// EB04.
    InsuranceType,
    /// BPR04.
    Method,
    /// EB09, HSD01.
    Quantity,
    /// REF01.
    Reference,
    /// SBR02, PAT01.
    Relationship,
    /// SBR01.
    Responsibility,
    /// NM101.
    Role,
    /// EB03.
    ServiceType,
    /// CLM12.
    SpecialProgram,
    /// EB06.
    TimePeriod,
}

impl List {
    fn data_element(self) -> &'static str {
        match self {
            List::Amount => "522",
            List::Benefit => "1390",
            List::Cause => "1362",
            List::ClaimStatus => "1029",
            List::Condition => "1321",
            List::CoverageLevel => "1207",
            List::Date => "374",
            List::DelayReason => "1514",
            List::Frequency => "1325",
            List::Group => "479",
            List::Handling => "305",
            List::InsuranceType => "1336",
            List::Method => "591",
            List::Quantity => "673",
            List::Reference => "128",
            List::Relationship => "1069",
            List::Responsibility => "1138",
            List::Role => "98",
            List::ServiceType => "1365",
            List::SpecialProgram => "1366",
            List::TimePeriod => "615",
        }
    }

    /// The meaning of a code; none when it has none.
    pub(super) fn meaning(self, code: &str) -> Option<&'static str> {
        guide::code_meaning(self.data_element(), code)
    }

    /// The meaning of a code, else the code.
    pub(super) fn say(self, code: &str) -> &str {
        self.meaning(code).unwrap_or(code)
    }

    /// `code (meaning)`.
    pub(super) fn both(self, of: &str) -> String {
        code(of, self.meaning(of))
    }
}

/// CAS01: who bears an adjustment (domain.md 2.7).
pub(super) fn bearer(group: &str) -> &str {
    match group {
        "CO" => "the practice, by its contract",
        "OA" => "nobody: bookkeeping between payers",
        "PI" => "the practice, by the payer's decision",
        "PR" => "the patient",
        other => other,
    }
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
        assert_eq!((List::Responsibility.say("S"), List::Responsibility.say("9")), ("secondary", "9"));
        assert_eq!((List::Cause.both("AA"), List::Cause.both("ZZ")), ("AA (auto accident)".to_owned(), "ZZ".to_owned()));
        assert_eq!((code("45", None), code("", Some("nothing"))), ("45".to_owned(), String::new()));
    }

    #[test]
    fn every_list_is_in_the_dictionary() {
        let known = [
            (List::Amount, "B6"),
            (List::Benefit, "R"),
            (List::CoverageLevel, "FAM"),
            (List::InsuranceType, "MC"),
            (List::Quantity, "VS"),
            (List::ServiceType, "98"),
            (List::TimePeriod, "27"),
            (List::ClaimStatus, "22"),
            (List::Condition, "NU"),
            (List::Date, "472"),
            (List::DelayReason, "7"),
            (List::Frequency, "7"),
            (List::Group, "HC"),
            (List::Handling, "I"),
            (List::Method, "ACH"),
            (List::Reference, "6R"),
            (List::Relationship, "19"),
            (List::Role, "82"),
            (List::SpecialProgram, "03"),
        ];
        for (list, code) in known {
            assert!(list.meaning(code).is_some(), "{code}");
        }
    }

    #[test]
    fn an_unreadable_date_names_its_format_and_not_its_text() {
        assert_eq!(date_value(&DateValue::Other { format: "D6".into(), text: "261116".into() }), "unreadable (D6)");
    }
}
