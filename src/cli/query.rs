//! `plenary query`: asks the database directly, as its operator, who sees drafts too.

use std::io::Read;
use std::sync::Arc;

use async_graphql::Variables;
use serde_json::Value;

use super::output;
use crate::access::Viewer;
use crate::accounts::{Accounts, Visit};
use crate::app::{open_store, schema};
use crate::clock::Clock;
use crate::config::Config;
use crate::error::Error;
use crate::graphql::execution::{self, Prepared};
use crate::graphql::guard::Refusal;
use crate::reading::Reading;
use crate::shelf::Shelf;

#[derive(Debug, clap::Args)]
pub(super) struct QueryArgs {
    /// The GraphQL document, or - to read it from standard input. Add `view: WORKING` to see drafts.
    query: String,
    /// The variables, as a JSON object.
    #[arg(long, value_name = "JSON")]
    variables: Option<String>,
    /// Which of the document's operations to execute.
    #[arg(long, value_name = "NAME")]
    operation: Option<String>,
}

pub(super) async fn run(args: QueryArgs, config: Config) -> Result<(), Error> {
    let text = if args.query == "-" { read_input(config.graphql.limits.bytes)? } else { args.query };
    let variables = match args.variables {
        Some(json) => object(&json)?,
        None => Variables::default(),
    };
    let store = open_store(&config).await?;
    let clock = Clock::System;
    let shelf = Shelf::open(store.clone(), clock.clone(), config.shelf.memory_budget_bytes).await?;
    let (schema, guard) = schema(&config);
    let refused = |refusal: Refusal| Error::Input(refusal.message);
    let document = guard.parse(&text).map_err(refused)?;
    guard.measure(&document, args.operation.as_deref(), &variables).map_err(refused)?;
    let reading = Arc::new(Reading::new(shelf, Viewer::Operator, clock.now()));
    let visit = Visit { accounts: Accounts::new(store.clone(), clock, config.auth.clone()), from: None };
    let prepared = Prepared::new(document);
    let outcome = execution::execute(&schema, &prepared, args.operation, variables, reading, Some(visit)).await;
    let json = outcome.to_json::<()>(None);
    let value: Value = serde_json::from_slice(&json).unwrap_or_default();
    output::print(&format!("{value:#}"))?;
    store.close().await?;
    if outcome.is_whole() { Ok(()) } else { Err(Error::Input("the answer has errors".to_owned())) }
}

fn read_input(limit: usize) -> Result<String, Error> {
    let mut text = String::new();
    std::io::stdin()
        .take(limit as u64 + 1)
        .read_to_string(&mut text)
        .map_err(Error::io("standard input can't be read"))?;
    Ok(text)
}

fn object(json: &str) -> Result<Variables, Error> {
    match serde_json::from_str(json) {
        Ok(Value::Object(object)) => Ok(Variables::from_json(Value::Object(object))),
        Ok(_) => Err(Error::Input("--variables must be a JSON object".to_owned())),
        Err(error) => Err(Error::Input(format!("--variables is not JSON: {error}"))),
    }
}
