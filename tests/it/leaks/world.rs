//! The world that is crawled: public events with hidden parts, drafts, and people with every kind of access.
//!
//! There are two of them, which everybody without a right must find the same: one with secrets and one without.

use std::collections::{BTreeSet, HashMap};

use plenary::access::{Editor, Role, Viewer};
use plenary::config::{Config, Limits};
use plenary::content::{Document, Id, Markdown, Publication};
use plenary::store::{Store, Version};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::canaries::{self, Hidden, WORD, add, hide, plant, show, songs};
use crate::accounts::desk::Desk;
use crate::harness::{database, sample};

/// Live, with items that are held back and embargoed.
pub(super) const OPEN: &str = "open";
/// Published by releases, with staged edits.
pub(super) const STABLE: &str = "stable";
/// Live; where those are members who are strangers to the others.
pub(super) const ELSEWHERE: &str = "elsewhere";
/// The series of the open event and of one of the drafts.
pub(super) const SERIES: &str = "open-series";
/// Drafts.
pub(super) const DRAFT: &str = "zyzzyva-0bb8";
pub(super) const EDITION: &str = "zyzzyva-edition";
/// What the event that is published by releases is to be called next, and its series.
pub(super) const STAGED: &str = "zyzzyva-07d0";
/// The series of the draft, and what the one of the staged event is to be called.
pub(super) const HIDDEN_SERIES: [&str; 2] = ["zyzzyva-0bb9", "zyzzyva-07d1"];
/// In what is private to an account.
pub(super) const PRIVATE: &str = "quagga";

/// Where the ids of a document begin.
const START: u128 = 1000;
const HELD_BACK: u128 = 1200;
const EMBARGOED: u128 = 1400;
const STABLE_START: u128 = 2000;
const STAGED_ITEMS: u128 = 2200;
const HELD_BACK_IN_RELEASE: u128 = 2400;
const DRAFT_START: u128 = 3000;
const EDITION_START: u128 = 3200;
const ELSEWHERE_START: u128 = 4000;

/// A running server, and everybody who comes to it.
pub(super) struct World {
    pub(super) desk: Desk,
    /// Whoever may see everything, by the scope of their token.
    pub(super) owner: String,
    /// The owner's token for reading.
    pub(super) reader: String,
    pub(super) editor: String,
    pub(super) reviewer: String,
    /// Those who are strangers to the events with secrets.
    pub(super) strangers: Vec<(&'static str, String)>,
    /// What nobody is ever told again.
    pub(super) secrets: Vec<String>,
    /// The ids of the releases.
    pub(super) releases: Vec<Id>,
    /// Where the database is, if nobody else keeps it.
    _folder: Option<TempDir>,
}

/// What is hidden, for those who guess: the same in both worlds.
pub(super) struct Guesses {
    /// Ids of hidden records.
    pub(super) ids: Vec<String>,
    /// The slug of a hidden item of each list.
    pub(super) slugs: HashMap<String, String>,
    /// The ids of hidden items of each list.
    pub(super) of_list: HashMap<String, Vec<String>>,
    /// Everything that whoever sees all must find.
    pub(super) songs: BTreeSet<String>,
}

/// The sample with other ids, shown to everybody.
fn visible(start: u128, slug: &str, publication: &str) -> Value {
    let mut value = canaries::json(&sample::document(start, slug));
    show(&mut value);
    value["event"]["publication"] = json!(publication);
    value
}

/// A document full of canaries.
fn secret(start: u128) -> Value {
    let mut value = canaries::json(&sample::document(start, "secret"));
    plant(&mut value, WORD);
    value
}

fn hidden(start: u128, how: Hidden) -> Value {
    let mut value = secret(start);
    hide(&mut value, how);
    value
}

fn id(number: u128) -> Value {
    json!(sample::id(number).to_string())
}

/// A copy of the item with an id, as another one.
fn copy(document: &Value, list: &str, of: u128, number: u128, change: impl FnOnce(&mut Value)) -> Value {
    let items = document[list].as_array().unwrap();
    let mut item = items.iter().find(|item| item["id"] == id(of)).unwrap().clone();
    item["id"] = id(number);
    item["slug"] = json!(format!("{list}-{number}"));
    item["position"] = json!(50);
    change(&mut item);
    item
}

/// The live event. Some of what everybody sees leads to what is hidden, or takes part in it.
fn open(with_secrets: bool, is_gone: bool) -> Value {
    let mut open = visible(START, OPEN, "LIVE");
    let [room, track, paper, talk, award] = [30, 31, 32, 34, 37].map(|number| START + number);
    let [hidden_room, hidden_track, hidden_paper] = [30, 31, 32].map(|number| HELD_BACK + number);
    let gone = copy(&open, "sessions", talk, START + 90, |session| {
        session.as_object_mut().unwrap().remove("parent");
        if is_gone {
            session["published"] = json!(false);
        }
        if is_gone && with_secrets {
            session["title"] = json!(format!("{WORD} sessions-title"));
            session["startsAt"] = json!("2022-12-02T16:00:00Z");
            session["endsAt"] = json!("2022-12-02T17:00:00Z");
        }
    });
    let leading = copy(&open, "sessions", talk, START + 91, |session| {
        // How many numbers were given before is different in the two worlds.
        session["number"] = json!(777);
        for (field, secret, public) in
            [("room", hidden_room, room), ("track", hidden_track, track), ("paper", hidden_paper, paper)]
        {
            session[field] = id(if with_secrets { secret } else { public });
            if !with_secrets {
                session.as_object_mut().unwrap().remove(field);
            }
        }
    });
    let won = copy(&open, "awards", award, START + 92, |award| {
        let papers = if with_secrets { vec![id(hidden_paper), id(paper)] } else { vec![id(paper)] };
        award["papers"] = json!(papers);
    });
    open["sessions"].as_array_mut().unwrap().push(gone);
    if is_gone {
        open["sessions"].as_array_mut().unwrap().push(leading);
        open["awards"].as_array_mut().unwrap().push(won);
    }
    if with_secrets {
        add(&mut open, hidden(HELD_BACK, Hidden::HeldBack));
        add(&mut open, hidden(EMBARGOED, Hidden::Embargoed));
        // Somebody whom everybody knows is to speak.
        let speaker = &mut open["speakers"].as_array_mut().unwrap();
        let held_back = speaker.iter_mut().find(|speaker| speaker["published"] == json!(false)).unwrap();
        held_back["person"] = id(START + 12);
    }
    open
}

/// What the second release holds: the first was made of a draft and never seen.
fn stable(with_secrets: bool) -> Value {
    let mut stable = visible(STABLE_START, STABLE, "DRAFT");
    if with_secrets {
        add(&mut stable, hidden(HELD_BACK_IN_RELEASE, Hidden::HeldBack));
    }
    stable
}

fn never_seen(word: &str) -> Value {
    let mut early = visible(STABLE_START, STABLE, "DRAFT");
    plant(&mut early, word);
    let extra = copy(&early, "sessions", STABLE_START + 35, STABLE_START + 95, |_| {});
    early["sessions"].as_array_mut().unwrap().push(extra);
    early
}

fn staged() -> Value {
    let mut staged = visible(STABLE_START, STABLE, "RELEASED");
    plant(&mut staged, WORD);
    let mut more = secret(STAGED_ITEMS);
    show(&mut more);
    add(&mut staged, more);
    staged
}

fn draft() -> Value {
    let mut draft = secret(DRAFT_START);
    show(&mut draft);
    let person = canaries::json(&sample::document(START, OPEN))["people"][0].clone();
    draft["speakers"][0]["person"] = person["id"].clone();
    draft["people"].as_array_mut().unwrap().push(person);
    draft
}

/// The next edition of the series that everybody knows.
fn edition() -> Value {
    let mut edition = canaries::json(&Document::new(sample::event(EDITION_START, EDITION)));
    plant(&mut edition, WORD);
    let public = visible(START, OPEN, "LIVE");
    edition["event"]["slug"] = json!(EDITION);
    edition["event"]["publication"] = json!("DRAFT");
    edition["event"]["edition"] = json!(3);
    edition["event"]["series"] = public["series"]["id"].clone();
    edition["series"] = public["series"].clone();
    edition
}

/// The event elsewhere, as its owner has it.
pub(super) fn own_document() -> Value {
    visible(ELSEWHERE_START, ELSEWHERE, "LIVE")
}

/// Every document that holds secrets.
pub(super) fn secret_documents() -> Vec<Value> {
    vec![hidden(HELD_BACK, Hidden::HeldBack), hidden(EMBARGOED, Hidden::Embargoed), staged(), draft(), edition()]
}

impl Guesses {
    pub(super) fn new() -> Guesses {
        let mut guesses =
            Guesses { ids: Vec::new(), slugs: HashMap::new(), of_list: HashMap::new(), songs: BTreeSet::new() };
        let held_back = hidden(HELD_BACK, Hidden::HeldBack);
        for (list, items) in held_back.as_object().unwrap() {
            if let Some(slug) = items[0]["slug"].as_str() {
                guesses.slugs.insert(list.clone(), slug.to_owned());
            }
        }
        for document in [held_back, hidden(EMBARGOED, Hidden::Embargoed), secret(STAGED_ITEMS), draft(), edition()] {
            for (list, items) in document.as_object().unwrap() {
                let ids = items.as_array().into_iter().flatten().filter_map(|item| item["id"].as_str());
                // Everybody knows whom the draft shares with the live event.
                let ids = ids.filter(|id| *id != sample::id(START + 10).to_string()).map(str::to_owned);
                let of_list = guesses.of_list.entry(list.clone()).or_default();
                of_list.extend(ids);
            }
        }
        let mut lists: Vec<&String> = guesses.of_list.keys().collect();
        lists.sort();
        guesses.ids = lists.into_iter().flat_map(|list| guesses.of_list[list].clone()).collect();
        guesses.ids.extend([DRAFT_START, DRAFT_START + 1, EDITION_START].map(|number| sample::id(number).to_string()));
        let shown = [open(true, true), staged(), draft(), edition()];
        shown.iter().for_each(|document| songs(document, &mut guesses.songs));
        guesses
    }
}

async fn put(store: &Store, value: Value) {
    store.put_document(&operator(), canaries::document(value), sample::now()).await.unwrap();
}

fn operator() -> Editor {
    Viewer::Operator.creator().unwrap()
}

/// Makes a release of the event that is published by releases; answers its id.
async fn release(store: &Store, word: &str) -> Id {
    let name = Some(format!("{word} release-name"));
    let note = Some(Markdown(format!("{word} release-note")));
    let event = sample::id(STABLE_START);
    store.publish(&operator(), event, Version { name, note }, sample::now()).await.unwrap().unwrap().id
}

/// What may be asked in one request: these tests are not about the guard, and ask for everything at once.
fn boundless(config: &mut Config) {
    let many = 100_000;
    config.graphql.limits = Limits {
        bytes: 1 << 20,
        tokens: 100_000,
        depth: 32,
        aliases: many,
        root_fields: many,
        directives: many,
        fields: many,
        cost: u64::MAX,
    };
    config.server.body_limit_bytes = 16 << 20;
    config.server.request_timeout_ms = 60_000;
    let webhooks = &mut config.webhooks;
    (webhooks.allow_http, webhooks.allow_private) = (true, true);
    (webhooks.burst_ms, webhooks.poll_interval_ms) = (60, 20);
    config.server.public_url = Some("https://api.example.org".to_owned());
}

impl World {
    /// A world with secrets, and the same one without them in another database.
    pub(super) async fn both(database: &str) -> (World, World) {
        let folder = tempfile::tempdir().unwrap();
        let other = format!("sqlite://{}?mode=rwc", folder.path().join("plenary.db").display());
        database::open(&other).await.migrate().await.unwrap();
        let without = World { _folder: Some(folder), ..World::new(&other, false).await };
        (World::new(database, true).await, without)
    }

    /// Fills a database and starts a server over it; half of what happens, happens while the server runs.
    pub(super) async fn new(database: &str, with_secrets: bool) -> World {
        let word = if with_secrets { WORD } else { "Earlier" };
        let store = database::open(database).await;
        put(&store, visible(ELSEWHERE_START, ELSEWHERE, "LIVE")).await;
        put(&store, open(false, false)).await;
        put(&store, never_seen(word)).await;
        let never_seen = release(&store, word).await;
        put(&store, stable(with_secrets)).await;
        let releases = vec![never_seen, release(&store, "First").await];
        let event = sample::id(STABLE_START);
        let publication = Publication::Released;
        store.set_publication(&operator(), event, publication, sample::now()).await.unwrap().unwrap();
        let desk = Desk::over(database, boundless).await;
        // Both are in memory before anything else happens.
        for slug in [OPEN, STABLE] {
            let query = format!("{{ event(slug: \"{slug}\") {{ sessions {{ totalCount }} }} }}");
            assert!(desk.ask(None, &query, Value::Null).await["data"]["event"].is_object());
        }
        put(&store, open(with_secrets, true)).await;
        if with_secrets {
            put(&store, staged()).await;
            put(&store, draft()).await;
            put(&store, edition()).await;
        }
        store.close().await.unwrap();
        desk.app.shelf.refresh().await.unwrap();
        World { releases, ..World::populate(desk, with_secrets).await }
    }

    /// A world without secrets, and another event.
    pub(super) async fn with(database: &str, event: Value) -> World {
        let world = World::new(database, false).await;
        put(&world.desk.app.store, event).await;
        world.desk.app.shelf.refresh().await.unwrap();
        world
    }

    async fn populate(desk: Desk, with_secrets: bool) -> World {
        let mut slugs = vec![OPEN, if with_secrets { STAGED } else { STABLE }];
        if with_secrets {
            slugs.extend([DRAFT, EDITION]);
        }
        let quagga = format!("{PRIVATE}@example.org");
        for (email, role) in [
            ("owner@example.org", Role::Owner),
            (&*quagga, Role::Owner),
            ("editor@example.org", Role::Editor),
            ("reviewer@example.org", Role::Reviewer),
        ] {
            let user = desk.user(email).await;
            for slug in &slugs {
                desk.app.store.add_member(desk.event(slug).await, user, role, desk.now()).await.unwrap();
            }
        }
        let owner = desk.app.store.user_with_email("owner@example.org").await.unwrap().unwrap().id;
        desk.app.store.add_member(desk.event(ELSEWHERE).await, owner, Role::Owner, desk.now()).await.unwrap();
        desk.user("nobody@example.org").await;
        desk.member("elsewhere@example.org", ELSEWHERE, Role::Owner).await;
        let login = async |email: &str| desk.login(email).await.access;
        let (owner, editor, reviewer) =
            (login("owner@example.org").await, login("editor@example.org").await, login("reviewer@example.org").await);
        let reader = desk.script(&owner, &["READ"], None).await;
        let limited = desk.script(&owner, &["READ", "WRITE", "PUBLISH", "MANAGE"], Some(&[ELSEWHERE])).await;
        let mut secrets = private(&desk, &owner, &slugs).await;
        for token in [&reader, &limited] {
            secrets.push(token["plenary_pat_".len() + 8..].to_owned());
        }
        let strangers = vec![
            ("a user without a role", login("nobody@example.org").await),
            ("an owner of another event", login("elsewhere@example.org").await),
            ("a script for another event", limited),
        ];
        World { desk, owner, reader, editor, reviewer, strangers, secrets, releases: Vec::new(), _folder: None }
    }

    /// The strangers with their tokens.
    pub(super) fn each_stranger(&self) -> impl Iterator<Item = (&'static str, Option<&str>)> {
        self.strangers.iter().map(|(who, token)| (*who, Some(token.as_str())))
    }
}

/// What only those find who manage an event, and the owner of an account; answers what nobody finds.
async fn private(desk: &Desk, owner: &str, slugs: &[&str]) -> Vec<String> {
    let mut secrets = vec!["$argon2".to_owned()];
    for slug in slugs {
        let url = format!("https://hooks.example.org/{PRIVATE}-hook");
        let hook = json!({"event": slug, "url": url});
        let made = desk.run(Some(owner), "createWebhook", "secret", hook).await;
        secrets.push(made["secret"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned());
        let invited = json!({"event": slug, "email": format!("{PRIVATE}-{slug}@example.org"), "role": "EDITOR"});
        let made = desk.run(Some(owner), "inviteMember", "secret", invited).await;
        secrets.push(made["secret"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned());
    }
    let token = json!({"name": format!("{PRIVATE} token"), "scopes": ["READ"]});
    let made = desk.run(Some(owner), "createAccessToken", "secret", token).await;
    secrets.push(made["secret"].as_str().unwrap()["plenary_pat_".len() + 8..].to_owned());
    secrets
}
