//! `plenary openapi`: prints the description of the HTTP API.

use super::output;
use crate::error::Error;

pub(super) fn run() -> Result<(), Error> {
    let description = crate::rest::openapi().to_pretty_json();
    output::print(&description.map_err(|error| Error::Input(format!("the description is no JSON: {error}")))?)
}
