//! `schedule.xml`: the schedule in the XML of Pentabarf, frab, pretalx and c3voc, as their schema and the apps that read it
//! want it.
//!
//! What the format can't say is kept small: a session of a day or more is told as 23:59 hours, with a sentence about it; a
//! cancelled one stays, with "Cancelled: " before its title.

use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event as Xml};

use super::links::links;
use super::programme::{Day, Programme, Slot};
use super::{Feed, Options, Refusal, Source, text};

/// The feed.
pub(super) const FEED: Feed = Feed {
    path: "schedule.xml",
    media_type: "application/vnd.c3voc.schedule+xml",
    title: "Schedule for apps, as XML (frab, Pentabarf, c3voc)",
    parameters: &[],
    render,
};

/// The longest duration that every app can read, in minutes.
const LONGEST: i64 = 24 * 60 - 1;

type Out = Writer<Vec<u8>>;

fn render(source: &Source<'_>, _: &Options) -> Result<Vec<u8>, Refusal> {
    let mut out = Writer::new_with_indent(Vec::new(), b' ', 2);
    // Writing into memory does not fail.
    let _ = write(&mut out, source);
    let mut bytes = out.into_inner();
    bytes.push(b'\n');
    Ok(bytes)
}

fn write(out: &mut Out, source: &Source<'_>) -> io::Result<()> {
    let programme = Programme::new(source);
    out.write_event(Xml::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let written = out.create_element("schedule").write_inner_content(|out| {
        let generator = [("name", "Plenary"), ("version", env!("CARGO_PKG_VERSION"))];
        out.create_element("generator").with_attributes(generator).write_empty()?;
        element(out, "url", &text::strict_url(&source.feed_url(FEED.path)))?;
        element(out, "version", &text::line(&source.version()))?;
        conference(out, source, &programme)?;
        for each in &programme.days {
            day(out, source, &programme, each)?;
        }
        Ok(())
    });
    written.map(|_| ())
}

fn conference(out: &mut Out, source: &Source<'_>, programme: &Programme<'_>) -> io::Result<()> {
    let event = source.snapshot.event();
    let website = event.website.as_deref().and_then(|website| source.web_url(website));
    let written = out.create_element("conference").write_inner_content(|out| {
        element(out, "title", &text::line(&event.name))?;
        element(out, "acronym", &programme.acronym)?;
        element(out, "start", &event.starts_on.to_string())?;
        element(out, "end", &event.ends_on.to_string())?;
        element(out, "days", &programme.days.len().to_string())?;
        element(out, "timeslot_duration", "00:05")?;
        element(out, "base_url", &text::strict_url(&source.event_url()))?;
        if let Some(logo) = event.banner.as_ref().and_then(|banner| source.web_url(&banner.url)) {
            element(out, "logo", &logo)?;
        }
        element(out, "url", &website.unwrap_or_else(|| text::strict_url(&source.event_url())))?;
        element(out, "time_zone_name", source.zone_name())?;
        for track in &source.snapshot.document().tracks {
            let name = text::line(&track.name);
            let mut attributes = vec![("name", name.as_str())];
            attributes.extend(track.color.as_deref().map(|color| ("color", color)));
            let slug = slug(&track.head.slug);
            attributes.push(("slug", slug.as_str()));
            out.create_element("track").with_attributes(attributes).write_empty()?;
        }
        Ok(())
    });
    written.map(|_| ())
}

/// The slug of a track as the schema takes it: it begins with a letter.
fn slug(slug: &str) -> String {
    let is_fit = slug.len() >= 2 && slug.starts_with(|first: char| first.is_ascii_lowercase());
    if is_fit { slug.to_owned() } else { format!("track-{slug}") }
}

fn day(out: &mut Out, source: &Source<'_>, programme: &Programme<'_>, day: &Day<'_>) -> io::Result<()> {
    let zone = source.snapshot.zone();
    let (index, date) = (day.index.to_string(), day.date.to_string());
    let (start, end) = (text::local(day.start, zone), text::local(day.end, zone));
    let attributes = [("index", index.as_str()), ("date", &date), ("start", &start), ("end", &end)];
    let tag = out.create_element("day").with_attributes(attributes);
    if day.places.is_empty() {
        return tag.write_empty().map(|_| ());
    }
    let written = tag.write_inner_content(|out| {
        for (place, slots) in &day.places {
            let place = &programme.places[*place];
            let guid = place.guid.to_string();
            let attributes = [("name", place.name.as_str()), ("guid", &guid)];
            out.create_element("room")
                .with_attributes(attributes)
                .write_inner_content(|out| slots.iter().try_for_each(|slot| session(out, source, programme, slot)))?;
        }
        Ok(())
    });
    written.map(|_| ())
}

fn session(out: &mut Out, source: &Source<'_>, programme: &Programme<'_>, slot: &Slot<'_>) -> io::Result<()> {
    let zone = source.snapshot.zone();
    let (guid, number) = (slot.session.head.id.to_string(), slot.number.to_string());
    let minutes = slot.minutes();
    let tag = out.create_element("event").with_attributes([("guid", guid.as_str()), ("id", &number)]);
    let written = tag.write_inner_content(|out| {
        element(out, "room", &programme.places[slot.place].name)?;
        element(out, "title", &slot.title())?;
        element(out, "type", slot.kind())?;
        element(out, "date", &text::local(slot.start, zone))?;
        element(out, "start", &zone.to_datetime(slot.start).strftime("%H:%M").to_string())?;
        element(out, "duration", &text::hours_and_minutes(minutes.min(LONGEST)))?;
        element(out, "abstract", &slot.summary(source))?;
        element(out, "slug", &slot.slug)?;
        element(out, "track", &slot.track.map(|track| text::line(&track.name)).unwrap_or_default())?;
        if let Some(language) = slot.language(source.snapshot.event()) {
            element(out, "language", &language)?;
        }
        if minutes > LONGEST {
            let end = zone.to_datetime(slot.end).strftime("%Y-%m-%d %H:%M").to_string();
            element(out, "description", &format!("It goes on until {end}."))?;
        }
        persons(out, source, programme, slot)?;
        out.create_element("recording").write_inner_content(|out| {
            element(out, "license", "")?;
            element(out, "optout", if slot.session.do_not_record { "true" } else { "false" })
        })?;
        linked(out, source, slot)?;
        element(out, "url", &text::strict_url(&source.session_url(slot.session)))
    });
    written.map(|_| ())
}

fn persons(out: &mut Out, source: &Source<'_>, programme: &Programme<'_>, slot: &Slot<'_>) -> io::Result<()> {
    let people = slot.people(source);
    if people.is_empty() {
        return Ok(());
    }
    let written = out.create_element("persons").write_inner_content(|out| {
        for (person, name) in people {
            let (number, guid) = (programme.people[&person.id].to_string(), person.id.to_string());
            let tag = out.create_element("person").with_attributes([("id", number.as_str()), ("guid", &guid)]);
            tag.write_text_content(BytesText::new(&name))?;
        }
        Ok(())
    });
    written.map(|_| ())
}

fn linked(out: &mut Out, source: &Source<'_>, slot: &Slot<'_>) -> io::Result<()> {
    let links = links(source, slot.session);
    if links.is_empty() {
        return Ok(());
    }
    let written = out.create_element("links").write_inner_content(|out| {
        for link in links {
            let tag = out.create_element("link").with_attributes([("href", link.url.as_str()), ("type", link.kind)]);
            tag.write_text_content(BytesText::new(&link.title))?;
        }
        Ok(())
    });
    written.map(|_| ())
}

fn element(out: &mut Out, name: &str, content: &str) -> io::Result<()> {
    let tag = out.create_element(name);
    if content.is_empty() {
        tag.write_empty()?
    } else {
        tag.write_text_content(BytesText::new(content))?
    };
    Ok(())
}
