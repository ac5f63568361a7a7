//! What the suite's tests stand on: a database of their own on either engine, a practice with a clock, and visits to take in.

mod practice;
pub mod sql;
pub mod visits;
mod world;

use pediclaim::platform::audit::MacKey;
use pediclaim::platform::database::{DatabaseUrl, Db, Engine};
use tempfile::TempDir;

pub use crate::postgres::{drop_database, fresh_database};

pub use practice::{TESTER, TestPractice};
pub use world::World;

/// A database that goes when the test ends.
pub struct Database {
    /// The folder of an SQLite file, and of whatever else a test writes.
    folder: TempDir,
    postgres: Option<String>,
}

impl Drop for Database {
    fn drop(&mut self) {
        let Some(url) = self.postgres.take() else { return };
        // A runtime may be dropping us: dropping the database gets one of its own.
        let dropping = std::thread::spawn(move || runtime().block_on(drop_database(&url)));
        assert!(dropping.join().is_ok() || std::thread::panicking(), "the test's database could not be dropped");
    }
}

/// A fresh database with its schema; none, said on standard error, when there is no PostgreSQL to make it in.
pub async fn open(engine: Engine) -> Option<(Db, Database)> {
    let folder = tempfile::tempdir().unwrap();
    let (url, postgres) = match engine {
        Engine::Sqlite => (DatabaseUrl::sqlite(&folder.path().join("test.db")), None),
        Engine::Postgres => {
            let url = fresh_database().await?;
            (DatabaseUrl::parse(&url).unwrap(), Some(url))
        }
    };
    let database = Database { folder, postgres };
    let db = Db::open(&url, MacKey::from_bytes([7; 32])).await.unwrap();
    Some((db, database))
}

/// A runtime for one test.
pub fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap()
}

/// Plays a test on one engine: makes the practice, runs the body, and proves what must hold of every practice at rest.
pub fn play(engine: Engine, world: World, body: impl AsyncFnOnce(&TestPractice)) {
    runtime().block_on(async {
        let Some(practice) = TestPractice::open(engine, world).await else { return };
        body(&practice).await;
        practice.finish().await;
    });
}

/// Declares tests that run on both engines, each in the [`World`] that it names.
///
/// ```ignore
/// both_engines! {
///     async fn a_paid_visit_is_money(practice in World::paying()) { … }
/// }
/// ```
macro_rules! both_engines {
    ($($(#[$meta:meta])* async fn $name:ident($practice:ident in $world:expr) $body:block)*) => {
        $($(#[$meta])* async fn $name($practice: &$crate::support::TestPractice) $body)*
        both_engines!(@module sqlite Sqlite $($name $world;)*);
        both_engines!(@module postgres Postgres $($name $world;)*);
    };
    (@module $module:ident $engine:ident $($name:ident $world:expr;)*) => {
        mod $module {
            #[allow(unused_imports)]
            use super::*;
            $(
                #[test]
                fn $name() {
                    $crate::support::play(pediclaim::platform::database::Engine::$engine, $world, super::$name);
                }
            )*
        }
    };
}
