//! Configuration: what a flag says wins over the environment, the environment over the file, the file over the default.
//!
//! [`Settings`] is one such layer, with every setting optional; [`Config`] is what the program runs with. Every setting stands, with its
//! default and its reason, in `config.example.toml`.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::{NonZeroU64, NonZeroUsize};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::platform::database::{DatabaseUrl, DbError};
use crate::platform::telemetry::{DEFAULT_FILTER, Format};

/// Where the screens and the interface listen by default: this machine only.
pub const DEFAULT_LISTEN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8737);

/// Jobs under way at once by default. Jobs mostly wait, for the database or a partner; more than the database's connections would only wait
/// more.
pub const DEFAULT_WORKERS: NonZeroUsize = NonZeroUsize::new(4).expect("4 is not 0");

/// Longest time, in milliseconds, between two looks for jobs that another process asked for. Those of this process are found at once.
pub const DEFAULT_POLL_MS: NonZeroU64 = NonZeroU64::new(500).expect("500 is not 0");

/// One layer of settings: the command line with the environment, or a file. What a layer does not say is `None`. Not `Debug`: the
/// database's URL may hold a password.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, clap::Args)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Folder for what the program keeps: the SQLite database unless --database-url says otherwise, and the like
    #[arg(long, global = true, env = "PEDICLAIM_DATA_DIR", value_name = "FOLDER")]
    pub data_dir: Option<String>,

    /// The database: sqlite:PATH or postgres://…
    #[arg(long, global = true, env = "PEDICLAIM_DATABASE_URL", hide_env_values = true, value_name = "URL")]
    pub database_url: Option<String>,

    /// File with the key that signs ledger and audit rows; made when there is none. Keep it apart from the database's backups
    #[arg(long, global = true, env = "PEDICLAIM_AUDIT_KEY", value_name = "FILE")]
    pub audit_key: Option<String>,

    /// Address for the screens and the interface; anything but this machine needs a trusted proxy in front
    #[arg(long, global = true, env = "PEDICLAIM_LISTEN", value_name = "ADDRESS:PORT")]
    pub listen: Option<SocketAddr>,

    /// Addresses of the proxies that end TLS in front of this server
    #[arg(long, global = true, env = "PEDICLAIM_TRUSTED_PROXIES", value_delimiter = ',', value_name = "IP")]
    pub trusted_proxies: Option<Vec<IpAddr>>,

    /// Jobs under way at once
    #[arg(long, global = true, env = "PEDICLAIM_WORKERS", value_name = "NUMBER")]
    pub workers: Option<NonZeroUsize>,

    /// Longest time between two looks for jobs that another process asked for
    #[arg(long, global = true, env = "PEDICLAIM_POLL_MS", value_name = "MILLISECONDS")]
    pub poll_ms: Option<NonZeroU64>,

    /// Events to show on standard error: a list of target=level
    #[arg(long, global = true, env = "PEDICLAIM_LOG", value_name = "FILTER")]
    pub log: Option<String>,

    /// How to show them
    #[arg(long, global = true, env = "PEDICLAIM_LOG_FORMAT", value_name = "FORMAT")]
    pub log_format: Option<Format>,
}

/// What the program runs with. Not `Debug`: the database's URL may hold a password.
#[derive(Clone)]
pub struct Config {
    /// Folder for what the program keeps.
    pub data_dir: PathBuf,
    /// Where the records are.
    pub database: DatabaseUrl,
    /// File with the key that signs ledger and audit rows.
    pub audit_key: PathBuf,
    /// Address to listen on: of this machine, unless there is a trusted proxy.
    pub listen: SocketAddr,
    /// Whose word about the client's address and TLS is taken.
    pub trusted_proxies: Vec<IpAddr>,
    /// Jobs under way at once.
    pub workers: usize,
    /// The longest pause of the jobs' ticker.
    pub poll: Duration,
    /// Events to show.
    pub log: String,
    /// How to show them.
    pub log_format: Format,
}

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file could not be read.
    #[error("{path}: {source}")]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// The file does not say what a configuration says.
    #[error("{path}, line {line}: {message}")]
    File {
        /// Which file.
        path: PathBuf,
        /// Which line, from 1.
        line: usize,
        /// What is wrong there.
        message: String,
    },
    /// There is no place for the data.
    #[error("neither HOME nor XDG_DATA_HOME is set: say where the data goes with --data-dir")]
    NoHome,
    /// The database's URL.
    #[error(transparent)]
    Database(#[from] DbError),
    /// PHI would cross a network in the clear.
    #[error("{0} is not an address of this machine: put a proxy that ends TLS in front and name it in trusted_proxies")]
    Exposed(SocketAddr),
}

/// The user's folders, from `HOME`, `XDG_DATA_HOME` and `XDG_CONFIG_HOME`.
#[derive(Clone, Debug, Default)]
struct Folders {
    home: Option<PathBuf>,
    data: Option<PathBuf>,
    config: Option<PathBuf>,
}

impl Folders {
    fn of_user() -> Folders {
        let absolute = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let home = absolute("HOME");
        let below_home = |folder: &str| home.as_ref().map(|home| home.join(folder));
        Folders {
            data: absolute("XDG_DATA_HOME").or_else(|| below_home(".local/share")),
            config: absolute("XDG_CONFIG_HOME").or_else(|| below_home(".config")),
            home,
        }
    }

    /// A path as it was written, with a leading `~/` as the home folder.
    fn path(&self, written: &str) -> PathBuf {
        match (written.strip_prefix("~/"), &self.home) {
            (Some(rest), Some(home)) => home.join(rest),
            _ => PathBuf::from(written),
        }
    }
}

impl Settings {
    /// Reads a file. Unknown settings and wrong values are errors with their line.
    pub fn from_file(path: &Path) -> Result<Settings, ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|source| ConfigError::Read { path: path.to_owned(), source })?;
        Settings::from_toml(&text).map_err(|(line, message)| ConfigError::File { path: path.to_owned(), line, message })
    }

    /// Reads the text of a file; the error is the line, from 1, and what is wrong there.
    fn from_toml(text: &str) -> Result<Settings, (usize, String)> {
        toml::from_str(text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or("");
            (1 + before.matches('\n').count(), error.message().to_owned())
        })
    }

    /// This layer over a lower one.
    #[must_use]
    pub fn over(self, lower: Settings) -> Settings {
        Settings {
            data_dir: self.data_dir.or(lower.data_dir),
            database_url: self.database_url.or(lower.database_url),
            audit_key: self.audit_key.or(lower.audit_key),
            listen: self.listen.or(lower.listen),
            trusted_proxies: self.trusted_proxies.or(lower.trusted_proxies),
            workers: self.workers.or(lower.workers),
            poll_ms: self.poll_ms.or(lower.poll_ms),
            log: self.log.or(lower.log),
            log_format: self.log_format.or(lower.log_format),
        }
    }
}

impl Config {
    /// The configuration from the command line (with the environment, which clap reads) and a file. Without `file` it is the user's
    /// `pediclaim/config.toml`, if there is one.
    pub fn load(flags: Settings, file: Option<&Path>) -> Result<Config, ConfigError> {
        let folders = Folders::of_user();
        let own_file = || folders.config.as_ref().map(|folder| folder.join("pediclaim/config.toml")).filter(|path| path.exists());
        let file = match file.map(Path::to_owned).or_else(own_file) {
            Some(path) => Settings::from_file(&path)?,
            None => Settings::default(),
        };
        Config::resolve(flags.over(file), &folders)
    }

    fn resolve(settings: Settings, folders: &Folders) -> Result<Config, ConfigError> {
        let data_dir = match &settings.data_dir {
            Some(written) => folders.path(written),
            None => folders.data.as_ref().ok_or(ConfigError::NoHome)?.join("pediclaim"),
        };
        let database = match settings.database_url.as_deref().map(|url| (url, url.strip_prefix("sqlite:"))) {
            Some((_, Some(path))) if path.starts_with("~/") => DatabaseUrl::sqlite(&folders.path(path)),
            Some((url, _)) => DatabaseUrl::parse(url)?,
            None => DatabaseUrl::sqlite(&data_dir.join("pediclaim.db")),
        };
        let audit_key = match (settings.audit_key, database.sqlite_path()) {
            (Some(written), _) => folders.path(&written),
            (None, Some(beside)) => {
                let mut path = beside.into_os_string();
                path.push(".key");
                PathBuf::from(path)
            }
            (None, None) => data_dir.join("audit.key"),
        };
        let listen = settings.listen.unwrap_or(DEFAULT_LISTEN);
        let trusted_proxies = settings.trusted_proxies.unwrap_or_default();
        if !listen.ip().is_loopback() && trusted_proxies.is_empty() {
            return Err(ConfigError::Exposed(listen));
        }
        Ok(Config {
            data_dir,
            database,
            audit_key,
            listen,
            trusted_proxies,
            workers: settings.workers.unwrap_or(DEFAULT_WORKERS).get(),
            poll: Duration::from_millis(settings.poll_ms.unwrap_or(DEFAULT_POLL_MS).get()),
            log: settings.log.unwrap_or_else(|| DEFAULT_FILTER.to_owned()),
            log_format: settings.log_format.unwrap_or_default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser as _;

    const EXAMPLE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/config.example.toml"));

    fn folders() -> Folders {
        Folders { home: Some("/home/biller".into()), data: Some("/home/biller/.local/share".into()), config: None }
    }

    fn resolve(toml: &str) -> Result<Config, ConfigError> {
        Config::resolve(Settings::from_toml(toml).unwrap(), &folders())
    }

    /// Every setting of a configuration, in words.
    fn told(config: &Config) -> Settings {
        Settings {
            data_dir: Some(config.data_dir.display().to_string()),
            database_url: Some(config.database.as_str().to_owned()),
            audit_key: Some(config.audit_key.display().to_string()),
            listen: Some(config.listen),
            trusted_proxies: Some(config.trusted_proxies.clone()),
            workers: NonZeroUsize::new(config.workers),
            poll_ms: NonZeroU64::new(u64::try_from(config.poll.as_millis()).unwrap()),
            log: Some(config.log.clone()),
            log_format: Some(config.log_format),
        }
    }

    #[test]
    fn the_example_as_it_stands_changes_nothing() {
        assert!(Settings::from_toml(EXAMPLE).unwrap() == Settings::default());
    }

    #[test]
    fn the_example_names_every_setting_with_its_default() {
        // A setting is commented out without a space after the sign, prose with one.
        let uncommented: String = EXAMPLE
            .lines()
            .map(|l| l.strip_prefix('#').filter(|l| !l.starts_with(' ')).unwrap_or(l))
            .fold(String::new(), |text, line| text + line + "\n");
        let example = Settings::from_toml(&uncommented).unwrap();
        let written = toml::Table::try_from(&example).unwrap();
        let all = toml::Table::try_from(told(&resolve("").unwrap())).unwrap();
        assert_eq!(written.keys().collect::<Vec<_>>(), all.keys().collect::<Vec<_>>());
        assert!(told(&Config::resolve(example, &folders()).unwrap()) == told(&resolve("").unwrap()));
    }

    #[test]
    fn a_flag_wins_over_the_file() {
        #[derive(clap::Parser)]
        struct Line {
            #[command(flatten)]
            settings: Settings,
        }
        let flags = Line::try_parse_from(["pediclaim", "--workers", "9", "--trusted-proxies", "10.0.0.1,10.0.0.2"]).unwrap().settings;
        let file = Settings::from_toml("workers = 2\npoll_ms = 20\n").unwrap();
        let config = Config::resolve(flags.over(file), &folders()).unwrap();
        assert_eq!((config.workers, config.poll, config.trusted_proxies.len()), (9, Duration::from_millis(20), 2));
    }

    #[test]
    fn an_unknown_setting_and_a_wrong_value_are_errors_with_their_line() {
        for (text, line, says) in [
            ("workers = 2\n\ncolour = 'red'\n", 3, "colour"),
            ("workers = 0\n", 1, "zero"),
            ("log = 'info'\nlisten = 'everywhere'\n", 2, "socket address"),
            ("log_format =\n", 1, "value"),
        ] {
            let (at, message) = Settings::from_toml(text).err().unwrap();
            assert!(at == line && message.contains(says), "{text:?}: line {at}: {message}");
        }
    }

    #[test]
    fn only_this_machine_is_listened_to_unless_a_proxy_is_trusted() {
        assert!(matches!(resolve("listen = '0.0.0.0:8737'"), Err(ConfigError::Exposed(_))));
        assert!(matches!(resolve("listen = '192.168.1.7:80'\ntrusted_proxies = []"), Err(ConfigError::Exposed(_))));
        assert!(resolve("listen = '0.0.0.0:8737'\ntrusted_proxies = ['192.168.1.2']").is_ok());
        assert!(resolve("listen = '[::1]:8737'").is_ok() && resolve("listen = '127.0.0.1:0'").is_ok());
    }

    #[test]
    fn the_audit_key_lies_beside_a_file_and_in_the_data_folder_for_a_server() {
        let key = |toml: &str| resolve(toml).unwrap().audit_key.display().to_string();
        assert_eq!(key(""), "/home/biller/.local/share/pediclaim/pediclaim.db.key");
        assert_eq!(key("database_url = 'sqlite:~/p.db'"), "/home/biller/p.db.key");
        assert_eq!(key("database_url = 'postgres://h/p'"), "/home/biller/.local/share/pediclaim/audit.key");
        assert_eq!(key("data_dir = '/srv/p'\ndatabase_url = 'postgres://h/p'"), "/srv/p/audit.key");
        assert_eq!(key("audit_key = '~/k'"), "/home/biller/k");
    }

    #[test]
    fn without_a_home_the_data_folder_must_be_said() {
        let nowhere = Folders::default();
        assert!(matches!(Config::resolve(Settings::default(), &nowhere), Err(ConfigError::NoHome)));
        let said = Settings { data_dir: Some("data".to_owned()), ..Settings::default() };
        assert_eq!(Config::resolve(said, &nowhere).ok().unwrap().database.as_str(), "sqlite:data/pediclaim.db");
    }

    #[test]
    fn a_database_of_another_kind_is_refused() {
        assert!(matches!(resolve("database_url = 'mysql://h/p'"), Err(ConfigError::Database(DbError::Url))));
    }
}
