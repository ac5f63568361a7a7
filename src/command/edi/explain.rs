//! `edi explain`: one segment, or one element of it.

use std::io::Read;
use std::path::PathBuf;
use std::process::ExitCode;

use super::output::{Input, Output, palette};
use super::{Failure, meaning};
use crate::edi::EdiError;
use crate::edi::describe::{Describer, Section, to_text};
use crate::edi::explain::{Place, PlaceError, explain, explain_envelope};
use crate::edi::roundtrip::Pieces;

/// A file and a place in it: `claims.edi:24:5`.
#[derive(Clone, Debug)]
pub struct FileAndPlace {
    file: PathBuf,
    place: Place,
}

/// Numbers that a place has at most.
const NUMBERS_MAX: usize = 3;

impl std::str::FromStr for FileAndPlace {
    type Err = PlaceError;

    /// The numbers at the end are the place, so that a file's name may have colons.
    fn from_str(text: &str) -> Result<FileAndPlace, PlaceError> {
        let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let parts: Vec<&str> = text.split(':').collect();
        let numbers = parts.iter().skip(1).rev().take(NUMBERS_MAX).take_while(|part| is_number(part)).count();
        let (file, place) = parts.split_at(parts.len() - numbers);
        Ok(FileAndPlace { file: PathBuf::from(file.join(":")), place: place.join(":").parse()? })
    }
}

/// Explains a place.
pub(super) fn run(wanted: &FileAndPlace, show_phi: bool, json: bool) -> Result<ExitCode, Failure> {
    let describer = Describer { meanings: &meaning, show_phi };
    let Input { source, name, progress } = Input::open(&wanted.file)?;
    let found = find(source, wanted.place, &describer);
    let section = match found {
        Ok(Some(section)) => section,
        Ok(None) => return Err(Failure::NoSegment { file: name, segment: wanted.place.segment }),
        Err(error) => return Err(Failure::Unreadable { file: name, error }),
    };
    let mut output = Output::beside(&progress);
    if json {
        output.json(&section)?;
    } else {
        output.text(&to_text(&section, &palette()))?;
    }
    output.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// The explanation of a place; none when the file doesn't hold it. Reads no further than it must.
fn find(source: impl Read, place: Place, describer: &Describer<'_>) -> Result<Option<Section>, EdiError> {
    for piece in Pieces::unwrapped(source) {
        let envelope = piece.envelope().filter(|segment| segment.number() == place.segment);
        let found = match envelope {
            Some(segment) => Some(explain_envelope(segment, place, describer)),
            None => piece.events.iter().find_map(|event| explain(event, place, describer)),
        };
        if found.is_some() {
            return Ok(found);
        }
        if let Some(error) = piece.error {
            return Err(error);
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_at_the_end_are_the_place() {
        let parsed = |text: &str| text.parse::<FileAndPlace>().map(|wanted| (wanted.file.display().to_string(), wanted.place));
        let place = |segment, element, component| Place { segment, element, component };
        assert_eq!(parsed("a.edi:24").unwrap(), ("a.edi".to_owned(), place(24, None, None)));
        assert_eq!(parsed("C:\\a.edi:24:5").unwrap(), ("C:\\a.edi".to_owned(), place(24, Some(5), None)));
        assert_eq!(parsed("-:24:5:1").unwrap(), ("-".to_owned(), place(24, Some(5), Some(1))));
        assert_eq!(parsed("1:2").unwrap(), ("1".to_owned(), place(2, None, None)));
        for wrong in ["a.edi", "a.edi:", "a.edi:0", "a.edi:x", "7"] {
            assert!(parsed(wrong).is_err(), "{wrong}");
        }
    }
}
