//! Reading a TOML file so that all its faults come to light at once, each with its line and column: a tree walk in place of a
//! deserializer, which would stop at the first.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// One fault of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What is wrong and what would be right. Repeats no values.
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.message)
    }
}

/// All faults of a file, in the order of their places.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.iter().map(Fault::to_string).collect::<Vec<_>>().join("\n"))]
pub struct Faults(pub Vec<Fault>);

/// A file being read, with the faults found so far.
pub(super) struct Reader<'t> {
    text: &'t str,
    faults: RefCell<Vec<(usize, String)>>,
}

impl<'t> Reader<'t> {
    /// Parses `text` and hands its root table to `read`; gives what that gives, unless there are faults. Where the text is no TOML at
    /// all, only that is reported.
    pub fn run<T>(text: &'t str, read: impl FnOnce(&Table<'_, 't>) -> Option<T>) -> Result<T, Faults> {
        let reader = Reader { text, faults: RefCell::default() };
        let (root, errors) = DeTable::parse_recoverable(text);
        for error in &errors {
            reader.note(&error.span().unwrap_or(0..0), error.message());
        }
        let value = if errors.is_empty() {
            let table = Table::new(&reader, root.get_ref(), 0..0, String::new());
            let value = read(&table);
            table.refuse_unknown();
            value
        } else {
            None
        };
        let mut faults = reader.faults.take();
        faults.sort_by_key(|(at, _)| *at);
        match value {
            Some(value) if faults.is_empty() => Ok(value),
            _ => Err(Faults(faults.into_iter().map(|(at, message)| reader.fault(at, message)).collect())),
        }
    }

    fn note(&self, span: &Range<usize>, message: impl Into<String>) {
        self.faults.borrow_mut().push((span.start, message.into()));
    }

    fn fault(&self, at: usize, message: String) -> Fault {
        let before = self.text.get(..at).unwrap_or(self.text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Fault { line: before.matches('\n').count() + 1, column: before[line_start..].chars().count() + 1, message }
    }
}

/// A table of the file. Every key must be asked for, or [`Table::refuse_unknown`] reports it.
pub(super) struct Table<'r, 't> {
    reader: &'r Reader<'t>,
    entries: &'r DeTable<'t>,
    span: Range<usize>,
    path: String,
    asked: RefCell<BTreeSet<&'static str>>,
}

/// A key of a table with its scalar value as text, and where both stand.
pub(super) struct Entry<'r> {
    pub key: &'r str,
    pub key_span: Range<usize>,
    pub value: Option<String>,
    pub value_span: Range<usize>,
}

impl<'r, 't> Table<'r, 't> {
    fn new(reader: &'r Reader<'t>, entries: &'r DeTable<'t>, span: Range<usize>, path: String) -> Table<'r, 't> {
        Table { reader, entries, span, path, asked: RefCell::default() }
    }

    /// Where the table begins.
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// Notes a fault at a place.
    pub fn note(&self, span: &Range<usize>, message: impl fmt::Display) {
        self.reader.note(span, format!("{}{message}", self.path));
    }

    fn get(&self, key: &'static str) -> Option<&'r Spanned<DeValue<'t>>> {
        self.asked.borrow_mut().insert(key);
        self.entries.get(key)
    }

    /// The value of a key that must be there; none when it is missing or faulty, which is noted.
    pub fn need<T: FromStr<Err: fmt::Display>>(&self, key: &'static str) -> Option<T> {
        self.need_by(key, |text| text.parse().map_err(|error: T::Err| error.to_string()))
    }

    /// The same, by a reader of its own.
    pub fn need_by<T>(&self, key: &'static str, read: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        let Some(value) = self.get(key) else {
            self.note(&self.span, format_args!("{key} is missing"));
            return None;
        };
        self.read(key, value, read)
    }

    /// The value of a key that may be absent. The outer none means faulty, which is noted.
    pub fn may<T: FromStr<Err: fmt::Display>>(&self, key: &'static str) -> Option<Option<T>> {
        match self.get(key) {
            None => Some(None),
            Some(value) => self.read(key, value, |text| text.parse().map_err(|error: T::Err| error.to_string())).map(Some),
        }
    }

    fn read<T>(&self, key: &str, value: &Spanned<DeValue<'_>>, read: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        let outcome = match scalar(value.get_ref()) {
            Some(text) => read(&text),
            None => Err("needs a single value".to_owned()),
        };
        outcome.map_err(|message| self.note(&value.span(), format_args!("{key}: {message}"))).ok()
    }

    /// The value of a key as text, without noting anything about it.
    pub fn peek(&self, key: &'static str) -> Option<String> {
        self.entries.get(key).and_then(|value| scalar(value.get_ref()))
    }

    /// Whether a key is there.
    pub fn has(&self, key: &'static str) -> bool {
        self.entries.contains_key(key)
    }

    /// The table under a key that must be there.
    pub fn table(&self, key: &'static str) -> Option<Table<'r, 't>> {
        let Some(value) = self.get(key) else {
            self.note(&self.span, format_args!("[{key}] is missing"));
            return None;
        };
        let DeValue::Table(entries) = value.get_ref() else {
            self.note(&value.span(), format_args!("{key} must be a table, [{key}]"));
            return None;
        };
        Some(Table::new(self.reader, entries, value.span(), format!("{}{key}: ", self.path)))
    }

    /// The tables of an array of tables, `[[key]]`; empty when there is none.
    pub fn tables(&self, key: &'static str) -> Vec<Table<'r, 't>> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let items: &[_] = if let DeValue::Array(items) = value.get_ref() { items } else { std::slice::from_ref(value) };
        let mut tables = Vec::new();
        for item in items {
            if let DeValue::Table(entries) = item.get_ref() {
                let name = entries.get("code").or_else(|| entries.get("name")).and_then(|name| scalar(name.get_ref()));
                let name = name.map(|name| format!(" {name}")).unwrap_or_default();
                tables.push(Table::new(self.reader, entries, item.span(), format!("{}{key}{name}: ", self.path)));
            } else {
                self.note(&item.span(), format_args!("{key} must be a list of tables, [[{key}]]"));
            }
        }
        tables
    }

    /// Every key that was not asked for by name, with its value; they count as asked for then.
    pub fn others(&self) -> impl Iterator<Item = Entry<'r>> {
        let asked = self.asked.borrow().clone();
        self.entries.iter().filter(move |(key, _)| !asked.contains(key.get_ref().as_ref())).map(|(key, value)| Entry {
            key: key.get_ref(),
            key_span: key.span(),
            value: scalar(value.get_ref()),
            value_span: value.span(),
        })
    }

    /// Notes every key that was not asked for by name.
    pub fn refuse_unknown(&self) {
        for other in self.others() {
            let known: Vec<&str> = self.asked.borrow().iter().copied().collect();
            self.note(&other.key_span, format_args!("nothing is called {}; known are {}", other.key, known.join(", ")));
        }
    }
}

/// A single value as the text that its reader takes: numbers as they are written (no float is ever made), flags as yes and no, dates in
/// ISO form.
fn scalar(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) if number.radix() == 10 => Some(number.as_str().to_owned()),
        DeValue::Float(number) => Some(number.as_str().to_owned()),
        DeValue::Boolean(flag) => Some(if *flag { "yes" } else { "no" }.to_owned()),
        DeValue::Datetime(instant) => Some(instant.to_string()),
        DeValue::Integer(_) | DeValue::Array(_) | DeValue::Table(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn faults(text: &str) -> Vec<String> {
        let read = |root: &Table<'_, '_>| {
            let days = root.need::<u16>("days");
            let names: Vec<Option<u8>> = root.tables("item").iter().map(|item| item.need("n")).collect();
            Some((days?, names.into_iter().collect::<Option<Vec<_>>>()?))
        };
        Reader::run(text, read).map_or_else(|faults| faults.0.iter().map(Fault::to_string).collect(), |_| Vec::new())
    }

    #[test]
    fn all_faults_come_at_once_with_line_and_column() {
        let found = faults("zip = 1\ndays = \"x\"\n[[item]]\nn = 1000\n[[item]]\n");
        assert_eq!(found.len(), 4, "{found:?}");
        assert_eq!(found[0], "line 1, column 1: nothing is called zip; known are days, item");
        assert!(found[1].starts_with("line 2, column 8: days: "), "{found:?}");
        assert!(found[2].starts_with("line 4, column 5: item: n: "), "{found:?}");
        assert_eq!(found[3], "line 5, column 1: item: n is missing");
    }

    #[test]
    fn a_text_that_is_no_toml_says_where() {
        let found = faults("days = \n");
        assert!(found[0].starts_with("line 1, column 8: "), "{found:?}");
    }

    #[test]
    fn numbers_dates_and_flags_are_taken_as_written() {
        let value = |text: &str| Reader::run(text, |root| root.need::<String>("v")).unwrap();
        assert_eq!(value("v = 210.00"), "210.00");
        assert_eq!(value("v = 1_000"), "1000");
        assert_eq!(value("v = true"), "yes");
        assert_eq!(value("v = 2026-11-16"), "2026-11-16");
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,80}", lines in "[a-z=\\[\\]\" \n0-9.-]{0,80}") {
            let _ = (faults(&text), faults(&lines));
        }
    }
}
