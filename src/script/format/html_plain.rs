//! The tags of HTML as nearly all of it is written. Whatever is not plain is left to html5gum, which gives the same for this.

use std::borrow::Cow;
use std::ops::Range;

use super::html::Tag;

/// The tags of a piece of HTML with their bytes, in order; `None` where anything in it is out of the common.
pub(super) fn tags(html: &str) -> Option<Vec<(Range<usize>, Tag<'_>)>> {
    let bytes = html.as_bytes();
    if memchr::memchr2(b'\r', 0, bytes).is_some() {
        return None;
    }
    let mut tags = Vec::new();
    let mut from = 0;
    while let Some(at) = memchr::memchr(b'<', &bytes[from..]).map(|found| from + found) {
        let (end, tag) = match bytes.get(at + 1) {
            Some(b'a'..=b'z' | b'A'..=b'Z') => start_tag(html, at)?,
            Some(b'/') => end_tag(html, at)?,
            Some(b'!') => (declaration(html, at)?, Tag::Comment),
            Some(b'?') => return None,
            // A sign of the text.
            _ => {
                from = at + 1;
                continue;
            }
        };
        from = match &tag {
            Tag::Start(name, closed) => match hides_tags(name) {
                Some(_) if *closed => return None,
                Some(true) => hidden_end(html, end, name)?,
                Some(false) => return None,
                None => end,
            },
            _ => end,
        };
        tags.push((at..end, tag));
    }
    Some(tags)
}

/// Whether there are no tags inside of this one, but for its own end; `Some(false)`: what there is follows rules of its own.
fn hides_tags(name: &str) -> Option<bool> {
    match name {
        "textarea" | "title" | "style" | "iframe" | "xmp" | "noembed" | "noframe" | "noscript" => {
            Some(true)
        }
        "script" | "plaintext" => Some(false),
        _ => None,
    }
}

/// Where the end of such a tag begins; `None` where it is never closed.
fn hidden_end(html: &str, from: usize, name: &str) -> Option<usize> {
    let bytes = html.as_bytes();
    let mut ends = memchr::memmem::find_iter(&bytes[from..], b"</");
    ends.find_map(|found| {
        let at = from + found;
        let end = at + 2 + name.len();
        let own = bytes.get(at + 2..end)?;
        let ends = matches!(bytes.get(end)?, b'>' | b'/' | b' ' | b'\n' | b'\t' | 0x0c);
        (ends && own.eq_ignore_ascii_case(name.as_bytes())).then_some(at)
    })
}

/// A name in lower case, and the byte behind it.
fn name(html: &str, from: usize) -> (Cow<'_, str>, usize) {
    let bytes = html.as_bytes();
    let is_name = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b':');
    let end = from + bytes[from..].iter().take_while(is_name).count();
    let name = &html[from..end];
    match name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        true => (Cow::Owned(name.to_ascii_lowercase()), end),
        false => (Cow::Borrowed(name), end),
    }
}

fn blanks_end(html: &str, from: usize) -> usize {
    let bytes = html.as_bytes()[from..].iter();
    from + bytes
        .take_while(|byte| matches!(byte, b' ' | b'\n' | b'\t'))
        .count()
}

fn start_tag(html: &str, at: usize) -> Option<(usize, Tag<'_>)> {
    let bytes = html.as_bytes();
    let (name, mut end) = name(html, at + 1);
    loop {
        let next = blanks_end(html, end);
        match bytes.get(next)? {
            b'>' => return Some((next + 1, Tag::Start(name, false))),
            b'/' if bytes.get(next + 1) == Some(&b'>') => {
                return Some((next + 2, Tag::Start(name, true)));
            }
            byte if byte.is_ascii_alphabetic() && next > end => {
                end = attribute_end(html, next)?;
            }
            _ => return None,
        }
    }
}

/// Behind `name`, `name="…"` or `name=word`.
fn attribute_end(html: &str, from: usize) -> Option<usize> {
    let bytes = html.as_bytes();
    let (_, end) = name(html, from);
    if bytes.get(end) != Some(&b'=') {
        return Some(end);
    }
    let value = end + 1;
    let behind = match bytes.get(value)? {
        quote @ (b'"' | b'\'') => value + 2 + memchr::memchr(*quote, &bytes[value + 1..])?,
        _ => match name(html, value).1 {
            end if end > value => end,
            _ => return None,
        },
    };
    let ends = matches!(bytes.get(behind)?, b'>' | b'/' | b' ' | b'\n' | b'\t');
    // Behind a word without quotation marks a stroke would be of the word.
    let is_quoted = matches!(bytes[value], b'"' | b'\'');
    (ends && (is_quoted || bytes[behind] != b'/')).then_some(behind)
}

fn end_tag(html: &str, at: usize) -> Option<(usize, Tag<'_>)> {
    let bytes = html.as_bytes();
    if !bytes.get(at + 2)?.is_ascii_alphabetic() {
        return None;
    }
    let (name, end) = name(html, at + 2);
    let end = blanks_end(html, end);
    (*bytes.get(end)? == b'>').then_some((end + 1, Tag::End(name)))
}

/// Behind a comment without further signs of one in it, or the usual document type.
fn declaration(html: &str, at: usize) -> Option<usize> {
    const DOCTYPE: &str = "<!doctype html>";
    let rest = &html.as_bytes()[at..];
    if let Some(inside) = rest.strip_prefix(b"<!--") {
        let end = memchr::memmem::find(inside, b"--")?;
        let is_plain = inside[end..].starts_with(b"-->")
            && !inside.starts_with(b">")
            && !inside.starts_with(b"->")
            && memchr::memmem::find(&inside[..end], b"<!").is_none()
            && !inside[..end].ends_with(b"<!");
        return is_plain.then_some(at + 4 + end + 3);
    }
    let own = rest.get(..DOCTYPE.len())?;
    own.eq_ignore_ascii_case(DOCTYPE.as_bytes())
        .then_some(at + DOCTYPE.len())
}
