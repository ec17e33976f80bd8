//! Subscriptions: two transports, WebSocket (`websocket`, which speaks `protocol`) and server-sent events (`events`), over
//! the same operations (`operation`), for somebody whose rights are looked at again while they last (`identity`).
//!
//! This file counts what is open and knows when the server stops.

pub(super) mod events;
mod identity;
mod operation;
mod protocol;
pub(super) mod websocket;

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, StatusCode};
use parking_lot::Mutex;
use tokio::sync::{mpsc, watch};

use super::failure::Failure;
use super::peer::{self, Connection};
use crate::access::network;
use crate::config::SubscriptionsConfig;
use crate::graphql::error::Code;

/// How often the rights of whoever is connected are looked at again.
const RECHECK: Duration = Duration::from_millis(900);

/// The connections that are open, by the network that they come from.
#[derive(Debug, Default)]
pub(super) struct Connections {
    open: Mutex<HashMap<IpAddr, usize>>,
}

/// A connection that counts as open until this is dropped.
#[derive(Debug)]
struct Place {
    connections: Arc<Connections>,
    address: IpAddr,
}

impl Connections {
    /// Lets one more in, if there is room.
    fn enter(self: &Arc<Self>, address: IpAddr, config: &SubscriptionsConfig) -> Result<Place, Failure> {
        let mut open = self.open.lock();
        if open.values().sum::<usize>() >= config.connections {
            let message = "as many subscriptions are open as this server holds; try again later";
            return Err(Failure::new(StatusCode::SERVICE_UNAVAILABLE, Code::LimitReached, message));
        }
        let here = open.entry(address).or_default();
        if *here >= config.connections_per_address {
            let message = "as many subscriptions are open from your address as may be; close one, or try again later";
            return Err(Failure::new(StatusCode::TOO_MANY_REQUESTS, Code::LimitReached, message));
        }
        *here += 1;
        Ok(Place { connections: self.clone(), address })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Entry::Occupied(mut here) = self.connections.open.lock().entry(self.address) {
            *here.get_mut() -= 1;
            if *here.get() == 0 {
                here.remove();
            }
        }
    }
}

/// Tells answers that go on when the server stops; as long as one of these is there, the server knows that somebody is
/// not done.
#[derive(Clone, Debug)]
pub(super) struct Stopping {
    told: watch::Receiver<bool>,
    _alive: mpsc::Sender<Infallible>,
}

impl Stopping {
    pub(super) fn new(told: watch::Receiver<bool>, alive: mpsc::Sender<Infallible>) -> Stopping {
        Stopping { told, _alive: alive }
    }

    /// Waits until the server stops.
    async fn wait(&mut self) {
        if self.told.wait_for(|stops| *stops).await.is_err() {
            // Nobody is left who could stop it: then it ends with the process.
            std::future::pending::<()>().await;
        }
    }

    /// The one of a request. A request that came through no listener has none that ever says so.
    fn of(connection: Option<&Connection>) -> Stopping {
        let there = connection.map(|connection| connection.stopping.clone());
        there.unwrap_or_else(|| Stopping::new(watch::channel(false).1, mpsc::channel(1).0))
    }
}

/// From which network a request came.
fn address(connection: Option<&Connection>, headers: &HeaderMap, trusted: &[IpAddr]) -> IpAddr {
    let address = peer::client(connection.map(|connection| connection.peer), headers, trusted);
    address.map_or(IpAddr::from([0, 0, 0, 0]), network)
}

fn millis(number: u64) -> Duration {
    Duration::from_millis(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_are_counted_by_address() {
        let mut config = crate::config::Config::defaults().subscriptions;
        (config.connections, config.connections_per_address) = (3, 2);
        let connections = Arc::new(Connections::default());
        let [one, other] = [IpAddr::from([127, 0, 0, 1]), IpAddr::from([127, 0, 0, 2])];
        let first = connections.enter(one, &config).unwrap();
        let _second = connections.enter(one, &config).unwrap();
        assert_eq!(connections.enter(one, &config).unwrap_err().status(), 429);
        let third = connections.enter(other, &config).unwrap();
        assert_eq!(connections.enter(other, &config).unwrap_err().status(), 503);
        drop(first);
        drop(third);
        assert_eq!(*connections.open.lock(), HashMap::from([(one, 1)]));
        let _again = connections.enter(one, &config).unwrap();
    }
}
