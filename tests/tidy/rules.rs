//! A payer rule that nothing reads is a promise that nobody keeps, unless the reference says so.

use pediclaim::practice::rules::CATALOG;

use crate::assert_tidy;
use crate::source::{Source, sources, tree};

/// Where the rules are declared: what stands there reads nothing, but for the file that puts them into the terms of pediatrics.
const DECLARED: &str = "src/practice/rules/";
const PEDIATRIC: &str = "src/practice/rules/pediatric.rs";

/// Whether the program's own code reads the rule of a key: `rules.vfc_style`, and `self.vfc_style` where the rules are themselves.
fn is_read(key: &str, sources: &[Source]) -> bool {
    let ends = |rest: &str| !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
    let product = sources.iter().filter(|source| !source.is_test() && (!source.path.starts_with(DECLARED) || source.path == PEDIATRIC));
    product.into_iter().any(|source| {
        let field = if source.path == PEDIATRIC { format!("self.{key}") } else { format!("rules.{key}") };
        source.product.match_indices(&field).any(|(at, _)| ends(&source.product[at + field.len()..]))
    })
}

#[test]
fn every_payer_rule_is_read_or_says_that_it_is_not() {
    let sources = sources(&tree(), &["src/"]);
    let wrong = CATALOG.iter().filter(|rule| rule.is_read != is_read(rule.key, &sources));
    let told = |key: &str, says: bool| {
        format!("{key}: the catalog says that it is {}", if says { "read, and nothing does" } else { "kept alone, and it is read" })
    };
    assert_tidy(&wrong.map(|rule| told(rule.key, rule.is_read)).collect::<Vec<_>>());
    assert!(CATALOG.iter().any(|rule| rule.is_read) && CATALOG.iter().any(|rule| !rule.is_read));
}

#[test]
fn a_longer_name_and_a_test_read_nothing() {
    let source = |path: &str, text: &str| Source::new(path, text);
    assert!(is_read("crossover", &[source("src/a.rs", "fn a() { rules.crossover }")]));
    assert!(!is_read("crossover", &[source("src/a.rs", "fn a() { rules.crossover_days }")]));
    assert!(!is_read("crossover", &[source("src/practice/rules/mod.rs", "fn a() { rules.crossover }")]));
}
