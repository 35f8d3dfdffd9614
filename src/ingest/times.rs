//! Written times -> milliseconds; which times of a call can be trusted.

use crate::call::{Call, Millis, Speaker, TimeSpan};

use super::locale::{self, Problem};
use super::{Note, Notes};

/// No call lasts longer than this; a larger number is in other units or an epoch.
const SECONDS_MAX: f64 = 7.0 * 24.0 * 3600.0;

/// Two people speak at once and the later voice is listed first: so far back a start may go where the turns overlap.
const OVERLAP_MS_MAX: i64 = 5_000;

/// The times of one turn as its file gives them, before they are believed.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct RawTimes {
    /// Seconds.
    pub(super) start: Option<f64>,
    /// Seconds.
    pub(super) end: Option<f64>,
    /// There was something in place of a time that is none.
    pub(super) bad: bool,
}

impl RawTimes {
    /// The span, or nothing where no times are given, or the reason (a term of `locale`) why these cannot be believed.
    pub(super) fn span(self) -> Result<Option<TimeSpan>, &'static str> {
        if self.bad {
            return Err("@not-time");
        }
        match (self.start, self.end) {
            (None, None) => Ok(None),
            (Some(start), Some(end)) => {
                if !(0.0..=SECONDS_MAX).contains(&start) || !(0.0..=SECONDS_MAX).contains(&end) {
                    Err("@negative")
                } else if end < start {
                    Err("@end-first")
                } else {
                    let (start, end) = (Millis::from_seconds(start), Millis::from_seconds(end));
                    Ok(Some(TimeSpan { start, end }))
                }
            }
            _ => Err("@half"),
        }
    }
}

/// Whether `seconds` can be a time or a length within a call.
pub(super) fn plausible(seconds: f64) -> bool {
    (0.0..=SECONDS_MAX).contains(&seconds)
}

/// Takes the times away from the whole call where those of one turn cannot be believed, so that its pauses become unknown
/// rather than wrong. `doubt` is the first doubt that the format met: the turn and a term of `locale`; `lines` has the line of each
/// turn, where the format knows it.
pub(super) fn settle(
    call: &mut Call<'_>,
    doubt: Option<(usize, &'static str)>,
    lines: &[u32],
    notes: &mut Notes,
) {
    let Some((turn_idx, reason)) = doubt.or_else(|| disorder(call)) else {
        return;
    };
    for turn in &mut call.turns {
        turn.time = None;
        for word in &mut turn.words {
            word.time = None;
        }
    }
    let problem = Problem::new(&locale::TIMES_DROPPED, &[reason]);
    let line = lines.get(turn_idx).copied();
    // Who wrote a text or a table knows its lines and no `turns`.
    notes.add(match line {
        Some(line) => Note::at(line, problem),
        None => Note::new(format!("turns[{turn_idx}]"), problem),
    });
}

/// The first turn whose times contradict the order of the turns, or that lacks times which others have.
fn disorder(call: &Call<'_>) -> Option<(usize, &'static str)> {
    let mut before: Option<Millis> = None;
    let mut untimed: Option<usize> = None;
    for (turn_idx, turn) in call.turns.iter().enumerate() {
        let Some(time) = turn.time else {
            // A turn of words without times would pass for a pause between its neighbours; a marker would not.
            if turn.speaker != Speaker::System && !turn.text.is_empty() {
                untimed = untimed.or(Some(turn_idx));
            }
            continue;
        };
        if let Some(before) = before
            && time.start < before
            && (time.end < before || (before - time.start).0 > OVERLAP_MS_MAX)
        {
            return Some((turn_idx, "@backwards"));
        }
        before = before.max(Some(time.start));
    }
    before.and(untimed).map(|turn_idx| (turn_idx, "@no-time"))
}

/// Seconds from `12`, `12.5`, `12,5`, `12.5s`, `1:05`, `00:01:05.250`; `None` for anything else.
pub(super) fn parse_clock(text: &str) -> Option<f64> {
    let text = text.trim();
    let text = text.strip_suffix(['s', 'с']).map_or(text, str::trim_end);
    let mut seconds = 0.0;
    let mut n_parts = 0;
    for part in text.split(':') {
        n_parts += 1;
        let digits = part.bytes().filter(u8::is_ascii_digit).count();
        let dots = part.bytes().filter(|b| matches!(b, b'.' | b',')).count();
        if digits == 0 || digits + dots != part.len() || dots > 1 || n_parts > 3 {
            return None;
        }
        let value: f64 = if dots == 0 {
            part.parse().ok()?
        } else {
            part.replace(',', ".").parse().ok()?
        };
        if n_parts > 1 && value >= 60.0 {
            return None;
        }
        seconds = seconds * 60.0 + value;
    }
    seconds.is_finite().then_some(seconds)
}

/// Whether [`parse_date`] knows the text; cheaper for the usual form.
pub(super) fn is_date(text: &str) -> bool {
    is_usual_date(text.as_bytes()).unwrap_or_else(|| parse_date(text).is_some())
}

/// Whether `2026-03-02T09:15:00` and what may follow is a date; `None` for other forms.
fn is_usual_date(text: &[u8]) -> Option<bool> {
    let (clock, rest) = text.split_first_chunk::<19>()?;
    let number = |from: usize, to: usize| {
        let digits = clock[from..to].iter();
        digits.copied().try_fold(0, |number: u32, digit| {
            let digit = digit.is_ascii_digit().then(|| u32::from(digit - b'0'))?;
            Some(number * 10 + digit)
        })
    };
    let marks = [clock[4], clock[7], clock[10], clock[13], clock[16]];
    let is_usual = marks == *b"--T::" && matches!(rest.first(), None | Some(b'Z' | b'+' | b'-'));
    let (year, month, date) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    is_usual.then_some(
        year >= 1900
            && (1..=12).contains(&month)
            && (1..=31).contains(&date)
            && hour <= 23
            && minute <= 59
            && second <= 60,
    )
}

/// `2026-03-02T09:15:00` with the offset if one is given, from that or from `02.03.2026 09:15[:00]`, `02.03.2026`; `None` for anything else.
pub(super) fn parse_date(text: &str) -> Option<String> {
    let text = text.trim();
    let (day, clock) = match text.find(['T', ' ']) {
        Some(at) => (&text[..at], text[at + 1..].trim_start()),
        None => (text.trim_end_matches(','), ""),
    };
    let day = day.trim_end_matches(',');
    let number = |part: &str| -> Option<u32> {
        (part.bytes().all(|b| b.is_ascii_digit()) && (1..=4).contains(&part.len()))
            .then(|| part.parse().ok())?
    };
    let parts: Vec<&str> = day.split(['-', '.', '/']).collect();
    let [a, b, c] = parts[..] else { return None };
    let (year, month, date) = if a.len() == 4 {
        (number(a)?, number(b)?, number(c)?)
    } else {
        (number(c)?, number(b)?, number(a)?)
    };
    if year < 1900 || !(1..=12).contains(&month) || !(1..=31).contains(&date) {
        return None;
    }
    let day = format!("{year:04}-{month:02}-{date:02}");
    if clock.is_empty() {
        return Some(day);
    }
    let (clock, offset) = match clock.find(['Z', '+', '-']) {
        Some(at) => (clock[..at].trim_end(), &clock[at..]),
        None => (clock, ""),
    };
    let clock = parse_time_of_day(clock)?;
    Some(format!("{day}T{clock}{offset}"))
}

/// `09:15:00` from `9:15`, `09:15:00`, `09:15:00.5`; `None` for anything else.
pub(super) fn parse_time_of_day(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.trim().split(':').collect();
    let (hour, minute, second) = match parts[..] {
        [hour, minute] => (hour, minute, "0"),
        [hour, minute, second] => (hour, minute, second.split('.').next().unwrap_or_default()),
        _ => return None,
    };
    let number = |part: &str, max: u32| -> Option<u32> {
        let value = (part.bytes().all(|b| b.is_ascii_digit()) && (1..=2).contains(&part.len()))
            .then(|| part.parse::<u32>().ok())??;
        (value <= max).then_some(value)
    };
    let (hour, minute, second) = (number(hour, 23)?, number(minute, 59)?, number(second, 60)?);
    Some(format!("{hour:02}:{minute:02}:{second:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_one_however_it_is_looked_at() {
        let usual = "2026-03-02T09:15:00";
        let mut texts: Vec<String> = ["", "+03:00", "Z", "-1", ".5", ".5Z", " +03:00", "0", " "]
            .iter()
            .map(|rest| format!("{usual}{rest}"))
            .collect();
        // Each place spoilt in turn: another digit, a letter, another mark.
        for at in 0..usual.len() {
            for spoilt in ["9", "x", "-", ":", " ", "T", "0"] {
                let mut text = usual.to_owned();
                text.replace_range(at..=at, spoilt);
                texts.push(format!("{text}+03:00"));
            }
        }
        for text in &texts {
            assert_eq!(is_date(text), parse_date(text).is_some(), "{text}");
        }
    }
}
