//! The program itself: its commands, and the server that they start, as a user has them.

use std::path::PathBuf;
use std::process::{Output, Stdio};
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// The program, set up for a database and without anything of the surroundings.
pub(crate) fn command(database: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plenary"));
    command
        .env("PLENARY__DATABASE__URL", database)
        .env("PLENARY__SERVER__ADDRESS", "127.0.0.1:0")
        .env("NO_COLOR", "1")
        .current_dir(std::env::temp_dir())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

/// Runs a command to its end.
pub(crate) async fn plenary(database: &str, arguments: &[&str]) -> Output {
    let running = command(database).args(arguments).output();
    tokio::time::timeout(Duration::from_secs(60), running).await.expect("the command ends").unwrap()
}

/// The folder of a real site that is not in this repository; says so when it is not there.
pub(crate) fn shared_site(name: &str) -> Option<PathBuf> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/sites");
    let folder = std::env::var_os("PLENARY_SHARED_SITES").map_or(beside, PathBuf::from).join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("NOT RUN: the real site {name} is not there; PLENARY_SHARED_SITES names the folder that holds it");
    None
}

/// A server on a free port; it ends when this is dropped.
pub(crate) struct Server {
    process: Child,
    url: String,
    http: reqwest::Client,
}

impl Server {
    /// Starts a server over a database and waits until it answers.
    pub(crate) async fn start(database: &str) -> Server {
        Server::start_with(&mut command(database)).await
    }

    /// Starts a server with more settings.
    pub(crate) async fn start_with(command: &mut Command) -> Server {
        let mut process = command.arg("serve").spawn().unwrap();
        let mut lines = BufReader::new(process.stderr.take().unwrap()).lines();
        let mut seen = String::new();
        let url = loop {
            let line = tokio::time::timeout(Duration::from_secs(30), lines.next_line()).await;
            let line = line.expect("the server starts").unwrap();
            let line = line.unwrap_or_else(|| panic!("the server ended before it answered:\n{seen}"));
            if let Some(at) = line.find("http://127.0.0.1:") {
                break line[at..].split_whitespace().next().unwrap().to_owned();
            }
            seen.push_str(&line);
            seen.push('\n');
        };
        // The log is read to its end, so that the server never waits for a reader.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Server { process, url, http: reqwest::Client::new() }
    }

    /// The URL of a path.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// Asks a GraphQL query and gives the whole answer.
    pub(crate) async fn graphql(&self, query: &str) -> Value {
        let body = serde_json::json!({ "query": query });
        let answer = self.http.post(self.url("/graphql")).json(&body).send().await.unwrap();
        answer.json().await.unwrap()
    }

    /// Kills the server, which can do nothing about it.
    pub(crate) async fn kill(mut self) {
        self.process.kill().await.unwrap();
    }

    /// Asks the server to stop, and waits until it has.
    pub(crate) async fn stop(mut self) {
        let id = self.process.id().expect("the server runs").to_string();
        let asked = Command::new("kill").args(["-TERM", &id]).status().await.unwrap();
        assert!(asked.success());
        let ended = tokio::time::timeout(Duration::from_secs(20), self.process.wait()).await;
        assert!(ended.expect("the server stops when asked").unwrap().success());
    }
}
