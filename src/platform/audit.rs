//! Every act has an actor and leaves a trace; what was changed behind our back is found.
//!
//! Append-only rows (events, journals) carry a MAC under a key that is kept outside the database. Rows belong to an *epoch*; the head of an
//! epoch holds their count and the sum of their MACs, word by word (a sum needs no order, so that writers never queue for more than one
//! row at commit). A periodic *seal* signs the head together with the seal before it and ends the epoch. `verify` recomputes all of it:
//! a changed row fails its MAC, a removed or added row fails the count or the sum, a changed head fails its seal.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::platform::clock::Millis;
use crate::platform::database::{Args, Bulk, Column, DbError, Queries, Tx};
use crate::platform::ids::{ApiKeyId, JobId, PracticeId, UserId};
use crate::{args, statements};

/// Who does something. Every write takes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A person at the screens or the command line.
    User(UserId),
    /// A program with a key of the HTTP interface.
    Key(ApiKeyId),
    /// A background job.
    Job(JobId),
    /// The command line on the machine itself, by name of the command.
    Command(&'static str),
    /// The system: the clock's tick, set-up.
    System,
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Actor::User(id) => write!(f, "user:{id}"),
            Actor::Key(id) => write!(f, "key:{id}"),
            Actor::Job(id) => write!(f, "job:{id}"),
            Actor::Command(name) => write!(f, "command:{name}"),
            Actor::System => f.write_str("system"),
        }
    }
}

/// One transition of one record. `detail` holds ids and codes, never PHI.
#[derive(Clone, Debug)]
pub struct Event {
    /// Whose record.
    pub practice: PracticeId,
    /// When, by the practice's clock.
    pub at: Millis,
    /// Who.
    pub actor: Actor,
    /// Kind of record, the table's name.
    pub subject_kind: &'static str,
    /// Key of the record.
    pub subject_id: i64,
    /// What happened: `claim.batched`.
    pub event: &'static str,
    /// State before.
    pub from: Option<String>,
    /// State after.
    pub to: Option<String>,
    /// More, as short text: ids and codes only.
    pub detail: Option<String>,
}

/// Tables whose rows are sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sealed {
    /// The audit trail.
    Event,
    /// The ledger's journals, each MAC covering the journal's transfers.
    Journal,
}

impl Sealed {
    /// Both.
    pub const ALL: [Sealed; 2] = [Sealed::Event, Sealed::Journal];

    /// Name of the table.
    #[must_use]
    pub fn table(self) -> &'static str {
        match self {
            Sealed::Event => "event",
            Sealed::Journal => "journal",
        }
    }
}

/// The key under which rows are signed: 32 bytes in a file of its own, readable by its owner only.
#[derive(Clone)]
pub struct MacKey([u8; 32]);

impl fmt::Debug for MacKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MacKey(…)")
    }
}

impl MacKey {
    /// A key from bytes that a test or the demo chooses.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> MacKey {
        MacKey(bytes)
    }

    /// Reads the key at `path`, or makes one from the system's random source when there is none.
    pub fn load_or_create(path: &Path) -> Result<MacKey, DbError> {
        let failed = |source| DbError::Key { path: PathBuf::from(path), source };
        match std::fs::read(path) {
            Ok(bytes) => {
                let key = bytes.try_into().map_err(|_| failed(std::io::Error::other("an audit key has 32 bytes")))?;
                Ok(MacKey(key))
            }
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                let mut key = [0_u8; 32];
                std::io::Read::read_exact(&mut std::fs::File::open("/dev/urandom").map_err(failed)?, &mut key).map_err(failed)?;
                if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
                    std::fs::create_dir_all(folder).map_err(failed)?;
                }
                let mut options = std::fs::OpenOptions::new();
                options.write(true).create_new(true);
                std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
                match options.open(path) {
                    Ok(mut file) => std::io::Write::write_all(&mut file, &key).map_err(failed)?,
                    // Another process made it meanwhile.
                    Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => return MacKey::load_or_create(path),
                    Err(e) => return Err(failed(e)),
                }
                Ok(MacKey(key))
            }
            Err(e) => Err(failed(e)),
        }
    }

    /// The MAC over some fields, each with its length, so that no two lists of fields sign alike: the first 128 bits of HMAC-SHA-256.
    #[must_use]
    pub fn sign(&self, fields: &[&[u8]]) -> RowMac {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes a key of any length");
        for field in fields {
            mac.update(&(field.len() as u64).to_le_bytes());
            mac.update(field);
        }
        let bytes = mac.finalize().into_bytes();
        let mut words = [0_u32; 4];
        for (word, chunk) in words.iter_mut().zip(bytes.chunks_exact(4)) {
            *word = u32::from_le_bytes([chunk[0], chunk[1], chunk[2], chunk[3]]);
        }
        RowMac(words)
    }
}

/// The MAC of one row: four words, 32 hexadecimal digits in its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowMac([u32; 4]);

impl fmt::Display for RowMac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|word| write!(f, "{word:08x}"))
    }
}

/// Count and word sums of the MACs of some rows. The sums of 2^31 rows fit into a 63-bit integer; an epoch holds far fewer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SealSum {
    /// Number of rows.
    pub rows: i64,
    /// Sums of the four words.
    pub words: [i64; 4],
}

impl SealSum {
    /// Adds one row.
    pub fn add(&mut self, mac: RowMac) {
        self.rows += 1;
        for (sum, word) in self.words.iter_mut().zip(mac.0) {
            *sum += i64::from(word);
        }
    }
}

/// A row of `seal_head`.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SealHead {
    /// Whose rows.
    pub practice_id: PracticeId,
    /// Which table's.
    pub table_name: String,
    /// Which epoch.
    pub epoch: i64,
    /// Number of rows.
    pub row_count: i64,
    /// Word sums.
    pub h0: i64,
    /// Word sums.
    pub h1: i64,
    /// Word sums.
    pub h2: i64,
    /// Word sums.
    pub h3: i64,
    /// When the epoch was sealed; none while it is open.
    pub sealed_ms: Option<i64>,
    /// The seal.
    pub mac: Option<String>,
}

impl SealHead {
    /// Count and sums.
    #[must_use]
    pub fn sum(&self) -> SealSum {
        SealSum { rows: self.row_count, words: [self.h0, self.h1, self.h2, self.h3] }
    }

    /// The seal that this head must carry, given the seal of the epoch before.
    #[must_use]
    pub fn expected_seal(&self, key: &MacKey, previous: Option<&str>) -> String {
        let numbers = [self.practice_id.0, self.epoch, self.row_count, self.h0, self.h1, self.h2, self.h3, self.sealed_ms.unwrap_or(0)];
        let mut fields: Vec<Vec<u8>> = numbers.iter().map(|n| n.to_le_bytes().to_vec()).collect();
        fields.push(self.table_name.clone().into_bytes());
        fields.push(previous.unwrap_or_default().as_bytes().to_vec());
        key.sign(&fields.iter().map(Vec::as_slice).collect::<Vec<_>>()).to_string()
    }
}

statements! {
    OPEN_EPOCH = "SELECT COALESCE(MAX(epoch + CASE WHEN sealed_ms IS NULL THEN 0 ELSE 1 END), 1) AS epoch
        FROM seal_head WHERE practice_id = $1 AND table_name = $2";
    ADD_TO_HEAD = "INSERT INTO seal_head (practice_id, table_name, epoch, row_count, h0, h1, h2, h3) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (practice_id, table_name, epoch) DO UPDATE SET row_count = seal_head.row_count + excluded.row_count,
        h0 = seal_head.h0 + excluded.h0, h1 = seal_head.h1 + excluded.h1, h2 = seal_head.h2 + excluded.h2, h3 = seal_head.h3 + excluded.h3
        WHERE seal_head.sealed_ms IS NULL";
    HEADS = "SELECT practice_id, table_name, epoch, row_count, h0, h1, h2, h3, sealed_ms, mac FROM seal_head
        WHERE practice_id = $1 AND table_name = $2 ORDER BY epoch";
    SEAL_HEAD = "UPDATE seal_head SET sealed_ms = $4, mac = $5
        WHERE practice_id = $1 AND table_name = $2 AND epoch = $3 AND sealed_ms IS NULL AND row_count = $6 AND h0 = $7 AND h1 = $8 AND h2 = $9 AND h3 = $10";
    EVENTS_PAGE = "SELECT practice_id, id, at_ms, actor, subject_kind, subject_id, event, from_state, to_state, detail, epoch, mac FROM event
        WHERE practice_id = $1 AND id > $2 ORDER BY id LIMIT $3";
    EVENTS_OF = "SELECT practice_id, id, at_ms, actor, subject_kind, subject_id, event, from_state, to_state, detail, epoch, mac FROM event
        WHERE practice_id = $1 AND subject_kind = $2 AND subject_id = $3 ORDER BY at_ms, id LIMIT $4";
}

static EVENT_ROWS: Bulk = Bulk {
    table: "event",
    columns: &[
        ("practice_id", Column::Int),
        ("id", Column::Int),
        ("at_ms", Column::Int),
        ("actor", Column::Text),
        ("subject_kind", Column::Text),
        ("subject_id", Column::Int),
        ("event", Column::Text),
        ("from_state", Column::Text),
        ("to_state", Column::Text),
        ("detail", Column::Text),
        ("epoch", Column::Int),
        ("mac", Column::Text),
    ],
    on_conflict: "",
};

/// A stored event.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct EventRow {
    /// Whose record.
    pub practice_id: PracticeId,
    /// Key.
    pub id: i64,
    /// When.
    pub at_ms: Millis,
    /// Who, as text.
    pub actor: String,
    /// Kind of record.
    pub subject_kind: String,
    /// Key of the record.
    pub subject_id: i64,
    /// What happened.
    pub event: String,
    /// State before.
    pub from_state: Option<String>,
    /// State after.
    pub to_state: Option<String>,
    /// Ids and codes.
    pub detail: Option<String>,
    /// Epoch of the seal.
    pub epoch: i64,
    /// MAC of the row.
    pub mac: String,
}

impl EventRow {
    /// The MAC that this row must carry.
    #[must_use]
    pub fn expected_mac(&self, key: &MacKey) -> RowMac {
        key.sign(&[
            &self.practice_id.0.to_le_bytes(),
            &self.id.to_le_bytes(),
            &self.at_ms.0.to_le_bytes(),
            self.actor.as_bytes(),
            self.subject_kind.as_bytes(),
            &self.subject_id.to_le_bytes(),
            self.event.as_bytes(),
            self.from_state.as_deref().unwrap_or("\0").as_bytes(),
            self.to_state.as_deref().unwrap_or("\0").as_bytes(),
            self.detail.as_deref().unwrap_or("\0").as_bytes(),
            &self.epoch.to_le_bytes(),
        ])
    }
}

/// What a transaction did to sealed tables, written when it commits.
#[derive(Debug, Default)]
pub(crate) struct Trail {
    events: Vec<Event>,
    epochs: BTreeMap<(PracticeId, Sealed), i64>,
    sums: BTreeMap<(PracticeId, Sealed), SealSum>,
}

impl Trail {
    pub(crate) async fn write(tx: &mut Tx) -> Result<(), DbError> {
        let events = std::mem::take(&mut tx.trail.events);
        let mut rows: Vec<Args> = Vec::with_capacity(events.len());
        for e in events {
            let epoch = tx.open_epoch(e.practice, Sealed::Event).await?;
            let mut row = EventRow {
                practice_id: e.practice,
                id: tx.new_key()?,
                at_ms: e.at,
                actor: e.actor.to_string(),
                subject_kind: e.subject_kind.to_owned(),
                subject_id: e.subject_id,
                event: e.event.to_owned(),
                from_state: e.from,
                to_state: e.to,
                detail: e.detail,
                epoch,
                mac: String::new(),
            };
            let mac = row.expected_mac(tx.db().mac_key());
            row.mac = mac.to_string();
            tx.note_sealed(e.practice, Sealed::Event, mac);
            rows.push(args![
                row.practice_id,
                row.id,
                row.at_ms,
                row.actor,
                row.subject_kind,
                row.subject_id,
                row.event,
                row.from_state,
                row.to_state,
                row.detail,
                row.epoch,
                row.mac
            ]);
        }
        tx.insert_all(&EVENT_ROWS, &rows).await?;
        for ((practice, table), sum) in std::mem::take(&mut tx.trail.sums) {
            let epoch = tx.open_epoch(practice, table).await?;
            let [h0, h1, h2, h3] = sum.words;
            let changed = tx.execute(&ADD_TO_HEAD, args![practice, table.table(), epoch, sum.rows, h0, h1, h2, h3]).await?;
            if changed == 0 {
                return Err(DbError::EpochSealed);
            }
        }
        Ok(())
    }
}

impl Tx {
    /// Records what happened; written when the transaction commits.
    pub fn record(&mut self, event: Event) {
        self.trail.events.push(event);
    }

    /// The open epoch of a sealed table, read once a transaction.
    pub(crate) async fn open_epoch(&mut self, practice: PracticeId, table: Sealed) -> Result<i64, DbError> {
        if let Some(epoch) = self.trail.epochs.get(&(practice, table)) {
            return Ok(*epoch);
        }
        let (epoch,): (i64,) = self.one(&OPEN_EPOCH, args![practice, table.table()]).await?;
        self.trail.epochs.insert((practice, table), epoch);
        Ok(epoch)
    }

    /// Counts a row of a sealed table towards its epoch's head.
    pub(crate) fn note_sealed(&mut self, practice: PracticeId, table: Sealed, mac: RowMac) {
        self.trail.sums.entry((practice, table)).or_default().add(mac);
    }
}

/// Seals the open epoch of both tables of a practice; gives the number of heads that were sealed (an epoch without rows has none).
pub async fn seal(tx: &mut Tx, practice: PracticeId, now: Millis) -> Result<u32, DbError> {
    let mut sealed = 0;
    for table in Sealed::ALL {
        let heads: Vec<SealHead> = tx.all(&HEADS, args![practice, table.table()]).await?;
        let Some((open, before)) = heads.split_last().filter(|(last, _)| last.sealed_ms.is_none()) else { continue };
        let mut head = open.clone();
        head.sealed_ms = Some(now.0);
        let previous = before.last().and_then(|h| h.mac.as_deref());
        let mac = head.expected_seal(tx.db().mac_key(), previous);
        let values = args![practice, table.table(), head.epoch, now, mac, head.row_count, head.h0, head.h1, head.h2, head.h3];
        tx.execute_one(&SEAL_HEAD, values).await?;
        sealed += 1;
    }
    Ok(sealed)
}

/// The heads of a sealed table, oldest first.
pub async fn heads(db: &mut impl Queries, practice: PracticeId, table: Sealed) -> Result<Vec<SealHead>, DbError> {
    db.all(&HEADS, args![practice, table.table()]).await
}

/// The next page of events after a key, for verification.
pub async fn events_after(db: &mut impl Queries, practice: PracticeId, after: i64, limit: u32) -> Result<Vec<EventRow>, DbError> {
    db.all(&EVENTS_PAGE, args![practice, after, limit]).await
}

/// What happened to one record, oldest first.
pub async fn events_of(db: &mut impl Queries, practice: PracticeId, kind: &str, id: i64) -> Result<Vec<EventRow>, DbError> {
    /// A record has a few dozen transitions; a thousand means something is wrong, and then the oldest tell what.
    const EVENTS_MAX: u32 = 1_000;
    db.all(&EVENTS_OF, args![practice, kind, id, EVENTS_MAX]).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_with_moved_borders_sign_differently() {
        let key = MacKey::from_bytes([7; 32]);
        assert_ne!(key.sign(&[b"ab", b"c"]), key.sign(&[b"a", b"bc"]));
        assert_ne!(key.sign(&[b"ab"]), MacKey::from_bytes([8; 32]).sign(&[b"ab"]));
    }

    #[test]
    fn the_sum_of_macs_needs_no_order_and_misses_no_row() {
        let key = MacKey::from_bytes([7; 32]);
        let (a, b) = (key.sign(&[b"a"]), key.sign(&[b"b"]));
        let sum = |rows: &[RowMac]| {
            let mut sum = SealSum::default();
            rows.iter().for_each(|r| sum.add(*r));
            sum
        };
        assert_eq!(sum(&[a, b]), sum(&[b, a]));
        assert_ne!(sum(&[a, b]), sum(&[a, a]));
        assert_ne!(sum(&[a]), sum(&[a, b]));
    }

    #[test]
    fn a_key_file_is_made_once_and_is_readable_by_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys/audit.key");
        let first = MacKey::load_or_create(&path).unwrap();
        assert_eq!(MacKey::load_or_create(&path).unwrap().0, first.0);
        let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&path).unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600);
    }
}
