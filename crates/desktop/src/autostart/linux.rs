//! A desktop entry in the XDG autostart folder.

use std::io;
use std::path::{Path, PathBuf};

const FILE_NAME: &str = "deskbell.desktop";

pub(super) fn enable(program: &Path, arguments: &[String]) -> io::Result<()> {
    let file = entry_file()?;
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(file, entry(&program.to_string_lossy(), arguments))
}

pub(super) fn disable() -> io::Result<()> {
    match std::fs::remove_file(entry_file()?) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

pub(super) fn is_enabled() -> bool {
    entry_file().is_ok_and(|file| file.exists())
}

fn entry_file() -> io::Result<PathBuf> {
    let folders = directories::BaseDirs::new().ok_or(io::ErrorKind::NotFound)?;
    Ok(folders.config_dir().join("autostart").join(FILE_NAME))
}

fn entry(program: &str, arguments: &[String]) -> String {
    let arguments = arguments.iter().map(String::as_str);
    let words: Vec<String> = std::iter::once(program)
        .chain(arguments)
        .map(quoted)
        .collect();
    format!(
        "[Desktop Entry]\nType=Application\nName=Deskbell\nExec={}\nIcon=deskbell\n\
         Terminal=false\nX-GNOME-Autostart-enabled=true\n",
        words.join(" ")
    )
}

/// A word of an `Exec` line: quoted, then escaped once more as any string of a desktop entry is.
fn quoted(word: &str) -> String {
    let mut quoted = String::from("\"");
    for character in word.chars() {
        match character {
            '\\' => quoted.push_str(r"\\\\"),
            '"' | '`' | '$' => quoted.extend([r"\\", &character.to_string()]),
            '%' => quoted.push_str("%%"),
            '\n' => quoted.push_str(r"\n"),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::entry;

    #[test]
    fn a_path_with_blanks_and_signs_stays_one_word() {
        let text = entry("/opt/My $Apps/100%/deskbell", &["--open".to_owned()]);
        assert!(
            text.contains("Exec=\"/opt/My \\\\$Apps/100%%/deskbell\" \"--open\"\n"),
            "the Exec line is wrong in:\n{text}"
        );
    }
}
