//! What the codes of a 999 say, in our words (domain.md 3.2). A code that is not listed has no words, and is still carried and shown.

use super::{DUPLICATE_GROUP, DUPLICATE_SET, ElementError, GroupResponse, SegmentError, SetResponse};

/// IK304 in our words (domain.md 3.2).
const SEGMENT_ERRORS: [(&str, &str); 13] = [
    ("1", "unknown segment"),
    ("2", "unexpected segment"),
    ("3", "a required segment is missing"),
    ("4", "a loop stands too often"),
    ("5", "the segment stands too often"),
    ("6", "the segment is not part of this transaction set"),
    ("7", "the segment is out of order"),
    ("8", "the segment has elements at fault"),
    ("I4", "a segment that the guide does not use is present"),
    ("I6", "a segment is missing that others make required"),
    ("I7", "a loop stands too seldom"),
    ("I8", "the segment stands too seldom"),
    ("I9", "a segment is present that others forbid"),
];

/// IK403 in our words (domain.md 3.2).
const ELEMENT_ERRORS: [(&str, &str); 18] = [
    ("1", "a required element is missing"),
    ("2", "an element is missing that others make required"),
    ("3", "too many elements"),
    ("4", "the value is too short"),
    ("5", "the value is too long"),
    ("6", "the value has a character that is not allowed"),
    ("7", "the code is invalid"),
    ("8", "the date is invalid"),
    ("9", "the time is invalid"),
    ("10", "an element is present that others forbid"),
    ("12", "the element repeats too often"),
    ("13", "too many components"),
    ("I6", "the code is not used in the guide"),
    ("I9", "an element is missing that the guide requires here"),
    ("I10", "an element is present that the guide does not use"),
    ("I11", "the element repeats too seldom"),
    ("I12", "the value does not have the form that the guide asks for"),
    ("I13", "an element is present that the guide does not use here"),
];

/// IK502 in our words (domain.md 3.2).
const SET_ERRORS: [(&str, &str); 10] = [
    ("1", "the transaction set is not supported"),
    ("2", "the trailer is missing"),
    ("3", "the control numbers of header and trailer differ"),
    ("4", "the number of segments is wrong"),
    ("5", "segments are at fault"),
    ("6", "the identifier of the transaction set is invalid"),
    ("7", "the control number is invalid"),
    (DUPLICATE_SET, "the control number stands twice in the group"),
    ("I5", "the rules of the guide are broken"),
    ("I6", "the guide is not supported"),
];

/// AK905 in our words (domain.md 3.2).
const GROUP_ERRORS: [(&str, &str); 7] = [
    ("1", "the functional group is not supported"),
    ("2", "the version is not supported"),
    ("3", "the trailer is missing"),
    ("4", "the control numbers of header and trailer differ"),
    ("5", "the number of transaction sets is wrong"),
    ("6", "the control number is invalid"),
    (DUPLICATE_GROUP, "the control number was used before"),
];

fn meaning(table: &[(&str, &'static str)], code: &str) -> Option<&'static str> {
    table.iter().find(|(known, _)| *known == code).map(|(_, meaning)| *meaning)
}

impl SetResponse {
    /// What IK502 to 06 say, in our words; unknown codes say nothing.
    pub fn meanings(&self) -> impl Iterator<Item = &'static str> {
        self.codes.iter().filter_map(|code| meaning(&SET_ERRORS, code))
    }
}

impl GroupResponse {
    /// What AK905 to 09 say, in our words; unknown codes say nothing.
    pub fn meanings(&self) -> impl Iterator<Item = &'static str> {
        self.codes.iter().filter_map(|code| meaning(&GROUP_ERRORS, code))
    }
}

impl SegmentError {
    /// What IK304 says, in our words; none when the code is unknown.
    #[must_use]
    pub fn meaning(&self) -> Option<&'static str> {
        meaning(&SEGMENT_ERRORS, &self.code)
    }
}

impl ElementError {
    /// What IK403 says, in our words; none when the code is unknown.
    #[must_use]
    pub fn meaning(&self) -> Option<&'static str> {
        meaning(&ELEMENT_ERRORS, &self.code)
    }
}
