//! The shapes of the trade's codes: each a small `Copy` type that exists only in its one written form. Whether a code *means*
//! something on a date is for the tables beside this module; a well-shaped code that no table knows is carried, never dropped.

use std::fmt;
use std::str::FromStr;

/// Why a text is not a code. The text itself is never repeated: it may have been typed into the wrong field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// ICD-10-CM: a letter, two to six more letters or digits, a digit among the first two of them; at most one dot, after the third.
    #[error("not an ICD-10-CM code: a letter, then two to six letters or digits, the first or second of them a digit")]
    Icd10Shape,
    /// CPT or HCPCS: five letters or digits, at least one of them a digit (domain.md E080).
    #[error("not a procedure code: five letters or digits, at least one digit")]
    ProcedureShape,
    /// A modifier is two letters or digits.
    #[error("not a modifier: two letters or digits")]
    ModifierShape,
    /// CVX: one to three digits, above zero.
    #[error("not a CVX code: one to three digits")]
    CvxShape,
    /// NDC: eleven digits, or ten in one of the three hyphenated forms.
    #[error("not an NDC: eleven digits, or hyphenated 4-4-2, 5-3-2, 5-4-1 or 5-4-2")]
    NdcShape,
    /// Ten digits without hyphens fit three different eleven-digit codes (domain.md 1.7).
    #[error("a ten-digit NDC without hyphens is ambiguous")]
    NdcAmbiguous,
    /// A place of service is two digits.
    #[error("not a place of service: two digits")]
    PlaceOfServiceShape,
}

/// Gives a fixed-width code its text form everywhere: `Display`, `Debug`, `FromStr` and JSON strings.
macro_rules! code_text {
    ($($name:ident)*) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = CodeError;
            fn from_str(text: &str) -> Result<$name, CodeError> {
                $name::parse(text)
            }
        }

        code_json!($name);
    )*};
}

/// JSON strings by `Display` and `FromStr`.
macro_rules! code_json {
    ($name:ident) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<$name, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

code_text! { Icd10 ProcedureCode Modifier Ndc PlaceOfService }
code_json! { Cvx }

/// The text of ASCII bytes that a `parse` of this module let in.
fn ascii(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap_or_default()
}

/// An ICD-10-CM code without its dot, upper case: three to seven characters. Sorts so that a category stands before its members.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Icd10([u8; 7]);

impl Icd10 {
    /// Takes `Z00.129`, `Z00129` or `z00.129`; spaces around it are cut. The second character is a digit in all but the newest
    /// chapters (`QA0`).
    pub fn parse(text: &str) -> Result<Icd10, CodeError> {
        let text = text.trim().as_bytes();
        let (head, tail) = match text {
            [a, b, c, b'.', tail @ ..] if !tail.is_empty() => ([*a, *b, *c], tail),
            [a, b, c, tail @ ..] => ([*a, *b, *c], tail),
            _ => return Err(CodeError::Icd10Shape),
        };
        let shaped = head[0].is_ascii_alphabetic()
            && head[1..].iter().all(u8::is_ascii_alphanumeric)
            && head[1..].iter().any(u8::is_ascii_digit)
            && tail.len() <= 4
            && tail.iter().all(u8::is_ascii_alphanumeric);
        if !shaped {
            return Err(CodeError::Icd10Shape);
        }
        let mut code = [b' '; 7];
        for (place, byte) in code.iter_mut().zip(head.iter().chain(tail)) {
            *place = byte.to_ascii_uppercase();
        }
        Ok(Icd10(code))
    }

    /// The code of a literal in our own tables: upper case, without dot.
    ///
    /// # Panics
    /// At compile time, where it belongs, if the literal is longer than seven characters.
    #[must_use]
    pub const fn literal(code: &str) -> Icd10 {
        let (text, mut bytes, mut at) = (code.as_bytes(), [b' '; 7], 0);
        while at < text.len() {
            bytes[at] = text[at];
            at += 1;
        }
        Icd10(bytes)
    }

    /// The code as X12 wants it: no dot (domain.md 1.5, HI).
    #[must_use]
    pub fn as_str(&self) -> &str {
        ascii(self.0.trim_ascii_end())
    }

    /// The code as people write it: `Z00.129`.
    #[must_use]
    pub fn dotted(&self) -> String {
        match self.as_str().split_at_checked(3) {
            Some((category, "")) => category.to_owned(),
            Some((category, rest)) => format!("{category}.{rest}"),
            None => String::new(),
        }
    }

    /// The three-character category, and so the first letter that tells the chapter.
    #[must_use]
    pub fn category(&self) -> &str {
        ascii(&self.0[..3])
    }

    /// Whether this code is `prefix` or stands below it in the list; `prefix` without dot, upper case.
    #[must_use]
    pub fn is_within(&self, prefix: &str) -> bool {
        self.as_str().starts_with(prefix)
    }
}

/// A CPT or HCPCS code: five upper-case letters or digits, at least one a digit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProcedureCode([u8; 5]);

impl ProcedureCode {
    /// Takes five letters or digits in any case, spaces around them cut (domain.md E080).
    pub fn parse(text: &str) -> Result<ProcedureCode, CodeError> {
        let bytes: [u8; 5] = text.trim().as_bytes().try_into().map_err(|_| CodeError::ProcedureShape)?;
        if !bytes.iter().all(u8::is_ascii_alphanumeric) || !bytes.iter().any(u8::is_ascii_digit) {
            return Err(CodeError::ProcedureShape);
        }
        Ok(ProcedureCode(bytes.to_ascii_uppercase().try_into().unwrap_or(bytes)))
    }

    /// The code of a literal in our own tables.
    ///
    /// # Panics
    /// At compile time, where it belongs, if the literal is not five characters long.
    #[must_use]
    pub const fn literal(code: &str) -> ProcedureCode {
        match code.as_bytes() {
            &[a, b, c, d, e] => ProcedureCode([a, b, c, d, e]),
            _ => panic!("a procedure code has five characters"),
        }
    }

    /// The code as X12 wants it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        ascii(&self.0)
    }

    /// The code as a number, when it is a CPT category I code (five digits): the form in which ranges of codes are compared.
    #[must_use]
    pub fn number(&self) -> Option<u32> {
        self.0.iter().try_fold(0, |number, byte| byte.is_ascii_digit().then(|| number * 10 + u32::from(byte - b'0')))
    }
}

/// A procedure modifier: two upper-case letters or digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Modifier([u8; 2]);

impl Modifier {
    /// Significant, separately identifiable evaluation and management on the same day.
    pub const M25: Modifier = Modifier(*b"25");
    /// Vaccine from public stock.
    pub const SL: Modifier = Modifier(*b"SL");
    /// Early and periodic screening (EPSDT).
    pub const EP: Modifier = Modifier(*b"EP");
    /// CLIA-waived test.
    pub const QW: Modifier = Modifier(*b"QW");

    /// The modifier of a literal in our own tables.
    ///
    /// # Panics
    /// At compile time, where it belongs, if the literal is not two characters long.
    #[must_use]
    pub const fn literal(code: &str) -> Modifier {
        match code.as_bytes() {
            &[a, b] => Modifier([a, b]),
            _ => panic!("a modifier has two characters"),
        }
    }

    /// Takes two letters or digits in any case, spaces around them cut.
    pub fn parse(text: &str) -> Result<Modifier, CodeError> {
        match text.trim().as_bytes() {
            &[a, b] if a.is_ascii_alphanumeric() && b.is_ascii_alphanumeric() => {
                Ok(Modifier([a.to_ascii_uppercase(), b.to_ascii_uppercase()]))
            }
            _ => Err(CodeError::ModifierShape),
        }
    }

    /// The modifier as X12 wants it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        ascii(&self.0)
    }
}

/// A National Drug Code in its billing form: eleven digits, 5-4-2.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ndc([u8; 11]);

impl Ndc {
    /// Takes eleven digits, or the hyphenated forms of ten, of which the short group is padded with a zero: 4-4-2 in the labeler,
    /// 5-3-2 in the product, 5-4-1 in the package (domain.md 1.7). Ten digits without hyphens are refused.
    pub fn parse(text: &str) -> Result<Ndc, CodeError> {
        let text = text.trim();
        if !text.contains('-') {
            return match text.len() {
                10 if text.bytes().all(|b| b.is_ascii_digit()) => Err(CodeError::NdcAmbiguous),
                _ => Ndc::from_digits(text),
            };
        }
        let groups: Vec<&str> = text.split('-').collect();
        match groups.as_slice() {
            [labeler, product, package]
                if matches!((labeler.len(), product.len(), package.len()), (4, 4, 2) | (5, 3, 2) | (5, 4, 1) | (5, 4, 2)) =>
            {
                Ndc::from_digits(&format!("{labeler:0>5}{product:0>4}{package:0>2}"))
            }
            _ => Err(CodeError::NdcShape),
        }
    }

    fn from_digits(text: &str) -> Result<Ndc, CodeError> {
        let digits: [u8; 11] = text.as_bytes().try_into().map_err(|_| CodeError::NdcShape)?;
        if digits.iter().all(u8::is_ascii_digit) { Ok(Ndc(digits)) } else { Err(CodeError::NdcShape) }
    }

    /// The eleven digits, as LIN03 wants them.
    #[must_use]
    pub fn as_str(&self) -> &str {
        ascii(&self.0)
    }
}

/// A two-digit place of service code (CMS list); what the known ones are called stands in [`super::place_of_service`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlaceOfService([u8; 2]);

impl PlaceOfService {
    /// Telehealth, the patient not at home.
    pub const TELEHEALTH_ELSEWHERE: PlaceOfService = PlaceOfService(*b"02");
    /// Telehealth, the patient at home.
    pub const TELEHEALTH_HOME: PlaceOfService = PlaceOfService(*b"10");
    /// The practice's office.
    pub const OFFICE: PlaceOfService = PlaceOfService(*b"11");
    /// The patient's home.
    pub const HOME: PlaceOfService = PlaceOfService(*b"12");
    /// Inpatient hospital: newborn rounding happens here.
    pub const INPATIENT_HOSPITAL: PlaceOfService = PlaceOfService(*b"21");
    /// Emergency room of a hospital.
    pub const EMERGENCY_ROOM: PlaceOfService = PlaceOfService(*b"23");

    /// Birthing center.
    pub const BIRTHING_CENTER: PlaceOfService = PlaceOfService(*b"25");

    /// Takes two digits, spaces around them cut.
    pub fn parse(text: &str) -> Result<PlaceOfService, CodeError> {
        match text.trim().as_bytes() {
            &[a, b] if a.is_ascii_digit() && b.is_ascii_digit() => Ok(PlaceOfService([a, b])),
            _ => Err(CodeError::PlaceOfServiceShape),
        }
    }

    /// The code as CLM05-1 wants it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        ascii(&self.0)
    }
}

/// A CDC vaccine code: one to three digits, written with at least two (`08`, `110`).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cvx(u16);

impl Cvx {
    /// Takes one to three digits, spaces around them cut.
    pub fn parse(text: &str) -> Result<Cvx, CodeError> {
        let text = text.trim();
        match text.parse::<u16>() {
            Ok(code) if code > 0 && text.len() <= 3 && text.bytes().all(|b| b.is_ascii_digit()) => Ok(Cvx(code)),
            _ => Err(CodeError::CvxShape),
        }
    }

    /// The CVX of a literal in our own tables.
    #[must_use]
    pub const fn literal(code: u16) -> Cvx {
        Cvx(code)
    }
}

impl fmt::Display for Cvx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}", self.0)
    }
}

impl fmt::Debug for Cvx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Cvx {
    type Err = CodeError;
    fn from_str(text: &str) -> Result<Cvx, CodeError> {
        Cvx::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_icd_code_is_stored_without_dot_and_in_upper_case() {
        for text in ["Z00.129", "z00129", " Z00.129 "] {
            assert_eq!(Icd10::parse(text).unwrap().as_str(), "Z00129");
        }
        assert_eq!(Icd10::parse("s06.0x1a").unwrap().dotted(), "S06.0X1A");
        assert_eq!(Icd10::parse("J45").unwrap().dotted(), "J45");
        assert_eq!(Icd10::parse("QA0.0101").unwrap().as_str(), "QA00101");
    }

    #[test]
    fn texts_that_are_no_icd_code_are_refused() {
        for text in ["", "Z0", "Z00.", "Z00..1", "Z001.29", "0Z0", "ZZZ", "Z00.12345", "Z00 129", "Z00.1é", "Z00-1"] {
            assert_eq!(Icd10::parse(text), Err(CodeError::Icd10Shape), "{text}");
        }
    }

    #[test]
    fn a_category_sorts_before_its_members() {
        let mut codes: Vec<Icd10> = ["A010", "A01", "A00", "A0100"].iter().map(|c| c.parse().unwrap()).collect();
        codes.sort();
        assert_eq!(codes.iter().map(Icd10::as_str).collect::<Vec<_>>(), ["A00", "A01", "A010", "A0100"]);
    }

    #[test]
    fn e080_a_procedure_code_has_five_characters_and_a_digit() {
        assert_eq!(ProcedureCode::parse("s0302").unwrap().as_str(), "S0302");
        assert_eq!(ProcedureCode::parse("99392").unwrap().number(), Some(99392));
        assert_eq!(ProcedureCode::parse("0001F").unwrap().number(), None);
        for text in ["", "9939", "993922", "ABCDE", "9939 ", "9939é"] {
            assert_eq!(ProcedureCode::parse(text), Err(CodeError::ProcedureShape), "{text}");
        }
    }

    #[test]
    fn a_hyphenated_ten_digit_ndc_is_padded_in_its_short_group() {
        for (text, ndc) in [
            ("0006-4171-00", "00006417100"),
            ("49281-545-03", "49281054503"),
            ("58160-8111-1", "58160811101"),
            ("49281-0545-03", "49281054503"),
            ("49281054503", "49281054503"),
        ] {
            assert_eq!(Ndc::parse(text).unwrap().as_str(), ndc);
        }
        assert_eq!(Ndc::parse("4928154503"), Err(CodeError::NdcAmbiguous));
        for text in ["", "123", "0006-417-100", "1-2-3", "49281-545-0X", "-", "0006-4171-00-1"] {
            assert_eq!(Ndc::parse(text), Err(CodeError::NdcShape), "{text}");
        }
    }

    #[test]
    fn a_cvx_has_at_least_two_digits_when_written() {
        assert_eq!(Cvx::parse("8").unwrap().to_string(), "08");
        assert_eq!(Cvx::parse("08").unwrap(), Cvx::parse("008").unwrap());
        for text in ["", "0", "1000", "+8", "a"] {
            assert_eq!(Cvx::parse(text), Err(CodeError::CvxShape), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_code_or_an_error_and_a_code_reads_back_as_itself(text in "\\PC{0,14}") {
            if let Ok(code) = Icd10::parse(&text) {
                prop_assert_eq!(Icd10::parse(&code.dotted()), Ok(code));
            }
            if let Ok(code) = ProcedureCode::parse(&text) {
                prop_assert_eq!(ProcedureCode::parse(code.as_str()), Ok(code));
            }
            if let Ok(code) = Ndc::parse(&text) {
                prop_assert_eq!(Ndc::parse(code.as_str()), Ok(code));
            }
            let _ = (Modifier::parse(&text), Cvx::parse(&text), PlaceOfService::parse(&text));
        }
    }
}
