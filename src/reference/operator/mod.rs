//! The operator's licensed and downloaded code files: which kinds there are, what each file looks like ([`form`]), how one is read
//! ([`read`]), and what may be asked of the loaded ones ([`OperatorTables`]).
//!
//! Not one of these files ships with the program (CPT belongs to the AMA, the texts of CARC and RARC to X12, the taxonomy list to the
//! NUCC; the NCCI files carry AMA text). Where nothing is loaded, nothing is known, and an edit that asks stays silent.
//!
//! Files have editions. An edition holds from a first day on, until the next of its kind begins; code lists end with a last day too.
//! **A list can refuse a code only within its days**: a code that is unknown on a later day may be new.

pub mod form;
pub mod read;
mod tables;

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

use super::codes::ProcedureCode;

pub use tables::{CodeStatus, Indicator, LimitPer, NcciTable, OperatorTables, PairRule, UnitLimit};

/// Declares the kinds: variant, word, shape, what it is.
macro_rules! kinds {
    ($($variant:ident $word:literal $shape:ident $says:literal;)*) => {
        /// A kind of file that an operator loads.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind {
            $(#[doc = $says] $variant,)*
        }

        impl Kind {
            /// Every kind.
            pub const ALL: &'static [Kind] = &[$(Kind::$variant),*];

            /// The word of the command line and of the database.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Kind::$variant => $word,)* }
            }

            /// What rows of the kind say.
            #[must_use]
            pub fn shape(self) -> Shape {
                match self { $(Kind::$variant => Shape::$shape,)* }
            }

            /// What it is and where an operator gets it.
            #[must_use]
            pub fn says(self) -> &'static str {
                match self { $(Kind::$variant => $says,)* }
            }
        }
    };
}

kinds! {
    Cpt             "cpt"               Codes  "CPT codes, licensed from the AMA; labels are optional and shown to nobody but the licensee's users.";
    Hcpcs           "hcpcs"             Codes  "HCPCS level II codes, published by CMS every quarter.";
    Icd10cm         "icd10cm"           Codes  "ICD-10-CM, the order file that CMS publishes for each fiscal year.";
    Carc            "carc"              Texts  "Texts of claim adjustment reason codes, licensed from X12.";
    Rarc            "rarc"              Texts  "Texts of remittance advice remark codes, licensed from X12.";
    Taxonomy        "taxonomy"          Texts  "The provider taxonomy of the NUCC, published twice a year.";
    PtpMedicaid     "ptp_medicaid"      Pairs  "NCCI procedure-to-procedure edits for practitioners, Medicaid, quarterly from CMS.";
    PtpMedicare     "ptp_medicare"      Pairs  "NCCI procedure-to-procedure edits for practitioners, Medicare, quarterly from CMS, in several files.";
    MueMedicaid     "mue_medicaid"      Limits "NCCI medically unlikely edits for practitioners, Medicaid, quarterly from CMS.";
    MueMedicare     "mue_medicare"      Limits "NCCI medically unlikely edits for practitioners, Medicare, quarterly from CMS.";
}

/// What a row says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A code exists on days. A list of codes can refuse one, and so has a last day.
    Codes,
    /// A code has a text.
    Texts,
    /// One code does not stand beside another.
    Pairs,
    /// A code has a limit of units.
    Limits,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// A word that names no kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a kind of reference file; the kinds are {}", Kind::ALL.iter().map(|kind| kind.word()).collect::<Vec<_>>().join(", "))]
pub struct UnknownKind;

impl FromStr for Kind {
    type Err = UnknownKind;
    fn from_str(text: &str) -> Result<Kind, UnknownKind> {
        Kind::ALL.iter().copied().find(|kind| kind.word() == text).ok_or(UnknownKind)
    }
}

/// The days of an edition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Period {
    /// First date of service.
    pub from: Date,
    /// Last date of service for which the edition is complete; none for kinds that refuse nothing.
    pub to: Option<Date>,
}

/// One row of a file, read and checked.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Row {
    /// A code exists.
    Code {
        /// The code, in its one written form.
        code: String,
        /// Whether it may be billed: a category of ICD-10-CM may not.
        billable: bool,
        /// Its text, where the file has one.
        label: Option<String>,
        /// First day on which it may be used, where the file says.
        from: Option<Date>,
        /// Last day on which it may be used, where the file says.
        to: Option<Date>,
    },
    /// `column2` is part of `column1`.
    Pair {
        /// The code that is paid.
        column1: ProcedureCode,
        /// The code that is not paid beside it.
        column2: ProcedureCode,
        /// Whether a modifier may say that they were separate.
        indicator: Indicator,
        /// First day of the pair.
        from: Date,
        /// Last day of the pair.
        to: Option<Date>,
    },
    /// A limit of units.
    Limit {
        /// The code.
        code: ProcedureCode,
        /// The most units.
        units: u32,
        /// On one line, or on one day.
        per: LimitPer,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_found_by_its_word() {
        for kind in Kind::ALL {
            assert_eq!(kind.word().parse(), Ok(*kind));
        }
        assert_eq!("cpt4".parse::<Kind>(), Err(UnknownKind));
    }
}
