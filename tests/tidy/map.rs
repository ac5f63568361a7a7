//! The map tells the truth: `src/lib.rs` names its modules, the README names paths that exist.

use std::path::Path;

use crate::assert_tidy;
use crate::source::{File, Source, identifiers, tree};

/// Folders of the repository: a span of code in the README that begins with one is a path.
const FOLDERS: &[&str] = &["src", "tests", "migrations", "edi-samples", "benches", "fuzz", "docs", ".ci"];

/// Endings by which a single name is a file of ours.
const ENDINGS: &[&str] = &[".rs", ".md", ".sql", ".example.toml"];

/// Marks of a placeholder or a pattern: not one path.
const PATTERNS: &[char] = &['*', '<', '{', '…', ' ', '$'];

/// Modules of the crate that the words at the head of `lib.rs` don't name, in backticks or as links.
fn unnamed_modules(lib: &Source) -> Vec<String> {
    let head: String = lib.text.lines().take_while(|line| line.starts_with("//!")).collect::<Vec<_>>().join("\n");
    let mut findings = Vec::new();
    let mut after_mod = false;
    for (at, word) in identifiers(&lib.product) {
        if after_mod && !head.contains(&format!("`{word}`")) && !head.contains(&format!("`{word}/`")) {
            findings.push(lib.at(at, &format!("the map at the head does not name `{word}`")));
        }
        after_mod = word == "mod";
    }
    findings
}

/// Spans of code in a document that look like paths of ours and lead nowhere.
fn dead_paths(document: &File, exists: impl Fn(&str) -> bool) -> Vec<String> {
    let mut findings = Vec::new();
    let mut in_block = false;
    for (number, line) in document.text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            in_block = !in_block;
        } else if !in_block {
            let spans = line.split('`').skip(1).step_by(2);
            let dead = spans.map(|span| span.trim_start_matches("./")).filter(|span| is_path(span) && !exists(span.trim_end_matches('/')));
            findings.extend(dead.map(|span| format!("{}:{}: {span} does not exist", document.path, number + 1)));
        }
    }
    findings
}

fn is_path(span: &str) -> bool {
    let in_folder = span.split_once('/').is_some_and(|(head, _)| FOLDERS.contains(&head));
    !span.contains(PATTERNS) && (in_folder || ENDINGS.iter().any(|ending| span.ends_with(ending)))
}

#[test]
fn the_map_in_lib_names_every_module() {
    let files = tree();
    let lib = files.iter().find(|file| file.path == "src/lib.rs").expect("src/lib.rs exists");
    assert_tidy(&unnamed_modules(&Source::new(&lib.path, &lib.text)));
}

#[test]
fn every_path_that_the_readme_names_exists() {
    let files = tree();
    let readme = files.iter().find(|file| file.path == "README.md").expect("README.md exists");
    assert_tidy(&dead_paths(readme, |path| Path::new(env!("CARGO_MANIFEST_DIR")).join(path).exists()));
}

#[test]
fn a_module_that_the_map_forgets_is_found() {
    let lib = Source::new("src/lib.rs", "//! 1. [`edi`] reads\n//! 2. `web/` shows\n\npub mod edi;\npub mod web;\n/// `http`\nmod http;");
    assert_eq!(unnamed_modules(&lib), ["src/lib.rs:7: the map at the head does not name `http`"]);
}

#[test]
fn a_dead_path_is_found_and_an_example_is_none() {
    let text =
        "`src/gone/` `./tests/run` `docs/x.md` `SVC/CAS` `/api/v1` `src/*/store.rs`\n```sh\ncat `src/y.rs`\n```\n`gone.md` `config.toml`";
    let readme = File { path: "README.md".to_owned(), text: text.to_owned() };
    assert_eq!(
        dead_paths(&readme, |path| path == "tests/run"),
        ["README.md:1: src/gone/ does not exist", "README.md:1: docs/x.md does not exist", "README.md:5: gone.md does not exist"]
    );
}
