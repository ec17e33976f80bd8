//! Reads iCalendar as strictly as RFC 5545 and the apps want it, from the text of the standard and not with what writes it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use plenary::content::Id;

/// An event of a calendar.
#[derive(Clone, Debug)]
pub(crate) struct Vevent {
    pub(crate) uid: String,
    /// The instants; midnight in UTC where it is a whole day.
    pub(crate) start: Timestamp,
    pub(crate) end: Option<Timestamp>,
    pub(crate) is_whole_day: bool,
    pub(crate) sequence: i64,
    pub(crate) status: String,
    /// Texts by their names, without escapes.
    pub(crate) texts: BTreeMap<String, String>,
}

/// A calendar that broke no rule.
#[derive(Clone, Debug)]
pub(crate) struct Vcalendar {
    pub(crate) events: Vec<Vevent>,
    pub(crate) properties: BTreeMap<String, String>,
}

impl Vcalendar {
    pub(crate) fn event(&self, uid: Id) -> &Vevent {
        let uid = uid.to_string();
        self.events.iter().find(|event| event.uid == uid).unwrap_or_else(|| panic!("no event {uid}"))
    }

    pub(crate) fn has(&self, uid: Id) -> bool {
        let uid = uid.to_string();
        self.events.iter().any(|event| event.uid == uid)
    }
}

struct Property {
    name: String,
    parameters: Vec<(String, String)>,
    value: String,
}

/// An onset in local time, and the offsets before and after it.
type Observance = (DateTime, Offset, Offset);

/// Reads a calendar and panics at the first rule that it breaks.
pub(crate) fn read(bytes: &[u8]) -> Vcalendar {
    let properties = unfolded(bytes).iter().map(|line| property(line)).collect::<Vec<_>>();
    let mut open: Vec<String> = Vec::new();
    let mut zones: BTreeMap<String, Vec<Observance>> = BTreeMap::new();
    let mut events = Vec::new();
    let (mut top, mut zone, mut observance, mut event) = (Vec::new(), String::new(), Vec::new(), Vec::new());
    let mut components = 0;
    for property in properties {
        match (property.name.as_str(), open.last().map(String::as_str)) {
            ("BEGIN", above) => {
                let fits = match property.value.as_str() {
                    "VCALENDAR" => above.is_none() && components == 0,
                    "VEVENT" | "VTIMEZONE" => above == Some("VCALENDAR"),
                    "STANDARD" | "DAYLIGHT" => above == Some("VTIMEZONE"),
                    _ => false,
                };
                assert!(fits, "{} in {above:?}", property.value);
                components += 1;
                open.push(property.value);
            }
            ("END", _) => {
                assert_eq!(open.pop().as_ref(), Some(&property.value), "components end in order");
                match property.value.as_str() {
                    "VEVENT" => events.push(std::mem::take(&mut event)),
                    "VTIMEZONE" => assert!(!zones[&zone].is_empty(), "a zone without observances"),
                    "STANDARD" | "DAYLIGHT" => {
                        zones
                            .get_mut(&zone)
                            .expect("TZID comes first")
                            .push(observed(&std::mem::take(&mut observance)));
                    }
                    _ => {}
                }
            }
            (_, Some("VCALENDAR")) => top.push(property),
            ("TZID", Some("VTIMEZONE")) => {
                zone = property.value;
                assert!(TimeZone::get(&zone).is_ok(), "{zone} is no IANA zone");
                assert!(zones.insert(zone.clone(), Vec::new()).is_none(), "a zone twice");
            }
            (_, Some("STANDARD" | "DAYLIGHT")) => observance.push(property),
            (_, Some("VEVENT")) => event.push(property),
            (name, place) => panic!("{name} in {place:?}"),
        }
    }
    assert!(open.is_empty() && components > 1, "a calendar has a component at least");
    assert_eq!(once(&top, "VERSION"), "2.0");
    assert!(!once(&top, "PRODID").is_empty());
    assert!(top.iter().all(|property| property.name != "METHOD"));
    let refresh = top.iter().find(|property| property.name == "REFRESH-INTERVAL").expect("RFC 7986 §5.7");
    assert_eq!(refresh.parameters, [("VALUE".to_owned(), "DURATION".to_owned())]);
    let events: Vec<Vevent> = events.iter().map(|properties| vevent(properties, &zones)).collect();
    let uids: BTreeSet<&String> = events.iter().map(|event| &event.uid).collect();
    assert_eq!(uids.len(), events.len(), "a UID twice");
    let properties = top.into_iter().map(|property| (property.name, property.value)).collect();
    Vcalendar { events, properties }
}

fn unfolded(bytes: &[u8]) -> Vec<String> {
    let text = std::str::from_utf8(bytes).expect("UTF-8");
    let text = text.strip_suffix("\r\n").expect("the last line ends");
    let mut lines: Vec<String> = Vec::new();
    for line in text.split("\r\n") {
        assert!(!line.is_empty() && line.len() <= 75, "{} octets", line.len());
        // A bare CR or LF is a control too, and so is a tab at the beginning of a folded line.
        assert!(!line.chars().any(char::is_control), "{line:?}");
        match (line.strip_prefix(' '), lines.last_mut()) {
            (Some(rest), Some(last)) => last.push_str(rest),
            _ => lines.push(line.to_owned()),
        }
    }
    lines
}

fn property(line: &str) -> Property {
    let mut quoted = false;
    let is_end = |character: char| {
        quoted ^= character == '"';
        character == ':' && !quoted
    };
    let (head, value) = line.split_at(line.find(is_end).unwrap_or_else(|| panic!("no colon: {line}")));
    let mut quoted = false;
    let mut parts = head.split(|character: char| {
        quoted ^= character == '"';
        character == ';' && !quoted
    });
    let name = parts.next().unwrap_or_default().to_owned();
    assert!(!name.is_empty() && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'-'), "{line}");
    let parameters = parts.map(|part| part.split_once('=').expect("a parameter has a value"));
    let parameters = parameters.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    Property { name, parameters, value: value[1..].to_owned() }
}

fn once<'a>(properties: &'a [Property], name: &str) -> &'a str {
    let mut found = properties.iter().filter(|property| property.name == name);
    let first = found.next().unwrap_or_else(|| panic!("no {name}"));
    assert!(found.next().is_none(), "{name} twice");
    &first.value
}

fn vevent(properties: &[Property], zones: &BTreeMap<String, Vec<Observance>>) -> Vevent {
    let stamp = once(properties, "DTSTAMP");
    assert_eq!(stamp, once(properties, "LAST-MODIFIED"));
    assert!(stamp.ends_with('Z'));
    let status = once(properties, "STATUS").to_owned();
    assert!(["CONFIRMED", "TENTATIVE", "CANCELLED"].contains(&status.as_str()), "{status}");
    let time = |name: &str| properties.iter().find(|property| property.name == name).map(|found| instant(found, zones));
    let (start, is_whole_day) = time("DTSTART").expect("a start");
    let end = time("DTEND");
    assert!(end.is_none_or(|(end, whole)| end > start && whole == is_whole_day), "an end after the start");
    assert!(properties.iter().all(|property| property.name != "DURATION"));
    let mut texts = BTreeMap::new();
    for name in ["SUMMARY", "DESCRIPTION", "LOCATION", "CATEGORIES"] {
        if name == "SUMMARY" || name == "LOCATION" || properties.iter().any(|property| property.name == name) {
            let text = unescaped(once(properties, name));
            assert!(!text.is_empty(), "an empty {name}");
            texts.insert(name.to_owned(), text);
        }
    }
    let uid = once(properties, "UID").to_owned();
    uid.parse::<uuid::Uuid>().expect("the UID is the guid");
    let sequence = once(properties, "SEQUENCE").parse().expect("a number");
    assert!(sequence >= 0);
    Vevent { uid, start, end: end.map(|(end, _)| end), is_whole_day, sequence, status, texts }
}

fn unescaped(value: &str) -> String {
    let mut text = String::new();
    let mut characters = value.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some('n' | 'N') => text.push('\n'),
                Some(escaped @ ('\\' | ';' | ',')) => text.push(escaped),
                other => panic!("\\{other:?} in {value}"),
            },
            ';' | ',' => panic!("{character} without a backslash in {value}"),
            other => text.push(other),
        }
    }
    text
}

fn instant(property: &Property, zones: &BTreeMap<String, Vec<Observance>>) -> (Timestamp, bool) {
    match property.parameters.as_slice() {
        [] => (utc(&property.value), false),
        [(name, value)] if name == "VALUE" && value == "DATE" => {
            let day = jiff::civil::Date::strptime("%Y%m%d", &property.value).expect("a day");
            (day.to_zoned(TimeZone::UTC).unwrap().timestamp(), true)
        }
        [(name, zone)] if name == "TZID" => {
            let local = local(&property.value);
            let observances = zones.get(zone).unwrap_or_else(|| panic!("{zone} has no VTIMEZONE"));
            let current = observances.iter().filter(|(onset, ..)| *onset <= local).max_by_key(|(onset, ..)| *onset);
            let (_, _, offset) = current.unwrap_or_else(|| panic!("{local} is before all observances of {zone}"));
            let told = offset.to_timestamp(local).unwrap();
            let real = TimeZone::get(zone).unwrap().to_ambiguous_timestamp(local).compatible().unwrap();
            assert_eq!(told, real, "the VTIMEZONE of {zone} at {local}");
            (told, false)
        }
        other => panic!("{other:?}"),
    }
}

fn observed(properties: &[Property]) -> Observance {
    let offset = |name| {
        let value = once(properties, name);
        let (sign, digits) = value.split_at(1);
        let number = |range: std::ops::Range<usize>| digits[range].parse::<i32>().unwrap();
        let seconds = number(0..2) * 3600 + number(2..4) * 60;
        Offset::from_seconds(if sign == "-" { -seconds } else { seconds }).unwrap()
    };
    let (from, to) = (offset("TZOFFSETFROM"), offset("TZOFFSETTO"));
    (local(once(properties, "DTSTART")), from, to)
}

fn local(value: &str) -> DateTime {
    assert!(value.len() == 15, "{value}");
    DateTime::strptime("%Y%m%dT%H%M%S", value).expect("a local time")
}

fn utc(value: &str) -> Timestamp {
    let local = local(value.strip_suffix('Z').unwrap_or_else(|| panic!("{value} floats")));
    TimeZone::UTC.to_timestamp(local).unwrap()
}
