//! The folders of this client.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use deskbell_desktop::folders;

use crate::instance;

/// Where this client keeps things.
#[derive(Debug, Clone)]
pub(crate) struct Places {
    /// Caches, outboxes, logs: absolute, without links, private to the user.
    pub(crate) data: PathBuf,
    /// What the user chose.
    pub(crate) config: PathBuf,
    /// Pictures for the desktop: in memory where the system has such a folder, so that the tray
    /// shows even when the disk is full.
    pub(crate) pictures: PathBuf,
}

impl Places {
    /// The user's own folders, or one that was named, as they are: nothing is made.
    pub(crate) fn look(named: Option<&Path>) -> anyhow::Result<Self> {
        let data = data_folder(named)?;
        let data = data.canonicalize().unwrap_or(data);
        let config = folders::config().filter(|_| named.is_none());
        Ok(Self {
            config: config.unwrap_or_else(|| data.clone()),
            pictures: data.join("pictures"),
            data,
        })
    }

    /// The user's own folders, or one that was named.
    pub(crate) fn make(named: Option<&Path>) -> anyhow::Result<Self> {
        let data = data_folder(named)?;
        make(&data)?;
        let data = data
            .canonicalize()
            .with_context(|| data.display().to_string())?;
        let own_config = folders::config().filter(|_| named.is_none());
        let config = own_config.unwrap_or_else(|| data.clone());
        make(&config)?;
        let fleeting = folders::runtime().map(|folder| folder.join(instance::identifier(&data)));
        let pictures = fleeting.filter(|folder| make(folder).is_ok());
        let pictures = pictures.unwrap_or_else(|| data.join("pictures"));
        Ok(Self {
            data,
            config,
            pictures,
        })
    }
}

fn data_folder(named: Option<&Path>) -> anyhow::Result<PathBuf> {
    let data = named.map(Path::to_owned).or_else(folders::data);
    data.context("the user has no home folder: name one with --data-dir")
}

fn make(folder: &Path) -> anyhow::Result<()> {
    folders::make_private(folder)
        .with_context(|| format!("the folder {} cannot be made or used", folder.display()))
}

#[cfg(test)]
mod tests {
    use super::Places;

    #[test]
    fn a_named_folder_keeps_the_settings_too() {
        let folder = tempfile::tempdir().unwrap();
        let places = Places::make(Some(&folder.path().join("new"))).unwrap();
        assert!(places.data.is_dir(), "the folder was not made");
        assert_eq!(places.config, places.data);
    }

    #[test]
    fn looking_makes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let named = folder.path().join("new");
        let places = Places::look(Some(&named)).unwrap();
        assert_eq!((&places.data, &places.config), (&named, &named));
        assert!(!named.exists(), "the folder was made");
    }
}
