//! The shapes of what a practice says about itself: each a small type that exists only in the form in which X12 and the database take it.

use std::fmt;
use std::str::FromStr;

use crate::platform::phi::Phi;
use crate::practice::word::words;

/// Why a text does not have the shape that its field needs. Never repeats the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShapeError {
    /// Taxonomy (domain.md 1.3, E005).
    #[error("a taxonomy code has ten digits or capital letters and ends in X")]
    Taxonomy,
    /// ZIP+4 (domain.md 1.3, E006).
    #[error("a ZIP code needs all nine digits here (ZIP+4)")]
    Zip,
    /// Street, empty or too long for N301.
    #[error("a street address has 1 to 55 characters")]
    Street,
    /// Post office box (domain.md 1.3, RFI 1451).
    #[error("a street address is needed, not a post office box or lock box")]
    PostOfficeBox,
    /// EIN or SSN (domain.md 1.3, E007).
    #[error("a tax id has nine digits")]
    TaxId,
    /// Telephone of a PER segment (domain.md 1.3).
    #[error("a telephone number has ten digits and begins with 2 to 9")]
    Phone,
    /// CLIA certificate (REF*X4).
    #[error("a CLIA number has ten characters: two digits, D, seven digits")]
    Clia,
    /// Qualifier of an interchange id (ISA05, ISA07; domain.md 1.1).
    #[error("an interchange qualifier is one of 01, 14, 20, 27, 28, 29, 30, 33, ZZ")]
    Qualifier,
    /// Interchange id (ISA06, ISA08).
    #[error("an interchange id has 1 to 15 capital letters, digits or spaces inside")]
    InterchangeId,
    /// Payer id (2010BB NM109).
    #[error("a payer id has 2 to 80 capital letters or digits")]
    PayerNumber,
    /// Two-letter state.
    #[error("no state or territory is called so")]
    State,
    /// Claim filing indicator (SBR09).
    #[error("not a claim filing indicator that SBR09 allows")]
    FilingIndicator,
    /// Our own short names of records.
    #[error("a code has 1 to 30 lower-case letters, digits or hyphens")]
    Code,
    /// A name that must be there.
    #[error("needs 1 to 60 characters")]
    Name,
    /// Time zone of the IANA database.
    #[error("not a time zone of the IANA database, such as America/New_York")]
    TimeZone,
    /// How to reach a trading partner.
    #[error("a connection is \"simulator\" or \"directory:PATH\"")]
    Connection,
}

/// Declares text types that are made by parsing only.
macro_rules! shapes {
    ($($(#[$doc:meta])* $name:ident = $parse:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The text, in its one written form.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = ShapeError;
            fn from_str(text: &str) -> Result<$name, ShapeError> {
                let parse: fn(&str) -> Result<String, ShapeError> = $parse;
                parse(text.trim()).map($name)
            }
        }
    )*};
}

shapes! {
    /// A provider taxonomy code: ten characters (PRV03).
    Taxonomy = |text| {
        let shaped = text.len() == 10 && text.ends_with('X') && text.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase());
        shaped.then(|| text.to_owned()).ok_or(ShapeError::Taxonomy)
    };
    /// A ZIP+4 as nine digits; read with or without its hyphen. Never padded: a made-up +4 is a wrong address (domain.md 1.3).
    Zip9 = |text| digits(text, 9, "-").ok_or(ShapeError::Zip);
    /// A street address of the practice, as N301 takes it; never a post office box (domain.md 1.3, RFI 1451).
    Street = |text| match text.chars().count() {
        1..=STREET_MAX if is_post_office_box(text) => Err(ShapeError::PostOfficeBox),
        1..=STREET_MAX => Ok(text.to_owned()),
        _ => Err(ShapeError::Street),
    };
    /// A telephone number of ten digits (PER04); read with any punctuation.
    Phone = |text| digits(text, 10, "-. ()").filter(|d| d.as_bytes()[0] >= b'2').ok_or(ShapeError::Phone);
    /// The number of a CLIA certificate (REF*X4).
    Clia = |text| {
        let bytes = text.as_bytes();
        let shaped = bytes.len() == 10
            && bytes.iter().enumerate().all(|(place, b)| if place == 2 { *b == b'D' } else { b.is_ascii_digit() });
        shaped.then(|| text.to_owned()).ok_or(ShapeError::Clia)
    };
    /// Qualifier of an interchange id (ISA05, ISA07).
    Qualifier = |text| {
        let known = ["01", "14", "20", "27", "28", "29", "30", "33", "ZZ"].contains(&text);
        known.then(|| text.to_owned()).ok_or(ShapeError::Qualifier)
    };
    /// A trading partner's id in ISA06 and ISA08, GS02 and GS03, NM109 of loops 1000A and 1000B; not yet padded.
    InterchangeId = |text| {
        let shaped = (1..=15).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b' ');
        shaped.then(|| text.to_owned()).ok_or(ShapeError::InterchangeId)
    };
    /// A payer's id, as a clearinghouse assigns it or as it stands on remittances (2010BB NM109, 835 TRN03).
    PayerNumber = |text| {
        let shaped = (2..=80).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        shaped.then(|| text.to_owned()).ok_or(ShapeError::PayerNumber)
    };
    /// Two capital letters of a state or territory (N402); read by name too.
    State = |text| crate::reference::us_state::abbreviation(text).map(str::to_owned).ok_or(ShapeError::State);
    /// Claim filing indicator (SBR09).
    FilingIndicator = |text| {
        crate::reference::subscriber::filing_indicator(text).map(|_| text.to_owned()).ok_or(ShapeError::FilingIndicator)
    };
    /// Our own short name of a record in the set-up file: by it a record is found again when the file is read anew.
    Code = |text| {
        let shaped = (1..=30).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        shaped.then(|| text.to_owned()).ok_or(ShapeError::Code)
    };
    /// A name of an organisation, a place or a person of the practice, as NM103 takes it.
    Name = |text| (1..=60).contains(&text.chars().count()).then(|| text.to_owned()).ok_or(ShapeError::Name);
}

/// Longest street line that N301 takes.
const STREET_MAX: usize = 55;

/// The digits of a text that otherwise has only characters of `punctuation`; none when their number is another.
fn digits(text: &str, count: usize, punctuation: &str) -> Option<String> {
    let digits: String = text.chars().filter(|c| !punctuation.contains(*c)).collect();
    (digits.len() == count && digits.bytes().all(|b| b.is_ascii_digit())).then_some(digits)
}

/// Whether a street line names a post office box or lock box, however it is written: `P.O. Box 12`, `PO BOX12`, `Lockbox 7`.
fn is_post_office_box(street: &str) -> bool {
    const BOXES: [&[&str]; 6] =
        [&["po", "box"], &["p", "o", "box"], &["pobox"], &["post", "office", "box"], &["lock", "box"], &["lockbox"]];
    let lower = street.to_ascii_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let same = |word: &str, wanted: &str| word.strip_prefix(wanted).is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()));
    BOXES.iter().any(|wanted| words.windows(wanted.len()).any(|found| found.iter().zip(*wanted).all(|(word, wanted)| same(word, wanted))))
}

words! {
    /// Which number identifies the practice to the tax office: the qualifier of its REF in loop 2010AA.
    TaxIdKind {
        /// Employer identification number.
        Ein = "EI",
        /// Social security number of a solo physician.
        Ssn = "SY",
    }
}

/// The tax id of a practice: exactly one of EIN and SSN (domain.md 1.3). Masked, because it may be a person's number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaxId {
    /// Which number it is.
    pub kind: TaxIdKind,
    /// Nine digits.
    pub digits: Phi<String>,
}

impl TaxId {
    /// Takes nine digits with or without hyphens.
    pub fn parse(kind: TaxIdKind, text: &str) -> Result<TaxId, ShapeError> {
        digits(text.trim(), 9, "-").map(|digits| TaxId { kind, digits: Phi::new(digits) }).ok_or(ShapeError::TaxId)
    }
}

/// How to reach a trading partner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Connection {
    /// The simulator inside the process.
    Simulator,
    /// A pair of folders that the partner, or a program that talks to it, reads and writes.
    Directory(String),
}

impl FromStr for Connection {
    type Err = ShapeError;
    fn from_str(text: &str) -> Result<Connection, ShapeError> {
        match (text, text.strip_prefix("directory:")) {
            ("simulator", _) => Ok(Connection::Simulator),
            (_, Some(path)) if !path.trim().is_empty() => Ok(Connection::Directory(path.trim().to_owned())),
            _ => Err(ShapeError::Connection),
        }
    }
}

impl fmt::Display for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Connection::Simulator => f.write_str("simulator"),
            Connection::Directory(path) => write!(f, "directory:{path}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn e005_a_taxonomy_code_ends_in_x() {
        assert_eq!("208000000X".parse::<Taxonomy>().unwrap().as_str(), "208000000X");
        for text in ["", "2080000000", "20800000X", "208000000x", "208000-00X"] {
            assert_eq!(text.parse::<Taxonomy>(), Err(ShapeError::Taxonomy), "{text}");
        }
    }

    #[test]
    fn e006_the_billing_address_needs_nine_digits_of_zip_and_no_box() {
        assert_eq!("62704-1234".parse::<Zip9>().unwrap().as_str(), "627041234");
        assert_eq!("62704".parse::<Zip9>(), Err(ShapeError::Zip));
        for text in ["PO Box 12", "P.O. BOX 12", "p o box 4", "Post Office Box 9", "Lock Box 3", "12 Elm St, Lockbox 3"] {
            assert_eq!(text.parse::<Street>(), Err(ShapeError::PostOfficeBox), "{text}");
        }
        for text in ["12 Poboxton Road", "1 Boxwood Lane", "77 Post Road"] {
            assert_eq!(text.parse::<Street>().unwrap().as_str(), text);
        }
    }

    #[test]
    fn e007_a_tax_id_has_nine_digits_and_prints_as_a_mask() {
        let id = TaxId::parse(TaxIdKind::Ein, "12-3456789").unwrap();
        assert_eq!(id.digits.reveal(), "123456789");
        assert!(!format!("{id:?}").contains("3456"));
        assert_eq!(TaxId::parse(TaxIdKind::Ein, "12345678"), Err(ShapeError::TaxId));
    }

    #[test]
    fn a_phone_number_loses_its_punctuation() {
        assert_eq!("(217) 555-0142".parse::<Phone>().unwrap().as_str(), "2175550142");
        for text in ["555-0142", "117-555-0142", "217-555-01420", "+1 217 555 0142"] {
            assert_eq!(text.parse::<Phone>(), Err(ShapeError::Phone), "{text}");
        }
    }

    #[test]
    fn a_connection_reads_back_as_it_was_written() {
        for text in ["simulator", "directory:/var/spool/claims"] {
            assert_eq!(text.parse::<Connection>().unwrap().to_string(), text);
        }
        for text in ["", "directory:", "ftp://x", "Simulator"] {
            assert_eq!(text.parse::<Connection>(), Err(ShapeError::Connection), "{text}");
        }
    }

    proptest! {
        #[test]
        fn whatever_has_a_shape_keeps_it_when_read_again(text in "\\PC{0,20}") {
            if let Ok(zip) = text.parse::<Zip9>() {
                prop_assert_eq!(zip.as_str().parse::<Zip9>(), Ok(zip));
            }
            if let Ok(phone) = text.parse::<Phone>() {
                prop_assert_eq!(phone.as_str().parse::<Phone>(), Ok(phone));
            }
            if let Ok(street) = text.parse::<Street>() {
                prop_assert_eq!(street.as_str().parse::<Street>(), Ok(street));
            }
            if let Ok(id) = text.parse::<InterchangeId>() {
                prop_assert_eq!(id.as_str().parse::<InterchangeId>(), Ok(id));
            }
        }
    }
}
