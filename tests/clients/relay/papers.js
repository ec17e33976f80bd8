// A list of papers as a Relay frontend writes it: a page after another, and fetched again by its fragment.
import { graphql } from "relay-runtime";

export const papers = graphql`
  fragment papers_event on Event
  @argumentDefinitions(count: { type: "Int", defaultValue: 20 }, cursor: { type: "String" })
  @refetchable(queryName: "papersPaginationQuery") {
    papers(first: $count, after: $cursor) @connection(key: "papers_event_papers") {
      edges {
        node {
          id
          title
          authors {
            name
          }
        }
      }
    }
  }
`;

export const page = graphql`
  query papersPageQuery($slug: String!) {
    event(slug: $slug) {
      ...papers_event
      sessions(first: 100) @connection(key: "papersPage_sessions") {
        edges {
          node {
            id
            title
          }
        }
      }
    }
  }
`;
