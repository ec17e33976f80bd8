//! What the tests stand on: databases of both kinds, a document to put into them, and the program itself.

pub(crate) mod database;
pub(crate) mod sample;
pub(crate) mod server;

pub(crate) use database::on_each_database;
pub(crate) use server::{Server, plenary, shared_site};
