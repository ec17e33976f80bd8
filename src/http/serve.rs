//! Serving until it is told to stop: requests that are being answered may finish within a time of grace.

use std::convert::Infallible;
use std::future::Future;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::serve::Listener;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};

use super::envelope::Service;
use super::patience::Patient;
use super::peer::Connection;
use super::subscriptions::Stopping;

/// How long a client may take for the head of a request; idle connections are closed after as long.
const HEAD_TIMEOUT: Duration = Duration::from_secs(60);
/// How long a client may take for its first words, and how long it may take in nothing of what is written to it.
const PATIENCE: Duration = Duration::from_secs(60);

/// Answers on `listener` until `stop` is done; then takes no more connections, closes those that are idle, and gives the
/// others `grace`. Answers whether all of them finished.
///
/// axum's own `serve` has no time for the head of a request, and waits for the last client without end.
pub async fn serve(
    mut listener: TcpListener,
    service: Service,
    stop: impl Future<Output = ()>,
    grace: Duration,
) -> bool {
    let connections = GracefulShutdown::new();
    let (tell, told) = watch::channel(false);
    let (alive, mut all_done) = mpsc::channel(1);
    let stopping = Stopping::new(told, alive);
    let mut stop = pin!(stop);
    loop {
        // This accept takes a rest when there are no more file descriptors, and never fails.
        tokio::select! {
            (stream, peer) = Listener::accept(&mut listener) => {
                answer(stream, peer.ip(), service.clone(), &stopping, &connections);
            }
            () = &mut stop => break,
        }
    }
    drop((listener, stopping));
    // Answers that go on by themselves end now. A WebSocket is no connection of HTTP any more, and waited for apart.
    let _ = tell.send(true);
    let end = async {
        connections.shutdown().await;
        all_done.recv().await;
    };
    tokio::time::timeout(grace, end).await.is_ok()
}

fn answer(stream: TcpStream, peer: IpAddr, service: Service, stopping: &Stopping, connections: &GracefulShutdown) {
    // Answers are written whole, so there is nothing to wait for. Where it can't be said, answers are a little slower.
    let _ = stream.set_nodelay(true);
    let stream = Patient::new(stream, PATIENCE);
    // Requests know where they come from, and when the server stops.
    let connection = Arc::new(Connection { peer, stopping: stopping.clone() });
    let own = Arc::new((service, connection));
    let service = service_fn(move |request: Request<Incoming>| {
        let own = own.clone();
        // Boxed, since a connection moves it about, and has the room for it while it waits for a request.
        Box::pin(async move {
            let (service, connection) = &*own;
            Ok::<_, Infallible>(service.answer(request.map(Body::new), Some(connection)).await)
        })
    });
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT);
    builder.http2().timer(TokioTimer::new()).keep_alive_interval(HEAD_TIMEOUT);
    let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), service).into_owned();
    let connection = connections.watch(connection);
    tokio::spawn(async move {
        // A client that goes away in the middle is no fault of this side.
        if let Err(error) = connection.await {
            tracing::debug!(%error, "a connection broke");
        }
    });
}
