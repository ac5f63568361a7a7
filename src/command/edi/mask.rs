//! `edi mask`: a copy in which nobody can be recognised.

use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::Path;
use std::process::ExitCode;

use hmac::{Hmac, KeyInit, Mac};
use serde::Serialize;
use sha2::Sha256;

use super::Failure;
use super::output::{Input, Output};
use crate::edi::mask::{Keyed, Masked, mask};

/// Fewest bytes of a key: what can't be guessed.
const KEY_BYTES_MIN: usize = 16;

/// Bytes of a key that is made for one run.
const KEY_BYTES: usize = 32;

/// The JSON answer.
#[derive(Serialize)]
struct Summary<'a> {
    file: &'a str,
    bytes: u64,
    replaced: u64,
}

/// Masks a file to standard output or to a new file.
pub(super) fn run(file: &Path, out: Option<&Path>, key: Option<&Path>, json: bool) -> Result<ExitCode, Failure> {
    let key = match key {
        Some(path) => load(path)?,
        None => random()?,
    };
    let mac = Hmac::<Sha256>::new_from_slice(&key).map_err(|_| Failure::Key(KEY_BYTES_MIN))?;
    // The length in between keeps domain and value apart.
    let keyed = |domain: &str, value: &[u8]| -> [u8; 32] {
        let signed = mac.clone().chain_update(domain.len().to_le_bytes()).chain_update(domain).chain_update(value);
        signed.finalize().into_bytes().into()
    };
    let input = Input::open(file)?;
    let mut output = Output::beside(&input.progress);
    let Some(path) = out else {
        let copied = copy(input, &keyed, |bytes| output.bytes(bytes));
        output.flush()?;
        return copied.map(|_| ExitCode::SUCCESS);
    };
    let failed = |error| Failure::Open { file: path.display().to_string(), error };
    let mut new = BufWriter::new(File::create_new(path).map_err(failed)?);
    let copied = copy(input, &keyed, |bytes| new.write_all(bytes).map_err(failed));
    // Half a copy could be taken for a whole one.
    let copied =
        copied.and_then(|copied| new.flush().map_err(failed).map(|()| copied)).inspect_err(|_| drop(std::fs::remove_file(path)))?;
    let summary = Summary { file: &path.display().to_string(), bytes: copied.bytes, replaced: copied.replaced };
    if json {
        output.json(&summary)?;
    } else {
        output.text(&format!("{}: {} values replaced\n", summary.file, summary.replaced))?;
    }
    output.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// What was copied.
#[derive(Default)]
struct Copied {
    bytes: u64,
    replaced: u64,
}

/// Hands the masked file on, a transaction set at a time.
fn copy(input: Input, keyed: &Keyed<'_>, mut write: impl FnMut(&[u8]) -> Result<(), Failure>) -> Result<Copied, Failure> {
    let mut copied = Copied::default();
    for masked in mask(input.source, keyed) {
        let Masked { bytes, replaced } = match masked {
            Ok(masked) => masked,
            Err(error) => return Err(Failure::Unreadable { file: input.name, error }),
        };
        write(&bytes)?;
        copied.bytes += bytes.len() as u64;
        copied.replaced += replaced;
    }
    Ok(copied)
}

fn load(path: &Path) -> Result<Vec<u8>, Failure> {
    let key = std::fs::read(path).map_err(|error| Failure::Open { file: path.display().to_string(), error })?;
    if key.len() < KEY_BYTES_MIN { Err(Failure::Key(KEY_BYTES_MIN)) } else { Ok(key) }
}

/// A key that nobody keeps.
fn random() -> Result<Vec<u8>, Failure> {
    let mut key = vec![0; KEY_BYTES];
    let source = "/dev/urandom";
    let failed = |error| Failure::Open { file: source.to_owned(), error };
    File::open(source).and_then(|mut source| source.read_exact(&mut key)).map_err(failed)?;
    Ok(key)
}
