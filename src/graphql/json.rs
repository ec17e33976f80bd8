//! Values as JSON.
//!
//! A value may hold parts that are JSON already: objects that [`inline`](super::inline) has written stand in it as
//! `Value::Binary`, which no scalar of the schema makes.

use async_graphql::Value;

/// What can go wrong in writing to memory: nothing that the content could do.
pub(super) type Result<T> = sonic_rs::Result<T>;

/// Adds a value to `json`.
pub(super) fn write(json: &mut Vec<u8>, value: &Value) -> Result<()> {
    match value {
        Value::Binary(written) => json.extend_from_slice(written),
        Value::List(items) => {
            let mut list = Sequence::list(json);
            for item in items {
                write(list.next(), item)?;
            }
            list.end();
        }
        Value::Object(fields) => {
            let mut object = Sequence::object(json);
            for (key, value) in fields {
                write(object.field(key), value)?;
            }
            object.end();
        }
        Value::Null => json.extend_from_slice(b"null"),
        Value::String(_) | Value::Number(_) | Value::Boolean(_) | Value::Enum(_) => sonic_rs::to_writer(json, value)?,
    }
    Ok(())
}

/// A list or an object that is being written.
pub(super) struct Sequence<'a> {
    json: &'a mut Vec<u8>,
    begin: usize,
    close: u8,
}

impl<'a> Sequence<'a> {
    /// Begins a list.
    pub(super) fn list(json: &'a mut Vec<u8>) -> Self {
        Sequence::begin(json, b'[', b']')
    }

    /// Begins an object.
    pub(super) fn object(json: &'a mut Vec<u8>) -> Self {
        Sequence::begin(json, b'{', b'}')
    }

    fn begin(json: &'a mut Vec<u8>, open: u8, close: u8) -> Self {
        let begin = json.len();
        json.push(open);
        Sequence { json, begin, close }
    }

    /// Where the next item is to be written.
    pub(super) fn next(&mut self) -> &mut Vec<u8> {
        if !self.is_empty() {
            self.json.push(b',');
        }
        self.json
    }

    /// Where the value of the next field is to be written. Names of GraphQL need no escapes.
    pub(super) fn field(&mut self, key: &str) -> &mut Vec<u8> {
        let json = self.next();
        json.push(b'"');
        json.extend_from_slice(key.as_bytes());
        json.extend_from_slice(b"\":");
        json
    }

    /// Whether nothing has been written between the brackets.
    fn is_empty(&self) -> bool {
        self.json.len() == self.begin + 1
    }

    /// Closes the list or object.
    pub(super) fn end(self) {
        self.json.push(self.close);
    }

    /// Closes the object; without fields it is `null`.
    pub(super) fn end_or_null(self) {
        if self.is_empty() {
            self.json.truncate(self.begin);
            self.json.extend_from_slice(b"null");
        } else {
            self.end();
        }
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::Name;

    use super::*;

    #[test]
    fn values_are_written_as_serde_writes_them() {
        let text = r#"{"a":[],"b":{},"c":[1,-2.5,18446744073709551615,true,null,"é\"\\\n\u0001\u2028"],"d":{"e":[{"f":"g"}]}}"#;
        let value: Value = serde_json::from_str(text).unwrap();
        let mut json = Vec::new();
        write(&mut json, &value).unwrap();
        assert_eq!(String::from_utf8(json.clone()).unwrap(), serde_json::to_string(&value).unwrap());
        let written = Value::List(vec![Value::Binary(json.clone().into()), Value::Enum(Name::new("H"))]);
        let mut list = Vec::new();
        write(&mut list, &written).unwrap();
        assert_eq!(list, [b"[", json.as_slice(), b",\"H\"]"].concat());
    }

    #[test]
    fn an_object_without_fields_is_null_where_fields_were_left_out() {
        let mut json = b"x".to_vec();
        Sequence::object(&mut json).end_or_null();
        assert_eq!(json, b"xnull");
    }
}
