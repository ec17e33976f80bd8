// Webhooks with the library that others check them with, standardwebhooks: a server of its own, a real receiver that is away
// for a while, and a server that is killed in the middle.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import { fileURLToPath } from "node:url";
import Ajv from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { Webhook } from "standardwebhooks";
import { Site } from "./site.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const schema = JSON.parse(readFileSync(path.join(here, "../../docs/webhooks.schema.json"), "utf8"));

function equal(is, wanted, what) {
  if (JSON.stringify(is) !== JSON.stringify(wanted)) {
    throw new Error(`${what} is ${JSON.stringify(is)}, not ${JSON.stringify(wanted)}`);
  }
}

// Something that messages are sent to. It keeps those that it has answered well.
class Receiver {
  constructor() {
    this.messages = [];
    this.sockets = new Set();
  }

  async start(port = 0) {
    this.server = createServer((request, response) => {
      let body = "";
      request.setEncoding("utf8");
      request.on("data", (text) => (body += text));
      request.on("end", () => {
        this.messages.push({ headers: request.headers, body });
        response.writeHead(204).end();
      });
    });
    this.server.on("connection", (socket) => this.sockets.add(socket));
    await new Promise((resolve) => this.server.listen(port, "127.0.0.1", resolve));
    this.port = this.server.address().port;
    return `http://127.0.0.1:${this.port}/hooks`;
  }

  async stop() {
    if (!this.server) return;
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    await closed;
    this.server = undefined;
  }

  async waitFor(count) {
    for (let tries = 0; this.messages.length < count; tries += 1) {
      if (tries > 300) throw new Error(`${this.messages.length} messages came, not ${count}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

// What is told soon, to a receiver on this machine.
const settings = {
  PLENARY__WEBHOOKS__ALLOW_HTTP: "true",
  PLENARY__WEBHOOKS__ALLOW_PRIVATE: "true",
  PLENARY__WEBHOOKS__BURST_MS: "100",
  PLENARY__WEBHOOKS__POLL_INTERVAL_MS: "100",
  PLENARY__WEBHOOKS__RETRY_SECONDS: Array(30).fill("1").join(","),
};

export async function webhooks() {
  const site = new Site(settings);
  const receiver = new Receiver();
  const ajv = new Ajv({ strict: true, strictRequired: false, allowUnionTypes: true });
  addFormats(ajv);
  const validate = ajv.compile(schema);
  try {
    site.change();
    const url = await receiver.start();
    const made = site.mutate(`createWebhook(input: {event: "fixture", url: "${url}", types: [SPEAKER_UPDATED, SESSION_CREATED]}) { secret webhook { id } }`).createWebhook;
    const secrets = [made.secret];
    await site.start();
    site.change();
    await receiver.waitFor(1);

    // The receiver is away, and the server is killed while it tries.
    await receiver.stop();
    site.change();
    await new Promise((resolve) => setTimeout(resolve, 700));
    await site.stop("SIGKILL");
    site.mutate(`createSession(input: {event: "fixture", title: "An extra talk"}) { session { id } }`);
    await site.start();
    await receiver.start(receiver.port);
    await receiver.waitFor(3);

    // A new secret: for a while both are good.
    const input = `input: {event: "fixture", id: "${made.webhook.id}"}`;
    secrets.push(site.mutate(`rotateWebhookSecret(${input}) { secret }`).rotateWebhookSecret.secret);
    site.mutate(`sendWebhookPing(${input}) { message { id } }`);
    await receiver.waitFor(4);

    const types = receiver.messages.map(({ headers, body }, place) => {
      const message = new Webhook(secrets[0]).verify(body, headers);
      if (place === 3) new Webhook(secrets[1]).verify(body, headers);
      if (!validate(message)) throw new Error(`${body} does not fit the schema: ${ajv.errorsText(validate.errors)}`);
      return message.type;
    });
    equal(types, ["speaker.updated", "speaker.updated", "session.created", "webhook.ping"], "what was told");
    const ids = new Set(receiver.messages.map(({ headers }) => headers["webhook-id"]));
    equal(ids.size, 4, "the number of ids");
    const { headers, body } = receiver.messages[0];
    for (const [what, attempt] of [
      ["another body", () => new Webhook(secrets[0]).verify(`${body} `, headers)],
      ["another secret", () => new Webhook(secrets[1]).verify(body, headers)],
      ["another id", () => new Webhook(secrets[0]).verify(body, { ...headers, "webhook-id": "msg_other" })],
    ]) {
      let refused = false;
      try {
        attempt();
      } catch {
        refused = true;
      }
      if (!refused) throw new Error(`the library takes ${what}`);
    }
    return `${types.length} messages`;
  } finally {
    await site.remove();
    await receiver.stop();
  }
}
