//! `plenary schema`: prints the schema as `schema.graphql` has it.

use super::output;
use crate::error::Error;

pub(super) fn run() -> Result<(), Error> {
    output::print(&crate::graphql::sdl())
}
