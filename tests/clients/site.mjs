// A server with a site of its own in a temporary folder, for checks that change content or end the server.
import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const program = process.env.PLENARY_PROGRAM ?? path.join(here, "../../target/debug/plenary");

export class Site {
  // With settings beside those that every such server has.
  constructor(settings = {}) {
    this.folder = mkdtempSync(path.join(tmpdir(), "plenary-clients-"));
    cpSync(path.join(here, "../it/fixtures/jekyll-site"), path.join(this.folder, "site"), { recursive: true });
    this.environment = {
      ...process.env,
      PLENARY__DATABASE__URL: `sqlite://${path.join(this.folder, "plenary.db")}?mode=rwc`,
      PLENARY__AUTH__KEY_FILE: path.join(this.folder, "key.pem"),
      PLENARY__SERVER__ADDRESS: "127.0.0.1:0",
      NO_COLOR: "1",
      ...settings,
    };
    this.version = 0;
  }

  run(...args) {
    const done = spawnSync(program, args, { cwd: this.folder, env: this.environment, encoding: "utf8", timeout: 60_000 });
    if (done.status !== 0) throw new Error(`plenary ${args[0]} ended with ${done.status}\n${done.stderr}`);
    return done.stdout.trim();
  }

  // Runs a mutation as the operator.
  mutate(mutation) {
    return JSON.parse(this.run("query", `mutation { ${mutation} }`)).data;
  }

  // Imports the site with another affiliation of a speaker; answers the affiliation.
  change() {
    const file = path.join(this.folder, "site/_data/speakers.yml");
    this.version += 1;
    const affiliation = `Institute ${this.version}`;
    writeFileSync(file, readFileSync(file, "utf8").replace(/affiliation: (Varde Institute|Institute \d+)/, `affiliation: ${affiliation}`));
    this.run("import", "jekyll", path.join(this.folder, "site"), "--event", "fixture", "--format", "json");
    return affiliation;
  }

  token() {
    return this.run("token", "--subject", "clients", "--event", "fixture", "--valid-for", "1h");
  }

  async start() {
    this.server = spawn(program, ["serve"], { cwd: this.folder, env: this.environment, stdio: ["ignore", "ignore", "pipe"] });
    this.server.stderr.setEncoding("utf8");
    this.url = await new Promise((resolve, reject) => {
      let log = "";
      this.server.stderr.on("data", (text) => {
        log += text;
        const found = /http:\/\/127\.0\.0\.1:\d+/.exec(log);
        if (found) resolve(`${found[0]}/graphql`);
      });
      this.server.on("exit", () => reject(new Error(`the server did not start\n${log}`)));
    });
    // Whoever comes again comes to the same place.
    this.environment.PLENARY__SERVER__ADDRESS = new URL(this.url).host;
  }

  async stop(signal = "SIGTERM") {
    if (!this.server || this.server.exitCode !== null || this.server.signalCode !== null) return;
    const ended = new Promise((resolve) => this.server.once("exit", resolve));
    this.server.kill(signal);
    await ended;
  }

  // Ends the server, and leaves nothing behind.
  async remove() {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
