//! A document with every kind and every field filled, and a large one; both always the same.

use std::sync::Arc;

use jiff::Timestamp;
use plenary::content::{
    Announcement, AnnouncementLink, AnnouncementSeverity, AttendanceMode, Award, Coordinates, Date, Document, Event,
    Head, Id, Image, ImportantDate, ImportantDateKind, Link, LinkKind, Markdown, Moment, Page, Paper, PaperAuthor,
    Participation, Person, Presentation, Publication, Role, Room, Series, Session, SessionKind, SessionPart,
    SessionPerson, SessionStatus, Sponsor, SponsorTier, Topic, Track, Venue, WebLink,
};
use uuid::Uuid;

/// When the samples were made.
pub(crate) fn now() -> Timestamp {
    at("2022-11-01T12:00:00Z")
}

/// An instant in RFC 3339.
pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// An id that looks like one that Plenary makes.
pub(crate) fn id(number: u128) -> Id {
    Id(Uuid::from_u128(0x0184_0000_0000_7000_8000_0000_0000_0000 + number))
}

/// The head of an item that is new.
pub(crate) fn head(number: u128, slug: &str, position: i32) -> Head {
    Head::new(id(number), slug, position, now())
}

/// An event with only what it must have.
pub(crate) fn event(number: u128, slug: &str) -> Event {
    let day = Date(jiff::civil::date(2022, 12, 2));
    Event {
        id: id(number),
        slug: slug.to_owned(),
        name: format!("Event {slug}"),
        acronym: None,
        edition: None,
        series: None,
        host_conference: None,
        description: None,
        starts_on: day,
        ends_on: day,
        time_zone: "America/Chicago".to_owned(),
        attendance_mode: AttendanceMode::InPerson,
        venue: None,
        city: None,
        country: None,
        website: None,
        contact_email: None,
        banner: None,
        social_links: Vec::new(),
        language: None,
        publication: Publication::Live,
        withdrawn: Vec::new(),
        created_at: now(),
        updated_at: now(),
    }
}

/// A document with every kind and every field filled. Its ids begin at `start`, and it needs a hundred.
pub(crate) fn document(start: u128, slug: &str) -> Document {
    let series = Series {
        id: id(start + 1),
        slug: format!("{slug}-series"),
        name: "Efficient Language Workshop".to_owned(),
        description: text("Every year in *December*."),
        created_at: now(),
        updated_at: now(),
    };
    let mut document = Document::new(Event {
        acronym: line("ELW"),
        edition: Some(2),
        series: Some(series.id),
        host_conference: line("NeurIPS 2022"),
        description: text("A **day** of talks.\n\n- one\n- two"),
        ends_on: Date(jiff::civil::date(2022, 12, 3)),
        attendance_mode: AttendanceMode::Hybrid,
        venue: Some(Venue {
            name: "Ballroom C".to_owned(),
            address: line("900 Convention Center Blvd"),
            coordinates: Some(Coordinates { latitude: 29.942_123_456_7, longitude: -90.063_1 }),
            map_url: line("/map.pdf"),
        }),
        city: line("New Orleans"),
        country: line("US"),
        website: line("https://example.org/"),
        contact_email: line("organizers@example.org"),
        banner: image("/banner.jpg"),
        social_links: vec![web_link("Mastodon")],
        language: line("en"),
        publication: Publication::Draft,
        ..event(start, slug)
    });
    document.series = Some(Arc::new(series));
    add_people(&mut document, start + 10);
    add_programme(&mut document, start + 30);
    add_site(&mut document, start + 60);
    document.sort();
    document
}

fn add_people(document: &mut Document, start: u128) {
    for (number, name) in (start..).zip(["Ada Łovelace", "Grace Hopper", "Émilie du Châtelet", "Katherine Johnson"])
    {
        document.people.push(Arc::new(Person {
            affiliation: line("University of \"Somewhere\""),
            homepage: line("https://example.org/~me"),
            orcid: line("https://orcid.org/0000-0002-1825-0097"),
            scholar: line("https://scholar.google.com/citations?user=x"),
            linkedin: line("https://www.linkedin.com/in/x"),
            links: vec![web_link("Blog"), web_link("Code")],
            ..Person::new(id(number), name, now())
        }));
    }
    for (number, role) in (start + 5..).zip(Role::ALL) {
        for (number, position) in [(number, 1), (number + 6, 0)] {
            let slug = format!("person-{number}");
            let item = Participation {
                head: Head { publish_at: Some(at("2022-11-20T08:00:00.123456Z")), ..head(number, &slug, position) },
                role,
                person: id(start + u128::from(position == 0)),
                honorific: line("Prof."),
                affiliation: line("Institute, at the time"),
                photo: image("https://example.org/photo.jpg"),
                bio: text("Works on *things*."),
                group: line("Area chairs"),
            };
            document.participations_mut(role).push(Arc::new(item));
        }
    }
}

fn add_programme(document: &mut Document, start: u128) {
    let person = |number: u128| document.people[number as usize].id;
    document.rooms = vec![Arc::new(Room {
        head: head(start, "ballroom-c", 0),
        name: "Ballroom C".to_owned(),
        description: text("Second floor."),
        capacity: Some(350),
        online: true,
        url: line("https://example.org/room"),
    })];
    document.tracks = vec![Arc::new(Track {
        head: head(start + 1, "main", 0),
        name: "Main".to_owned(),
        description: text("All of it."),
        color: line("#1f6feb"),
    })];
    let author = |person: Option<Id>, name: &str, corresponding| PaperAuthor {
        person,
        name: name.to_owned(),
        affiliation: line("On the paper"),
        corresponding,
    };
    let full = Paper {
        number: line("17"),
        summary: text("We *show* it."),
        authors: vec![
            author(Some(person(2)), "E. du Châtelet", true),
            author(None, "Anonymous", false),
            author(Some(person(3)), "K. Johnson", false),
        ],
        presentation: Some(Presentation::Spotlight),
        pdf_url: line("https://example.org/17.pdf"),
        supplement_url: line("/17.zip"),
        poster_url: line("/17-poster.pdf"),
        slides_url: line("/17-slides.pdf"),
        video_url: line("https://example.org/17.mp4"),
        code_url: line("https://example.org/code"),
        openreview_url: line("https://openreview.net/forum?id=x"),
        arxiv_url: line("https://arxiv.org/abs/2212.00001"),
        doi: line("10.1000/182"),
        ..Paper::new(head(start + 2, "a-paper", 0), "A paper")
    };
    document.papers = vec![Arc::new(full), Arc::new(Paper::new(head(start + 3, "another-paper", 1), "Another paper"))];
    let speaker = |number, part| SessionPerson { person: person(number), part };
    // The part comes before its whole, in the order of positions and in that of ids.
    let part = Session {
        summary: text("What it is about."),
        starts_at: Some(at("2022-12-02T14:00:00Z")),
        ends_at: Some(at("2022-12-02T14:30:00Z")),
        room: Some(id(start)),
        track: Some(id(start + 1)),
        parent: Some(id(start + 6)),
        paper: Some(id(start + 2)),
        people: vec![speaker(3, SessionPart::Chair), speaker(0, SessionPart::Speaker)],
        status: SessionStatus::Tentative,
        language: line("fr"),
        stream_url: line("https://example.org/live"),
        recording_url: line("https://example.org/recording"),
        slides_url: line("/slides.pdf"),
        do_not_record: true,
        ..Session::new(head(start + 4, "talk", 0), SessionKind::Talk, "Talk")
    };
    let panel = Session {
        people: vec![speaker(1, SessionPart::Panelist)],
        status: SessionStatus::Cancelled,
        ..Session::new(head(start + 5, "panel", 1), SessionKind::Panel, "Panel")
    };
    let whole = Session::new(head(start + 6, "talks", 2), SessionKind::Other, "Talks");
    document.sessions = vec![Arc::new(part), Arc::new(panel), Arc::new(whole)];
    document.awards = vec![Arc::new(Award {
        head: head(start + 7, "best-paper", 0),
        name: "Best paper".to_owned(),
        description: text("For the best."),
        papers: vec![id(start + 3), id(start + 2)],
    })];
}

fn add_site(document: &mut Document, start: u128) {
    document.topics = vec![Arc::new(Topic {
        head: head(start, "compression", 0),
        title: "Compression".to_owned(),
        description: text("Smaller *models*."),
        items: vec!["Pruning".to_owned(), "Distillation — of \"knowledge\"".to_owned()],
        special: true,
    })];
    let moment = Moment::end_of_day_anywhere_on_earth(Date(jiff::civil::date(2022, 9, 30)));
    document.important_dates = vec![Arc::new(ImportantDate {
        head: head(start + 1, "submission", 0),
        label: "Submission".to_owned(),
        kind: ImportantDateKind::Submission,
        superseded: vec![Moment { has_time: true, at: at("2022-09-23T10:00:00.5Z"), ..moment.clone() }],
        moment,
        struck_through: true,
        note: line("extended"),
    })];
    document.announcements = vec![Arc::new(Announcement {
        head: Head { published: false, ..head(start + 2, "mentoring", 0) },
        title: "Mentoring".to_owned(),
        severity: AnnouncementSeverity::Critical,
        body: text("Come."),
        links: vec![AnnouncementLink {
            label: "Room 1".to_owned(),
            url: line("https://example.org/1"),
            starts_at: Some(at("2022-12-02T15:00:00Z")),
            ends_at: Some(at("2022-12-02T16:00:00Z")),
        }],
        shows_from: Some(at("2022-11-30T00:00:00Z")),
        shows_until: Some(at("2022-12-03T00:00:00Z")),
    })];
    document.pages = vec![Arc::new(Page {
        head: head(start + 3, "overview", 0),
        title: "Overview".to_owned(),
        body: Markdown("Everything, *briefly*: 語 🎓".to_owned()),
    })];
    let tier = |number, name: &str, position| {
        Arc::new(SponsorTier { head: head(number, &name.to_lowercase(), position), name: name.to_owned() })
    };
    document.sponsor_tiers = vec![tier(start + 4, "Gold", 0), tier(start + 5, "Silver", 1)];
    document.sponsors = vec![Arc::new(Sponsor {
        head: head(start + 6, "acme", 0),
        tier: id(start + 4),
        name: "Acme".to_owned(),
        url: line("https://example.org/acme"),
        logo: image("/acme.svg"),
        description: text("Makes everything."),
    })];
    document.links = vec![Arc::new(Link {
        head: head(start + 7, "schedule", 0),
        label: "Schedule".to_owned(),
        url: "/#schedule".to_owned(),
        kind: LinkKind::Navigation,
    })];
}

/// An event with so many papers, each with four authors of its own, and so many sessions.
pub(crate) fn large(start: u128, slug: &str, papers: u32, sessions: u32) -> Document {
    let mut document = Document::new(event(start, slug));
    let position = |number: u32| i32::try_from(number).unwrap();
    for number in 0..papers {
        let first = start + 1 + u128::from(number) * 5;
        let mut paper =
            Paper::new(head(first, &format!("paper-{number}"), position(number)), format!("Paper {number}"));
        paper.summary = text(&"An abstract goes on for a while. ".repeat(40));
        for author in first + 1..first + 5 {
            let person = Person::new(id(author), format!("Author {author}"), now());
            paper.authors.push(PaperAuthor {
                person: Some(person.id),
                name: person.name.clone(),
                affiliation: line("A university"),
                corresponding: false,
            });
            document.people.push(Arc::new(person));
        }
        document.papers.push(Arc::new(paper));
    }
    for number in 0..sessions {
        let head = head(start + 10_000_000 + u128::from(number), &format!("session-{number}"), position(number));
        document.sessions.push(Arc::new(Session::new(head, SessionKind::Talk, format!("Session {number}"))));
    }
    document.sort();
    document
}

fn line(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn text(markdown: &str) -> Option<Markdown> {
    Some(Markdown(markdown.to_owned()))
}

fn image(url: &str) -> Option<Image> {
    Some(Image { url: url.to_owned(), alt: line("A picture") })
}

fn web_link(label: &str) -> WebLink {
    WebLink { label: label.to_owned(), url: "https://example.org/elsewhere".to_owned() }
}
