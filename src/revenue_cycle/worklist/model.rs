//! Work items as data.

use jiff::civil::Date;

use crate::platform::ids::PracticeId;

/// Something that a person must look at, as a stage raises it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewItem {
    /// Whose.
    pub practice: PracticeId,
    /// Which stage raises it: the name of its folder.
    pub stage: &'static str,
    /// Why, as a code that lists can be filtered by: `E009`, `COB_OVERPAID`.
    pub reason: String,
    /// Kind of the record it is about: its table.
    pub subject_kind: &'static str,
    /// Key of that record.
    pub subject_id: i64,
    /// What to do, in a sentence. Codes and amounts only, no PHI.
    pub message: String,
    /// By when.
    pub due_date: Option<Date>,
}

coded! {
    /// State of a work item.
    ItemState {
        /// Waits for a person.
        Open = "open",
        /// Done.
        Resolved = "resolved",
    }
}

/// Which items a list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ItemFilter {
    /// Only this stage.
    pub stage: Option<String>,
    /// Only this reason.
    pub reason: Option<String>,
    /// Only what this person has.
    pub assigned_to: Option<String>,
    /// Resolved ones instead of open ones.
    pub resolved: bool,
}
