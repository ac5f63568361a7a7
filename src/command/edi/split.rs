//! `edi split`: the pieces of a file into a folder.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use serde::Serialize;

use super::output::{Input, Output};
use super::{Failure, SplitBy};
use crate::edi::split::{By, split};

/// A line of the JSON answer.
#[derive(Serialize)]
struct Line<'a> {
    file: &'a str,
    bytes: usize,
}

/// Splits a file.
pub(super) fn run(file: &Path, out: &Path, by: SplitBy, json: bool) -> Result<ExitCode, Failure> {
    let by = match by {
        SplitBy::Set => By::Set,
        SplitBy::Claim => By::Claim,
    };
    let Input { source, name, progress } = Input::open(file)?;
    let mut output = Output::beside(&progress);
    let failed = |path: &Path| {
        let file = path.display().to_string();
        move |error| Failure::Open { file, error }
    };
    std::fs::create_dir_all(out).map_err(failed(out))?;
    for piece in split(source, by) {
        let piece = match piece {
            Ok(piece) => piece,
            Err(error) => {
                output.flush()?;
                return Err(Failure::Unreadable { file: name, error });
            }
        };
        let path = out.join(&piece.name);
        // `create_new`: what is there already stays as it is.
        let mut written = File::create_new(&path).map_err(failed(&path))?;
        written.write_all(&piece.bytes).map_err(failed(&path))?;
        if json {
            output.json(&Line { file: &piece.name, bytes: piece.bytes.len() })?;
        } else {
            output.text(&format!("{}\n", path.display()))?;
        }
    }
    output.flush()?;
    Ok(ExitCode::SUCCESS)
}
