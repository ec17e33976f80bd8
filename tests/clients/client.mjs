// Reads with the clients that applications use, Apollo Client and urql: `node client.mjs URL`.
import { ApolloClient, gql as apolloGql, HttpLink, InMemoryCache } from '@apollo/client';
import { Client, fetchExchange, gql } from '@urql/core';
import assert from 'node:assert/strict';

const url = process.argv[2];
const text = `
  query Events($first: Int!) {
    events(first: $first) { totalCount nodes { __typename id slug name } }
  }
`;
const wrong = 'query Wrong { events(first: 1000) { totalCount } }';

const apollo = new ApolloClient({ cache: new InMemoryCache(), link: new HttpLink({ uri: url }) });
const { data: apolloData } = await apollo.query({ query: apolloGql(text), variables: { first: 5 } });
assert.ok(apolloData.events.totalCount > 0, 'Apollo Client sees events');
await assert.rejects(apollo.query({ query: apolloGql(wrong) }), /100/, 'Apollo Client is told how long a page may be');

for (const preferGetMethod of [false, true]) {
  const urql = new Client({ url, exchanges: [fetchExchange], preferGetMethod });
  const { data, error } = await urql.query(gql(text), { first: 5 }).toPromise();
  assert.equal(error, undefined);
  assert.deepEqual(data.events.nodes.map(({ id }) => id), apolloData.events.nodes.map(({ id }) => id));
  const refused = await urql.query(gql(wrong), {}).toPromise();
  assert.match(refused.error.message, /100/);
  assert.equal(typeof refused.error.graphQLErrors[0].extensions.code, 'string');
}
console.log('Apollo Client and urql read the same, by POST and by GET');
