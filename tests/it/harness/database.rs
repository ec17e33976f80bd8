//! Databases for tests: a fresh SQLite file or PostgreSQL database for each, from one server that lasts as long as the
//! tests do.

use std::io;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use plenary::config::DatabaseConfig;
use plenary::store::Store;
use sea_orm::{ConnectionTrait, Database};
use tokio::sync::Mutex;

/// Runs a test on SQLite and then on PostgreSQL, each time with the URL of a fresh database with the newest schema.
pub(crate) async fn on_each_database(test: impl AsyncFn(String)) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}?mode=rwc", folder.path().join("plenary.db").display());
    open(&url).await.migrate().await.unwrap();
    eprintln!("on SQLite");
    test(url).await;
    eprintln!("on PostgreSQL");
    test(shared_server().database().await).await;
}

/// The settings for a database in tests.
pub(crate) fn config(url: &str) -> DatabaseConfig {
    DatabaseConfig { url: url.to_owned(), max_connections: 4, acquire_timeout_ms: 60_000 }
}

/// Opens a database.
pub(crate) async fn open(url: &str) -> Store {
    Store::open(&config(url)).await.unwrap()
}

/// The PostgreSQL server that all tests share.
pub(crate) fn shared_server() -> &'static PostgresServer {
    static SERVER: OnceLock<PostgresServer> = OnceLock::new();
    SERVER.get_or_init(PostgresServer::start)
}

/// A PostgreSQL server on a free port with its files in a temporary folder.
///
/// It runs under a shell that waits for the end of its own input and then stops the server and removes the folder. The
/// input is a pipe from this process, so the server ends with it however it ends.
pub(crate) struct PostgresServer {
    port: u16,
    watcher: Child,
    template: Mutex<Option<String>>,
}

impl PostgresServer {
    /// Starts a server; panics with what to install when there is none.
    pub(crate) fn start() -> Self {
        let programs = programs();
        // Somebody else may take the port between the search and the start.
        for _ in 0..3 {
            let folder = tempfile::Builder::new().prefix("plenary-postgres-").tempdir().unwrap().keep();
            let owner = unprivileged_owner(&folder);
            let mut initdb = command(&programs.join("initdb"), owner);
            initdb.args(["--username=plenary", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]);
            let output = initdb.arg("-D").arg(folder.join("data")).current_dir(&folder).output().unwrap();
            assert!(output.status.success(), "initdb: {}", String::from_utf8_lossy(&output.stderr));
            let port = free_port();
            let watcher = watch(&programs, &folder, owner, port);
            let server = PostgresServer { port, watcher, template: Mutex::new(None) };
            if is_ready(&folder) {
                return server;
            }
            eprintln!("PostgreSQL did not start:\n{}", std::fs::read_to_string(folder.join("log")).unwrap_or_default());
        }
        panic!("PostgreSQL did not start");
    }

    /// The URL of a fresh database with the newest schema, copied from a template.
    pub(crate) async fn database(&self) -> String {
        let mut template = self.template.lock().await;
        if template.is_none() {
            let url = self.empty_database().await;
            let store = open(&url).await;
            store.migrate().await.unwrap();
            store.close().await.unwrap();
            *template = url.rsplit('/').next().map(str::to_owned);
        }
        // One at a time: PostgreSQL refuses to copy a database while somebody is connected to it.
        self.create(&format!("TEMPLATE {}", template.as_deref().unwrap())).await
    }

    /// The URL of a fresh database without any schema.
    pub(crate) async fn empty_database(&self) -> String {
        self.create("TEMPLATE template0").await
    }

    async fn create(&self, how: &str) -> String {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("test_{}", COUNT.fetch_add(1, Ordering::Relaxed));
        let server = Database::connect(self.url("postgres")).await.unwrap();
        server.execute_unprepared(&format!("CREATE DATABASE {name} {how}")).await.unwrap();
        server.close().await.unwrap();
        self.url(&name)
    }

    fn url(&self, database: &str) -> String {
        format!("postgres://plenary@127.0.0.1:{}/{database}", self.port)
    }
}

impl Drop for PostgresServer {
    /// Stops the server at once, as a crash would, and waits for it. (Statics are not dropped: see the watcher.)
    fn drop(&mut self) {
        drop(self.watcher.stdin.take());
        self.watcher.wait().ok();
    }
}

/// The server under its watcher. Background jobs of a shell don't share its input, so only the shell holds the pipe.
fn watch(programs: &Path, folder: &Path, owner: Option<(u32, u32)>, port: u16) -> Child {
    let script = r#"
        "$1" -D "$2/data" -p "$3" -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=300 \
            -c fsync=off -c full_page_writes=off -c shared_buffers=32MB >"$2/log" 2>&1 &
        server=$!
        read -r _
        kill -QUIT $server
        wait $server
        rm -rf "$2"
    "#;
    let mut shell = command(Path::new("/bin/sh"), owner);
    shell.args(["-c", script, "sh"]).arg(programs.join("postgres")).arg(folder).arg(port.to_string());
    // In a process group of its own it is not interrupted together with the tests.
    shell.process_group(0).current_dir(folder).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    shell.spawn().expect("a shell runs")
}

/// Waits until the server says in its own file that it takes connections.
fn is_ready(folder: &Path) -> bool {
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(20) {
        let status = std::fs::read_to_string(folder.join("data/postmaster.pid")).unwrap_or_default();
        if status.lines().nth(7).is_some_and(|line| line.trim() == "ready") {
            return true;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    false
}

/// A command that runs as `owner`, where one is given.
fn command(program: &Path, owner: Option<(u32, u32)>) -> Command {
    let mut command = Command::new(program);
    if let Some((user, group)) = owner {
        command.uid(user).gid(group);
    }
    command
}

/// PostgreSQL refuses to run as root. Where the tests are root, the folder is given to somebody who is not.
fn unprivileged_owner(folder: &Path) -> Option<(u32, u32)> {
    if std::fs::metadata(folder).unwrap().uid() != 0 {
        return None;
    }
    let users = std::fs::read_to_string("/etc/passwd").unwrap();
    let (user, group) = ["postgres", "nobody"]
        .iter()
        .find_map(|name| {
            let mut fields = users.lines().find(|line| line.split(':').next() == Some(name))?.split(':').skip(2);
            Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
        })
        .expect("there is a user `postgres` or `nobody`");
    chown(folder, Some(user), Some(group)).unwrap();
    Some((user, group))
}

/// The folder with the server's programs: the newest in Debian's place, or what `pg_config` names, or the path.
fn programs() -> PathBuf {
    let mut folders: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .map(|versions| versions.filter_map(io::Result::ok).map(|version| version.path().join("bin")).collect())
        .unwrap_or_default();
    folders.sort_by_key(|folder| {
        let version = folder.parent().and_then(Path::file_name).and_then(|name| name.to_str()?.parse::<u32>().ok());
        std::cmp::Reverse(version)
    });
    if let Ok(output) = Command::new("pg_config").arg("--bindir").output() {
        folders.push(PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()));
    }
    folders.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    let complete = |folder: &PathBuf| ["initdb", "postgres"].iter().all(|program| folder.join(program).is_file());
    folders.into_iter().find(complete).expect(
        "these tests need PostgreSQL 15 or newer: `apt-get install postgresql` on Debian, `brew install postgresql` on macOS",
    )
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
