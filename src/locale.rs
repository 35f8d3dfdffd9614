//! The languages in which etalon speaks to people.

/// A language of messages and reports. Machine keys are English in both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Lang {
    /// Russian.
    #[default]
    Ru,
    /// English.
    En,
}

impl Lang {
    /// From a code such as `ru` or `en`; `None` for any other.
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "ru" => Some(Self::Ru),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// The one of the two that is in this language.
    pub fn pick<T>(self, ru: T, en: T) -> T {
        match self {
            Self::Ru => ru,
            Self::En => en,
        }
    }
}

/// A sentence in both languages: Russian, English.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text(pub &'static str, pub &'static str);

impl Text {
    /// The one of the two that is in this language.
    pub fn pick(self, lang: Lang) -> &'static str {
        lang.pick(self.0, self.1)
    }
}
