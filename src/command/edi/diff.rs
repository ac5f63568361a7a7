//! `edi diff`: what two files say differently.

use std::path::Path;
use std::process::ExitCode;

use indicatif::ProgressBar;

use super::output::{Input, Output, palette};
use super::{FOUND, Failure};
use crate::edi::describe::Palette;
use crate::edi::diff::{Difference, Side, Strictness, diff};

/// Compares two files.
pub(super) fn run(a: &Path, b: &Path, strict: bool, show_phi: bool, json: bool) -> Result<ExitCode, Failure> {
    let ((a_name, a), (b_name, b)) = (read(a)?, read(b)?);
    let differences = diff(&a, &b, if strict { Strictness::Strict } else { Strictness::Meaning }, show_phi);
    let (mut output, palette) = (Output::beside(&ProgressBar::hidden()), palette());
    for difference in &differences {
        if json {
            output.json(difference)?;
        } else {
            output.text(&line(difference, [&a_name, &b_name], &palette))?;
        }
    }
    if !json {
        output.text(&match differences.len() {
            0 => "no differences\n".to_owned(),
            1 => "1 difference\n".to_owned(),
            count => format!("{count} differences\n"),
        })?;
    }
    output.flush()?;
    Ok(if differences.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(FOUND) })
}

/// How a file is called in messages, and the file.
fn read(file: &Path) -> Result<(String, Side), Failure> {
    let Input { source, name, .. } = Input::open(file)?;
    match Side::read(source) {
        Ok(side) => Ok((name, side)),
        Err(error) => Err(Failure::Unreadable { file: name, error }),
    }
}

/// `claim C1, line 2: service charge (SV102) 35.00 → 40.00  [segments 41, 41]`.
fn line(difference: &Difference, files: [&str; 2], palette: &Palette) -> String {
    let Difference { path, what, place, a, b, a_segment, b_segment } = difference;
    let subject = if what.is_empty() { String::new() } else { format!(" {what} ({place})") };
    let said = |text: &str, look: &str| if look.is_empty() { text.to_owned() } else { format!("{look}{text}{}", palette.end) };
    let or_empty = |text: &str| if text.is_empty() { "(empty)".to_owned() } else { text.to_owned() };
    let change = match (a, b) {
        (Some(a), Some(b)) => format!("{} → {}", said(&or_empty(a), palette.bad), said(&or_empty(b), palette.good)),
        (Some(a), None) => only(a, &said(&format!("only in {}", files[0]), palette.bad)),
        (None, Some(b)) if a_segment.is_some() => format!("(empty) → {}", said(b, palette.good)),
        (None, Some(b)) => only(b, &said(&format!("only in {}", files[1]), palette.good)),
        (None, None) => String::new(),
    };
    let numbers: Vec<String> = [a_segment, b_segment].into_iter().flatten().map(u32::to_string).collect();
    let place = if palette.faint.is_empty() { String::new() } else { palette.faint.to_owned() };
    format!("{path}:{subject} {change}  {place}[segment {}]{}\n", numbers.join(", "), palette.end)
}

/// A whole segment or record that one file has.
fn only(value: &str, file: &str) -> String {
    if value.is_empty() { file.to_owned() } else { format!("{value} {file}") }
}
