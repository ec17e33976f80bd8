//! What an answer costs, without the network: `cargo bench --bench serve`.
//!
//! Three page-sized queries, uncached (parsed documents are kept, answers are not) and cached, beside a bare axum handler
//! that returns the same bytes, on the demo event and on one with a hundred times its papers and people. A table of the
//! ratios comes last.

use std::convert::Infallible;
use std::hint::black_box;
use std::path::{Path, PathBuf};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::response::Response;
use axum::routing::post;
use criterion::{BenchmarkId, Criterion, Throughput};
use http::Request;
use http_body_util::BodyExt;
use plenary::access::Viewer;
use plenary::app::App;
use plenary::clock::Clock;
use plenary::config::Config;
use tower::{Service, ServiceExt};

mod content;

const EVENTS: [&str; 2] = ["enlsp-2022", "large"];

const QUERIES: [(&str, &str); 3] = [
    ("landing", include_str!("queries/landing.graphql")),
    ("schedule", include_str!("queries/schedule.graphql")),
    ("papers", include_str!("queries/papers.graphql")),
];

/// An application over a fresh database with both events.
async fn application(folder: &Path, responses_bytes: u64) -> App {
    let mut config = Config::load(None).expect("the defaults are valid");
    config.database.url = format!("sqlite://{}?mode=rwc", folder.join(format!("{responses_bytes}.db")).display());
    config.cache.responses_bytes = responses_bytes;
    let app = App::open(config, Clock::System).await.expect("the application opens");
    let editor = Viewer::Operator.creator().expect("the operator may write");
    for document in [content::demo(), content::large(100)] {
        app.store.put_document(&editor, document, Clock::System.now()).await.expect("the content is stored");
    }
    app.shelf.refresh().await.expect("the shelf follows");
    app
}

fn request(query: &str, slug: &str) -> Request<Body> {
    let body = serde_json::json!({ "query": query, "variables": { "slug": slug } }).to_string();
    Request::post("/graphql").header("content-type", "application/json").body(Body::from(body)).expect("a request")
}

async fn answer<S>(service: &S, request: Request<Body>) -> Bytes
where
    S: Service<Request<Body>, Response = Response, Error = Infallible> + Clone,
{
    let Ok(answer) = service.clone().oneshot(request).await;
    answer.into_body().collect().await.expect("the body is in memory").to_bytes()
}

fn serve(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (uncached, cached) =
        runtime.block_on(async { (application(folder.path(), 0).await, application(folder.path(), 1 << 26).await) });
    let (uncached_service, cached_service) = (uncached.service(), cached.service());
    for slug in EVENTS {
        for (name, query) in QUERIES {
            let bytes = runtime.block_on(answer(&cached_service, request(query, slug)));
            assert!(bytes.starts_with(b"{\"data\":{\"event\":{"), "{}", String::from_utf8_lossy(&bytes));
            let body = bytes.clone();
            let bare = Router::new().route("/graphql", post(move |_: Bytes| async move { body }));
            let mut group = criterion.benchmark_group(format!("{slug}/{name}"));
            group.throughput(Throughput::Bytes(bytes.len() as u64));
            group.bench_function(BenchmarkId::from_parameter("bare"), |bencher| {
                bencher.to_async(&runtime).iter(|| async { black_box(answer(&bare, request(query, slug)).await) });
            });
            for (kind, service) in [("cached", &cached_service), ("uncached", &uncached_service)] {
                group.bench_function(BenchmarkId::from_parameter(kind), |bencher| {
                    bencher
                        .to_async(&runtime)
                        .iter(|| async { black_box(answer(service, request(query, slug)).await) });
                });
            }
            group.finish();
        }
    }
    drop((uncached, cached));
}

/// The median time of a benchmark as criterion kept it, in microseconds.
fn median(slug: &str, name: &str, kind: &str) -> Option<f64> {
    let criterion = PathBuf::from(std::env::var_os("CARGO_TARGET_DIR").unwrap_or("target".into())).join("criterion");
    let file = criterion.join(format!("{slug}_{name}")).join(kind).join("new/estimates.json");
    let estimates: serde_json::Value = serde_json::from_slice(&std::fs::read(file).ok()?).ok()?;
    Some(estimates["median"]["point_estimate"].as_f64()? / 1_000.0)
}

/// How the times relate; speeds relate the other way round.
#[expect(clippy::print_stdout, reason = "the table is what the benchmark is run for")]
fn print_ratios() {
    println!("{:<10} {:<9} {:>11} {:>11} {:>11}", "event", "query", "cached µs", "uncached µs", "bare µs");
    for slug in EVENTS {
        for (name, _) in QUERIES {
            let times = ["cached", "uncached", "bare"].map(|kind| median(slug, name, kind));
            if let [Some(cached), Some(uncached), Some(bare)] = times {
                println!("{slug:<10} {name:<9} {cached:>11.1} {uncached:>11.1} {bare:>11.1}");
            }
        }
    }
    for kind in ["cached", "uncached"] {
        if let (Some(small), Some(large)) = (median(EVENTS[0], "papers", kind), median(EVENTS[1], "papers", kind)) {
            println!("20 papers of 4,000 take {:.2} times as long as 20 of 40 ({kind})", large / small);
        }
    }
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    serve(&mut criterion);
    criterion.final_summary();
    if std::env::args().any(|argument| argument == "--bench") {
        print_ratios();
    }
}
