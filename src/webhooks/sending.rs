//! One request to an endpoint: bounded in time and size, to an address that was looked at, never redirected, never through
//! a proxy. It knows no message and decides nothing.
//!
//! A connection is made for each request. Messages to one endpoint are few and seldom, and a connection that is kept would
//! go on leading to an address that was looked at long ago.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, header};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use url::Host;

use super::addresses::{Target, may_connect};
use crate::config::WebhooksConfig;
use crate::error::Error;

/// How many bytes of an answer are read; the delivery log shows them.
const MAX_ANSWER: usize = 1_000;
/// How many bytes the head of an answer may have.
const MAX_HEAD: usize = 16 * 1_024;
/// How many addresses of a name are tried.
const MAX_ADDRESSES: usize = 4;
/// How long one of them may take to take a connection.
const CONNECTING: Duration = Duration::from_secs(5);
/// Who sends.
const USER_AGENT: &str = concat!("Plenary/", env!("CARGO_PKG_VERSION"), " (+webhooks)");

/// What an endpoint answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) status: u16,
    /// The value of `Retry-After`.
    pub(super) retry_after: Option<String>,
    /// The beginning of the body, as far as it is text.
    pub(super) text: String,
}

/// Sends requests.
#[derive(Clone)]
pub(super) struct Sender {
    tls: TlsConnector,
    timeout: Duration,
    allow_private: bool,
}

impl Sender {
    pub(super) fn new(config: &WebhooksConfig) -> Result<Sender, Error> {
        let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        if let Some(file) = &config.ca_file {
            add_authorities(&mut roots, file)?;
        }
        let builder = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()));
        let mut tls = builder
            .with_safe_default_protocol_versions()
            .expect("the provider has the ciphers of the default versions")
            .with_root_certificates(roots)
            .with_no_client_auth();
        tls.alpn_protocols = vec![b"http/1.1".to_vec()];
        let timeout = Duration::from_millis(config.timeout_ms);
        Ok(Sender { tls: TlsConnector::from(Arc::new(tls)), timeout, allow_private: config.allow_private })
    }

    /// Posts a body with headers; the error is for whoever reads the delivery log.
    pub(super) async fn post(
        &self,
        target: &Target,
        headers: &[(&'static str, String)],
        body: String,
    ) -> Result<Answer, String> {
        let mut request = Request::post(&target.path)
            .header(header::HOST, &target.authority)
            .header(header::USER_AGENT, USER_AGENT)
            .header(header::ACCEPT, "*/*")
            .header(header::CONTENT_TYPE, "application/json");
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let request = request.body(Full::new(Bytes::from(body))).map_err(|_| "the request can't be made".to_owned())?;
        let answer = tokio::time::timeout(self.timeout, self.exchange(target, request)).await;
        answer.unwrap_or_else(|_| Err(format!("no answer within {} ms", self.timeout.as_millis())))
    }

    async fn exchange(&self, target: &Target, request: Request<Full<Bytes>>) -> Result<Answer, String> {
        let stream = self.connect(target).await?;
        if !target.is_encrypted {
            return talk(stream, request).await;
        }
        let name = server_name(&target.host).ok_or("the name of the host is none that a certificate can have")?;
        let stream = self.tls.connect(name, stream).await.map_err(|error| format!("no TLS: {error}"))?;
        talk(stream, request).await
    }

    /// A connection to one of the addresses that may be connected to. What is looked at is what is connected to: there is
    /// no second look-up in between.
    async fn connect(&self, target: &Target) -> Result<TcpStream, String> {
        let addresses: Vec<IpAddr> = match &target.host {
            Host::Ipv4(address) => vec![IpAddr::V4(*address)],
            Host::Ipv6(address) => vec![IpAddr::V6(*address)],
            Host::Domain(name) => {
                let found = tokio::net::lookup_host((name.as_str(), target.port)).await;
                let found = found.map_err(|_| "the name of the host leads to no address".to_owned())?;
                found.map(|address| address.ip()).collect()
            }
        };
        let allowed = addresses.into_iter().filter(|address| may_connect(*address, self.allow_private));
        let mut problem = "the host has no address that messages may be sent to".to_owned();
        for address in allowed.take(MAX_ADDRESSES) {
            let connecting = TcpStream::connect(SocketAddr::new(address, target.port));
            match tokio::time::timeout(CONNECTING, connecting).await {
                Ok(Ok(stream)) => return Ok(stream),
                Ok(Err(error)) => problem = format!("no connection: {}", in_words(error.kind())),
                Err(_) => problem = format!("no connection: {}", in_words(io::ErrorKind::TimedOut)),
            }
        }
        Err(problem)
    }
}

/// Adds the certificates in a file, of which there has to be one.
fn add_authorities(roots: &mut RootCertStore, file: &Path) -> Result<(), Error> {
    let broken =
        || Error::Configuration("webhooks.ca_file names a file that can't be read, or has no certificates".to_owned());
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_file_iter(file).map_err(|_| broken())?.collect();
    let (added, ignored) = roots.add_parsable_certificates(certificates.map_err(|_| broken())?);
    if added == 0 || ignored > 0 { Err(broken()) } else { Ok(()) }
}

/// Sends a request over a connection and reads the beginning of the answer.
async fn talk<S>(stream: S, request: Request<Full<Bytes>>) -> Result<Answer, String>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let broke = |error: hyper::Error| format!("the connection broke: {error}");
    let mut builder = http1::Builder::new();
    builder.max_buf_size(MAX_HEAD);
    let (mut sender, connection) = builder.handshake(TokioIo::new(stream)).await.map_err(broke)?;
    // It ends with this function, however that ends.
    let mut driving = JoinSet::new();
    driving.spawn(connection);
    let answer = sender.send_request(request).await.map_err(broke)?;
    let status = answer.status().as_u16();
    let retry_after =
        answer.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()).map(str::to_owned);
    // A body that breaks off takes nothing from the status.
    Ok(Answer { status, retry_after, text: beginning(answer).await })
}

async fn beginning(mut answer: Response<Incoming>) -> String {
    let mut bytes = Vec::new();
    while bytes.len() < MAX_ANSWER
        && let Some(Ok(frame)) = answer.frame().await
    {
        if let Some(data) = frame.data_ref() {
            bytes.extend_from_slice(&data[..data.len().min(MAX_ANSWER - bytes.len())]);
        }
    }
    let text = String::from_utf8_lossy(&bytes);
    text.chars().filter(|character| !character.is_control() || *character == '\n').collect()
}

fn server_name(host: &Host<String>) -> Option<ServerName<'static>> {
    match host {
        Host::Domain(name) => ServerName::try_from(name.clone()).ok(),
        Host::Ipv4(address) => Some(ServerName::IpAddress(IpAddr::V4(*address).into())),
        Host::Ipv6(address) => Some(ServerName::IpAddress(IpAddr::V6(*address).into())),
    }
}

fn in_words(kind: io::ErrorKind) -> &'static str {
    match kind {
        io::ErrorKind::ConnectionRefused => "it was refused",
        io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted => "it was reset",
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => "the host can't be reached",
        io::ErrorKind::TimedOut => "the host does not answer",
        _ => "it failed",
    }
}
