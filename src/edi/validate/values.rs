//! What the text of an element must be: characters, length, number, date, code; and what a qualifier makes of the value after it.

use super::catalog::*;
use crate::edi::guide::{ElementSpec, ElementUse, Kind};
use crate::edi::segment::parse_date8;
use crate::platform::ids::Npi;

/// The most digits of an amount, those after the point included (RFI 2164).
const MONEY_DIGITS: usize = 10;

/// The most decimals of an amount (domain.md 1.1).
const MONEY_DECIMALS: usize = 2;

/// The data element of amounts.
const AMOUNT: &str = "782";

/// Characters of a date without century, in ISA and TA1 only.
const SHORT_DATE: u16 = 6;

/// Checks one simple value that is not empty.
pub(super) fn check(spec: &ElementSpec, place: &ElementUse, text: &[u8], report: &mut impl FnMut(&'static Rule, String)) {
    let length = match characters(text) {
        Characters::Plain => text.len(),
        Characters::Foreign(count) => {
            report(FOREIGN_CHARACTER, "has characters outside of the X12 sets".to_owned());
            count
        }
        Characters::Control => return report(CONTROL_CHARACTER, "has characters that can't be printed".to_owned()),
    };
    let fault = match spec.kind {
        Kind::An | Kind::Id => {
            if text.first() == Some(&b' ') || text.last() == Some(&b' ') {
                report(SPACES, "has blanks around it".to_owned());
            }
            None
        }
        Kind::N0 => number(text, false),
        Kind::R => number(text, true),
        Kind::Dt if spec.max == SHORT_DATE => {
            parse_date8(&[b"20", text].concat()).is_none().then_some((NOT_A_DATE, "is not a date YYMMDD"))
        }
        Kind::Dt => parse_date8(text).is_none().then_some((NOT_A_DATE, "is not a date CCYYMMDD")),
        Kind::Tm => (!is_time(text)).then_some((NOT_A_TIME, "is not a time")),
        Kind::Composite(..) => None,
    };
    if let Some((rule, said)) = fault {
        return report(rule, said.to_owned());
    }
    let length = if matches!(spec.kind, Kind::N0 | Kind::R) { digits(text) } else { length };
    if length < spec.min.into() {
        report(TOO_SHORT, format!("is shorter than {}", spec.min));
    } else if length > spec.max.into() {
        report(TOO_LONG, format!("is longer than {}", spec.max));
    } else if let Some((rule, said)) = in_place(spec, place, text) {
        report(rule, said);
    }
}

/// What the place asks for beyond the dictionary.
fn in_place(spec: &ElementSpec, place: &ElementUse, text: &[u8]) -> Option<(&'static Rule, String)> {
    if !place.codes.is_empty() && !place.codes.iter().any(|code| code.as_bytes() == text) {
        let elsewhere = std::str::from_utf8(text).is_ok_and(|code| spec.meaning(code).is_some());
        let rule = if elsewhere { CODE_NOT_HERE } else { CODE_UNKNOWN };
        return Some((rule, format!("is not {}", listed(&place.codes))));
    }
    if let Some(wanted) = place.digits
        && (text.len() != usize::from(wanted) || !text.iter().all(u8::is_ascii_digit))
    {
        return Some((DIGITS, format!("is not {wanted} digits")));
    }
    if spec.data_element == AMOUNT {
        let decimals = text.iter().position(|&byte| byte == b'.').map_or(0, |point| text.len() - point - 1);
        if decimals > MONEY_DECIMALS || digits(text) > MONEY_DIGITS {
            return Some((MONEY, "is not an amount of money".to_owned()));
        }
    }
    None
}

/// `one of A, B, C`; long lists are not told.
fn listed(codes: &[&str]) -> String {
    /// More codes than a person reads in a sentence.
    const TOLD: usize = 8;
    match codes {
        [one] => one.to_string(),
        [..] if codes.len() <= TOLD => format!("one of {}", codes.join(", ")),
        [..] => format!("one of the {} codes allowed here", codes.len()),
    }
}

/// What a text is made of.
enum Characters {
    /// Characters of the basic and extended sets (domain.md 1.1).
    Plain,
    /// Others too; how many characters there are.
    Foreign(usize),
    /// Some that can't be printed.
    Control,
}

fn characters(text: &[u8]) -> Characters {
    if text.iter().all(|byte| matches!(byte, b' '..=b'~')) {
        Characters::Plain
    } else if text.iter().any(u8::is_ascii_control) {
        Characters::Control
    } else {
        Characters::Foreign(std::str::from_utf8(text).map_or(text.len(), |text| text.chars().count()))
    }
}

fn number(text: &[u8], decimals: bool) -> Option<(&'static Rule, &'static str)> {
    let unsigned = text.strip_prefix(b"-").unwrap_or(text);
    let points = unsigned.iter().filter(|&&byte| byte == b'.').count();
    let all = unsigned.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.');
    let is_number = all && digits(text) > 0 && points <= usize::from(decimals);
    (!is_number).then_some((NOT_A_NUMBER, if decimals { "is not a number" } else { "is not a whole number" }))
}

fn digits(text: &[u8]) -> usize {
    text.iter().filter(|byte| byte.is_ascii_digit()).count()
}

/// `HHMM`, `HHMMSS`, `HHMMSSD` or `HHMMSSDD`.
pub(super) fn is_time(text: &[u8]) -> bool {
    let part =
        |at: usize| text.get(at..at + 2).map_or(0, |two| u32::from(two[0].wrapping_sub(b'0')) * 10 + u32::from(two[1].wrapping_sub(b'0')));
    text.iter().all(u8::is_ascii_digit)
        && matches!(text.len(), 4 | 6 | 7 | 8)
        && part(0) < 24
        && part(2) < 60
        && (text.len() < 6 || part(4) < 60)
}

/// What a qualifier (data element and code) asks of the value after it.
pub(super) fn pair(qualifier: &str, code: &[u8], value: &str, text: &[u8]) -> Option<(&'static Rule, String)> {
    let said = |rule, said: &str| Some((rule, said.to_owned()));
    match (qualifier, code, value) {
        ("1250", b"D8", "1251") if parse_date8(text).is_none() => said(NOT_A_DATE, "is not a date CCYYMMDD"),
        ("1250", b"RD8", "1251") => match period(text) {
            None => said(NOT_A_DATE, "is not a period CCYYMMDD-CCYYMMDD"),
            Some((first, last)) if first > last => said(PERIOD_BACKWARDS, "ends before it begins"),
            Some(_) => None,
        },
        ("66", b"XX", "67") | ("128", b"HPI", "127") if !is_npi(text) => said(NPI, "is not an NPI"),
        ("128", b"PXC", "127") if text.len() != 10 || text.last() != Some(&b'X') => said(TAXONOMY, "is not a taxonomy code"),
        ("235", b"N4", "234") if text.len() != 11 || digits(text) != 11 => said(NDC, "is not an NDC of eleven digits"),
        ("1270", b"ABK" | b"ABF" | b"BK" | b"BF", "1271") if text.contains(&b'.') => said(DIAGNOSIS_POINT, "has a point"),
        ("365", b"TE" | b"FX", "364") if text.len() != 10 || digits(text) != 10 => said(PHONE, "is not ten digits"),
        _ => None,
    }
}

fn is_npi(text: &[u8]) -> bool {
    std::str::from_utf8(text).is_ok_and(|text| text.parse::<Npi>().is_ok())
}

fn period(text: &[u8]) -> Option<(jiff::civil::Date, jiff::civil::Date)> {
    let (first, last) = (text.get(..8)?, text.get(9..)?);
    (text[8] == b'-').then_some((parse_date8(first)?, parse_date8(last)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edi::guide::{Usage, segment};

    /// What is said of a value of an element in any place.
    fn said(id: &str, element: usize, text: &str) -> Vec<&'static str> {
        let spec = segment(id).unwrap().element(element).unwrap();
        let place = ElementUse { usage: Usage::Situational, codes: Vec::new(), digits: None, components: Vec::new() };
        let mut codes = Vec::new();
        check(spec, &place, text.as_bytes(), &mut |rule, _| codes.push(rule.code));
        codes
    }

    #[test]
    fn a_value_must_have_the_type_and_length_of_its_element() {
        for (id, element, good, bad, code) in [
            ("CLM", 2, "175.5", "175,5", "X12-NUMBER"),
            ("CLM", 2, "-0.25", "1.2.3", "X12-NUMBER"),
            ("CLM", 2, "99999999.99", "100000000.00", "X12-MONEY"),
            ("CLM", 2, ".5", "1.005", "X12-MONEY"),
            ("CLM", 2, "0", "-", "X12-NUMBER"),
            ("HL", 1, "12", "", "X12-SHORT"),
            ("SE", 1, "12", "1.2", "X12-NUMBER"),
            ("BHT", 4, "20261118", "20260229", "X12-DATE"),
            ("BHT", 5, "0930", "2430", "X12-TIME"),
            ("BHT", 5, "09301599", "09301", "X12-TIME"),
            ("TA1", 2, "261118", "260229", "X12-DATE"),
            ("N4", 2, "TX", "TEX", "X12-LONG"),
            ("N4", 3, "78701", "78", "X12-SHORT"),
            ("NM1", 3, "PENA", "PE\u{d1}A", "X12-CHARACTER"),
            ("NM1", 3, "O'BRIEN", "O\tBRIEN", "X12-CONTROL-CHARACTER"),
            ("NM1", 3, "DE LA CRUZ", "DE LA CRUZ ", "X12-SPACES"),
        ] {
            assert_eq!(said(id, element, good), [""; 0], "{good}");
            assert_eq!(said(id, element, bad), [code], "{bad}");
        }
    }

    #[test]
    fn the_length_of_a_text_is_counted_in_characters() {
        assert_eq!(said("N4", 1, &"\u{d1}".repeat(30)), ["X12-CHARACTER"]);
        assert_eq!(said("N4", 1, &"\u{d1}".repeat(31)), ["X12-CHARACTER", "X12-LONG"]);
    }

    #[test]
    fn a_place_may_allow_some_codes_and_a_number_of_digits_only() {
        let spec = segment("REF").unwrap().element(1).unwrap();
        let place = ElementUse { usage: Usage::Required, codes: vec!["EI", "SY"], digits: None, components: Vec::new() };
        let said = |place: &ElementUse, text: &[u8]| in_place(spec, place, text).map(|(rule, said)| (rule.code, said));
        assert_eq!(said(&place, b"EI"), None);
        assert_eq!(said(&place, b"G1"), Some(("X12-CODE-NOT-HERE", "is not one of EI, SY".to_owned())));
        assert_eq!(said(&place, b"Q"), Some(("X12-CODE", "is not one of EI, SY".to_owned())));
        let nine = ElementUse { codes: Vec::new(), digits: Some(9), ..place };
        assert_eq!(said(&nine, b"741234567"), None);
        assert_eq!(said(&nine, b"74-1234567").map(|(code, _)| code), Some("X12-DIGITS"));
    }

    #[test]
    fn a_qualifier_says_what_its_value_must_be() {
        let code =
            |qualifier, code: &str, value, text: &str| pair(qualifier, code.as_bytes(), value, text.as_bytes()).map(|(rule, _)| rule.code);
        for (qualifier, kind, value, good, bad, fault) in [
            ("1250", "D8", "1251", "20261118", "20261131", "X12-DATE"),
            ("1250", "RD8", "1251", "20261118-20261118", "20261118-", "X12-DATE"),
            ("1250", "RD8", "1251", "20261118-20261119", "20261119-20261118", "X12-PERIOD"),
            ("66", "XX", "67", "1234567893", "1234567890", "X12-NPI"),
            ("128", "PXC", "127", "208000000X", "208000000", "X12-TAXONOMY"),
            ("235", "N4", "234", "00005197105", "0005-1971-05", "X12-NDC"),
            ("1270", "ABK", "1271", "Z00129", "Z00.129", "X12-DIAGNOSIS"),
            ("365", "TE", "364", "5125550100", "512-555-0100", "X12-PHONE"),
        ] {
            assert_eq!(code(qualifier, kind, value, good), None, "{good}");
            assert_eq!(code(qualifier, kind, value, bad), Some(fault), "{bad}");
        }
        assert_eq!(code("365", "EM", "364", "a@b.example"), None);
    }
}
