// Lints schema.graphql by eslint.config.mjs: `node lint.mjs`.
import { ESLint } from 'eslint';
import { fileURLToPath } from 'node:url';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

// What a rule's options can't except: a search finds many kinds of things, and its edge holds what was found together
// with its score and snippet.
const excepted = (line, { ruleId }) => ruleId === '@graphql-eslint/relay-edge-types' && line === 'type SearchEdge {';

const eslint = new ESLint({ cwd: path('../..'), overrideConfigFile: path('eslint.config.mjs') });
const [result] = await eslint.lintFiles(['schema.graphql']);
const lines = (result.source ?? '').split('\n');
const problems = result.messages.filter((message) => !excepted(lines[message.line - 1], message));
for (const { line, column, message, ruleId } of problems) {
  console.log(`schema.graphql:${line}:${column} ${message.replaceAll('\n', ' ')} (${ruleId})`);
}
console.log(`${problems.length} problems in schema.graphql`);
process.exit(problems.length > 0 ? 1 : 0);
