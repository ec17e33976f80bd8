// What a Relay application would hold: a list that loads its next page, and an item that is fetched again by its id.
import { graphql } from 'react-relay';

export const query = graphql`
  query PaperListQuery($slug: String!) {
    event(slug: $slug) {
      name
      ...PaperList_event
      ...PaperListSpeakers_event
    }
  }
`;

export const papers = graphql`
  fragment PaperList_event on Event
  @refetchable(queryName: "PaperListNextPageQuery")
  @argumentDefinitions(count: { type: "Int", defaultValue: 10 }, cursor: { type: "String" }) {
    papers(first: $count, after: $cursor) @connection(key: "PaperList_papers") {
      edges {
        node {
          id
          ...PaperListItem_paper
        }
      }
    }
  }
`;

export const paper = graphql`
  fragment PaperListItem_paper on Paper @refetchable(queryName: "PaperListItemAgainQuery") {
    title
    authors {
      name
      person {
        name
      }
    }
  }
`;

export const speakers = graphql`
  fragment PaperListSpeakers_event on Event
  @refetchable(queryName: "PaperListSpeakersQuery")
  @argumentDefinitions(
    first: { type: "Int", defaultValue: 10 }
    after: { type: "String" }
    last: { type: "Int" }
    before: { type: "String" }
    filter: { type: "ParticipantFilter" }
  ) {
    speakers(first: $first, after: $after, last: $last, before: $before, filter: $filter)
      @connection(key: "PaperListSpeakers_speakers", filters: ["filter"]) {
      edges {
        node {
          name
          affiliation
        }
      }
    }
  }
`;
