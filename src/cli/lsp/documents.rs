//! What is open in the editor, and how its addresses lead to files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use etalon::script::Format;
use lsp_types::{TextDocumentContentChangeEvent, Uri};
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

use super::super::lint::project;
use super::position::{Encoding, LineIndex};

/// What is done with a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// Linted, under a name whose ending tells its format.
    Template(String),
    /// A file that may belong to a pack.
    Rules,
    /// `etalon.toml`.
    Config,
    /// Nothing.
    Other,
}

/// One document that is open.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) uri: Uri,
    /// `None` where it is no file.
    pub(super) path: Option<PathBuf>,
    /// The same without links.
    real: Option<PathBuf>,
    pub(super) kind: Kind,
    pub(super) version: i32,
    pub(super) text: String,
    pub(super) lines: LineIndex,
    encoding: Encoding,
}

impl Document {
    pub(super) fn new(
        uri: Uri,
        language: &str,
        version: i32,
        text: String,
        encoding: Encoding,
    ) -> Self {
        let path = path_of(uri.as_str());
        Self {
            kind: kind_of(uri.as_str(), path.as_deref(), language),
            lines: LineIndex::of(&text, encoding),
            uri,
            real: path.as_deref().map(project::real),
            path,
            version,
            text,
            encoding,
        }
    }

    /// Where it stands below a folder.
    pub(super) fn below(&self, folder: &Path) -> Option<&Path> {
        let paths = [&self.path, &self.real].into_iter().flatten();
        paths
            .filter_map(|path| path.strip_prefix(folder).ok())
            .next()
    }

    /// Puts changes in, one after another; one without a range is the whole text.
    pub(super) fn change(&mut self, version: i32, changes: Vec<TextDocumentContentChangeEvent>) {
        self.version = version;
        for change in changes {
            match change.range {
                Some(range) => {
                    let bytes = self.lines.bytes(&self.text, range);
                    self.text.replace_range(bytes, &change.text);
                }
                None => self.text = change.text,
            }
            self.lines = LineIndex::of(&self.text, self.encoding);
        }
    }
}

/// All that is open, by address.
#[derive(Debug, Default)]
pub(super) struct Documents {
    open: BTreeMap<String, Document>,
}

impl Documents {
    pub(super) fn get(&self, uri: &str) -> Option<&Document> {
        self.open.get(uri)
    }

    pub(super) fn get_mut(&mut self, uri: &str) -> Option<&mut Document> {
        self.open.get_mut(uri)
    }

    pub(super) fn open(&mut self, document: Document) {
        self.open.insert(document.uri.as_str().to_owned(), document);
    }

    pub(super) fn close(&mut self, uri: &str) -> Option<Document> {
        self.open.remove(uri)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Document> {
        self.open.values()
    }

    /// What is open of a file.
    pub(super) fn of_file(&self, path: &Path) -> Option<&Document> {
        self.iter()
            .find(|document| [&document.path, &document.real].contains(&&Some(path.to_owned())))
    }
}

fn kind_of(uri: &str, path: Option<&Path>, language: &str) -> Kind {
    let Some(path) = path else {
        // Something that is not saved yet: its language has to tell.
        let ending = match language {
            "markdown" => "md",
            "plaintext" | "text" => "txt",
            "html" => "html",
            "csv" => "csv",
            "tsv" => "tsv",
            _ => return Kind::Other,
        };
        // Others, `git:` and the like, show old texts of files.
        return match uri.split(':').next() {
            Some("untitled") => Kind::Template(format!("untitled.{ending}")),
            _ => Kind::Other,
        };
    };
    if path.file_name().is_some_and(|name| name == project::NAME) {
        return Kind::Config;
    }
    if path.extension().is_some_and(|ending| ending == "toml") {
        return Kind::Rules;
    }
    let name = shown(path);
    match Format::of(&name) {
        Some(Format::Docx | Format::Xlsx) | None => Kind::Other,
        Some(_) => Kind::Template(name),
    }
}

/// A path as `lint` would name it: from the folder where etalon runs, if it lies below.
fn shown(path: &Path) -> String {
    let root = std::env::current_dir().unwrap_or_default();
    let own = path.strip_prefix(root).unwrap_or(path);
    own.to_string_lossy().replace('\\', "/")
}

/// The file of an address; `None` where it is none.
pub(super) fn path_of(uri: &str) -> Option<PathBuf> {
    let rest = uri
        .get(.."file://".len())
        .filter(|scheme| scheme.eq_ignore_ascii_case("file://"))
        .and_then(|scheme| uri.get(scheme.len()..))?;
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let (host, path) = rest.split_at(rest.find('/')?);
    let path = percent_decode_str(path).decode_utf8().ok()?.into_owned();
    if !host.is_empty() && !host.eq_ignore_ascii_case("localhost") {
        return cfg!(windows).then(|| PathBuf::from(format!("//{host}{path}")));
    }
    // `/C:/folder` is `C:/folder` where drives have letters.
    let drive = path.as_bytes().get(2) == Some(&b':');
    Some(PathBuf::from(match drive && cfg!(windows) {
        true => &path[1..],
        false => &path,
    }))
}

/// What some editors leave in addresses as it is, and has to be written otherwise.
const IN_ADDRESS: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// What stands in a path has to be written otherwise in an address; in an address these mean something.
const IN_PATH: &AsciiSet = &IN_ADDRESS.add(b'#').add(b'%').add(b'?');

/// The address of a file.
pub(super) fn uri_of(path: &Path) -> Option<Uri> {
    let path = path.to_string_lossy().replace('\\', "/");
    let root = if path.starts_with('/') { "" } else { "/" };
    format!("file://{root}{}", utf8_percent_encode(&path, IN_PATH))
        .parse()
        .ok()
}

/// An address with letters in it that should be written as bytes, as it should be.
pub(super) fn tidy(uri: &str) -> String {
    utf8_percent_encode(uri, IN_ADDRESS).to_string()
}
