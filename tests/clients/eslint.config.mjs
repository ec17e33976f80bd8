// GraphQL ESLint's own recommendations for schemas, and Relay's. Every exception says why.
import graphql from '@graphql-eslint/eslint-plugin';
import { fileURLToPath } from 'node:url';

const { configs, parser } = graphql;
const schema = fileURLToPath(new URL('../../schema.graphql', import.meta.url));

// Values: parts of an item, or of an answer, that have no life of their own, and so no id.
const values = [
  'AnnouncementLink',
  'Coordinates',
  'Image',
  'Moment',
  'NowAndNext',
  'PageInfo',
  'PaperAuthor',
  'RichText',
  'ScheduleDay',
  'ScheduleRoom',
  'SearchResult',
  'SearchSnippet',
  'SessionPerson',
  'Venue',
  'Viewer',
  'WebLink',
];

export default [
  {
    files: ['**/*.graphql'],
    plugins: { '@graphql-eslint': graphql },
    languageOptions: { parser, parserOptions: { graphQLConfig: { schema } } },
    rules: {
      ...configs['flat/schema-recommended'].rules,
      ...configs['flat/schema-relay'].rules,
      '@graphql-eslint/strict-id-in-types': [
        'error',
        { exceptions: { types: values, suffixes: ['Connection', 'Edge'] } },
      ],
      // Lists that are small by nature (days, rooms, tiers, dates) are plain lists, not connections.
      '@graphql-eslint/relay-edge-types': ['error', { listTypeCanWrapOnlyEdgeType: false }],
    },
  },
];
