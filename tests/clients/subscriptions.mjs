// Subscriptions with the clients that others use, graphql-ws and graphql-sse, against a server of its own: it imports a
// site, subscribes, imports the site again with a change, breaks off, and goes on where it was.
import { createClient as webSocketClient } from "graphql-ws";
import { createClient as eventsClient } from "graphql-sse";
import WebSocket from "ws";
import { Site } from "./site.mjs";

const query = `subscription Changes($since: String, $view: View!) {
  eventChanged(event: "fixture", since: $since, view: $view) {
    cursor
    changes { kind operation recordId node { ... on Speaker { name affiliation } } }
  }
}`;

// The messages of a subscription, one after the other.
class Messages {
  constructor(client, variables) {
    this.waiting = [];
    this.received = [];
    // The clients send the very same object when they come again: what is changed in it is where they go on.
    this.variables = variables;
    this.stop = client.subscribe(
      { query, variables },
      {
        next: (result) => {
          if (result.data) variables.since = result.data.eventChanged.cursor;
          this.put(result);
        },
        error: (error) => this.put({ failure: error }),
        complete: () => this.put({ complete: true }),
      },
    );
  }

  put(message) {
    const next = this.waiting.shift();
    if (next) next(message);
    else this.received.push(message);
  }

  async next() {
    if (this.received.length > 0) return this.received.shift();
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error("no message within 20 seconds")), 20_000);
    });
    const message = new Promise((resolve) => this.waiting.push(resolve));
    return Promise.race([message, late]).finally(() => clearTimeout(timer));
  }

  // The affiliation of the one speaker who has changed.
  async affiliation() {
    const { data, ...rest } = await this.next();
    if (!data) throw new Error(`no change but ${JSON.stringify(rest, (_, value) => (value instanceof Error ? value.message : value))}`);
    const changes = data.eventChanged.changes.filter((change) => change.kind === "SPEAKER");
    if (changes.length !== 1) throw new Error(`not one change: ${JSON.stringify(data)}`);
    return changes[0].node.affiliation;
  }
}

function equal(is, wanted, what) {
  if (is !== wanted) throw new Error(`${what} is ${JSON.stringify(is)}, not ${JSON.stringify(wanted)}`);
}

const kinds = {
  "graphql-ws": (url, authorization) =>
    webSocketClient({
      url: url.replace("http", "ws"),
      webSocketImpl: WebSocket,
      lazy: true,
      retryAttempts: 50,
      // By itself it comes again only when a connection was closed, not when there was none to be had.
      shouldRetry: () => true,
      retryWait: () => new Promise((resolve) => setTimeout(resolve, 100)),
      connectionParams: authorization ? { authorization } : undefined,
    }),
  "graphql-sse": (url, authorization) =>
    eventsClient({
      url,
      retryAttempts: 50,
      retry: () => new Promise((resolve) => setTimeout(resolve, 100)),
      headers: authorization ? { authorization } : undefined,
    }),
};

// Time for a subscription to begin, where nothing says that it has.
const begun = () => new Promise((resolve) => setTimeout(resolve, 500));

export async function subscriptions(kind) {
  const site = new Site();
  const open = [];
  const subscribe = (variables, authorization) => {
    const client = kinds[kind](site.url, authorization);
    open.push(client);
    return new Messages(client, { view: "PUBLIC", since: null, ...variables });
  };
  try {
    site.change();
    await site.start();
    const live = subscribe();
    await begun();
    equal(await (site.change(), live.affiliation()), "Institute 2", "the affiliation");

    // What is written while nobody listens is told to whoever comes again: once.
    const { since } = live.variables;
    live.stop();
    site.change();
    const again = subscribe({ since });
    equal(await again.affiliation(), "Institute 3", "the affiliation after a break");

    // The same when the server is away: the client comes again by itself.
    await site.stop();
    site.change();
    await site.start();
    equal(await again.affiliation(), "Institute 4", "the affiliation after the server was away");

    const drafts = subscribe({ view: "WORKING" }, `Bearer ${site.token()}`);
    await begun();
    equal(await (site.change(), drafts.affiliation()), "Institute 5", "the affiliation in the working view");
    const refused = await subscribe({ view: "WORKING" }).next();
    const code = (refused.errors ?? refused.failure)?.[0]?.extensions?.code;
    equal(code, "UNAUTHENTICATED", "the code without a token");
  } finally {
    for (const client of open) await client.dispose();
    await site.remove();
  }
}
