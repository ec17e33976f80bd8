//! `plenary serve`: answers requests until it is told to stop.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpListener;

use crate::app::App;
use crate::clock::Clock;
use crate::config::Config;
use crate::error::Error;
use crate::http;
use crate::snapshot::View;

/// How long a webhook that is on its way may take when the server stops; it is delivered again if it takes longer.
const DELIVERY_GRACE: Duration = Duration::from_secs(2);

#[derive(Debug, clap::Args)]
pub(super) struct ServeArgs {
    /// The address to listen on, in place of the configured one; port 0 takes a free one.
    #[arg(long, value_name = "IP:PORT")]
    address: Option<SocketAddr>,
}

pub(super) async fn run(args: ServeArgs, mut config: Config) -> Result<(), Error> {
    config.server.address = args.address.unwrap_or(config.server.address);
    let listener = listen(config.server.address).await?;
    let app = App::open(config, Clock::System).await?;
    let address = listener.local_addr().map_err(Error::io("the address can't be read"))?;
    let stop = stop_signal()?;
    tracing::info!(
        version = env!("CARGO_PKG_VERSION"),
        url = %public_url(&app.config, address),
        events = app.shelf.catalogue().side(View::Working).events.len(),
        "answering"
    );
    serve(&app, listener, stop).await
}

/// Takes an address to listen on.
pub(super) async fn listen(address: SocketAddr) -> Result<TcpListener, Error> {
    TcpListener::bind(address).await.map_err(Error::io(format!("can't listen on {address} (server.address)")))
}

/// Answers until `stop` says so, and then lets requests finish.
pub(super) async fn serve(
    app: &App,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), Error> {
    let grace = Duration::from_millis(app.config.server.shutdown_grace_ms);
    let address = listener.local_addr().map_err(Error::io("the address can't be read"))?;
    let webhooks = app.deliver_webhooks(&public_url(&app.config, address))?;
    let finished = http::serve(listener, app.service(), stop, grace).await;
    if let Some(webhooks) = webhooks {
        webhooks.stop(grace.min(DELIVERY_GRACE)).await;
    }
    if finished {
        tracing::info!("stopped");
    } else {
        tracing::warn!("stopped while requests were being answered: the time of grace was over");
    }
    app.close().await
}

/// Where clients find the server.
pub(super) fn public_url(config: &Config, address: SocketAddr) -> String {
    config.server.public_url.clone().unwrap_or_else(|| {
        let host = match address.ip() {
            ip if ip.is_unspecified() => "localhost".to_owned(),
            std::net::IpAddr::V6(ip) => format!("[{ip}]"),
            std::net::IpAddr::V4(ip) => ip.to_string(),
        };
        format!("http://{host}:{}", address.port())
    })
}

/// What waits for SIGINT or SIGTERM. From now on these end nothing by themselves: whoever is told that the server answers
/// may ask it to stop.
pub(super) fn stop_signal() -> Result<impl Future<Output = ()> + Send + 'static, Error> {
    #[cfg(unix)]
    let asked = {
        use tokio::signal::unix::{SignalKind, signal};
        let failed = || Error::io("signals can't be waited for");
        let mut interrupt = signal(SignalKind::interrupt()).map_err(failed())?;
        let mut terminate = signal(SignalKind::terminate()).map_err(failed())?;
        async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        }
    };
    #[cfg(not(unix))]
    let asked = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    Ok(async move {
        asked.await;
        tracing::info!("stopping: requests that are being answered may finish");
    })
}
