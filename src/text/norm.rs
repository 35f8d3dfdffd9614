//! A raw token -> the spelling under which it is looked up.

use super::scan::is_extender;

/// Lower case, ё as е, no accents, and Latin letters that were typed for Cyrillic ones inside a Cyrillic word turned back.
/// A word of Latin letters only stays Latin.
pub fn norm(raw: &str) -> String {
    if is_norm(raw) {
        return raw.to_owned();
    }
    let cyrillic = raw.chars().any(is_cyrillic);
    let latin = raw.bytes().any(|b| b.is_ascii_alphabetic());
    let mixed = cyrillic
        && latin
        && raw
            .chars()
            .all(|c| !c.is_ascii_alphabetic() || look_alike(c).is_some());
    let mut norm = String::with_capacity(raw.len());
    for c in raw.chars() {
        let c = if mixed { look_alike(c).unwrap_or(c) } else { c };
        match c {
            // A decomposed й.
            '\u{306}' if norm.ends_with('и') => {
                norm.pop();
                norm.push('й');
            }
            '\u{2019}' => norm.push('\''),
            c if is_extender(c) => {}
            'ё' | 'Ё' | '\u{EB}' | '\u{CB}' if cyrillic => norm.push('е'),
            'а'..='я' | 'a'..='z' | '0'..='9' => norm.push(c),
            c => norm.extend(c.to_lowercase()),
        }
    }
    norm
}

/// Of small plain letters only, which is its own [`norm`]. Most words are.
pub(super) fn is_norm(raw: &str) -> bool {
    let (letters, rest) = raw.as_bytes().as_chunks();
    // а to п, р to я.
    let is_small = |letter: &[u8; 2]| matches!(letter, [0xd0, 0xb0..=0xbf] | [0xd1, 0x80..=0x8f]);
    rest.is_empty() && letters.iter().all(is_small)
}

/// The Cyrillic word that these Latin letters look like («MTC» for the Cyrillic abbreviation); `None` unless every letter has such a twin.
pub fn as_cyrillic(raw: &str) -> Option<String> {
    // Most words have none: they are dismissed before memory is taken.
    if raw.chars().next().is_some_and(|c| look_alike(c).is_none()) {
        return None;
    }
    let mut word = String::with_capacity(raw.len() * 2);
    for c in raw.chars() {
        word.extend(look_alike(c)?.to_lowercase());
    }
    Some(word)
}

/// A letter or digit; the question is asked of plain Cyrillic letters almost always, so these come first.
pub fn is_word_char(c: char) -> bool {
    matches!(c, 'а'..='я' | 'А'..='Я' | 'a'..='z' | 'A'..='Z' | '0'..='9') || c.is_alphanumeric()
}

/// A letter; see [`is_word_char`].
pub fn is_letter(c: char) -> bool {
    matches!(c, 'а'..='я' | 'А'..='Я' | 'a'..='z' | 'A'..='Z') || c.is_alphabetic()
}

fn is_cyrillic(c: char) -> bool {
    matches!(c, '\u{400}'..='\u{52F}')
}

fn look_alike(c: char) -> Option<char> {
    Some(match c {
        'a' => 'а',
        'A' => 'А',
        'B' => 'В',
        'c' => 'с',
        'C' => 'С',
        'e' => 'е',
        'E' => 'Е',
        'H' => 'Н',
        'k' => 'к',
        'K' => 'К',
        'm' => 'м',
        'M' => 'М',
        'o' => 'о',
        'O' => 'О',
        'p' => 'р',
        'P' => 'Р',
        't' => 'т',
        'T' => 'Т',
        'x' => 'х',
        'X' => 'Х',
        'y' => 'у',
        'Y' => 'У',
        _ => return None,
    })
}
