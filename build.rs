//! Unpacks the dictionary, folds the tables of `lexicon/` and lists the files of `rules/`, so that the program reads them
//! from its own bytes.

use std::fs;
use std::io::Read;
use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=lexicon");
    let out = std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR");
    let (out, lexicon) = (Path::new(&out), Path::new("lexicon"));

    let mut dictionary = Vec::new();
    match fs::File::open(lexicon.join("opencorpora.bin.gz")) {
        Ok(file) => {
            flate2::read::GzDecoder::new(file)
                .read_to_end(&mut dictionary)
                .expect("opencorpora.bin.gz is whole");
        }
        // `lexicon/build.py` builds this crate before there is a dictionary.
        Err(error) => {
            println!("cargo::warning=the dictionary is missing, nothing will work: {error}")
        }
    }
    let suffixes = take_section(&mut dictionary, 7);
    fs::write(out.join("opencorpora.bin"), dictionary).expect("OUT_DIR can be written");
    fs::write(out.join("suffixes.txt"), suffixes).expect("OUT_DIR can be written");

    // Lower case, without comments, ё as е: tables then hold the very keys that are looked up.
    for name in [
        "names.tsv",
        "patronymics.tsv",
        "numbers.tsv",
        "units.tsv",
        "fillers.txt",
    ] {
        let text = fs::read_to_string(lexicon.join(name))
            .unwrap_or_else(|error| panic!("lexicon/{name}: {error}"));
        let lines = text
            .lines()
            .map(|line| line.split('#').next().unwrap_or_default().trim_end());
        let folded: String = lines
            .filter(|line| !line.is_empty())
            .flat_map(|line| [line, "\n"])
            .collect();
        let mut folded = folded.to_lowercase().replace('ё', "е");
        if name == "names.tsv" {
            fs::write(out.join("name_hardly_words.txt"), hardly_words(&folded))
                .expect("OUT_DIR can be written");
            folded = folded.replace(HARDLY_WORD, "");
            fs::write(out.join("name_uses.tsv"), name_uses(&folded))
                .expect("OUT_DIR can be written");
        }
        fs::write(out.join(name), folded).expect("OUT_DIR can be written");
    }

    println!("cargo::rerun-if-changed=rules");
    let mut rules = Vec::new();
    list_rules(Path::new("rules"), &mut rules);
    // As strings: the paths below `rules/` are compared byte by byte.
    rules.sort();
    let mut table = "static RULES: &[(&str, &str)] = &[\n".to_owned();
    for path in rules {
        let file = std::path::absolute(Path::new("rules").join(&path)).expect("there is a folder");
        table += &format!("    ({path:?}, include_str!({file:?})),\n");
    }
    fs::write(out.join("rules.rs"), table + "];\n").expect("OUT_DIR can be written");
}

/// Takes a section out of the packed dictionary, whose layout is told in `src/lexicon/dict.rs`.
fn take_section(dictionary: &mut Vec<u8>, section: usize) -> Vec<u8> {
    const LENGTHS: usize = 8;
    const SECTIONS: usize = LENGTHS + 9 * 4;
    if dictionary.len() < SECTIONS {
        return Vec::new();
    }
    let length = |at: usize| {
        let bytes = &dictionary[LENGTHS + 4 * at..][..4];
        u32::from_le_bytes(bytes.try_into().expect("these are four bytes")) as usize
    };
    let start = SECTIONS + (0..section).map(length).sum::<usize>();
    let taken = start..start + length(section);
    dictionary[LENGTHS + 4 * section..][..4].fill(0);
    dictionary.drain(taken).collect()
}

/// Behind a name of `names.tsv`: the dictionary has a word that is written so, and nobody says it.
const HARDLY_WORD: char = '*';

/// The names that are words by the dictionary only, one a line.
fn hardly_words(names: &str) -> String {
    let words = names.split([' ', '\t', '\n']);
    let marked = words.filter_map(|word| word.strip_suffix(HARDLY_WORD));
    marked.flat_map(|word| [word, "\n"]).collect()
}

/// Every word of `names.tsv`, sorted, with the number of its row, and 0 where it is the full name, 1 a variant, 2 a short form.
fn name_uses(names: &str) -> String {
    let mut uses = Vec::new();
    for (row, line) in names.lines().enumerate() {
        let mut columns = line.split('\t');
        let (full, _gender) = (columns.next(), columns.next());
        for (part, column) in [full, columns.next(), columns.next()].iter().enumerate() {
            let words = column.unwrap_or("-").split(' ');
            uses.extend(
                words
                    .filter(|word| *word != "-")
                    .map(|word| (word, row, part)),
            );
        }
    }
    uses.sort();
    let lines = uses
        .iter()
        .map(|(word, row, part)| format!("{word}\t{row}\t{part}\n"));
    lines.collect()
}

/// The rule files of a folder and those below it, with `/` between parts, from `rules/`.
fn list_rules(dir: &Path, paths: &mut Vec<String>) {
    for entry in fs::read_dir(dir).expect("rules/ can be read") {
        let path = entry.expect("rules/ can be read").path();
        if path.is_dir() {
            list_rules(&path, paths);
        } else if path.extension().is_some_and(|ending| ending == "toml") {
            let below = path.strip_prefix("rules").expect("it is below rules/");
            let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
            paths.push(parts.join("/"));
        }
    }
}
