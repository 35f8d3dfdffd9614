//! The two tables of `lexicon/build.py` -> the binary dictionary that `src/lexicon/dict.rs` reads.
//!
//! `pack_lexicon PARADIGMS.tsv FORMS.tsv OUT.bin`; the layout is told in `dict.rs`.

use std::collections::{BTreeMap, HashMap};
use std::io::{BufRead, BufReader, Write};

use anyhow::{Context, Result, ensure};

#[path = "../src/lexicon/key.rs"]
mod key;

const PREFIXES: [&str; 3] = ["", "по", "наи"];

/// One form of a paradigm.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Entry {
    prefix: usize,
    suffix: String,
    tag: u32,
}

fn rows(path: &str, columns: usize, mut take: impl FnMut(&[&str]) -> Result<()>) -> Result<()> {
    let file = std::fs::File::open(path).with_context(|| path.to_owned())?;
    for (at, line) in BufReader::new(file).lines().enumerate() {
        let line = line?;
        let row: Vec<&str> = line.split('\t').collect();
        ensure!(
            row.len() == columns,
            "{path}:{}: {columns} columns expected",
            at + 1
        );
        take(&row).with_context(|| format!("{path}:{}", at + 1))?;
    }
    Ok(())
}

fn starts(lengths: impl Iterator<Item = usize>) -> Vec<u8> {
    let mut sum = 0u32;
    let mut bytes = sum.to_le_bytes().to_vec();
    for length in lengths {
        sum += length as u32;
        bytes.extend(sum.to_le_bytes());
    }
    bytes
}

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    ensure!(
        args.len() == 3,
        "usage: pack_lexicon PARADIGMS.tsv FORMS.tsv OUT.bin"
    );

    // Paradigms as the package numbers them: (index there, entry), the dictionary form first.
    let mut given: BTreeMap<usize, Vec<(usize, Entry)>> = BTreeMap::new();
    rows(&args[0], 5, |row| {
        let prefix = PREFIXES
            .iter()
            .position(|&p| p == row[2])
            .context("unknown prefix")?;
        let entry = Entry {
            prefix,
            suffix: row[3].to_owned(),
            tag: row[4].parse()?,
        };
        given
            .entry(row[0].parse()?)
            .or_default()
            .push((row[1].parse()?, entry));
        Ok(())
    })?;

    // Ours: entries sorted by prefix and suffix, equal ones once, so that the forms of a stem come sorted; equal
    // paradigms once. `placed` takes a paradigm and index of the package to ours.
    let mut paradigms: Vec<(Vec<Entry>, usize)> = Vec::new();
    let mut seen: HashMap<(Vec<Entry>, usize), usize> = HashMap::new();
    let mut placed: HashMap<(usize, usize), (u16, u16)> = HashMap::new();
    for (number, forms) in &given {
        let mut entries: Vec<Entry> = forms.iter().map(|(_, entry)| entry.clone()).collect();
        entries.sort_by(|a, b| (a.prefix, &a.suffix, a.tag).cmp(&(b.prefix, &b.suffix, b.tag)));
        entries.dedup();
        let place = |entry: &Entry| {
            entries
                .iter()
                .position(|e| e == entry)
                .context("an entry was lost")
        };
        let lemma = place(&forms[0].1)?;
        let key = (entries.clone(), lemma);
        let ours = *seen.entry(key.clone()).or_insert_with(|| {
            paradigms.push(key);
            paradigms.len() - 1
        });
        for (index, entry) in forms {
            placed.insert(
                (*number, *index),
                (u16::try_from(ours)?, u16::try_from(place(entry)?)?),
            );
        }
    }

    // Forms with their readings, likeliest first.
    let mut readings: Vec<(String, u32, u32, (u16, u16))> = Vec::new();
    rows(&args[1], 4, |row| {
        let reading = *placed
            .get(&(row[1].parse()?, row[2].parse()?))
            .context("no such paradigm or index")?;
        let odd: u32 = row[3].parse()?;
        readings.push((
            row[0].to_owned(),
            u32::MAX - odd,
            readings.len() as u32,
            reading,
        ));
        Ok(())
    })?;
    readings.sort();
    let mut words: Vec<(String, Vec<(u16, u16)>)> = Vec::new();
    for (form, _, _, reading) in readings {
        match words.last_mut() {
            Some((last, list)) if *last == form => {
                if !list.contains(&reading) {
                    list.push(reading);
                }
            }
            _ => words.push((form, vec![reading])),
        }
    }

    // The commonest sets get the lowest numbers: the map then takes fewer bytes.
    let mut counts: HashMap<&[(u16, u16)], u64> = HashMap::new();
    for (_, list) in &words {
        *counts.entry(list).or_default() += 1;
    }
    let mut sets: Vec<(&[(u16, u16)], u64)> = counts.into_iter().collect();
    sets.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let ids: HashMap<&[(u16, u16)], u64> = sets
        .iter()
        .enumerate()
        .map(|(id, set)| (set.0, id as u64))
        .collect();
    let mut map = fst::MapBuilder::memory();
    let mut lost = Vec::new();
    for (form, list) in &words {
        match key::Key::of(form) {
            Some(key) => map.insert(key.bytes(), ids[list.as_slice()])?,
            None => lost.push(form.as_str()),
        }
    }

    let mut suffixes: Vec<&str> = paradigms
        .iter()
        .flat_map(|(e, _)| e.iter().map(|e| e.suffix.as_str()))
        .collect();
    suffixes.sort_unstable();
    suffixes.dedup();
    let mut tags: Vec<u32> = paradigms
        .iter()
        .flat_map(|(e, _)| e.iter().map(|e| e.tag))
        .collect();
    tags.sort_unstable();
    tags.dedup();
    ensure!(
        suffixes.len() < 1 << 16 && tags.len() < 1 << 14,
        "a table outgrew its numbers"
    );

    let mut entries = Vec::new();
    for entry in paradigms.iter().flat_map(|(entries, _)| entries) {
        let suffix = suffixes
            .binary_search(&entry.suffix.as_str())
            .ok()
            .context("a suffix was lost")?;
        let tag = tags
            .binary_search(&entry.tag)
            .ok()
            .context("a tag was lost")?;
        entries.extend((suffix as u16).to_le_bytes());
        entries.extend((((entry.prefix as u16) << 14) | tag as u16).to_le_bytes());
    }
    let pairs = |pair: &(u16, u16)| [pair.0.to_le_bytes(), pair.1.to_le_bytes()].concat();
    let sections: [Vec<u8>; 9] = [
        map.into_inner()?,
        starts(sets.iter().map(|(set, _)| set.len())),
        sets.iter()
            .flat_map(|(set, _)| set.iter().flat_map(pairs))
            .collect(),
        starts(paradigms.iter().map(|(entries, _)| entries.len())),
        entries,
        paradigms
            .iter()
            .flat_map(|(_, lemma)| (*lemma as u16).to_le_bytes())
            .collect(),
        starts(suffixes.iter().map(|suffix| suffix.len())),
        suffixes.concat().into_bytes(),
        tags.iter().flat_map(|tag| tag.to_le_bytes()).collect(),
    ];
    let mut out = std::fs::File::create(&args[2]).with_context(|| args[2].clone())?;
    out.write_all(b"etalonL2")?;
    for section in &sections {
        out.write_all(&(section.len() as u32).to_le_bytes())?;
    }
    for section in &sections {
        out.write_all(section)?;
    }
    // What a person who changes the packing wants to compare.
    let sizes: Vec<usize> = sections.iter().map(Vec::len).collect();
    let told = format!(
        "{} forms, left out for their letters: {lost:?}, {} sets, {} paradigms, sections {sizes:?}\n",
        words.len(),
        sets.len(),
        paradigms.len()
    );
    std::io::stderr().write_all(told.as_bytes())?;
    Ok(())
}
