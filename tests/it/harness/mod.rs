//! What the tests stand on: databases of both kinds, and a document to put into them.

pub(crate) mod database;
pub(crate) mod sample;

pub(crate) use database::on_each_database;
