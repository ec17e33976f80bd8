//! The server from outside: real requests over loopback, to a server of its own for each test.

mod attacks;
mod browsers;
mod caching;
mod commands;
mod feeds;
mod manners;
mod pages;
mod protocol;
mod rest;
mod running;
mod server;
mod tokens;
mod whole;
