// What a first-time visitor finds in the editor: queries that work on any content, each in its own tab.

const events = `# Welcome to Plenary.
#
# Every tab holds a query that works as it is:
# press the play button, or Ctrl-Enter.
#
# Ctrl-Space completes what you type. The book on
# the left is the schema with its descriptions.
#
# To see drafts, write under Headers, below,
#   {"Authorization": "Bearer …"}
# and ask for view: WORKING.
#
# Which events are there?
query Events {
  events(first: 20) {
    totalCount
    nodes {
      slug
      name
      startsOn
      endsOn
      timeZone
      city
      website
    }
  }
}
`;

const schedule = `# The schedule, ready to draw: days, then rooms,
# then what happens there, in the event's own time.
#
# This takes the latest event. For another one:
#   event(slug: "…") { schedule { … } }
query Schedule {
  events(first: 1) {
    nodes {
      name
      timeZone
      schedule {
        date
        rooms {
          room {
            name
          }
          slots {
            startsAt
            endsAt
            kind
            title
            people {
              name
              part
            }
            paper {
              title
            }
          }
        }
      }
    }
  }
}
`;

const papers = `# A page of papers with their authors, and where
# they are presented. For the next page, give the
# endCursor as "after" under Variables, below.
query Papers($after: String) {
  events(first: 1) {
    nodes {
      papers(first: 10, after: $after) {
        totalCount
        pageInfo {
          hasNextPage
          endCursor
        }
        nodes {
          title
          authors {
            name
            affiliation
          }
          sessions {
            title
            startsAt
          }
        }
      }
    }
  }
}
`;

const search = `# Searches everything of an event at once: people,
# sessions, papers, pages. The best match comes first.
query Search($words: String!) {
  events(first: 1) {
    nodes {
      search(query: $words, first: 10) {
        totalCount
        nodes {
          kind
          title
          snippet {
            text
          }
          node {
            id
          }
        }
      }
    }
  }
}
`;

export const defaultQuery = "# Ctrl-Space shows what can be asked for here.\n{\n  \n}\n";

export const defaultTabs = [
  { query: events },
  { query: schedule },
  { query: papers, variables: '{\n  "after": null\n}' },
  { query: search, variables: '{\n  "words": "language"\n}' },
];
