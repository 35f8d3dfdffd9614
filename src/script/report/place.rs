//! Paths as repositories and SARIF write them, and fingerprints.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What a URI may hold as it is, and the `/` between its parts.
const KEPT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/');

/// The folder that relative paths start from.
#[derive(Debug, Default)]
pub(super) struct Root(Option<String>);

impl Root {
    pub(super) fn new(root: Option<&str>) -> Self {
        Self(root.map(|root| tidy(root).trim_end_matches('/').to_owned()))
    }

    /// A path from the root where it lies in it; otherwise absolute where that can be known. Without `.` and inner `..`.
    pub(super) fn path(&self, path: &str) -> String {
        let path = tidy(path);
        let Some(root) = &self.0 else { return path };
        let whole = if is_absolute(&path) {
            path
        } else if path.starts_with("../") || path == ".." {
            tidy(&format!("{root}/{path}"))
        } else {
            return path;
        };
        match whole
            .strip_prefix(root.as_str())
            .and_then(|rest| rest.strip_prefix('/'))
        {
            Some(inside) if !inside.is_empty() => inside.to_owned(),
            _ => whole,
        }
    }

    /// `(URI, whether it starts from the root)`.
    pub(super) fn uri(&self, path: &str) -> (String, bool) {
        let path = self.path(path);
        if !is_absolute(&path) {
            return (utf8_percent_encode(&path, KEPT).to_string(), true);
        }
        let mut uri = "file://".to_owned();
        if !path.starts_with('/') {
            uri.push('/');
        }
        // The colon of a drive stands for itself.
        match path.split_once(':').filter(|(drive, _)| drive.len() == 1) {
            Some((drive, rest)) => {
                uri.push_str(drive);
                uri.push(':');
                uri.extend(utf8_percent_encode(rest, KEPT));
            }
            None => uri.extend(utf8_percent_encode(&path, KEPT)),
        }
        (uri, false)
    }
}

/// `/a` or `C:/a`.
fn is_absolute(path: &str) -> bool {
    let bytes = path.as_bytes();
    bytes.first() == Some(&b'/')
        || bytes.len() > 2 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':' && bytes[2] == b'/'
}

/// Without `.`, doubled `/` and `..` behind a folder.
fn tidy(path: &str) -> String {
    let absolute = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if absolute => {}
            _ => parts.push(part),
        }
    }
    let tidy = parts.join("/");
    if absolute { format!("/{tidy}") } else { tidy }
}

/// 32 hexadecimal digits of the parts: FNV-1a in 128 bits, which is the same in every version. No secret rests on it.
pub(super) fn digest(parts: &[&str]) -> String {
    const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    // A byte that no text has ends each part.
    let bytes = parts.iter().flat_map(|part| part.bytes().chain([0xff]));
    let hash = bytes.fold(OFFSET, |hash, byte| {
        (hash ^ u128::from(byte)).wrapping_mul(PRIME)
    });
    format!("{hash:032x}")
}
