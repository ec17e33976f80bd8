// GraphiQL over the server that the page came from, with a few queries to begin with.
import React from "react";
import { createRoot } from "react-dom/client";
import { GraphiQL } from "graphiql";
import { createGraphiQLFetcher } from "@graphiql/toolkit";
import "graphiql/graphiql.css";
import "./page.css";
import welcome from "./queries/welcome.graphql";
import page from "./queries/page.graphql";
import search from "./queries/search.graphql";

// Subscriptions have no address yet, so the fetcher speaks HTTP only.
const fetcher = createGraphiQLFetcher({ url: window.location.pathname });
const slug = JSON.stringify({ slug: "enlsp-2022" }, null, 2);

createRoot(document.getElementById("graphiql")).render(
  <GraphiQL
    fetcher={fetcher}
    defaultQuery={welcome}
    defaultTabs={[
      { query: welcome },
      { query: page, variables: slug },
      { query: search, variables: JSON.stringify({ slug: "enlsp-2022", words: "quantiz" }, null, 2) },
    ]}
    defaultEditorToolsVisibility="variables"
    shouldPersistHeaders={false}
  >
    <GraphiQL.Logo>Plenary</GraphiQL.Logo>
  </GraphiQL>,
);
