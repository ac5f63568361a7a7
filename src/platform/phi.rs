//! PHI is a type: what tells who a child is prints as a mask, everywhere, until code says `reveal`.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A name, birth date, member id, address, phone number or free text of a person. `Debug` and `Display` show a mask, so that no log,
/// error or panic message can carry it; [`Phi::reveal`] is the one way out, easy to search for.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Phi<T>(T);

/// What stands in the place of masked values.
pub const MASK: &str = "•••";

impl<T> Phi<T> {
    /// Wraps a value.
    pub const fn new(value: T) -> Phi<T> {
        Phi(value)
    }

    /// The value itself: for claims, screens of the practice and the database; never for logs or errors.
    pub const fn reveal(&self) -> &T {
        &self.0
    }

    /// The value itself, by value.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl From<&str> for Phi<String> {
    fn from(text: &str) -> Phi<String> {
        Phi(text.to_owned())
    }
}

impl From<String> for Phi<String> {
    fn from(text: String) -> Phi<String> {
        Phi(text)
    }
}

impl<T: AsRef<str>> Phi<T> {
    /// The text itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_ref()
    }
}

impl<T> fmt::Debug for Phi<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

impl<T> fmt::Display for Phi<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_prints_as_a_mask() {
        let name: Phi<String> = Phi::from("Rivera");
        assert_eq!(format!("{name} {name:?} {:?}", Some(&name)), "••• ••• Some(•••)");
        assert_eq!(name.reveal(), "Rivera");
    }
}
