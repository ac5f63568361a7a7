//! Where bytes come from and where lines go: files or `-`, a progress bar for large files, colours for terminals.

use std::fs::File;
use std::io::{BufWriter, IsTerminal, Read, Stdout, Write};
use std::path::Path;

use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use super::Failure;
use crate::edi::describe::Palette;
use crate::edi::whole::unwrapped;

/// Files below this are done before a bar could be seen: describing runs at tens of megabytes a second.
const BAR_BYTES_MIN: u64 = 16 << 20;

/// A file being read, and how it is called in messages.
pub(super) struct Input {
    pub(super) source: Box<dyn Read>,
    pub(super) name: String,
    pub(super) progress: ProgressBar,
}

impl Input {
    /// Opens a file; `-` is standard input.
    pub(super) fn open(file: &Path) -> Result<Input, Failure> {
        let name = file.display().to_string();
        if name == "-" {
            let (source, name) = (Box::new(std::io::stdin()), "standard input".to_owned());
            return Ok(Input { source, name, progress: ProgressBar::hidden() });
        }
        let failed = |error| Failure::Open { file: name.clone(), error };
        let opened = File::open(file).map_err(failed)?;
        let length = opened.metadata().map_err(failed)?.len();
        // A bar drawn between lines of an answer on the same terminal would make a mess of both.
        let progress = if length < BAR_BYTES_MIN || std::io::stdout().is_terminal() { ProgressBar::hidden() } else { bar(length) };
        Ok(Input { source: Box::new(progress.wrap_read(opened)), name, progress })
    }
}

impl Input {
    /// All bytes without wrapping, and how the file is called in messages: for what needs to look at a file more than once.
    pub(super) fn read_whole(mut self) -> Result<(String, Vec<u8>), Failure> {
        let mut bytes = Vec::new();
        let read = self.source.read_to_end(&mut bytes);
        self.progress.finish_and_clear();
        match read {
            Ok(_) => Ok((self.name, unwrapped(&bytes).into_owned())),
            Err(error) => Err(Failure::Open { file: self.name, error }),
        }
    }
}

/// Bytes read of all; indicatif draws it on standard error, and only where that is a terminal.
fn bar(length: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{wide_bar} {bytes}/{total_bytes}");
    ProgressBar::new(length).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// Standard output, buffered.
pub(super) struct Output(BufWriter<Stdout>);

impl Output {
    pub(super) fn new() -> Output {
        Output(BufWriter::new(std::io::stdout()))
    }

    /// Text that ends its own lines.
    pub(super) fn text(&mut self, text: &str) -> Result<(), Failure> {
        self.bytes(text.as_bytes())
    }

    /// Bytes as they are.
    pub(super) fn bytes(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        Ok(self.0.write_all(bytes)?)
    }

    /// One JSON object on one line.
    pub(super) fn json(&mut self, value: &impl Serialize) -> Result<(), Failure> {
        serde_json::to_writer(&mut self.0, value).map_err(std::io::Error::from)?;
        self.text("\n")
    }

    /// Everything written so far has left.
    pub(super) fn flush(&mut self) -> Result<(), Failure> {
        Ok(self.0.flush()?)
    }
}

/// Colours where a person looks: on a terminal, unless `NO_COLOR` says otherwise (no-color.org).
pub(super) fn palette() -> Palette {
    let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    if std::io::stdout().is_terminal() && !refused { Palette::COLOUR } else { Palette::PLAIN }
}
