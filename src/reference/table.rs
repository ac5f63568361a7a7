//! How a compiled-in CSV becomes rows.

use csv::{ReaderBuilder, StringRecord};

/// The rows of a compiled-in CSV, without its header.
///
/// # Panics
/// If the table is not CSV of equally long rows: a fault of the build, met by the tests of every table.
pub(super) fn rows(csv: &'static str) -> impl Iterator<Item = StringRecord> {
    ReaderBuilder::new().from_reader(csv.as_bytes()).into_records().map(|row| row.expect("compiled-in tables are well-formed CSV"))
}

/// A cell of a compiled-in table as a typed value; empty is none.
///
/// # Panics
/// If the cell is not such a value: a fault of the build, met by the tests of every table.
pub(super) fn cell<T: std::str::FromStr>(row: &StringRecord, column: usize) -> Option<T> {
    match row.get(column) {
        None | Some("") => None,
        Some(text) => Some(text.parse().ok().expect("compiled-in tables hold well-formed values")),
    }
}
