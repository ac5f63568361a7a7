//! 277CA categories (STC01-1): what an acknowledgment of a claim means for it (domain.md 3.2). Only A codes are allowed there
//! (RFI 1942).

/// What a category of a 277CA does to a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Passed on to another entity; nothing else changes.
    Forwarded,
    /// Received: no acceptance yet.
    Received,
    /// Accepted into adjudication: keep REF*1K and the date, the proof of timely filing.
    Accepted,
    /// Accepted and split: several claim numbers, and several CLPs to come.
    AcceptedSplit,
    /// Rejected before adjudication: to be corrected and sent again with the same frequency.
    Rejected,
    /// The receiver does not know it: the batch may be lost.
    NotFound,
    /// A code that the table does not have: a person looks.
    Unknown,
}

/// One category.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Category {
    /// STC01-1.
    pub code: &'static str,
    /// In our words.
    pub label: &'static str,
    /// What it does to a claim.
    pub effect: Effect,
}

const CATEGORIES: &[Category] = &[
    Category { code: "A0", label: "forwarded to another entity", effect: Effect::Forwarded },
    Category { code: "A1", label: "received, not yet accepted", effect: Effect::Received },
    Category { code: "A2", label: "accepted into adjudication", effect: Effect::Accepted },
    Category { code: "A3", label: "returned as unprocessable", effect: Effect::Rejected },
    Category { code: "A4", label: "claim not found", effect: Effect::NotFound },
    Category { code: "A5", label: "accepted and split", effect: Effect::AcceptedSplit },
    Category { code: "A6", label: "rejected: information is missing", effect: Effect::Rejected },
    Category { code: "A7", label: "rejected: information is invalid", effect: Effect::Rejected },
    Category { code: "A8", label: "rejected: fields contradict each other", effect: Effect::Rejected },
];

/// The category of a 277CA; `None` for a code that it does not allow.
#[must_use]
pub fn category(code: &str) -> Option<&'static Category> {
    CATEGORIES.iter().find(|category| category.code == code)
}

/// What a status does to a claim: STC03 `U` rejects whatever the category says (domain.md 3.2).
#[must_use]
pub fn effect(category_code: &str, action: &str) -> Effect {
    if action == "U" {
        return Effect::Rejected;
    }
    category(category_code).map_or(Effect::Unknown, |category| category.effect)
}

/// Status codes (STC01-2) that practices meet most, in our own words.
const STATUSES: &[(&str, &str)] = &[
    ("19", "received by the entity"),
    ("20", "accepted for processing"),
    ("21", "missing or invalid information"),
    ("33", "subscriber not found"),
    ("164", "member id"),
    ("187", "date of service"),
    ("255", "diagnosis code"),
    ("454", "procedure code"),
    ("464", "payer's claim number"),
    ("478", "our claim number"),
    ("562", "NPI"),
];

/// Our label of a status code; `None` for one that the table does not have.
#[must_use]
pub fn status(code: &str) -> Option<&'static str> {
    STATUSES.iter().find(|(known, _)| *known == code).map(|(_, label)| *label)
}

/// Whom a status is about (STC01-3), in our own words.
const ENTITIES: &[(&str, &str)] = &[
    ("77", "service facility"),
    ("82", "rendering provider"),
    ("85", "billing provider"),
    ("IL", "subscriber"),
    ("PR", "payer"),
    ("QC", "patient"),
];

/// Our label of an entity code; `None` for one that the table does not have.
#[must_use]
pub fn entity(code: &str) -> Option<&'static str> {
    ENTITIES.iter().find(|(known, _)| *known == code).map(|(_, label)| *label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a1_is_no_acceptance_and_a3_is_a_rejection() {
        assert_eq!(effect("A1", "WQ"), Effect::Received);
        assert_eq!(effect("A2", "WQ"), Effect::Accepted);
        assert_eq!(effect("A3", "WQ"), Effect::Rejected);
        assert_eq!(effect("A5", ""), Effect::AcceptedSplit);
    }

    #[test]
    fn action_u_rejects_whatever_the_category_says() {
        assert_eq!(effect("A2", "U"), Effect::Rejected);
        assert_eq!(effect("Q9", "U"), Effect::Rejected);
    }

    #[test]
    fn a_category_that_is_not_allowed_is_unknown() {
        assert_eq!((category("F1"), effect("F1", "WQ")), (None, Effect::Unknown));
        assert_eq!((status("478"), status("9999"), entity("QC")), (Some("our claim number"), None, Some("patient")));
    }
}
