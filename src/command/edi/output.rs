//! Where bytes come from and where lines go: files or `-`, a progress bar for large files, colours for terminals.

use std::fs::File;
use std::io::{IsTerminal, Read, Stdout, Write};
use std::path::Path;

use indicatif::{ProgressBar, ProgressFinish, ProgressStyle};
use serde::Serialize;

use super::Failure;
use crate::edi::describe::Palette;

/// Files below this are done before a bar could be seen: describing runs at tens of megabytes a second.
const BAR_BYTES_MIN: u64 = 16 << 20;

/// How much of an answer is held back: few system calls, and a bar that is not drawn anew for each line.
const HELD_BYTES: usize = 64 << 10;

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
        let progress = if length < BAR_BYTES_MIN { ProgressBar::hidden() } else { bar(length) };
        Ok(Input { source: Box::new(progress.wrap_read(opened)), name, progress })
    }
}

/// Bytes read of all; indicatif draws it on standard error, and only where that is a terminal. It goes when nobody holds it any more.
fn bar(length: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{wide_bar} {bytes}/{total_bytes}");
    ProgressBar::new(length).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar())).with_finish(ProgressFinish::AndClear)
}

/// Standard output, buffered. A bar on the same terminal makes way for it.
pub(super) struct Output {
    out: Stdout,
    held: Vec<u8>,
    progress: ProgressBar,
}

impl Output {
    pub(super) fn beside(progress: &ProgressBar) -> Output {
        Output { out: std::io::stdout(), held: Vec::new(), progress: progress.clone() }
    }

    /// Text that ends its own lines.
    pub(super) fn text(&mut self, text: &str) -> Result<(), Failure> {
        self.bytes(text.as_bytes())
    }

    /// Bytes as they are.
    pub(super) fn bytes(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.held.extend_from_slice(bytes);
        if self.held.len() < HELD_BYTES { Ok(()) } else { self.flush() }
    }

    /// One JSON object on one line.
    pub(super) fn json(&mut self, value: &impl Serialize) -> Result<(), Failure> {
        serde_json::to_writer(&mut self.held, value).map_err(std::io::Error::from)?;
        self.text("\n")
    }

    /// Everything written so far has left.
    pub(super) fn flush(&mut self) -> Result<(), Failure> {
        let held = std::mem::take(&mut self.held);
        Ok(self.progress.suspend(|| self.out.write_all(&held).and_then(|()| self.out.flush()))?)
    }
}

/// Colours where a person looks: on a terminal, unless `NO_COLOR` says otherwise (no-color.org).
pub(super) fn palette() -> Palette {
    let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    if std::io::stdout().is_terminal() && !refused { Palette::COLOUR } else { Palette::PLAIN }
}
