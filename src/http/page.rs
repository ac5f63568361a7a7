//! Lists in pages: a cursor says where the next one begins, so that a list may grow while it is read.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::Serialize;

use super::Error;

/// Rows of a page unless the caller says otherwise.
pub const PAGE_USUAL: u32 = 50;

/// Most rows of a page: one statement of a few milliseconds, one answer of some hundred kilobytes.
pub const PAGE_MAX: u32 = 200;

/// Where a page begins: after a row, by the date and the key that its list is ordered by. Opaque to callers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// Date of the last row of the page before.
    pub date: Date,
    /// Its key.
    pub id: i64,
}

/// A letter for the form, eight digits for the date, sixteen hexadecimal ones for the key.
impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a{:04}{:02}{:02}{:016x}", self.date.year(), self.date.month(), self.date.day(), self.id)
    }
}

impl FromStr for Cursor {
    type Err = Error;

    fn from_str(text: &str) -> Result<Cursor, Error> {
        read(text).ok_or_else(|| Error::fault("cursor", "not a cursor that a page gave"))
    }
}

fn read(text: &str) -> Option<Cursor> {
    let digits = text.strip_prefix('a').filter(|digits| digits.len() == 24 && digits.bytes().all(|b| b.is_ascii_hexdigit()))?;
    let (date, id) = digits.split_at(8);
    let date = Date::new(date[..4].parse().ok()?, date[4..6].parse().ok()?, date[6..].parse().ok()?).ok()?;
    Some(Cursor { date, id: i64::from_str_radix(id, 16).ok()? })
}

/// The number of rows of a page, from the parameter `limit`.
pub fn limit(text: Option<&str>) -> Result<u32, Error> {
    let Some(text) = text else { return Ok(PAGE_USUAL) };
    let wanted = text.parse().ok().filter(|wanted| (1..=PAGE_MAX).contains(wanted));
    wanted.ok_or_else(|| Error::fault("limit", format!("not a number from 1 to {PAGE_MAX}")))
}

/// One page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Page<T> {
    /// Its rows.
    pub items: Vec<T>,
    /// Where the next page begins; none after the last.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// A page of at most `limit` rows, from one row more where there is one: `cursor` gives where the page after a row begins.
    #[must_use]
    pub fn of(mut rows: Vec<T>, limit: u32, cursor: impl FnOnce(&T) -> Cursor) -> Page<T> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(|last| cursor(last).to_string());
        Page { items: rows, next }
    }

    /// The page with each row told as something else.
    #[must_use]
    pub fn map<U>(self, tell: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(tell).collect(), next: self.next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_cursor_reads_back_as_it_was_given() {
        let cursor = Cursor { date: date(2026, 11, 16), id: i64::MAX };
        assert_eq!(cursor.to_string().parse::<Cursor>().unwrap(), cursor);
    }

    #[test]
    fn what_is_no_cursor_is_a_fault_of_the_request() {
        for text in
            ["", "a", "b202611160000000000000001", "a202613160000000000000001", "a20261116ffffffffffffffff", "a2026111é000000000000001"]
        {
            assert!(matches!(text.parse::<Cursor>(), Err(Error::BadRequest(_))), "{text}");
        }
    }

    #[test]
    fn a_page_has_a_next_one_only_when_a_row_is_left() {
        let at = |row: &i64| Cursor { date: date(2026, 11, 16), id: *row };
        assert_eq!(Page::of(vec![3, 2], 2, at), Page { items: vec![3, 2], next: None });
        let page = Page::of(vec![3, 2, 1], 2, at);
        assert_eq!((page.items, page.next), (vec![3, 2], Some(at(&2).to_string())));
        assert_eq!(Page::of(Vec::new(), 2, at), Page { items: Vec::new(), next: None });
    }

    #[test]
    fn a_limit_is_a_number_from_one_to_the_most() {
        assert_eq!((limit(None).unwrap(), limit(Some("200")).unwrap()), (PAGE_USUAL, PAGE_MAX));
        for text in ["0", "201", "-1", "many", ""] {
            assert!(limit(Some(text)).is_err(), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_a_cursor_or_a_fault(text: String) {
            let _ = text.parse::<Cursor>();
        }
    }
}
