//! Words -> lengths of time, sums, prices, dates: the slots that need more than one look at a word.

use crate::lexicon::UnitKind;
use crate::text::{TokenizedCall, Vocabulary, WordFacts, WordId};

/// What a run of words can be besides words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SpanKind {
    Term,
    ExactTerm,
    Sum,
    BarePrice,
    BareThousands,
    Date,
    Time,
}

/// How many kinds there are.
pub(super) const N_SPAN_KINDS: u32 = SpanKind::Time as u32 + 1;

// What a word can be in a span, as bits; a month's name is nothing.
/// A number that counts.
pub(super) const NUMBER: u8 = 1;
/// A number in words or digits, an ordinal too.
const NUMERAL: u8 = 2;
const DIGITS: u8 = 4;
const TIME_UNIT: u8 = 8;
const MONEY_UNIT: u8 = 16;
const OTHER_UNIT: u8 = 32;
const UNIT: u8 = TIME_UNIT | MONEY_UNIT | OTHER_UNIT;
const MONTH: u8 = 64;

/// What the word can be in a span; 0 for most words. `months` are their lemma keys.
pub(super) fn part_of_span(facts: &WordFacts, months: &[u64]) -> u8 {
    let unit = facts.unit().map_or(0, |unit| match unit.kind {
        UnitKind::Time => TIME_UNIT,
        UnitKind::Money => MONEY_UNIT,
        UnitKind::Data | UnitKind::Count => OTHER_UNIT,
    });
    let bit = |holds: bool, bit: u8| if holds { bit } else { 0 };
    let has_digits = facts.digits().is_some();
    unit | bit(facts.is_number(), NUMBER)
        | bit(has_digits || facts.number_word().is_some(), NUMERAL)
        | bit(has_digits, DIGITS)
        | bit(months.contains(&facts.lemma_key), MONTH)
}

impl SpanKind {
    /// What a span begins with.
    fn begins_with(self) -> u8 {
        match self {
            Self::Term | Self::ExactTerm => NUMBER | TIME_UNIT,
            Self::Sum => NUMBER | MONEY_UNIT,
            Self::BarePrice | Self::BareThousands | Self::Time => NUMBER,
            Self::Date => NUMERAL,
        }
    }

    /// Whether words of which some can be `parts` and so many are numbers can have such a span.
    pub(super) fn may_be_in(self, parts: u8, n_numbers: usize) -> bool {
        match self {
            Self::Term | Self::ExactTerm => parts & TIME_UNIT != 0,
            Self::Sum => parts & MONEY_UNIT != 0 && n_numbers >= 1,
            Self::BarePrice | Self::BareThousands => n_numbers >= 2,
            Self::Date => parts & NUMERAL != 0 && parts & (DIGITS | MONTH) != 0,
            Self::Time => parts & (DIGITS | TIME_UNIT) != 0 && n_numbers >= 1,
        }
    }
}

/// Finds spans among some tokens of a run: those that are no fillers.
pub(super) struct Spans<'a> {
    call: &'a TokenizedCall<'a>,
    vocabulary: &'a Vocabulary,
    tokens: &'a [u32],
    /// By token, see [`part_of_span`].
    parts: &'a [u8],
}

impl<'a> Spans<'a> {
    pub(super) fn new(
        call: &'a TokenizedCall<'a>,
        vocabulary: &'a Vocabulary,
        tokens: &'a [u32],
        parts: &'a [u8],
    ) -> Self {
        Self {
            call,
            vocabulary,
            tokens,
            parts,
        }
    }

    /// Calls `found` with every span of the kind, leftmost and longest, as a range of the given tokens. Exact terms are the terms that are
    /// no idioms, see [`Spans::is_idiom`], thousands the prices of [`Spans::are_thousands`].
    pub(super) fn find(&self, kind: SpanKind, mut found: impl FnMut(usize, usize)) {
        let mut at = 0;
        let begins = kind.begins_with();
        while let Some(part) = self.parts.get(at) {
            if part & begins == 0 {
                at += 1;
                continue;
            }
            let end = match kind {
                SpanKind::Term | SpanKind::ExactTerm => self.term(at),
                SpanKind::Sum => self.sum(at),
                SpanKind::BarePrice | SpanKind::BareThousands => {
                    self.bare_price(at).map(|(end, _)| end)
                }
                SpanKind::Date => self.date(at),
                SpanKind::Time => self.time(at),
            };
            let Some(end) = end else {
                // A number of something is taken whole or not at all.
                let is_amount = !matches!(kind, SpanKind::Date | SpanKind::Time);
                at += if is_amount {
                    self.numbers(at).max(1)
                } else {
                    1
                };
                continue;
            };
            found(at, end);
            at = end;
        }
    }

    /// Of a token that can be part of a span: the others are not worth the look.
    fn facts(&self, at: usize) -> Option<&WordFacts> {
        self.parts.get(at).filter(|part| **part != 0)?;
        Some(self.vocabulary.facts(self.word(at)?))
    }

    fn word(&self, at: usize) -> Option<WordId> {
        let token = *self.tokens.get(at)?;
        Some(self.call.tokens[token as usize].word)
    }

    /// Whether the token can be one of these.
    fn is(&self, at: usize, parts: u8) -> bool {
        self.parts.get(at).is_some_and(|part| part & parts != 0)
    }

    /// How many numbers stand here in a row, as words.
    fn numbers(&self, at: usize) -> usize {
        (at..).take_while(|at| self.is(*at, NUMBER)).count()
    }

    /// «две-три минуты», «минут пять», «минуты», «час тридцать минут».
    fn term(&self, at: usize) -> Option<usize> {
        let group = |at: usize| {
            let unit = at + self.numbers(at);
            self.is(unit, TIME_UNIT).then_some(unit + 1)
        };
        let mut end = group(at)?;
        let is_bare = end == at + 1;
        if is_bare && !self.facts(at)?.unit_is_bare {
            let numbers = self.numbers(end);
            if numbers > 0 && !self.is(end + numbers, UNIT) {
                return Some(end + numbers);
            }
        }
        while let Some(next) = group(end).filter(|&next| next > end + 1) {
            end = next;
        }
        Some(end)
    }

    /// Of a bare price that begins here: thousands and hundreds are meant.
    pub(super) fn are_thousands(&self, at: usize) -> bool {
        self.bare_price(at)
            .is_some_and(|(_, is_thousands)| is_thousands)
    }

    /// «минуту», «минутку», «одну минуту»: no estimate.
    pub(super) fn is_idiom(&self, at: usize, end: usize) -> bool {
        let Some((unit, is_bare)) = self
            .facts(end - 1)
            .and_then(|facts| Some((facts.unit()?, facts.unit_is_bare)))
        else {
            return false;
        };
        let is_moment = unit.size == 0.0;
        let is_short = unit.size == 1.0 || unit.size == 60.0;
        let is_one = || end == at + 2 && self.facts(at).and_then(WordFacts::cardinal) == Some(1);
        let tells_nothing = is_moment || unit.diminutive || is_short && is_bare;
        tells_nothing && (end == at + 1 || is_one())
    }

    /// «триста рублей», «восемь рублей пятьдесят копеек», «рублей сто».
    fn sum(&self, at: usize) -> Option<usize> {
        let group = |at: usize| {
            let numbers = self.numbers(at);
            (numbers > 0 && self.is(at + numbers, MONEY_UNIT)).then_some(at + numbers + 1)
        };
        if let Some(mut end) = group(at) {
            while let Some(next) = group(end) {
                end = next;
            }
            return Some(end);
        }
        let inverted = self.is(at, MONEY_UNIT) && !self.facts(at)?.unit_is_bare;
        let numbers = self.numbers(at + 1);
        (inverted && numbers > 0 && !self.is(at + 1 + numbers, UNIT)).then_some(at + 1 + numbers)
    }

    /// Two numbers in words that make none together and have no unit: «восемь пятьдесят»; and whether thousands and hundreds are meant:
    /// «восемь четыреста».
    fn bare_price(&self, at: usize) -> Option<(usize, bool)> {
        let is_numeral = |at: usize| self.is(at, NUMBER | NUMERAL);
        if at > 0 && (is_numeral(at - 1) || self.is(at - 1, MONEY_UNIT)) {
            return None;
        }
        // «Six fifty, the first minute is free»: behind a comma an ordinal counts something else.
        let is_apart = |at: usize| {
            let number = self.facts(at).and_then(WordFacts::number_word);
            number.is_some_and(|number| number.ordinal) && self.joined(at - 1, ", ")
        };
        let end = at + self.numbers(at);
        let end = (at + 1..end).find(|&at| is_apart(at)).unwrap_or(end);
        // «thirty-five fifty a minute»: the unit in its plain form is what the price is for.
        let counts_units = |at: usize| {
            self.is(at, UNIT) && !self.facts(at).is_some_and(|facts| facts.unit_is_bare)
        };
        if end < at + 2
            || is_numeral(end) && !is_apart(end)
            || counts_units(end)
            || self.is(end, MONEY_UNIT)
        {
            return None;
        }
        let mut numbers: Vec<u64> = Vec::new();
        let mut room = 0;
        for at in at..end {
            let facts = self.facts(at)?;
            let value = facts
                .cardinal()
                .filter(|_| facts.number_word().is_some() && facts.digits().is_none())?;
            let is_multiplier = value >= 1000;
            match numbers.last_mut() {
                Some(last) if is_multiplier && *last % 1000 != 0 && *last < value => {
                    *last = (*last / 1000) * 1000 + (*last % 1000) * value;
                    room = value;
                }
                Some(last) if value > 0 && value < room => *last += value,
                _ => {
                    numbers.push(value);
                    if numbers.len() > 2 {
                        return None;
                    }
                    room = u64::MAX;
                }
            }
            // What may still be added: less than the last part's own place.
            room = room.min(match value {
                0..=19 => 0,
                20..=99 => 10,
                100..=999 => 100,
                _ => 1000,
            });
        }
        let [whole, part] = numbers[..] else {
            return None;
        };
        // «два-три» is about two or three of something, «три пять» may be three to five, «девяносто пять сто» is some hundred.
        let is_step = whole % 5 == 0 && part == whole + 5;
        let is_guess = (whole + 1..=whole + 2).contains(&part) && part < 10 || is_step;
        // «Eleven four hundred» is eleven thousand four hundred; «eight hundred two hundred fifty» is a telephone number.
        let is_round = part % 100 == 0 && whole % 100 > 0;
        let part_max = if whole < 100 || is_round { 999 } else { 99 };
        let is_price = whole > 0 && (1..=part_max).contains(&part) && !is_guess;
        // «Forty-two one hundred and eight», «eight nine hundred» and «two hundred fifteen three hundred» may be telephone numbers too.
        let is_telephone = whole == 8 && part >= 800;
        let is_thousands = whole <= 30 && part >= 100 && part % 10 == 0 && !is_telephone;
        is_price.then_some((end, is_thousands))
    }

    fn digits(&self, at: usize, most: u64) -> bool {
        self.facts(at)
            .and_then(WordFacts::digits)
            .is_some_and(|value| value <= most)
    }

    /// Whether exactly this mark stands between the token and the next one.
    fn joined(&self, at: usize, mark: &str) -> bool {
        let (Some(&this), Some(&next)) = (self.tokens.get(at), self.tokens.get(at + 1)) else {
            return false;
        };
        let (this, next) = (
            self.call.tokens[this as usize],
            self.call.tokens[next as usize],
        );
        this.turn == next.turn
            && self
                .call
                .turns_text(this.turn)
                .get(this.end as usize..next.start as usize)
                == Some(mark)
    }

    /// «пятого марта», «12.03», «12.03.2026».
    fn date(&self, at: usize) -> Option<usize> {
        let is_day = |facts: &WordFacts| {
            let day = facts
                .number_word()
                .map(|number| number.value)
                .or(facts.digits());
            day.is_some_and(|day| (1..=31).contains(&day))
        };
        let days = (at..self.tokens.len())
            .take_while(|&at| self.is(at, NUMERAL) && self.facts(at).is_some_and(is_day))
            .count();
        if days > 0 && self.is(at + days, MONTH) {
            return Some(at + days + 1);
        }
        if !(self.digits(at, 31) && self.joined(at, ".") && self.digits(at + 1, 12)) {
            return None;
        }
        let has_year = self.joined(at + 1, ".") && self.digits(at + 2, 9999);
        Some(at + 2 + usize::from(has_year))
    }

    /// «18:00», «восемнадцать часов тридцать минут», «18 часов».
    fn time(&self, at: usize) -> Option<usize> {
        if self.digits(at, 24) && self.joined(at, ":") && self.digits(at + 1, 59) {
            return Some(at + 2);
        }
        let unit = |at: usize, seconds: f64| {
            self.facts(at)
                .and_then(WordFacts::unit)
                .and_then(|unit| unit.seconds())
                == Some(seconds)
        };
        let hours = self.numbers(at);
        if hours == 0 || !unit(at + hours, 3600.0) {
            return None;
        }
        let end = at + hours + 1;
        let minutes = self.numbers(end);
        let has_minutes = minutes > 0 && unit(end + minutes, 60.0);
        Some(if has_minutes { end + minutes + 1 } else { end })
    }
}
