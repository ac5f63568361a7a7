//! Looking at tables, and changing them, behind the program's back.

use pediclaim::platform::database::{Db, Engine};
use sqlx::{AssertSqlSafe, Connection, Executor, Row};

/// Runs a statement.
pub async fn execute(db: &Db, sql: &str) {
    let sql = AssertSqlSafe(sql.to_owned());
    match db.engine() {
        Engine::Sqlite => {
            let mut connection = sqlx::SqliteConnection::connect(db.url().as_str()).await.unwrap();
            connection.execute("PRAGMA busy_timeout = 30000").await.unwrap();
            connection.execute(sql).await.unwrap();
        }
        Engine::Postgres => {
            let mut connection = sqlx::PgConnection::connect(db.url().as_str()).await.unwrap();
            connection.execute(sql).await.unwrap();
        }
    }
}

/// The first column of each row, as text; the statement casts it to TEXT.
pub async fn texts(db: &Db, sql: &str) -> Vec<String> {
    let sql = AssertSqlSafe(sql.to_owned());
    match db.engine() {
        Engine::Sqlite => {
            let mut connection = sqlx::SqliteConnection::connect(db.url().as_str()).await.unwrap();
            connection.fetch_all(sql).await.unwrap().iter().map(|row| row.get::<Option<String>, _>(0).unwrap_or_default()).collect()
        }
        Engine::Postgres => {
            let mut connection = sqlx::PgConnection::connect(db.url().as_str()).await.unwrap();
            connection.fetch_all(sql).await.unwrap().iter().map(|row| row.get::<Option<String>, _>(0).unwrap_or_default()).collect()
        }
    }
}

/// How many rows a table has.
pub async fn count(db: &Db, table: &str) -> u64 {
    texts(db, &format!("SELECT CAST(COUNT(*) AS TEXT) FROM {table}")).await[0].parse().unwrap()
}
