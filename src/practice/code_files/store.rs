//! Editions and their rows in the database.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::{Difference, Edition, Loaded};
use crate::platform::audit::{Actor, Event};
use crate::platform::clock::Millis;
use crate::platform::database::{Args, Bulk, Column, Day, Db, DbError, Queries, Tx};
use crate::practice::store::practices;
use crate::reference::operator::{Indicator, Kind, LimitPer, OperatorTables, Period, Row};
use crate::reference::{Icd10, ProcedureCode};
use crate::{args, statements, transact};

/// Editions that are listed: ten kinds, four a year, for fifty years.
const EDITIONS_MAX: u32 = 2_000;

/// Rows that one transaction writes or deletes: well below a second on either engine.
const CHUNK: usize = 20_000;

/// Codes that a difference names.
const NAMED_MAX: u32 = 10;

/// Rows that the lookups of a chunk of claims load: a hundred codes have at most ten thousand pairs in an edition, and a chunk meets a few
/// editions.
const LOOKUP_MAX: u32 = 200_000;

statements! {
    EDITIONS = "SELECT id, kind, effective_from, effective_to, row_count, loaded_ms, loaded_by, content_sha256 FROM code_edition
        WHERE state = 'current' ORDER BY kind, effective_from LIMIT $1";
    INSERT_EDITION = "INSERT INTO code_edition (id, kind, effective_from, effective_to, state, content_sha256, row_count, loaded_ms, loaded_by)
        VALUES ($1, $2, $3, $4, 'loading', $5, $6, $7, $8)";
    REPLACE_EDITIONS = "UPDATE code_edition SET state = 'replaced' WHERE kind = $1 AND effective_from = $2 AND id <> $3 AND state <> 'replaced'";
    ABANDON_EDITIONS = "UPDATE code_edition SET state = 'replaced' WHERE kind = $1 AND effective_from = $2 AND state = 'loading'";
    COUNT_EDITION = "UPDATE code_edition SET state = 'current' WHERE id = $1 AND state = 'loading'";
    REPLACED = "SELECT e.id FROM code_edition e WHERE e.state = 'replaced' AND EXISTS (SELECT 1 FROM code_row r WHERE r.edition_id = e.id)
        ORDER BY e.id LIMIT $1";
    DELETE_CHUNK = "DELETE FROM code_row WHERE edition_id = $1
        AND code IN (SELECT code FROM code_row WHERE edition_id = $1 ORDER BY code LIMIT $2)";
    ABSENT = "SELECT COUNT(*) FROM code_row a WHERE a.edition_id = $1 AND NOT EXISTS (SELECT 1 FROM code_row b
        WHERE b.edition_id = $2 AND b.code = a.code AND b.code2 = a.code2 AND b.valid_from = a.valid_from)";
    FIRST_ABSENT = "SELECT a.code, a.code2 FROM code_row a WHERE a.edition_id = $1 AND NOT EXISTS (SELECT 1 FROM code_row b
        WHERE b.edition_id = $2 AND b.code = a.code AND b.code2 = a.code2 AND b.valid_from = a.valid_from)
        ORDER BY a.code, a.code2, a.valid_from LIMIT $3";
    CHANGED = "SELECT COUNT(*) FROM code_row a JOIN code_row b ON b.code = a.code AND b.code2 = a.code2 AND b.valid_from = a.valid_from
        WHERE a.edition_id = $1 AND b.edition_id = $2
        AND (a.number <> b.number OR COALESCE(a.valid_to, '') <> COALESCE(b.valid_to, '') OR COALESCE(a.text, '') <> COALESCE(b.text, ''))";
    LOOKUP = {
        sqlite: "SELECT edition_id, code, code2, valid_from, valid_to, number, text FROM code_row
            WHERE edition_id IN (SELECT value FROM json_each($1)) AND code IN (SELECT value FROM json_each($2))
            AND code2 IN (SELECT value FROM json_each($3)) LIMIT $4",
        postgres: "SELECT edition_id, code, code2, valid_from, valid_to, number, text FROM code_row
            WHERE edition_id = ANY (ARRAY(SELECT jsonb_array_elements_text($1::jsonb)::bigint))
            AND code = ANY (ARRAY(SELECT jsonb_array_elements_text($2::jsonb)))
            AND code2 = ANY (ARRAY(SELECT jsonb_array_elements_text($3::jsonb))) LIMIT $4"
    };
}

static ROWS: Bulk = Bulk {
    table: "code_row",
    columns: &[
        ("edition_id", Column::Int),
        ("code", Column::Text),
        ("code2", Column::Text),
        ("valid_from", Column::Text),
        ("valid_to", Column::Text),
        ("number", Column::Int),
        ("text", Column::Text),
    ],
    on_conflict: "",
};

#[derive(sqlx::FromRow)]
struct EditionRow {
    id: i64,
    kind: String,
    effective_from: Day,
    effective_to: Option<Day>,
    row_count: i64,
    loaded_ms: Millis,
    loaded_by: String,
    content_sha256: String,
}

impl EditionRow {
    fn read(self) -> Result<(Edition, String), DbError> {
        let corrupt = || DbError::Corrupt("code_edition");
        let edition = Edition {
            id: self.id,
            kind: self.kind.parse().map_err(|_| corrupt())?,
            period: Period { from: self.effective_from.0, to: self.effective_to.map(|day| day.0) },
            rows: u64::try_from(self.row_count).map_err(|_| corrupt())?,
            loaded: self.loaded_ms,
            loaded_by: self.loaded_by,
        };
        Ok((edition, self.content_sha256))
    }
}

async fn current(db: &mut impl Queries) -> Result<Vec<(Edition, String)>, DbError> {
    let rows: Vec<EditionRow> = db.all(&EDITIONS, args![EDITIONS_MAX]).await?;
    rows.into_iter().map(EditionRow::read).collect()
}

/// The editions that count, by kind and first day.
pub async fn editions(db: &mut impl Queries) -> Result<Vec<Edition>, DbError> {
    Ok(current(db).await?.into_iter().map(|(edition, _)| edition).collect())
}

/// A file to be loaded.
#[derive(Clone, Debug)]
pub struct File {
    /// What it is.
    pub kind: Kind,
    /// The days of the edition.
    pub period: Period,
    /// Hash of the bytes.
    pub sha256: String,
    /// Its rows, as they were read.
    pub rows: Vec<Row>,
}

/// Loads an edition: in chunks, then counted in one transaction that leaves an event with every practice. `progress` is told how many rows
/// are written.
pub async fn load(db: &Db, file: &File, actor: Actor, now: Millis, progress: impl Fn(usize)) -> anyhow::Result<Loaded> {
    let before = current(&mut &*db).await?;
    let same = before.iter().find(|(edition, _)| (edition.kind, edition.period.from) == (file.kind, file.period.from));
    if let Some((edition, sha256)) = same
        && *sha256 == file.sha256
        && edition.period == file.period
    {
        return Ok(Loaded::Unchanged(edition.clone()));
    }
    let (kind, from) = (file.kind.word(), file.period.from);
    let id: i64 = transact!(db, |tx| {
        tx.execute(&ABANDON_EDITIONS, args![kind, from]).await?;
        let id: i64 = tx.new_key()?;
        let rows = i64::try_from(file.rows.len())?;
        let values = args![id, kind, from, file.period.to, &file.sha256, rows, now, actor.to_string()];
        tx.execute_one(&INSERT_EDITION, values).await?;
        Ok(id)
    })?;
    for (at, chunk) in file.rows.chunks(CHUNK).enumerate() {
        let rows: Vec<Args> = chunk.iter().map(|row| values(id, row)).collect();
        transact!(db, |tx| Ok(tx.insert_all(&ROWS, &rows).await?))?;
        progress((at * CHUNK + chunk.len()).min(file.rows.len()));
    }
    let other = before.iter().rev().map(|(edition, _)| edition).find(|e| e.kind == file.kind && e.period.from <= from);
    let difference = difference(db, id, other).await?;
    transact!(db, |tx| Ok(count(tx, id, file, &difference, actor, now).await?))?;
    clear(db).await?;
    let rows = file.rows.len() as u64;
    let edition = Edition { id, kind: file.kind, period: file.period, rows, loaded: now, loaded_by: actor.to_string() };
    Ok(Loaded::Loaded(edition, difference))
}

/// Makes a complete edition count in place of the one of the same first day.
async fn count(tx: &mut Tx, id: i64, file: &File, difference: &Difference, actor: Actor, now: Millis) -> Result<(), DbError> {
    tx.execute(&REPLACE_EDITIONS, args![file.kind.word(), file.period.from, id]).await?;
    tx.execute_one(&COUNT_EDITION, args![id]).await?;
    let (added, gone) = (difference.added.0, difference.gone.0);
    let detail = format!("{} from {}: {added} added, {gone} gone, {} changed", file.kind, file.period.from, difference.changed);
    for practice in practices(tx).await? {
        tx.record(Event {
            practice: practice.id,
            at: now,
            actor,
            subject_kind: "code_edition",
            subject_id: id,
            event: "code_edition.loaded",
            from: None,
            to: Some("current".to_owned()),
            detail: Some(detail.clone()),
        });
    }
    Ok(())
}

/// Deletes the rows of editions that were replaced or broken off, a chunk a transaction.
async fn clear(db: &Db) -> anyhow::Result<()> {
    let mut read = db;
    let replaced: Vec<(i64,)> = read.all(&REPLACED, args![EDITIONS_MAX]).await?;
    let chunk = u32::try_from(CHUNK)?;
    for (id,) in replaced {
        while transact!(db, |tx| Ok(tx.execute(&DELETE_CHUNK, args![id, chunk]).await?))? > 0 {}
    }
    Ok(())
}

async fn difference(db: &Db, id: i64, other: Option<&Edition>) -> Result<Difference, DbError> {
    let mut db = db;
    // No edition has the key 0: everything is new then.
    let before = other.map_or(0, |edition| edition.id);
    let mut absent = async |a: i64, b: i64| -> Result<(u64, Vec<String>), DbError> {
        let (count,): (i64,) = db.one(&ABSENT, args![a, b]).await?;
        let first: Vec<(String, String)> = db.all(&FIRST_ABSENT, args![a, b, NAMED_MAX]).await?;
        let named = first.into_iter().map(|(code, code2)| if code2.is_empty() { code } else { format!("{code}/{code2}") }).collect();
        Ok((u64::try_from(count).unwrap_or(0), named))
    };
    let (added, gone) = (absent(id, before).await?, absent(before, id).await?);
    let (changed,): (i64,) = db.one(&CHANGED, args![id, before]).await?;
    Ok(Difference { since: other.map(|edition| edition.period.from), added, gone, changed: u64::try_from(changed).unwrap_or(0) })
}

/// The tables that hold what the loaded editions say about some codes, for dates of service from one day to another: two queries, and one
/// where nothing is loaded.
pub async fn tables(
    db: &mut impl Queries,
    procedures: &BTreeSet<ProcedureCode>,
    diagnoses: &BTreeSet<Icd10>,
    from: Date,
    to: Date,
) -> Result<OperatorTables, DbError> {
    let all = editions(db).await?;
    let codes: Vec<&str> = procedures.iter().map(ProcedureCode::as_str).chain(diagnoses.iter().map(Icd10::as_str)).collect();
    let mut tables = OperatorTables::for_codes(codes.iter().copied());
    let wanted: Vec<&Edition> = in_force(&all, from, to).collect();
    if wanted.is_empty() {
        return Ok(tables);
    }
    let json = |values: Vec<&str>| serde_json::Value::from(values).to_string();
    let ids = serde_json::Value::from(wanted.iter().map(|edition| edition.id).collect::<Vec<_>>()).to_string();
    let second: Vec<&str> = procedures.iter().map(ProcedureCode::as_str).chain([""]).collect();
    let mut rows: Vec<(i64, Row)> = db
        .all::<StoredRow>(&LOOKUP, args![ids, json(codes), json(second), LOOKUP_MAX])
        .await?
        .into_iter()
        .map(|row| row.read(&all))
        .collect::<Result<_, _>>()?;
    for edition in wanted {
        let of_edition: Vec<Row> = rows.extract_if(.., |(id, _)| *id == edition.id).map(|(_, row)| row).collect();
        tables.add(edition.kind, edition.period, of_edition);
    }
    Ok(tables)
}

/// The editions that any date of a span belongs to: those that begin within it, and of each kind the last that began before.
fn in_force(editions: &[Edition], from: Date, to: Date) -> impl Iterator<Item = &Edition> {
    editions.iter().filter(move |edition| {
        let follows = |next: &Edition| next.kind == edition.kind && next.period.from > edition.period.from && next.period.from <= from;
        edition.period.from <= to && !editions.iter().any(follows)
    })
}

/// What the edition of a day says about a code, for people: every row of it.
pub async fn rows_of(db: &mut impl Queries, kind: Kind, code: &str, on: Date) -> Result<Vec<Row>, DbError> {
    let all = editions(db).await?;
    let Some(edition) = in_force(&all, on, on).find(|edition| edition.kind == kind) else { return Ok(Vec::new()) };
    let json = |value: &str| serde_json::Value::from(vec![value]).to_string();
    let ids = serde_json::Value::from(vec![edition.id]).to_string();
    let rows: Vec<StoredRow> = db.all(&LOOKUP, args![ids, json(code), json(""), LOOKUP_MAX]).await?;
    rows.into_iter().map(|row| row.read(&all).map(|(_, row)| row)).collect()
}

#[derive(sqlx::FromRow)]
struct StoredRow {
    edition_id: i64,
    code: String,
    code2: String,
    valid_from: String,
    valid_to: Option<Day>,
    number: i64,
    text: Option<String>,
}

/// What `text` says of a limit.
const PER_LINE: &str = "line";
const PER_DAY: &str = "day";

fn values(edition: i64, row: &Row) -> Args {
    match row {
        Row::Code { code, billable, label, from, to } => {
            let from = from.map(|from| from.to_string()).unwrap_or_default();
            args![edition, code, "", from, *to, i64::from(*billable), label.clone()]
        }
        Row::Pair { column1, column2, indicator, from, to } => {
            let number = match indicator {
                Indicator::Never => 0_i64,
                Indicator::WithModifier => 1,
                Indicator::NotApplicable => 9,
            };
            args![edition, column1.as_str(), column2.as_str(), *from, *to, number, None::<String>]
        }
        Row::Limit { code, units, per } => {
            let per = match per {
                LimitPer::Line => PER_LINE,
                LimitPer::Day => PER_DAY,
            };
            args![edition, code.as_str(), "", "", None::<Date>, *units, per]
        }
    }
}

impl StoredRow {
    /// The row with the key of its edition.
    fn read(self, editions: &[Edition]) -> Result<(i64, Row), DbError> {
        use crate::reference::operator::Shape;
        let corrupt = || DbError::Corrupt("code_row");
        let kind = editions.iter().find(|edition| edition.id == self.edition_id).map(|edition| edition.kind).ok_or_else(corrupt)?;
        let procedure = |text: &str| ProcedureCode::parse(text).map_err(|_| corrupt());
        let from = if self.valid_from.is_empty() { None } else { Some(self.valid_from.parse::<Date>().map_err(|_| corrupt())?) };
        let to = self.valid_to.map(|day| day.0);
        let row = match kind.shape() {
            Shape::Codes | Shape::Texts => Row::Code { code: self.code, billable: self.number != 0, label: self.text, from, to },
            Shape::Pairs => Row::Pair {
                column1: procedure(&self.code)?,
                column2: procedure(&self.code2)?,
                indicator: match self.number {
                    0 => Indicator::Never,
                    1 => Indicator::WithModifier,
                    9 => Indicator::NotApplicable,
                    _ => return Err(corrupt()),
                },
                from: from.ok_or_else(corrupt)?,
                to,
            },
            Shape::Limits => Row::Limit {
                code: procedure(&self.code)?,
                units: u32::try_from(self.number).map_err(|_| corrupt())?,
                per: match self.text.as_deref() {
                    Some(PER_LINE) => LimitPer::Line,
                    Some(PER_DAY) => LimitPer::Day,
                    _ => return Err(corrupt()),
                },
            },
        };
        Ok((self.edition_id, row))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_span_of_days_meets_the_editions_that_begin_in_it_and_the_last_before() {
        let edition =
            |id, kind, from| Edition { id, kind, period: Period { from, to: None }, rows: 1, loaded: Millis(0), loaded_by: String::new() };
        let all = [
            edition(1, Kind::MueMedicaid, date(2026, 1, 1)),
            edition(2, Kind::MueMedicaid, date(2026, 4, 1)),
            edition(3, Kind::MueMedicaid, date(2026, 7, 1)),
            edition(4, Kind::MueMedicaid, date(2026, 10, 1)),
            edition(5, Kind::Cpt, date(2025, 1, 1)),
        ];
        let ids = |from, to| in_force(&all, from, to).map(|edition| edition.id).collect::<Vec<_>>();
        assert_eq!(ids(date(2026, 6, 30), date(2026, 7, 1)), [2, 3, 5]);
        assert_eq!(ids(date(2026, 4, 1), date(2026, 6, 30)), [2, 5]);
        assert_eq!(ids(date(2025, 6, 1), date(2025, 6, 1)), [5]);
    }
}
