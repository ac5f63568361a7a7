//! Who may know whom. The rules are data: a place in the tree, and the places its code may name.

use crate::assert_tidy;
use crate::source::{Source, identifiers, sources, tree};

/// Modules of `platform` that everyone may know: they know nobody.
const GROUND: &[&str] = &["platform::money", "platform::ids", "platform::clock", "platform::phi"];

/// The stages in the order of the money. Those of one row may know each other's models.
const STAGES: &[&[&str]] = &[
    &["worklist"],
    &["encounter"],
    &["coverage"],
    &["claim"],
    &["scrub"],
    &["submission"],
    &["acknowledgment"],
    &["remittance"],
    &["posting", "ledger"],
    &["denial"],
    &["statement"],
    &["report"],
];

/// Files of a stage, of `practice` and of `family` that touch the world. All others are models and pure modules; `mod.rs` joins both.
const SHELL: &[&str] = &["store", "job", "api"];

/// What pure code never names: the database, the network, the clock, the machine.
const WORLD: &[&str] = &[
    "sqlx",
    "axum",
    "tokio",
    "apalis",
    "apalis_sqlite",
    "apalis_postgres",
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "std::thread",
];

/// Modules beside the `store.rs` files that hold SQL.
const SQL: &[&str] = &["platform::archive", "platform::audit", "platform::database", "platform::jobs"];

/// Clocks, by the call that reads them.
const CLOCKS: &[&str] = &["SystemTime::now", "Instant::now", "Timestamp::now", "Zoned::now"];

/// A module path: `revenue_cycle::claim::model` as its segments.
type Place = Vec<String>;

/// The module that a file holds.
fn place(path: &str) -> Place {
    let path = path.trim_start_matches("src/").trim_end_matches(".rs").trim_end_matches("/mod");
    path.split('/').map(str::to_owned).collect()
}

/// Every path of the crate that product code names: `crate::…` and `super::…`, in `use` trees and in expressions.
fn named(source: &Source) -> Vec<(usize, Place)> {
    let code = &source.product;
    let here = place(&source.path);
    let mut found = Vec::new();
    let mut done = 0;
    for (begin, word) in identifiers(code) {
        // `pub(in crate::a)` says who may know, not whom.
        if begin < done || !matches!(word, "crate" | "super" | "self") || code[..begin].ends_with("(in ") {
            continue;
        }
        let mut base = if word == "crate" { Place::new() } else { here.clone() };
        if word == "super" {
            base.pop();
        }
        let mut rest = code[begin + word.len()..].trim_start();
        while let Some(after) = rest.strip_prefix("::").map(str::trim_start).and_then(|r| r.strip_prefix("super")) {
            base.pop();
            rest = after.trim_start();
        }
        if rest.starts_with("::") {
            let mut leaves = Vec::new();
            let left = use_tree(rest, base, &mut leaves);
            done = code.len() - left.len();
            found.extend(leaves.into_iter().map(|leaf| (begin, leaf)));
        }
    }
    found
}

/// Follows `::a::{b, c::*}` below a base; gives the leaves, and the text after the tree.
fn use_tree<'a>(mut text: &'a str, mut base: Place, leaves: &mut Vec<Place>) -> &'a str {
    while let Some(after) = text.trim_start().strip_prefix("::") {
        text = after.trim_start();
        if let Some(mut group) = text.strip_prefix('{') {
            loop {
                group = group.trim_start().trim_start_matches(',').trim_start();
                if let Some(after) = group.strip_prefix('}') {
                    return after;
                }
                let word = first_word(group);
                if word.is_empty() {
                    return group;
                }
                let mut below = base.clone();
                if word != "self" {
                    below.push(word.to_owned());
                }
                group = use_tree(&group[word.len()..], below, leaves).trim_start();
                if let Some(renamed) = group.strip_prefix("as ") {
                    let renamed = renamed.trim_start();
                    group = &renamed[first_word(renamed).len()..];
                }
            }
        }
        let word = first_word(text);
        // `::<T>` ends a path.
        if word.is_empty() {
            break;
        }
        base.push(word.to_owned());
        text = &text[word.len()..];
    }
    leaves.push(base);
    text
}

fn first_word(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len());
    if text.starts_with('*') { "*" } else { &text[..end] }
}

fn below(path: &[String], prefix: &str) -> bool {
    let mut path = path.iter();
    prefix.split("::").all(|part| path.next().is_some_and(|p| p == part))
}

/// The row of a stage in the order of the money.
fn rank(stage: &str) -> Option<usize> {
    STAGES.iter().position(|row| row.contains(&stage))
}

/// Whether a file is one of those that promise to be pure.
fn is_pure(place: &[String]) -> bool {
    match place[0].as_str() {
        "edi" | "reference" | "pediatrics" => true,
        "platform" => GROUND.iter().any(|ground| below(place, ground)) && !below(place, "platform::clock"),
        "revenue_cycle" => place.len() > 2 && !SHELL.contains(&place[2].as_str()),
        _ => false,
    }
}

/// Why code at `here` may not name `path`; nothing when it may.
fn refusal(here: &[String], path: &[String]) -> Option<String> {
    let one_of = |allowed: &[&str]| allowed.iter().any(|prefix| below(path, prefix));
    let known = |allowed: &[&str], others: &[&str]| {
        (!one_of(allowed) && !one_of(others)).then(|| format!("{} knows only {}", here[0], allowed.join(", ")))
    };
    match here[0].as_str() {
        "edi" => known(&["edi"], GROUND),
        "reference" => known(&["reference"], GROUND),
        "pediatrics" => known(&["pediatrics", "reference"], GROUND),
        "platform" if GROUND.iter().any(|ground| below(here, ground)) => known(GROUND, &[]),
        "clearinghouse" => known(&["clearinghouse", "edi", "reference", "platform"], &[]),
        "revenue_cycle" if is_pure(here) => stage_refusal(&here[1], path, one_of(GROUND)),
        _ => None,
    }
}

/// What the model and the pure modules of a stage may know.
fn stage_refusal(stage: &str, path: &[String], is_ground: bool) -> Option<String> {
    let part = |at: usize| path.get(at).map_or("", String::as_str);
    let no_shell = |at: usize| SHELL.contains(&part(at)).then(|| format!("pure code never names a {}", part(at)));
    match part(0) {
        "edi" | "reference" | "pediatrics" => None,
        "practice" | "family" => no_shell(1),
        "platform" if is_ground => None,
        "revenue_cycle" if part(1) == stage || part(1) == "worklist" => no_shell(2),
        "revenue_cycle" => match (rank(part(1)), rank(stage)) {
            (Some(theirs), Some(ours)) if theirs > ours => Some(format!("{stage} comes before {}", part(1))),
            // A type re-exported by the stage's mod.rs counts as its model.
            (Some(_), Some(_)) if part(2) == "model" || part(2).starts_with(|c: char| c.is_ascii_uppercase()) => None,
            (Some(_), Some(_)) => Some(format!("{stage} knows the model of {} and nothing else of it", part(1))),
            _ => Some(format!("{} is no stage in the order of the money", if rank(stage).is_none() { stage } else { part(1) })),
        },
        other => Some(format!("a stage's pure modules don't know {other}")),
    }
}

/// Names that some code may not know.
fn strangers(sources: &[Source]) -> Vec<String> {
    let mut findings = Vec::new();
    for source in sources.iter().filter(|source| !source.is_test()) {
        let here = place(&source.path);
        for (at, path) in named(source) {
            if let Some(why) = refusal(&here, &path) {
                findings.push(source.at(at, &format!("names {}: {why}", path.join("::"))));
            }
        }
    }
    findings
}

/// The world in pure code; sqlx in the interfaces.
fn impurities(sources: &[Source]) -> Vec<String> {
    let mut findings = Vec::new();
    for source in sources.iter().filter(|source| !source.is_test()) {
        let here = place(&source.path);
        let (denied, clocks) = match here[0].as_str() {
            _ if is_pure(&here) => (WORLD, CLOCKS),
            "web" | "http" => (&["sqlx"][..], &[][..]),
            _ => continue,
        };
        for (at, word) in identifiers(&source.product) {
            let before = source.product[..at].trim_end();
            if before.ends_with("::") {
                continue;
            }
            let mut leaves = Vec::new();
            use_tree(&source.product[at + word.len()..], vec![word.to_owned()], &mut leaves);
            // A lone word is a path only where it is imported; elsewhere it may be a variable.
            leaves.retain(|leaf| leaf.len() > 1 || before.ends_with("use"));
            let world = denied.iter().filter(|name| leaves.iter().any(|leaf| below(leaf, name)));
            let clock = clocks.iter().filter(|name| leaves.iter().any(|leaf| (0..leaf.len()).any(|from| below(&leaf[from..], name))));
            findings.extend(world.chain(clock).map(|name| source.at(at, &format!("names {name}, which belongs to the shell"))));
        }
    }
    findings
}

/// SQL outside `store.rs` files and the modules of [`SQL`].
fn stray_sql(sources: &[Source]) -> Vec<String> {
    let mut findings = Vec::new();
    for source in sources.iter().filter(|source| !source.is_test()) {
        let here = place(&source.path);
        if here.contains(&"store".to_owned()) || SQL.iter().any(|module| below(&here, module)) {
            continue;
        }
        for (line, text) in source.strings.iter().filter(|(_, text)| is_sql(text)) {
            let head: String = text.split_whitespace().take(4).collect::<Vec<_>>().join(" ");
            findings.push(format!("{}:{line}: SQL outside a store: {head} …", source.path));
        }
    }
    findings
}

/// Whether a literal reads as a statement. Keywords in capitals, as all our SQL has them.
fn is_sql(text: &str) -> bool {
    let words: Vec<&str> = text.split(|c: char| c.is_whitespace() || c == '(' || c == '\\').filter(|word| !word.is_empty()).collect();
    let has = |word: &str| words.contains(&word);
    let pair = |a: &str, b: &str| words.windows(2).any(|w| w == [a, b]);
    words.first() == Some(&"SELECT")
        || (has("SELECT") && has("FROM"))
        || pair("INSERT", "INTO")
        || pair("DELETE", "FROM")
        || (has("UPDATE") && has("SET"))
}

#[test]
fn every_module_knows_only_whom_it_may() {
    assert_tidy(&strangers(&sources(&tree(), &["src/"])));
}

#[test]
fn pure_code_never_touches_the_world() {
    assert_tidy(&impurities(&sources(&tree(), &["src/"])));
}

#[test]
fn sql_stands_in_stores_alone() {
    assert_tidy(&stray_sql(&sources(&tree(), &["src/"])));
}

#[test]
fn a_name_across_a_layer_is_found_however_it_is_written() {
    let bad = [
        ("src/edi/reader.rs", "use crate::reference::Icd10;"),
        ("src/edi/remittance/read.rs", "fn f() { super::super::super::practice::g() }"),
        ("src/reference/icd10.rs", "use crate::{platform::{money::Money as M, phi::*}, edi::{self as e}};"),
        ("src/pediatrics/age.rs", "use crate::platform::database::Db;"),
        ("src/platform/money.rs", "use crate::edi::Segment;"),
        ("src/clearinghouse/simulator/payer.rs", "use crate::{\n    edi,\n    revenue_cycle::claim::model,\n};"),
        ("src/revenue_cycle/claim/build.rs", "use crate::revenue_cycle::remittance::model::Remittance;"),
        ("src/revenue_cycle/remittance/matching.rs", "use crate::revenue_cycle::claim::store;"),
        ("src/revenue_cycle/claim/build.rs", "use super::store::load;"),
        ("src/revenue_cycle/claim/build.rs", "use crate::practice::store;"),
        ("src/revenue_cycle/scrub/rules/age.rs", "use crate::revenue_cycle::claim::lifecycle::next;"),
        ("src/revenue_cycle/scrub/run.rs", "use crate::revenue_cycle::unheard_of::model::X;"),
        ("src/revenue_cycle/worklist/engine.rs", "use crate::revenue_cycle::claim::model::Claim;"),
    ];
    for (path, text) in bad {
        assert_eq!(strangers(&[Source::new(path, text)]).len(), 1, "{path}: {text}");
    }
}

#[test]
fn a_name_within_its_layer_is_no_finding() {
    let good = [
        (
            "src/edi/reader.rs",
            "use crate::platform::money::Money;\nuse super::segment::*;\n// crate::practice\nfn f() { g(\"crate::web\") }",
        ),
        ("src/edi/reader.rs", "#[cfg(test)]\nmod tests { use crate::practice::X; }"),
        ("src/pediatrics/age.rs", "use crate::reference::Icd10;"),
        (
            "src/revenue_cycle/posting/plan.rs",
            "use crate::revenue_cycle::{claim::model::Claim, ledger::model::{self, Journal}, remittance::Remittance};",
        ),
        ("src/revenue_cycle/claim/store.rs", "use crate::platform::database::Db;"),
        ("src/revenue_cycle/claim/lifecycle.rs", "use super::model::State;\npub(crate) fn f() {}"),
        ("src/revenue_cycle/claim/lifecycle.rs", "use crate::revenue_cycle::worklist::model::Item;\nuse crate::family::model::Child;"),
    ];
    for (path, text) in good {
        assert_tidy(&strangers(&[Source::new(path, text)]));
    }
}

#[test]
fn the_world_is_found_in_pure_code() {
    let bad = [
        ("src/edi/reader.rs", "use tokio::fs;"),
        ("src/pediatrics/age.rs", "fn f() { jiff::Zoned::now() }"),
        ("src/pediatrics/age.rs", "use std::fs;"),
        ("src/pediatrics/age.rs", "use std::{fmt, fs::File as F, io};"),
        ("src/revenue_cycle/claim/model.rs", "#[derive(sqlx::FromRow)] struct X;"),
        ("src/web/page.rs", "fn f() { sqlx::query(q) }"),
    ];
    for (path, text) in bad {
        assert_eq!(impurities(&[Source::new(path, text)]).len(), 1, "{path}: {text}");
    }
    let good = [
        ("src/edi/reader.rs", "use std::fmt;\nfn f(tokio: u8) -> u8 { tokio }"),
        ("src/revenue_cycle/claim/store.rs", "use sqlx::FromRow;"),
        ("src/platform/clock.rs", "fn f() { Timestamp::now() }"),
    ];
    for (path, text) in good {
        assert_tidy(&impurities(&[Source::new(path, text)]));
    }
}

#[test]
fn sql_outside_a_store_is_found() {
    for sql in ["SELECT 1", "\\\n  INSERT INTO t VALUES ($1)", "UPDATE t SET a = 1", "DELETE FROM t", "WITH x AS (SELECT a FROM t) …"] {
        let text = format!("const Q: &str = \"{sql}\";");
        assert_eq!(stray_sql(&[Source::new("src/web/page.rs", &text)]).len(), 1, "{sql}");
        assert_tidy(&stray_sql(&[Source::new("src/practice/store.rs", &text)]));
    }
    assert_tidy(&stray_sql(&[Source::new("src/web/page.rs", "const T: &str = \"Please SELECT a payer\";")]));
}
