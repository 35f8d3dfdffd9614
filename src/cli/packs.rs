//! `-p` -> packs.

use std::path::Path;

use clap::Args;
use etalon::locale::Lang;
use etalon::pack::{Pack, embedded_ids};

use super::{Speech, diagnostics, locale};

/// Which packs to hold calls against.
#[derive(Debug, Clone, Args)]
pub(super) struct PackArgs {
    /// Pack of rules: mts, yumek, or the path of a folder; may be given several times [default: mts]
    #[arg(short, long = "pack", value_name = "PACK")]
    pack: Vec<String>,
}

/// The pack where none is named.
const DEFAULT: &str = "mts";

/// Loads the packs that were asked for. `Ok(None)`: one cannot be used, and everything that is wrong with it has been said.
pub(super) fn load(args: &PackArgs, speech: Speech) -> anyhow::Result<Option<Vec<Pack>>> {
    load_all(&args.names(&[]), speech)
}

impl PackArgs {
    /// What was asked for, else `otherwise`, else the pack that is always there.
    pub(super) fn names(&self, otherwise: &[String]) -> Vec<String> {
        match (&self.pack[..], otherwise) {
            ([], []) => vec![DEFAULT.to_owned()],
            ([], otherwise) => otherwise.to_vec(),
            (asked, _) => asked.to_vec(),
        }
    }
}

/// The same by their names.
pub(super) fn load_all(names: &[String], speech: Speech) -> anyhow::Result<Option<Vec<Pack>>> {
    let mut packs = Vec::new();
    let mut usable = true;
    for (idx, name) in names.iter().enumerate() {
        anyhow::ensure!(
            !names[..idx].contains(name),
            locale::pack_twice(speech.lang(), name)
        );
        match load_one(name, speech)? {
            Some(pack) => packs.push(pack),
            None => usable = false,
        }
    }
    for (idx, pack) in packs.iter().enumerate() {
        let id = &pack.info().id;
        anyhow::ensure!(
            packs[..idx].iter().all(|other| other.info().id != *id),
            locale::same_id(speech.lang(), id)
        );
    }
    Ok(usable.then_some(packs))
}

/// One pack by its name inside the binary, or by the path of its folder.
pub(super) fn load_one(name: &str, speech: Speech) -> anyhow::Result<Option<Pack>> {
    let path = Path::new(name);
    let (loaded, folder) = match Pack::embedded(name) {
        Some(loaded) => (loaded, None),
        None if path.is_dir() => (Pack::from_dir(path), Some(path)),
        None => anyhow::bail!(no_pack(name, speech.lang())),
    };
    match loaded {
        Ok(pack) => Ok(Some(pack)),
        Err(errors) => {
            diagnostics::pack_errors(&errors, folder, speech);
            Ok(None)
        }
    }
}

/// What is said of a name that no pack has.
pub(super) fn no_pack(name: &str, lang: Lang) -> String {
    locale::no_pack(lang, name, &embedded_ids().join(", "))
}

/// Fails on a `--line` that none of the packs knows.
pub(super) fn ensure_line(line: Option<&str>, packs: &[Pack], lang: Lang) -> anyhow::Result<()> {
    let Some(line) = line else { return Ok(()) };
    let known: Vec<&str> = packs
        .iter()
        .flat_map(Pack::lines)
        .map(String::as_str)
        .collect();
    anyhow::ensure!(
        known.contains(&line),
        locale::no_line(lang, line, &known.join(", "))
    );
    Ok(())
}
