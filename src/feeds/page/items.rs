//! What else is on the page: announcements, papers, awards, dates, topics, pages, sponsors, links and releases.

use jiff::tz::{Offset, TimeZone};
use maud::{Markup, html};

use super::super::links::addresses;
use super::super::{PAPER_ANCHOR, text};
use super::parts::{Parts, machine};
use crate::content::{Announcement, AnnouncementSeverity, LinkKind, Markdown, Moment, Paper, Presentation, Sponsor};

/// The heading of every item of a section.
fn title(parts: &Parts<'_>, words: &str) -> Markup {
    html! { h3 lang=[parts.lang()] { (text::line(words)) } }
}

fn told(text: Option<&Markdown>) -> Option<&Markdown> {
    text.filter(|text| !text.as_str().trim().is_empty())
}

pub(super) fn announcements(parts: &Parts<'_>) -> Option<Markup> {
    let all = &parts.source.snapshot.document().announcements;
    (!all.is_empty()).then(|| html! { @for one in all { (announcement(parts, one)) } })
}

fn announcement(parts: &Parts<'_>, one: &Announcement) -> Markup {
    let class = match one.severity {
        AnnouncementSeverity::Info => "notice",
        AnnouncementSeverity::Success => "notice success",
        AnnouncementSeverity::Warning => "notice warning",
        AnnouncementSeverity::Critical => "notice critical",
    };
    let source = parts.source;
    html! {
        article class=(class) id={ "announcement_" (one.head.slug) } {
            (title(parts, &one.title))
            @if let Some(body) = told(one.body.as_ref()) { (parts.prose(body, 4)) }
            @let links = || one.links.iter().filter_map(|link| Some((link, source.web_url(link.url.as_deref()?)?)));
            @if links().next().is_some() {
                ul.links { @for (link, url) in links() {
                    li {
                        a href=(url) { (text::line(&link.label)) }
                        @if let Some(at) = link.starts_at { span.soft { " from " (parts.day_and_clock(at)) } }
                        @if let Some(at) = link.ends_at { span.soft { " until " (parts.day_and_clock(at)) } }
                    }
                } }
            }
            @if one.shows_from.is_some() || one.shows_until.is_some() {
                p.soft {
                    "Holds"
                    @if let Some(at) = one.shows_from { " from " (parts.day_and_clock(at)) }
                    @if let Some(at) = one.shows_until { " until " (parts.day_and_clock(at)) }
                }
            }
        }
    }
}

pub(super) fn papers(parts: &Parts<'_>) -> Option<Markup> {
    let papers = &parts.source.snapshot.document().papers;
    (!papers.is_empty()).then(|| html! { ol.plain { @for paper in papers { (self::paper(parts, paper)) } } })
}

fn paper(parts: &Parts<'_>, paper: &Paper) -> Markup {
    let snapshot = parts.source.snapshot;
    let kind = paper.presentation.and_then(|kind| match kind {
        Presentation::Oral => Some("Oral"),
        Presentation::Spotlight => Some("Spotlight"),
        Presentation::Poster => Some("Poster"),
        Presentation::Other => None,
    });
    let own = parts.source.paper_url(paper);
    let links = addresses(parts.source, paper).into_iter().filter(|(_, _, url)| *url != own);
    // The first is called like the paper, for readers who see nothing else of it.
    let links = links.map(|(name, _, url)| (if name == paper.title { "Paper".to_owned() } else { name }, url));
    let links: Vec<(String, String)> = links.collect();
    let name = text::line(&paper.title);
    let sessions: Vec<_> = snapshot.sessions_of_paper(paper.head.id).collect();
    let awards: Vec<_> = snapshot.awards_of_paper(paper.head.id).collect();
    html! {
        li.paper id={ (PAPER_ANCHOR) (paper.head.slug) } {
            (title(parts, &paper.title))
            (authors(paper))
            @if !sessions.is_empty() || !awards.is_empty() || kind.is_some() {
                p.soft {
                    @if let Some(kind) = kind { (kind) " " }
                    @for session in sessions {
                        a href={ "#" (session.head.slug) } { "In the schedule: " (text::line(&session.title)) } " "
                    }
                    @for award in awards {
                        a href={ "#award_" (award.head.slug) } { "★ " (text::line(&award.name)) } " "
                    }
                }
            }
            @if let Some(summary) = told(paper.summary.as_ref()) {
                details { summary { "Abstract" span.away { " of " (name) } } (parts.prose(summary, 4)) }
            }
            @if !links.is_empty() {
                ul.links { @for (label, url) in links {
                    li { a href=(url) { (text::line(&label)) span.away { " of " (name) } } }
                } }
            }
        }
    }
}

fn authors(paper: &Paper) -> Markup {
    html! {
        @if !paper.authors.is_empty() {
            p { @for (place, author) in paper.authors.iter().enumerate() {
                @if place > 0 { ", " }
                (text::line(&author.name))
                @if let Some(affiliation) = &author.affiliation { span.soft { " (" (text::line(affiliation)) ")" } }
            } }
        }
    }
}

pub(super) fn awards(parts: &Parts<'_>) -> Option<Markup> {
    let snapshot = parts.source.snapshot;
    let awards = &snapshot.document().awards;
    (!awards.is_empty()).then(|| {
        html! { @for award in awards {
            article id={ "award_" (award.head.slug) } {
                (title(parts, &award.name))
                @if let Some(text) = told(award.description.as_ref()) { (parts.prose(text, 4)) }
                @let papers: Vec<_> = award.papers.iter().filter_map(|paper| snapshot.paper(*paper)).collect();
                @if !papers.is_empty() {
                    ul { @for paper in papers {
                        li { a href={ "#" (PAPER_ANCHOR) (paper.head.slug) } { (text::line(&paper.title)) } }
                    } }
                }
            }
        } }
    })
}

pub(super) fn dates(parts: &Parts<'_>) -> Option<Markup> {
    let dates = &parts.source.snapshot.document().important_dates;
    (!dates.is_empty()).then(|| {
        html! { dl.dates { @for date in dates {
            dt { @if date.struck_through { s { (moment(parts, &date.moment)) } } @else { (moment(parts, &date.moment)) } }
            dd id={ "date_" (date.head.slug) } {
                @if date.struck_through { s { (text::line(&date.label)) } } @else { (text::line(&date.label)) }
                @if let Some(note) = &date.note { span.soft { " · " (text::line(note)) } }
                @for former in &date.superseded { span.soft { " · formerly " } del { (moment(parts, former)) } }
            }
        } } }
    })
}

fn moment(parts: &Parts<'_>, moment: &Moment) -> Markup {
    let zone = if moment.anywhere_on_earth {
        TimeZone::fixed(Offset::constant(-12))
    } else {
        parts.source.snapshot.zone().clone()
    };
    let local = moment.at.to_zoned(zone);
    let day = moment.date.0.strftime("%-d %B %Y").to_string();
    // A program must know when "anywhere on earth" is over; of a mere day it needs no more than the day.
    let is_exact = moment.has_time || moment.anywhere_on_earth;
    let datetime = if is_exact { machine(&local) } else { moment.date.to_string() };
    html! {
        time datetime=(datetime) { (day) @if moment.has_time { ", " (local.strftime("%H:%M").to_string()) } }
        @if moment.anywhere_on_earth { " " abbr title="anywhere on earth: while it is still that day somewhere" { "AoE" } }
    }
}

pub(super) fn topics(parts: &Parts<'_>) -> Option<Markup> {
    let topics = &parts.source.snapshot.document().topics;
    (!topics.is_empty()).then(|| {
        html! { @for topic in topics {
            (title(parts, &topic.title))
            @if let Some(text) = told(topic.description.as_ref()) { (parts.prose(text, 4)) }
            @if !topic.items.is_empty() { ul { @for item in &topic.items { li { (text::line(item)) } } } }
        } }
    })
}

pub(super) fn pages(parts: &Parts<'_>) -> Option<Markup> {
    let pages = &parts.source.snapshot.document().pages;
    (!pages.is_empty()).then(|| {
        html! { @for page in pages {
            article id={ "page_" (page.head.slug) } { (title(parts, &page.title)) (parts.prose(&page.body, 4)) }
        } }
    })
}

pub(super) fn sponsors(parts: &Parts<'_>) -> Option<Markup> {
    let snapshot = parts.source.snapshot;
    let document = snapshot.document();
    let is_tierless = |sponsor: &&Sponsor| snapshot.sponsor_tier(sponsor.tier).is_none();
    let others: Vec<&Sponsor> = document.sponsors.iter().map(|sponsor| &**sponsor).filter(is_tierless).collect();
    let tiers = document.sponsor_tiers.iter().map(|tier| {
        (tier, snapshot.sponsors_in_tier(tier.head.id).map(|sponsor| &**sponsor).collect::<Vec<&Sponsor>>())
    });
    let tiers: Vec<_> = tiers.filter(|(_, sponsors)| !sponsors.is_empty()).collect();
    (!tiers.is_empty() || !others.is_empty()).then(|| {
        html! {
            @for (tier, sponsors) in &tiers { (title(parts, &tier.name)) (logos(parts, sponsors)) }
            @if !others.is_empty() { (logos(parts, &others)) }
        }
    })
}

fn logos(parts: &Parts<'_>, sponsors: &[&Sponsor]) -> Markup {
    html! {
        ul.logos { @for sponsor in sponsors {
            li {
                // The name stands beside it, so a logo without words of its own says nothing more.
                @if let Some(logo) = &sponsor.logo { (parts.image(logo, None, "")) }
                @if let Some(url) = &sponsor.url { (parts.link(url, &sponsor.name)) } @else { (text::line(&sponsor.name)) }
                @if let Some(text) = told(sponsor.description.as_ref()) { (parts.prose(text, 4)) }
            }
        } }
    }
}

pub(super) fn links(parts: &Parts<'_>) -> Option<Markup> {
    let links = parts.source.snapshot.document().links.iter();
    let known = links.filter_map(|link| match link.url.trim().strip_prefix("mailto:") {
        Some(address) => Some((link, format!("mailto:{}", super::parts::mail_address(address)))),
        None => Some((link, parts.source.web_url(&link.url)?)),
    });
    let known: Vec<_> = known.collect();
    (!known.is_empty()).then(|| {
        html! { ul { @for (link, url) in known {
            li {
                a href=(url) { (text::line(&link.label)) }
                @if link.kind == LinkKind::VirtualVenue { span.soft { " · online" } }
                @if link.kind == LinkKind::Edition { span.soft { " · another edition" } }
            }
        } } }
    })
}

pub(super) fn releases(parts: &Parts<'_>) -> Option<Markup> {
    let releases = parts.source.snapshot.releases();
    let page = text::strict_url(&parts.source.event_url());
    let mut newest: Vec<_> = releases.iter().collect();
    newest.sort_by_key(|release| std::cmp::Reverse(release.number));
    (!newest.is_empty()).then(|| {
        html! { ul { @for release in newest {
            li {
                a href={ (page) "/releases/" (release.number) } {
                    "Release " (release.number)
                    @if let Some(name) = &release.name { ": " (text::line(name)) }
                }
                span.soft { " · " (parts.day_and_clock(release.at)) }
            }
        } } }
    })
}
