"""The calendars as PyPI's icalendar reads them: every instant is the one that GraphQL tells.

python calendars.py http://127.0.0.1:8080/graphql [SLUG]
"""

import datetime
import json
import sys
import urllib.parse
import urllib.request

import icalendar

QUERY = """query ($slug: String!, $after: String) {
  event(slug: $slug) {
    sessions(first: 50, after: $after) { nodes { id title startsAt endsAt sequence } pageInfo { hasNextPage endCursor } }
    importantDates { id at date anywhereOnEarth hasTime }
  }
}"""


def known(url, slug):
    sessions, after = [], None
    while True:
        body = json.dumps({"query": QUERY, "variables": {"slug": slug, "after": after}}).encode()
        request = urllib.request.Request(url, body, {"content-type": "application/json"})
        with urllib.request.urlopen(request) as answer:
            event = json.load(answer)["data"]["event"]
        sessions += event["sessions"]["nodes"]
        if not event["sessions"]["pageInfo"]["hasNextPage"]:
            return sessions, event["importantDates"]
        after = event["sessions"]["pageInfo"]["endCursor"]


def events(address):
    with urllib.request.urlopen(address) as answer:
        assert answer.headers["content-type"].startswith("text/calendar"), answer.headers["content-type"]
        body = answer.read()
    with urllib.request.urlopen(address) as answer:
        assert answer.read() == body, "the same question has another answer"
    calendar = icalendar.Calendar.from_ical(body)
    for component in calendar.walk():
        assert not component.errors, component.errors
    found = {str(event["UID"]): event for event in calendar.walk("VEVENT")}
    for event in found.values():
        assert event.get("DTSTAMP").dt == event.get("LAST-MODIFIED").dt
        assert event.get("LOCATION"), "every event has a place"
    return found


def instant(text):
    return datetime.datetime.fromisoformat(text).replace(microsecond=0)


def main():
    url = sys.argv[1]
    slug = sys.argv[2] if len(sys.argv) > 2 else "enlsp-2022"
    base = urllib.parse.urljoin(url, f"/events/{slug}/")
    sessions, dates = known(url, slug)
    scheduled = [session for session in sessions if session["startsAt"]]
    for query in ("", "?tz=utc"):
        told = events(f"{base}schedule.ics{query}")
        for session in scheduled:
            event = told[session["id"]]
            assert event["DTSTART"].dt == instant(session["startsAt"]), session["title"]
            if session["endsAt"] and session["endsAt"] != session["startsAt"]:
                assert event["DTEND"].dt == instant(session["endsAt"]), session["title"]
            assert event["SEQUENCE"] == session["sequence"], session["title"]
            assert str(event["SUMMARY"]) == session["title"].strip(), session["title"]
    told = events(f"{base}dates.ics")
    assert len(told) == len(dates)
    for date in dates:
        start = told[date["id"]]["DTSTART"].dt
        if date["hasTime"] or date["anywhereOnEarth"]:
            assert start == instant(date["at"]), date
        else:
            assert start.isoformat() == date["date"], date
    print(f"ok      icalendar {icalendar.__version__}: {len(scheduled)} sessions, {len(dates)} dates")


main()
