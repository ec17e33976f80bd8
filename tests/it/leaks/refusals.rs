//! What strangers are told when they try to write with what is hidden.

use serde_json::{Value, json};

use super::canaries::sings;
use super::world::{DRAFT, EDITION, ELSEWHERE, Guesses, OPEN, PRIVATE, STABLE, STAGED, World, own_document};
use crate::harness::on_each_database;

/// Mutations in one's own event that name what is hidden in others, with what they ask for.
fn attempts(guesses: &Guesses) -> Vec<(&'static str, Value)> {
    let mut attempts = Vec::new();
    for slug in [DRAFT, EDITION, STAGED, OPEN, STABLE] {
        attempts.push(("updateEvent", json!({"event": ELSEWHERE, "changes": {"slug": slug}})));
        attempts.push(("createEvent", json!({"slug": slug, "name": "Mine", "startsOn": "2022-12-02"})));
        attempts.push(("deleteEvent", json!({"event": slug, "confirm": slug})));
        attempts.push(("publishRelease", json!({"event": slug, "dryRun": true})));
    }
    for id in guesses.ids.iter().step_by(3) {
        attempts.push(("createSpeaker", json!({"event": ELSEWHERE, "person": id, "name": "Mine"})));
        attempts.push(("createSession", json!({"event": ELSEWHERE, "title": "Mine", "kind": "TALK", "room": id})));
        attempts.push(("createPage", json!({"event": ELSEWHERE, "title": "Mine", "body": "Mine", "id": id})));
        attempts.push(("updatePaper", json!({"id": id, "title": "Mine"})));
        attempts.push(("deletePaper", json!({"id": id})));
        attempts.push(("reorderPapers", json!({"event": ELSEWHERE, "ids": [id]})));
        attempts.push(("mergePeople", json!({"event": ELSEWHERE, "keep": id, "merge": [id]})));
        attempts.push(("updateEvent", json!({"event": ELSEWHERE, "changes": {"series": id}})));
    }
    for sequence in 1..40 {
        attempts.push(("undoChange", json!({"event": ELSEWHERE, "change": sequence.to_string()})));
    }
    attempts
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_tell_nothing() {
    on_each_database(async |database| {
        let guesses = Guesses::new();
        let world = World::new(&database, true).await;
        let (_, owner_of_another) = &world.strangers[1];
        for (mutation, input) in attempts(&guesses) {
            let answer = world.desk.run(Some(owner_of_another), mutation, "", input.clone()).await;
            let told = told(&answer, &input);
            assert!(!sings(&told) && !told.contains(PRIVATE), "{mutation} {input}: {answer}");
            assert_ne!(answer["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED", "{mutation}: {answer}");
        }
        // A token can't be made for what is not there, and what may not be seen is not there.
        let (_, without_a_role) = &world.strangers[0];
        let limited_to = async |event: &str| {
            let input = json!({"name": "mine", "scopes": ["READ"], "events": [event]});
            let answer = world.desk.run(Some(without_a_role), "createAccessToken", "secret", input).await;
            answer.to_string().replace(event, "")
        };
        let nowhere = limited_to("no-such-event").await;
        for event in [DRAFT, EDITION, STAGED] {
            assert_eq!(limited_to(event).await, nowhere, "{event}");
        }
        // A whole document, in which one thing after the other is somebody else's.
        let mine = own_document();
        for id in guesses.ids.iter().step_by(10) {
            for list in ["people", "papers", "sessions"] {
                let mut document = mine.clone();
                document[list][0]["id"] = json!(id);
                let input = json!({"document": document, "dryRun": true});
                let answer =
                    world.desk.run(Some(owner_of_another), "importDocument", "differences { kind }", input).await;
                let told = told(&answer, &json!(id));
                assert!(!sings(&told) && !told.contains(PRIVATE), "{list} {id}: {answer}");
            }
        }
    })
    .await;
}

/// An answer without the names that were given.
fn told(answer: &Value, input: &Value) -> String {
    let mut text = answer.to_string();
    let input = input.to_string();
    for name in input.split('"').filter(|name| name.len() > 6) {
        text = text.replace(name, "");
    }
    text
}
