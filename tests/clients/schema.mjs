// Asks a server for its schema, and compares it with schema.graphql: `node schema.mjs URL`.
import { buildClientSchema, buildSchema, getIntrospectionQuery, lexicographicSortSchema, printSchema } from 'graphql';
import { mkdir, readFile, writeFile } from 'node:fs/promises';

const response = await fetch(process.argv[2], {
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify({ query: getIntrospectionQuery({ specifiedByUrl: true, inputValueDeprecation: true }) }),
});
const { data, errors } = await response.json();
if (errors) {
  console.log(`the server refuses introspection: ${JSON.stringify(errors)}`);
  process.exit(1);
}
const normal = (schema) => printSchema(lexicographicSortSchema(schema));
const served = normal(buildClientSchema(data));
const written = normal(buildSchema(await readFile(new URL('../../schema.graphql', import.meta.url), 'utf8')));
if (served !== written) {
  const [ours, theirs] = [written.split('\n'), served.split('\n')];
  const line = ours.findIndex((text, index) => text !== theirs[index]);
  console.log(`the server's schema is not schema.graphql; first difference:\n- ${ours[line]}\n+ ${theirs[line]}`);
  process.exit(1);
}
await mkdir(new URL('generated', import.meta.url), { recursive: true });
await writeFile(new URL('generated/schema.graphql', import.meta.url), served);
console.log(`the server's schema is schema.graphql: ${Object.keys(data.__schema.types).length} types`);
