//! Releases are told one after the other, to those who may see them, and to those who come again.

use std::sync::Arc;
use std::time::Duration;

use plenary::access::Viewer;
use plenary::content::Publication;
use plenary::store::Version;
use serde_json::{Value, json};

use super::socket::Socket;
use super::{Watched, document, paper, put};
use crate::harness::on_each_database;

const SILENCE: Duration = Duration::from_millis(300);

fn subscription(arguments: &str) -> String {
    let fields = "cursor release { number name publishedBy } event { papers { totalCount } }";
    format!("subscription {{ releasePublished(event: \"watched\"{arguments}) {{ {fields} }} }}")
}

async fn released(socket: &mut Socket) -> Value {
    socket.message("next").await["payload"]["data"]["releasePublished"].take()
}

/// Makes a release, as another process would.
async fn publish(server: &Watched, name: &str) {
    let editor = Viewer::Operator.creator().unwrap();
    let version = Version { name: Some(name.to_owned()), note: None };
    let made = server.store.publish(&editor, document().event.id, version, super::now()).await.unwrap();
    assert!(made.is_some());
}

async fn set(server: &Watched, publication: Publication) {
    let editor = Viewer::Operator.creator().unwrap();
    let set = server.store.set_publication(&editor, document().event.id, publication, super::now()).await;
    assert!(set.unwrap().is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn releases_are_told_in_their_order_without_gap_or_repeat() {
    on_each_database(async |database| {
        let server = Watched::start(&database).await;
        let mut socket = Socket::open(server.address, json!({})).await;
        socket.subscribe("1", &subscription("")).await;
        socket.begun().await;

        let mut content = document();
        Arc::make_mut(&mut content.event).publication = Publication::Live;
        content.papers = vec![paper(1, "One")];
        put(&server.store, &content).await;
        publish(&server, "v1").await;
        // A live event is what it is now; its releases are told from when the public sees them.
        assert_eq!(socket.hear_within(SILENCE).await, None);
        set(&server, Publication::Released).await;
        let first = released(&mut socket).await;
        let expected = json!({"number": 1, "name": "v1", "publishedBy": null});
        assert_eq!((&first["release"], &first["event"]["papers"]["totalCount"]), (&expected, &json!(1)), "{first}");

        // What is staged is told with its release, and not before.
        Arc::make_mut(&mut content.event).publication = Publication::Released;
        content.papers.push(paper(2, "Two"));
        put(&server.store, &content).await;
        assert_eq!(socket.hear_within(SILENCE).await, None);
        publish(&server, "v2").await;
        let second = released(&mut socket).await;
        assert_eq!((&second["release"]["number"], &second["event"]["papers"]["totalCount"]), (&json!(2), &json!(2)));

        // Who comes again hears what came since, and only that.
        let since = first["cursor"].as_str().unwrap();
        socket.subscribe("2", &subscription(&format!(", since: \"{since}\""))).await;
        assert_eq!(released(&mut socket).await["cursor"], second["cursor"]);
        publish(&server, "v3").await;
        assert_eq!(released(&mut socket).await["release"]["name"], "v3");
        assert_eq!(released(&mut socket).await["release"]["name"], "v3");
        // The first one was made while the event was live: it is not among those that the public looks back at.
        socket.subscribe("3", &subscription(", since: \"0\"")).await;
        assert_eq!(released(&mut socket).await["release"]["name"], "v2");
        assert_eq!(released(&mut socket).await["release"]["name"], "v3");
        assert_eq!(socket.hear_within(SILENCE).await, None);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn releases_that_the_public_does_not_see_are_not_told() {
    on_each_database(async |database| {
        let server = Watched::start(&database).await;
        let mut public = Socket::open(server.address, json!({})).await;
        public.subscribe("1", &subscription("")).await;
        public.begun().await;
        set(&server, Publication::Draft).await;
        // The event is not to be seen any more: that is the end, and whoever asks now finds nothing.
        assert_eq!(public.message("complete").await["id"], "1");
        public.subscribe("2", &subscription("")).await;
        let refused = public.message("error").await;
        assert_eq!(refused["payload"][0]["extensions"]["code"], "NOT_FOUND", "{refused}");

        let mut working = Socket::open(server.address, json!({"Authorization": server.token()})).await;
        working.subscribe("1", &subscription(", view: WORKING")).await;
        working.begun().await;
        publish(&server, "internal").await;
        let told = released(&mut working).await;
        let expected = json!({"number": 1, "name": "internal", "publishedBy": "operator"});
        assert_eq!(told["release"], expected, "{told}");
        set(&server, Publication::Released).await;
        publish(&server, "public").await;
        assert_eq!(released(&mut working).await["release"]["name"], "public");
        public.subscribe("3", &subscription(", since: \"0\"")).await;
        assert_eq!(released(&mut public).await["release"]["name"], "public");
        assert_eq!(public.hear_within(SILENCE).await, None);
    })
    .await;
}
