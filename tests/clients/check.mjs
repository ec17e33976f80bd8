// Lets clients that nobody here wrote try a running server: node check.mjs http://127.0.0.1:8080/graphql
//
// Prints a line per check and how many passed; the exit status says whether all did. Everything that a check writes goes
// into a temporary folder.
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { auditServer } from "graphql-http";
import { buildClientSchema, buildSchema, getIntrospectionQuery, isObjectType, lexicographicSortSchema, printSchema } from "graphql";
import { ApolloClient, HttpLink, InMemoryCache, gql as apolloGql } from "@apollo/client";
import { Client, cacheExchange, fetchExchange, gql as urqlGql } from "@urql/core";
import { calendars } from "./calendars.mjs";
import { graphiql } from "./graphiql.mjs";
import { accessible, valid } from "./page.mjs";
import { subscriptions } from "./subscriptions.mjs";
import { webhooks } from "./webhooks.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const url = process.argv[2];
if (!url) {
  console.error("usage: node check.mjs URL-OF-THE-ENDPOINT");
  process.exit(2);
}
const slug = process.env.PLENARY_EVENT ?? "enlsp-2022";
// The page-sized queries are those that the benchmarks measure.
const pages = path.join(here, "../../benches/queries");
const schemaFile = path.join(here, "../../schema.graphql");
const schemaText = readFileSync(schemaFile, "utf8");
const folder = mkdtempSync(path.join(tmpdir(), "plenary-clients-"));
let passed = 0;
let failed = 0;

async function check(name, body) {
  try {
    const told = await body();
    passed += 1;
    console.log(`ok      ${name}${told ? `: ${told}` : ""}`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED  ${name}: ${error.message ?? error}`);
  }
}

function run(program, args, options = {}) {
  const done = spawnSync(path.join(here, "node_modules/.bin", program), args, {
    cwd: folder,
    encoding: "utf8",
    timeout: 120_000,
    ...options,
  });
  if (done.status !== 0) throw new Error(`${program} ended with ${done.status}\n${done.stdout}\n${done.stderr}`);
  return done.stdout;
}

function operation(name) {
  return readFileSync(path.join(pages, `${name}.graphql`), "utf8");
}

async function audits() {
  const results = await auditServer({ url });
  const bad = results.filter((result) => result.status !== "ok");
  if (bad.length > 0) throw new Error(bad.map((result) => `\n  ${result.id} ${result.name}: ${result.reason}`).join(""));
  return `${results.length} of ${results.length} audits`;
}

async function introspection() {
  const body = JSON.stringify({ query: getIntrospectionQuery({ oneOf: true, specifiedByUrl: true, inputValueDeprecation: true }) });
  const answer = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
  const { data } = await answer.json();
  const asked = printSchema(lexicographicSortSchema(buildClientSchema(data)));
  const written = printSchema(lexicographicSortSchema(buildSchema(schemaText)));
  if (asked !== written) {
    const [a, b] = [asked.split("\n"), written.split("\n")];
    const line = a.findIndex((text, number) => text !== b[number]);
    throw new Error(`the server's schema is not schema.graphql, first at\n  ${a[line]}\n  ${b[line]}`);
  }
}

function codegen(schema, name) {
  const config = path.join(folder, `codegen-${name}.json`);
  const files = ["typescript", "typescript-operations"].map((plugin) => [path.join(folder, `${name}-${plugin}.ts`), plugin]);
  const generates = Object.fromEntries(files.map(([file, plugin]) => [file, { plugins: [plugin] }]));
  writeFileSync(config, JSON.stringify({ schema, documents: [path.join(pages, "*.graphql"), path.join(here, "operations/*.graphql")], generates }));
  run("graphql-codegen", ["--config", config], { cwd: here });
  run("tsc", ["--noEmit", "--strict", "--skipLibCheck", "--target", "es2022", ...files.map(([file]) => file)]);
}

function relay() {
  const project = path.join(folder, "relay");
  cpSync(path.join(here, "relay"), path.join(project, "src"), { recursive: true });
  mkdirSync(path.join(project, "src/__generated__"), { recursive: true });
  cpSync(schemaFile, path.join(project, "schema.graphql"));
  const config = { src: "./src", schema: "./schema.graphql", language: "javascript" };
  writeFileSync(path.join(project, "relay.config.json"), JSON.stringify(config));
  run("relay-compiler", ["relay.config.json"], { cwd: project });
}

function eslint() {
  // A type without an id is a value, unless it is a node: those must have one.
  const types = Object.values(buildSchema(schemaText).getTypeMap()).filter(isObjectType);
  const values = types.filter((type) => !type.getInterfaces().some((known) => known.name === "Node"));
  const project = path.join(folder, "eslint");
  mkdirSync(project);
  cpSync(schemaFile, path.join(project, "schema.graphql"));
  cpSync(path.join(here, "eslint.config.mjs"), path.join(project, "eslint.config.mjs"));
  symlinkSync(path.join(here, "node_modules"), path.join(project, "node_modules"));
  const environment = { ...process.env, VALUE_TYPES: values.map((type) => type.name).join(",") };
  run("eslint", ["--max-warnings", "0", "schema.graphql"], { cwd: project, env: environment });
}

async function apollo() {
  const client = new ApolloClient({ link: new HttpLink({ uri: url }), cache: new InMemoryCache() });
  const { data, error } = await client.query({ query: apolloGql(operation("landing")), variables: { slug } });
  if (error) throw error;
  if (!data?.event?.name) throw new Error(`no event ${slug} in the answer`);
  return data.event.name;
}

async function urql() {
  const client = new Client({ url, exchanges: [cacheExchange, fetchExchange], preferGetMethod: true });
  const { data, error } = await client.query(urqlGql(operation("papers")), { slug }).toPromise();
  if (error) throw error;
  return `${data.event.papers.totalCount} papers`;
}

try {
  await check("graphql-http", audits);
  await check("the server's schema is schema.graphql", introspection);
  await check("graphql-codegen, from the server", () => codegen(url, "server"));
  await check("graphql-codegen, from schema.graphql", () => codegen(schemaFile, "file"));
  await check("relay-compiler", relay);
  await check("GraphQL ESLint", eslint);
  await check("Apollo Client", apollo);
  await check("urql", urql);
  await check("graphql-ws", () => subscriptions("graphql-ws"));
  await check("graphql-sse", () => subscriptions("graphql-sse"));
  await check("ical.js", () => calendars(url, slug));
  await check("standardwebhooks", webhooks);
  await check("GraphiQL", () => graphiql(url));
  await check("html-validate", () => valid(url, slug));
  await check("axe", () => accessible(url, slug));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
