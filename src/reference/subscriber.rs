//! Words about the policy: claim filing indicators (SBR09) and what the patient is to the subscriber (PAT01, SBR02). The codes that
//! an 837P allows (domain.md 1.4), with our own labels.

/// Claim filing indicators that SBR09 allows.
const FILING_INDICATORS: &[(&str, &str)] = &[
    ("11", "Other non-federal program"),
    ("12", "PPO"),
    ("13", "Point of service"),
    ("14", "EPO"),
    ("15", "Indemnity"),
    ("16", "Medicare risk HMO"),
    ("17", "Dental maintenance"),
    ("AM", "Automobile medical"),
    ("BL", "Blue Cross Blue Shield"),
    ("CH", "TRICARE"),
    ("CI", "Commercial"),
    ("DS", "Disability"),
    ("FI", "Federal employees"),
    ("HM", "HMO"),
    ("LM", "Liability medical"),
    ("MA", "Medicare part A"),
    ("MB", "Medicare part B"),
    ("MC", "Medicaid"),
    ("OF", "Other federal program"),
    ("TV", "Title V"),
    ("VA", "Veterans Affairs"),
    ("WC", "Workers' compensation"),
    ("ZZ", "Other"),
];

/// Our label of a claim filing indicator; `None`: SBR09 does not allow it.
#[must_use]
pub fn filing_indicator(code: &str) -> Option<&'static str> {
    FILING_INDICATORS.iter().find(|(known, _)| *known == code).map(|(_, label)| *label)
}

/// What the patient is to the subscriber. `Itself` is SBR02 `18`; the others are PAT01. No other code exists in an 837P:
/// step-child, foster child, ward and grandchild have none (domain.md 0, point 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relationship {
    /// 01
    Spouse,
    /// 18, in SBR02 only: the patient is the subscriber.
    Itself,
    /// 19
    Child,
    /// 20
    Employee,
    /// 21
    Unknown,
    /// 39
    OrganDonor,
    /// 40
    CadaverDonor,
    /// 53
    LifePartner,
    /// G8
    Other,
}

impl Relationship {
    /// Every relationship with its code and our label.
    pub const ALL: [(Relationship, &'static str, &'static str); 9] = [
        (Relationship::Spouse, "01", "Spouse"),
        (Relationship::Itself, "18", "Self"),
        (Relationship::Child, "19", "Child"),
        (Relationship::Employee, "20", "Employee"),
        (Relationship::Unknown, "21", "Unknown"),
        (Relationship::OrganDonor, "39", "Organ donor"),
        (Relationship::CadaverDonor, "40", "Cadaver donor"),
        (Relationship::LifePartner, "53", "Life partner"),
        (Relationship::Other, "G8", "Other"),
    ];

    /// The code that X12 writes.
    #[must_use]
    pub fn code(self) -> &'static str {
        Relationship::ALL.iter().find(|(known, ..)| *known == self).map_or("21", |(_, code, _)| code)
    }

    /// Our label.
    #[must_use]
    pub fn label(self) -> &'static str {
        Relationship::ALL.iter().find(|(known, ..)| *known == self).map_or("Unknown", |(.., label)| label)
    }

    /// From a code; `None` for one that an 837P does not allow.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Relationship> {
        Relationship::ALL.iter().find(|(_, known, _)| *known == code).map(|(relationship, ..)| *relationship)
    }

    /// From what a practice calls it, in any case: step, foster and adopted children and wards are children, all other kin is
    /// `Other`; a word that is not known is `None`.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Relationship> {
        let word: String = word.trim().to_ascii_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' }).collect();
        Some(match word.as_str() {
            "self" | "subscriber" | "patient" => Relationship::Itself,
            "child" | "son" | "daughter" | "stepchild" | "step child" | "stepson" | "stepdaughter" | "foster child" | "fosterchild"
            | "adopted child" | "adopted" | "ward" => Relationship::Child,
            "spouse" | "husband" | "wife" => Relationship::Spouse,
            "life partner" | "domestic partner" => Relationship::LifePartner,
            "grandchild" | "grandson" | "granddaughter" | "niece" | "nephew" | "sibling" | "brother" | "sister" | "cousin" | "other" => {
                Relationship::Other
            }
            "employee" => Relationship::Employee,
            "unknown" => Relationship::Unknown,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn step_and_foster_children_are_children_and_grandchildren_are_others() {
        for (word, code) in
            [("Step-child", "19"), ("foster child", "19"), ("ward", "19"), ("grandchild", "G8"), ("niece", "G8"), ("self", "18")]
        {
            assert_eq!(Relationship::from_word(word).unwrap().code(), code, "{word}");
        }
        assert_eq!(Relationship::from_word("landlord"), None);
    }

    #[test]
    fn e011_every_code_reads_back_and_no_other_is_let_in() {
        for (relationship, code, _) in Relationship::ALL {
            assert_eq!((Relationship::from_code(code), relationship.code()), (Some(relationship), code));
        }
        for code in ["", "17", "05", "19 ", "g8"] {
            assert_eq!(Relationship::from_code(code), None, "{code}");
        }
    }

    #[test]
    fn sbr09_knows_medicaid_and_refuses_what_it_does_not_allow() {
        assert_eq!(filing_indicator("MC"), Some("Medicaid"));
        assert_eq!(filing_indicator("09"), None);
        assert_eq!(FILING_INDICATORS.len(), 23);
    }
}
