//! The program as its users start it.

use std::io::{BufRead, BufReader};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// The program, with nothing but a folder of its own.
fn plenary(folder: &std::path::Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plenary"));
    command.current_dir(folder).stdin(Stdio::null());
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("PLENARY")) {
        command.env_remove(name);
    }
    command
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn run(folder: &std::path::Path, arguments: &[&str]) -> Output {
    plenary(folder).args(arguments).output().unwrap()
}

#[test]
fn bad_settings_stop_the_start_and_name_their_key() {
    let folder = tempfile::tempdir().unwrap();
    let output =
        plenary(folder.path()).args(["serve"]).env("PLENARY__SERVER__REQUEST_TIMEOUT_MS", "never").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let error = text(&output.stderr);
    assert!(error.starts_with("error: ") && error.contains("server.request_timeout_ms"), "{error}");
    std::fs::write(folder.path().join("plenary.toml"), "[server]\nport = 5\n").unwrap();
    let error = text(&run(folder.path(), &["migrate"]).stderr);
    assert!(error.contains("port") && error.contains("plenary.toml"), "{error}");
    assert_eq!(run(folder.path(), &["serve", "--nonsense"]).status.code(), Some(2));
    assert_eq!(run(folder.path(), &["--config", "none.toml", "serve"]).status.code(), Some(1));
}

#[test]
fn the_schema_and_completions_need_no_settings() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("plenary.toml"), "nonsense").unwrap();
    let output = run(folder.path(), &["schema"]);
    assert!(output.status.success() && text(&output.stdout).contains("type Query"));
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let output = run(folder.path(), &["completions", shell]);
        assert!(output.status.success() && text(&output.stdout).contains("plenary"));
    }
}

#[test]
fn the_operator_can_migrate_ask_and_issue_tokens() {
    let folder = tempfile::tempdir().unwrap();
    assert!(text(&run(folder.path(), &["migrate"]).stdout).contains("up to date"));
    let output = run(folder.path(), &["query", "{ events(view: WORKING) { totalCount } }"]);
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["data"]["events"]["totalCount"], 0, "{answer}");
    let arguments = ["query", "query($s: String!) { event(slug: $s) { name } }", "--variables", "{\"s\": \"none\"}"];
    assert!(text(&run(folder.path(), &arguments).stdout).contains("\"event\": null"));
    let output = run(folder.path(), &["query", "{ nothing }"]);
    assert_eq!(output.status.code(), Some(1));
    let output = run(folder.path(), &["token", "--subject", "preview", "--event", "a", "--valid-for", "90m"]);
    assert_eq!(text(&output.stdout).trim().split('.').count(), 3);
    let output = run(folder.path(), &["token", "--subject", "preview", "--valid-for", "31d"]);
    assert_eq!(output.status.code(), Some(1));
    let output = run(folder.path(), &["token", "--subject", "preview", "--valid-for", "soon"]);
    assert_eq!(output.status.code(), Some(2));
}

#[tokio::test]
async fn the_demo_says_where_to_look_and_its_queries_work() {
    let folder = tempfile::tempdir().unwrap();
    let mut demo = plenary(folder.path())
        .args(["demo", "--address", "127.0.0.1:0"])
        .env("TMPDIR", folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(demo.stdout.take().unwrap()).lines().map(Result::unwrap);
    let lines: Vec<_> = lines.take_while(|line| !line.starts_with("Ctrl-C")).collect();
    let commands: Vec<_> = lines.iter().filter(|line| line.starts_with("curl ")).collect();
    assert_eq!(commands.len(), 4);
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    for command in commands {
        let address = command.split(' ').find(|word| word.starts_with("http://")).unwrap();
        let quoted: Vec<_> = command.split('\'').skip(1).step_by(2).collect();
        let (body, headers) = quoted.split_last().unwrap();
        let headers = headers.iter().map(|header| header.split_once(": ").unwrap());
        let request = headers.fold(client.post(address), |request, (name, value)| request.header(name, value));
        let answer: Value = request.body((*body).to_owned()).send().await.unwrap().json().await.unwrap();
        let data = answer["data"].as_object().and_then(|data| data.values().next());
        assert!(answer.get("errors").is_none() && data.is_some_and(Value::is_object), "{command}: {answer}");
    }
    let stopped = Command::new("kill").args(["-TERM", &demo.id().to_string()]).status().unwrap();
    assert!(stopped.success() && demo.wait().unwrap().success());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "the demo leaves nothing");
}
