//! The messages and close codes of graphql-transport-ws. Pure: text in, text out.

use async_graphql::ServerError;
use bytes::Bytes;
use serde_json::{Map, Value, json};

use crate::graphql::execution::error_list_to_json;
use crate::http::request::GraphqlRequest;

/// The name of the protocol, as WebSocket clients ask for it.
pub(super) const NAME: &str = "graphql-transport-ws";

/// The longest id of an operation that is taken, in bytes.
const MAX_ID: usize = 256;

/// Why this side closes a socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Close {
    /// The server stops.
    GoingAway,
    /// A message is longer than may be.
    TooBig,
    /// The client takes in its messages too slowly.
    TooSlow,
    /// A message is none of the protocol.
    Invalid,
    /// An operation before the client has said who it is.
    Unauthorized,
    /// The credentials are wrong, or not right any more.
    Forbidden,
    /// The client does not speak this protocol.
    Subprotocol,
    /// The client has not said who it is in time.
    InitTimeout,
    /// An operation with the id of another that goes on.
    Duplicate,
    /// The client says a second time who it is.
    TooManyInits,
}

impl Close {
    pub(super) const fn code(self) -> u16 {
        match self {
            Close::GoingAway => 1001,
            Close::TooBig => 1009,
            Close::TooSlow => 1013,
            Close::Invalid => 4400,
            Close::Unauthorized => 4401,
            Close::Forbidden => 4403,
            Close::Subprotocol => 4406,
            Close::InitTimeout => 4408,
            Close::Duplicate => 4409,
            Close::TooManyInits => 4429,
        }
    }

    pub(super) const fn reason(self) -> &'static str {
        match self {
            Close::GoingAway => "Going away",
            Close::TooBig => "Message too big",
            Close::TooSlow => "Messages are taken in too slowly; go on from the last cursor",
            Close::Invalid => "Invalid message",
            Close::Unauthorized => "Unauthorized",
            Close::Forbidden => "Forbidden",
            Close::Subprotocol => "Subprotocol not acceptable",
            Close::InitTimeout => "Connection initialisation timeout",
            Close::Duplicate => "Subscriber already exists",
            Close::TooManyInits => "Too many initialisation requests",
        }
    }
}

/// What a client says.
#[derive(Debug)]
pub(super) enum FromClient {
    /// Who it is: the value of an `Authorization` header, if it gives one.
    Init(Option<String>),
    /// Whether this side is still there; with what it wants back.
    Ping(Option<Value>),
    /// It is still there.
    Pong,
    /// Begin an operation.
    Subscribe(String, GraphqlRequest),
    /// End an operation.
    Complete(String),
}

impl FromClient {
    /// Reads a message; `None` when it is none of the protocol.
    pub(super) fn read(text: &str) -> Option<FromClient> {
        let Ok(Value::Object(mut message)) = serde_json::from_str(text) else { return None };
        let Some(Value::String(kind)) = message.remove("type") else { return None };
        let payload = message.remove("payload").filter(|payload| !payload.is_null());
        match (kind.as_str(), payload) {
            ("connection_init", None) => Some(FromClient::Init(None)),
            ("connection_init", Some(Value::Object(payload))) => authorization(payload).map(FromClient::Init),
            ("ping", payload @ (None | Some(Value::Object(_)))) => Some(FromClient::Ping(payload)),
            ("pong", None | Some(Value::Object(_))) => Some(FromClient::Pong),
            ("subscribe", Some(Value::Object(payload))) => {
                let request = GraphqlRequest::from_parts(payload).ok()?;
                Some(FromClient::Subscribe(id(message)?, request))
            }
            ("complete", None) => Some(FromClient::Complete(id(message)?)),
            _ => None,
        }
    }
}

/// The credentials in the payload of an init; `None` when they are no text.
fn authorization(mut payload: Map<String, Value>) -> Option<Option<String>> {
    match payload.remove("Authorization").or_else(|| payload.remove("authorization")) {
        None | Some(Value::Null) => Some(None),
        Some(Value::String(text)) => Some(Some(text)),
        Some(_) => None,
    }
}

fn id(mut message: Map<String, Value>) -> Option<String> {
    match message.remove("id") {
        Some(Value::String(id)) if (1..=MAX_ID).contains(&id.len()) => Some(id),
        _ => None,
    }
}

/// The client is who it says.
pub(super) fn ack() -> String {
    r#"{"type":"connection_ack"}"#.to_owned()
}

/// This side is still there.
pub(super) fn pong(payload: Option<Value>) -> String {
    match payload {
        Some(payload) => json!({ "type": "pong", "payload": payload }).to_string(),
        None => r#"{"type":"pong"}"#.to_owned(),
    }
}

/// A result of an operation, whose JSON is given.
pub(super) fn next(id: &str, result: &Bytes) -> String {
    with_payload("next", id, result)
}

/// An operation failed and is over.
pub(super) fn error(id: &str, errors: &[ServerError]) -> String {
    with_payload("error", id, &error_list_to_json(errors))
}

/// An operation is over.
pub(super) fn complete(id: &str) -> String {
    json!({ "id": id, "type": "complete" }).to_string()
}

fn with_payload(kind: &str, id: &str, payload: &Bytes) -> String {
    let (id, payload) = (Value::from(id), String::from_utf8_lossy(payload));
    format!("{{\"id\":{id},\"type\":\"{kind}\",\"payload\":{payload}}}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_protocols_messages_are_read() {
        let read = |text: &str| FromClient::read(text).unwrap_or_else(|| panic!("{text}"));
        assert!(matches!(read(r#"{"type":"connection_init"}"#), FromClient::Init(None)));
        assert!(matches!(read(r#"{"type":"connection_init","payload":null}"#), FromClient::Init(None)));
        for key in ["Authorization", "authorization"] {
            let text = format!(r#"{{"type":"connection_init","payload":{{"{key}":"Bearer x","more":1}}}}"#);
            assert!(matches!(read(&text), FromClient::Init(Some(text)) if text == "Bearer x"));
        }
        assert!(matches!(read(r#"{"type":"ping"}"#), FromClient::Ping(None)));
        assert!(matches!(read(r#"{"type":"ping","payload":{"a":1}}"#), FromClient::Ping(Some(_))));
        assert!(matches!(read(r#"{"type":"pong"}"#), FromClient::Pong));
        assert!(matches!(read(r#"{"type":"complete","id":"1"}"#), FromClient::Complete(id) if id == "1"));
        let subscribe = read(r#"{"type":"subscribe","id":"1","payload":{"query":"{a}","variables":null}}"#);
        assert!(matches!(subscribe, FromClient::Subscribe(id, request) if id == "1" && request.query.is_some()));
    }

    #[test]
    fn anything_else_is_invalid() {
        for text in [
            "",
            "null",
            "[]",
            "{}",
            r#"{"type":1}"#,
            r#"{"type":"start"}"#,
            r#"{"type":"connection_ack"}"#,
            r#"{"type":"connection_init","payload":"Bearer x"}"#,
            r#"{"type":"connection_init","payload":{"authorization":["x"]}}"#,
            r#"{"type":"ping","payload":1}"#,
            r#"{"type":"subscribe","id":"1"}"#,
            r#"{"type":"subscribe","payload":{"query":"{a}"}}"#,
            r#"{"type":"subscribe","id":"","payload":{"query":"{a}"}}"#,
            r#"{"type":"subscribe","id":1,"payload":{"query":"{a}"}}"#,
            r#"{"type":"subscribe","id":"1","payload":{"query":1}}"#,
            r#"{"type":"subscribe","id":"1","payload":{"query":"{a}","variables":[]}}"#,
            r#"{"type":"complete"}"#,
        ] {
            assert!(FromClient::read(text).is_none(), "{text}");
        }
    }

    #[test]
    fn messages_are_json_whatever_the_id() {
        let result = Bytes::from_static(br#"{"data":{"a":1}}"#);
        let message: Value = serde_json::from_str(&next("a\"b\n", &result)).unwrap();
        assert_eq!(message, json!({"id": "a\"b\n", "type": "next", "payload": {"data": {"a": 1}}}));
        let message: Value = serde_json::from_str(&error("1", &[ServerError::new("no", None)])).unwrap();
        assert_eq!(message["payload"][0]["message"], "no");
        for close in [Close::GoingAway, Close::TooSlow, Close::Subprotocol] {
            assert!(close.reason().len() <= 123);
        }
    }
}
