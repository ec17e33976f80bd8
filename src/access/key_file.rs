//! The file in which the key for tokens is kept, readable by its owner only.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::Path;

use super::token::TokenKey;
use crate::error::Error;

/// The key in a file; `None` when there is no such file.
pub fn read(path: &Path) -> Result<Option<TokenKey>, Error> {
    match std::fs::read_to_string(path) {
        Ok(text) => TokenKey::from_pem(&text).map(Some),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io(format!("the key file {} can't be read", path.display()))(error)),
    }
}

/// The key in a file, which is made when it is not there.
pub fn read_or_create(path: &Path) -> Result<TokenKey, Error> {
    if let Some(key) = read(path)? {
        return Ok(key);
    }
    let text = TokenKey::generate()?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(mut file) => {
            file.write_all(text.as_bytes())
                .and_then(|()| file.sync_all())
                .map_err(Error::io(format!("the key file {} can't be written", path.display())))?;
            TokenKey::from_pem(&text)
        }
        // Another process was quicker: its key counts.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            read(path)?.ok_or_else(|| Error::Input(format!("the key file {} came and went", path.display())))
        }
        Err(error) => Err(Error::io(format!("the key file {} can't be made", path.display()))(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key.pem");
        assert!(read(&path).unwrap().is_none());
        read_or_create(&path).unwrap();
        let first = std::fs::read(&path).unwrap();
        read_or_create(&path).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), first);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        std::fs::write(&path, "something else").unwrap();
        assert!(read(&path).is_err());
    }
}
