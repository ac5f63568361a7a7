//! The characters a trading partner takes without a special agreement (domain.md 1.1, RFI 2264 and 1815), and how bytes that partners
//! send become text.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::segment::Delimiters;

/// Bytes of a file as text. X12 has no way to say in which characters a file is written: what is not UTF-8 is taken for Latin-1, which
/// the others use, and in which every byte is a character: nothing is lost.
#[must_use]
#[inline]
pub fn decode(bytes: &[u8]) -> Cow<'_, str> {
    std::str::from_utf8(bytes).map_or_else(|_| Cow::Owned(bytes.iter().copied().map(char::from).collect()), Cow::Borrowed)
}

/// Text as we send it: accents folded (`José` → `JOSE`), upper case, delimiters and control characters made spaces, spaces collapsed and
/// trimmed. Apostrophe and hyphen stay. Characters without an ASCII form stay too, for [`unsupported`] to name: dropping one would
/// change a name.
#[must_use]
pub fn normalize(text: &str, delimiters: Delimiters) -> String {
    // Most names have been sent before and are normal already; looking is ten times faster than folding.
    if is_normal(text, delimiters) { text.to_owned() } else { folded(text, delimiters) }
}

fn folded(text: &str, delimiters: Delimiters) -> String {
    if text.is_ascii() {
        return spaced(text.bytes().map(|byte| char::from(byte.to_ascii_uppercase())), delimiters);
    }
    spaced(text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(fold).flat_map(char::to_uppercase), delimiters)
}

/// Characters with one space for every run of delimiters, blanks and controls, and none at the ends.
fn spaced(characters: impl Iterator<Item = char>, delimiters: Delimiters) -> String {
    let mut normal = String::with_capacity(characters.size_hint().0);
    for c in characters {
        let is_delimiter = u8::try_from(c).is_ok_and(|byte| delimiters.contains(byte));
        if !(is_delimiter || c.is_whitespace() || c.is_control()) {
            normal.push(c);
        } else if !normal.is_empty() && !normal.ends_with(' ') {
            normal.push(' ');
        }
    }
    if normal.ends_with(' ') {
        normal.pop();
    }
    normal
}

/// Whether a text is surely its own [`normalize`]d form: capitals, digits and marks of ASCII, single spaces between.
pub(super) fn is_normal(text: &str, delimiters: Delimiters) -> bool {
    let mut before = b' ';
    let kept = text.bytes().all(|byte| {
        let is_kept =
            matches!(byte, b' '..=b'~') && !byte.is_ascii_lowercase() && !delimiters.contains(byte) && (byte, before) != (b' ', b' ');
        before = byte;
        is_kept
    });
    kept && (before != b' ' || text.is_empty())
}

/// The first character that stays outside printable ASCII after [`normalize`]: a person must spell it differently.
#[must_use]
pub fn unsupported(text: &str) -> Option<char> {
    normalize(text, Delimiters::default()).chars().find(|c| !matches!(c, ' '..='~'))
}

/// Letters and marks that Unicode doesn't decompose but that names hold: the usual transcription, one or two ASCII characters.
fn fold(c: char) -> impl Iterator<Item = char> {
    let (first, second) = match c {
        '\u{2018}' | '\u{2019}' | '\u{02BC}' | '\u{00B4}' => ('\'', None),
        '\u{201C}' | '\u{201D}' => ('"', None),
        '\u{2010}'..='\u{2015}' | '\u{2212}' => ('-', None),
        'Ł' | 'ł' => ('L', None),
        'Ø' | 'ø' => ('O', None),
        'Đ' | 'đ' | 'Ð' | 'ð' => ('D', None),
        'ı' => ('I', None),
        'Æ' | 'æ' => ('A', Some('E')),
        'Œ' | 'œ' => ('O', Some('E')),
        'Þ' | 'þ' => ('T', Some('H')),
        other => (other, None),
    };
    std::iter::once(first).chain(second)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn normal(text: &str) -> String {
        normalize(text, Delimiters::default())
    }

    #[test]
    fn text_that_is_not_utf_8_is_latin_1() {
        assert_eq!(decode("PE\u{d1}A".as_bytes()), "PE\u{d1}A");
        assert_eq!(decode(b"PE\xd1A"), "PE\u{d1}A");
        assert_eq!(normal(&decode(b"Pe\xf1a")), "PENA");
    }

    #[test]
    fn accents_fold_and_letters_rise() {
        for (text, sent) in [
            ("José", "JOSE"),
            ("Peña", "PENA"),
            ("Zoë Strauß", "ZOE STRAUSS"),
            ("Łukasz Sørensen", "LUKASZ SORENSEN"),
            ("O\u{2019}Brien", "O'BRIEN"),
            ("Smith\u{2013}Jones", "SMITH-JONES"),
        ] {
            assert_eq!(normal(text), sent);
        }
    }

    #[test]
    fn delimiters_and_controls_become_one_space() {
        assert_eq!(normal(" a*b :c~\r\nd^ "), "A B C D");
        assert_eq!(normalize("a|b*c", Delimiters { element: b'|', ..Delimiters::default() }), "A B*C");
        assert_eq!(normal("~"), "");
    }

    #[test]
    fn what_has_no_ascii_form_is_named_and_not_dropped() {
        assert_eq!(normal("李 Li"), "李 LI");
        assert_eq!(unsupported("李 Li"), Some('李'));
        assert_eq!(unsupported("Peña & Sons"), None);
    }

    #[test]
    fn what_is_taken_for_normal_is_normal() {
        for text in ["", "O'BRIEN-SMITH 3", "A B"] {
            assert!(is_normal(text, Delimiters::default()), "{text}");
        }
        for text in [" ", "A ", " A", "A  B", "a", "A*B", "\u{c9}", "A\tB"] {
            assert!(!is_normal(text, Delimiters::default()), "{text}");
        }
    }

    proptest! {
        #[test]
        fn ascii_folds_as_all_text_does(text in "[\\x00-\\x7f]{0,6}") {
            let accented = folded(&format!("{text}é"), Delimiters::default());
            let plain = folded(&format!("{text}e"), Delimiters::default());
            prop_assert_eq!(accented, plain);
        }

        #[test]
        fn what_is_taken_for_normal_folds_to_itself(text in "[ -~é]{0,4}") {
            prop_assert!(!is_normal(&text, Delimiters::default()) || folded(&text, Delimiters::default()) == text);
        }

        #[test]
        fn normal_text_is_normal_already_and_holds_no_delimiter(text in "\\PC{0,40}") {
            let once = normal(&text);
            prop_assert_eq!(normal(&once), once.clone());
            prop_assert!(!once.bytes().any(|b| Delimiters::default().contains(b)));
        }
    }
}
