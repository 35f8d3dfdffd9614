//! Paths and ids.

use super::*;
use std::fs;

#[test]
fn folders_are_searched_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    for name in [
        "b.json",
        "a/2.txt",
        "a/1.CSV",
        ".hidden.json",
        ".git/x.json",
        "sound.wav",
    ] {
        let path = root.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "x").unwrap();
    }
    fs::create_dir(root.join("empty")).unwrap();
    let short = |path: &str| {
        path.rsplit_once(&*root.to_string_lossy())
            .map_or(path.to_owned(), |(_, rest)| rest.to_owned())
    };
    let found = ingest::collect([
        root.to_path_buf(),
        root.join("empty"),
        root.join("none.json"),
        "-".into(),
        root.join("sound.wav"),
    ]);
    let paths: Vec<String> = found
        .sources
        .iter()
        .map(|source| short(&source.path))
        .collect();
    assert_eq!(
        paths,
        ["/a/1.CSV", "/a/2.txt", "/b.json", "-", "/sound.wav"]
    );
    let errors: Vec<String> = found
        .errors
        .iter()
        .map(|error| format!("{} {}", error.code(), short(&error.path)))
        .collect();
    assert_eq!(
        errors,
        [
            "ingest/no-transcripts /empty",
            "ingest/not-found /none.json"
        ]
    );
    assert_eq!(found.passed_over.len(), 1);
    assert!(found.errors[0].help(Lang::Ru).contains(".ndjson"));
}

#[test]
fn a_file_that_went_away_is_an_error() {
    let mut codes = Vec::new();
    let _ = ingest::read(
        &Source::new("no/such.json"),
        &Options::default(),
        &mut |batch| {
            codes.push(batch.map_err(|error| error.code()).err());
            ControlFlow::Continue(())
        },
    );
    assert_eq!(codes, [Some("ingest/not-found")]);
}

#[test]
fn ids_are_told_apart() {
    let mut ids = ingest::Ids::default();
    let path = "a.json".into();
    assert!(ids.add("1", &path, 1).is_ok());
    assert!(ids.add("2", &path, 2).is_ok());
    let error = ids.add("1", &path, 3).unwrap_err();
    assert_eq!(
        (error.code(), error.line, error.call.as_deref()),
        ("ingest/duplicate-id", Some(3), Some("1"))
    );
    assert_eq!(
        error.message(Lang::En),
        "id: the id `1` was already used at a.json:1"
    );
}

#[test]
fn options_are_checked() {
    let mut options = Options::default();
    assert_eq!(options.add_roles("a").unwrap_err().code(), "ingest/bad-map");
    assert_eq!(
        options.add_roles("a=chief").unwrap_err().code(),
        "ingest/bad-map"
    );
    assert_eq!(
        options.add_columns("who=a").unwrap_err().code(),
        "ingest/bad-map"
    );
    assert!(options.add_roles("a=agent, b = клиент").is_ok());
}

#[test]
fn codes_are_unique_and_speak_both_languages() {
    let sentences = ingest::locale::SENTENCES;
    for (i, sentence) in sentences.iter().enumerate() {
        assert!(sentence.code.starts_with("ingest/"));
        assert!(
            sentences[..i]
                .iter()
                .all(|other| other.code != sentence.code),
            "{}",
            sentence.code
        );
        let russian = |text: &str| text.chars().any(|c| ('а'..='я').contains(&c));
        let gaps = |text: &str| text.matches('{').count();
        for [en, ru] in [sentence.message, sentence.help] {
            assert!(!russian(en) && russian(ru), "{}", sentence.code);
            assert_eq!(gaps(en), gaps(ru), "{}", sentence.code);
        }
    }
}

#[test]
fn reading_stops_where_the_sink_breaks() {
    let text = "x\n".repeat(2 << 20);
    let mut n_batches = 0;
    let flow = ingest::read_reader(
        "a.ndjson",
        Box::new(Cursor::new(text.into_bytes())),
        &Options::default(),
        &mut |_| {
            n_batches += 1;
            ControlFlow::Break(())
        },
    );
    assert!(flow.is_break());
    assert_eq!(n_batches, 1);
}

/// A batch is read in one thread and parsed in another.
#[test]
fn batches_may_be_sent() {
    fn sent<T: Send + Sync>() {}
    sent::<ingest::Batch>();
    sent::<Options>();
    sent::<ReadError>();
}
