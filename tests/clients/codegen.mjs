// Generates TypeScript for the operations by GraphQL Code Generator, from the schema that a server tells, and compiles
// it: `node codegen.mjs URL`.
import { generate } from '@graphql-codegen/cli';
import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

const [schema, operations] = [path('generated/schema.ts'), path('generated/operations.ts')];
const config = { strictScalars: true, scalars: { Date: 'string', DateTime: 'string' } };
await generate({
  schema: process.argv[2],
  documents: [path('operations/*.graphql'), path('../../benches/queries/*.graphql')],
  generates: {
    [schema]: { plugins: ['typescript'], config },
    [operations]: { plugins: ['typescript-operations'], config },
  },
  silent: true,
  errorsOnly: true,
});
const types = (await readFile(operations, 'utf8')).match(/^export type \w+Query = /gm) ?? [];
if (types.length < 6) {
  throw new Error(`types for ${types.length} operations were generated; there are at least 6`);
}
const options = ['--noEmit', '--strict', '--target', 'es2022', '--ignoreConfig'];
execFileSync(path('node_modules/.bin/tsc'), [...options, schema, operations], { stdio: 'inherit' });
console.log(`types of the schema and of ${types.length} operations were generated and compile`);
