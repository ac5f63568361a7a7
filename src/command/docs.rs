//! `docs`: references written from the catalogs that the program runs by, as Markdown. `docs/rules.md` is `pediclaim docs rules`; a test
//! compares them.

use std::fmt::Write as _;

use jiff::civil::Date;

use crate::pediatrics::{CATALOG as PEDIATRIC_RULES, KEPT};
use crate::practice::model::PayerClass;
use crate::practice::rules::{CATALOG as PAYER_RULES, RuleSpec};
use crate::reference::operator::{Kind, form::Form};
use crate::revenue_cycle::scrub::catalog::{CATALOG as EDITS, VERSION};

/// The rule reference for billers: pediatric rules, scrub edits, payer rules.
#[must_use]
pub fn rules() -> String {
    format!(
        "# Rules\n\nWritten by `pediclaim docs rules` from the catalogs that the program runs by. Ids and sections are those of the rule book.\n\n{}\n{}\n{}",
        pediatric_rules(),
        edits(),
        payer_rules()
    )
}

/// The pediatric rules: id, sentence, dates of service.
#[must_use]
pub fn pediatric_rules() -> String {
    let mut text = "## Pediatric rules\n\n| rule | what it demands | dates of service | source |\n| --- | --- | --- | --- |\n".to_owned();
    for rule in PEDIATRIC_RULES {
        line(&mut text, format_args!("| {} | {} | {} | {} |", rule.id, rule.says, dates(rule.from, rule.to), rule.source));
    }
    text.push_str("\nParts of these rules that stand ready, and by which no claim is judged:\n\n");
    for part in KEPT {
        line(&mut text, format_args!("* {}, `{}`: kept for {}: no edit asks it yet.", part.rule.id, part.function, part.kept_for));
    }
    text
}

/// The scrub edits: id, level, severity, what they look at.
#[must_use]
pub fn edits() -> String {
    let mut text = format!(
        "## Scrub edits, catalog {VERSION}\n\nAn error blocks the claim; a warning holds it until a person overrides it with a reason; a note is \
         worth knowing.\n\n| edit | SNIP level | severity | what | dates of service |\n| --- | --- | --- | --- | --- |\n"
    );
    for entry in EDITS {
        let edit = &entry.edit;
        let dates = dates(edit.effective_from, edit.effective_to);
        line(&mut text, format_args!("| {} | {} | {} | {} | {dates} |", edit.id, edit.level, edit.severity.code(), edit.title));
    }
    text
}

/// The payer rules by topic: key, meaning, form, source, default of each class of payer.
#[must_use]
pub fn payer_rules() -> String {
    let mut text =
        "## Payer rules\n\nA payer's own setting is a dated row in the practice file (`[[payer.rules]]`); without one its class decides. A rule \
         that nothing acts on yet says so: its setting is kept, and changes nothing in this release.\n"
            .to_owned();
    for topic in PAYER_RULES.chunk_by(|a, b| a.topic == b.topic) {
        line(&mut text, format_args!("\n### {}", topic[0].topic));
        for rule in topic {
            line(&mut text, format_args!("\n#### `{}`\n\n{}\n", rule.key, rule.says));
            line(&mut text, format_args!("* Value: {}", escaped(&rule.form())));
            line(&mut text, format_args!("* Default: {}", defaults(rule)));
            line(&mut text, format_args!("* Source: {}", rule.source));
            if !rule.is_read {
                line(&mut text, format_args!("* **Kept, and nothing acts on it yet.**"));
            }
        }
    }
    text
}

/// The operator's code files: each kind, where it comes from and its columns.
#[must_use]
pub fn reference_files() -> String {
    let mut text = "# Reference files\n\nWritten by `pediclaim docs reference-files`. Licensed lists never ship with the program: an operator who holds the licence \
                    loads them with\n\n```sh\npediclaim reference load KIND FILE... --from DATE [--to DATE]\n```\n\nA file is UTF-8 text, read as a whole: \
                    every fault is named with its line, and nothing is loaded when there is one. A table may have commas or tabs, and lines above its \
                    headings, which may stand in any order; a heading is known by how it begins, in any case. An edition holds from its first day until \
                    the next one of its kind begins. A list of codes needs `--to`, the last day for which it is complete: an unknown code is an error \
                    within those days and a warning after them. The same file for the same days changes nothing; another file for the same first day \
                    replaces the edition.\n\n`pediclaim reference list` tells what is loaded, `pediclaim reference show KIND CODE` what it says. Fee \
                    schedules are a practice's own: `pediclaim reference fees FILE --schedule NAME --from DATE` takes a CSV with the headings `code`, \
                    `modifier`, `amount`.\n"
        .to_owned();
    for kind in Kind::ALL {
        line(&mut text, format_args!("\n## `{kind}`\n\n{}\n", kind.says()));
        match kind.form() {
            Form::OrderFile => {
                line(&mut text, format_args!("Fixed columns: 7 to 13 the code, 15 whether it may be billed, from 78 its label."))
            }
            Form::Table(columns) => {
                line(&mut text, format_args!("| heading begins with | needed | cells |\n| --- | --- | --- |"));
                for column in columns {
                    let headings = column.headings.iter().map(|heading| format!("`{heading}`")).collect::<Vec<_>>().join(", ");
                    line(
                        &mut text,
                        format_args!("| {headings} | {} | {} |", if column.needed { "yes" } else { "no" }, escaped(column.says)),
                    );
                }
            }
        }
    }
    text
}

/// The defaults of a rule: one value, or each value with the classes that have it; the most common stands last, for all others.
fn defaults(rule: &RuleSpec) -> String {
    let mut values: Vec<(String, Vec<&str>)> = Vec::new();
    for class in PayerClass::ALL {
        let value = rule.default_for(*class);
        match values.iter_mut().find(|(known, _)| *known == value) {
            Some((_, classes)) => classes.push(class.word()),
            None => values.push((value, vec![class.word()])),
        }
    }
    values.sort_by_key(|(_, classes)| classes.len());
    let last = values.len() - 1;
    let texts: Vec<String> = values
        .iter()
        .enumerate()
        .map(|(at, (value, classes))| match (at == last, last) {
            (true, 0) => format!("`{value}`"),
            (true, _) => format!("`{value}` for all others"),
            (false, _) => format!("`{value}` for {}", classes.join(", ")),
        })
        .collect();
    texts.join("; ")
}

fn dates(from: Option<Date>, to: Option<Date>) -> String {
    match (from, to) {
        (None, None) => "all".to_owned(),
        (Some(from), None) => format!("from {from}"),
        (None, Some(to)) => format!("to {to}"),
        (Some(from), Some(to)) => format!("{from} to {to}"),
    }
}

/// Text with the characters escaped that Markdown would take for its own.
fn escaped(text: &str) -> String {
    text.replace('|', "\\|").replace('*', "\\*")
}

fn line(text: &mut String, line: std::fmt::Arguments<'_>) {
    // Writing to a String never fails.
    let _ = writeln!(text, "{line}");
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::*;

    /// The program's sources by path, without their tests and comments.
    fn sources() -> Vec<(PathBuf, String)> {
        let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
        let mut sources = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                let is = |name: &str| path.file_name().is_some_and(|found| found == name);
                if path.is_dir() && !is("tests") {
                    folders.push(path);
                } else if path.extension().is_some_and(|kind| kind == "rs") && !is("tests.rs") {
                    let text = std::fs::read_to_string(&path).unwrap();
                    let product = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
                    let code: Vec<&str> = product.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
                    sources.push((path, code.join("\n")));
                }
            }
        }
        sources
    }

    fn words(text: &str) -> impl Iterator<Item = &str> {
        text.split(|c: char| !c.is_alphanumeric() && c != '_')
    }

    /// Whether code names a module's function: by its path, in an import, or by the module's other name.
    fn names(code: &str, module: &str, function: &str) -> bool {
        let has = |text: &str, wanted: &str| words(text).any(|word| word == wanted);
        let by_path = |module: &str| {
            let path = format!("{module}::{function}");
            code.match_indices(&path).any(|(at, _)| words(&code[at + module.len() + 2..]).next() == Some(function))
        };
        let imports = || code.split(';').map(str::trim).filter(|part| part.starts_with("use ") || part.starts_with("pub use "));
        let aliases = [format!("{module} as "), format!("{module}::{{self as ")];
        by_path(module)
            || imports().any(|part| has(part, module) && has(part, function))
            || aliases.iter().any(|alias| code.split(alias.as_str()).skip(1).filter_map(|rest| words(rest).next()).any(by_path))
    }

    #[test]
    fn the_parts_of_pediatric_rules_that_are_told_to_be_kept_are_those_that_nothing_calls() {
        let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/pediatrics");
        // The list itself names what nothing calls.
        let sources: Vec<_> = sources().into_iter().filter(|(path, _)| *path != rules.join("mod.rs")).collect();
        let mut uncalled = Vec::new();
        for (path, code) in sources.iter().filter(|(path, _)| path.starts_with(&rules)) {
            let named_by = if path.file_stem().is_some_and(|stem| stem == "mod") { path.parent().unwrap() } else { path.as_path() };
            let module = named_by.file_stem().unwrap().to_str().unwrap();
            for line in code.lines() {
                let Some(rest) = line.strip_prefix("pub fn ").or_else(|| line.strip_prefix("pub const fn ")) else { continue };
                let function = words(rest).next().unwrap();
                let in_own = words(code).filter(|word| *word == function).count() > 1;
                if !in_own && !sources.iter().any(|(other, code)| other != path && names(code, module, function)) {
                    uncalled.push(format!("{module}::{function}"));
                }
            }
        }
        uncalled.sort();
        let mut kept: Vec<&str> = KEPT.iter().map(|part| part.function).collect();
        assert!(KEPT.is_sorted_by_key(|part| part.rule.id));
        kept.sort_unstable();
        assert_eq!(uncalled, kept);
    }

    /// Where a stored text and a written one part, as a line; none where they are the same.
    fn stale_from(stored: &str, written: &str) -> Option<usize> {
        let (written, stored): (Vec<&str>, Vec<&str>) = (written.trim_end().lines().collect(), stored.lines().collect());
        let place = written.iter().zip(&stored).position(|(a, b)| a != b);
        place.or((written.len() != stored.len()).then(|| written.len().min(stored.len()))).map(|at| at + 1)
    }

    #[test]
    fn docs_are_what_the_catalogs_say() {
        for (file, command, stored, written) in [
            ("docs/rules.md", "rules", include_str!("../../docs/rules.md"), rules()),
            ("docs/reference-files.md", "reference-files", include_str!("../../docs/reference-files.md"), reference_files()),
        ] {
            let stale = stale_from(stored, &written);
            assert_eq!(stale, None, "{file} is stale from that line: run `cargo run -- docs {command} > {file}`");
        }
        assert_eq!([stale_from("a\nb\n", "a\nb\n"), stale_from("a\nb\n", "a\nc\n"), stale_from("a\n", "a\nb\n")], [None, Some(2), Some(2)]);
    }

    #[test]
    fn every_class_of_payer_has_its_default_in_the_text() {
        let text = payer_rules();
        let rule = |key: &str| text.split("#### ").find(|part| part.starts_with(&format!("`{key}`"))).unwrap();
        assert!(rule("epsdt").contains("* Default: `yes` for medicaid_ffs, medicaid_mco; `no` for all others"), "{}", rule("epsdt"));
        assert!(rule("vfc_style").contains("* Default: `a`\n"), "{}", rule("vfc_style"));
        assert!(PAYER_RULES.iter().all(|r| text.contains(&format!("#### `{}`", r.key))));
    }
}
