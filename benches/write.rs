//! What an edit costs, and whether it costs more in a large event: `cargo bench --bench write`.
//!
//! One edit is the whole way of a mutation without the network: the newest content is taken from the shelf, one paper gets
//! another title, checks, transaction and log entry, the shelf follows, and the public snapshot shows it. It is done in an
//! event of 40 papers and in one of 4,000, in turn, on SQLite and, where `PLENARY_BENCH_POSTGRES` names an empty database,
//! on PostgreSQL. The time of storing the large document comes first. Last comes how long it takes until another server of
//! the same database shows an edit of the large event.

use std::sync::Arc;
use std::time::{Duration, Instant};

use plenary::access::Viewer;
use plenary::app::App;
use plenary::clock::Clock;
use plenary::config::Config;
use plenary::content::{Document, Kind, Paper, Record};
use plenary::snapshot::View;

mod content;

const ROUNDS: usize = 200;
/// How many edits are watched for on another server.
const WATCHED: usize = 100;

/// Gives the first paper another title; answers how long that took until everybody could see it.
async fn edit(app: &App, event: plenary::content::Id, round: usize) -> Duration {
    let editor = Viewer::Operator.creator().expect("the operator may write");
    let begin = Instant::now();
    let base = app.shelf.stored(event).await.expect("the store answers").expect("the event is there");
    let title = format!("Title {round}");
    let wanted = title.clone();
    let change = move |draft: &mut plenary::publishing::Draft| {
        let id = draft.document().papers[0].head.id;
        let paper = draft.item::<Paper>(Kind::Paper, id)?;
        draft.put(Record::Paper(Arc::new(Paper { title, ..Paper::clone(&paper) })));
        Ok(())
    };
    let written = app.store.edit(&editor, &base, &[], Clock::System.now(), change).await.expect("the store answers");
    written.expect("the edit is right");
    app.shelf.refresh().await.expect("the shelf follows");
    let public = app.shelf.snapshot(event, View::Public).await.expect("the store answers").expect("it is public");
    assert_eq!(public.document().papers[0].title, wanted);
    begin.elapsed()
}

/// How long it takes from the answer to an edit until the public sees it on another server: each of [`WATCHED`] edits,
/// begun at another moment of that server's rhythm.
async fn watch(app: &App, replica: &App, event: plenary::content::Id) -> Vec<Duration> {
    let mut times = Vec::new();
    let mut follows = replica.shelf.follows();
    for round in 0..WATCHED {
        tokio::time::sleep(Duration::from_millis((round * 7 % 100) as u64)).await;
        edit(app, event, ROUNDS + round).await;
        let begin = Instant::now();
        let wanted = format!("Title {}", ROUNDS + round);
        loop {
            let public =
                replica.shelf.snapshot(event, View::Public).await.expect("it is loaded").expect("it is public");
            if public.document().papers[0].title == wanted {
                break times.push(begin.elapsed());
            }
            follows.changed().await.expect("the shelf lives");
        }
    }
    times.sort_unstable();
    times
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

#[expect(clippy::print_stdout, reason = "the figures are what the benchmark is run for")]
async fn measure(name: &str, url: String, small: &Document, large: &Document) {
    let mut config = Config::load(None).expect("the defaults are valid");
    config.database.url = url;
    plenary::store::Store::open(&config.database).await.expect("it opens").migrate().await.expect("it migrates");
    let app = App::open(config.clone(), Clock::System).await.expect("the application opens");
    let editor = Viewer::Operator.creator().expect("the operator may write");
    app.store.put_document(&editor, small.clone(), Clock::System.now()).await.expect("the content is stored");
    let begin = Instant::now();
    app.store.put_document(&editor, large.clone(), Clock::System.now()).await.expect("the content is stored");
    println!(
        "{name}: storing {} papers and {} people took {:.2?}",
        large.papers.len(),
        large.people.len(),
        begin.elapsed()
    );
    app.shelf.refresh().await.expect("the shelf follows");
    let events = [small.event.id, large.event.id];
    let mut times = [Vec::new(), Vec::new()];
    for round in 0..ROUNDS {
        for (event, times) in events.into_iter().zip(&mut times) {
            let time = edit(&app, event, round).await;
            if round >= ROUNDS / 10 {
                times.push(time);
            }
        }
    }
    let [of_small, of_large] = times.map(median);
    let ratio = of_large.as_secs_f64() / of_small.as_secs_f64();
    println!(
        "{name}: an edit takes {of_small:.2?} among 40 papers, {of_large:.2?} among 4,000: {ratio:.2} times as long"
    );
    let replica = App::open(config, Clock::System).await.expect("the application opens");
    let times = watch(&app, &replica, large.event.id).await;
    let (half, most) = (times[times.len() / 2], times[times.len() * 99 / 100 - 1]);
    println!("{name}: another server shows an edit after {half:.0?}, 99 of {WATCHED} within {most:.0?}");
}

fn main() {
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let folder = tempfile::tempdir().expect("a temporary folder");
    runtime.block_on(async {
        let (small, large) = (content::demo(), content::large(100));
        let sqlite = format!("sqlite://{}?mode=rwc", folder.path().join("write.db").display());
        measure("SQLite", sqlite, &small, &large).await;
        if let Ok(url) = std::env::var("PLENARY_BENCH_POSTGRES") {
            measure("PostgreSQL", url, &small, &large).await;
        }
    });
}
