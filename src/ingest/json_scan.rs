//! JSON bytes -> where a value ends, where a member of it stands; nothing is understood here.

/// What became of a stretch of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// The value goes on behind them.
    More,
    /// The value ends before this offset.
    End(usize),
    /// A bracket at this offset closes what it did not open.
    Broken(usize),
}

/// Finds the end of one value that may come in several blocks.
#[derive(Debug, Default)]
pub(super) struct Scanner {
    open: Vec<u8>,
    in_string: bool,
    escaped: bool,
    in_word: bool,
}

impl Scanner {
    /// Goes on with the value; the first block begins with its first byte.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Step {
        let mut at = 0;
        while at < bytes.len() {
            if self.in_string {
                if self.escaped {
                    self.escaped = false;
                    at += 1;
                    continue;
                }
                match memchr::memchr2(b'"', b'\\', &bytes[at..]) {
                    None => return Step::More,
                    Some(n) => {
                        at += n + 1;
                        if bytes[at - 1] == b'\\' {
                            self.escaped = true;
                        } else {
                            self.in_string = false;
                            if self.open.is_empty() {
                                return Step::End(at);
                            }
                        }
                    }
                }
                continue;
            }
            let byte = bytes[at];
            match byte {
                b'"' if !self.in_word => self.in_string = true,
                b'{' | b'[' if !self.in_word => self.open.push(byte),
                b'}' | b']' => {
                    if self.in_word {
                        return Step::End(at);
                    }
                    // `{` and `}`, `[` and `]` are two apart.
                    if self.open.pop() != Some(byte - 2) {
                        return Step::Broken(at);
                    }
                    if self.open.is_empty() {
                        return Step::End(at + 1);
                    }
                }
                b',' | b' ' | b'\n' | b'\r' | b'\t' if self.open.is_empty() => {
                    return Step::End(at);
                }
                _ if self.open.is_empty() => self.in_word = true,
                _ => {}
            }
            at += 1;
        }
        Step::More
    }
}

/// A step of a path into a value.
#[derive(Debug, Clone, Copy)]
pub(super) enum Key<'a> {
    /// A member of an object.
    Name(&'a str),
    /// An element of an array, from 0.
    Index(usize),
}

/// The offset of the first byte of the member at `path`, as far as `text` can be followed; the last one of a name that stands twice is not looked for.
pub(super) fn locate(text: &str, path: &[Key<'_>]) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = skip_space(bytes, 0);
    for key in path {
        match key {
            Key::Index(index) => {
                at = enter(bytes, at, b'[')?;
                for _ in 0..*index {
                    at = skip_space(bytes, value_end(bytes, at)?);
                    at = enter(bytes, at, b',')?;
                }
                if matches!(bytes.get(at), None | Some(b']')) {
                    return None;
                }
            }
            Key::Name(name) => {
                at = enter(bytes, at, b'{')?;
                loop {
                    let end = value_end(bytes, at)?;
                    let found = text.get(at + 1..end.checked_sub(1)?)? == *name;
                    at = skip_space(bytes, end);
                    at = enter(bytes, at, b':')?;
                    if found {
                        break;
                    }
                    at = skip_space(bytes, value_end(bytes, at)?);
                    at = enter(bytes, at, b',')?;
                }
            }
        }
    }
    (at < bytes.len()).then_some(at)
}

/// The offset behind the value that begins at `at`.
pub(super) fn value_end(bytes: &[u8], at: usize) -> Option<usize> {
    if at >= bytes.len() {
        return None;
    }
    match Scanner::default().feed(&bytes[at..]) {
        Step::End(n) if n > 0 => Some(at + n),
        _ => None,
    }
}

fn enter(bytes: &[u8], at: usize, sign: u8) -> Option<usize> {
    (bytes.get(at) == Some(&sign)).then(|| skip_space(bytes, at + 1))
}

/// The offset of the first byte from `at` on that is not white space.
pub(super) fn skip_space(bytes: &[u8], at: usize) -> usize {
    at + bytes[at..]
        .iter()
        .take_while(|byte| byte.is_ascii_whitespace())
        .count()
}
