//! Opening the database: pools that suit each kind of it, its schema, and the transactions that everything runs in.

use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use migration::{Migrator, MigratorTrait};
use sea_orm::sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sea_orm::sqlx::{self, ConnectOptions, Connection};
use sea_orm::{
    AccessMode, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, EntityTrait,
    IsolationLevel, QuerySelect, RuntimeErr, SqliteTransactionMode, SqlxPostgresConnector, SqlxSqliteConnector,
    TransactionOptions, TransactionTrait,
};

use super::Store;
use crate::config::DatabaseConfig;
use crate::error::Error;

/// How long SQLite waits for another process that writes, an import for example.
const BUSY_TIMEOUT: Duration = Duration::from_secs(30);
/// A connection that rested for longer is tried before it is used: the server may have closed it meanwhile.
const TRUSTED_IDLE: Duration = Duration::from_secs(10);
/// The name of the lock that migrating processes take on PostgreSQL: `plenary` in ASCII.
const MIGRATION_LOCK: i64 = 0x70_6c65_6e61_7279;

impl Store {
    /// Opens the database without touching its schema.
    pub async fn open(config: &DatabaseConfig) -> Result<Store, Error> {
        match config.url.split_once(':').map(|(scheme, _)| scheme) {
            Some("sqlite") => open_sqlite(config).await,
            Some("postgres" | "postgresql") => open_postgres(config).await,
            _ => Err(bad_url("it begins with sqlite:// or postgres://")),
        }
    }

    /// Whether the database is embedded (SQLite), and so migrated by whoever opens it.
    pub fn is_embedded(&self) -> bool {
        self.readers.get_database_backend() == DbBackend::Sqlite
    }

    /// Brings the schema up to this version; answers how many steps that took.
    ///
    /// All steps are one transaction that only one process can be in, so that two servers that start at the same time
    /// do not both create the tables.
    pub async fn migrate(&self) -> Result<usize, Error> {
        let transaction = self.writer.begin_with_options(write_options(&self.writer)).await?;
        if !self.is_embedded() {
            transaction.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")).await?;
        }
        let pending = Migrator::get_pending_migrations(&transaction).await.map_err(schema_error)?.len();
        if pending > 0 {
            Migrator::up(&transaction, None).await?;
        }
        transaction.commit().await?;
        Ok(pending)
    }

    /// The names of the steps that [`Store::migrate`] would take.
    pub async fn pending_migrations(&self) -> Result<Vec<String>, Error> {
        let pending = Migrator::get_pending_migrations_read_only(&self.readers).await.map_err(schema_error)?;
        Ok(pending.iter().map(|step| step.name().to_owned()).collect())
    }

    /// Asks the database for a sign of life.
    pub async fn ping(&self) -> Result<(), Error> {
        Ok(self.readers.ping().await?)
    }

    /// Closes all connections and waits for those that are in use. SQLite folds its write-ahead log into the file.
    pub async fn close(&self) -> Result<(), Error> {
        self.readers.close_by_ref().await?;
        Ok(self.writer.close_by_ref().await?)
    }

    /// A transaction in which every query sees the same state, so that rows and revisions agree.
    pub(super) async fn begin_read(&self) -> Result<DatabaseTransaction, Error> {
        let mut options = TransactionOptions::default();
        // A transaction of SQLite in WAL mode is such a view by itself; PostgreSQL's default is not.
        if !self.is_embedded() {
            options.isolation_level = Some(IsolationLevel::RepeatableRead);
            options.access_mode = Some(AccessMode::ReadOnly);
        }
        Ok(self.readers.begin_with_options(options).await?)
    }

    /// The only writing transaction at the moment, in all processes, and the newest sequence number of the log.
    ///
    /// Numbers must be given in the order of the commits: a follower that has seen number 8 would never look for a
    /// 7 that comes later. So writers queue up. SQLite has them do so with `BEGIN IMMEDIATE`; on PostgreSQL the row
    /// with the newest number stays locked until the commit, and who waited for it sees the new number, because the
    /// isolation level is READ COMMITTED.
    pub(super) async fn begin_write(&self) -> Result<(DatabaseTransaction, i64), Error> {
        let transaction = self.writer.begin_with_options(write_options(&self.writer)).await?;
        let position = entity::log_position::Entity::find().lock_exclusive().one(&transaction).await?;
        let position = position.ok_or_else(|| Error::Schema("the change log has no position".to_owned()))?;
        Ok((transaction, position.sequence))
    }

    /// A writing transaction that does not touch the change log. On SQLite it waits for its turn, as all do; on
    /// PostgreSQL, rows that are read in order to be changed must be locked.
    pub(super) async fn begin_write_beside_log(&self) -> Result<DatabaseTransaction, Error> {
        Ok(self.writer.begin_with_options(write_options(&self.writer)).await?)
    }
}

fn write_options(writer: &DatabaseConnection) -> TransactionOptions {
    // Without IMMEDIATE, SQLite takes the lock at the first write and fails at once if somebody wrote since the first
    // read; with it, the transaction waits its turn before it reads.
    let immediate = writer.get_database_backend() == DbBackend::Sqlite;
    TransactionOptions {
        sqlite_transaction_mode: immediate.then_some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    }
}

/// One connection that writes and several that read: SQLite has one writer at a time, and readers do not wait for it.
async fn open_sqlite(config: &DatabaseConfig) -> Result<Store, Error> {
    let options = SqliteConnectOptions::from_str(&config.url).map_err(|error| bad_url(&error.to_string()))?;
    let query = config.url.split_once('?').map_or("", |(_, query)| query);
    let has_mode =
        |mode| url::form_urlencoded::parse(query.as_bytes()).any(|(key, value)| key == "mode" && value == mode);
    if has_mode("memory") || config.url.contains(":memory:") || options.get_filename().as_os_str().is_empty() {
        return Err(bad_url("it names no file, and a database in memory is not shared by its connections"));
    }
    let options = options.foreign_keys(true).busy_timeout(BUSY_TIMEOUT).disable_statement_logging();
    // FULL: a commit is on the disk before it is acknowledged, as on PostgreSQL. NORMAL would survive the death of the
    // process as well, but may lose the last commits to a power cut; editors write seldom, so the wait costs nothing.
    let writing = options.clone().journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Full);
    // What is deleted is overwritten where that takes no page more to write: a row stays readable in the file otherwise.
    let writing = writing.pragma("secure_delete", "fast");
    let reading = options.create_if_missing(false).read_only(true);
    let acquire_timeout = Duration::from_millis(config.acquire_timeout_ms);
    let pool = || {
        SqlitePoolOptions::new()
            .acquire_timeout(acquire_timeout)
            .test_before_acquire(false)
            .idle_timeout(None)
            .max_lifetime(None)
    };
    if has_mode("rwc") {
        make_private(writing.get_filename());
    }
    // The writer comes first: it puts the file into WAL mode. It stays open, and with it the shared memory
    // of the log that readers, which must not write, could not make.
    let writer = pool().min_connections(1).max_connections(1).connect_with(writing).await.map_err(connection_error)?;
    let readers = pool().max_connections(config.max_connections.max(1)).connect_with(reading).await;
    Ok(Store {
        writer: SqlxSqliteConnector::from_sqlx_sqlite_pool(writer),
        readers: SqlxSqliteConnector::from_sqlx_sqlite_pool(readers.map_err(connection_error)?),
        outbox: Arc::default(),
    })
}

/// Makes the file, where there is none, readable by its owner only: hashes of passwords and the secrets of webhooks are in
/// it, and the files that SQLite puts beside it get the same permissions. Where that fails, SQLite says why.
fn make_private(path: &Path) {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let _ = options.open(path);
}

async fn open_postgres(config: &DatabaseConfig) -> Result<Store, Error> {
    // The parser's own message could quote the URL, with the password in it.
    let options = PgConnectOptions::from_str(&config.url)
        .map_err(|_| bad_url("it looks like postgres://user:password@host:port/name"))?
        .application_name("plenary")
        .disable_statement_logging();
    let acquire_timeout = Duration::from_millis(config.acquire_timeout_ms);
    // A pool repeats a refused connection until its time is up and then only says that it is. This says why.
    let attempt = tokio::time::timeout(acquire_timeout, options.connect()).await;
    let connection = attempt.map_err(|_| connection_error(sqlx::Error::PoolTimedOut))?.map_err(connection_error)?;
    connection.close().await.map_err(connection_error)?;
    let pool = PgPoolOptions::new()
        .max_connections(config.max_connections.max(1))
        .acquire_timeout(acquire_timeout)
        .test_before_acquire(false)
        .before_acquire(|connection, meta| {
            Box::pin(async move {
                if meta.idle_for > TRUSTED_IDLE {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .connect_with(options)
        .await
        .map_err(connection_error)?;
    let pool = SqlxPostgresConnector::from_sqlx_postgres_pool(pool);
    Ok(Store { readers: pool.clone(), writer: pool, outbox: Arc::default() })
}

fn bad_url(why: &str) -> Error {
    Error::Configuration(format!("database.url is not usable: {why}"))
}

fn connection_error(error: sqlx::Error) -> Error {
    Error::Database(DbErr::Conn(RuntimeErr::SqlxError(error.into())))
}

/// The migrator's only complaint of its own is that the database has steps that this version does not know.
fn schema_error(error: DbErr) -> Error {
    match error {
        DbErr::Custom(_) => Error::Schema("the database was made by a newer version of Plenary".to_owned()),
        other => Error::Database(other),
    }
}
