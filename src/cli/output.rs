//! Writing to the terminal: results to standard output, complaints to standard error.

use std::io::{ErrorKind, Write};

use crate::error::Error;

/// Prints a result. A reader that has seen enough (`plenary schema | head`) is no error.
pub(super) fn print(text: &str) -> Result<(), Error> {
    let mut out = anstream::stdout().lock();
    let written =
        out.write_all(text.as_bytes()).and_then(|()| if text.ends_with('\n') { Ok(()) } else { out.write_all(b"\n") });
    match written.and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written.map_err(Error::io("standard output can't be written")),
    }
}

/// Writes bytes as they are. A reader that has seen enough is no error.
pub(super) fn print_bytes(bytes: &[u8]) -> Result<(), Error> {
    let mut out = std::io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written.map_err(Error::io("standard output can't be written")),
    }
}

/// Says on standard error why the command stopped.
pub(super) fn complain(error: &Error) {
    let style = anstyle::AnsiColor::Red.on_default().bold();
    // Where standard error is closed, there is nobody to tell.
    let _ = writeln!(anstream::stderr(), "{style}error:{style:#} {error}");
}
