// Lets clients and auditors that others wrote try a running server: `node check.mjs URL`, with the URL of /graphql.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const CHECKS = [
  ['audit', 'GraphQL over HTTP (graphql-http)'],
  ['schema', 'Introspection (graphql-js)'],
  ['lint', 'schema.graphql (GraphQL ESLint)'],
  ['codegen', 'TypeScript types (GraphQL Code Generator)'],
  ['relay', 'Relay (relay-compiler)'],
  ['client', 'Reading (Apollo Client, urql)'],
  ['graphiql', 'GraphiQL (Chromium)'],
];

const url = process.argv[2];
if (!URL.canParse(url ?? '')) {
  console.error('usage: node check.mjs URL, for example http://127.0.0.1:8080/graphql');
  process.exit(2);
}

const cwd = fileURLToPath(new URL('.', import.meta.url));
let failed = 0;
for (const [name, what] of CHECKS) {
  console.log(`\n-- ${what}`);
  const { status, error } = spawnSync(process.execPath, [`${name}.mjs`, url], {
    cwd,
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout: 180_000,
  });
  if (status !== 0) {
    failed += 1;
    console.log(`FAILED: ${name}.mjs${error ? ` (${error.message})` : ''}`);
  }
}
console.log(`\nclients: ${CHECKS.length - failed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
