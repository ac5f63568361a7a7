//! Why a file could not be read: every fault with its place, none with a person's data.

/// One fault of a file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {what}")]
pub struct Fault {
    /// Where: `line 3, column birth_date`, `encounters[2].lines[0].code`, `line 4, character 10`.
    pub place: String,
    /// What is wrong there, without the value.
    pub what: String,
}

/// A file that could not be read: nothing of it was taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
pub struct Unreadable {
    /// Every fault, in the order of the file, at most `FAULTS_MAX`.
    pub faults: Vec<Fault>,
}

/// Most faults that are told of one file: who sees a hundred mends the export, not the file.
pub const FAULTS_MAX: usize = 100;

impl Unreadable {
    /// A file with one fault.
    pub(super) fn one(place: impl Into<String>, what: impl Into<String>) -> Unreadable {
        Unreadable { faults: vec![Fault { place: place.into(), what: what.into() }] }
    }

    /// A file that is larger than its reader takes.
    pub(super) fn too_large(bytes: usize, limit: usize) -> Unreadable {
        Unreadable::one("file", format!("{bytes} bytes: at most {limit} are read"))
    }

    /// A file that is not JSON. The parser's own words may hold a value, so only its position is told.
    pub(super) fn not_json(error: &serde_json::Error) -> Unreadable {
        let what = if error.is_eof() { "the JSON ends too early" } else { "not JSON" };
        Unreadable::one(format!("line {}, character {}", error.line(), error.column()), what)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_is_told_with_its_place() {
        let fault = |place: &str| Fault { place: place.to_owned(), what: "not a date".to_owned() };
        let error = Unreadable { faults: vec![fault("line 2"), fault("line 5")] };
        assert_eq!(error.to_string(), "line 2: not a date; line 5: not a date");
    }

    #[test]
    fn what_is_not_json_is_told_by_its_position_alone() {
        let error = serde_json::from_str::<serde_json::Value>("{\"name\": Rivera}").unwrap_err();
        assert_eq!(Unreadable::not_json(&error).to_string(), "line 1, character 10: not JSON");
    }
}
