//! Words that may not stand in the tree, and files that grow too long.

use crate::assert_tidy;
use crate::source::{File, Source, identifiers, line_of, sources, tree};

/// The longest a source file may be, in lines: beyond it, a file decides more than one thing.
const MAX_LINES: usize = 700;

/// Longer files, each with the reason why splitting it would help nobody.
const LONG: &[(&str, &str)] = &[];

/// Product files that may use floating point, each with the reason why no money passes there.
const FLOATS: &[(&str, &str)] = &[];

/// Where floating point is looked for: a test may compute a share of time.
const FLOAT_TYPES: &[&str] = &["f32", "f64"];

/// Calls that end a program or say that it is unfinished.
const MACROS: &[&str] = &["todo", "unimplemented", "dbg"];

/// Marks of unfinished work, and places that exist on one machine only. Written in halves so that this file does not hold them.
const MARKS: &[&str] = &[
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("/wo", "rk/main"),
    concat!("/wo", "rk/shared"),
    concat!("/t", "mp/"),
    concat!("crates", ".io"),
    concat!("py", "pi.org"),
    concat!("python", "hosted.org"),
    concat!("deb.", "debian.org"),
    concat!("npm", "js.org"),
];

/// Files whose text is not ours to choose: cargo writes the registry's name into its lock.
const NOT_OURS: &[&str] = &["Cargo.lock", "fuzz/Cargo.lock"];

/// `f32` and `f64` in product code. Money is exact, and what is not money can be counted in integers.
fn floats(sources: &[Source], allowed: &[(&str, &str)]) -> Vec<String> {
    let mut findings = Vec::new();
    let uses =
        |source: &Source| identifiers(&source.product).filter(|(_, word)| FLOAT_TYPES.contains(word)).map(|(at, _)| at).collect::<Vec<_>>();
    for source in sources.iter().filter(|source| !source.is_test() && !is_listed(allowed, &source.path)) {
        findings.extend(uses(source).into_iter().map(|at| source.at(at, "floating point")));
    }
    findings.extend(stale(allowed, |path| sources.iter().any(|source| source.path == path && !uses(source).is_empty())));
    findings
}

/// Source files over the limit.
fn too_long(sources: &[Source], allowed: &[(&str, &str)]) -> Vec<String> {
    let is_long = |source: &Source| source.path.starts_with("src/") && source.text.lines().count() > MAX_LINES;
    let long = sources.iter().filter(|source| is_long(source) && !is_listed(allowed, &source.path));
    let mut findings: Vec<String> = long.map(|s| format!("{}: {} lines, over {MAX_LINES}", s.path, s.text.lines().count())).collect();
    findings.extend(stale(allowed, |path| sources.iter().any(|source| source.path == path && is_long(source))));
    findings
}

fn is_listed(list: &[(&str, &str)], path: &str) -> bool {
    list.iter().any(|(listed, _)| *listed == path)
}

/// Entries of a list of exceptions that nothing needs any more.
fn stale(list: &[(&str, &str)], needed: impl Fn(&str) -> bool) -> Vec<String> {
    list.iter().filter(|(path, _)| !needed(path)).map(|(path, _)| format!("{path}: is listed as an exception and is none")).collect()
}

/// Unfinished or switched-off code, in product and tests alike; panics by `unwrap` in the product.
fn unfinished(sources: &[Source]) -> Vec<String> {
    let mut findings = Vec::new();
    for source in sources {
        for (at, word) in identifiers(&source.code) {
            if MACROS.contains(&word) && source.code[at + word.len()..].starts_with('!') {
                findings.push(source.at(at, &format!("{word}!")));
            }
        }
        findings.extend(source.code.match_indices("#[ignore").map(|(at, _)| source.at(at, "an ignored test")));
        if !source.is_test() {
            findings.extend(
                source.product.match_indices(".unwrap()").map(|(at, _)| source.at(at, "unwrap: say by `expect` why it can't fail")),
            );
        }
    }
    findings
}

/// Marks in any text of the tree, its comments and documents included.
fn marks(files: &[File]) -> Vec<String> {
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| !NOT_OURS.contains(&file.path.as_str())) {
        for mark in MARKS {
            let found = file.text.match_indices(mark);
            findings.extend(found.map(|(at, _)| format!("{}:{}: {}", file.path, line_of(&file.text, at), mark.trim())));
        }
    }
    findings
}

/// Sources that don't begin by saying what they are for.
fn without_a_word(sources: &[Source]) -> Vec<String> {
    let mute = sources.iter().filter(|source| !source.text.starts_with("//! "));
    mute.map(|source| format!("{}: does not begin with a `//!` line", source.path)).collect()
}

#[test]
fn no_product_code_uses_floating_point() {
    assert_tidy(&floats(&sources(&tree(), &["src/"]), FLOATS));
}

#[test]
fn no_source_file_is_too_long() {
    assert_tidy(&too_long(&sources(&tree(), &["src/"]), LONG));
}

#[test]
fn nothing_is_unfinished_switched_off_or_unwrapped() {
    assert_tidy(&unfinished(&sources(&tree(), &["src/", "tests/", "benches/", "fuzz/"])));
}

#[test]
fn no_file_holds_a_mark_of_unfinished_work_or_of_one_machine() {
    assert_tidy(&marks(&tree()));
}

#[test]
fn every_source_file_begins_by_saying_what_it_is_for() {
    assert_tidy(&without_a_word(&sources(&tree(), &["src/", "tests/", "benches/", "fuzz/"])));
}

#[test]
fn floating_point_is_found_and_so_is_a_needless_exception() {
    let bad = [Source::new("src/a.rs", "//! a\nfn f(x: u32) -> f64 { x as f64 }")];
    assert_eq!(floats(&bad, &[]).len(), 2);
    assert_tidy(&floats(&bad, &[("src/a.rs", "draws")]));
    let good = [Source::new("src/a.rs", "// f64\nfn as_f64() { g(\"f64\") }\n#[cfg(test)]\nmod tests { const X: f64 = 1.0; }")];
    assert_tidy(&floats(&good, &[]));
    assert_eq!(floats(&good, &[("src/a.rs", "draws")]).len(), 1);
}

#[test]
fn a_long_file_is_found_and_so_is_a_needless_exception() {
    let long = [Source::new("src/a.rs", &"//! a\n".repeat(MAX_LINES + 1))];
    assert_eq!(too_long(&long, &[]).len(), 1);
    assert_tidy(&too_long(&long, &[("src/a.rs", "a table")]));
    assert_eq!(too_long(&[Source::new("src/a.rs", &"//! a\n".repeat(MAX_LINES))], &[("src/a.rs", "a table")]).len(), 1);
}

#[test]
fn unfinished_code_is_found() {
    for bad in ["fn f() { todo!() }", "fn f() { dbg!(1); }", "#[test]\n#[ignore = \"slow\"]\nfn t() {}", "fn f() { g().unwrap() }"] {
        assert_eq!(unfinished(&[Source::new("src/a.rs", bad)]).len(), 1, "{bad}");
    }
    let good = "/// ```\n/// f().unwrap();\n/// ```\nfn f() { g().unwrap_or(0) }\n#[cfg(test)]\nmod tests { fn t() { f().unwrap(); } }";
    assert_tidy(&unfinished(&[Source::new("src/a.rs", good)]));
    assert_tidy(&unfinished(&[Source::new("tests/a.rs", "fn t() { f().unwrap(); }")]));
}

#[test]
fn marks_are_found_in_any_file() {
    for mark in MARKS {
        assert_eq!(marks(&[File { path: "README.md".into(), text: format!("see\n{mark} x") }]).len(), 1, "{mark}");
    }
    assert_tidy(&marks(&[File { path: "Cargo.lock".into(), text: MARKS.join("\n") }]));
}

#[test]
fn a_file_without_a_word_is_found() {
    assert_eq!(without_a_word(&[Source::new("src/a.rs", "use x;\n//! late")]).len(), 1);
    assert_tidy(&without_a_word(&[Source::new("src/a.rs", "//! What a is.\nuse x;")]));
}
