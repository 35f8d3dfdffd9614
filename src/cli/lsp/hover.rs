//! What stands under the pointer -> what is to be known of it.

use etalon::locale::Lang;
use etalon::pack::{Pack, SetHome};
use etalon::score::CriterionInfo;
use etalon::script::Diagnostic;

use super::locale;

/// A card of paragraphs, with Markdown or without.
pub(super) struct Card {
    markdown: bool,
    paragraphs: Vec<String>,
}

/// So many phrases of a set are shown.
const PHRASES_MAX: usize = 30;

impl Card {
    pub(super) fn new(markdown: bool) -> Self {
        Self {
            markdown,
            paragraphs: Vec::new(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.paragraphs.is_empty()
    }

    pub(super) fn text(self) -> String {
        self.paragraphs.join("\n\n")
    }

    fn plain(&self, text: &str) -> String {
        if !self.markdown {
            return text.to_owned();
        }
        let mut escaped = String::with_capacity(text.len());
        for c in text.chars() {
            if matches!(
                c,
                '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '&' | '|'
            ) {
                escaped.push('\\');
            }
            escaped.push(c);
        }
        escaped
    }

    fn strong(&self, text: &str) -> String {
        let plain = self.plain(text);
        if self.markdown {
            format!("**{plain}**")
        } else {
            plain
        }
    }

    fn code(&self, text: &str) -> String {
        if self.markdown {
            // A fence longer than any within.
            let inside = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
            let fence = "`".repeat(inside + 1);
            let blank = if inside > 0 { " " } else { "" };
            format!("{fence}{blank}{text}{blank}{fence}")
        } else {
            text.to_owned()
        }
    }

    fn paragraph(&mut self, text: String) {
        self.paragraphs.push(text);
    }

    fn labelled(&mut self, label: &str, text: &str) {
        if !text.is_empty() {
            let text = format!("{}: {}", self.strong(label), self.plain(text));
            self.paragraph(text);
        }
    }

    /// A finding: what it is, why, and what to say instead.
    pub(super) fn finding(
        &mut self,
        finding: &Diagnostic,
        criterion: Option<&(CriterionInfo, Option<String>)>,
        lang: Lang,
    ) {
        let title = criterion.map_or(finding.criterion.as_str(), |(info, _)| &info.title);
        let heading = format!("{} {}", self.strong(title), self.code(&finding.criterion));
        self.paragraph(heading);
        let message = self.plain(&finding.message);
        self.paragraph(message);
        let advice = criterion.map(|(info, _)| info.advice.as_str());
        let instead = finding.suggest.as_deref().or(advice).unwrap_or_default();
        self.labelled(locale::instead(lang), instead);
        let why = criterion.and_then(|(_, why)| why.as_deref());
        self.labelled(locale::why(lang), why.unwrap_or_default());
        self.labelled(locale::clause(lang), &finding.clause);
    }

    /// A criterion.
    pub(super) fn criterion(&mut self, info: &CriterionInfo, why: Option<&str>, lang: Lang) {
        let heading = format!("{} {}", self.strong(&info.title), self.code(&info.id));
        self.paragraph(heading);
        self.labelled(locale::instead(lang), &info.advice);
        self.labelled(locale::why(lang), why.unwrap_or_default());
        self.labelled(locale::clause(lang), &info.clause);
        self.labelled(locale::weight(lang), &info.weight.to_string());
    }

    /// A phrase set.
    pub(super) fn set(&mut self, set: &SetHome, lang: Lang) {
        let what = self.plain(&locale::phrase_set(lang, &set.path));
        let heading = format!("{} — {what}", self.code(&set.id));
        self.paragraph(heading);
        let phrases = self.phrases(&set.phrases, lang);
        self.paragraph(phrases);
        if !set.except.is_empty() {
            let label = format!("{}:", self.strong(locale::except(lang)));
            self.paragraph(label);
            let except = self.phrases(&set.except, lang);
            self.paragraph(except);
        }
    }

    fn phrases(&self, phrases: &[String], lang: Lang) -> String {
        let shown = phrases.iter().take(PHRASES_MAX);
        let mut items: Vec<String> = shown
            .map(|phrase| format!("- {}", self.code(phrase)))
            .collect();
        if let Some(more) = phrases.len().checked_sub(PHRASES_MAX).filter(|n| *n > 0) {
            items.push(format!("- {}", locale::more(lang, more)));
        }
        items.join("\n")
    }
}

/// The name at a byte of a text, such as `section.requirement` or `thanks_for_waiting`, with its bytes.
pub(super) fn name_at(text: &str, at: usize) -> Option<(&str, std::ops::Range<usize>)> {
    let inside = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.');
    let bytes = text.as_bytes();
    let n_before = bytes[..at].iter().rev().take_while(|b| inside(b)).count();
    let n_behind = bytes[at..].iter().take_while(|b| inside(b)).count();
    let (mut start, mut end) = (at - n_before, at + n_behind);
    while start < end && bytes[start] == b'.' {
        start += 1;
    }
    while start < end && bytes[end - 1] == b'.' {
        end -= 1;
    }
    (start < end).then(|| (&text[start..end], start..end))
}

/// What packs know under a name: a phrase set, or a criterion.
pub(super) fn named(card: &mut Card, packs: &[&Pack], name: &str, lang: Lang) -> bool {
    for pack in packs {
        let criteria = &pack.info().criteria;
        if let Some(idx) = criteria.iter().position(|criterion| criterion.id == name) {
            let why = pack.homes()[idx].why.as_deref();
            card.criterion(&criteria[idx], why, lang);
            return true;
        }
        let mut sets = pack.sets().iter();
        if let Some(set) = sets.find(|set| set.id == name) {
            card.set(set, lang);
            return true;
        }
    }
    false
}
