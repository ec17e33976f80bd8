//! The file in which the keys for tokens are kept, readable by its owner only. The first key in it signs.

use std::fs::{OpenOptions, Permissions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::token::KeyRing;
use crate::error::Error;

/// The keys in a file; `None` when there is no such file.
pub fn read(path: &Path) -> Result<Option<KeyRing>, Error> {
    text(path)?.map(|text| KeyRing::from_pem(&text)).transpose()
}

/// The keys in a file, which is made when it is not there.
pub fn read_or_create(path: &Path) -> Result<KeyRing, Error> {
    if let Some(keys) = read(path)? {
        return Ok(keys);
    }
    let made = written_beside(path, &KeyRing::generate()?)?;
    // A link is made only where there is nothing: nobody ever reads half a file, and the first of several wins.
    let linked = std::fs::hard_link(&made, path);
    let _ = std::fs::remove_file(&made);
    match linked {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            Err(Error::io(format!("the key file {} can't be made", path.display()))(error))
        }
        _ => read(path)?.ok_or_else(|| Error::Input(format!("the key file {} came and went", path.display()))),
    }
}

/// Puts a new key before the others, of which `keep` stay; answers how many keys there are then.
pub fn rotate(path: &Path, keep: usize) -> Result<usize, Error> {
    let old = text(path)?.unwrap_or_default();
    let bad = |_| Error::Input(format!("the key file {} does not hold keys (PEM)", path.display()));
    let old = pem::parse_many(old).map_err(bad)?;
    let mut new = KeyRing::generate()?;
    let kept = old.iter().take(keep);
    let count = 1 + kept.len();
    kept.for_each(|key| new.push_str(&pem::encode(key)));
    let made = written_beside(path, &new)?;
    std::fs::rename(&made, path).map_err(Error::io(format!("the key file {} can't be replaced", path.display())))?;
    Ok(count)
}

fn text(path: &Path) -> Result<Option<String>, Error> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io(format!("the key file {} can't be read", path.display()))(error)),
    }
}

/// Writes a new file beside the key file, for its owner only.
fn written_beside(path: &Path, text: &str) -> Result<PathBuf, Error> {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}", uuid::Uuid::now_v7().simple()));
    let made = PathBuf::from(name);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(&made).and_then(|mut file| {
        #[cfg(unix)]
        file.set_permissions(<Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o600))?;
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    if let Err(error) = written {
        let _ = std::fs::remove_file(&made);
        return Err(Error::io(format!("the key file {} can't be written", path.display()))(error));
    }
    Ok(made)
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

    #[test]
    fn rotation_keeps_as_many_old_keys_as_it_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key.pem");
        assert_eq!(rotate(&path, 1).unwrap(), 1);
        let first = std::fs::read_to_string(&path).unwrap();
        assert_eq!(rotate(&path, 1).unwrap(), 2);
        let second = std::fs::read_to_string(&path).unwrap();
        assert!(second.ends_with(&first) && second.len() > first.len());
        assert_eq!((rotate(&path, 1).unwrap(), rotate(&path, 0).unwrap()), (2, 1));
        assert!(!std::fs::read_to_string(&path).unwrap().contains(&first));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left behind");
    }
}
