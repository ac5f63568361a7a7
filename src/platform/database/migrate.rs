//! Migrations: the schema of both engines, compiled in.

use sqlx::migrate::Migrator;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};

use super::Pools;

static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

/// The schema could not be brought up to date.
#[derive(Debug, thiserror::Error)]
#[error("the schema could not be brought up to date: {0}")]
pub struct MigrateError(#[from] sqlx::migrate::MigrateError);

/// Brings the schema up to date. The job queue's own migrations share the table that remembers which ran, so unknown numbers there are
/// not ours to complain about.
pub(super) async fn run(pools: &Pools) -> Result<(), MigrateError> {
    match pools {
        Pools::Sqlite { write, .. } => ignoring_foreign(&SQLITE).run(write).await?,
        Pools::Postgres(pool) => ignoring_foreign(&POSTGRES).run(pool).await?,
    }
    Ok(())
}

fn ignoring_foreign(migrator: &Migrator) -> Migrator {
    let mut migrator = Migrator { migrations: migrator.migrations.clone(), ..Migrator::DEFAULT };
    migrator.set_ignore_missing(true);
    migrator
}

/// Makes the database that `options` names, from the role's maintenance database.
pub(super) async fn create_postgres_database(options: &PgConnectOptions) -> Result<(), sqlx::Error> {
    let name = options.get_database().unwrap_or("pediclaim").replace('"', "\"\"");
    let mut connection = options.clone().database("postgres").connect().await?;
    let created = sqlx::query(AssertSqlSafe(format!("CREATE DATABASE \"{name}\""))).execute(&mut connection).await;
    connection.close().await?;
    match created {
        Ok(_) => Ok(()),
        // 42P04, 23505: another process made it meanwhile.
        Err(sqlx::Error::Database(e)) if matches!(e.code().as_deref(), Some("42P04" | "23505")) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Removes everything from a database: the demo's `--reset`. The SQLite file goes with its companions, on PostgreSQL every schema of ours
/// and of the job queue.
pub async fn erase(url: &super::DatabaseUrl) -> Result<(), super::DbError> {
    let failed = |source| super::DbError::Open { place: url.place(), source };
    if let Some(path) = url.sqlite_path() {
        for suffix in ["", "-wal", "-shm"] {
            let mut file = path.clone().into_os_string();
            file.push(suffix);
            match std::fs::remove_file(&file) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(failed(sqlx::Error::Io(error))),
                _ => {}
            }
        }
        return Ok(());
    }
    let options: PgConnectOptions = url.as_str().parse().map_err(failed)?;
    let mut connection = match options.connect().await {
        Ok(connection) => connection,
        // 3D000: the database does not exist, so there is nothing in it.
        Err(sqlx::Error::Database(e)) if e.code().as_deref() == Some("3D000") => return Ok(()),
        Err(error) => return Err(failed(error)),
    };
    for statement in ["DROP SCHEMA IF EXISTS apalis CASCADE", "DROP SCHEMA IF EXISTS public CASCADE", "CREATE SCHEMA public"] {
        sqlx::query(statement).execute(&mut connection).await.map_err(failed)?;
    }
    connection.close().await.map_err(failed)
}
