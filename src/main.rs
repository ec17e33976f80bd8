//! The program: arguments in, exit code out. Everything else is in the library.

use std::process::ExitCode;

/// Requests allocate in many small pieces on many threads, which this allocator does faster than the system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    plenary::cli::main()
}
