//! `plenary user`, and a server that logs everything and tells nothing.

use serde_json::{Value, json};
use tokio::io::AsyncReadExt;

use super::desk::PASSWORD;
use crate::harness::server::command;
use crate::harness::{on_each_database, plenary};

async fn user(database: &str, arguments: &[&str], password: Option<&str>) -> (bool, String) {
    let mut command = command(database);
    command.arg("user").args(arguments);
    if let Some(password) = password {
        command.env("PLENARY_USER_PASSWORD", password);
    }
    let output = command.output().await.unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(text).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn those_who_run_the_server_add_users() {
    on_each_database(async |database| {
        let add = ["add", "Ada@example.org", "--name", "Ada", "--administrator"];
        let (done, text) = user(&database, &add, None).await;
        assert!(!done && text.contains("PLENARY_USER_PASSWORD"), "{text}");
        let (done, text) = user(&database, &add, Some("short")).await;
        assert!(!done && text.contains("12 characters"), "{text}");
        let (done, text) = user(&database, &add, Some(PASSWORD)).await;
        assert!(done && text.trim().len() == 36, "{text}");
        let (done, text) = user(&database, &add, Some(PASSWORD)).await;
        assert!(!done && text.contains("already"), "{text}");
        let (done, text) = user(&database, &["list"], None).await;
        assert!(done && text.contains("ada@example.org") && text.contains("everything"), "{text}");
        assert!(!text.contains("argon2"), "{text}");
        assert!(user(&database, &["password", "ada@example.org"], Some("another good password")).await.0);
        assert!(user(&database, &["disable", "ada@example.org"], None).await.0);
        assert!(user(&database, &["list"], None).await.1.contains(" no "));
        assert!(user(&database, &["enable", "ada@example.org"], None).await.0);
        let (done, text) = user(&database, &["role", "ada@example.org", "--event", "none", "owner"], None).await;
        assert!(!done && text.contains("no event"), "{text}");
        assert!(user(&database, &["delete", "ada@example.org"], None).await.0);
        assert!(!user(&database, &["disable", "ada@example.org"], None).await.0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_is_in_the_log_or_in_an_answer() {
    on_each_database(async |database| {
        let folder = tempfile::tempdir().unwrap();
        let site = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/fixtures/jekyll-site");
        let arguments = ["import", "jekyll", site.to_str().unwrap(), "--event", "fixture"];
        assert!(plenary(&database, &arguments).await.status.success());
        assert!(user(&database, &["add", "ada@example.org", "--name", "Ada"], Some(PASSWORD)).await.0);
        assert!(user(&database, &["role", "ada@example.org", "--event", "fixture", "owner"], None).await.0);

        let mut server = command(&database);
        server.arg("-vv").arg("serve").env("PLENARY__AUTH__KEY_FILE", folder.path().join("key.pem"));
        server.env("RUST_BACKTRACE", "1");
        let mut process = server.spawn().unwrap();
        let mut errors = process.stderr.take().unwrap();
        let (send, mut lines) = tokio::sync::mpsc::unbounded_channel();
        let reading = tokio::spawn(async move {
            let mut log = Vec::new();
            let mut buffer = [0; 8192];
            while let Ok(length @ 1..) = errors.read(&mut buffer).await {
                log.extend_from_slice(&buffer[..length]);
                let _ = send.send(String::from_utf8_lossy(&log).into_owned());
            }
            String::from_utf8_lossy(&log).into_owned()
        });
        let url = loop {
            let log = lines.recv().await.expect("the server starts");
            if let Some(at) = log.find("http://127.0.0.1:").filter(|at| log[*at..].contains(' ')) {
                break format!("{}/graphql", log[at..].split_whitespace().next().unwrap());
            }
        };
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let mut answers = String::new();
        let mut ask = async |token: Option<&str>, query: String| -> Value {
            let request = client.post(&url).json(&json!({ "query": query }));
            let request = token.iter().fold(request, reqwest::RequestBuilder::bearer_auth);
            let text = request.send().await.unwrap().text().await.unwrap();
            answers.push_str(&text);
            serde_json::from_str(&text).unwrap()
        };
        let sign_in = "signIn { accessToken refreshToken } userErrors { message }";
        let login = |password: &str| {
            format!(
                "mutation {{ login(input: {{email: \"ada@example.org\", password: \"{password}\"}}) {{ {sign_in} }} }}"
            )
        };
        let wrong = "a wrong secret password";
        ask(None, login(wrong)).await;
        ask(None, format!("mutation {{ login(input: {{email: \"a\", password: [\"{wrong}\"]}}) {{ {sign_in} }} }}"))
            .await;
        ask(None, format!("mutation {{ login(input: {{email: \"a\" password: \"{wrong}\" x: 1}}) {{ {sign_in} }}"))
            .await;
        ask(Some("a-bad-secret-token"), "{ viewer { kind } }".to_owned()).await;
        let session = ask(None, login(PASSWORD)).await["data"]["login"]["signIn"].clone();
        let access = session["accessToken"].as_str().unwrap().to_owned();
        let refresh = session["refreshToken"].as_str().unwrap().to_owned();
        let made = ask(
            Some(&access),
            "mutation { createAccessToken(input: {name: \"x\", scopes: [MANAGE]}) { secret } }".to_owned(),
        )
        .await;
        let script = made["data"]["createAccessToken"]["secret"].as_str().unwrap().to_owned();
        let invite =
            "mutation { inviteMember(input: {event: \"fixture\", email: \"b@example.org\", role: EDITOR}) { secret } }";
        let invited = ask(Some(&script), invite.to_owned()).await;
        let invitation = invited["data"]["inviteMember"]["secret"].as_str().unwrap().to_owned();
        let renew = format!("mutation {{ refreshSession(input: {{refreshToken: \"{refresh}\"}}) {{ {sign_in} }} }}");
        ask(None, renew).await;
        let everything = "{ viewer { user { id } accessTokens { id prefix name } memberships { role event { slug
            members { role user { name email } } invitations { email } } } } }";
        let shown = ask(Some(&access), everything.to_owned()).await.to_string();

        let stopped = tokio::process::Command::new("kill").args(["-TERM", &process.id().unwrap().to_string()]).status();
        assert!(stopped.await.unwrap().success());
        process.wait().await.unwrap();
        let log = reading.await.unwrap();
        assert!(log.contains("answered") && log.contains("signed in"), "the log is full: {log}");
        for secret in [PASSWORD, wrong, "a-bad-secret-token", &access, &refresh, &script[16..], &invitation[19..]] {
            assert!(!log.contains(secret), "{secret} is in the log");
            assert!(!shown.contains(secret), "{secret} is shown");
        }
        assert!(!log.contains("argon2id") && !answers.contains("argon2id"));
        assert!(!answers.contains(PASSWORD) && !answers.contains(wrong), "{answers}");
    })
    .await;
}
