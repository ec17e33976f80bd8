//! The floor that Plenary is measured against: a bare axum handler that answers every request with the bytes of a file.
//!
//! `cargo run --release --example bare -- 127.0.0.1:9000 FILE`

use axum::Router;
use axum::body::Bytes;
use axum::http::header::CONTENT_TYPE;
use axum::routing::post;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(address), Some(file)) = (arguments.next(), arguments.next()) else {
        return Err("usage: bare IP:PORT FILE".into());
    };
    let body = Bytes::from(std::fs::read(file)?);
    let answer = move |_: Bytes| async move { ([(CONTENT_TYPE, "application/json; charset=utf-8")], body) };
    let listener = tokio::net::TcpListener::bind(address).await?;
    axum::serve(listener, Router::new().route("/graphql", post(answer))).await?;
    Ok(())
}
