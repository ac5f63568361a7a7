//! Places of service that a pediatric practice meets: the CMS list's numbers (public), our own labels.

use super::codes::PlaceOfService;

/// The known places, in the order of their codes.
const PLACES: &[(&str, &str)] = &[
    ("01", "Pharmacy"),
    ("02", "Telehealth, patient not at home"),
    ("03", "School"),
    ("04", "Homeless shelter"),
    ("05", "Indian Health Service, free-standing"),
    ("06", "Indian Health Service, provider-based"),
    ("07", "Tribal 638, free-standing"),
    ("08", "Tribal 638, provider-based"),
    ("10", "Telehealth, patient at home"),
    ("11", "Office"),
    ("12", "Home"),
    ("13", "Assisted living"),
    ("14", "Group home"),
    ("15", "Mobile unit"),
    ("17", "Walk-in retail clinic"),
    ("19", "Off-campus outpatient hospital"),
    ("20", "Urgent care"),
    ("21", "Inpatient hospital"),
    ("22", "On-campus outpatient hospital"),
    ("23", "Emergency room"),
    ("24", "Ambulatory surgical center"),
    ("25", "Birthing center"),
    ("26", "Military treatment facility"),
    ("27", "Outreach site or street"),
    ("49", "Independent clinic"),
    ("50", "Federally qualified health center"),
    ("57", "Substance abuse treatment, non-residential"),
    ("60", "Mass immunization center"),
    ("71", "Public health clinic"),
    ("72", "Rural health clinic"),
    ("81", "Independent laboratory"),
    ("99", "Other place"),
];

/// Our label of a place; `None` for one that the list does not have (domain.md E053).
#[must_use]
pub fn label(place: PlaceOfService) -> Option<&'static str> {
    PLACES.binary_search_by_key(&place.as_str(), |(code, _)| code).ok().map(|at| PLACES[at].1)
}

/// Every known place with its label, for lists.
pub fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    PLACES.iter().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_in_order_and_knows_the_office() {
        assert!(PLACES.is_sorted_by_key(|(code, _)| code));
        assert_eq!(label(PlaceOfService::OFFICE), Some("Office"));
        assert_eq!(label("00".parse().unwrap()), None);
    }
}
