//! Databases of their own for tests, in the cluster that `tests/run` starts.

use std::io::Write;
use std::str::FromStr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor};

/// The URL of a database whose user may create others. Set by `tests/run`.
const CLUSTER: &str = "PEDICLAIM_TEST_POSTGRES";

/// Set by `tests/run`: there, going without PostgreSQL is a failure.
const GATE: &str = "PEDICLAIM_TEST_GATE";

/// Creates an empty database and gives its URL; `None`, said on standard error, when there is no cluster.
pub async fn fresh_database() -> Option<String> {
    static CREATED: AtomicU32 = AtomicU32::new(0);
    let Ok(cluster) = std::env::var(CLUSTER) else {
        assert!(std::env::var_os(GATE).is_none(), "{CLUSTER} is not set, and the gate skips nothing");
        // Past the test harness's capture, in one write; `tests/run` counts these lines.
        let _ = std::io::stderr().write_all(format!("skipped: PostgreSQL, because {CLUSTER} is not set\n").as_bytes());
        return None;
    };
    // A cluster may outlive the process, and process numbers return: hence the time.
    let instant = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_micros());
    let name = format!("test_{}_{instant}_{}", std::process::id(), CREATED.fetch_add(1, Ordering::Relaxed));
    execute(&cluster, format!("CREATE DATABASE {name}")).await;
    Some(in_database(&cluster, &name))
}

/// Drops a database that [`fresh_database`] made, whoever is still connected to it.
pub async fn drop_database(url: &str) {
    let cluster = std::env::var(CLUSTER).expect("a database was made, so there is a cluster");
    let options = PgConnectOptions::from_str(url).expect("fresh_database gave this URL");
    let name = options.get_database().expect("fresh_database's URLs name a database");
    execute(&cluster, format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
}

/// Runs one statement on a connection of its own: CREATE and DROP DATABASE stand outside transactions and pools.
async fn execute(url: &str, sql: String) {
    let options = PgConnectOptions::from_str(url).expect("PEDICLAIM_TEST_POSTGRES is a PostgreSQL URL").disable_statement_logging();
    let mut connection = PgConnection::connect_with(&options).await.expect("the test cluster accepts connections");
    connection.execute(AssertSqlSafe(sql)).await.expect("the test cluster obeys");
    connection.close().await.expect("the connection closes");
}

/// The same URL with another database: what stands between the last slash of the path and the query.
fn in_database(url: &str, name: &str) -> String {
    let (path, query) = url.split_once('?').map_or((url, None), |(path, query)| (path, Some(query)));
    let server = path.rsplit_once('/').map_or(path, |(server, _)| server);
    query.map_or_else(|| format!("{server}/{name}"), |query| format!("{server}/{name}?{query}"))
}

#[test]
fn a_database_takes_the_place_of_the_clusters_own_in_its_url() {
    assert_eq!(in_database("postgres://u@%2Frun%2Fpg/postgres", "a"), "postgres://u@%2Frun%2Fpg/a");
    assert_eq!(in_database("postgres:///postgres?host=/run/pg&user=u", "a"), "postgres:///a?host=/run/pg&user=u");
}
