//! What may be asked of the loaded files. A value of [`OperatorTables`] holds the rows for the codes of some claims, put there by whoever
//! loads them; lookups are pure and take a binary search.

use jiff::civil::Date;

use super::{Kind, Period, Row};
use crate::reference::codes::{Icd10, ProcedureCode};
use crate::reference::icd10;

/// What a loaded list says about a code on a date of service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeStatus {
    /// No list of its kind covers the date, or the rows were not loaded for this code: nothing is known.
    NotLoaded,
    /// May be billed.
    Valid,
    /// A category: more characters are needed.
    NotBillable,
    /// The list covers the date and does not have the code then. An error.
    Unknown,
    /// The list ends before the date and does not have the code: it may be new. A warning.
    UnknownButNewer,
}

/// Whether a modifier may say that two services of a pair were separate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Indicator {
    /// 0: never.
    Never,
    /// 1: where one is there.
    WithModifier,
    /// 9: the pair was deleted on the day on which it began; it says nothing.
    NotApplicable,
}

/// A pair that holds on a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PairRule {
    /// Whether a modifier helps.
    pub indicator: Indicator,
    /// First day of the edition that says so.
    pub edition: Date,
}

/// What a limit of units counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LimitPer {
    /// The units of one claim line: the Medicaid file, and adjudication indicator 1 of the Medicare file.
    Line,
    /// All units of the code on a date of service: adjudication indicators 2 and 3 of the Medicare file.
    Day,
}

/// A limit that holds on a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnitLimit {
    /// The most units.
    pub units: u32,
    /// What they are counted over.
    pub per: LimitPer,
    /// First day of the edition that says so.
    pub edition: Date,
}

/// Which set of NCCI files a payer follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NcciTable {
    /// The Medicaid files.
    Medicaid,
    /// The Medicare files.
    Medicare,
}

#[derive(Clone, Debug)]
struct CodeRow {
    code: String,
    billable: bool,
    from: Option<Date>,
    to: Option<Date>,
}

#[derive(Clone, Debug)]
struct Pair {
    codes: (ProcedureCode, ProcedureCode),
    indicator: Indicator,
    from: Date,
    to: Option<Date>,
}

#[derive(Clone, Debug)]
struct Limit {
    code: ProcedureCode,
    units: u32,
    per: LimitPer,
}

/// One edition's rows, sorted.
#[derive(Clone, Debug)]
struct Edition {
    kind: Kind,
    period: Period,
    codes: Vec<CodeRow>,
    pairs: Vec<Pair>,
    limits: Vec<Limit>,
}

/// The loaded editions with their rows for some codes. The default is what an operator has who loaded nothing.
#[derive(Clone, Debug, Default)]
pub struct OperatorTables {
    editions: Vec<Edition>,
    asked: Vec<String>,
}

impl OperatorTables {
    /// Tables that hold the rows of `asked` codes (procedure codes and ICD-10-CM codes without dot), still without editions.
    #[must_use]
    pub fn for_codes<'c>(asked: impl IntoIterator<Item = &'c str>) -> OperatorTables {
        let mut asked: Vec<String> = asked.into_iter().map(str::to_owned).collect();
        asked.sort_unstable();
        asked.dedup();
        OperatorTables { editions: Vec::new(), asked }
    }

    /// Adds an edition with its rows for the codes that were asked for.
    pub fn add(&mut self, kind: Kind, period: Period, rows: impl IntoIterator<Item = Row>) {
        let mut edition = Edition { kind, period, codes: Vec::new(), pairs: Vec::new(), limits: Vec::new() };
        for row in rows {
            match row {
                Row::Code { code, billable, from, to, .. } => edition.codes.push(CodeRow { code, billable, from, to }),
                Row::Pair { column1, column2, indicator, from, to } => {
                    edition.pairs.push(Pair { codes: (column1, column2), indicator, from, to });
                }
                Row::Limit { code, units, per } => edition.limits.push(Limit { code, units, per }),
            }
        }
        edition.codes.sort_by(|a, b| a.code.cmp(&b.code));
        edition.pairs.sort_by_key(|pair| pair.codes);
        edition.limits.sort_by_key(|limit| limit.code);
        self.editions.push(edition);
        self.editions.sort_by_key(|edition| (edition.kind, edition.period.from));
    }

    /// Whether nothing is loaded.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.editions.is_empty()
    }

    /// The edition of a kind that a date of service belongs to: the last that began.
    fn edition(&self, kind: Kind, on: Date) -> Option<&Edition> {
        let end = self.editions.partition_point(|edition| (edition.kind, edition.period.from) <= (kind, on));
        self.editions[..end].last().filter(|edition| edition.kind == kind)
    }

    /// What the loaded CPT and HCPCS lists say about a procedure code (domain.md E052).
    #[must_use]
    pub fn procedure(&self, code: ProcedureCode, on: Date) -> CodeStatus {
        let kind = if code.as_str().as_bytes()[0].is_ascii_digit() { Kind::Cpt } else { Kind::Hcpcs };
        self.edition(kind, on).map_or(CodeStatus::NotLoaded, |edition| self.status(edition, code.as_str(), on))
    }

    /// What is known about a diagnosis code (domain.md E020): by the loaded list when one began after the compiled-in list did and before
    /// the date of service, else by the compiled-in list.
    #[must_use]
    pub fn diagnosis(&self, code: Icd10, on: Date) -> icd10::CodeStatus {
        let loaded = self.edition(Kind::Icd10cm, on).filter(|edition| edition.period.from > icd10::VALID_FROM || on < icd10::VALID_FROM);
        match loaded.map_or(CodeStatus::NotLoaded, |edition| self.status(edition, code.as_str(), on)) {
            CodeStatus::NotLoaded => icd10::status_on(&code, on),
            CodeStatus::Valid => icd10::CodeStatus::Valid,
            CodeStatus::NotBillable => icd10::CodeStatus::NotBillable,
            CodeStatus::Unknown => icd10::CodeStatus::Unknown,
            CodeStatus::UnknownButNewer => icd10::CodeStatus::UnknownButNewer,
        }
    }

    fn status(&self, edition: &Edition, code: &str, on: Date) -> CodeStatus {
        if self.asked.binary_search_by(|asked| asked.as_str().cmp(code)).is_err() {
            return CodeStatus::NotLoaded;
        }
        let start = edition.codes.partition_point(|row| row.code.as_str() < code);
        let mut rows = edition.codes[start..].iter().take_while(|row| row.code == code);
        match rows.find(|row| row.from.is_none_or(|from| from <= on) && row.to.is_none_or(|to| on <= to)) {
            Some(row) if row.billable => CodeStatus::Valid,
            Some(_) => CodeStatus::NotBillable,
            None if edition.period.to.is_some_and(|to| to < on) => CodeStatus::UnknownButNewer,
            None => CodeStatus::Unknown,
        }
    }

    /// Whether `column2` is part of `column1` on a date of service (domain.md E056). Ask for both orders.
    #[must_use]
    pub fn pair(&self, table: NcciTable, column1: ProcedureCode, column2: ProcedureCode, on: Date) -> Option<PairRule> {
        let kind = match table {
            NcciTable::Medicaid => Kind::PtpMedicaid,
            NcciTable::Medicare => Kind::PtpMedicare,
        };
        let edition = self.edition(kind, on)?;
        let start = edition.pairs.partition_point(|pair| pair.codes < (column1, column2));
        let mut rows = edition.pairs[start..].iter().take_while(|pair| pair.codes == (column1, column2));
        let row = rows.find(|pair| pair.from <= on && pair.to.is_none_or(|to| on <= to))?;
        Some(PairRule { indicator: row.indicator, edition: edition.period.from })
    }

    /// The most units of a code on a date of service (domain.md PED-68, E057).
    #[must_use]
    pub fn limit(&self, table: NcciTable, code: ProcedureCode, on: Date) -> Option<UnitLimit> {
        let kind = match table {
            NcciTable::Medicaid => Kind::MueMedicaid,
            NcciTable::Medicare => Kind::MueMedicare,
        };
        let edition = self.edition(kind, on)?;
        let row = &edition.limits[edition.limits.binary_search_by_key(&code, |limit| limit.code).ok()?];
        Some(UnitLimit { units: row.units, per: row.per, edition: edition.period.from })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn code(text: &str) -> ProcedureCode {
        text.parse().unwrap()
    }

    fn row(code: &str, billable: bool, from: Option<Date>, to: Option<Date>) -> Row {
        Row::Code { code: code.to_owned(), billable, label: None, from, to }
    }

    fn year(year: i16) -> Period {
        Period { from: date(year, 1, 1), to: Some(date(year, 12, 31)) }
    }

    #[test]
    fn without_files_nothing_is_known() {
        let tables = OperatorTables::default();
        let on = date(2026, 11, 16);
        assert!(tables.is_empty());
        assert_eq!(tables.procedure(code("99392"), on), CodeStatus::NotLoaded);
        assert_eq!(
            (tables.pair(NcciTable::Medicaid, code("90460"), code("99392"), on), tables.limit(NcciTable::Medicaid, code("90460"), on)),
            (None, None)
        );
        assert_eq!(tables.diagnosis(Icd10::literal("Z00129"), date(2026, 3, 1)), icd10::CodeStatus::Valid);
    }

    #[test]
    fn e052_a_list_refuses_a_code_within_its_days_only() {
        let mut tables = OperatorTables::for_codes(["99392", "99999", "90749"]);
        tables.add(Kind::Cpt, year(2026), [row("99392", true, None, None), row("90749", true, None, Some(date(2026, 6, 30)))]);
        let status = |text, on| tables.procedure(code(text), on);
        assert_eq!(status("99392", date(2026, 1, 1)), CodeStatus::Valid);
        assert_eq!(status("99999", date(2026, 12, 31)), CodeStatus::Unknown);
        assert_eq!(status("99999", date(2027, 1, 1)), CodeStatus::UnknownButNewer);
        assert_eq!(status("99392", date(2027, 1, 1)), CodeStatus::Valid);
        assert_eq!([date(2026, 6, 30), date(2026, 7, 1)].map(|on| status("90749", on)), [CodeStatus::Valid, CodeStatus::Unknown]);
        assert_eq!(status("99392", date(2025, 12, 31)), CodeStatus::NotLoaded);
        assert_eq!((status("99391", date(2026, 5, 1)), status("J7613", date(2026, 5, 1))), (CodeStatus::NotLoaded, CodeStatus::NotLoaded));
    }

    #[test]
    fn the_next_edition_takes_over_on_its_first_day() {
        let mut tables = OperatorTables::for_codes(["99392"]);
        tables.add(Kind::Cpt, year(2027), []);
        tables.add(Kind::Cpt, year(2026), [row("99392", true, None, None)]);
        assert_eq!(tables.procedure(code("99392"), date(2026, 12, 31)), CodeStatus::Valid);
        assert_eq!(tables.procedure(code("99392"), date(2027, 1, 1)), CodeStatus::Unknown);
    }

    #[test]
    fn e020_next_years_diagnosis_list_answers_for_next_year_and_leaves_this_year_alone() {
        let mut tables = OperatorTables::for_codes(["J4549", "J4540", "J454"]);
        let fiscal = Period { from: date(2026, 10, 1), to: Some(date(2027, 9, 30)) };
        tables.add(Kind::Icd10cm, fiscal, [row("J4549", true, None, None), row("J454", false, None, None)]);
        let status = |text, on| tables.diagnosis(Icd10::literal(text), on);
        assert_eq!(status("J4549", date(2026, 9, 30)), icd10::CodeStatus::Unknown);
        assert_eq!(status("J4549", date(2026, 10, 1)), icd10::CodeStatus::Valid);
        assert_eq!(status("J4540", date(2026, 10, 1)), icd10::CodeStatus::Unknown);
        assert_eq!(status("J454", date(2026, 10, 1)), icd10::CodeStatus::NotBillable);
        assert_eq!(status("J4540", date(2027, 10, 1)), icd10::CodeStatus::UnknownButNewer);
    }

    #[test]
    fn e056_a_pair_holds_in_one_direction_on_its_own_days() {
        let pair = |indicator, from, to| Row::Pair { column1: code("90460"), column2: code("99392"), indicator, from, to };
        let mut tables = OperatorTables::for_codes(["90460", "99392"]);
        tables.add(
            Kind::PtpMedicaid,
            Period { from: date(2026, 10, 1), to: None },
            [pair(Indicator::Never, date(2013, 1, 1), Some(date(2026, 10, 31))), pair(Indicator::WithModifier, date(2026, 11, 1), None)],
        );
        let ask = |a, b, on| tables.pair(NcciTable::Medicaid, code(a), code(b), on).map(|rule| rule.indicator);
        assert_eq!(ask("90460", "99392", date(2026, 10, 31)), Some(Indicator::Never));
        assert_eq!(ask("90460", "99392", date(2026, 11, 1)), Some(Indicator::WithModifier));
        assert_eq!(ask("99392", "90460", date(2026, 11, 1)), None);
        assert_eq!(ask("90460", "99392", date(2026, 9, 30)), None);
        assert_eq!(tables.pair(NcciTable::Medicare, code("90460"), code("99392"), date(2026, 11, 1)), None);
    }

    #[test]
    fn ped_68_a_limit_is_that_of_the_quarter() {
        let limit = |units| [Row::Limit { code: code("90460"), units, per: LimitPer::Day }];
        let mut tables = OperatorTables::for_codes(["90460"]);
        tables.add(Kind::MueMedicare, Period { from: date(2026, 7, 1), to: None }, limit(6));
        tables.add(Kind::MueMedicare, Period { from: date(2026, 10, 1), to: None }, limit(9));
        let units = |on| tables.limit(NcciTable::Medicare, code("90460"), on).map(|limit| (limit.units, limit.per));
        assert_eq!(
            [date(2026, 6, 30), date(2026, 9, 30), date(2026, 10, 1)].map(units),
            [None, Some((6, LimitPer::Day)), Some((9, LimitPer::Day))]
        );
    }
}
