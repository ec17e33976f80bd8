//! Creating, changing, deleting and ordering, for every kind.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{editor, errors, public};
use crate::accounts::desk::EVENT;
use crate::harness::on_each_database;

/// Every kind: its mutations, what a new one needs, a change, and what is then to be seen.
fn kinds() -> Vec<(&'static str, &'static str, Value, Value, &'static str)> {
    vec![
        (
            "Speaker",
            "speaker",
            json!({"name": "Ada Lovelace", "bio": "Counts."}),
            json!({"affiliation": "Engines"}),
            "name affiliation",
        ),
        ("Panelist", "panelist", json!({"name": "Grace Hopper"}), json!({"honorific": "Dr."}), "name honorific"),
        ("Organizer", "organizer", json!({"name": "Emmy Noether"}), json!({"group": "Chairs"}), "name group"),
        ("Volunteer", "volunteer", json!({"name": "Alan Turing"}), json!({"name": "A. Turing"}), "name"),
        (
            "CommitteeMember",
            "committeeMember",
            json!({"name": "Kurt Gödel"}),
            json!({"affiliation": null}),
            "name affiliation",
        ),
        ("Session", "session", json!({"title": "A talk"}), json!({"kind": "KEYNOTE"}), "title kind"),
        (
            "Paper",
            "paper",
            json!({"title": "A paper", "authors": [{"name": "Ada Lovelace"}]}),
            json!({"number": "17"}),
            "title number authors { name person { name } }",
        ),
        ("Room", "room", json!({"name": "Ballroom D"}), json!({"capacity": 200}), "name capacity"),
        ("Track", "track", json!({"name": "Speech"}), json!({"color": "#aabbcc"}), "name color"),
        ("Topic", "topic", json!({"title": "Distillation"}), json!({"items": ["a", "b"]}), "title items"),
        (
            "ImportantDate",
            "importantDate",
            json!({"label": "Due", "moment": {"date": "2022-10-01", "anywhereOnEarth": true}}),
            json!({"struckThrough": true}),
            "label struckThrough date at",
        ),
        ("Announcement", "announcement", json!({"title": "News"}), json!({"severity": "CRITICAL"}), "title severity"),
        (
            "Page",
            "page",
            json!({"title": "Travel", "body": "By train."}),
            json!({"body": "By *train*."}),
            "title body { markdown }",
        ),
        (
            "Award",
            "award",
            json!({"name": "Best poster"}),
            json!({"description": "For a poster."}),
            "name description { markdown }",
        ),
        ("SponsorTier", "sponsorTier", json!({"name": "Silver"}), json!({"name": "Bronze"}), "name"),
        (
            "Link",
            "link",
            json!({"label": "Chat", "url": "https://example.org/chat"}),
            json!({"kind": "VIRTUAL_VENUE"}),
            "label url kind",
        ),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_is_created_changed_and_deleted() {
    on_each_database(async |database| {
        let (desk, token) = editor(&database).await;
        for (kind, field, new, change, shown) in kinds() {
            let id = Uuid::now_v7().to_string();
            let mut input = new.clone();
            (input["event"], input["id"]) = (json!(EVENT), json!(id));
            let fields = format!("{field} {{ id slug position revision published {shown} }}");
            let created = desk.run(Some(&token), &format!("create{kind}"), &fields, input.clone()).await;
            assert_eq!(errors(&created), [], "{kind}: {created}");
            let node = &created[field];
            assert_eq!((node["id"].as_str(), node["revision"].as_i64()), (Some(&*id), Some(1)), "{kind}: {created}");
            assert_eq!(node["published"], true);

            // The same again is the same: who retries gets what the first attempt made.
            let again = desk.run(Some(&token), &format!("create{kind}"), &fields, input).await;
            assert_eq!(again[field], *node, "{kind}");

            let mut input = change.clone();
            (input["id"], input["ifRevision"]) = (json!(id), json!(1));
            let changed = desk.run(Some(&token), &format!("update{kind}"), &fields, input.clone()).await;
            assert_eq!(errors(&changed), [], "{kind}: {changed}");
            let is_person_only = matches!(kind, "Volunteer") || change.get("affiliation") == Some(&Value::Null);
            assert_eq!(changed[field]["slug"], node["slug"], "a slug stays");
            assert_eq!(changed[field]["revision"], if is_person_only { 1 } else { 2 }, "{kind}: {changed}");
            if !is_person_only {
                let late = desk.run(Some(&token), &format!("update{kind}"), &fields, input).await;
                assert_eq!(errors(&late), [("ifRevision".to_owned(), "CONFLICT".to_owned())], "{kind}");
                assert_eq!(late[field], changed[field], "who is late sees what is there");
            }

            // Everybody sees it at once.
            let seen = desk.ask(None, "query($id: ID!) { node(id: $id) { id } }", json!({ "id": id })).await;
            assert_eq!(seen["data"]["node"]["id"], id, "{kind}");
            let gone = desk.run(Some(&token), &format!("delete{kind}"), "deletedId", json!({"id": id})).await;
            assert_eq!(gone["deletedId"], id, "{kind}: {gone}");
            let seen = desk.ask(None, "query($id: ID!) { node(id: $id) { id } }", json!({ "id": id })).await;
            assert_eq!(seen["data"]["node"], Value::Null, "{kind}");
            let again = desk.run(Some(&token), &format!("delete{kind}"), "deletedId", json!({"id": id})).await;
            assert_eq!(again["extensions"]["code"], "NOT_FOUND", "{kind}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_that_is_wrong_is_told_at_once() {
    on_each_database(async |database| {
        let (desk, token) = editor(&database).await;
        let nobody = Uuid::now_v7();
        let input = json!({
            "event": EVENT, "title": " ", "slug": "Not a slug", "startsAt": "2022-12-02T10:00:00Z",
            "endsAt": "2022-12-02T09:00:00Z", "room": nobody, "streamUrl": "ftp://example.org/", "kind": null,
        });
        let refused = desk.run(Some(&token), "createSession", "session { id }", input).await;
        let mut fields = errors(&refused);
        fields.sort();
        let expected = [
            ("endsAt", "INVALID"),
            ("kind", "REQUIRED"),
            ("room", "NOT_FOUND"),
            ("slug", "INVALID"),
            ("streamUrl", "INVALID"),
            ("title", "REQUIRED"),
        ];
        assert_eq!(fields, expected.map(|(field, code)| (field.to_owned(), code.to_owned())), "{refused}");
        assert_eq!(refused["session"], Value::Null);

        let outside = json!({"event": EVENT, "title": "Late", "startsAt": "2023-01-02T10:00:00Z"});
        let refused = desk.run(Some(&token), "createSession", "session { id }", outside).await;
        assert_eq!(errors(&refused), [("startsAt".to_owned(), "INVALID".to_owned())]);
        let unnamed = desk.run(Some(&token), "createSpeaker", "speaker { id }", json!({"event": EVENT})).await;
        assert_eq!(errors(&unnamed), [("name".to_owned(), "REQUIRED".to_owned())], "{unnamed}");
        let undated = json!({"event": EVENT, "label": "Some day"});
        let refused = desk.run(Some(&token), "createImportantDate", "importantDate { id }", undated).await;
        assert_eq!(errors(&refused), [("moment".to_owned(), "REQUIRED".to_owned())]);
        let untiered =
            desk.run(Some(&token), "createSponsor", "sponsor { id }", json!({"event": EVENT, "name": "X"})).await;
        assert_eq!(errors(&untiered), [("tier".to_owned(), "REQUIRED".to_owned())]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn identifiers_are_checked_and_kept_in_one_form() {
    on_each_database(async |database| {
        let (desk, token) = editor(&database).await;
        let new = json!({"event": EVENT, "name": "Ada Lovelace", "orcid": "0000-0002-1825-0097"});
        let made = desk.run(Some(&token), "createSpeaker", "speaker { id person { orcid } }", new).await;
        assert_eq!(made["speaker"]["person"]["orcid"], "https://orcid.org/0000-0002-1825-0097", "{made}");
        let input = json!({"id": made["speaker"]["id"], "orcid": "0000-0002-1825-0098", "homepage": "ada"});
        let refused = desk.run(Some(&token), "updateSpeaker", "speaker { id }", input).await;
        let mut fields = errors(&refused);
        fields.sort();
        assert_eq!(fields, ["homepage", "orcid"].map(|field| (field.to_owned(), "INVALID".to_owned())), "{refused}");

        let new = json!({"event": EVENT, "title": "A paper", "doi": "https://doi.org/10.1000/182"});
        let made = desk.run(Some(&token), "createPaper", "paper { id doi }", new).await;
        assert_eq!(made["paper"]["doi"], "10.1000/182", "{made}");
        let input = json!({"id": made["paper"]["id"], "doi": "182"});
        let refused = desk.run(Some(&token), "updatePaper", "paper { id }", input).await;
        assert_eq!(errors(&refused), [("doi".to_owned(), "INVALID".to_owned())], "{refused}");

        let input = json!({"event": EVENT, "changes": {"contactEmail": "organizers at example.org", "timeZone": "Mars/Phobos"}});
        let refused = desk.run(Some(&token), "updateEvent", "event { id }", input).await;
        let mut fields = errors(&refused);
        fields.sort();
        assert_eq!(fields, ["contactEmail", "timeZone"].map(|field| (field.to_owned(), "INVALID".to_owned())));
        let colour = json!({"event": EVENT, "name": "Speech", "color": "red"});
        let refused = desk.run(Some(&token), "createTrack", "track { id }", colour).await;
        assert_eq!(errors(&refused), [("color".to_owned(), "INVALID".to_owned())], "{refused}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_deleted_is_referred_to_no_longer() {
    on_each_database(async |database| {
        let (desk, token) = editor(&database).await;
        let make = async |kind: &str, field: &str, mut input: Value| {
            input["event"] = json!(EVENT);
            let made = desk.run(Some(&token), &format!("create{kind}"), &format!("{field} {{ id }}"), input).await;
            made[field]["id"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned()
        };
        let room = make("Room", "room", json!({"name": "Attic"})).await;
        let paper = make("Paper", "paper", json!({"title": "Withdrawn"})).await;
        let outer = make("Session", "session", json!({"title": "Block"})).await;
        let input = json!({"title": "Part", "room": room, "paper": paper, "parent": outer});
        let inner = make("Session", "session", input).await;
        let tier = make("SponsorTier", "sponsorTier", json!({"name": "Wood"})).await;
        let sponsor = make("Sponsor", "sponsor", json!({"name": "Tree", "tier": tier})).await;
        for (kind, id) in [("Room", &room), ("Paper", &paper), ("Session", &outer)] {
            let gone = desk.run(Some(&token), &format!("delete{kind}"), "deletedId", json!({"id": id})).await;
            assert_eq!(gone["deletedId"], **id, "{gone}");
        }
        let query =
            "query($id: ID!) { node(id: $id) { ... on Session { title room { id } paper { id } parent { id } } } }";
        let seen = desk.ask(None, query, json!({ "id": inner })).await;
        let alone = json!({"title": "Part", "room": null, "paper": null, "parent": null});
        assert_eq!(seen["data"]["node"], alone, "{seen}");
        let kept = desk.run(Some(&token), "deleteSponsorTier", "deletedId", json!({"id": tier})).await;
        assert_eq!(errors(&kept), [(String::new(), "IN_USE".to_owned())], "{kept}");
        for (kind, id) in [("Sponsor", &sponsor), ("SponsorTier", &tier)] {
            let gone = desk.run(Some(&token), &format!("delete{kind}"), "deletedId", json!({"id": id})).await;
            assert_eq!(gone["deletedId"], **id, "{gone}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_put_into_an_order() {
    on_each_database(async |database| {
        let (desk, token) = editor(&database).await;
        let order = async || {
            let seen = public(&desk, "papers(first: 100) { nodes { id position } }").await;
            let nodes = seen["papers"]["nodes"].as_array().unwrap().clone();
            nodes.iter().map(|node| node["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        for title in ["One", "Two", "Three"] {
            let input = json!({"event": EVENT, "title": title});
            desk.run(Some(&token), "createPaper", "paper { id }", input).await;
        }
        let before = order().await;
        let last = before.last().unwrap().clone();
        let input = json!({"event": EVENT, "ids": [last]});
        let moved = desk.run(Some(&token), "reorderPapers", "papers { id position }", input.clone()).await;
        assert_eq!(moved["papers"], json!([{"id": last, "position": 0}]), "{moved}");
        let mut expected = before.clone();
        expected.rotate_right(1);
        assert_eq!(order().await, expected);
        let twice = json!({"event": EVENT, "ids": [last, last]});
        let refused = desk.run(Some(&token), "reorderPapers", "papers { id }", twice).await;
        assert_eq!(errors(&refused).len(), 1, "{refused}");
        assert_eq!(order().await, expected);
    })
    .await;
}
