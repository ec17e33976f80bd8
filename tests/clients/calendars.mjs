// The calendars as ical.js (Thunderbird's parser) reads them: every instant is the one that GraphQL tells.
import ICAL from "ical.js";

async function sessions(url, slug) {
  const query = `query ($slug: String!, $after: String) {
    event(slug: $slug) {
      sessions(first: 50, after: $after) { nodes { id title startsAt endsAt sequence } pageInfo { hasNextPage endCursor } }
      importantDates { id at anywhereOnEarth hasTime }
    }
  }`;
  const found = [];
  for (let after = null; ; ) {
    const body = JSON.stringify({ query, variables: { slug, after } });
    const answer = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
    const { data, errors } = await answer.json();
    if (errors) throw new Error(JSON.stringify(errors));
    found.push(...data.event.sessions.nodes);
    if (!data.event.sessions.pageInfo.hasNextPage) return { sessions: found, dates: data.event.importantDates };
    after = data.event.sessions.pageInfo.endCursor;
  }
}

async function events(address) {
  const answer = await fetch(address);
  if (answer.status !== 200) throw new Error(`${address}: ${answer.status}`);
  const calendar = new ICAL.Component(ICAL.parse(await answer.text()));
  ICAL.TimezoneService.reset();
  for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
  return new Map(calendar.getAllSubcomponents("vevent").map((event) => [event.getFirstPropertyValue("uid"), new ICAL.Event(event)]));
}

function same(what, told, instant) {
  const read = told.toJSDate().getTime();
  const wanted = Math.floor(Date.parse(instant) / 1000) * 1000;
  if (read !== wanted) throw new Error(`${what}: the calendar says ${new Date(read).toISOString()}, GraphQL ${instant}`);
}

export async function calendars(url, slug) {
  const base = new URL(`/events/${slug}/`, url);
  const known = await sessions(url, slug);
  const scheduled = known.sessions.filter((session) => session.startsAt);
  for (const query of ["", "?tz=utc"]) {
    const told = await events(new URL(`schedule.ics${query}`, base));
    for (const session of scheduled) {
      const event = told.get(session.id);
      if (!event) throw new Error(`${session.title} is in no calendar`);
      same(session.title, event.startDate, session.startsAt);
      if (session.endsAt && session.endsAt !== session.startsAt) same(session.title, event.endDate, session.endsAt);
      if (event.sequence !== session.sequence) throw new Error(`${session.title}: SEQUENCE is ${event.sequence}`);
      if (event.summary !== session.title.trim()) throw new Error(`${event.summary} is not ${session.title}`);
    }
  }
  const told = await events(new URL("dates.ics", base));
  for (const date of known.dates) {
    if (date.hasTime || date.anywhereOnEarth) same(date.id, told.get(date.id).startDate, date.at);
  }
  return `${scheduled.length} sessions, ${known.dates.length} dates`;
}
