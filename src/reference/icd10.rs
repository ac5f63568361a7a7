//! ICD-10-CM: which codes exist, which may be billed, which exclude each other. The table is the release of April 2026 (fiscal year
//! 2026), from the tabular list of the US government, public domain. Loaded from its compressed form at the first question.

use std::io::Read;
use std::sync::OnceLock;

use jiff::civil::{Date, date};

use super::codes::Icd10;
use super::table;

/// First date of service for which the table answers: the fiscal year begins on the first of October (domain.md 1.5, HI).
pub const VALID_FROM: Date = date(2025, 10, 1);

/// Last date of service for which the table answers.
pub const VALID_TO: Date = date(2026, 9, 30);

/// What the table says about one code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Whether the code is a leaf: a category must not be billed.
    pub billable: bool,
    /// Its official label.
    pub label: &'static str,
}

/// What may be said about a code on a date of service (domain.md E020). The table holds one fiscal year; outside of it only what
/// cannot have changed is an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeStatus {
    /// A leaf of the table. For dates after the table's year: still a leaf as far as is known.
    Valid,
    /// A category: more characters are needed.
    NotBillable,
    /// Not in the table of the date's year.
    Unknown,
    /// Not in the table, but the date is later than the table's year: it may be new. A warning.
    UnknownButNewer,
    /// The date is before the table's year: not checked. A warning.
    BeforeTable,
}

/// One code of the table, with the place of its label in the text.
struct Row {
    code: Icd10,
    billable: bool,
    label: (u32, u32),
}

struct Table {
    text: String,
    rows: Vec<Row>,
}

fn codes() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut text = String::new();
        flate2::read::GzDecoder::new(include_bytes!("data/icd10cm_2026-04.tsv.gz").as_slice())
            .read_to_string(&mut text)
            .expect("the compiled-in table is compressed UTF-8");
        let mut rows = Vec::with_capacity(text.len() / 80);
        let mut start = 0;
        for line in text.split_terminator('\n') {
            let mut cells = line.splitn(3, '\t');
            let (code, billable) = (cells.next().unwrap_or_default(), cells.next().unwrap_or_default());
            let label_start = start + code.len() + billable.len() + 2;
            let end = start + line.len();
            let offset = |at: usize| u32::try_from(at).expect("the table is smaller than four gigabytes");
            rows.push(Row {
                code: Icd10::parse(code).expect("the table holds codes"),
                billable: billable == "1",
                label: (offset(label_start), offset(end)),
            });
            start = end + 1;
        }
        Table { text, rows }
    })
}

/// What the table says about a code, whatever the date.
#[must_use]
pub fn lookup(code: &Icd10) -> Option<Entry> {
    let table = codes();
    let row = &table.rows[table.rows.binary_search_by_key(code, |row| row.code).ok()?];
    let label = table.text.get(row.label.0 as usize..row.label.1 as usize)?;
    Some(Entry { billable: row.billable, label })
}

/// Whether a code may be billed for a date of service.
#[must_use]
pub fn status_on(code: &Icd10, service_date: Date) -> CodeStatus {
    if service_date < VALID_FROM {
        return CodeStatus::BeforeTable;
    }
    match lookup(code) {
        Some(Entry { billable: true, .. }) => CodeStatus::Valid,
        Some(Entry { billable: false, .. }) => CodeStatus::NotBillable,
        None if service_date > VALID_TO => CodeStatus::UnknownButNewer,
        None => CodeStatus::Unknown,
    }
}

/// The codes that start with `prefix` (without dot) or, for a longer text, whose label holds it, ignoring ASCII case: what a search
/// box offers. Leaves only, at most `limit`, in the order of the list.
pub fn search(text: &str, limit: usize) -> impl Iterator<Item = (Icd10, Entry)> {
    let table = codes();
    let code: String = text.chars().filter(|c| c.is_ascii_alphanumeric()).map(|c| c.to_ascii_uppercase()).collect();
    let words: Vec<String> = text.split_whitespace().map(str::to_ascii_lowercase).collect();
    table
        .rows
        .iter()
        .filter(|row| row.billable)
        .map(|row| (row.code, Entry { billable: true, label: table.text.get(row.label.0 as usize..row.label.1 as usize).unwrap_or("") }))
        .filter(move |(row_code, entry)| {
            (!code.is_empty() && row_code.is_within(&code)) || {
                let label = entry.label.to_ascii_lowercase();
                !words.is_empty() && words.iter().all(|word| label.contains(word.as_str()))
            }
        })
        .take(limit)
}

/// Codes or categories from `first` to `last`, both within; one code or category when they are equal.
struct Span {
    first: Icd10,
    last: Icd10,
}

impl Span {
    fn parse(text: &str) -> Span {
        let (first, last) = text.split_once("..").unwrap_or((text, text));
        let code = |text| Icd10::parse(text).expect("the table of exclusions holds codes");
        Span { first: code(first), last: code(last) }
    }

    /// A code is in the span when it, cut to the length of the bound, is not beyond it: `A0410` is within `A040..A044`.
    fn contains(&self, code: &str) -> bool {
        let (first, last) = (self.first.as_str(), self.last.as_str());
        code.len() >= first.len() && &code[..first.len()] >= first && &code[..last.len().min(code.len())] <= last
    }
}

fn exclusions() -> &'static [(Icd10, Span)] {
    static TABLE: OnceLock<Vec<(Icd10, Span)>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut pairs: Vec<(Icd10, Span)> = table::rows(include_str!("data/icd10cm_2026-04_excludes1.csv"))
            .map(|row| (Icd10::parse(&row[0]).expect("the table of exclusions holds codes"), Span::parse(&row[1])))
            .collect();
        pairs.sort_by_key(|(code, _)| *code);
        pairs
    })
}

/// Whether two codes carry an Excludes1 note against each other, on themselves or on a category above them, in either direction
/// (domain.md E023). The notes know exceptions that only a coder can judge: a warning, not an error.
#[must_use]
pub fn excludes1(a: &Icd10, b: &Icd10) -> bool {
    names(a.as_str(), b.as_str()) || names(b.as_str(), a.as_str())
}

/// Whether a note on `code` or on a category above it names `other`.
fn names(code: &str, other: &str) -> bool {
    let table = exclusions();
    (3..=code.len()).filter_map(|length| Icd10::parse(&code[..length]).ok()).any(|carrier| {
        let start = table.partition_point(|(key, _)| *key < carrier);
        table[start..].iter().take_while(|(key, _)| *key == carrier).any(|(_, span)| span.contains(other))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Icd10 {
        text.parse().unwrap()
    }

    #[test]
    fn the_table_is_sorted_and_complete() {
        let rows = &codes().rows;
        assert_eq!((rows.len(), rows.iter().filter(|row| row.billable).count()), (98_186, 74_719));
        assert!(rows.is_sorted_by_key(|row| row.code));
    }

    #[test]
    fn a_leaf_is_billable_and_its_category_is_not() {
        assert_eq!(lookup(&code("Z00.129")).unwrap().label, "Encounter for routine child health examination without abnormal findings");
        assert!(lookup(&code("Z00.129")).unwrap().billable);
        assert!(!lookup(&code("Z00.12")).unwrap().billable);
        assert_eq!(lookup(&code("Z00.128")), None);
    }

    #[test]
    fn e020_a_missing_code_is_an_error_within_the_tables_year_and_a_warning_after_it() {
        let (leaf, category, missing) = (code("J45.40"), code("J45.4"), code("J45.49"));
        for (dos, expected) in [
            (date(2025, 9, 30), [CodeStatus::BeforeTable; 3]),
            (date(2025, 10, 1), [CodeStatus::Valid, CodeStatus::NotBillable, CodeStatus::Unknown]),
            (date(2026, 9, 30), [CodeStatus::Valid, CodeStatus::NotBillable, CodeStatus::Unknown]),
            (date(2026, 10, 1), [CodeStatus::Valid, CodeStatus::NotBillable, CodeStatus::UnknownButNewer]),
        ] {
            assert_eq!([&leaf, &category, &missing].map(|c| status_on(c, dos)), expected, "{dos}");
        }
    }

    #[test]
    fn e023_newborn_and_routine_examination_codes_exclude_each_other_both_ways() {
        for (a, b) in [("Z00.110", "Z00.129"), ("Z00.121", "Z00.111"), ("Z00.129", "Z02.5"), ("Z00.129", "Z76.1")] {
            assert!(excludes1(&code(a), &code(b)) && excludes1(&code(b), &code(a)), "{a} {b}");
        }
        for (a, b) in [("Z00.129", "Z23"), ("Z00.121", "H66.91"), ("J45.40", "J02.0")] {
            assert!(!excludes1(&code(a), &code(b)) && !excludes1(&code(b), &code(a)), "{a} {b}");
        }
    }

    #[test]
    fn a_range_of_exclusions_holds_the_members_of_its_last_category() {
        let span = Span::parse("A040..A044");
        assert!(span.contains("A040") && span.contains("A0441") && !span.contains("A045") && !span.contains("A04"));
        assert!(Span::parse("T61..T62").contains("T620X1A"));
        assert!(Span::parse("D06..D073").contains("D060") && !Span::parse("D06..D073").contains("D074"));
    }

    #[test]
    fn a_search_finds_codes_by_their_beginning_and_by_words() {
        assert!(search("z00.12", 5).any(|(found, _)| found == code("Z00.129")));
        assert!(search("otitis media unspecified right", 20).any(|(found, _)| found == code("H66.91")));
        assert_eq!(search("", 5).count(), 0);
    }
}
