//! What queries give.

use serde_json::{Value, json};

use super::content::{Server, id};
use crate::access::Viewer;
use crate::shelf::Dependency;

/// What is at a place of an answer.
fn at<'a>(data: &'a Value, pointer: &str) -> &'a Value {
    data.pointer(pointer).unwrap_or_else(|| panic!("nothing at {pointer} of {data}"))
}

#[tokio::test]
async fn a_session_has_its_times_and_relations() {
    let server = Server::new().await;
    let data = server
        .ask(
            "{ event(slug: \"main-2022\") { session(slug: \"keynote\") {
            __typename kind title abstract { text } startsAt endsAt durationMinutes createdAt publishAt
            room { name sessions { totalCount } } track { slug sessions { nodes { slug } } } paper { slug } parent { slug }
            people { part name affiliation person { id } participant { __typename slug } }
            chairs: people(parts: [CHAIR]) { name } event { slug } } } }",
        )
        .await;
    assert_eq!(
        at(&data, "/event/session"),
        &json!({
            "__typename": "Session", "kind": "KEYNOTE", "title": "Pruning", "abstract": {"text": "About pruning."},
            "startsAt": "2022-12-02T08:30:00-06:00", "endsAt": "2022-12-02T09:30:00-06:00", "durationMinutes": 60,
            "createdAt": at(&data, "/event/session/createdAt"), "publishAt": null,
            "room": {"name": "Hall", "sessions": {"totalCount": 4}},
            "track": {"slug": "speed", "sessions": {"nodes": [{"slug": "keynote"}]}},
            "paper": null, "parent": null,
            "people": [
                {"part": "SPEAKER", "name": "Ada Moreau", "affiliation": "University of Then", "person": {"id": id(11)},
                 "participant": {"__typename": "Speaker", "slug": "ada"}},
                {"part": "CHAIR", "name": "Zoe Lang", "affiliation": "University of Then", "person": {"id": id(13)},
                 "participant": {"__typename": "Organizer", "slug": "zoe"}},
            ],
            "chairs": [{"name": "Zoe Lang"}],
            "event": {"slug": "main-2022"},
        })
    );
}

#[tokio::test]
async fn sessions_come_by_start_and_hold_their_parts() {
    let server = Server::new().await;
    let data =
        server.ask("{ sessions { totalCount nodes { slug parts { slug parent { slug } paper { slug } } } } }").await;
    assert_eq!(at(&data, "/sessions/totalCount"), 5, "the draft is not counted");
    let slugs: Vec<_> = at(&data, "/sessions/nodes").as_array().unwrap().iter().map(|node| &node["slug"]).collect();
    assert_eq!(slugs, ["opening", "keynote", "talk", "talks", "later"]);
    let part = json!([{"slug": "talk", "parent": {"slug": "talks"}, "paper": {"slug": "paper-1"}}]);
    assert_eq!(at(&data, "/sessions/nodes/3/parts"), &part);
}

#[tokio::test]
async fn a_paper_has_its_authors_sessions_and_awards() {
    let server = Server::new().await;
    let data = server
        .ask(
            "{ event(slug: \"main-2022\") { paper(slug: \"paper-1\") {
            authors { name affiliation corresponding person { name papers { slug } } } sessions { slug } awards { name } }
            awards { name papers { slug awards { name } } } } }",
        )
        .await;
    let paper = at(&data, "/event/paper");
    assert_eq!(paper["authors"][0]["name"], "A. Moreau");
    assert_eq!(paper["authors"][0]["corresponding"], true);
    assert_eq!(at(paper, "/authors/0/person/papers").as_array().unwrap().len(), 45);
    assert_eq!(paper["authors"][1]["person"], Value::Null);
    assert_eq!(paper["sessions"], json!([{"slug": "talk"}]));
    assert_eq!(paper["awards"], json!([]));
    let awards = json!([{"name": "Best paper", "papers": [{"slug": "paper-2", "awards": [{"name": "Best paper"}]}]}]);
    assert_eq!(at(&data, "/event/awards"), &awards);
}

#[tokio::test]
async fn those_who_take_part_share_an_interface() {
    let server = Server::new().await;
    let data = server
        .ask(
            "{ event(slug: \"main-2022\") {
            speakers { nodes { __typename name honorific bio { html } sessions { slug } person { name } } }
            people(filter: {name: {startsWith: \"ada\"}}) { nodes { participations {
                __typename id name role ... on Participant { slug } ... on Node { id } ... on Speaker { affiliation }
                ...one } } } } }
            fragment one on Participant { papers { slug } person { participations { slug } } }",
        )
        .await;
    let ada = at(&data, "/event/speakers/nodes/0");
    assert_eq!(ada["__typename"], "Speaker");
    assert_eq!(ada["name"], "Ada Moreau");
    assert_eq!(ada["bio"]["html"].as_str().unwrap().trim(), "<p>Likes <em>trees</em>.</p>");
    assert_eq!(ada["sessions"], json!([{"slug": "keynote"}, {"slug": "talk"}]));
    let participations = at(&data, "/event/people/nodes/0/participations").as_array().unwrap();
    let types: Vec<_> = participations.iter().map(|node| &node["__typename"]).collect();
    assert_eq!(types, ["Speaker", "Panelist"]);
    assert_eq!(participations[0]["affiliation"], "University of Then");
    assert_eq!(participations[1].get("affiliation"), None);
    assert_eq!(participations[1]["slug"], "ada");
    assert_eq!(participations[1]["papers"].as_array().unwrap().len(), 45);
}

#[tokio::test]
async fn the_rest_of_an_event_is_there() {
    let server = Server::new().await;
    let data = server
        .ask(
            "{ importantDates { label date at anywhereOnEarth hasTime superseded { date at anywhereOnEarth } }
            announcements { title links { label startsAt } showsFrom showsUntil } pages { title body { markdown } }
            topics { items special } sponsors { nodes { name tier { name sponsors { slug } } } }
            sponsorTiers { name } rooms { capacity } tracks { name } links { url kind } committee { totalCount nodes { id } } }",
        )
        .await;
    assert_eq!(
        data,
        json!({
            "importantDates": [{
                "label": "Submission", "date": "2022-10-15", "at": "2022-10-15T23:59:59-12:00", "anywhereOnEarth": true,
                "hasTime": false,
                "superseded": [{"date": "2022-10-01", "at": "2022-10-01T23:59:59-05:00", "anywhereOnEarth": false}],
            }],
            "announcements": [{
                "title": "Mentoring", "links": [{"label": "Join", "startsAt": "2022-11-01T09:00:00-05:00"}],
                "showsFrom": null, "showsUntil": "2022-11-30T18:00:00-06:00",
            }],
            "pages": [{"title": "Overview", "body": {"markdown": "Welcome."}}],
            "topics": [{"items": ["Less of it"], "special": true}],
            "sponsors": {"nodes": [{"name": "Acme", "tier": {"name": "Gold", "sponsors": [{"slug": "acme"}]}}]},
            "sponsorTiers": [{"name": "Gold"}],
            "rooms": [{"capacity": 300}],
            "tracks": [{"name": "Speed"}],
            "links": [{"url": "/#overview", "kind": "NAVIGATION"}],
            "committee": {"totalCount": 0, "nodes": []},
        })
    );
}

#[tokio::test]
async fn the_schedule_and_what_runs_now() {
    let server = Server::new().await;
    let data = server
        .ask(
            "{ event(slug: \"main-2022\") {
            schedule { date startsAt endsAt rooms { room { slug } slots { slug parts { slug } } } }
            now { at now { slug } next { slug } }
            later: now(at: \"2022-12-02T10:30:00-06:00\") { now { slug } next { slug } } } }",
        )
        .await;
    assert_eq!(
        at(&data, "/event"),
        &json!({
            "schedule": [{
                "date": "2022-12-02", "startsAt": "2022-12-02T08:00:00-06:00", "endsAt": "2022-12-02T11:00:00-06:00",
                "rooms": [{"room": {"slug": "hall"}, "slots": [
                    {"slug": "opening", "parts": []}, {"slug": "keynote", "parts": []},
                    {"slug": "talks", "parts": [{"slug": "talk"}]},
                ]}],
            }],
            "now": {
                "at": "2022-12-02T09:00:00-06:00", "now": [{"slug": "keynote"}],
                "next": [{"slug": "talk"}, {"slug": "talks"}],
            },
            "later": {"now": [{"slug": "talks"}], "next": []},
        })
    );
}

#[tokio::test]
async fn pages_follow_one_another() {
    let server = Server::new().await;
    let (mut after, mut slugs) = (String::new(), Vec::new());
    loop {
        let query = format!(
            "{{ papers(first: 20{after}) {{ totalCount pageInfo {{ hasNextPage hasPreviousPage endCursor }}
            edges {{ cursor node {{ slug }} }} }} }}"
        );
        let data = server.ask(&query).await;
        assert_eq!(at(&data, "/papers/totalCount"), 45);
        assert_eq!(at(&data, "/papers/pageInfo/hasPreviousPage"), !slugs.is_empty());
        for edge in at(&data, "/papers/edges").as_array().unwrap() {
            slugs.push(edge["node"]["slug"].as_str().unwrap().to_owned());
        }
        if at(&data, "/papers/pageInfo/hasNextPage") == false {
            break;
        }
        after = format!(", after: {}", at(&data, "/papers/pageInfo/endCursor"));
    }
    assert_eq!(slugs, (1..=45).map(|number| format!("paper-{number}")).collect::<Vec<_>>());
    let data = server.ask("{ papers(last: 2) { nodes { slug } pageInfo { hasNextPage hasPreviousPage } } }").await;
    assert_eq!(at(&data, "/papers/nodes"), &json!([{"slug": "paper-44"}, {"slug": "paper-45"}]));
    let info = json!({"hasNextPage": false, "hasPreviousPage": true});
    assert_eq!(at(&data, "/papers/pageInfo"), &info);
}

#[tokio::test]
async fn filters_choose_and_orders_sort() {
    let server = Server::new().await;
    let slugs = async |field: &str| {
        let data = server.ask(&format!("{{ found: {field} {{ totalCount nodes {{ slug }} }} }}")).await;
        let nodes = at(&data, "/found/nodes").as_array().unwrap();
        let slugs: Vec<_> = nodes.iter().map(|node| node["slug"].as_str().unwrap().to_owned()).collect();
        (slugs, at(&data, "/found/totalCount").as_u64().unwrap())
    };
    let cases: [(&str, &[&str]); 16] = [
        ("sessions(filter: {kind: {in: [KEYNOTE, OPENING]}})", &["opening", "keynote"]),
        ("sessions(filter: {kind: {in: []}})", &[]),
        ("sessions(filter: {kind: {notIn: [KEYNOTE, OPENING, OTHER]}})", &["talk", "later"]),
        (
            "sessions(filter: {startsAt: {from: \"2022-12-02T08:30:00-06:00\", to: \"2022-12-02T16:00:00Z\"}})",
            &["keynote"],
        ),
        ("sessions(filter: {room: {in: [\"hall\"]}, track: {exists: false}})", &["opening", "talk", "talks"]),
        ("sessions(filter: {person: {in: [\"00000000-0000-0000-0000-00000000000b\"]}})", &["keynote", "talk"]),
        ("sessions(filter: {personName: {contains: \"lang\"}})", &["keynote"]),
        ("sessions(filter: {paper: {exists: true}})", &["talk"]),
        (
            "sessions(filter: {or: [{title: {eq: \"OPENING\"}}, {title: {startsWith: \"first\"}}]})",
            &["opening", "talk"],
        ),
        ("sessions(filter: {or: []})", &[]),
        ("sessions(filter: {not: {room: {exists: true}}})", &["later"]),
        ("sessions(orderBy: [{field: TITLE, direction: DESC}], first: 2)", &["later", "talks"]),
        ("papers(filter: {title: {contains: \"ECLAIRS\"}, number: {in: [\"7\"]}})", &["paper-7"]),
        ("papers(filter: {award: {exists: true}})", &["paper-2"]),
        ("papers(orderBy: [{field: NUMBER, direction: DESC}], first: 2)", &["paper-45", "paper-44"]),
        ("speakers(orderBy: [{field: AFFILIATION}, {field: NAME, direction: DESC}])", &["emile", "ada"]),
    ];
    for (field, wanted) in cases {
        assert_eq!(slugs(field).await.0, wanted, "{field}");
    }
    assert_eq!(slugs("papers(filter: {presentation: {eq: POSTER}}, first: 1)").await.1, 22);
    assert_eq!(slugs("papers(filter: {authorName: {contains: \"moreau\"}}, first: 1)").await.1, 45);
}

#[tokio::test]
async fn a_sorted_list_is_paged_like_any_other() {
    let server = Server::new().await;
    let page = async |after: &str| {
        let order = "orderBy: [{field: TITLE, direction: DESC}], filter: {presentation: {eq: POSTER}}";
        let data = server
            .ask(&format!("{{ papers(first: 2, {order}{after}) {{ nodes {{ slug }} pageInfo {{ endCursor }} }} }}"))
            .await;
        (at(&data, "/papers/nodes").clone(), at(&data, "/papers/pageInfo/endCursor").clone())
    };
    let (first, cursor) = page("").await;
    assert_eq!(first, json!([{"slug": "paper-44"}, {"slug": "paper-42"}]));
    let (second, _) = page(&format!(", after: {cursor}")).await;
    assert_eq!(second, json!([{"slug": "paper-40"}, {"slug": "paper-38"}]));
}

#[tokio::test]
async fn everything_is_a_node() {
    let server = Server::new().await;
    let data = server
        .ask(
            "{ event(slug: \"main-2022\") { id series { id } speakers { nodes { id } } panelists { nodes { id } }
            organizers { nodes { id } } people { nodes { id } } sessions { nodes { id } } papers(first: 1) { nodes { id } }
            rooms { id } tracks { id } topics { id } importantDates { id } announcements { id } pages { id } awards { id }
            sponsorTiers { id } sponsors { nodes { id } } links { id } } }",
        )
        .await;
    let text = data.to_string();
    let ids: Vec<&str> = text.split("\"id\":\"").skip(1).map(|rest| &rest[..36]).collect();
    assert!(ids.len() > 20);
    for id in &ids {
        let data = server.ask(&format!("{{ node(id: \"{id}\") {{ __typename id }} }}")).await;
        assert_eq!(at(&data, "/node/id"), id, "{data}");
    }
    let data = server
        .ask(&format!(
            "{{ nodes(ids: [{:?}, {:?}, \"{}\"]) {{ ... on Session {{ title }} ... on Event {{ slug }} }} }}",
            id(302).to_string(),
            id(9999).to_string(),
            id(1)
        ))
        .await;
    assert_eq!(data, json!({"nodes": [{"title": "Pruning"}, null, {"slug": "main-2021"}]}));
}

#[tokio::test]
async fn events_and_series_lead_to_one_another() {
    let server = Server::new().await;
    let (answer, dependencies) = server
        .answer(
            Viewer::Anonymous,
            "{ events { totalCount nodes { slug startsOn series { slug } } }
            series(slug: \"series\") { name events { slug edition } } }",
        )
        .await;
    assert_eq!(
        answer["data"],
        json!({
            "events": {"totalCount": 2, "nodes": [
                {"slug": "main-2022", "startsOn": "2022-12-02", "series": {"slug": "series"}},
                {"slug": "main-2021", "startsOn": "2021-12-13", "series": {"slug": "series"}},
            ]},
            "series": {"name": "The series", "events": [
                {"slug": "main-2022", "edition": 2}, {"slug": "main-2021", "edition": 1},
            ]},
        })
    );
    assert!(matches!(dependencies[..], [Dependency::Catalogue(..)]), "no snapshot is loaded: {dependencies:?}");
    let data = server
        .ask(
            "{ event(slug: \"main-2022\") { revision previousEdition { slug previousEdition { slug }
            nextEdition { papers(first: 1) { nodes { slug } } } } nextEdition { slug } } }",
        )
        .await;
    assert_eq!(at(&data, "/event/previousEdition/nextEdition/papers/nodes/0/slug"), "paper-1");
    assert_eq!(at(&data, "/event/previousEdition/previousEdition"), &Value::Null);
    assert_eq!(at(&data, "/event/nextEdition"), &Value::Null, "the draft is not to be seen");
    assert!(at(&data, "/event/revision").is_string());
    for (filter, count) in [
        ("{year: 2021}", 1),
        ("{city: {eq: \"new orleans\"}}", 2),
        ("{startsOn: {from: \"2022-01-01\"}}", 1),
        ("{series: {in: [\"series\"]}}", 2),
        ("{series: {exists: false}}", 0),
    ] {
        let data = server.ask(&format!("{{ events(filter: {filter}) {{ totalCount }} }}")).await;
        assert_eq!(at(&data, "/events/totalCount"), count, "{filter}");
    }
}

#[tokio::test]
async fn a_search_ranks_and_marks() {
    let server = Server::new().await;
    let data = server
        .ask(
            "{ search(query: \"prunings\", first: 1) { totalCount edges { cursor node { kind title score
            snippet { text html } node { __typename ... on Session { slug } } } } } }",
        )
        .await;
    let result = at(&data, "/search/edges/0/node");
    assert_eq!(result["kind"], "SESSION");
    assert_eq!(result["node"], json!({"__typename": "Session", "slug": "keynote"}));
    assert!(result["score"].as_f64().unwrap() > 0.0);
    assert!(result["snippet"]["html"].as_str().unwrap().contains("<mark>"), "{result}");
    let data = server.ask("{ search(query: \"eclairs\", kinds: [PAPER]) { totalCount nodes { kind } } }").await;
    assert_eq!(at(&data, "/search/totalCount"), 45);
    assert_eq!(server.ask("{ search(query: \"canary\") { totalCount } }").await, json!({"search": {"totalCount": 0}}));
}

#[tokio::test]
async fn the_working_view_is_for_those_with_access() {
    let server = Server::new().await;
    let reader = Viewer::Reader { subject: "desk".to_owned(), events: Some(vec!["main-2022".to_owned()]) };
    let query = "{ viewer { kind subject mine: canSeeWorkingView(event: \"main-2022\")
        other: canSeeWorkingView(event: \"main-2023\") } events(view: WORKING) { nodes { slug } }
        event(slug: \"main-2022\", view: WORKING) { session(slug: \"secret\") { title published event {
            session(slug: \"secret\") { title } } } }
        public: event(slug: \"main-2022\") { session(slug: \"secret\") { title } }
        hidden: event(slug: \"main-2023\", view: WORKING) { slug } }";
    let (answer, _) = server.answer(reader, query).await;
    assert_eq!(
        answer["data"],
        json!({
            "viewer": {"kind": "READER", "subject": "desk", "mine": true, "other": false},
            "events": {"nodes": [{"slug": "main-2022"}]},
            "event": {"session": {"title": "Canary draft", "published": false,
                "event": {"session": {"title": "Canary draft"}}}},
            "public": {"session": null},
            "hidden": null,
        })
    );
    let data = server.ask(&format!("{{ node(id: \"{}\") {{ id }} viewer {{ kind subject }} }}", id(306))).await;
    assert_eq!(data, json!({"node": null, "viewer": {"kind": "ANONYMOUS", "subject": null}}));
}

#[tokio::test]
async fn plain_selections_give_what_fragments_give() {
    let server = Server::new().await;
    let plain = "__typename id also: title title authors { name again: name } sessions { title startsAt }";
    let fields = async |selection: &str, fragment: &str| {
        let query = format!("{{ event(slug: \"main-2022\") {{ papers {{ nodes {{ {selection} }} }} }} }} {fragment}");
        server.ask(&query).await
    };
    let one_by_one = fields(plain, "").await;
    assert!(!at(&one_by_one, "/event/papers/nodes").as_array().unwrap().is_empty());
    assert_eq!(fields("...F", &format!("fragment F on Paper {{ {plain} }}")).await, one_by_one);
    let twice = format!("{plain} title authors @include(if: true) {{ name }}");
    assert_eq!(fields(&twice, "").await, one_by_one);
}

/// Each is also compared with what the library makes of it: see `Server::answer`.
#[tokio::test]
async fn objects_may_be_asked_for_in_every_way() {
    let server = Server::new().await;
    for query in [
        "{ papers { nodes { title title __typename t: title abstract { markdown } } } }",
        "{ papers { nodes { ...a ...b } } } fragment a on Paper { title authors { name } } \
         fragment b on Paper { title authors { affiliation } }",
        "{ papers { nodes { authors { name } } nodes { authors { affiliation person { name } } } } }",
        "{ sessions { nodes { room { name ... on Room { slug } } parts { slug @skip(if: true) } } } }",
        "{ sessions { nodes { parts { slug @include(if: false) } people { person { name @skip(if: true) } } } } }",
        "{ event(slug: \"main-2022\") { schedule { date rooms { room { name } slots { title } } } rooms { name } } }",
        "{ announcements { title links { label url startsAt } } importantDates { label at superseded { at } } }",
        "{ node(id: \"00000000-0000-0000-0000-00000000000b\") { id ... on Person { name sessions { slug papers: paper { slug } } } } }",
    ] {
        server.ask(query).await;
    }
}

#[tokio::test]
async fn errors_in_lists_tell_where_they_are() {
    let server = Server::new().await;
    let (answer, _) = server.answer(Viewer::Anonymous, "{ rooms { name sessions(first: 1000) { totalCount } } }").await;
    assert_eq!(at(&answer, "/errors/0/path"), &json!(["rooms", 0, "sessions"]));
    assert_eq!(at(&answer, "/data/rooms/0/name"), "Hall");
}
