//! What the tree promises about itself, read from its text: who may know whom, words that may not stand in it, twin migrations, used
//! samples, a map that tells the truth. Every check gives its findings as lines; beside it stands a bad example that it must find.

#[path = "tidy/layers.rs"]
mod layers;
#[path = "tidy/map.rs"]
mod map;
#[path = "tidy/migrations.rs"]
mod migrations;
#[path = "tidy/rules.rs"]
mod rules;
#[path = "tidy/samples.rs"]
mod samples;
#[path = "tidy/source.rs"]
mod source;
#[path = "tidy/words.rs"]
mod words;

/// Fails with all findings of a check, one a line.
fn assert_tidy(findings: &[String]) {
    assert!(findings.is_empty(), "\n{}\n", findings.join("\n"));
}
