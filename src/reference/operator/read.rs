//! Reading an operator's file: row by row, every fault with its line, nothing taken when there is one.

use std::fmt;

use csv::{ReaderBuilder, StringRecord};
use jiff::civil::{Date, date};

use super::form::{Column, Field, Form};
use super::{Indicator, Kind, LimitPer, Row};
use crate::reference::codes::{Icd10, ProcedureCode};

/// What stands between cells.
const DELIMITERS: [u8; 2] = [b'\t', b','];

/// Records at the head of a table among which its headings are looked for: notices of copyright take a few.
const PREAMBLE_MAX: usize = 40;

/// Faults that are listed; a wrong file has one in each of a million rows.
const FAULTS_MAX: usize = 50;

/// Longest text of a code that is kept, in characters: the longest descriptor of HCPCS has about a thousand.
const TEXT_MAX: usize = 4_000;

/// Most units of a limit: SV104 takes eight digits, and no file reaches six.
const UNITS_MAX: u32 = 999_999;

/// One fault of a file. Repeats no cell: a wrong file may hold anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Which of the texts that were read together, from 0.
    pub part: usize,
    /// Line of it, from 1.
    pub line: u64,
    /// What is wrong and what would be right.
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

/// The faults of a file in the order of their lines, the first of them at least.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Faults {
    /// The first faults.
    pub first: Vec<Fault>,
    /// How many there are in all.
    pub count: usize,
}

impl Faults {
    /// Some faults, in the order of their lines; at least one.
    #[must_use]
    pub fn of(mut faults: Vec<Fault>) -> Faults {
        let count = faults.len();
        faults.truncate(FAULTS_MAX);
        Faults { first: faults, count }
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.first.iter().map(Fault::to_string).collect();
        f.write_str(&lines.join("\n"))?;
        match self.count - self.first.len() {
            0 => Ok(()),
            more => write!(f, "\nand {more} more"),
        }
    }
}

impl std::error::Error for Faults {}

/// Collects rows with their lines, and faults.
#[derive(Default)]
struct Collected {
    /// The text that is read.
    part: usize,
    /// Rows with their part and line.
    rows: Vec<(Row, (usize, u64))>,
    faults: Vec<Fault>,
    count: usize,
}

impl Collected {
    fn add(&mut self, line: u64, row: Result<Row, String>) {
        match row {
            Ok(row) => self.rows.push((row, (self.part, line))),
            Err(message) => self.fault(line, message),
        }
    }

    fn fault(&mut self, line: u64, message: impl Into<String>) {
        self.fault_in(self.part, line, message);
    }

    fn fault_in(&mut self, part: usize, line: u64, message: impl Into<String>) {
        self.count += 1;
        if self.faults.len() < FAULTS_MAX {
            self.faults.push(Fault { part, line, message: message.into() });
        }
    }

    /// The rows in the order of their keys, each key once.
    fn finish(mut self) -> Result<Vec<Row>, Faults> {
        self.rows.sort_by(|(a, a_place), (b, b_place)| key(a).cmp(&key(b)).then(a_place.cmp(b_place)));
        let twice: Vec<_> = self.rows.windows(2).filter(|pair| key(&pair[0].0) == key(&pair[1].0)).map(|pair| pair[1].1).collect();
        for (part, line) in twice {
            self.fault_in(part, line, "stands in the file twice");
        }
        if self.count == 0 && self.rows.is_empty() {
            self.fault(1, "the file has no rows");
        }
        if self.count == 0 {
            return Ok(self.rows.into_iter().map(|(row, _)| row).collect());
        }
        self.faults.sort_by_key(|fault| (fault.part, fault.line));
        Err(Faults { first: self.faults, count: self.count })
    }
}

/// What may stand once in an edition: a code or pair from a day on.
fn key(row: &Row) -> (&str, &str, Option<Date>) {
    match row {
        Row::Code { code, from, .. } => (code, "", *from),
        Row::Pair { column1, column2, from, .. } => (column1.as_str(), column2.as_str(), Some(*from)),
        Row::Limit { code, .. } => (code.as_str(), "", None),
    }
}

/// Reads the files of one edition: several only where CMS publishes it in parts.
pub fn read<'t>(kind: Kind, texts: impl IntoIterator<Item = &'t str>) -> Result<Vec<Row>, Faults> {
    let mut collected = Collected::default();
    for (part, text) in texts.into_iter().enumerate() {
        collected.part = part;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        match kind.form() {
            Form::Table(columns) => read_table(kind, columns, text, &mut collected),
            Form::OrderFile => {
                for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
                    collected.add(at as u64 + 1, order_line(line));
                }
            }
        }
    }
    collected.finish()
}

/// One line of the order file.
fn order_line(line: &str) -> Result<Row, String> {
    let cells = (line.get(6..13), line.get(14..15), line.get(77..));
    let (Some(code), Some(flag), Some(label)) = cells else {
        return Err("needs the fixed columns of the order file: code in 7 to 13, flag in 15, label from 78".to_owned());
    };
    let code = Icd10::parse(code).map_err(|error| format!("columns 7 to 13: {error}"))?;
    let billable = match flag {
        "0" => false,
        "1" => true,
        _ => return Err("column 15: 0 for a category or 1 for a code".to_owned()),
    };
    Ok(Row::Code { code: code.as_str().to_owned(), billable, label: Some(label.trim().to_owned()), from: None, to: None })
}

fn read_table(kind: Kind, columns: &'static [Column], text: &str, collected: &mut Collected) {
    // A heading is found by how it begins, so the wrong delimiter finds the first one too: the right one finds the most.
    let found = DELIMITERS.into_iter().filter_map(|delimiter| Some((delimiter, headings(columns, text, delimiter)?)));
    let best = found.max_by_key(|(_, (places, _))| places.iter().flatten().count());
    let Some((delimiter, (places, skip))) = best else {
        let wanted: Vec<String> = columns.iter().filter(|c| c.needed).map(|c| format!("\"{}\"", c.headings[0])).collect();
        return collected.fault(1, format!("no line of headings has {}", wanted.join(", ")));
    };
    for record in records(text, delimiter).skip(skip) {
        match record {
            Ok(record) if record.iter().all(|cell| cell.trim().is_empty()) => {}
            Ok(record) => {
                let line = record.position().map_or(0, csv::Position::line);
                let cells = Cells { record: &record, columns, places: &places };
                collected.add(line, table_row(kind, &cells));
            }
            Err(error) => collected.fault(error.position().map_or(0, csv::Position::line), "not a line of cells"),
        }
    }
}

fn records(text: &str, delimiter: u8) -> impl Iterator<Item = csv::Result<StringRecord>> {
    ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes()).into_records()
}

/// The place of each column, and how many records stand above the first row; none when no record has every needed heading.
fn headings(columns: &[Column], text: &str, delimiter: u8) -> Option<(Vec<Option<usize>>, usize)> {
    records(text, delimiter).take(PREAMBLE_MAX).enumerate().find_map(|(at, record)| {
        let record = record.ok()?;
        let cells: Vec<String> = record.iter().map(|cell| cell.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()).collect();
        let places: Vec<Option<usize>> = columns
            .iter()
            .map(|column| column.headings.iter().find_map(|heading| cells.iter().position(|cell| cell.starts_with(heading))))
            .collect();
        let complete = columns.iter().zip(&places).all(|(column, place)| place.is_some() || !column.needed);
        complete.then_some((places, at + 1))
    })
}

/// A row's cells by what they tell.
struct Cells<'a> {
    record: &'a StringRecord,
    columns: &'a [Column],
    places: &'a [Option<usize>],
}

impl Cells<'_> {
    fn get(&self, field: Field) -> &str {
        let place = self.columns.iter().position(|column| column.field == field).and_then(|at| self.places[at]);
        place.and_then(|at| self.record.get(at)).unwrap_or("").trim()
    }

    /// A day; empty and `*` are none.
    fn day(&self, field: Field) -> Result<Option<Date>, String> {
        match self.get(field) {
            "" | "*" => Ok(None),
            text => day(text).map(Some).ok_or_else(|| format!("{}: not a day", self.heading(field))),
        }
    }

    fn heading(&self, field: Field) -> &'static str {
        self.columns.iter().find(|column| column.field == field).map_or("", |column| column.headings[0])
    }

    fn procedure(&self, field: Field) -> Result<ProcedureCode, String> {
        ProcedureCode::parse(self.get(field)).map_err(|error| format!("{}: {error}", self.heading(field)))
    }
}

/// A day in one of the forms that the files use.
fn day(text: &str) -> Option<Date> {
    let number = |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse::<i16>().ok()).flatten();
    if let [month, day, year] = text.split('/').collect::<Vec<_>>()[..] {
        return Date::new(number(year)?, i8::try_from(number(month)?).ok()?, i8::try_from(number(day)?).ok()?).ok();
    }
    if text.contains('-') { text.parse().ok() } else { Date::strptime("%Y%m%d", text).ok() }
}

/// First day of a pair that is older than the edits' own dates: the files write it as such a day or as none.
const BEGINNING: Date = date(1996, 1, 1);

fn table_row(kind: Kind, cells: &Cells<'_>) -> Result<Row, String> {
    match kind {
        Kind::Cpt | Kind::Hcpcs => {
            let code = cells.procedure(Field::Code)?;
            let is_hcpcs = code.as_str().as_bytes()[0].is_ascii_alphabetic();
            match (kind, is_hcpcs) {
                (Kind::Cpt, true) => return Err("code: begins with a letter, so it is a code of HCPCS".to_owned()),
                (Kind::Hcpcs, false) => return Err("code: begins with a digit, so it is a code of CPT".to_owned()),
                _ => {}
            }
            code_row(code.as_str(), cells)
        }
        Kind::Carc | Kind::Rarc => {
            let code = cells.get(Field::Code).to_ascii_uppercase();
            let shaped = (1..=5).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_alphanumeric());
            if shaped { code_row(&code, cells) } else { Err("code: one to five letters or digits".to_owned()) }
        }
        Kind::Taxonomy => {
            let code = cells.get(Field::Code);
            let shaped = code.len() == 10 && code.ends_with('X') && code.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase());
            if shaped { code_row(code, cells) } else { Err("code: ten digits or capital letters, the last an X".to_owned()) }
        }
        Kind::PtpMedicaid | Kind::PtpMedicare => {
            let indicator = match cells.get(Field::Indicator) {
                "0" => Indicator::Never,
                "1" => Indicator::WithModifier,
                "9" => Indicator::NotApplicable,
                _ => return Err("modifier: 0, 1 or 9".to_owned()),
            };
            let (from, to) = (cells.day(Field::From)?.unwrap_or(BEGINNING), cells.day(Field::To)?);
            Ok(Row::Pair { column1: cells.procedure(Field::Code)?, column2: cells.procedure(Field::Column2)?, indicator, from, to })
        }
        Kind::MueMedicaid | Kind::MueMedicare => {
            let units = cells.get(Field::Units).parse().ok().filter(|units| *units <= UNITS_MAX);
            let units = units.ok_or_else(|| format!("{}: a number to {UNITS_MAX}", cells.heading(Field::Units)))?;
            let per = match (kind, cells.get(Field::Adjudication).as_bytes().first()) {
                (Kind::MueMedicaid, _) | (_, Some(b'1')) => LimitPer::Line,
                (_, Some(b'2' | b'3')) => LimitPer::Day,
                _ => return Err("mue adjudication: begins with 1, 2 or 3".to_owned()),
            };
            Ok(Row::Limit { code: cells.procedure(Field::Code)?, units, per })
        }
        Kind::Icd10cm => Err("comes as an order file".to_owned()),
    }
}

fn code_row(code: &str, cells: &Cells<'_>) -> Result<Row, String> {
    let (from, to) = (cells.day(Field::From)?, cells.day(Field::To)?);
    if from.zip(to).is_some_and(|(from, to)| to < from) {
        return Err("the last day is before the first".to_owned());
    }
    let text = cells.get(Field::Text);
    if text.chars().count() > TEXT_MAX {
        return Err(format!("the text has more than {TEXT_MAX} characters"));
    }
    let label = (!text.is_empty()).then(|| text.to_owned());
    Ok(Row::Code { code: code.to_owned(), billable: true, label, from, to })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn faults(kind: Kind, text: &str) -> Vec<String> {
        read(kind, [text]).unwrap_err().first.iter().map(Fault::to_string).collect()
    }

    #[test]
    fn a_list_of_codes_is_read_with_commas_or_tabs_in_the_order_of_its_codes() {
        let comma = read(Kind::Cpt, ["Code,Label,From,To\n99392,ours,20260101,\n90460,,,12/31/2026\n"]).unwrap();
        let tab = read(
            Kind::Cpt,
            ["\u{feff}a licensee's notice\n\ncode\tlabel\tfrom\tto\r\n90460\t\t*\t2026-12-31\r\n99392\tours\t1/1/2026\t\r\n"],
        )
        .unwrap();
        assert_eq!(comma, tab);
        assert_eq!(comma[0], Row::Code { code: "90460".to_owned(), billable: true, label: None, from: None, to: Some(date(2026, 12, 31)) });
        assert!(matches!(&comma[1], Row::Code { code, from: Some(from), .. } if code == "99392" && *from == date(2026, 1, 1)));
    }

    #[test]
    fn a_fault_names_its_part_and_its_line_even_of_what_stands_in_two_parts() {
        let faults = read(Kind::Cpt, ["code,label\n99392,\n", "code,label\n90460,\nx,\n99392,\n"]).unwrap_err();
        assert_eq!(faults.first.iter().map(|fault| (fault.part, fault.line)).collect::<Vec<_>>(), [(1, 3), (1, 4)]);
    }

    #[test]
    fn the_quarterly_pairs_are_read_as_they_come() {
        let text = "\"a notice of copyright\"\t\t\n\"Column1/Column2 Edits\"\t\t\nColumn 1\tColumn 2\t\"*=In existence\nprior to 1996\"\t\"Effective\n\
                    Date\"\t\"Deletion\nDate\n*=no data\"\t\"Modifier\n0=not allowed\n1=allowed\n9=not applicable\"\tRationale\n\
                    90460\t99392\t\t20130101\t*\t1\tours\n11111\t22222\t*\t19960101\t20200331\t9\tours\n";
        let rows = read(Kind::PtpMedicaid, [text]).unwrap();
        let code = |text: &str| text.parse::<ProcedureCode>().unwrap();
        assert_eq!(
            rows[1],
            Row::Pair {
                column1: code("90460"),
                column2: code("99392"),
                indicator: Indicator::WithModifier,
                from: date(2013, 1, 1),
                to: None,
            }
        );
        assert!(matches!(rows[0], Row::Pair { indicator: Indicator::NotApplicable, to: Some(_), .. }));
        let broken = text.replace("\t1\tours", "\t2\tours");
        assert_eq!(faults(Kind::PtpMedicaid, &broken), ["line 11: modifier: 0, 1 or 9"]);
    }

    #[test]
    fn limits_are_by_line_for_medicaid_and_by_indicator_for_medicare() {
        let medicaid = read(Kind::MueMedicaid, ["HCPCS/CPT Code,Practitioner Services MUE Values,MUE Rationale\n96110,3,ours\n"]).unwrap();
        assert_eq!(medicaid, [Row::Limit { code: "96110".parse().unwrap(), units: 3, per: LimitPer::Line }]);
        let text = "HCPCS/CPT Code,Practitioner Services MUE Values,MUE Adjudication Indicator\n96110,3,3 Date of Service Edit: Clinical\n90460,9,1 Line Edit\n";
        let medicare = read(Kind::MueMedicare, [text]).unwrap();
        let per: Vec<LimitPer> =
            medicare.iter().filter_map(|row| if let Row::Limit { per, .. } = row { Some(*per) } else { None }).collect();
        assert_eq!(per, [LimitPer::Line, LimitPer::Day]);
    }

    #[test]
    fn the_order_file_tells_codes_from_categories() {
        let line = |order: &str, code: &str, flag: &str, label: &str| format!("{order} {code:<7} {flag} {label:<60} {label}\n");
        let text = line("00001", "A00", "0", "Cholera") + &line("00002", "A000", "1", "Cholera due to one germ");
        let rows = read(Kind::Icd10cm, [text.as_str()]).unwrap();
        assert!(matches!(&rows[0], Row::Code { code, billable: false, .. } if code == "A00"));
        assert!(
            matches!(&rows[1], Row::Code { code, billable: true, label: Some(label), .. } if code == "A000" && label == "Cholera due to one germ")
        );
        assert!(faults(Kind::Icd10cm, "A00 Cholera\n")[0].starts_with("line 1: needs the fixed columns"));
        assert_eq!(faults(Kind::Icd10cm, &text.replace(" 1 ", " 2 ")), ["line 2: column 15: 0 for a category or 1 for a code"]);
    }

    #[test]
    fn every_fault_comes_with_its_line_and_no_cell() {
        let text = "code,from,to\n99392,,\n9939,,\nJ7613,,\n99391,soon,\n99393,2026-02-01,2026-01-01\n99392,,\n";
        assert_eq!(
            faults(Kind::Cpt, text),
            [
                "line 3: code: not a procedure code: five letters or digits, at least one digit",
                "line 4: code: begins with a letter, so it is a code of HCPCS",
                "line 5: from: not a day",
                "line 6: the last day is before the first",
                "line 7: stands in the file twice",
            ]
        );
        assert_eq!(faults(Kind::Carc, "code;text\n1;ours\n"), ["line 1: no line of headings has \"code\", \"text\""]);
        assert_eq!(faults(Kind::Carc, "code,text\n"), ["line 1: the file has no rows"]);
    }

    #[test]
    fn a_wrong_file_is_refused_with_its_first_faults_and_their_number() {
        let text = format!("code,text\n{}", "too long a code,ours\n".repeat(1_000));
        let found = read(Kind::Rarc, [text.as_str()]).unwrap_err();
        assert_eq!((found.first.len(), found.count), (FAULTS_MAX, 1_000));
        assert!(found.to_string().ends_with("and 950 more"));
    }

    #[test]
    fn a_code_may_stand_again_from_another_day() {
        let rows = read(Kind::Hcpcs, ["hcpc,add dt,term dt\nJ7613,20200101,20201231\nJ7613,20260101,\n"]).unwrap();
        assert_eq!(rows.len(), 2);
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,200}", cells in "[a-z0-9,\t\n\" *-]{0,200}", which in 0..Kind::ALL.len()) {
            let kind = Kind::ALL[which];
            let _ = (read(kind, [text.as_str()]), read(kind, [format!("code,text,units,mai\n{cells}").as_str()]));
        }
    }
}
