//! One spoilt file of each kind, and what is said of it: `fixtures/broken/`.

use super::*;

/// Rewritten by `UPDATE_GOLDEN=1 cargo test --test it broken`; read it before you commit.
#[test]
fn spoilt_files_are_named() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/broken");
    let found = ingest::collect([&folder]);
    assert!(found.errors.is_empty());
    let mut got = String::new();
    let mut files: Vec<Source> = found.sources;
    files.extend(
        found
            .passed_over
            .iter()
            .filter(|path| !path.ends_with(".golden"))
            .map(Source::new),
    );
    for source in files {
        let name = source.path.rsplit('/').next().unwrap().to_owned();
        let bytes = std::fs::read(&source.path).unwrap();
        writeln!(got, "# {name}").unwrap();
        got.push_str(&run(&name, &bytes, &Options::default()));
    }
    let golden = folder.join("expected.golden");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&golden, &got).unwrap();
    }
    let wanted = std::fs::read_to_string(&golden).unwrap_or_default();
    assert_eq!(got, wanted);
}
