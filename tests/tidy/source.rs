//! The tree as text, and Rust sources with what is not code set aside.

use std::fs;
use std::path::Path;

/// A file of the repository.
pub struct File {
    /// From the root, with `/`.
    pub path: String,
    /// All of it.
    pub text: String,
}

/// A Rust file, read twice: for all of it, and for what is compiled outside tests.
pub struct Source {
    /// From the root, with `/`.
    pub path: String,
    /// The file as it stands.
    pub text: String,
    /// Comments and literals blanked, lines kept.
    pub code: String,
    /// `code` with what stands under `#[cfg(test)]` blanked too.
    pub product: String,
    /// The string literals of `product`: line, content as written.
    pub strings: Vec<(usize, String)>,
}

/// Every text file of the repository. Build outputs (cargo marks them with a CACHEDIR.TAG) and git's own folder are not part of it.
pub fn tree() -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    collect(root, root, &mut files);
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<File>) {
    if folder.join("CACHEDIR.TAG").exists() {
        return;
    }
    for entry in fs::read_dir(folder).expect("the tree can be read") {
        let path = entry.expect("the tree can be read").path();
        if path.is_dir() {
            if path.file_name().is_none_or(|name| name != ".git" && name != "target") {
                collect(root, &path, files);
            }
        } else if let Ok(text) = fs::read_to_string(&path) {
            let parts: Vec<_> = path.strip_prefix(root).expect("below the root").iter().map(|part| part.to_string_lossy()).collect();
            files.push(File { path: parts.join("/"), text });
        }
    }
}

/// The Rust files under some folders.
pub fn sources(files: &[File], folders: &[&str]) -> Vec<Source> {
    let wanted = |path: &str| path.ends_with(".rs") && folders.iter().any(|folder| path.starts_with(folder));
    files.iter().filter(|file| wanted(&file.path)).map(|file| Source::new(&file.path, &file.text)).collect()
}

/// The line, from 1, of a byte of a text.
pub fn line_of(text: &str, at: usize) -> usize {
    text.as_bytes()[..at].iter().filter(|&&byte| byte == b'\n').count() + 1
}

/// The identifiers of blanked code, with where they begin.
pub fn identifiers(code: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    code.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter_map(move |word| {
        let begin = at;
        at += word.len();
        // The separator that ended the word.
        at += code[at..].chars().next().map_or(0, char::len_utf8);
        (!word.is_empty() && !word.starts_with(|c: char| c.is_ascii_digit())).then_some((begin, word))
    })
}

impl Source {
    /// Reads a file's text.
    pub fn new(path: &str, text: &str) -> Source {
        let (code, literals) = set_aside(text);
        let tests = test_parts(path, &code);
        let mut product = code.clone().into_bytes();
        for &(begin, end) in &tests {
            blank(&mut product, begin, end);
        }
        let in_tests = |at: usize| tests.iter().any(|&(begin, end)| (begin..end).contains(&at));
        let strings = literals.into_iter().filter(|&(begin, _)| !in_tests(begin));
        let strings = strings.map(|(begin, end)| (line_of(text, begin), text[begin..end].to_owned())).collect();
        Source { path: path.to_owned(), text: text.to_owned(), code, product: into_text(product), strings }
    }

    /// Whether this is no file of the product: a test, a benchmark, a fuzz target.
    pub fn is_test(&self) -> bool {
        !self.path.starts_with("src/") || is_test_file(&self.path)
    }

    /// A finding at a byte of this file.
    pub fn at(&self, at: usize, what: &str) -> String {
        format!("{}:{}: {what}", self.path, line_of(&self.text, at))
    }
}

/// `#[cfg(test)] mod tests;` puts the tests into a file of that name, or a folder.
fn is_test_file(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.contains("/tests/")
}

fn into_text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("only whole ranges between ASCII marks were blanked")
}

fn blank(bytes: &mut [u8], begin: usize, end: usize) {
    for byte in &mut bytes[begin..end] {
        if *byte != b'\n' {
            *byte = b' ';
        }
    }
}

/// Blanks comments and literals; gives the code and where the string literals' contents stand.
fn set_aside(text: &str) -> (String, Vec<(usize, usize)>) {
    let bytes = text.as_bytes();
    let mut code = bytes.to_vec();
    let mut strings = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        let word_before = at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_');
        let end = if rest.starts_with(b"//") {
            at + rest.iter().position(|&b| b == b'\n').unwrap_or(rest.len())
        } else if rest.starts_with(b"/*") {
            at + block_comment(rest)
        } else if let Some(hashes) = raw_string(rest).filter(|_| !word_before) {
            let open = at + rest.iter().position(|&b| b == b'"').unwrap_or(0) + 1;
            let close = format!("\"{}", "#".repeat(hashes));
            let end = text[open..].find(&close).map_or(text.len(), |found| open + found);
            strings.push((open, end));
            (end + close.len()).min(text.len())
        } else if rest[0] == b'"' {
            let end = at + 1 + quoted(&rest[1..], b'"');
            strings.push((at + 1, end));
            (end + 1).min(text.len())
        } else if rest[0] == b'\'' && is_char(&text[at..]) {
            (at + 2 + quoted(&rest[1..], b'\'')).min(text.len())
        } else {
            at += 1;
            continue;
        };
        blank(&mut code, at, end);
        at = end;
    }
    (into_text(code), strings)
}

/// The length of a comment that may hold others.
fn block_comment(bytes: &[u8]) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < bytes.len() {
        if bytes[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if bytes[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    at
}

/// `r"`, `r#"`, `br"`, `cr#"`…: the number of hashes.
fn raw_string(bytes: &[u8]) -> Option<usize> {
    let bytes = bytes.strip_prefix(b"b").or(bytes.strip_prefix(b"c")).unwrap_or(bytes).strip_prefix(b"r")?;
    let hashes = bytes.iter().take_while(|&&b| b == b'#').count();
    (bytes.get(hashes) == Some(&b'"')).then_some(hashes)
}

/// How far the content of a quoted literal goes.
fn quoted(bytes: &[u8], quote: u8) -> usize {
    let mut at = 0;
    while at < bytes.len() && bytes[at] != quote {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    at.min(bytes.len())
}

/// A character, and not a lifetime.
fn is_char(text: &str) -> bool {
    let mut chars = text.chars().skip(1);
    chars.next() == Some('\\') || chars.next() == Some('\'')
}

/// Where the items under `#[cfg(test)]` stand: each from its attribute to the end of its block or statement.
fn test_parts(path: &str, code: &str) -> Vec<(usize, usize)> {
    if is_test_file(path) || code.contains("#![cfg(test)]") {
        return vec![(0, code.len())];
    }
    let mut parts: Vec<(usize, usize)> = Vec::new();
    for (begin, _) in code.match_indices("#[cfg(test)]") {
        if parts.last().is_none_or(|&(_, end)| begin >= end) {
            parts.push((begin, begin + item(&code[begin..])));
        }
    }
    parts
}

fn item(code: &str) -> usize {
    let mut depth = 0_i32;
    for (at, byte) in code.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 1 => return at + 1,
            b'}' => depth -= 1,
            b';' if depth == 0 => return at + 1,
            _ => {}
        }
    }
    code.len()
}

#[test]
fn comments_literals_and_tests_are_not_product_code() {
    let text = concat!(
        "//! crate::a\nfn f<'a>(s: &'a str) { g(\"crate::b \\\" //\", '\"', r#\"x\"y\"#); /* crate::c /* */ */ h() }\n",
        "#[cfg(test)]\nmod tests {\n    fn t() { i(\"s\"); }\n}\nfn j() {}\n",
    );
    let source = Source::new("src/x.rs", text);
    let words = |code: &str| identifiers(code).map(|(_, word)| word.to_owned()).collect::<Vec<_>>();
    assert_eq!(words(&source.product), ["fn", "f", "a", "s", "a", "str", "g", "h", "fn", "j"]);
    assert!(words(&source.code).contains(&"i".to_owned()));
    assert_eq!(source.strings, [(2, "crate::b \\\" //".to_owned()), (2, "x\"y".to_owned())]);
    assert_eq!(source.product.lines().count(), text.lines().count());
}

#[test]
fn a_file_of_tests_holds_no_product_code() {
    assert!(Source::new("src/edi/tests.rs", "fn f() {}").product.trim().is_empty());
    assert!(Source::new("src/edi/x.rs", "#[cfg(test)]\nmod tests;\nfn f() {}").product.trim() == "fn f() {}");
}
