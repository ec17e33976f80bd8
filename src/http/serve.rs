//! Serving a router until it is told to stop: requests that are being answered may finish within a time of grace.

use std::future::Future;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::error::Error;

/// Answers on `listener` until `stop` is done; then takes no more connections, and gives those that are open `grace`.
/// Answers whether all of them finished.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    stop: impl Future<Output = ()> + Send + 'static,
    grace: Duration,
) -> Result<bool, Error> {
    let (stopping, stopped) = watch::channel(false);
    let mut grace_begins = stopped.clone();
    let signal = async move {
        stop.await;
        let _ = stopping.send(true);
    };
    let server = axum::serve(listener, router).with_graceful_shutdown(signal);
    let patience = async move {
        // If the sender is gone, the server has stopped by itself.
        let _ = grace_begins.wait_for(|stopping| *stopping).await;
        tokio::time::sleep(grace).await;
    };
    tokio::select! {
        served = async { server.await } => {
            served.map_err(Error::io("the server stopped"))?;
            Ok(true)
        }
        () = patience => Ok(false),
    }
}
