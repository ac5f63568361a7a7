//! A partner's folders: what a clearinghouse's SFTP account looks like, on a disk that both sides reach.
//!
//! ```text
//! outbox/.staging/NAME   written and flushed, not looked at by the partner
//! outbox/NAME            the partner takes it
//! inbox/NAME             the partner puts it (names in `.part` or with a dot in front are still being written)
//! inbox/done/NAME        we have archived it
//! ```
//!
//! Files appear and move by rename only, and file and folder are flushed before and after, so that neither a kill nor a power cut shows
//! anybody half a file.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::{Clearinghouse, FILE_MAX, PART, Transfer, TransportError, check_name};

/// Where the partner takes from, below its folder.
pub const OUTBOX: &str = "outbox";
/// Where the partner puts, below its folder.
pub const INBOX: &str = "inbox";
const STAGING: &str = ".staging";
const DONE: &str = "done";

/// The folders of one partner.
#[derive(Clone, Debug)]
pub struct Directory {
    root: PathBuf,
}

impl Directory {
    /// The folders below `root`; makes those that are missing.
    pub fn open(root: impl Into<PathBuf>) -> Result<Directory, TransportError> {
        let root = root.into();
        for folder in [root.join(OUTBOX).join(STAGING), root.join(INBOX).join(DONE)] {
            fs::create_dir_all(&folder).map_err(failed("make", &folder))?;
        }
        Ok(Directory { root })
    }

    /// The folder above inbox and outbox.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    fn outbox(&self) -> PathBuf {
        self.root.join(OUTBOX)
    }

    fn inbox(&self) -> PathBuf {
        self.root.join(INBOX)
    }

    fn stage_now(&self, name: &str, bytes: &[u8]) -> Result<(), TransportError> {
        check_name(name)?;
        let size = bytes.len() as u64;
        if size > FILE_MAX {
            return Err(TransportError::TooLarge { name: name.to_owned(), size });
        }
        let folder = self.outbox().join(STAGING);
        let staged = folder.join(name);
        match fs::read(&staged) {
            Ok(there) if there == bytes => return Ok(()),
            Ok(_) => return Err(TransportError::Conflict(name.to_owned())),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(failed("read", &staged)(error)),
        }
        let part = folder.join(format!("{name}{PART}"));
        write_flushed(&part, bytes).map_err(failed("write", &part))?;
        fs::rename(&part, &staged).map_err(failed("rename", &part))?;
        flush_folder(&folder)
    }

    fn deliver_now(&self, name: &str) -> Result<(), TransportError> {
        check_name(name)?;
        let staged = self.outbox().join(STAGING).join(name);
        match fs::rename(&staged, self.outbox().join(name)) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(failed("hand over", &staged)(error)),
        }
        flush_folder(&self.outbox())?;
        flush_folder(&self.outbox().join(STAGING))
    }

    fn inbound_now(&self) -> Result<Vec<String>, TransportError> {
        let inbox = self.inbox();
        files_in(&inbox).map_err(failed("list", &inbox))
    }

    fn fetch_now(&self, name: &str) -> Result<Vec<u8>, TransportError> {
        check_name(name)?;
        let path = self.inbox().join(name);
        let size = match fs::metadata(&path) {
            Ok(metadata) => metadata.len(),
            Err(error) if error.kind() == ErrorKind::NotFound => return Err(TransportError::Missing(name.to_owned())),
            Err(error) => return Err(failed("read", &path)(error)),
        };
        if size > FILE_MAX {
            return Err(TransportError::TooLarge { name: name.to_owned(), size });
        }
        fs::read(&path).map_err(failed("read", &path))
    }

    fn acknowledge_now(&self, name: &str) -> Result<(), TransportError> {
        check_name(name)?;
        let (inbox, done) = (self.inbox(), self.inbox().join(DONE));
        let path = inbox.join(name);
        // A partner may use a name again for another file; the earlier one stays.
        let free = (1_u32..).map(|n| if n == 1 { done.join(name) } else { done.join(format!("{name}.{n}")) }).find(|to| !to.exists());
        match fs::rename(&path, free.unwrap_or_else(|| done.join(name))) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(failed("move away", &path)(error)),
        }
        flush_folder(&inbox)?;
        flush_folder(&done)
    }
}

impl Clearinghouse for Directory {
    fn stage<'a>(&'a self, name: &'a str, bytes: &'a [u8]) -> Transfer<'a, ()> {
        let (this, name, bytes) = (self.clone(), name.to_owned(), bytes.to_vec());
        blocking(move || this.stage_now(&name, &bytes))
    }

    fn deliver<'a>(&'a self, name: &'a str) -> Transfer<'a, ()> {
        let (this, name) = (self.clone(), name.to_owned());
        blocking(move || this.deliver_now(&name))
    }

    fn inbound(&self) -> Transfer<'_, Vec<String>> {
        let this = self.clone();
        blocking(move || this.inbound_now())
    }

    fn fetch<'a>(&'a self, name: &'a str) -> Transfer<'a, Vec<u8>> {
        let (this, name) = (self.clone(), name.to_owned());
        blocking(move || this.fetch_now(&name))
    }

    fn acknowledge<'a>(&'a self, name: &'a str) -> Transfer<'a, ()> {
        let (this, name) = (self.clone(), name.to_owned());
        blocking(move || this.acknowledge_now(&name))
    }
}

/// Runs work that waits for a disk where it holds nobody up.
pub(super) fn blocking<'a, T: Send + 'static>(work: impl FnOnce() -> Result<T, TransportError> + Send + 'static) -> Transfer<'a, T> {
    Box::pin(async move { tokio::task::spawn_blocking(work).await.unwrap_or(Err(TransportError::Stopped)) })
}

/// The names of the finished files in a folder, sorted. Names that are not UTF-8 are left alone: nobody could ask for them.
pub(super) fn files_in(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if let Ok(name) = entry.file_name().into_string()
            && check_name(&name).is_ok()
            && entry.file_type()?.is_file()
        {
            names.push(name);
        }
    }
    names.sort_unstable();
    Ok(names)
}

fn write_flushed(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Makes renames in a folder last.
fn flush_folder(folder: &Path) -> Result<(), TransportError> {
    File::open(folder).and_then(|opened| opened.sync_all()).map_err(failed("flush", folder))
}

fn failed(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> TransportError {
    let path = path.to_owned();
    move |source| TransportError::Io { action, path, source }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    fn partner() -> (tempfile::TempDir, Arc<dyn Clearinghouse>) {
        let root = tempfile::tempdir().unwrap();
        let directory = Directory::open(root.path()).unwrap();
        (root, Arc::new(directory))
    }

    #[tokio::test]
    async fn the_partner_sees_a_file_only_once_it_is_delivered_and_whole() {
        let (root, partner) = partner();
        let outbox = root.path().join(OUTBOX);
        partner.stage("a.edi", b"ISA").await.unwrap();
        assert_eq!(files_in(&outbox).unwrap(), Vec::<String>::new());
        partner.deliver("a.edi").await.unwrap();
        assert_eq!(fs::read(outbox.join("a.edi")).unwrap(), b"ISA");
    }

    #[tokio::test]
    async fn staging_and_delivering_again_after_a_kill_changes_nothing() {
        let (root, partner) = partner();
        fs::write(root.path().join("outbox/.staging/a.edi.part"), b"IS").unwrap();
        partner.stage("a.edi", b"ISA").await.unwrap();
        partner.stage("a.edi", b"ISA").await.unwrap();
        partner.deliver("a.edi").await.unwrap();
        fs::remove_file(root.path().join("outbox/a.edi")).unwrap();
        partner.deliver("a.edi").await.unwrap();
        assert_eq!(files_in(&root.path().join(OUTBOX)).unwrap(), Vec::<String>::new());
    }

    #[tokio::test]
    async fn a_name_is_staged_with_one_content_only() {
        let (_root, partner) = partner();
        partner.stage("a.edi", b"ISA").await.unwrap();
        let error = partner.stage("a.edi", b"ISB").await.unwrap_err();
        assert!(matches!(error, TransportError::Conflict(_)) && !error.is_retryable());
    }

    #[tokio::test]
    async fn files_in_the_making_do_not_wait_for_us() {
        let (root, partner) = partner();
        for name in ["b.edi", "a.edi", "c.edi.part", ".d.edi"] {
            fs::write(root.path().join(INBOX).join(name), name).unwrap();
        }
        assert_eq!(partner.inbound().await.unwrap(), ["a.edi", "b.edi"]);
        assert_eq!(partner.fetch("b.edi").await.unwrap(), b"b.edi");
    }

    #[tokio::test]
    async fn an_acknowledged_file_is_kept_and_comes_no_more() {
        let (root, partner) = partner();
        for content in ["one", "two"] {
            fs::write(root.path().join("inbox/a.edi"), content).unwrap();
            partner.acknowledge("a.edi").await.unwrap();
            partner.acknowledge("a.edi").await.unwrap();
        }
        assert_eq!(partner.inbound().await.unwrap(), Vec::<String>::new());
        assert!(matches!(partner.fetch("a.edi").await, Err(TransportError::Missing(_))));
        assert_eq!(fs::read(root.path().join("inbox/done/a.edi")).unwrap(), b"one");
        assert_eq!(fs::read(root.path().join("inbox/done/a.edi.2")).unwrap(), b"two");
    }

    #[tokio::test]
    async fn no_name_reaches_outside_of_the_folders() {
        let (_root, partner) = partner();
        assert!(matches!(partner.stage("../x", b"").await, Err(TransportError::Name(_))));
        assert!(matches!(partner.deliver("../x").await, Err(TransportError::Name(_))));
        assert!(matches!(partner.fetch("../x").await, Err(TransportError::Name(_))));
        assert!(matches!(partner.acknowledge("done/x").await, Err(TransportError::Name(_))));
    }
}
