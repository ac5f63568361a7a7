//! A sample that no test reads is a promise that nobody keeps.

use crate::assert_tidy;
use crate::source::{File, tree};

/// Where the samples are.
const SAMPLES: &str = "edi-samples/";

/// Samples that no test names together with their folder, and that no index lists in a folder that a test reads.
fn unused(files: &[File]) -> Vec<String> {
    let is_index = |path: &str| path.starts_with(SAMPLES) && path.ends_with("README.md");
    // Snapshots are written by the test that compares them.
    let is_sample = |path: &str| path.starts_with(SAMPLES) && !is_index(path) && !path.ends_with(".snap");
    let tests: Vec<&str> =
        files.iter().filter(|file| file.path.ends_with(".rs") && !file.path.starts_with("tests/tidy")).map(|f| f.text.as_str()).collect();
    let indexes: Vec<&str> = files.iter().filter(|file| is_index(&file.path)).map(|file| file.text.as_str()).collect();
    let is_used = |path: &str| {
        let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
        let folder = folders.rsplit('/').next().unwrap_or_default();
        let named = |text: &&str| text.contains(name) && text.contains(folder);
        let reads_a_folder =
            |text: &&str| folders.match_indices('/').map(|(at, _)| &folders[..at]).chain([folders]).skip(1).any(|f| text.contains(f));
        tests.iter().any(named) || (indexes.iter().any(named) && tests.iter().any(reads_a_folder))
    };
    files
        .iter()
        .filter(|file| is_sample(&file.path) && !is_used(&file.path))
        .map(|file| format!("{}: no test uses it", file.path))
        .collect()
}

#[test]
fn every_sample_is_used_by_a_test() {
    let files = tree();
    assert!(files.iter().any(|file| file.path.starts_with(SAMPLES)), "there are no samples");
    assert_tidy(&unused(&files));
}

#[test]
fn an_unused_sample_is_found() {
    let file = |path: &str, text: &str| File { path: path.to_owned(), text: text.to_owned() };
    let sample = |path: &str| file(path, "ISA*");
    let test = |text: &str| file("tests/suite/edi.rs", text);
    let index = file("edi-samples/README.md", "malformed: `cut.edi`, `isa.edi`");
    // Named by no test; named, but in another folder; listed, but its folder read by no test; read, but not listed.
    assert_eq!(unused(&[sample("edi-samples/a.edi"), test("edi-samples/b.edi")]).len(), 1);
    assert_eq!(unused(&[sample("edi-samples/journeys/01-visit/claim.edi"), test("journeys/02-other/claim.edi")]).len(), 1);
    assert_eq!(unused(&[sample("edi-samples/malformed/cut.edi"), index, test("edi-samples/a.edi")]).len(), 1);
    assert_eq!(unused(&[sample("edi-samples/malformed/cut.edi"), test("read_dir(\"edi-samples/malformed\")")]).len(), 1);
}

#[test]
fn a_used_sample_is_no_finding() {
    let file = |path: &str, text: &str| File { path: path.to_owned(), text: text.to_owned() };
    let sample = |path: &str| file(path, "ISA*");
    assert_tidy(&unused(&[sample("edi-samples/835/plb.edi"), file("src/edi/x.rs", "include_str!(\"../../edi-samples/835/plb.edi\")")]));
    let index = file("edi-samples/malformed/README.md", "malformed: `cut.edi`");
    assert_tidy(&unused(&[
        sample("edi-samples/malformed/cut.edi"),
        index,
        file("tests/suite/edi.rs", "read_dir(\"edi-samples/malformed\")"),
    ]));
}
