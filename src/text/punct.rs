//! What stands between two words.

/// The marks between two words, or between a word and the edge of its turn. Recognised speech mostly has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Punct(u16);

const COMMA: u16 = 1;
const END: u16 = 2;
const QUESTION: u16 = 4;
const QUOTE: u16 = 8;
const DASH: u16 = 16;
const HYPHEN: u16 = 32;
const COLON: u16 = 64;
const OTHER: u16 = 128;
const EXCLAMATION: u16 = 256;

impl Punct {
    /// Reads the text between two words; letters in it, such as those of a marker, are left out.
    pub fn of(between: &str) -> Self {
        if between == " " || between.is_empty() {
            return Self(0);
        }
        let mut punct = 0;
        for c in between.chars() {
            punct |= match c {
                ',' | ';' => COMMA,
                '.' | '…' => END,
                '!' => END | EXCLAMATION,
                '?' => END | QUESTION,
                '«' | '»' | '"' | '\'' | '„' | '“' | '”' | '‘' | '’' => QUOTE,
                '—' | '–' => DASH,
                '-' | '\u{2010}' | '\u{2011}' => HYPHEN,
                ':' => COLON,
                c if c.is_whitespace() || c.is_alphanumeric() => 0,
                _ => OTHER,
            };
        }
        // « - » is a dash; a hyphen joins words without spaces.
        if punct & HYPHEN != 0 && between.contains(char::is_whitespace) {
            punct = punct & !HYPHEN | DASH;
        }
        Self(punct)
    }

    /// Nothing but white space.
    pub fn is_none(self) -> bool {
        self.0 == 0
    }

    /// A comma or semicolon.
    pub fn comma(self) -> bool {
        self.0 & COMMA != 0
    }

    /// The end of a sentence: `.`, `!`, `?`, `…`.
    pub fn end(self) -> bool {
        self.0 & END != 0
    }

    /// An exclamation mark.
    pub fn exclaims(self) -> bool {
        self.0 & EXCLAMATION != 0
    }

    /// A question mark.
    pub fn question(self) -> bool {
        self.0 & QUESTION != 0
    }

    /// A quotation mark of any kind.
    pub fn quote(self) -> bool {
        self.0 & QUOTE != 0
    }

    /// A dash.
    pub fn dash(self) -> bool {
        self.0 & DASH != 0
    }

    /// A hyphen that joins two words: «сим-карта».
    pub fn hyphen(self) -> bool {
        self.0 & HYPHEN != 0
    }

    /// A colon.
    pub fn colon(self) -> bool {
        self.0 & COLON != 0
    }
}
