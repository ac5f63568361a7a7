//! States and territories: systems send names, N402 wants two letters.

/// Postal abbreviations with the names that systems send, lower case.
#[rustfmt::skip]
const STATES: &[(&str, &str)] = &[
    ("AK", "alaska"), ("AL", "alabama"), ("AR", "arkansas"), ("AS", "american samoa"), ("AZ", "arizona"), ("CA", "california"),
    ("CO", "colorado"), ("CT", "connecticut"), ("DC", "district of columbia"), ("DE", "delaware"), ("FL", "florida"), ("GA", "georgia"),
    ("GU", "guam"), ("HI", "hawaii"), ("IA", "iowa"), ("ID", "idaho"), ("IL", "illinois"), ("IN", "indiana"), ("KS", "kansas"),
    ("KY", "kentucky"), ("LA", "louisiana"), ("MA", "massachusetts"), ("MD", "maryland"), ("ME", "maine"), ("MI", "michigan"),
    ("MN", "minnesota"), ("MO", "missouri"), ("MP", "northern mariana islands"), ("MS", "mississippi"), ("MT", "montana"),
    ("NC", "north carolina"), ("ND", "north dakota"), ("NE", "nebraska"), ("NH", "new hampshire"), ("NJ", "new jersey"),
    ("NM", "new mexico"), ("NV", "nevada"), ("NY", "new york"), ("OH", "ohio"), ("OK", "oklahoma"), ("OR", "oregon"),
    ("PA", "pennsylvania"), ("PR", "puerto rico"), ("RI", "rhode island"), ("SC", "south carolina"), ("SD", "south dakota"),
    ("TN", "tennessee"), ("TX", "texas"), ("UT", "utah"), ("VA", "virginia"), ("VI", "virgin islands"), ("VT", "vermont"),
    ("WA", "washington"), ("WI", "wisconsin"), ("WV", "west virginia"), ("WY", "wyoming"),
];

/// The two letters of a state sent by name or abbreviation, in any case; `None` if no state is called so.
#[must_use]
pub fn abbreviation(state: &str) -> Option<&'static str> {
    let state = state.trim();
    STATES
        .iter()
        .find(|(letters, name)| letters.eq_ignore_ascii_case(state) || name.eq_ignore_ascii_case(state))
        .map(|(letters, _)| *letters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_known_by_name_and_by_letters() {
        assert_eq!((abbreviation("Texas"), abbreviation(" tx "), abbreviation("Ontario")), (Some("TX"), Some("TX"), None));
        assert_eq!(STATES.len(), 56);
    }
}
