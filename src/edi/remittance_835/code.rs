//! Codes as text: qualifiers, reasons, procedures, modifiers. A remittance of ten thousand claims has a million of them, so a code of
//! ordinary length stands in its record and not on the heap; this is most of what makes reading a remittance fast.

use std::borrow::Cow;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A code of any length, as it came. Use it as `&str`; make it with `into()`.
#[derive(Clone)]
pub struct Code(Repr);

/// Bytes that stand in the record: what fits into the size of a `String`. The longest code of the claims cycle, an NDC, has eleven.
const INLINE: usize = 22;

#[derive(Clone)]
enum Repr {
    Short { length: u8, bytes: [u8; INLINE] },
    Long(Box<str>),
}

impl Code {
    /// The code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Repr::Short { length, bytes } => std::str::from_utf8(&bytes[..usize::from(*length)]).unwrap_or_default(),
            Repr::Long(text) => text,
        }
    }
}

impl From<&str> for Code {
    fn from(text: &str) -> Code {
        match u8::try_from(text.len()) {
            Ok(length) if text.len() <= INLINE => {
                let mut bytes = [0; INLINE];
                bytes[..text.len()].copy_from_slice(text.as_bytes());
                Code(Repr::Short { length, bytes })
            }
            _ => Code(Repr::Long(text.into())),
        }
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
        for text in ["", "6R", "99391", "é", &"7".repeat(INLINE), &"7".repeat(INLINE + 1), &"7".repeat(300)] {
            let code = Code::from(text);
            assert_eq!((code.as_str(), code.len()), (text, text.len()));
            assert_eq!(serde_json::from_str::<Code>(&serde_json::to_string(&code).unwrap()).unwrap(), code);
        }
        let mut sorted = ["96", "45", "100"].map(Code::from);
        sorted.sort();
        assert_eq!(sorted, ["100", "45", "96"]);
    }

    #[test]
    fn a_code_is_as_large_as_a_string() {
        assert_eq!(size_of::<Code>(), size_of::<String>());
    }
}
