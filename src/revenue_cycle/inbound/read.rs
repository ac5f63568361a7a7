//! A first reading of a file: is its envelope whole, and what is in it? Pure.

use std::collections::BTreeSet;

use crate::edi::{EdiError, Event, Finding, Reader, Severity};

/// What a whole and readable file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    /// Kinds of its transactions: `TA1`, `999`, `277`, `835`, and others.
    pub kinds: BTreeSet<String>,
    /// Transaction sets in it.
    pub sets: u32,
}

impl Contents {
    /// The kinds, comma-separated.
    #[must_use]
    pub fn kind_list(&self) -> String {
        self.kinds.iter().map(String::as_str).collect::<Vec<_>>().join(",")
    }
}

/// Why a file can't be read: each fault with its place, no values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// The faults.
    pub faults: Vec<String>,
}

impl std::fmt::Display for Unreadable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.faults.join("; "))
    }
}

/// Faults that are kept with a file; after these many, more of them tell nothing new.
const FAULTS_MAX: usize = 20;

/// Reads the whole envelope: every count and control number must hold before any transaction set has an effect.
pub fn survey(bytes: &[u8]) -> Result<Contents, Unreadable> {
    let mut contents = Contents::default();
    let mut faults = Vec::new();
    let mut reader = Reader::new(bytes);
    loop {
        match reader.next_event() {
            Ok(None) => break,
            Ok(Some(Event::Transaction(set))) => {
                contents.sets += 1;
                contents.kinds.insert(set.kind().to_owned());
            }
            Ok(Some(Event::InterchangeAck(_))) => {
                contents.kinds.insert("TA1".to_owned());
            }
            Ok(Some(Event::Finding(finding))) if finding.severity == Severity::Error => faults.push(sentence(&finding)),
            Ok(Some(_)) => {}
            Err(error) => {
                faults.push(EdiError::to_string(&error));
                break;
            }
        }
    }
    if faults.is_empty() && contents.kinds.is_empty() {
        faults.push("there is no transaction in it".to_owned());
    }
    faults.truncate(FAULTS_MAX);
    if faults.is_empty() { Ok(contents) } else { Err(Unreadable { faults }) }
}

fn sentence(finding: &Finding) -> String {
    format!("{}: {}", finding.position, finding.message)
}
