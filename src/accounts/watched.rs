//! A value out of a file that may appear or change while the server runs.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use parking_lot::Mutex;

use crate::error::Error;

/// How long the file is not looked at after it was.
const REST: Duration = Duration::from_secs(1);

type Read<T> = Box<dyn Fn(&Path) -> Result<Option<T>, Error> + Send + Sync>;

/// A value out of a file, read again when the file changes. A file that can't be read (any more) changes nothing.
pub(super) struct Watched<T> {
    path: PathBuf,
    read: Read<T>,
    state: Mutex<State<T>>,
}

struct State<T> {
    value: Option<Arc<T>>,
    /// The file's length and time when it was last read.
    mark: Option<(u64, SystemTime)>,
    looked_at: Option<Instant>,
}

impl<T> std::fmt::Debug for Watched<T> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Watched").field("path", &self.path).finish_non_exhaustive()
    }
}

impl<T> Watched<T> {
    pub(super) fn new(
        path: PathBuf,
        read: impl Fn(&Path) -> Result<Option<T>, Error> + Send + Sync + 'static,
    ) -> Watched<T> {
        Watched { path, read: Box::new(read), state: Mutex::new(State { value: None, mark: None, looked_at: None }) }
    }

    /// The value, at most a second old; `None` when there has been no file yet.
    pub(super) fn get(&self) -> Option<Arc<T>> {
        let mut state = self.state.lock();
        if state.value.is_none() || state.looked_at.is_none_or(|instant| instant.elapsed() > REST) {
            self.look(&mut state);
        }
        state.value.clone()
    }

    /// The value of the file as it is now.
    pub(super) fn get_anew(&self) -> Option<Arc<T>> {
        let mut state = self.state.lock();
        self.look(&mut state);
        state.value.clone()
    }

    fn look(&self, state: &mut State<T>) {
        state.looked_at = Some(Instant::now());
        let mark = std::fs::metadata(&self.path).and_then(|file| Ok((file.len(), file.modified()?))).ok();
        if mark.is_none() || mark == state.mark {
            return;
        }
        state.mark = mark;
        match (self.read)(&self.path) {
            Ok(Some(value)) => state.value = Some(Arc::new(value)),
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, "tokens can't be checked with this file"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_may_come_and_change_and_break() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let watched = Watched::new(path.clone(), |path| {
            let text = std::fs::read_to_string(path).map_err(Error::io("x"))?;
            if text.is_empty() { Err(Error::Input("empty".to_owned())) } else { Ok(Some(text)) }
        });
        assert!(watched.get().is_none());
        std::fs::write(&path, "one").unwrap();
        assert_eq!(*watched.get().unwrap(), "one");
        std::fs::write(&path, "other").unwrap();
        assert_eq!(*watched.get_anew().unwrap(), "other");
        std::fs::write(&path, "").unwrap();
        assert_eq!(*watched.get_anew().unwrap(), "other");
        std::fs::remove_file(&path).unwrap();
        assert_eq!(*watched.get_anew().unwrap(), "other");
    }
}
