//! The first real site, from its files to what GraphQL answers, item by item: the ENLSP 2022 workshop.
//!
//! The site is not in this repository. `PLENARY_SHARED_SITES` names the folder that holds `enlsp-2022`; without it,
//! and without `../shared/sites`, these tests say that they did not run.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::harness::{Server, on_each_database, shared_site};

const SLUG: &str = "enlsp-2022";

/// A server with the imported site, or `None` when the site is not there.
async fn imported(url: &str) -> Option<Server> {
    let site = shared_site("enlsp-2022")?;
    let output = crate::harness::plenary(url, &["import", "jekyll", site.to_str().unwrap(), "--event", SLUG]).await;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(Server::start(url).await)
}

/// Asks for something of the event in a view.
async fn event(server: &Server, selection: &str) -> Value {
    let answer = server.graphql(&format!("{{ event(slug: \"{SLUG}\") {{ {selection} }} }}")).await;
    assert_eq!(answer.get("errors"), None, "{answer:#}");
    answer["data"]["event"].clone()
}

/// The values of one field of a list.
fn each(list: &Value, field: &str) -> Vec<Value> {
    list.as_array().unwrap().iter().map(|item| item[field].clone()).collect()
}

fn texts(list: &Value, field: &str) -> Vec<String> {
    each(list, field).iter().map(|value| value.as_str().unwrap_or_default().to_owned()).collect()
}

fn read(site: &Path, file: &str) -> String {
    std::fs::read_to_string(site.join(file)).unwrap()
}

/// The values of `key:` lines of a YAML file, read without the importer's own reader.
fn lines_with_key(text: &str, key: &str) -> Vec<String> {
    text.lines()
        .filter_map(|line| line.trim_start().trim_start_matches("- ").strip_prefix(key)?.strip_prefix(':'))
        .map(|value| value.trim().trim_matches('\'').to_owned())
        .collect()
}

fn site() -> Option<PathBuf> {
    shared_site("enlsp-2022")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_event_has_its_name_place_and_time() {
    on_each_database(async |url| {
        let Some(server) = imported(&url).await else { return };
        let found = event(
            &server,
            "name acronym edition hostConference startsOn endsOn timeZone attendanceMode city country contactEmail
             venue { name } series { slug } rooms { name online }",
        )
        .await;
        let expected = json!({
            "name": "Efficient Natural Language and Speech Processing", "acronym": "ENLSP", "edition": 2,
            "hostConference": "NeurIPS 2022", "startsOn": "2022-12-02", "endsOn": "2022-12-02",
            "timeZone": "America/Chicago", "attendanceMode": "HYBRID", "city": "New Orleans", "country": "US",
            "contactEmail": "neurips.enlsp.2022@gmail.com", "venue": {"name": "Ballroom C"},
            "series": {"slug": "enlsp"},
        });
        for (key, value) in expected.as_object().unwrap() {
            assert_eq!(&found[key], value, "{key}");
        }
        assert!(texts(&found["rooms"], "name").contains(&"Ballroom C".to_owned()), "{found:#}");
        server.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_on_the_site_is_there_in_order() {
    let Some(site) = site() else { return };
    on_each_database(async |url| {
        let Some(server) = imported(&url).await else { return };
        let people = "totalCount nodes { name honorific affiliation photo { url } }";
        let found = event(
            &server,
            &format!(
                "speakers(first: 100) {{ {people} }} panelists(first: 100) {{ {people} }}
                 organizers(first: 100) {{ {people} }} volunteers(first: 100) {{ {people} }}
                 committee(first: 100) {{ {people} }}"
            ),
        )
        .await;
        for (list, file, count) in [
            ("speakers", "_data/speakers.yml", 12),
            ("panelists", "_data/panelists.yml", 7),
            ("organizers", "_data/organizers.yml", 7),
        ] {
            let text = read(&site, file);
            assert_eq!(found[list]["totalCount"], count, "{list}");
            assert_eq!(texts(&found[list]["nodes"], "name"), lines_with_key(&text, "name"), "{list}");
            assert_eq!(texts(&found[list]["nodes"], "affiliation"), lines_with_key(&text, "affiliation"), "{list}");
            let photos = each(&found[list]["nodes"], "photo");
            let photos: Vec<_> = photos.iter().map(|photo| photo["url"].as_str().unwrap().to_owned()).collect();
            let expected: Vec<_> =
                lines_with_key(&text, "photo").iter().map(|photo| format!("/images/{photo}")).collect();
            assert_eq!(photos, expected, "{list}");
        }
        let titles = lines_with_key(&read(&site, "_data/speakers.yml"), "title");
        assert_eq!(texts(&found["speakers"]["nodes"], "honorific"), titles);
        assert_eq!(texts(&found["volunteers"]["nodes"], "name"), ["Khalil Bibi", "Soheila Samiee"]);
        assert_eq!(texts(&found["volunteers"]["nodes"], "affiliation"), ["Huawei Noah's Ark Lab", "BASF"]);
        assert_eq!(found["committee"]["totalCount"], 56);
        let committee = read(&site, "_data/technical_committee.yml");
        for (line, member) in committee.lines().zip(found["committee"]["nodes"].as_array().unwrap()) {
            let line = line.trim_start_matches("- ").trim();
            let printed = match member["affiliation"].as_str() {
                Some(affiliation) => format!("{} ({affiliation})", member["name"].as_str().unwrap()),
                None => member["name"].as_str().unwrap().to_owned(),
            };
            assert_eq!(printed, line);
        }
        server.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_schedule_has_its_sessions_people_and_papers() {
    let Some(site) = site() else { return };
    on_each_database(async |url| {
        let Some(server) = imported(&url).await else { return };
        let found = event(
            &server,
            "sessions(first: 100) { totalCount nodes { number kind title startsAt endsAt status abstract { text }
               people { part name participant { __typename } } paper { number title } room { name } } }",
        )
        .await;
        assert_eq!(found["sessions"]["totalCount"], 26);
        let sessions = found["sessions"]["nodes"].as_array().unwrap();
        let schedule = read(&site, "_data/schedule.yml");
        let titles: Vec<_> = lines_with_key(&schedule, "Title")
            .iter()
            .map(|title| title.trim_start_matches("(KeyNote Talk)").trim().to_owned())
            .collect();
        assert_eq!(texts(&found["sessions"]["nodes"], "title"), titles);
        let times: Vec<_> = sessions
            .iter()
            .map(|session| {
                let shown = |field: &str| {
                    let time: jiff::Timestamp = session[field].as_str().unwrap().parse().unwrap();
                    let local = time.to_zoned(jiff::tz::TimeZone::get("America/Chicago").unwrap());
                    assert_eq!(local.date(), jiff::civil::date(2022, 12, 2));
                    local.strftime("%I:%M%p").to_string()
                };
                format!("{} - {}", shown("startsAt"), shown("endsAt"))
            })
            .collect();
        assert_eq!(times, lines_with_key(&schedule, "Time"));
        let of_kind = |kind: &str| sessions.iter().filter(|session| session["kind"] == kind).collect::<Vec<_>>();
        for (kind, count) in
            [("KEYNOTE", 11), ("TALK", 8), ("PANEL", 1), ("POSTER", 3), ("MEAL", 1), ("OPENING", 1), ("AWARD", 1)]
        {
            assert_eq!(of_kind(kind).len(), count, "{kind}");
        }
        for keynote in of_kind("KEYNOTE") {
            assert_eq!(keynote["people"][0]["participant"]["__typename"], "Speaker", "{keynote:#}");
            assert!(keynote["abstract"]["text"].as_str().unwrap().len() > 100);
        }
        for talk in of_kind("TALK") {
            assert!(talk["paper"]["number"].is_string(), "{talk:#}");
            assert!(!talk["people"].as_array().unwrap().is_empty());
        }
        let panel = of_kind("PANEL")[0];
        assert_eq!(panel["people"].as_array().unwrap().len(), 7);
        for person in panel["people"].as_array().unwrap() {
            assert_eq!((&person["part"], &person["participant"]["__typename"]), (&json!("PANELIST"), &json!("Panelist")));
        }
        let numbers: std::collections::HashSet<_> =
            sessions.iter().map(|session| session["number"].as_i64().unwrap()).collect();
        assert!(numbers.len() == 26 && numbers.iter().all(|number| *number > 0));
        server.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_papers_have_their_authors() {
    let Some(site) = site() else { return };
    on_each_database(async |url| {
        let Some(server) = imported(&url).await else { return };
        let found = event(
            &server,
            "papers(first: 100) { totalCount nodes { number title abstract { text }
               authors { name affiliation corresponding person { name } } sessions { title } } }",
        )
        .await;
        assert_eq!(found["papers"]["totalCount"], 40);
        let site_papers: Vec<Value> = papers_of_the_site(&read(&site, "_data/accepted_papers.yml"));
        for (paper, expected) in found["papers"]["nodes"].as_array().unwrap().iter().zip(&site_papers) {
            assert_eq!(paper["number"], expected["id"]);
            assert_eq!(paper["title"], expected["title"]);
            let plain = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
            assert_eq!(
                plain(paper["abstract"]["text"].as_str().unwrap()),
                plain(expected["abstract"].as_str().unwrap()),
                "{}",
                expected["id"]
            );
            let printed: Vec<String> = paper["authors"]
                .as_array()
                .unwrap()
                .iter()
                .map(|author| {
                    let affiliation = author["affiliation"].as_str().map(|text| format!(" ({text})"));
                    let mark = if author["corresponding"] == true { "*" } else { "" };
                    format!("{}{}{mark}", author["name"].as_str().unwrap(), affiliation.unwrap_or_default())
                })
                .collect();
            let without_blanks = |text: &str| text.split_whitespace().collect::<String>();
            assert_eq!(
                without_blanks(&printed.join("; ")),
                without_blanks(expected["authors"].as_str().unwrap()),
                "{}",
                expected["id"]
            );
        }
        let presented = found["papers"]["nodes"].as_array().unwrap().iter();
        assert_eq!(presented.filter(|paper| !paper["sessions"].as_array().unwrap().is_empty()).count(), 8);
        server.stop().await;
    })
    .await;
}

/// The site's list of papers is JSON but for trailing commas.
fn papers_of_the_site(text: &str) -> Vec<Value> {
    let mut json = text.replace('\t', " ");
    while let Some(at) = json.find(",\n}") {
        json.replace_range(at..=at, "");
    }
    serde_json::from_str(&json).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_itself_is_content_too() {
    on_each_database(async |url| {
        let Some(server) = imported(&url).await else { return };
        let found = event(
            &server,
            "topics { title items special } awards { name } links { label url kind }
             importantDates { label kind date anywhereOnEarth struckThrough at }
             sponsorTiers { name sponsors { name logo { url } } }
             announcements { title links { url } } pages { slug title body { markdown html } }",
        )
        .await;
        let topics = found["topics"].as_array().unwrap();
        let bullets: Vec<_> = topics.iter().map(|topic| topic["items"].as_array().unwrap().len()).collect();
        assert_eq!(bullets, [8, 4, 4, 5, 4, 5]);
        let special: Vec<_> = topics.iter().filter(|topic| topic["special"] == true).collect();
        assert_eq!(special.len(), 1);
        assert_eq!(special[0]["title"], "Efficient Graph Learning for NLP");
        assert!(topics[0]["items"][6].as_str().unwrap().contains("text–speech"), "{}", topics[0]);
        assert_eq!(found["awards"].as_array().unwrap().len(), 3);
        assert_eq!(found["links"].as_array().unwrap().len(), 10);
        assert_eq!(found["links"][8]["kind"], "VIRTUAL_VENUE");
        let dates = found["importantDates"].as_array().unwrap();
        let shown: Vec<_> = dates
            .iter()
            .map(|date| (date["date"].as_str().unwrap(), date["anywhereOnEarth"] == true, date["struckThrough"] == true))
            .collect();
        assert_eq!(
            shown,
            [
                ("2022-09-25", true, true),
                ("2022-10-20", true, true),
                ("2022-11-01", true, true),
                ("2022-12-02", false, false)
            ]
        );
        assert_eq!(dates[0]["at"], "2022-09-25T23:59:59-12:00");
        let tiers = found["sponsorTiers"].as_array().unwrap();
        assert_eq!(texts(&found["sponsorTiers"], "name"), ["Platinum", "Gold"]);
        assert!(tiers.iter().all(|tier| tier["sponsors"].as_array().unwrap().len() == 2));
        assert_eq!(tiers[1]["sponsors"][1]["logo"]["url"], "/images/rbc_logo.svg");
        assert_eq!(found["announcements"].as_array().unwrap().len(), 1, "the hidden one is hidden");
        assert_eq!(found["announcements"][0]["links"][0]["url"], "https://neurips2024-enlsp.github.io/");
        for page in found["pages"].as_array().unwrap() {
            let (markdown, html) = (page["body"]["markdown"].as_str().unwrap(), page["body"]["html"].as_str().unwrap());
            assert!(!markdown.contains("<div") && !markdown.contains("<br"), "{markdown}");
            assert!(!html.contains("<script"));
        }
        server.stop().await;

        let query = format!(
            "{{ event(slug: \"{SLUG}\", view: WORKING) {{
                 announcements {{ published links {{ url startsAt endsAt }} }} }} }}"
        );
        let output = crate::harness::plenary(&url, &["query", &query]).await;
        let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
        let hidden: Vec<_> = answer["data"]["event"]["announcements"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|announcement| announcement["published"] == false)
            .collect();
        assert_eq!(hidden.len(), 1, "{answer:#}");
        let links = hidden[0]["links"].as_array().unwrap();
        assert_eq!(links.len(), 4);
        assert_eq!(links[0]["startsAt"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap(),
            "2022-09-06T22:00:00-04:00".parse::<jiff::Timestamp>().unwrap());
        assert_eq!(links.iter().filter(|link| link["url"].is_string()).count(), 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_odd_on_the_site_is_said() {
    let Some(site) = site() else { return };
    on_each_database(async |url| {
        let arguments = ["import", "jekyll", site.to_str().unwrap(), "--event", SLUG, "--format", "json"];
        let first: Value =
            serde_json::from_slice(&crate::harness::plenary(&url, &arguments).await.stdout).unwrap();
        let with_code = |code: &str| {
            let diagnostics = first["diagnostics"].as_array().unwrap();
            diagnostics.iter().filter(|diagnostic| diagnostic["code"] == code).cloned().collect::<Vec<_>>()
        };
        assert_eq!(with_code("session-overlap").len(), 3);
        assert_eq!(with_code("backup-file").len(), 2);
        assert!(!with_code("anonymous-authors").is_empty());
        assert!(!with_code("speaker-without-session").is_empty() || !with_code("presenter-spelling").is_empty());
        for diagnostic in with_code("session-overlap") {
            assert_eq!(diagnostic["file"], "_data/schedule.yml");
            assert!(diagnostic["line"].is_number());
        }
        let second: Value =
            serde_json::from_slice(&crate::harness::plenary(&url, &arguments).await.stdout).unwrap();
        assert_eq!(second["revision"], first["revision"], "importing twice changes nothing");
        for operation in ["created", "updated", "deleted"] {
            assert_eq!(second["changes"][operation], 0, "{second:#}");
        }
    })
    .await;
}
