//! `docs`: references printed from the catalogs that the program runs by, so that they can't go stale.

use super::say;
use crate::practice::model::PayerClass;
use crate::practice::rules::CATALOG as PAYER_RULES;
use crate::revenue_cycle::scrub::catalog::{CATALOG as EDITS, VERSION};

/// Prints the payer rules as Markdown: key, meaning, form, source, default of each class of payer.
pub fn payer_rules() {
    say("# Payer rules\n\nA payer's own setting is a dated row in the practice file; without one its class decides.");
    for rule in PAYER_RULES {
        let mut defaults: Vec<(String, Vec<&str>)> = Vec::new();
        for class in PayerClass::ALL {
            let value = rule.default_for(*class);
            match defaults.iter_mut().find(|(known, _)| *known == value) {
                Some((_, classes)) => classes.push(class.word()),
                None => defaults.push((value, vec![class.word()])),
            }
        }
        let defaults = match defaults.as_slice() {
            [(value, _)] => format!("`{value}`"),
            several => several.iter().map(|(value, classes)| format!("`{value}` ({})", classes.join(", "))).collect::<Vec<_>>().join(", "),
        };
        say(format!("\n## {}\n\n{} Source: {}.\n\n* Value: {}\n* Default: {defaults}", rule.key, rule.says, rule.source, rule.form()));
    }
}

/// Prints the scrub edits as Markdown.
pub fn edits() {
    say(format!("# Scrub edits, catalog {VERSION}\n\nAn error blocks the claim; a warning holds it until a person overrides it.\n"));
    say("| edit | SNIP level | severity | what |\n| --- | --- | --- | --- |");
    for entry in EDITS {
        let edit = &entry.edit;
        say(format!("| {} | {} | {} | {} |", edit.id, edit.level, edit.severity.code(), edit.title));
    }
}
