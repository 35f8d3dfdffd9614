//! `etalon rules new`: a commented file to begin with.

use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, bail, ensure};
use etalon::locale::Lang;

use super::super::{Status, diagnostics, locale, print};

const PACK: &str = include_str!("pack.toml");
const TEMPLATE: &str = include_str!("template.toml");

pub(super) fn run(id: &str, into: Option<&Path>, lang: Lang) -> anyhow::Result<Status> {
    let parts: Vec<&str> = id.split('.').collect();
    let fine = |part: &&str| {
        let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        !part.is_empty() && part.chars().all(letters)
    };
    let [section, name] = parts[..] else {
        bail!(locale::no_id(lang, id));
    };
    ensure!(parts.iter().all(fine), locale::no_id(lang, id));
    let text = TEMPLATE.replace("{id}", id);
    let Some(folder) = into else {
        print(text.as_bytes())?;
        return Ok(Status::Done);
    };
    let pack_path = folder.join("pack.toml");
    let pack = pack_with(section, folder, &pack_path, lang)?;
    let section = folder.join(section);
    let path = section.join(format!("{name}.toml"));
    let cannot = || locale::cannot_write(lang, &path);
    std::fs::create_dir_all(&section).with_context(cannot)?;
    let mut file = std::fs::File::create_new(&path).with_context(cannot)?;
    file.write_all(text.as_bytes()).with_context(cannot)?;
    if let Some(pack) = pack {
        std::fs::write(&pack_path, pack).with_context(|| locale::cannot_write(lang, &pack_path))?;
        diagnostics::say(&pack_path.display().to_string());
    }
    diagnostics::say(&path.display().to_string());
    Ok(Status::Done)
}

/// What `pack.toml` must become to have the section: a new one where there is none. `None`: it has it, or cannot be read, which
/// whoever loads the pack is told.
fn pack_with(
    section: &str,
    folder: &Path,
    path: &Path,
    lang: Lang,
) -> anyhow::Result<Option<String>> {
    let mut text = if path.exists() {
        std::fs::read_to_string(path).with_context(|| locale::cannot_read(lang, path))?
    } else {
        let whole = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
        let name = whole.file_name().unwrap_or_default().to_string_lossy();
        let fine = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
        let id: String = name.chars().filter(|c| fine(*c)).collect();
        PACK.replace("{pack}", if id.is_empty() { "pack" } else { &id })
    };
    let Ok(pack) = text.parse::<toml::Table>() else {
        return Ok(None);
    };
    let sections = pack.get("section").and_then(toml::Value::as_array);
    let known =
        |known: &toml::Value| known.get("id").and_then(toml::Value::as_str) == Some(section);
    if sections.is_some_and(|sections| sections.iter().any(known)) {
        return Ok(None);
    }
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text += &format!("\n[[section]]\nid = \"{section}\"\ntitle = \"{section}\"\n");
    // A pack that lists its sections in one line takes none below.
    text.parse::<toml::Table>()
        .with_context(|| locale::cannot_write(lang, path))?;
    Ok(Some(text))
}
