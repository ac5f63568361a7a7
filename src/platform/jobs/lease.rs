//! The lease of a process on its jobs: renewed by a thread of its own over a connection of its own, so that no handler, however long it
//! blocks the runtime, can keep it from being renewed.

use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::Duration;

use crate::args;
use crate::platform::clock::{Clock, Millis};
use crate::platform::database::{Db, DbError};

use super::store;

/// How long a process is believed to live after its last sign. A dead process's jobs wait this long; a live one may lose its jobs when
/// the database keeps it waiting longer, which costs a second run and no more.
pub const LEASE: Duration = Duration::from_secs(5);

/// How often a process gives a sign: four may be lost.
const RENEWAL: Duration = Duration::from_secs(1);

/// A lease under way; dropped, it runs out by itself.
#[derive(Debug)]
pub(super) struct Lease {
    process: String,
    db: Db,
    _stop: Sender<()>,
}

impl Lease {
    /// Takes a lease under a name that was never used before: role, host, process number, and a ULID.
    pub async fn take(db: &Db, role: &'static str) -> Result<Lease, DbError> {
        let process = fresh_name(role);
        renew(db, &process, role).await?;
        let (stop, stopped) = channel();
        let (name, url, key) = (process.clone(), db.url().clone(), db.mac_key().clone());
        let keeper = move || {
            // Short runs end before the first renewal and never open a connection here.
            if stopped.recv_timeout(RENEWAL) != Err(RecvTimeoutError::Timeout) {
                return;
            }
            let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
            let mut own: Option<Db> = None;
            loop {
                let renewed = runtime.block_on(async {
                    if own.is_none() {
                        own = Some(Db::open(&url, key.clone()).await?);
                    }
                    match &own {
                        Some(db) => renew(db, &name, role).await,
                        None => Ok(()),
                    }
                });
                if let Err(error) = renewed {
                    tracing::warn!(process = name, %error, "the lease was not renewed");
                    own = None;
                }
                if stopped.recv_timeout(RENEWAL) != Err(RecvTimeoutError::Timeout) {
                    break;
                }
            }
            if let Some(db) = own {
                runtime.block_on(db.close());
            }
        };
        let spawned = std::thread::Builder::new().name("job lease".to_owned()).spawn(keeper);
        spawned.map_err(|e| DbError::Engine { statement: store::RENEW_LEASE.name, source: sqlx::Error::Io(e) })?;
        Ok(Lease { process, db: db.clone(), _stop: stop })
    }

    /// The name that the lease is for.
    pub fn process(&self) -> &str {
        &self.process
    }

    /// Gives the lease back: what is left under its name may be taken over at once.
    pub async fn give_back(self) -> Result<(), DbError> {
        let mut tx = self.db.begin().await?;
        tx.execute(&store::RETURN_LEASE, args![&self.process]).await?;
        tx.commit().await
    }
}

/// Now, by the clock that leases go by.
pub(super) fn wall() -> Millis {
    Clock::System.now()
}

/// A name for a process or a worker that no other ever had or will have.
pub(super) fn fresh_name(role: &str) -> String {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let host = host.trim();
    format!("{role}-{}-{}-{}", if host.is_empty() { "host" } else { host }, std::process::id(), ulid::Ulid::generate())
}

async fn renew(db: &Db, process: &str, role: &str) -> Result<(), DbError> {
    let until = wall().plus_millis(i64::try_from(LEASE.as_millis()).unwrap_or(i64::MAX));
    let mut tx = db.begin().await?;
    tx.execute(&store::RENEW_LEASE, args![process, role, until]).await?;
    tx.commit().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_never_used_twice_and_tells_role_and_process() {
        let (one, other) = (fresh_name("serve"), fresh_name("serve"));
        assert_ne!(one, other);
        assert!(one.starts_with("serve-") && one.contains(&format!("-{}-", std::process::id())));
    }
}
