//! Form -> the bytes it is filed under: one a letter, which halves both the way through the map and the map.

/// Longest form in bytes of its key; the dictionary's longest has some fifty letters.
const KEY_BYTES_MAX: usize = 80;

/// The code of а; those of the other letters follow, 32 in all, and none is above.
pub(crate) const LETTER_MIN: u8 = 0x80;

/// A form's key.
pub(crate) struct Key {
    bytes: [u8; KEY_BYTES_MAX],
    len: usize,
}

impl Key {
    /// `None` when the form has other letters than the lower-case Russian ones and ASCII, or is too long: no form of the
    /// dictionary is so. Keys sort as their forms do.
    pub(crate) fn of(form: &str) -> Option<Self> {
        let mut key = Self {
            bytes: [0; KEY_BYTES_MAX],
            len: 0,
        };
        let mut rest = form.as_bytes();
        while let Some((&byte, after)) = rest.split_first() {
            let code = match (byte, after.first()) {
                (0..0x80, _) => byte,
                // а to п, р to я.
                (0xd0, Some(&second @ 0xb0..=0xbf)) => second - 0xb0 + LETTER_MIN,
                (0xd1, Some(&second @ 0x80..=0x8f)) => second + 0x10,
                _ => return None,
            };
            *key.bytes.get_mut(key.len)? = code;
            key.len += 1;
            rest = &rest[if byte < 0x80 { 1 } else { 2 }..];
        }
        Some(key)
    }

    /// The bytes to look up.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}
