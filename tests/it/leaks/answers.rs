//! What a world answers, so that it can be compared with what another one does.

use plenary::content::Id;
use serde_json::json;

use super::world::World;

impl World {
    /// Whether an answer is the one that another world gives, but for the ids of releases, which are made by chance, and the
    /// revision of a live event, which counts every change.
    pub(super) fn is_same(&self, answer: &Answer, other: &World, same: &Answer) -> bool {
        let (answer, same) = (answer.without(&self.releases), same.without(&other.releases));
        answer == same
    }

    /// Asks as somebody; answers the headers that are the same each time, and the body.
    pub(super) async fn ask(&self, token: Option<&str>, query: &str) -> Answer {
        let request = self.desk.client.post(self.desk.url("/graphql")).json(&json!({ "query": query }));
        Answer::of(token.iter().fold(request, reqwest::RequestBuilder::bearer_auth)).await
    }

    /// Gets a path as somebody.
    pub(super) async fn get(&self, token: Option<&str>, path: &str) -> Answer {
        let request = self.desk.client.get(self.desk.url(path));
        Answer::of(token.iter().fold(request, reqwest::RequestBuilder::bearer_auth)).await
    }
}

/// An answer, without what is different each time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: Vec<String>,
    pub(super) body: String,
}

impl Answer {
    pub(super) async fn of(request: reqwest::RequestBuilder) -> Answer {
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let named = response.headers().iter().filter(|(name, _)| !["date", "x-request-id"].contains(&name.as_str()));
        let headers = named.map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect();
        Answer { status, headers, body: response.text().await.unwrap() }
    }

    /// The answer without ids that are made by chance and without revisions, and without the entity tag of what they are in.
    fn without(&self, ids: &[Id]) -> Answer {
        let mut answer = self.clone();
        for id in ids {
            answer.body = answer.body.replace(&id.to_string(), "").replace(&id.0.simple().to_string(), "");
        }
        for name in ["masked_revision", "masked_cursor"] {
            answer.body = without_values(&answer.body, name);
        }
        if answer.body != self.body {
            answer.headers.retain(|header| !header.starts_with("etag: "));
        }
        answer
    }

    /// Everything that is told.
    pub(super) fn text(&self) -> String {
        format!("{}\n{}", self.headers.join("\n"), self.body)
    }
}

/// A JSON without the texts of a field.
fn without_values(json: &str, name: &str) -> String {
    let field = format!("{name}\":\"");
    let mut parts = json.split(&field);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.split_once('"').map_or(part, |(_, rest)| rest))
}
