//! Short texts: qualifiers, reasons, procedures, modifiers, names, numbers. A remittance of ten thousand claims has a million of them, so
//! what is of ordinary length stands in its record and not on the heap; this is much of what makes reading a remittance fast.

use std::borrow::Cow;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::edi::charset;
use crate::platform::phi::Phi;

/// A code or another short text, of any length, as it came. Use it as `&str`; make it with `into()`.
#[derive(Clone)]
pub struct Code(Repr);

/// Bytes that stand in the record: with their length, what fits into the size of a `String`. The longest code of the claims cycle, an
/// NDC, has eleven; claim numbers of payers and names of persons are seldom longer than this.
const INLINE: usize = 16;

#[derive(Clone)]
enum Repr {
    Short { length: u8, bytes: Words },
    Long(Box<str>),
}

/// Bytes that are read and written as two words.
#[derive(Clone, Copy)]
#[repr(align(8))]
struct Words([u8; INLINE]);

impl Code {
    /// The code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Repr::Short { length, bytes } => std::str::from_utf8(&bytes.0[..usize::from(*length)]).unwrap_or_default(),
            Repr::Long(text) => text,
        }
    }
}

impl Code {
    /// The bytes of an element, in the characters of [`charset::decode`].
    #[must_use]
    #[inline]
    pub fn decode(bytes: &[u8]) -> Code {
        match words(bytes) {
            // Nearly always; and what is ASCII needs no further look.
            Some(words) if words & HIGH == 0 => Code::short(words, bytes.len()),
            _ => Code::from(&*charset::decode(bytes)),
        }
    }

    #[inline]
    fn short(words: u128, length: usize) -> Code {
        Code(Repr::Short { length: length as u8, bytes: Words(words.to_le_bytes()) })
    }
}

/// The highest bit of each byte.
const HIGH: u128 = u128::from_le_bytes([0x80; INLINE]);

/// A short text as two words; none when it is too long. Taken from both ends in whole words that overlap: a code has a few bytes, and a
/// copy of any length costs more than everything else about it.
#[inline]
fn words(text: &[u8]) -> Option<u128> {
    let length = text.len();
    if length > INLINE {
        return None;
    }
    let at = |byte: usize, last: usize| 8 * (byte - last) as u32;
    Some(if let (Some(first), Some(last)) = (text.first_chunk(), text.last_chunk()) {
        u128::from(u64::from_le_bytes(*first)) | u128::from(u64::from_le_bytes(*last)) << at(length, 8)
    } else if let (Some(first), Some(last)) = (text.first_chunk(), text.last_chunk()) {
        u128::from(u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << at(length, 4))
    } else if let (Some(first), Some(last)) = (text.first(), text.last()) {
        u128::from(u32::from(*first) | u32::from(text[length / 2]) << at(length / 2, 0) | u32::from(*last) << at(length, 1))
    } else {
        0
    })
}

impl From<&str> for Code {
    fn from(text: &str) -> Code {
        words(text.as_bytes()).map_or_else(|| Code(Repr::Long(text.into())), |words| Code::short(words, text.len()))
    }
}

impl From<&str> for Phi<Code> {
    fn from(text: &str) -> Phi<Code> {
        Phi::new(text.into())
    }
}

impl From<Phi<String>> for Phi<Code> {
    fn from(text: Phi<String>) -> Phi<Code> {
        text.into_inner().into()
    }
}

impl From<String> for Phi<Code> {
    fn from(text: String) -> Phi<Code> {
        Phi::new(text.into())
    }
}

impl From<String> for Code {
    fn from(text: String) -> Code {
        Code::from(text.as_str())
    }
}

impl Default for Code {
    fn default() -> Code {
        Code::from("")
    }
}

impl Deref for Code {
    type Target = str;
    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl AsRef<str> for Code {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl PartialEq for Code {
    fn eq(&self, other: &Code) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Code {}

impl PartialEq<str> for Code {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Code {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl PartialOrd for Code {
    fn partial_cmp(&self, other: &Code) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Code {
    fn cmp(&self, other: &Code) -> std::cmp::Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl Hash for Code {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Code, D::Error> {
        Cow::<'de, str>::deserialize(deserializer).map(|text| Code::from(text.as_ref()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_keeps_its_text_whatever_its_length() {
        let long = "é".repeat(150);
        for length in (0..INLINE + 3).chain([300]) {
            let text = &"ABCDEFGHIJKLMNOPQRSTUVWXYZ"[..length.min(26)].repeat(length / 26 + 1);
            assert_eq!((Code::from(text.as_str()).as_str(), Code::decode(text.as_bytes()).as_str()), (text.as_str(), text.as_str()));
        }
        for text in ["", "6R", "99391", "é", "PEÑA", &long] {
            let code = Code::from(text);
            assert_eq!(Code::decode(text.as_bytes()), code);
            assert_eq!((code.as_str(), code.len()), (text, text.len()));
            assert_eq!(serde_json::from_str::<Code>(&serde_json::to_string(&code).unwrap()).unwrap(), code);
        }
        let mut sorted = ["96", "45", "100"].map(Code::from);
        sorted.sort();
        assert_eq!(sorted, ["100", "45", "96"]);
    }

    #[test]
    fn a_code_is_as_large_as_a_string() {
        assert_eq!((size_of::<Code>(), size_of::<Option<Code>>()), (size_of::<String>(), size_of::<String>()));
    }
}
