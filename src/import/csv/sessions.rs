//! A table of sessions: what, when, where and by whom.

use std::collections::{HashMap, HashSet};

use jiff::tz::TimeZone;
use jiff::{Timestamp, civil};

use super::table::{Column, Row, Table};
use crate::content::{Id, Kind, Room, Session, SessionKind, SessionPart, SessionPerson, Severity, Track};
use crate::import::additions::{Additions, Named, Waiting, name_key};
use crate::import::programme::times::{self, Day, Moment};
use crate::import::{jekyll, programme, source_ids, text};

pub(super) const COLUMNS: &[Column] = &[
    Column { name: "title", others: &["sessiontitle", "name", "session", "talk", "event"], needed: true },
    Column { name: "id", others: &["guid", "uuid"], needed: false },
    Column { name: "number", others: &["no", "nr", "sessionid", "sessionnumber"], needed: false },
    Column { name: "slug", others: &[], needed: false },
    Column { name: "kind", others: &["type", "format", "sessiontype"], needed: false },
    Column { name: "day", others: &["date", "startdate"], needed: false },
    Column { name: "start", others: &["starts", "startsat", "begin", "from", "starttime", "time"], needed: false },
    Column { name: "end", others: &["ends", "endsat", "until", "to", "endtime"], needed: false },
    Column { name: "duration", others: &["length", "minutes"], needed: false },
    Column { name: "room", others: &["location", "venue", "place"], needed: false },
    Column { name: "track", others: &["theme"], needed: false },
    Column { name: "speakers", others: &["speaker", "presenter", "presenters", "people"], needed: false },
    Column { name: "chairs", others: &["chair", "sessionchair", "moderator", "moderators"], needed: false },
    Column { name: "panelists", others: &["panelist", "panel"], needed: false },
    Column { name: "abstract", others: &["description", "summary"], needed: false },
    Column { name: "paper", others: &["papertitle", "papernumber", "paperid"], needed: false },
    Column { name: "parent", others: &["partof"], needed: false },
    Column { name: "language", others: &["lang"], needed: false },
    Column { name: "status", others: &["state"], needed: false },
    Column { name: "stream", others: &["streamurl", "livestream"], needed: false },
    Column { name: "recording", others: &["recordingurl", "video"], needed: false },
    Column { name: "slides", others: &["slidesurl"], needed: false },
    Column { name: "donotrecord", others: &["optout", "recordingoptout", "norecording"], needed: false },
];

/// When the session of a row is.
#[derive(Clone, Copy, Debug, Default)]
struct Span {
    starts_at: Option<Timestamp>,
    ends_at: Option<Timestamp>,
}

pub(super) fn read(table: &Table, additions: &mut Additions) {
    let zone = additions.document.event.zone();
    let mut day = Some(additions.document.event.starts_on.0);
    let spans: Vec<Span> = table.rows.iter().map(|row| span(row, &mut day, &zone, additions)).collect();
    let ids = found(table, &spans, additions);
    let mut known = Known::new(additions);
    let mut parents = Vec::new();
    for ((row, span), stored) in table.rows.iter().zip(spans).zip(ids) {
        let Some(title) = row.line("title") else {
            additions.tell(Severity::Warning, "no-title", &row.place, "a row has no title, and is left out");
            continue;
        };
        let id = stored.unwrap_or_else(|| {
            let head =
                additions.head(Kind::Session, &row.line("slug").unwrap_or_else(|| title.clone()), row.text("id"));
            let words = row.text("kind");
            let mut session = Session::new(
                head,
                programme::kind_of(words, &title, false, row.text("speakers").is_some()),
                title.clone(),
            );
            session.number =
                row.text("number").and_then(|number| number.parse().ok()).filter(|number| *number > 0).unwrap_or(0);
            additions.add(session)
        });
        fill(row, id, title, span, &mut known, additions);
        parents.extend(row.line("parent").map(|parent| (id, parent, row)));
    }
    // A row may be a part of one that comes after it.
    let sessions = Named::sessions(&additions.document);
    for (id, parent, row) in parents {
        match sessions.find(&parent).filter(|parent| *parent != id) {
            Some(parent) => {
                if let Some(session) = additions.item::<Session>(id) {
                    session.parent = Some(parent);
                }
            }
            None => additions.tell(
                Severity::Warning,
                "unknown-session",
                &row.place,
                format!("there is no session “{parent}”"),
            ),
        }
    }
}

/// What rows refer to by its name.
struct Known {
    papers: Named,
    rooms: HashMap<String, Id>,
    tracks: HashMap<String, Id>,
}

impl Known {
    fn new(additions: &Additions) -> Known {
        let mut known =
            Known { papers: Named::papers(&additions.document), rooms: HashMap::new(), tracks: HashMap::new() };
        for room in &additions.document.rooms {
            known.rooms.entry(name_key(&room.name)).or_insert(room.head.id);
        }
        for track in &additions.document.tracks {
            known.tracks.entry(name_key(&track.name)).or_insert(track.head.id);
        }
        known
    }

    /// The room with a name, which is added when it is new.
    fn room(&mut self, name: String, additions: &mut Additions) -> Id {
        *self.rooms.entry(name_key(&name)).or_insert_with(|| {
            let head = additions.head(Kind::Room, &name, None);
            additions.add(Room { head, name, description: None, capacity: None, online: false, url: None })
        })
    }

    /// The track with a name, which is added when it is new.
    fn track(&mut self, name: String, additions: &mut Additions) -> Id {
        *self.tracks.entry(name_key(&name)).or_insert_with(|| {
            let head = additions.head(Kind::Track, &name, None);
            additions.add(Track { head, name, description: None, color: None })
        })
    }
}

/// By what a row and a session can be known to be the same.
#[derive(PartialEq, Eq, Hash)]
enum Sign {
    Id(Id),
    Number(String),
    Slug(String),
    Moment(Timestamp, String),
    Title(String),
    Slot(Timestamp, Option<String>),
}

/// The stored sessions of the rows: by id, number or slug, then by title and time, by title, and at last by time and
/// room, which finds a session whose title was corrected.
fn found(table: &Table, spans: &[Span], additions: &Additions) -> Vec<Option<Id>> {
    let rooms = additions.document.rooms.iter().map(|room| (room.head.id, name_key(&room.name)));
    let rooms: HashMap<Id, String> = rooms.collect();
    let of_session = |session: &Session| {
        let room = session.room.and_then(|room| rooms.get(&room).cloned());
        let title = name_key(&session.title);
        [
            Some(Sign::Id(session.head.id)),
            Some(Sign::Number(session.number.to_string())),
            Some(Sign::Slug(session.head.slug.clone())),
            session.starts_at.map(|at| Sign::Moment(at, title.clone())),
            Some(Sign::Title(title)),
            session.starts_at.map(|at| Sign::Slot(at, room)),
        ]
    };
    let of_row = |row: &Row, span: Span| {
        let title = row.line("title").map(|title| name_key(&title));
        [
            row.text("id").and_then(source_ids::given).map(Sign::Id),
            row.text("number").map(|number| Sign::Number(number.to_owned())),
            row.text("slug").map(|slug| Sign::Slug(slug.to_owned())),
            span.starts_at.zip(title.clone()).map(|(at, title)| Sign::Moment(at, title)),
            title.map(Sign::Title),
            span.starts_at.map(|at| Sign::Slot(at, row.line("room").map(|room| name_key(&room)))),
        ]
    };
    let stored = additions.document.sessions.iter();
    let mut waiting = Waiting::new(
        stored.flat_map(|session| of_session(session).into_iter().flatten().map(move |sign| (sign, session.head.id))),
    );
    let rows = table.rows.iter().zip(spans).enumerate().filter(|(_, (row, _))| row.text("title").is_some());
    let signs: Vec<_> = rows.map(|(place, (row, span))| (place, of_row(row, *span))).collect();
    let mut found: Vec<Option<Id>> = vec![None; table.rows.len()];
    let mut taken = HashSet::new();
    // What tells most is looked at for all rows before what tells less is.
    for which in 0..6 {
        for (place, signs) in &signs {
            let Some(sign) = signs[which].as_ref().filter(|_| found[*place].is_none()) else { continue };
            found[*place] = waiting.first(sign, &taken);
            taken.extend(found[*place]);
        }
    }
    found
}

/// When a row says that its session is. A row without a day is on the day of the row before it.
fn span(row: &Row, day: &mut Option<civil::Date>, zone: &TimeZone, additions: &mut Additions) -> Span {
    let mut unreadable = |what: &str, text: &str| {
        let message = format!("the {what} “{}” can't be read", text.chars().take(60).collect::<String>());
        additions.tell(Severity::Warning, "time", &row.place, message);
    };
    if let Some(text) = row.text("day") {
        match date(text) {
            Some(found) => *day = Some(found),
            None => unreadable("day", text),
        }
    }
    let mut instant = |column: &str, after: Option<Timestamp>| -> Option<Timestamp> {
        let text = row.text(column)?;
        if let Some(moment) = times::moment(text).filter(|moment| !matches!(moment, Moment::On(_))) {
            *day = Some(times::day(moment, zone));
            return times::instant(moment, zone);
        }
        let Some(minutes) = clock(text) else {
            unreadable(column, text);
            return None;
        };
        let date = after.map(|after| zone.to_datetime(after).date()).or(*day);
        let (at, _) = times::begin(&Day { date, ..Day::default() }, minutes, Some(0), zone)?;
        // An end that is earlier on the clock is after midnight.
        match after {
            Some(after) if at < after => {
                times::begin(&Day { date, ..Day::default() }, minutes + 1440, Some(0), zone).map(|(at, _)| at)
            }
            _ => Some(at),
        }
    };
    let starts_at = instant("start", None);
    let mut ends_at = starts_at.and_then(|starts_at| instant("end", Some(starts_at)));
    if let (Some(starts_at), None, Some(text)) = (starts_at, ends_at, row.text("duration")) {
        let minutes =
            text.trim_end_matches(|character: char| character.is_alphabetic() || matches!(character, ' ' | '.'));
        match times::duration(minutes, true) {
            Some(length) => ends_at = starts_at.checked_add(length).ok(),
            None => {
                let message = format!("the duration “{}” can't be read", text.chars().take(60).collect::<String>());
                additions.tell(Severity::Warning, "time", &row.place, message);
            }
        }
    }
    Span { starts_at, ends_at: ends_at.filter(|ends_at| starts_at.is_some_and(|starts_at| starts_at <= *ends_at)) }
}

/// `2031-05-02`, `02.05.2031`, `5/2/2031` where it can only be a day of May, `2 May 2031`.
fn date(text: &str) -> Option<civil::Date> {
    let text = text.trim();
    if let Ok(date) = text.parse() {
        return Some(date);
    }
    for format in ["%d.%m.%Y", "%Y/%m/%d", "%d %B %Y", "%B %d, %Y", "%d %b %Y", "%b %d, %Y", "%A, %B %d, %Y"] {
        if let Ok(date) = civil::Date::strptime(format, text) {
            return Some(date);
        }
    }
    // With slashes nobody knows whether the day or the month comes first, unless one of them is no month.
    let (day_first, month_first) =
        (civil::Date::strptime("%d/%m/%Y", text).ok(), civil::Date::strptime("%m/%d/%Y", text).ok());
    match (day_first, month_first) {
        (Some(one), Some(other)) => (one == other).then_some(one),
        (one, other) => one.or(other),
    }
}

/// `9:00`, `09.00`, `9:00 AM`, `9pm`.
fn clock(text: &str) -> Option<i32> {
    match text.trim().to_lowercase().as_str() {
        "noon" => return Some(12 * 60),
        "midnight" => return Some(24 * 60),
        _ => {}
    }
    let text = text.trim().to_lowercase().replace(' ', "").replace("a.m.", "am").replace("p.m.", "pm");
    let (digits, half) = match (text.strip_suffix("am"), text.strip_suffix("pm")) {
        (Some(digits), _) => (digits, Some(0)),
        (_, Some(digits)) => (digits, Some(12)),
        _ => (text.as_str(), None),
    };
    let minutes = times::clock(digits).or_else(|| half.and_then(|_| times::clock(&format!("{digits}:00"))))?;
    match half {
        None => Some(minutes),
        Some(half) if (60..13 * 60).contains(&minutes) => Some(minutes % 720 + half * 60),
        Some(_) => None,
    }
}

fn fill(row: &Row, id: Id, title: String, span: Span, known: &mut Known, additions: &mut Additions) {
    let place = &row.place;
    let room = row.line("room").map(|name| known.room(name, additions));
    let track = row.line("track").map(|name| known.track(name, additions));
    let people = people(row, additions);
    let paper = row.line("paper").and_then(|name| {
        let found = known.papers.find(&name);
        if found.is_none() {
            additions.tell(Severity::Warning, "unknown-paper", place, format!("there is no paper “{name}”"));
        }
        found
    });
    let kind = row.text("kind").map(|word| (programme::kind_named(word), word.to_owned()));
    if let Some((None, word)) = &kind {
        additions.tell(
            Severity::Warning,
            "unknown-kind",
            place,
            format!("“{word}” is no kind of session that is known here"),
        );
    }
    let status = row.text("status").map(|word| (programme::status_named(word), word.to_owned()));
    if let Some((None, word)) = &status {
        additions.tell(
            Severity::Warning,
            "status",
            place,
            format!("“{word}” is no status; there are confirmed, tentative and cancelled"),
        );
    }
    let do_not_record = row.text("donotrecord").map(text::truth);
    if do_not_record == Some(None) {
        let message = "the column donotrecord says neither yes nor no; it must not be recorded, to be on the safe side";
        additions.tell(Severity::Warning, "do-not-record", place, message.to_owned());
    }
    let mut urls = Vec::new();
    for column in ["stream", "recording", "slides"] {
        let Some(text) = row.line(column) else { continue };
        match programme::usable(&text) {
            Some(url) => urls.push((column, url)),
            None => additions.tell(
                Severity::Warning,
                "link-unusable",
                place,
                format!("the column {column} holds no address, which is left out"),
            ),
        }
    }
    let Some(session) = additions.item::<Session>(id) else { return };
    session.title = title;
    if let Some(kind) = kind.and_then(|(kind, _)| kind) {
        session.kind = kind;
    }
    if span.starts_at.is_some() {
        (session.starts_at, session.ends_at) = (span.starts_at, span.ends_at);
    }
    session.room = room.or(session.room);
    session.track = track.or(session.track);
    session.paper = paper.or(session.paper);
    session.status = status.and_then(|(status, _)| status).unwrap_or(session.status);
    session.do_not_record = do_not_record.map_or(session.do_not_record, |told| told.unwrap_or(true));
    session.summary = row.text("abstract").and_then(programme::markdown).or(session.summary.take());
    session.language = row.line("language").or(session.language.take());
    if !people.is_empty() {
        session.people = people;
        if session.kind == SessionKind::Panel {
            for person in session.people.iter_mut().filter(|person| person.part == SessionPart::Speaker) {
                person.part = SessionPart::Panelist;
            }
        }
    }
    for (column, url) in urls {
        let field = match column {
            "stream" => &mut session.stream_url,
            "recording" => &mut session.recording_url,
            _ => &mut session.slides_url,
        };
        *field = Some(url);
    }
}

fn people(row: &Row, additions: &mut Additions) -> Vec<SessionPerson> {
    let mut people: Vec<SessionPerson> = Vec::new();
    for (column, part) in
        [("chairs", SessionPart::Chair), ("speakers", SessionPart::Speaker), ("panelists", SessionPart::Panelist)]
    {
        for name in jekyll::split_people(row.text(column).unwrap_or_default()) {
            let named = jekyll::parse_person(&name);
            if named.name.is_empty() {
                continue;
            }
            let person = additions.person(&named.name);
            if let Some(affiliation) = named.affiliation {
                additions.change_person(person, |person| person.affiliation = Some(affiliation));
            }
            if !people.iter().any(|known| known.person == person && known.part == part) {
                people.push(SessionPerson { person, part });
            }
        }
    }
    people
}
