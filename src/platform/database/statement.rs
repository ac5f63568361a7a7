//! Statements: every SQL text has a name and stands in one registry, so that a test can run each of them on both engines.

use std::sync::atomic::{AtomicU8, Ordering};

/// Which database runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// SQLite, inside the process.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

impl Engine {
    /// Both, for tests and tools.
    pub const ALL: [Engine; 2] = [Engine::Sqlite, Engine::Postgres];

    /// As a person writes it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Engine::Sqlite => "SQLite",
            Engine::Postgres => "PostgreSQL",
        }
    }
}

/// One named SQL text. Most texts serve both engines; the few that differ carry both forms. Declared by [`statements!`](crate::statements).
#[derive(Debug)]
pub struct Statement {
    /// Module and name, for errors and for the registry's test.
    pub name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
    seen: [AtomicU8; 2],
}

const RAN: u8 = 1;
const DECODED: u8 = 2;

impl Statement {
    /// A statement with one text an engine; [`statements!`](crate::statements) calls this.
    #[must_use]
    pub const fn new(name: &'static str, sqlite: &'static str, postgres: &'static str) -> Statement {
        Statement { name, sqlite, postgres, seen: [AtomicU8::new(0), AtomicU8::new(0)] }
    }

    /// The text for an engine.
    #[must_use]
    pub const fn text(&self, engine: Engine) -> &'static str {
        match engine {
            Engine::Sqlite => self.sqlite,
            Engine::Postgres => self.postgres,
        }
    }

    /// Whether the statement gives rows.
    #[must_use]
    pub fn gives_rows(&self) -> bool {
        let text = self.sqlite.trim_start();
        text.starts_with("SELECT") || text.starts_with("WITH") || text.contains("RETURNING")
    }

    /// Whether this process ran the statement on an engine and, if it gives rows, decoded at least one. PREPARE alone would miss that
    /// `CASE … THEN 1` is a 4-byte integer on PostgreSQL.
    #[must_use]
    pub fn proved_on(&self, engine: Engine) -> bool {
        let seen = self.seen[engine as usize].load(Ordering::Relaxed);
        seen & RAN != 0 && (seen & DECODED != 0 || !self.gives_rows())
    }

    pub(super) fn mark(&self, engine: Engine, rows: usize) {
        let seen = RAN | if rows > 0 { DECODED } else { 0 };
        self.seen[engine as usize].fetch_or(seen, Ordering::Relaxed);
    }
}

/// Declares the statements of a `store.rs` and their list `STATEMENTS`:
///
/// ```text
/// statements! {
///     CLAIM_BY_ID = "SELECT … FROM claim WHERE practice_id = $1 AND id = $2";
///     NEXT_JOB = { sqlite: "…", postgres: "… FOR UPDATE SKIP LOCKED" };
/// }
/// ```
#[macro_export]
macro_rules! statements {
    ($($name:ident = $text:tt;)*) => {
        $(pub(crate) static $name: $crate::platform::database::Statement = $crate::statements!(@one $name $text);)*
        /// Every statement of this module, for the registry.
        pub static STATEMENTS: &[&$crate::platform::database::Statement] = &[$(&$name),*];
    };
    (@one $name:ident { sqlite: $sqlite:expr, postgres: $postgres:expr }) => {
        $crate::platform::database::Statement::new(concat!(module_path!(), "::", stringify!($name)), $sqlite, $postgres)
    };
    (@one $name:ident $text:literal) => {
        $crate::platform::database::Statement::new(concat!(module_path!(), "::", stringify!($name)), $text, $text)
    };
}
