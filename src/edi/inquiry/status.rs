//! What an STC says, in 277 and 277CA alike.

use serde::{Deserialize, Serialize};

use crate::edi::Segment;
use crate::edi::writer::SegmentBuilder;

/// The elements of an STC that hold a code: the first says how the claim stands, the others why.
pub(in crate::edi) const STATUS_ELEMENTS: [usize; 3] = [1, 10, 11];

/// Components of such an element.
pub(in crate::edi) const STATUS_COMPONENTS: usize = 4;

/// STC01, 10 or 11.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct StatusCode {
    /// The category: `A2` accepted, `A7` rejected, `F1` paid, `P3` pending … (domain.md 3.2, 3.4).
    pub category: String,
    /// The status code.
    pub status: String,
    /// Whom it is about: `85` billing provider, `1P` provider, `QC` patient, `IL` insured …
    pub entity: Option<String>,
    /// `RX` when the status code is of the pharmacies' list.
    #[serde(default)]
    pub list: Option<String>,
}

impl StatusCode {
    /// A code of the common list.
    #[must_use]
    pub fn new(category: &str, status: &str, entity: Option<&str>) -> StatusCode {
        StatusCode { category: category.to_owned(), status: status.to_owned(), entity: entity.map(str::to_owned), list: None }
    }
}

/// The codes of an STC.
pub(in crate::edi) fn status_codes(stc: &Segment<'_>) -> Vec<StatusCode> {
    let filled = STATUS_ELEMENTS.into_iter().filter(|&n| !stc.bytes(n).is_empty());
    let code = |n| {
        let component = |c| stc.component_opt(n, c);
        StatusCode {
            category: component(1).unwrap_or_default(),
            status: component(2).unwrap_or_default(),
            entity: component(3),
            list: component(4),
        }
    };
    filled.map(code).collect()
}

/// Writes the code of an STC at its place among them; an empty element when there is none.
pub(in crate::edi) fn status_code<'w>(stc: SegmentBuilder<'w>, codes: &[StatusCode], nth: usize) -> SegmentBuilder<'w> {
    let Some(StatusCode { category, status, entity, list }) = codes.get(nth) else { return stc.skip(1) };
    stc.composite(&[category.as_str(), status, entity.as_deref().unwrap_or_default(), list.as_deref().unwrap_or_default()])
}
