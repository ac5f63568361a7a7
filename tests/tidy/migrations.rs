//! The two schemas are twins: the same files, tables and columns, with types that read into the same Rust fields.

use std::collections::BTreeMap;

use crate::assert_tidy;
use crate::source::{File, tree};

/// What a column is on both engines: SQLite's type, PostgreSQL's. All others would need a second row type, or lose digits.
const TWINS: &[(&str, &str)] = &[("INTEGER", "BIGINT"), ("TEXT", "TEXT"), ("BLOB", "BYTEA")];

/// Words that begin a constraint of a table, and no column.
const CONSTRAINTS: &[&str] = &["PRIMARY", "UNIQUE", "FOREIGN", "CHECK", "CONSTRAINT", "EXCLUDE"];

/// A column by table and name: its type and whether it may be NULL.
type Columns = BTreeMap<(String, String), (String, bool)>;

/// SQL without its `--` comments.
fn statements(sql: &str) -> String {
    sql.lines().map(|line| line.split_once("--").map_or(line, |(code, _)| code)).collect::<Vec<_>>().join("\n")
}

/// The columns that a migration declares, each with its whole declaration.
fn declarations(sql: &str) -> Vec<(String, String, String)> {
    let sql = statements(sql);
    let mut found = Vec::new();
    for statement in sql.split(';') {
        let words: Vec<&str> = statement.split_whitespace().collect();
        let upper: Vec<String> = words.iter().map(|word| word.to_uppercase()).collect();
        let starts = |head: &[&str]| upper.iter().zip(head).filter(|(word, head)| word == head).count() == head.len();
        if starts(&["CREATE", "TABLE"]) {
            let name = words[if starts(&["CREATE", "TABLE", "IF", "NOT", "EXISTS"]) { 5 } else { 2 }];
            let name = name.split('(').next().unwrap_or(name);
            for column in top_level_parts(statement) {
                let (head, _) = column.split_once(char::is_whitespace).unwrap_or((&column, ""));
                let head_upper = head.split('(').next().unwrap_or(head).to_uppercase();
                if !CONSTRAINTS.contains(&head_upper.as_str()) {
                    found.push((name.to_owned(), head.to_owned(), column));
                }
            }
        } else if starts(&["ALTER", "TABLE"]) && upper.get(3..5).is_some_and(|w| w == ["ADD", "COLUMN"]) && words.len() > 5 {
            found.push((words[2].to_owned(), words[5].to_owned(), words[5..].join(" ")));
        }
    }
    found
}

/// What stands between the outermost parentheses, split at its commas.
fn top_level_parts(statement: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut depth = 0;
    for c in statement.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        match c {
            '(' if depth == 1 => continue,
            ')' if depth == 0 => break,
            ',' if depth == 1 => parts.push(String::new()),
            _ if depth > 0 => parts.last_mut().expect("never empty").push(c),
            _ => {}
        }
    }
    parts.iter().map(|part| part.split_whitespace().collect::<Vec<_>>().join(" ")).filter(|part| !part.is_empty()).collect()
}

/// All columns of an engine's files.
fn columns(files: &[(&str, &str)]) -> Columns {
    let all = files.iter().flat_map(|(_, sql)| declarations(sql));
    all.map(|(table, column, declaration)| {
        let upper = declaration.to_uppercase();
        let kind = upper.split_whitespace().nth(1).unwrap_or_default().to_owned();
        let nullable = !upper.contains("NOT NULL") && !upper.contains("PRIMARY KEY");
        ((table, column), (kind, nullable))
    })
    .collect()
}

/// The files of an engine by name, in the order of their numbers.
fn of<'a>(files: &'a [File], engine: &str) -> Vec<(&'a str, &'a str)> {
    let folder = format!("migrations/{engine}/");
    files.iter().filter_map(|file| Some((file.path.strip_prefix(&folder)?, file.text.as_str()))).collect()
}

fn difference<T: Ord + std::fmt::Debug>(engine: &str, ours: &[T], theirs: &[T]) -> Vec<String> {
    ours.iter().filter(|item| !theirs.contains(item)).map(|item| format!("only on {engine}: {item:?}")).collect()
}

/// Where the engines differ.
fn unlike(files: &[File]) -> Vec<String> {
    let (sqlite, postgres) = (of(files, "sqlite"), of(files, "postgres"));
    if sqlite.is_empty() || postgres.is_empty() {
        return vec!["an engine has no migrations".to_owned()];
    }
    let names = |files: &[(&str, &str)]| files.iter().map(|(name, _)| (*name).to_owned()).collect::<Vec<_>>();
    let mut findings = difference("SQLite", &names(&sqlite), &names(&postgres));
    findings.extend(difference("PostgreSQL", &names(&postgres), &names(&sqlite)));
    let (sqlite, postgres) = (columns(&sqlite), columns(&postgres));
    if sqlite.is_empty() {
        findings.push("no column was found".to_owned());
    }
    let keys = |columns: &Columns| columns.keys().cloned().collect::<Vec<_>>();
    findings.extend(difference("SQLite", &keys(&sqlite), &keys(&postgres)));
    findings.extend(difference("PostgreSQL", &keys(&postgres), &keys(&sqlite)));
    for ((table, column), (kind, nullable)) in &sqlite {
        let Some((twin, twin_nullable)) = postgres.get(&(table.clone(), column.clone())) else { continue };
        if !TWINS.contains(&(kind.as_str(), twin.as_str())) {
            findings.push(format!("{table}.{column}: {kind} on SQLite, {twin} on PostgreSQL"));
        }
        if nullable != twin_nullable {
            findings.push(format!("{table}.{column}: NULL is allowed on one engine only"));
        }
    }
    findings
}

/// Migrations without a number or a first word.
fn unexplained(files: &[File]) -> Vec<String> {
    let migrations = files.iter().filter(|file| file.path.starts_with("migrations/"));
    let is_well = |file: &File| {
        let name = file.path.rsplit('/').next().unwrap_or_default();
        name.len() > 5 && name.as_bytes()[..4].iter().all(u8::is_ascii_digit) && name.ends_with(".sql") && file.text.starts_with("-- ")
    };
    migrations.filter(|file| !is_well(file)).map(|file| format!("{}: not NNNN_name.sql that begins with a comment", file.path)).collect()
}

/// TEXT columns of PostgreSQL that would sort by the cluster's language, and not by bytes as SQLite's do.
fn uncollated(files: &[File]) -> Vec<String> {
    let all = of(files, "postgres").into_iter().flat_map(|(name, sql)| declarations(sql).into_iter().map(move |d| (name, d)));
    let is_text = |declaration: &str| declaration.split_whitespace().nth(1).is_some_and(|kind| kind.to_uppercase().starts_with("TEXT"));
    let bad = all.filter(|(_, (_, _, declaration))| is_text(declaration) && !declaration.contains("COLLATE \"C\""));
    bad.map(|(name, (table, column, _))| format!("{name}: {table}.{column} is TEXT without COLLATE \"C\"")).collect()
}

#[test]
fn both_engines_have_the_same_files_tables_and_columns() {
    assert_tidy(&unlike(&tree()));
}

#[test]
fn every_migration_has_a_number_and_begins_with_a_comment() {
    assert_tidy(&unexplained(&tree()));
}

#[test]
fn every_text_of_postgresql_sorts_by_bytes() {
    assert_tidy(&uncollated(&tree()));
}

/// A schema of one file an engine.
fn pair(sqlite: &str, postgres: &str) -> Vec<File> {
    let file = |engine: &str, text: &str| File { path: format!("migrations/{engine}/0001_a.sql"), text: text.to_owned() };
    vec![file("sqlite", sqlite), file("postgres", postgres)]
}

#[test]
fn twins_are_no_finding() {
    let sqlite = "-- a\nCREATE TABLE t (\n  id INTEGER NOT NULL, -- x, y\n  s TEXT CHECK (s IN ('a', 'b')),\n  PRIMARY KEY (id, s)\n) STRICT;\nALTER TABLE t ADD COLUMN b BLOB;";
    let postgres =
        "-- a\nCREATE TABLE IF NOT EXISTS t(id BIGINT NOT NULL, s TEXT COLLATE \"C\", b BYTEA, UNIQUE(id));\nCREATE INDEX i ON t (id, s);";
    assert_tidy(&unlike(&pair(sqlite, postgres)));
    assert_tidy(&unexplained(&pair(sqlite, postgres)));
    assert_tidy(&uncollated(&pair(sqlite, postgres)));
    assert_eq!(columns(&[("a", sqlite)]).len(), 3);
}

#[test]
fn engines_that_differ_are_found() {
    let base = "CREATE TABLE t (id INTEGER NOT NULL, n INTEGER);";
    for (postgres, count) in [
        ("CREATE TABLE t (id BIGINT NOT NULL);", 1),
        ("CREATE TABLE t (id BIGINT NOT NULL, m BIGINT);", 2),
        ("CREATE TABLE u (id BIGINT NOT NULL, n BIGINT);", 4),
        ("CREATE TABLE t (id INTEGER NOT NULL, n BIGINT);", 1),
        ("CREATE TABLE t (id BIGINT, n BIGINT);", 1),
    ] {
        assert_eq!(unlike(&pair(base, postgres)).len(), count, "{postgres}");
    }
    let one = &pair(base, base)[..1];
    assert_eq!(unlike(one).len(), 1);
    let mut renamed = pair(base, "CREATE TABLE t (id BIGINT NOT NULL, n BIGINT);");
    renamed[1].path = "migrations/postgres/0002_a.sql".to_owned();
    assert_eq!(unlike(&renamed).len(), 2);
}

#[test]
fn a_bare_migration_and_a_bare_text_are_found() {
    let bad = pair("CREATE TABLE t (s TEXT);", "-- a\nCREATE TABLE t (s TEXT NOT NULL, u text);");
    assert_eq!(unexplained(&bad).len(), 1);
    assert_eq!(uncollated(&bad).len(), 2);
}
