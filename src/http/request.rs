//! A GraphQL request out of a body or a query string, with every part of the right type. Pure.

use std::borrow::Cow;

use async_graphql::Variables;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};
use serde_json::{Map, Value};

use super::failure::Failure;
use crate::graphql::error::Code;

/// What a client wants to be executed.
#[derive(Clone, Debug, Default)]
pub(super) struct GraphqlRequest {
    /// The document; left out when `persisted` stands for it.
    pub(super) query: Option<String>,
    pub(super) operation_name: Option<String>,
    pub(super) variables: Map<String, Value>,
    /// The SHA-256 of the document, in hexadecimal, as automatic persisted queries have it.
    pub(super) persisted: Option<String>,
    /// Whether the answer shall say what it cost.
    pub(super) wants_cost: bool,
}

impl GraphqlRequest {
    /// The variables as async-graphql has them.
    pub(super) fn variables(&self) -> Variables {
        Variables::from_json(Value::Object(self.variables.clone()))
    }

    /// Reads the body of a POST.
    pub(super) fn from_body(body: &[u8]) -> Result<GraphqlRequest, Failure> {
        match serde_json::from_slice(body) {
            Ok(Value::Object(parts)) => GraphqlRequest::from_parts(parts),
            Ok(Value::Array(_)) => Err(bad("batches are not answered: send one request after the other, or one query")),
            Ok(_) => Err(bad("the body must be a JSON object with the property \"query\"")),
            Err(error) => Err(bad(format!("the body is not JSON (line {}, column {})", error.line(), error.column()))),
        }
    }

    /// Reads the query string of a GET. An empty parameter is as good as none.
    pub(super) fn from_query_string(text: &str) -> Result<GraphqlRequest, Failure> {
        let mut parts = Map::new();
        for (name, value) in url::form_urlencoded::parse(text.as_bytes()).filter(|(_, value)| !value.is_empty()) {
            let value = match name.as_ref() {
                "query" | "operationName" => Value::String(value.into_owned()),
                "variables" | "extensions" => json_parameter(&name, &value)?,
                _ => continue,
            };
            if parts.insert(name.clone().into_owned(), value).is_some() {
                return Err(bad(format!("the parameter \"{name}\" is there twice")));
            }
        }
        GraphqlRequest::from_parts(parts)
    }

    /// Reads the parts of a request, of which each is there or not.
    pub(super) fn from_parts(mut parts: Map<String, Value>) -> Result<GraphqlRequest, Failure> {
        let query = text(&mut parts, "query")?;
        let operation_name = text(&mut parts, "operationName")?.filter(|name| !name.is_empty());
        let variables = object(&mut parts, "variables")?.unwrap_or_default();
        let extensions = object(&mut parts, "extensions")?.unwrap_or_default();
        let persisted = extensions.get("persistedQuery").map(persisted_hash).transpose()?;
        if query.as_ref().is_none_or(String::is_empty) && persisted.is_none() {
            return Err(bad("the request has no \"query\""));
        }
        Ok(GraphqlRequest {
            query: query.filter(|query| !query.is_empty()),
            operation_name,
            variables,
            persisted,
            wants_cost: extensions.get("cost") == Some(&Value::Bool(true)),
        })
    }
}

/// Refuses a POST whose body is not said to be JSON.
pub(super) fn check_content_type(headers: &HeaderMap) -> Result<(), Failure> {
    let refuse = |message: &'static str| Failure::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, Code::BadRequest, message);
    let Some(value) = headers.get(CONTENT_TYPE) else {
        return Err(refuse("say what the body is: Content-Type: application/json"));
    };
    if value.as_bytes() == b"application/json" {
        return Ok(());
    }
    let media: Option<mime::Mime> = value.to_str().ok().and_then(|text| text.parse().ok());
    let Some(media) = media.filter(|media| media.essence_str() == "application/json") else {
        return Err(refuse("the body must be application/json"));
    };
    match media.get_param(mime::CHARSET) {
        Some(charset) if charset != mime::UTF_8 => Err(refuse("the body must be in UTF-8")),
        _ => Ok(()),
    }
}

fn json_parameter(name: &str, text: &str) -> Result<Value, Failure> {
    serde_json::from_str(text).map_err(|_| bad(format!("the parameter \"{name}\" is not JSON")))
}

fn text(parts: &mut Map<String, Value>, name: &str) -> Result<Option<String>, Failure> {
    match parts.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(bad(format!("\"{name}\" must be a string"))),
    }
}

fn object(parts: &mut Map<String, Value>, name: &str) -> Result<Option<Map<String, Value>>, Failure> {
    match parts.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Object(object)) => Ok(Some(object)),
        Some(_) => Err(bad(format!("\"{name}\" must be an object"))),
    }
}

fn persisted_hash(value: &Value) -> Result<String, Failure> {
    let version = value.get("version").and_then(Value::as_u64);
    let hash = value.get("sha256Hash").and_then(Value::as_str).unwrap_or_default();
    if version != Some(1) || hash.len() != 64 || !hash.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(bad("\"persistedQuery\" must have version 1 and a sha256Hash of 64 hexadecimal digits"));
    }
    Ok(hash.to_ascii_lowercase())
}

fn bad(message: impl Into<Cow<'static, str>>) -> Failure {
    Failure::new(StatusCode::BAD_REQUEST, Code::BadRequest, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_read_with_every_part_checked() {
        let request = GraphqlRequest::from_body(
            br#"{"query":"{a}","operationName":"","variables":{"b":1},"extensions":{"cost":true},"more":[]}"#,
        )
        .unwrap();
        assert_eq!(request.query.as_deref(), Some("{a}"));
        assert!(request.operation_name.is_none() && request.wants_cost && request.variables["b"] == 1);
        let nulls = br#"{"query":"{a}","operationName":null,"variables":null,"extensions":null}"#;
        assert!(GraphqlRequest::from_body(nulls).is_ok());
        for bad in [
            "",
            "{",
            "null",
            "\"{a}\"",
            "[]",
            r#"[{"query":"{a}"}]"#,
            "{}",
            r#"{"query":""}"#,
            r#"{"query":1}"#,
            r#"{"query":"{a}","variables":[]}"#,
            r#"{"query":"{a}","variables":"{}"}"#,
            r#"{"query":"{a}","operationName":1}"#,
            r#"{"query":"{a}","extensions":1}"#,
            r#"{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"../../etc"}}}"#,
        ] {
            assert!(GraphqlRequest::from_body(bad.as_bytes()).is_err(), "{bad}");
        }
    }

    #[test]
    fn query_strings_are_read_too() {
        let text = "query=%7Ba%7D&variables=%7B%22b%22%3A1%7D&operationName=&unknown=1";
        let request = GraphqlRequest::from_query_string(text).unwrap();
        assert_eq!(request.query.as_deref(), Some("{a}"));
        assert_eq!(request.variables["b"], 1);
        for bad in ["", "query=", "query={a}&variables=x", "query={a}&variables=[]", "query={a}&query={b}"] {
            assert!(GraphqlRequest::from_query_string(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn only_json_in_utf_8_is_taken() {
        let check = |value: &str| check_content_type(&HeaderMap::from_iter([(CONTENT_TYPE, value.parse().unwrap())]));
        assert!(check("application/json").is_ok() && check("application/json; charset=UTF-8").is_ok());
        for bad in ["text/plain", "multipart/form-data; boundary=x", "application/json; charset=latin1", "nonsense"] {
            assert_eq!(check(bad).unwrap_err().status(), 415, "{bad}");
        }
        assert!(check_content_type(&HeaderMap::new()).is_err());
    }
}
