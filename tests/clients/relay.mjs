// Compiles the queries of relay/ by Relay's compiler, against schema.graphql: `node relay.mjs`.
import compiler from 'relay-compiler';
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

await rm(path('generated/relay'), { recursive: true, force: true });
await mkdir(path('generated/relay'), { recursive: true });
execFileSync(compiler, ['relay.config.json'], { cwd: path('.'), stdio: ['ignore', 'ignore', 'inherit'] });
const artifacts = await readdir(path('generated/relay'));
for (const wanted of ['PaperListQuery', 'PaperListNextPageQuery', 'PaperListItemAgainQuery', 'PaperListSpeakersQuery']) {
  if (!artifacts.includes(`${wanted}.graphql.js`)) {
    throw new Error(`Relay made no ${wanted}`);
  }
}
console.log(`Relay compiled ${artifacts.length} artifacts`);
