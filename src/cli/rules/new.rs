//! `etalon rules new`: a commented file to begin with.

use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, bail, ensure};
use etalon::locale::Lang;

use super::super::{Status, diagnostics, locale, print};

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
    ensure!(
        folder.join("pack.toml").is_file(),
        locale::no_pack_there(lang, folder)
    );
    let section = folder.join(section);
    let path = section.join(format!("{name}.toml"));
    let cannot = || locale::cannot_write(lang, &path);
    std::fs::create_dir_all(&section).with_context(cannot)?;
    let mut file = std::fs::File::create_new(&path).with_context(cannot)?;
    file.write_all(text.as_bytes()).with_context(cannot)?;
    diagnostics::say(&path.display().to_string());
    Ok(Status::Done)
}
