//! The simulator over a partner's folders, as `pediclaim simulator --dir D` runs it: [`crate::clearinghouse::directory`] seen from the
//! other side.
//!
//! ```text
//! outbox/NAME                       a practice sends; received by one rename to
//! simulator/received/N-DATE-NAME    N counts up; the truth of what came, replayed at every start
//! simulator/outgoing/NAME           an answer that is ready; until its record exists it never happened
//! simulator/answered/NAME.json      its record: what it settles; from then on it is handed over by one rename to
//! inbox/NAME                        where the practice finds it
//! ```
//!
//! Killed at any point, the next run loses and doubles nothing: each step is one rename, and what a half-done step left is finished or
//! swept away. Runs of several processes over one folder take turns by a lock. Written for kills, not for power cuts: nothing is flushed.

use std::collections::HashSet;
use std::convert::Infallible;
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{Answer, ConfigError, Received, Record, Simulator, SimulatorConfig, claim_numbers, incoming};
use crate::clearinghouse::PART;
use crate::clearinghouse::directory::{INBOX, OUTBOX, files_in};
use crate::platform::clock::Clock;

/// Why the simulator can't go on.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// The file system refused.
    #[error("the file system refused: {0}")]
    Io(#[from] io::Error),
    /// The settings make no sense.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The folder's history was made in another world.
    #[error("the folder was begun with other settings ({}): use those, or another folder", .0.display())]
    OtherConfig(PathBuf),
    /// A file in the simulator's folder is none of its own.
    #[error("{} is not as the simulator wrote it; move it away", .0.display())]
    Foreign(PathBuf),
}

/// What one run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Run {
    /// Files received.
    pub received: usize,
    /// Files handed over.
    pub answered: usize,
}

/// Payers that live in a folder.
pub struct FolderService {
    folders: Folders,
    config: SimulatorConfig,
    /// What the folder's history adds up to; none after a run that failed, which may have left it behind the folder.
    state: Option<State>,
}

struct State {
    simulator: Simulator,
    /// How many files of `received` are in it.
    replayed: usize,
    /// The answers whose records are in it.
    settled: HashSet<String>,
}

struct Folders {
    outbox: PathBuf,
    inbox: PathBuf,
    received: PathBuf,
    outgoing: PathBuf,
    answered: PathBuf,
    lock: PathBuf,
    config: PathBuf,
}

impl Folders {
    fn below(dir: &Path) -> Folders {
        let own = dir.join("simulator");
        Folders {
            outbox: dir.join(OUTBOX),
            inbox: dir.join(INBOX),
            received: own.join("received"),
            outgoing: own.join("outgoing"),
            answered: own.join("answered"),
            lock: own.join("lock"),
            config: own.join("config.json"),
        }
    }
}

/// Called before each change of the folder; an error stops the run there, as a kill would.
type Checkpoint<'a> = &'a mut dyn FnMut() -> io::Result<()>;

impl FolderService {
    /// Payers over the folders below `dir`; makes those that are missing. Refuses a folder that was begun with other settings.
    pub fn open(dir: &Path, config: SimulatorConfig) -> Result<FolderService, ServiceError> {
        config.check()?;
        let folders = Folders::below(dir);
        for folder in [&folders.outbox, &folders.inbox, &folders.received, &folders.outgoing, &folders.answered] {
            fs::create_dir_all(folder)?;
        }
        let _turn = turn(&folders)?;
        match fs::read(&folders.config) {
            Ok(text) if serde_json::from_slice::<SimulatorConfig>(&text).is_ok_and(|begun| begun == config) => {}
            Ok(_) => return Err(ServiceError::OtherConfig(folders.config)),
            Err(error) if error.kind() == ErrorKind::NotFound => write_whole(&folders.config, &json(&config)?, &mut || Ok(()))?,
            Err(error) => return Err(error.into()),
        }
        Ok(FolderService { folders, config, state: None })
    }

    /// Receives what waits and hands over what is due up to this day. After an error the next run starts from the folder's history.
    pub fn run_once(&mut self, today: Date) -> Result<Run, ServiceError> {
        self.run(today, &mut || Ok(()))
    }

    fn run(&mut self, today: Date, checkpoint: Checkpoint<'_>) -> Result<Run, ServiceError> {
        let _turn = turn(&self.folders)?;
        let mut state = match self.state.take() {
            Some(state) => state,
            None => State { simulator: Simulator::new(self.config.clone())?, replayed: 0, settled: HashSet::new() },
        };
        let received = take(&self.folders, today, checkpoint)?;
        replay(&self.folders, &mut state)?;
        let mut answered = finish(&self.folders, &state, checkpoint)?;
        for answer in state.simulator.answers(today) {
            hand_over(&self.folders, &answer, checkpoint)?;
            state.settled.insert(answer.name);
            answered += 1;
        }
        self.state = Some(state);
        Ok(Run { received, answered })
    }
}

/// Receives and answers once, and forgets: what a scheduled task would do.
pub fn run_folder_once(dir: &Path, config: SimulatorConfig, today: Date) -> Result<Run, ServiceError> {
    FolderService::open(dir, config)?.run_once(today)
}

/// Receives and answers every so often, for ever. A file system that fails is tried again; other errors end it.
pub async fn run_folder(
    dir: &Path,
    config: SimulatorConfig,
    clock: Clock,
    zone: TimeZone,
    every: Duration,
) -> Result<Infallible, ServiceError> {
    let mut service = FolderService::open(dir, config)?;
    loop {
        match service.run_once(clock.today(&zone)) {
            Ok(run) if run == Run::default() => {}
            Ok(run) => tracing::info!(received = run.received, answered = run.answered, "simulator ran"),
            Err(ServiceError::Io(error)) => tracing::warn!(%error, "the simulator's folder failed; it is tried again"),
            Err(error) => return Err(error),
        }
        tokio::time::sleep(every).await;
    }
}

/// What a folder has received, in order; nothing when there is no folder.
pub fn read_log(dir: &Path) -> Result<Vec<Received>, ServiceError> {
    let folders = Folders::below(dir);
    if !folders.received.exists() {
        return Ok(Vec::new());
    }
    let log = arrivals(&folders)?.into_iter().map(|arrival| {
        let claims = claim_numbers(&incoming::read(&fs::read(&arrival.path)?));
        Ok(Received { number: arrival.number, file: arrival.file, date: arrival.date, claims })
    });
    log.collect()
}

/// Waits until no other process is at the folder; the turn ends with the process at the latest.
fn turn(folders: &Folders) -> io::Result<File> {
    let lock = File::create(&folders.lock)?;
    lock.lock()?;
    Ok(lock)
}

/// One file of `received`.
struct Arrival {
    number: u32,
    date: Date,
    file: String,
    path: PathBuf,
}

/// `N-DATE-NAME`; N has six digits or more.
fn arrivals(folders: &Folders) -> Result<Vec<Arrival>, ServiceError> {
    let mut arrivals = Vec::new();
    for entry in fs::read_dir(&folders.received)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let mut parts = name.splitn(3, '-');
        let mut next = || parts.next().unwrap_or_default();
        let (number, date, file) = (next().parse(), Date::strptime("%Y%m%d", next()), next().to_owned());
        match (number, date) {
            (Ok(number), Ok(date)) => arrivals.push(Arrival { number, date, file, path }),
            _ => return Err(ServiceError::Foreign(path)),
        }
    }
    arrivals.sort_unstable_by_key(|arrival| arrival.number);
    Ok(arrivals)
}

/// Moves what waits into `received`, numbered on.
fn take(folders: &Folders, today: Date, checkpoint: Checkpoint<'_>) -> Result<usize, ServiceError> {
    let waiting = files_in(&folders.outbox)?;
    if waiting.is_empty() {
        return Ok(0);
    }
    let last = arrivals(folders)?.last().map_or(0, |arrival| arrival.number);
    for (number, name) in (last.saturating_add(1)..).zip(&waiting) {
        let to = folders.received.join(format!("{number:06}-{}-{name}", today.strftime("%Y%m%d")));
        checkpoint()?;
        fs::rename(folders.outbox.join(name), to)?;
    }
    Ok(waiting.len())
}

/// Brings the state up to what is received and answered, by this process or another.
fn replay(folders: &Folders, state: &mut State) -> Result<(), ServiceError> {
    let arrivals = arrivals(folders)?;
    for arrival in arrivals.iter().skip(state.replayed) {
        state.simulator.receive(&arrival.file, &fs::read(&arrival.path)?, arrival.date);
    }
    state.replayed = arrivals.len();
    for file in files_in(&folders.answered)? {
        let Some(name) = file.strip_suffix(RECORD) else { continue };
        if state.settled.contains(name) {
            continue;
        }
        let path = folders.answered.join(&file);
        let record: Record = serde_json::from_slice(&fs::read(&path)?).map_err(|_| ServiceError::Foreign(path))?;
        state.simulator.settle(name, &record);
        state.settled.insert(name.to_owned());
    }
    Ok(())
}

/// Hands over what an earlier run left with a record, and sweeps away what it left without: that is answered anew.
fn finish(folders: &Folders, state: &State, checkpoint: Checkpoint<'_>) -> Result<usize, ServiceError> {
    let mut handed_over = 0;
    for entry in fs::read_dir(&folders.outgoing)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        checkpoint()?;
        if state.settled.contains(name) {
            fs::rename(&path, folders.inbox.join(name))?;
            handed_over += 1;
        } else {
            fs::remove_file(&path)?;
        }
    }
    Ok(handed_over)
}

fn hand_over(folders: &Folders, answer: &Answer, checkpoint: Checkpoint<'_>) -> Result<(), ServiceError> {
    let outgoing = folders.outgoing.join(&answer.name);
    write_whole(&outgoing, &answer.bytes, checkpoint)?;
    let record = folders.answered.join(format!("{}{RECORD}", answer.name));
    write_whole(&record, &json(&answer.record)?, checkpoint)?;
    checkpoint()?;
    fs::rename(outgoing, folders.inbox.join(&answer.name))?;
    Ok(())
}

/// How the name of a record ends.
const RECORD: &str = ".json";

/// Writes a file that is never seen in part.
fn write_whole(path: &Path, bytes: &[u8], checkpoint: Checkpoint<'_>) -> io::Result<()> {
    let mut part = path.as_os_str().to_owned();
    part.push(PART);
    checkpoint()?;
    fs::write(&part, bytes)?;
    checkpoint()?;
    fs::rename(part, path)
}

fn json<T: serde::Serialize>(value: &T) -> io::Result<Vec<u8>> {
    serde_json::to_vec(value).map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use jiff::ToSpan;
    use jiff::civil::date;

    use super::*;
    use crate::clearinghouse::simulator::tests::samples::{TODAY, Visit, batch, file, interchange, visit};

    const LATER: Date = date(2028, 1, 1);

    fn world() -> SimulatorConfig {
        SimulatorConfig::typical(3)
    }

    fn send(dir: &Path, name: &str, bytes: &[u8]) {
        fs::create_dir_all(dir.join(OUTBOX)).unwrap();
        fs::write(dir.join(OUTBOX).join(name), bytes).unwrap();
    }

    fn inbox(dir: &Path) -> BTreeMap<String, Vec<u8>> {
        let inbox = dir.join(INBOX);
        files_in(&inbox).unwrap().into_iter().map(|name| (name.clone(), fs::read(inbox.join(name)).unwrap())).collect()
    }

    /// Two files, the first asking for a TA1, and three runs: the day they come, some weeks later, long after.
    fn story(dir: &Path, mut run: impl FnMut(Date)) {
        let visits: Vec<Visit> = (1..12).map(visit).collect();
        send(dir, "a.edi", &interchange(1, true, &[batch(1, &visits[..6])]));
        run(TODAY);
        send(dir, "b.edi", &file(2, &visits[6..]));
        run(TODAY.saturating_add(20.days()));
        run(LATER);
    }

    fn undisturbed() -> (BTreeMap<String, Vec<u8>>, Vec<Received>) {
        let dir = tempfile::tempdir().unwrap();
        let mut service = FolderService::open(dir.path(), world()).unwrap();
        story(dir.path(), |day| _ = service.run_once(day).unwrap());
        (inbox(dir.path()), read_log(dir.path()).unwrap())
    }

    #[test]
    fn files_are_received_in_order_and_answered_once() {
        let dir = tempfile::tempdir().unwrap();
        send(dir.path(), "b.edi", &file(2, &[visit(2)]));
        send(dir.path(), "a.edi", &file(1, &[visit(1)]));
        send(dir.path(), "c.edi.part", b"ISA");
        let config = SimulatorConfig::default();
        assert_eq!(run_folder_once(dir.path(), config.clone(), TODAY).unwrap(), Run { received: 2, answered: 4 });
        assert_eq!(run_folder_once(dir.path(), config.clone(), TODAY).unwrap(), Run::default());
        assert!(run_folder_once(dir.path(), config.clone(), LATER).unwrap().answered > 0);
        assert_eq!(run_folder_once(dir.path(), config, LATER).unwrap(), Run::default());
        let log = read_log(dir.path()).unwrap();
        assert_eq!(
            log.iter().map(|r| (r.number, r.file.as_str(), &r.claims[0][..])).collect::<Vec<_>>(),
            [(1, "a.edi", "C1"), (2, "b.edi", "C2")]
        );
        assert!(log.iter().all(|received| received.date == TODAY));
    }

    #[test]
    fn restarting_before_every_run_changes_no_byte() {
        let dir = tempfile::tempdir().unwrap();
        story(dir.path(), |day| _ = run_folder_once(dir.path(), world(), day).unwrap());
        assert_eq!((inbox(dir.path()), read_log(dir.path()).unwrap()), undisturbed());
    }

    #[test]
    fn a_kill_at_any_point_loses_and_doubles_nothing() {
        let expected = undisturbed();
        for kill_at in 0.. {
            let dir = tempfile::tempdir().unwrap();
            let (mut steps, mut killed, mut taken) = (0, false, BTreeMap::new());
            let mut take_inbox = || {
                for (name, bytes) in inbox(dir.path()) {
                    fs::remove_file(dir.path().join(INBOX).join(&name)).unwrap();
                    assert!(taken.insert(name.clone(), bytes).is_none(), "{name} came twice");
                }
            };
            story(dir.path(), |day| {
                let mut service = FolderService::open(dir.path(), world()).unwrap();
                let outcome = service.run(day, &mut || {
                    steps += 1;
                    if steps == kill_at + 1 { Err(io::Error::other("killed")) } else { Ok(()) }
                });
                if outcome.is_err() {
                    killed = true;
                    take_inbox();
                    drop(service);
                    run_folder_once(dir.path(), world(), day).unwrap();
                }
                take_inbox();
            });
            assert_eq!((taken, read_log(dir.path()).unwrap()), expected, "killed before step {kill_at}");
            if !killed {
                assert!(kill_at > 20);
                return;
            }
        }
    }

    #[test]
    fn a_run_that_failed_is_made_good_by_the_same_service() {
        let dir = tempfile::tempdir().unwrap();
        let mut service = FolderService::open(dir.path(), world()).unwrap();
        let mut fail_at = 0;
        story(dir.path(), |day| {
            fail_at += 3;
            let mut steps = 0;
            let failed = service.run(day, &mut || {
                steps += 1;
                if steps == fail_at { Err(io::Error::other("disk")) } else { Ok(()) }
            });
            assert!(failed.is_err());
            service.run_once(day).unwrap();
        });
        assert_eq!((inbox(dir.path()), read_log(dir.path()).unwrap()), undisturbed());
    }

    #[test]
    fn two_services_over_one_folder_take_turns() {
        let dir = tempfile::tempdir().unwrap();
        let mut services = [FolderService::open(dir.path(), world()).unwrap(), FolderService::open(dir.path(), world()).unwrap()];
        let mut turn = 0;
        story(dir.path(), |day| {
            services[turn % 2].run_once(day).unwrap();
            turn += 1;
            assert_eq!(services[turn % 2].run_once(day).unwrap(), Run::default());
        });
        assert_eq!((inbox(dir.path()), read_log(dir.path()).unwrap()), undisturbed());
    }

    #[test]
    fn a_folder_keeps_the_world_it_was_begun_in() {
        let dir = tempfile::tempdir().unwrap();
        FolderService::open(dir.path(), world()).unwrap();
        let other = SimulatorConfig { seed: 99, ..world() };
        assert!(matches!(FolderService::open(dir.path(), other), Err(ServiceError::OtherConfig(_))));
    }

    #[test]
    fn a_folder_that_was_never_used_has_an_empty_log() {
        assert_eq!(read_log(tempfile::tempdir().unwrap().path()).unwrap(), []);
    }
}
