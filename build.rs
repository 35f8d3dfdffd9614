//! Unpacks the dictionary and folds the tables of `lexicon/`, so that the program reads them from its own bytes.

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
    fs::write(out.join("opencorpora.bin"), dictionary).expect("OUT_DIR can be written");

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
        fs::write(out.join(name), folded.to_lowercase().replace('ё', "е"))
            .expect("OUT_DIR can be written");
    }
}
