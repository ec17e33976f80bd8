//! A schedule of 1,300 sessions, as large as the largest: every address tells of all of them.

use std::collections::BTreeSet;

use plenary::feeds::FEEDS;
use plenary::import::{Diagnostics, frab, input::Input};
use serde_json::Value;

use super::server::TestServer;
use crate::import::{options, schedules};

const SESSIONS: usize = 1_300;

/// What tells of other things than sessions.
const OTHERS: [&str; 4] = ["sessionize/view/SpeakerWall", "dates.ics", "feed.xml", "giggity.json"];

/// The most bytes of an answer: phones read it.
const BOUND: usize = 8 << 20;

#[tokio::test(flavor = "multi_thread")]
async fn a_large_event_is_told_whole() {
    let server = TestServer::over(|_| {}).await;
    let input = Input::of("large.xml", &schedules::large());
    let document = frab::read_input(&input, &options("large-2031"), Diagnostics::default()).unwrap().document;
    server.put(document).await;
    let mut paths: Vec<String> = FEEDS
        .iter()
        .filter(|feed| !OTHERS.contains(&feed.path))
        .map(|feed| format!("/events/large-2031/{}", feed.path))
        .collect();
    paths.extend(["/events/large-2031", "/events/large-2031.json"].map(str::to_owned));
    for path in paths {
        let answer = server.get(&path).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        let text = answer.text().await.unwrap();
        assert!(text.len() < BOUND, "{path} has {} bytes", text.len());
        // Lines of calendars are folded.
        let text = text.replace("\r\n ", "");
        let numbers =
            text.split("Talk number ").skip(1).filter_map(|rest| rest.split(' ').next()?.parse::<usize>().ok());
        let told: BTreeSet<usize> = numbers.collect();
        let missing: Vec<usize> = (1..=SESSIONS).filter(|number| !told.contains(number)).collect();
        assert!(missing.is_empty(), "{path} says nothing of {missing:?}");
    }
    let mut next = Some(server.url("/events/large-2031/sessions.json?limit=500&fields=number"));
    let mut listed = BTreeSet::new();
    while let Some(url) = next {
        let page: Value = server.client.get(&url).send().await.unwrap().json().await.unwrap();
        listed.extend(page["items"].as_array().unwrap().iter().map(|item| item["number"].as_u64().unwrap()));
        next = page["next"].as_str().map(str::to_owned);
    }
    assert_eq!(listed.len(), SESSIONS);
}
