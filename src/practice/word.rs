//! Words: enums that are one lower-case word in the set-up file and in the database.

/// Why a text is not one of an enum's words. Never repeats the text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be one of: {}", .allowed.join(", "))]
pub struct WordError {
    /// The words that are allowed.
    pub allowed: &'static [&'static str],
}

/// Declares an enum with one word a variant: `Display` and `FromStr` are that word, `ALL` and `WORDS` list them.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
        }
        $crate::practice::word::words_of! { $name { $($variant = $word,)* } }
    )*};
}
pub(crate) use words;

/// Gives the words to an enum that stands elsewhere.
macro_rules! words_of {
    ($($name:ident { $($variant:ident = $word:literal,)* })*) => {$(
        impl $name {
            /// Every value.
            pub const ALL: &'static [$name] = &[$($name::$variant),*];
            /// Every word, in the order of [`Self::ALL`].
            pub const WORDS: &'static [&'static str] = &[$($word),*];

            /// The word for it.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self {
                    $($name::$variant => $word,)*
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.word())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::practice::word::WordError;
            fn from_str(text: &str) -> Result<$name, $crate::practice::word::WordError> {
                $name::ALL
                    .iter()
                    .find(|value| value.word() == text)
                    .copied()
                    .ok_or($crate::practice::word::WordError { allowed: $name::WORDS })
            }
        }
    )*};
}
pub(crate) use words_of;
