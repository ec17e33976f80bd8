//! A WebSocket that speaks graphql-transport-ws, message by message.

use std::net::SocketAddr;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::{Request, Response};
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

/// How long the tests wait for a message.
const PATIENCE: Duration = Duration::from_secs(20);

/// What comes over a socket.
#[derive(Debug, PartialEq)]
pub(crate) enum Heard {
    /// A message.
    Message(Value),
    /// The server closed it with a code; `None` where it is only gone.
    Closed(Option<u16>),
}

pub(crate) struct Socket {
    pub(crate) stream: WebSocketStream<TcpStream>,
}

impl Socket {
    /// The request of a handshake.
    pub(crate) fn request(address: SocketAddr, protocol: Option<&str>) -> Request<()> {
        let mut request = format!("ws://{address}/graphql").into_client_request().unwrap();
        if let Some(protocol) = protocol {
            request.headers_mut().insert("sec-websocket-protocol", protocol.parse().unwrap());
        }
        request
    }

    /// Shakes hands.
    pub(crate) async fn connect(request: Request<()>) -> Result<(Socket, Response<Option<Vec<u8>>>), Box<Error>> {
        let stream = TcpStream::connect(request.uri().authority().unwrap().as_str()).await.unwrap();
        let (stream, response) = client_async(request, stream).await?;
        Ok((Socket { stream }, response))
    }

    /// A socket on which nothing has been said.
    pub(crate) async fn silent(address: SocketAddr) -> Socket {
        Socket::connect(Socket::request(address, Some("graphql-transport-ws"))).await.unwrap().0
    }

    /// A socket whose server knows who is there.
    pub(crate) async fn open(address: SocketAddr, payload: Value) -> Socket {
        let mut socket = Socket::silent(address).await;
        socket.say(&json!({"type": "connection_init", "payload": payload})).await;
        assert_eq!(socket.hear().await, Heard::Message(json!({"type": "connection_ack"})));
        socket
    }

    pub(crate) async fn say(&mut self, message: &Value) {
        self.say_text(&message.to_string()).await;
    }

    pub(crate) async fn say_text(&mut self, text: &str) {
        self.stream.send(Message::Text(text.into())).await.unwrap();
    }

    pub(crate) async fn subscribe(&mut self, id: &str, query: &str) {
        self.say(&json!({"type": "subscribe", "id": id, "payload": {"query": query}})).await;
    }

    /// Waits until what was subscribed before has begun: a query that is sent after it has its answer.
    pub(crate) async fn begun(&mut self) {
        self.subscribe("begun", "{ __typename }").await;
        self.message("next").await;
        self.message("complete").await;
    }

    /// The next message, or the end.
    pub(crate) async fn hear(&mut self) -> Heard {
        self.hear_within(PATIENCE).await.expect("the server says something")
    }

    /// The next message or the end, if it comes in time.
    pub(crate) async fn hear_within(&mut self, time: Duration) -> Option<Heard> {
        let heard = async {
            loop {
                match self.stream.next().await {
                    Some(Ok(Message::Text(text))) => return Heard::Message(serde_json::from_str(&text).unwrap()),
                    Some(Ok(Message::Close(frame))) => return Heard::Closed(frame.map(|frame| frame.code.into())),
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => return Heard::Closed(None),
                }
            }
        };
        tokio::time::timeout(time, heard).await.ok()
    }

    /// The next message, which must be one of this type.
    pub(crate) async fn message(&mut self, kind: &str) -> Value {
        match self.hear().await {
            Heard::Message(message) if message["type"] == kind => message,
            other => panic!("{other:?} is no {kind}"),
        }
    }

    /// The next message of `eventChanged`.
    pub(crate) async fn change(&mut self) -> Value {
        self.message("next").await["payload"]["data"]["eventChanged"].take()
    }

    /// The code with which the server closes the socket, once what it said before has been heard.
    pub(crate) async fn close_code(&mut self) -> Option<u16> {
        loop {
            if let Heard::Closed(code) = self.hear().await {
                return code;
            }
        }
    }
}
