//! `etalon rules new`: a commented file to begin with.

use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, bail, ensure};

use super::super::{Status, diagnostics, print};

const TEMPLATE: &str = include_str!("template.toml");

pub(super) fn run(id: &str, into: Option<&Path>) -> anyhow::Result<Status> {
    let parts: Vec<&str> = id.split('.').collect();
    let fine = |part: &&str| {
        let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        !part.is_empty() && part.chars().all(letters)
    };
    let [section, name] = parts[..] else {
        bail!("`{id}` is no id of a criterion\nan id is section.requirement, in Latin letters");
    };
    ensure!(
        parts.iter().all(fine),
        "`{id}` is no id of a criterion\nuse small Latin letters, digits and `_`"
    );
    let text = TEMPLATE.replace("{id}", id);
    let Some(folder) = into else {
        print(text.as_bytes())?;
        return Ok(Status::Done);
    };
    ensure!(
        folder.join("pack.toml").is_file(),
        "{} is no pack: it has no pack.toml\nname the folder of a pack",
        folder.display()
    );
    let section = folder.join(section);
    let path = section.join(format!("{name}.toml"));
    let cannot = || format!("cannot write {}", path.display());
    std::fs::create_dir_all(&section).with_context(cannot)?;
    let mut file = std::fs::File::create_new(&path).with_context(cannot)?;
    file.write_all(text.as_bytes()).with_context(cannot)?;
    diagnostics::say(&path.display().to_string());
    Ok(Status::Done)
}
