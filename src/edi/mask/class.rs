//! What an element tells, and of whom: the rules by which values are masked, and shown or hidden in differences.
//!
//! The rules go by the data element of the dictionary, not by segment: a name is a name wherever it stands. **Denied by default**: what no
//! rule knows as a code, number, date or amount is [`Class::Unknown`], and what should be a code but has not the shape of one is too.

use crate::edi::Segment;
use crate::edi::guide::{self, ElementSpec, Kind};
use crate::edi::segment::parse_date8;

/// What an element tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// A code, a count, a number, a time of day: tells of nobody.
    Plain,
    /// An amount or quantity.
    Amount,
    /// A date of service, of a payment, of a decision.
    Date,
    /// A date of birth or death.
    LifeDate,
    /// A number of a claim, line, payment or batch: ours or a payer's.
    ClaimNumber,
    /// A number by which a provider, payer, laboratory or partner is known to everybody it deals with.
    PublicNumber,
    /// Any other number that somebody gave to a person or an account.
    Number,
    /// A name of a person, or a part of one.
    PersonName,
    /// A name of an organization.
    OrganizationName,
    /// A street.
    Street,
    /// A city.
    City,
    /// A postal code.
    PostalCode,
    /// A telephone number or another way to reach somebody.
    Contact,
    /// Free text.
    Text,
    /// What no rule knows.
    Unknown,
}

impl Class {
    /// Whether such a value may be shown where PHI is masked.
    #[must_use]
    pub fn is_shown(self) -> bool {
        matches!(self, Class::Plain | Class::Amount | Class::Date | Class::ClaimNumber | Class::PublicNumber | Class::OrganizationName)
    }
}

/// NM101 of patients, subscribers and dependents.
const PEOPLE: &[&str] = &["03", "74", "GB", "IL", "QC"];

/// Whether an NM101 is of a patient, subscriber or dependent.
#[must_use]
pub fn is_of_people(role: &str) -> bool {
    PEOPLE.contains(&role)
}

/// REF01 of numbers of claims and lines.
const CLAIM_REFERENCES: &[&str] = &["1K", "6R", "9A", "9C", "D9", "EJ", "F8", "FJ"];

/// REF01 of numbers of providers, payers, laboratories and lots.
const PUBLIC_REFERENCES: &[&str] =
    &["0B", "0K", "2U", "4N", "BT", "CE", "EI", "EO", "EV", "F2", "F4", "FY", "G2", "LU", "NF", "P4", "PQ", "TJ", "X4"];

/// Whether the number of a REF01 may be shown where PHI is masked: it is of a claim, a provider or a payer, and of no person.
#[must_use]
pub fn reference_names_nobody(kind: &str) -> bool {
    CLAIM_REFERENCES.contains(&kind) || PUBLIC_REFERENCES.contains(&kind)
}

/// The longest value that passes for a code. The longest in use are an NDC (11) and a taxonomy (10).
const CODE_MAX: usize = 15;

/// The class of a value, with its repetitions, that stands in element `n` of a segment, in its component `c` (from 1) where it is a composite.
#[must_use]
pub fn class(segment: &Segment<'_>, n: usize, c: usize, value: &[u8]) -> Class {
    let id = segment.id();
    let Some(element) = guide::segment(id).and_then(|spec| spec.element(n)) else { return Class::Unknown };
    let parts = element.components();
    let part = if parts.is_empty() { Some(element) } else { parts.get(c.saturating_sub(1)) };
    let Some(part) = part else { return Class::Unknown };
    let class = by_place(segment, id, n, c).unwrap_or_else(|| by_element(segment, part, n));
    let repetition = segment.delimiters().repetition;
    let mut repetitions = value.split(|byte| *byte == repetition && repetition != 0);
    if repetitions.all(|value| fits(class, part, value)) { class } else { Class::Unknown }
}

/// Places where a data element tells something else than elsewhere.
fn by_place(segment: &Segment<'_>, id: &str, n: usize, c: usize) -> Option<Class> {
    let is = |n: usize, wanted: &[&str]| wanted.iter().any(|code| segment.bytes(n) == code.as_bytes());
    Some(match (id, n, c) {
        // Remark codes stand in reference elements.
        ("MOA", 3..=7, _) | ("MIA", 5 | 20..=23, _) => Class::Plain,
        ("PRV", 3, _) if is(2, &["PXC", "ZZ"]) => Class::Plain,
        ("CLP", 7, _) | ("TRN", 2, _) | ("BHT", 3, _) | ("PLB", 3 | 5 | 7 | 9 | 11 | 13, 2) => Class::ClaimNumber,
        ("REF", 2, _) if is(1, CLAIM_REFERENCES) => Class::ClaimNumber,
        ("REF", 2, _) if is(1, PUBLIC_REFERENCES) => Class::PublicNumber,
        ("NM1", 9, _) if is(8, &["XX", "PI", "XV", "46"]) => Class::PublicNumber,
        ("N1", 4, _) | ("SVD" | "PLB", 1, _) | ("TRN", 3, _) | ("BPR", 10, _) => Class::PublicNumber,
        ("DMG", 2, _) | ("PAT", 6, _) | ("INS", 12, _) => Class::LifeDate,
        // Who is a patient, or has a first name, is a person, whatever NM102 says.
        ("NM1", 3, _) if !is(2, &["2"]) || is(1, PEOPLE) || !segment.bytes(4).is_empty() => Class::PersonName,
        ("NM1", 3, _) | ("N1", 2, _) | ("SBR", 4, _) => Class::OrganizationName,
        // A copy of what was wrong, whatever it was.
        ("IK4", 4, _) => Class::Unknown,
        ("CTX", 1, 1) => Class::Plain,
        ("CTX", 1, 2) if segment.component(1, 1) == b"CLM01" => Class::ClaimNumber,
        ("CTX", 1, _) => Class::Unknown,
        _ => return None,
    })
}

/// What a data element tells anywhere.
fn by_element(segment: &Segment<'_>, element: &ElementSpec, n: usize) -> Class {
    match element.data_element {
        "1028" => Class::ClaimNumber,
        "67" | "127" | "507" | "508" | "509" | "510" | "I02" | "I04" => Class::Number,
        "I06" | "I07" | "124" | "142" => Class::PublicNumber,
        "93" | "1035" | "1036" | "1037" | "1038" | "1039" => Class::PersonName,
        "166" => Class::Street,
        "19" => Class::City,
        "116" => Class::PostalCode,
        "364" => Class::Contact,
        "352" | "449" | "933" | "1204" => Class::Text,
        // A date in the format that the element before it names; in a range of formats only dates shift.
        "1251" if matches!(segment.bytes(n.saturating_sub(1)), b"TM") => Class::Plain,
        "1251" => Class::Date,
        // Texts that are codes all the same: procedures, drugs and modifiers, diagnoses and statuses, places and specialties, ...
        "234" | "1339" | "1271" | "1331" | "1222" | "1341" => Class::Plain,
        // ... loops, levels, line and control numbers, versions, delimiters.
        "447" | "628" | "734" | "350" | "329" | "480" | "1705" | "I65" | "I15" => Class::Plain,
        _ => match element.kind {
            Kind::Id | Kind::N0 | Kind::Tm => Class::Plain,
            Kind::R => Class::Amount,
            Kind::Dt => Class::Date,
            Kind::An | Kind::Composite(..) => Class::Unknown,
        },
    }
}

/// Whether a value looks like what its class says: a name in the place of a code is no code.
fn fits(class: Class, element: &ElementSpec, value: &[u8]) -> bool {
    let numeric = |value: &[u8]| value.iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+'));
    match class {
        _ if value.is_empty() => true,
        Class::Plain if element.data_element == "I65" || element.data_element == "I15" => value.len() == 1,
        Class::Plain if matches!(element.kind, Kind::N0 | Kind::Tm) => numeric(value),
        Class::Plain if element.data_element == "9999" => value.is_ascii(),
        Class::Plain => value.len() <= CODE_MAX && value.iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b".-".contains(b)),
        Class::Amount => numeric(value),
        Class::Date | Class::LifeDate => is_dates(value),
        _ => true,
    }
}

/// One or two dates, `CCYYMMDD` or `YYMMDD`, each perhaps with a time.
fn is_dates(value: &[u8]) -> bool {
    value.split(|byte| *byte == b'-').all(|part| match part.len() {
        6 => parse_date8(&[b"20", part].concat()).is_some(),
        8..=14 => parse_date8(&part[..8]).is_some() && part[8..].iter().all(u8::is_ascii_digit),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edi::Delimiters;

    fn of(text: &str, n: usize, c: usize) -> Class {
        let segment = Segment::new(text.as_bytes(), Delimiters::default(), 0, 1);
        class(&segment, n, c, segment.component(n, c.max(1)))
    }

    #[test]
    fn the_same_element_is_what_its_qualifier_says() {
        assert_eq!(of("NM1*IL*1*RIVERA*ELENA****MI*XYZ1", 3, 0), Class::PersonName);
        assert_eq!(of("NM1*85*2*OAK HILL*****XX*1234567893", 3, 0), Class::OrganizationName);
        for odd in ["NM1*QC*2*RIVERA", "NM1*85**NGUYEN", "NM1*85*2*NGUYEN*LINH"] {
            assert_eq!(of(odd, 3, 0), Class::PersonName, "{odd}");
        }
        assert_eq!((of("REF*6R*C1-1", 2, 0), of("REF*SY*123456789", 2, 0)), (Class::ClaimNumber, Class::Number));
        assert_eq!((of("DMG*D8*20260715*M", 2, 0), of("DTP*472*D8*20260715", 3, 0)), (Class::LifeDate, Class::Date));
        assert_eq!((of("SBR*P*19*G1*ACME", 2, 0), of("SBR*P*19*G1*ACME", 4, 0)), (Class::Plain, Class::OrganizationName));
        assert_eq!((of("PRV*PE*PXC*208000000X", 3, 0), of("MOA***MA01", 3, 0)), (Class::Plain, Class::Plain));
        assert_eq!((of("PLB*1*20261231*WO:ICN9*50", 3, 1), of("PLB*1*20261231*WO:ICN9*50", 3, 2)), (Class::Plain, Class::ClaimNumber));
    }

    #[test]
    fn a_number_of_an_unknown_kind_is_never_shown() {
        assert!(reference_names_nobody("6R") && reference_names_nobody("X4"));
        assert!(!["SY", "1W", "EA", "Q9", ""].into_iter().any(reference_names_nobody));
    }

    #[test]
    fn every_repetition_must_fit() {
        assert_eq!((of("EQ*30^98^BZ", 1, 0), of("EQ*30^Rivera", 1, 0)), (Class::Plain, Class::Unknown));
    }

    #[test]
    fn what_no_rule_knows_is_denied() {
        for (text, n, c) in [
            ("ZZ9*RIVERA", 1, 0),
            ("CLM*C1*5", 99, 0),
            ("CLP*C1*RIVERA MATEO", 2, 0),
            ("SVC*HC:99213:ab", 1, 3),
            ("IK4*1*2*7*RIVERA", 4, 0),
        ] {
            assert_eq!(of(text, n, c), Class::Unknown, "{text}");
        }
        assert_eq!(of("CLP*C1*1*12.5X", 3, 0), Class::Unknown);
        assert_eq!(of("DTP*472*D8*NOV 16", 3, 0), Class::Unknown);
    }

    #[test]
    fn only_what_names_nobody_is_shown() {
        let hidden = [Class::LifeDate, Class::Number, Class::PersonName, Class::Street, Class::City, Class::PostalCode, Class::Contact];
        assert!(hidden.iter().chain(&[Class::Text, Class::Unknown]).all(|class| !class.is_shown()));
        assert!([Class::Plain, Class::Amount, Class::Date, Class::ClaimNumber].iter().all(|class| class.is_shown()));
    }
}
