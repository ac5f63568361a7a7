//! Code lists as enums that never lose a code.

/// Declares an enum over X12 codes. Each variant has its code; `Other` carries what this version doesn't know, so that reading and
/// writing it again changes nothing. Converts from `&str`, to text by `as_str`, and to a JSON string.
macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $code:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
            /// A code that this version doesn't know.
            Other(String),
        }

        impl $name {
            /// The code as X12 writes it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $($name::$variant => $code,)*
                    $name::Other(code) => code,
                }
            }
        }

        impl From<&str> for $name {
            fn from(code: &str) -> $name {
                match code {
                    $($code => $name::$variant,)*
                    other => $name::Other(other.to_owned()),
                }
            }
        }

        impl $name {
            /// The code from the bytes of an element.
            #[must_use]
            #[inline]
            pub fn decode(bytes: &[u8]) -> $name {
                match bytes {
                    $(bytes if bytes == $code.as_bytes() => $name::$variant,)*
                    other => $name::Other($crate::edi::charset::decode(other).into_owned()),
                }
            }
        }

        impl From<String> for $name {
            fn from(code: String) -> $name {
                $name::from(code.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<$name, D::Error> {
                <String as serde::Deserialize>::deserialize(deserializer).map($name::from)
            }
        }
    )*};
}

pub(crate) use codes;

#[cfg(test)]
mod tests {
    codes! {
        /// A sample.
        Sample {
            /// The one code it knows.
            Known = "K1",
        }
    }

    #[test]
    fn an_unknown_code_survives_text_and_json() {
        assert_eq!((Sample::from("K1"), Sample::decode(b"K1")), (Sample::Known, Sample::Known));
        assert_eq!(Sample::decode(b"K\xe9"), Sample::from("K\u{e9}"));
        let odd = Sample::from("Z9");
        assert_eq!(odd.as_str(), "Z9");
        let json = serde_json::to_string(&[Sample::Known, odd.clone()]).unwrap();
        assert_eq!(json, r#"["K1","Z9"]"#);
        assert_eq!(serde_json::from_str::<Vec<Sample>>(&json).unwrap(), [Sample::Known, odd]);
    }
}
