//! What the program says about itself: events on standard error, for people or as JSON, never with PHI.
//!
//! Values that tell who a child is are [`Phi`](crate::platform::phi::Phi), which prints as a mask. What is left is a panic's message, which
//! may quote the data it tripped over: the panic hook tells the place, and the message only when it is a literal in our source.

use std::io::{IsTerminal as _, Write};
use std::panic::PanicHookInfo;
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use tracing::Subscriber;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

/// Events that are shown unless the configuration says otherwise: our own, and of the libraries what went wrong.
pub const DEFAULT_FILTER: &str = "warn,pediclaim=info";

/// How an event is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// A line for a person, in colour on a terminal.
    #[default]
    Human,
    /// A JSON object a line, for a log collector.
    Json,
}

/// Why telemetry could not begin.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The filter is not a list of `target=level`.
    #[error("the log filter: {0}")]
    Filter(#[from] tracing_subscriber::filter::ParseError),
    /// This process's events already go somewhere.
    #[error("telemetry has begun already")]
    Twice(#[from] tracing::subscriber::SetGlobalDefaultError),
}

/// Sends this process's events to standard error, and panics with them. `filter` is a list of `target=level`, as in [`DEFAULT_FILTER`].
pub fn init(format: Format, filter: &str) -> Result<(), TelemetryError> {
    tracing::subscriber::set_global_default(subscriber(format, filter, std::io::stderr, std::io::stderr().is_terminal())?)?;
    std::panic::set_hook(Box::new(report_panic));
    Ok(())
}

/// A subscriber that writes events to `writer`: [`init`] with another destination, for a test that reads what would be logged.
pub fn subscriber<W>(format: Format, filter: &str, writer: W, ansi: bool) -> Result<Box<dyn Subscriber + Send + Sync>, TelemetryError>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let filter = EnvFilter::builder().parse(filter)?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(writer).with_ansi(ansi);
    Ok(match format {
        Format::Human => Box::new(builder.finish()),
        Format::Json => Box::new(builder.json().flatten_event(true).finish()),
    })
}

fn report_panic(panic: &PanicHookInfo<'_>) {
    // A literal message has this type; one that was formatted, from whatever data, is a String.
    let message = panic.payload().downcast_ref::<&'static str>().copied().unwrap_or("(the message is withheld)");
    let place = panic.location().map(ToString::to_string);
    tracing::error!(place, message, "panicked");
}

/// A writer that keeps what is written. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Capture(Arc<Mutex<Vec<u8>>>);

impl Capture {
    /// What was written so far.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }
}

impl Write for Capture {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Capture {
    type Writer = Capture;

    fn make_writer(&self) -> Capture {
        self.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::phi::Phi;

    fn logged(format: Format, filter: &str, body: impl FnOnce()) -> String {
        let capture = Capture::default();
        tracing::subscriber::with_default(subscriber(format, filter, capture.clone(), false).unwrap(), body);
        capture.text()
    }

    #[test]
    fn no_dependency_compiles_our_events_away() {
        assert_eq!(tracing::level_filters::STATIC_MAX_LEVEL, tracing::level_filters::LevelFilter::TRACE);
    }

    #[test]
    fn our_information_is_shown_and_a_librarys_is_not() {
        let text = logged(Format::Human, DEFAULT_FILTER, || {
            tracing::info!(target: "pediclaim::submission", "ours");
            tracing::info!(target: "apalis_core", "theirs");
            tracing::warn!(target: "apalis_core", "their trouble");
        });
        assert!(text.contains("ours") && text.contains("their trouble") && !text.contains("theirs"), "{text}");
    }

    #[test]
    fn a_json_event_is_one_object_with_its_fields() {
        let text = logged(Format::Json, "info", || tracing::info!(claim = 7, "sent"));
        let event: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!((&event["claim"], &event["message"]), (&serde_json::json!(7), &serde_json::json!("sent")));
    }

    #[test]
    fn an_event_shows_a_mask_for_a_name() {
        let name: Phi<String> = Phi::from("Shepard");
        let text = logged(Format::Json, "info", || tracing::info!(?name, %name, "read"));
        assert!(text.contains(crate::platform::phi::MASK) && !text.contains("Shepard"), "{text}");
    }

    #[test]
    fn a_panic_tells_its_place_and_no_data() {
        let text = logged(Format::Human, "info", || {
            std::panic::set_hook(Box::new(report_panic));
            let quoted = std::panic::catch_unwind(|| panic!("member {}", std::hint::black_box("W123")));
            let literal = std::panic::catch_unwind(|| panic!("expected by the test"));
            drop(std::panic::take_hook());
            assert!(quoted.is_err() && literal.is_err());
        });
        assert!(text.contains("telemetry.rs") && text.contains("expected by the test") && !text.contains("W123"), "{text}");
    }

    #[test]
    fn a_filter_that_is_none_is_refused() {
        assert!(matches!(subscriber(Format::Human, "pediclaim=loud", Capture::default(), false), Err(TelemetryError::Filter(_))));
    }
}
