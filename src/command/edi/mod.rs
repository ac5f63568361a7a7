//! `edi`: X12 files by hand, without a database: read them, check them, compare them, take them apart, make them shareable. Pure work is
//! done in [`crate::edi`]; here files are opened, progress is shown, and lines are printed.
//!
//! Nothing of a file is ever logged. What tells who somebody is stands masked in the output unless `--show-phi` is given.

mod answer;
mod describe;
mod diff;
mod explain;
mod mask;
mod output;
mod split;
mod validate;

#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;

pub use self::explain::FileAndPlace;
use crate::edi::EdiError;
use crate::edi::describe::CodeList;
use crate::reference::{Icd10, carc, claim_status, icd10, place_of_service, plb, subscriber};

/// What `edi` can do.
#[derive(Subcommand)]
pub enum EdiCommand {
    /// Tells what a file says: claims, remittances, acknowledgments
    ///
    /// Names, birth dates, member ids, addresses and free text are masked. With --json one JSON object a line: an envelope, a
    /// transaction set.
    ///
    /// Exit status: 0 described, 2 the file can't be read (from some place on; what came before is described).
    Describe {
        /// The file, or - for standard input
        file: PathBuf,
        /// Show names, birth dates, member ids, addresses and free text
        #[arg(long)]
        show_phi: bool,
    },
    /// Finds what is wrong with a file: envelopes, segments, elements, codes, sums
    ///
    /// Each finding has its place, a stable code and what to do about it; none carries a value of the file.
    ///
    /// Exit status: 0 nothing but notes, 1 warnings or errors, 2 the file can't be read (from some place on).
    Validate {
        /// The file, or - for standard input
        file: PathBuf,
        /// Write the 999 that follows into this new file, for the sender: it repeats the elements at fault unmasked; nothing is overwritten
        #[arg(long = "999", value_name = "FILE")]
        ack: Option<PathBuf>,
    },
    /// Explains a segment: what it is where it stands, to which claim or remittance it belongs, what its codes mean
    ///
    /// With an element, also what may stand there. Numbers count from 1; `validate` and `describe` tell them.
    ///
    /// Exit status: 0 explained, 2 the file can't be read up to there or has no such segment.
    Explain {
        /// File and place; the file may be -
        #[arg(value_name = "FILE:SEGMENT[:ELEMENT[:COMPONENT]]")]
        place: FileAndPlace,
        /// Show names, birth dates, member ids, addresses and free text
        #[arg(long)]
        show_phi: bool,
    },
    /// Compares what two files say: claims by number, remittances by trace number, everything else by control number
    ///
    /// Control numbers, timestamps, delimiters, line ends and the packing of adjustments are no differences. Names, birth dates, member
    /// ids, addresses and free text are compared and masked.
    ///
    /// Exit status: 0 they say the same, 1 they differ, 2 a file can't be read.
    Diff {
        /// The first file, or - for standard input
        a: PathBuf,
        /// The second file
        b: PathBuf,
        /// Count control numbers, timestamps and counts too
        #[arg(long)]
        strict: bool,
        /// Show names, birth dates, member ids, addresses and free text
        #[arg(long)]
        show_phi: bool,
    },
    /// Makes a copy in which nobody can be recognised, and which still reads, validates and balances
    ///
    /// Names, addresses, identifiers, claim numbers and free text are replaced, the same value by the same replacement; dates move, birth
    /// and services of a patient together, so that ages stay. Codes and amounts stay. With the same --key several files fit together; without
    /// one a key is made and forgotten. Not a proof of anonymity: diagnoses and amounts can tell a lot.
    ///
    /// Exit status: 0 done, 2 the file can't be read or the copy can't be written; nothing is ever overwritten.
    Mask {
        /// The file, or - for standard input
        file: PathBuf,
        /// Where the copy goes, instead of standard output
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        /// A file of at least 16 random bytes; keep it secret
        #[arg(long, value_name = "FILE")]
        key: Option<PathBuf>,
    },
    /// Takes a file apart: one transaction set a file, or one claim a file
    ///
    /// Every piece is an interchange of its own with the envelopes and control numbers of the file it is from, and right counts. A claim
    /// of an 835 keeps the payment of the whole remittance: it does not balance, so nothing can post from it.
    ///
    /// Exit status: 0 done, 2 the file can't be read (from some place on) or a piece can't be written; nothing is ever overwritten.
    Split {
        /// The file, or - for standard input
        file: PathBuf,
        /// Where the pieces go; made when it isn't there
        #[arg(long, value_name = "FOLDER")]
        out: PathBuf,
        /// What becomes a piece
        #[arg(long, value_enum, default_value = "set")]
        by: SplitBy,
    },
}

/// What becomes a piece.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub enum SplitBy {
    /// Each transaction set, each TA1
    Set,
    /// Each claim of an 837P or 835; all else by set
    Claim,
}

/// What ended a command before it was done. Exit status 2.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("{file}: {error}")]
    Open { file: String, error: std::io::Error },
    #[error("{file}: {error}")]
    Unreadable { file: String, error: EdiError },
    #[error("the file holds no functional group that a 999 could answer")]
    NothingToAnswer,
    #[error("{file} has no segment {segment}")]
    NoSegment { file: String, segment: u32 },
    #[error("a key has at least {0} bytes; `head -c 32 /dev/urandom > KEY` makes one")]
    Key(usize),
    #[error("writing failed: {0}")]
    Write(#[from] std::io::Error),
}

/// Exit status of a command that found something (`validate`, `diff`).
const FOUND: u8 = 1;

/// Exit status of a command that could not read or write.
const FAILED: u8 = 2;

/// Runs a command; its answers go to standard output, its failure to standard error.
#[must_use]
pub fn run(command: &EdiCommand, json: bool) -> ExitCode {
    let done = match command {
        EdiCommand::Describe { file, show_phi } => describe::run(file, *show_phi, json),
        EdiCommand::Validate { file, ack } => validate::run(file, ack.as_deref(), json),
        EdiCommand::Explain { place, show_phi } => explain::run(place, *show_phi, json),
        EdiCommand::Diff { a, b, strict, show_phi } => diff::run(a, b, *strict, *show_phi, json),
        EdiCommand::Mask { file, out, key } => mask::run(file, out.as_deref(), key.as_deref(), json),
        EdiCommand::Split { file, out, by } => split::run(file, out, *by, json),
    };
    match done {
        Ok(code) => code,
        // `| head` closes the pipe: whoever reads has what they wanted.
        Err(Failure::Write(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::from(FAILED)
        }
    }
}

/// What codes mean, from the tables of [`crate::reference`].
fn meaning(list: CodeList, code: &str) -> Option<&'static str> {
    match list {
        CodeList::Adjustment => carc::label(code),
        CodeList::ProviderAdjustment => Some(plb::lookup(code)).filter(|reason| !reason.code.is_empty()).map(|reason| reason.label),
        CodeList::Remark => carc::remark_label(code),
        CodeList::Place => code.parse().ok().and_then(place_of_service::label),
        CodeList::FilingIndicator => subscriber::filing_indicator(code),
        CodeList::StatusCategory => claim_status::category(code).map(|category| category.label),
        CodeList::Status => claim_status::status(code),
        CodeList::Entity => claim_status::entity(code),
        CodeList::Diagnosis => Icd10::parse(code).ok().and_then(|code| icd10::lookup(&code)).map(|entry| entry.label),
    }
}
