//! A server that is killed in the middle of a stream of mutations: everything that it has acknowledged is there, nothing is
//! half there, and the change log leads to the rows.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use plenary::content::{Id, Kind, Record};
use plenary::store::Store;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::server::command;
use crate::harness::{Server, database, on_each_database, plenary};

/// How often the server is killed, on each database.
const KILLS: usize = 100;
/// How many write at once.
const WRITERS: usize = 4;
/// How long all of it may take on one database.
const PATIENCE: Duration = Duration::from_secs(300);
const EVENT: &str = "fixture";
const PASSWORD: &str = "correct horse battery";
/// How many sessions come and go together.
const GROUP: usize = 3;

/// What a writer knows of something that it has written.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Thing {
    /// A paper with its number.
    Paper(usize),
    /// A few sessions.
    Sessions(Vec<Id>),
}

/// What one writer knows.
#[derive(Debug, Default)]
struct Known {
    there: HashMap<Id, Thing>,
    gone: HashSet<Id>,
    /// What was sent last, if no answer came: before and after, of which one is true.
    unsure: Option<(Id, Option<Thing>, Option<Thing>)>,
    turn: usize,
}

impl Known {
    /// The next mutation, with its input and what it makes of a thing.
    fn next(&mut self) -> (&'static str, Value, Id, Option<Thing>) {
        self.turn += 1;
        let paper = self.there.iter().find_map(|(id, thing)| match thing {
            Thing::Paper(number) => Some((*id, *number)),
            Thing::Sessions(_) => None,
        });
        let new = Id(Uuid::now_v7());
        match (self.turn % 5, paper) {
            (1 | 2, Some((id, number))) => {
                let input = json!({"id": id.to_string(), "number": (number + 1).to_string()});
                ("updatePaper", input, id, Some(Thing::Paper(number + 1)))
            }
            (3, Some((id, _))) if self.there.len() > 6 => ("deletePaper", json!({"id": id.to_string()}), id, None),
            (4, _) => {
                let ids: Vec<Id> = (0..GROUP).map(|_| Id(Uuid::now_v7())).collect();
                let change = |id: &Id| json!({"session": {"id": id.to_string(), "title": "Together"}});
                let changes: Vec<Value> = ids.iter().map(change).collect();
                ("applyChanges", json!({"event": EVENT, "changes": changes}), new, Some(Thing::Sessions(ids)))
            }
            _ => {
                let input = json!({"event": EVENT, "id": new.to_string(), "title": "A paper", "number": "0"});
                ("createPaper", input, new, Some(Thing::Paper(0)))
            }
        }
    }

    fn settle(&mut self, id: Id, after: Option<Thing>) {
        match after {
            Some(thing) => _ = self.there.insert(id, thing),
            None => {
                self.there.remove(&id);
                self.gone.insert(id);
            }
        }
    }
}

/// Writes until the server is gone.
async fn write(
    client: reqwest::Client,
    url: String,
    token: String,
    mut known: Known,
    acknowledged: Arc<AtomicUsize>,
) -> Known {
    loop {
        let (mutation, input, id, after) = known.next();
        known.unsure = Some((id, known.there.get(&id).cloned(), after.clone()));
        let name = mutation[..1].to_uppercase() + &mutation[1..];
        let query = format!("mutation($i: {name}Input!) {{ {mutation}(input: $i) {{ userErrors {{ message }} }} }}");
        let body = json!({ "query": query, "variables": { "i": input } });
        let Ok(response) = client.post(&url).bearer_auth(&token).json(&body).send().await else { return known };
        let Ok(answer) = response.json::<Value>().await else { return known };
        assert_eq!(answer["data"][mutation]["userErrors"], json!([]), "{answer}");
        known.settle(id, after);
        known.unsure = None;
        acknowledged.fetch_add(1, Ordering::Relaxed);
    }
}

/// Compares what the writers know with what is stored, and decides what they are unsure of.
fn compare(known: &mut Known, papers: &HashMap<Id, String>, sessions: &HashSet<Id>) {
    let is = |id: Id, thing: Option<&Thing>| match thing {
        None => !papers.contains_key(&id),
        Some(Thing::Paper(number)) => papers.get(&id) == Some(&number.to_string()),
        Some(Thing::Sessions(ids)) => ids.iter().all(|id| sessions.contains(id)),
    };
    if let Some((id, before, after)) = known.unsure.take() {
        if let (None, Some(Thing::Sessions(ids))) = (&before, &after) {
            let there = ids.iter().filter(|id| sessions.contains(id)).count();
            assert!(there == 0 || there == GROUP, "{there} of {GROUP} that belong together");
            if there == GROUP {
                known.settle(id, after);
            }
        } else if is(id, after.as_ref()) {
            known.settle(id, after);
        } else {
            assert!(is(id, before.as_ref()), "{id} is neither {before:?} nor {after:?}");
        }
    }
    for (id, thing) in &known.there {
        assert!(is(*id, Some(thing)), "{id} was acknowledged as {thing:?} and is not there");
    }
    for id in &known.gone {
        assert!(!papers.contains_key(id), "{id} was deleted and is there");
    }
}

/// The log from its beginning leads to what is stored, without a gap.
async fn check_log(store: &Store, event: Id) {
    let changes = store.changes_after(0, 1_000_000).await.unwrap();
    assert!(changes.iter().map(|change| change.sequence).eq(1..=store.newest_sequence().await.unwrap()));
    let mut records: HashMap<(Kind, Id), Record> = HashMap::new();
    for change in changes {
        match change.after {
            Some(after) => _ = records.insert((change.kind, change.item), after),
            None => _ = records.remove(&(change.kind, change.item)),
        }
    }
    let stored = store.load(event).await.unwrap().unwrap().document.records();
    assert_eq!(records.len(), stored.len());
    for record in stored {
        assert_eq!(records.get(&(record.kind(), record.id())), Some(&record));
    }
}

async fn set_up(database: &str, folder: &Path) -> String {
    let site = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/fixtures/jekyll-site");
    let arguments = ["import", "jekyll", site.to_str().unwrap(), "--event", EVENT];
    assert!(plenary(database, &arguments).await.status.success());
    for arguments in [
        vec!["user", "add", "ada@example.org", "--name", "Ada"],
        vec!["user", "role", "ada@example.org", "--event", EVENT, "editor"],
    ] {
        let done = command(database).args(arguments).env("PLENARY_USER_PASSWORD", PASSWORD).status().await;
        assert!(done.unwrap().success());
    }
    let server = start(database, folder).await;
    let login = "mutation { login(input: {email: \"ada@example.org\", password: \"correct horse battery\"}) \
                 { signIn { accessToken } } }";
    let answer = server.graphql(login).await;
    server.kill().await;
    answer["data"]["login"]["signIn"]["accessToken"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
}

async fn start(database: &str, folder: &Path) -> Server {
    let mut command = command(database);
    command.env("PLENARY__AUTH__KEY_FILE", folder.join("key.pem")).stdout(Stdio::null());
    Server::start_with(&mut command).await
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_was_acknowledged_is_lost_when_the_server_is_killed() {
    on_each_database(async |url| {
        let folder = tempfile::tempdir().unwrap();
        let token = set_up(&url, folder.path()).await;
        let store = database::open(&url).await;
        let event = store.find_event(EVENT).await.unwrap().unwrap();
        let mut writers: Vec<Known> = (0..WRITERS).map(|_| Known::default()).collect();
        let acknowledged = Arc::new(AtomicUsize::new(0));
        let begun = Instant::now();
        for kill in 0..KILLS {
            let server = start(&url, folder.path()).await;
            let client = reqwest::Client::builder().no_proxy().build().unwrap();
            let writing: Vec<_> = writers
                .drain(..)
                .map(|known| {
                    let url = server.url("/graphql");
                    tokio::spawn(write(client.clone(), url, token.clone(), known, acknowledged.clone()))
                })
                .collect();
            // Another moment each time, with the stream flowing.
            let wanted = acknowledged.load(Ordering::Relaxed) + 1 + kill % 4;
            while acknowledged.load(Ordering::Relaxed) < wanted {
                assert!(begun.elapsed() < PATIENCE, "the server takes no writes after {kill} kills");
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            tokio::time::sleep(Duration::from_millis((kill as u64 * 7) % 30)).await;
            server.kill().await;
            for writer in writing {
                writers.push(writer.await.unwrap());
            }
            let document = store.load(event).await.unwrap().unwrap().document;
            let number = |paper: &plenary::content::Paper| paper.number.clone().unwrap_or_default();
            let papers = document.papers.iter().map(|paper| (paper.head.id, number(paper))).collect();
            let sessions = document.sessions.iter().map(|session| session.head.id).collect();
            writers.iter_mut().for_each(|known| compare(known, &papers, &sessions));
            let positions: HashSet<i32> = document.papers.iter().map(|paper| paper.head.position).collect();
            assert_eq!(positions.len(), document.papers.len(), "no position is there twice");
        }
        let acknowledged = acknowledged.load(Ordering::Relaxed);
        eprintln!("{KILLS} kills, {acknowledged} acknowledged mutations, {:.0?}", begun.elapsed());
        check_log(&store, event).await;
        store.close().await.unwrap();
    })
    .await;
}
