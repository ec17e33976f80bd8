// GraphiQL for the server that this page came from. It loads nothing from anywhere else.
import { GraphiQL } from "graphiql";
import { createRoot } from "react-dom/client";

import "graphiql/graphiql.css";
import "./page.css";
import { fetcher } from "./fetcher.js";
import { defaultQuery, defaultTabs } from "./queries.js";

createRoot(document.getElementById("graphiql")).render(
  <GraphiQL fetcher={fetcher} defaultQuery={defaultQuery} defaultTabs={defaultTabs}>
    <GraphiQL.Logo>Plenary</GraphiQL.Logo>
  </GraphiQL>,
);
