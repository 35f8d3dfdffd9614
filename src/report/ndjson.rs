//! Scorecard -> one line of JSON (`etalon/scorecard@1`).
//!
//! This runs for every call and pack, so it pushes bytes and builds no tree. Its keys and their order are a public
//! contract: `docs/scorecard.schema.json` and `tests/it/report.rs` hold it.

use std::borrow::Cow;

use wide::u8x16;

use crate::call::{Call, Millis};
use crate::criteria::{Evidence, Judgement, Verdict};
use crate::score::{CriterionInfo, Metrics, Scorecard};

use super::ErrorRecord;

/// Appends `card` as one line with its line feed.
pub fn write(card: &Scorecard<'_>, out: &mut Vec<u8>) {
    object(card, out);
    out.push(b'\n');
}

/// Appends `error` as one line with its line feed.
pub fn write_error(error: &ErrorRecord<'_>, out: &mut Vec<u8>) {
    error_object(error, out);
    out.push(b'\n');
}

/// The object alone.
pub(super) fn object(card: &Scorecard<'_>, out: &mut Vec<u8>) {
    let pack = card.pack;
    out.reserve(96 * card.judgements.len() + 512);
    out.extend_from_slice(br#"{"schema":"etalon/scorecard@1","call":"#);
    string(&card.call.id, out);
    source(card.path, card.source_line, out);
    out.extend_from_slice(br#","pack":"#);
    string(&pack.id, out);
    out.extend_from_slice(br#","pack_version":"#);
    string(&pack.version, out);
    out.extend_from_slice(br#","line":"#);
    string(card.line, out);
    out.extend_from_slice(br#","direction":""#);
    out.extend_from_slice(card.direction.name().as_bytes());
    out.extend_from_slice(br#"","started_at":"#);
    optional(card.call.started_at.as_ref(), out);
    let agent = &card.call.agent;
    out.extend_from_slice(br#","agent":{"id":"#);
    optional(agent.id.as_ref(), out);
    out.extend_from_slice(br#","name":"#);
    optional(agent.name.as_ref(), out);
    out.extend_from_slice(br#","group":"#);
    optional(agent.group.as_ref(), out);
    out.extend_from_slice(br#"},"score":"#);
    score(card.score, out);
    out.extend_from_slice(br#","earned":"#);
    integer(u64::from(card.earned), out);
    out.extend_from_slice(br#","possible":"#);
    integer(u64::from(card.possible), out);
    out.extend_from_slice(br#","critical":["#);
    for (i, criterion) in card
        .critical
        .iter()
        .filter_map(|&idx| pack.criteria.get(idx))
        .enumerate()
    {
        if i > 0 {
            out.push(b',');
        }
        out.extend_from_slice(criterion.json.id.as_bytes());
    }
    out.push(b']');
    metrics(&card.metrics, out);
    out.extend_from_slice(br#","criteria":["#);
    for (i, (criterion, judgement)) in pack.criteria.iter().zip(&card.judgements).enumerate() {
        if i > 0 {
            out.push(b',');
        }
        self::criterion(criterion, judgement, card.call, out);
    }
    out.push(b']');
    if !card.doubts.is_empty() {
        out.extend_from_slice(br#","doubts":["#);
        for (i, doubt) in card.doubts.iter().enumerate() {
            if i > 0 {
                out.push(b',');
            }
            string(doubt, out);
        }
        out.push(b']');
    }
    out.push(b'}');
}

/// The object alone.
pub(super) fn error_object(error: &ErrorRecord<'_>, out: &mut Vec<u8>) {
    out.extend_from_slice(br#"{"schema":"etalon/error@1""#);
    source(error.path, error.line, out);
    out.extend_from_slice(br#","call":"#);
    match error.call {
        Some(id) => string(id, out),
        None => out.extend_from_slice(b"null"),
    }
    out.extend_from_slice(br#","error":"#);
    string(error.error, out);
    out.push(b'}');
}

fn source(path: &str, line: Option<u32>, out: &mut Vec<u8>) {
    out.extend_from_slice(br#","source":{"path":"#);
    string(path, out);
    if let Some(line) = line {
        out.extend_from_slice(br#","line":"#);
        integer(u64::from(line), out);
    }
    out.push(b'}');
}

fn metrics(metrics: &Metrics, out: &mut Vec<u8>) {
    let maybe = |value: Option<Millis>, out: &mut Vec<u8>| match value {
        Some(time) => seconds(time, out),
        None => out.extend_from_slice(b"null"),
    };
    out.extend_from_slice(br#","metrics":{"duration":"#);
    maybe(metrics.duration, out);
    out.extend_from_slice(br#","holds":"#);
    integer(u64::from(metrics.holds), out);
    out.extend_from_slice(br#","hold_time":"#);
    maybe(metrics.hold_time, out);
    out.extend_from_slice(br#","longest_pause":"#);
    maybe(metrics.longest_pause, out);
    out.extend_from_slice(br#","interruptions":"#);
    match metrics.interruptions {
        Some(n) => integer(u64::from(n), out),
        None => out.extend_from_slice(b"null"),
    }
    out.extend_from_slice(br#","agent_talk_share":"#);
    match metrics.agent_talk_share.filter(|share| share.is_finite()) {
        Some(share) => decimal((share * 100.0).round() as i64, 2, true, out),
        None => out.extend_from_slice(b"null"),
    }
    out.extend_from_slice(br#","turns":"#);
    integer(u64::from(metrics.turns), out);
    out.push(b'}');
}

fn criterion(info: &CriterionInfo, judgement: &Judgement<'_>, call: &Call<'_>, out: &mut Vec<u8>) {
    out.push(b'{');
    out.extend_from_slice(info.json.members(judgement.verdict).as_bytes());
    if judgement.verdict != Verdict::Pass || !judgement.reason.is_empty() {
        out.extend_from_slice(br#","reason":"#);
        out.push(b'"');
        let [sentence, mark, detail] = judgement.reason.pieces();
        escaped(sentence, out);
        if !detail.is_empty() {
            out.extend_from_slice(mark.as_bytes());
            escaped(detail, out);
        }
        out.push(b'"');
    }
    if !judgement.evidence.is_empty() {
        out.extend_from_slice(br#","evidence":["#);
        for (i, piece) in judgement.evidence.iter().enumerate() {
            if i > 0 {
                out.push(b',');
            }
            evidence(piece, call, out);
        }
        out.push(b']');
    }
    out.push(b'}');
}

/// Keys that say nothing are left out. A turn without a span and without a time of its own is evidence as a whole.
fn evidence(evidence: &Evidence<'_>, call: &Call<'_>, out: &mut Vec<u8>) {
    out.push(b'{');
    let start = out.len();
    let comma = |out: &mut Vec<u8>| {
        if out.len() > start {
            out.push(b',');
        }
    };
    let mut words = None;
    if let Some(turn_idx) = evidence.turn {
        out.extend_from_slice(br#""turn":"#);
        integer(u64::from(turn_idx), out);
        if let Some(turn) = call.turns.get(turn_idx as usize) {
            let text = turn.text.as_ref();
            let span = match (evidence.span, evidence.time) {
                (Some((from, to)), _) => Some(clamp(text, from, to)),
                (None, None) => Some((0, text.len())),
                (None, Some(_)) => None,
            };
            if let Some((from, to)) = span {
                let [n_before, n_to] = n_chars(text, [from, to]);
                out.extend_from_slice(br#","from":"#);
                integer(n_before, out);
                out.extend_from_slice(br#","to":"#);
                integer(n_to, out);
                words = Some(&text[from..to]);
            }
        }
    }
    if let Some(time) = evidence.time {
        comma(out);
        out.extend_from_slice(br#""start":"#);
        seconds(time.start, out);
        out.extend_from_slice(br#","end":"#);
        seconds(time.end, out);
    }
    if let Some(words) = words {
        comma(out);
        out.extend_from_slice(br#""text":"#);
        string(words, out);
    }
    if let Some(suggest) = &evidence.suggest {
        comma(out);
        out.extend_from_slice(br#""suggest":"#);
        string(suggest, out);
    }
    out.push(b'}');
}

/// A span of bytes as a span that lies in `text` and cuts no character: outer bounds move outward.
pub(super) fn clamp(text: &str, from: u32, to: u32) -> (usize, usize) {
    let mut from = (from as usize).min(text.len());
    while !text.is_char_boundary(from) {
        from -= 1;
    }
    let mut to = (to as usize).min(text.len()).max(from);
    while !text.is_char_boundary(to) {
        to += 1;
    }
    (from, to)
}

/// How many characters begin before each of the two bytes.
fn n_chars(text: &str, bytes: [usize; 2]) -> [u64; 2] {
    let mut n = [0; 2];
    let until = bytes[0].max(bytes[1]);
    for (at, chunk) in text.as_bytes()[..until].chunks(BLOCK).enumerate() {
        // A continuation, which begins nothing.
        let mut rest = [0x80; BLOCK];
        let block = chunk.first_chunk().unwrap_or_else(|| {
            rest[..chunk.len()].copy_from_slice(chunk);
            &rest
        });
        let begun = bits_begun(block);
        for (n, byte) in n.iter_mut().zip(bytes) {
            let inside = byte.saturating_sub(at * BLOCK).min(BLOCK) as u32;
            let before = u64::MAX.checked_shr(BLOCK as u32 - inside).unwrap_or(0);
            *n += u64::from((begun & before).count_ones());
        }
    }
    n
}

/// So many bytes are looked at together: as many as a number has bits.
const BLOCK: usize = 64;

/// Which bytes of a block begin a character, the first at the lowest bit.
fn bits_begun(block: &[u8; BLOCK]) -> u64 {
    let (parts, _) = block.as_chunks::<16>();
    let mut bits = 0;
    for (at, part) in parts.iter().enumerate() {
        let bytes = u8x16::from(*part) & u8x16::splat(0xc0);
        bits |= u64::from(bytes.simd_eq(u8x16::splat(0x80)).to_bitmask()) << (16 * at);
    }
    !bits
}

fn optional(text: Option<&Cow<'_, str>>, out: &mut Vec<u8>) {
    match text {
        Some(text) => string(text, out),
        None => out.extend_from_slice(b"null"),
    }
}

/// One decimal always, `null` for none.
fn score(score: Option<f64>, out: &mut Vec<u8>) {
    match score.filter(|score| score.is_finite()) {
        Some(score) => decimal((score * 10.0).round() as i64, 1, false, out),
        None => out.extend_from_slice(b"null"),
    }
}

/// Seconds without trailing zeros: `57.5`, `154`.
fn seconds(time: Millis, out: &mut Vec<u8>) {
    decimal(time.0, 3, true, out);
}

/// `value` / 10^`places`.
fn decimal(value: i64, places: u32, trim: bool, out: &mut Vec<u8>) {
    if value < 0 {
        out.push(b'-');
    }
    let scale = 10u64.pow(places);
    let value = value.unsigned_abs();
    integer(value / scale, out);
    let mut fraction = value % scale;
    let mut places = places;
    if trim {
        while places > 0 && fraction.is_multiple_of(10) {
            fraction /= 10;
            places -= 1;
        }
    }
    if places > 0 {
        out.push(b'.');
        let mut digit = 10u64.pow(places - 1);
        while digit > 0 {
            out.push(b'0' + (fraction / digit % 10) as u8);
            digit /= 10;
        }
    }
}

fn integer(mut value: u64, out: &mut Vec<u8>) {
    if value < 10 {
        out.push(b'0' + value as u8);
        return;
    }
    if value < 100_000_000 {
        let digits = eight_digits(value);
        let n_skipped = digits.trailing_zeros() / 8;
        let digits = (digits + 0x3030_3030_3030_3030) >> (8 * n_skipped);
        // All in one piece: how many they are nobody can guess.
        out.extend_from_slice(&digits.to_le_bytes());
        out.truncate(out.len() - n_skipped as usize);
        return;
    }
    let mut digits = [0u8; 20];
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + (value % 10) as u8;
        value /= 10;
        if value == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[at..]);
}

/// The digits of a number below 100,000,000, a byte each, the first at the lowest.
fn eight_digits(value: u64) -> u64 {
    // Two numbers of four digits, then four of two, then eight of one: a factor and a shift stand for the division.
    let fours = (value / 10_000) | ((value % 10_000) << 32);
    let hundreds = ((fours * 10_486) >> 20) & 0x7f_0000_007f;
    let twos = hundreds | ((fours - hundreds * 100) << 16);
    let tens = ((twos * 103) >> 10) & 0x000f_000f_000f_000f;
    tens | ((twos - tens * 10) << 8)
}

/// `text` in quotes, escaped as JSON asks; other characters as they are.
fn string(text: &str, out: &mut Vec<u8>) {
    out.reserve(text.len() + 2);
    out.push(b'"');
    escaped(text, out);
    out.push(b'"');
}

/// What stands between the quotes.
fn escaped(text: &str, out: &mut Vec<u8>) {
    let bytes = text.as_bytes();
    if !has_escapes(bytes) {
        out.extend_from_slice(bytes);
        return;
    }
    let mut from = 0;
    for (i, &byte) in bytes.iter().enumerate() {
        if !ESCAPED[byte as usize] {
            continue;
        }
        out.extend_from_slice(&bytes[from..i]);
        from = i + 1;
        match byte {
            b'"' => out.extend_from_slice(br#"\""#),
            b'\\' => out.extend_from_slice(br"\\"),
            b'\n' => out.extend_from_slice(br"\n"),
            b'\r' => out.extend_from_slice(br"\r"),
            b'\t' => out.extend_from_slice(br"\t"),
            _ => {
                const HEX: &[u8; 16] = b"0123456789abcdef";
                out.extend_from_slice(br"\u00");
                out.push(HEX[usize::from(byte >> 4)]);
                out.push(HEX[usize::from(byte & 15)]);
            }
        }
    }
    out.extend_from_slice(&bytes[from..]);
}

/// Whether there is anything to escape; in most texts there is not.
fn has_escapes(bytes: &[u8]) -> bool {
    let escapes = |sixteen: &[u8; 16]| {
        let bytes = u8x16::from(*sixteen);
        let control = bytes.simd_lt(u8x16::splat(0x20));
        control | bytes.simd_eq(u8x16::splat(b'"')) | bytes.simd_eq(u8x16::splat(b'\\'))
    };
    // The last sixteen are looked at as a whole, though some of them were seen before.
    let Some(last) = bytes.last_chunk() else {
        // Ids and the like: the same with eight.
        if let (Some(first), Some(last)) = (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
            let mut both = [0; 16];
            both[..8].copy_from_slice(first);
            both[8..].copy_from_slice(last);
            return escapes(&both).any();
        }
        return bytes.iter().any(|byte| ESCAPED[*byte as usize]);
    };
    let (parts, _) = bytes.as_chunks();
    let mut found = escapes(last);
    for part in parts {
        found |= escapes(part);
    }
    found.any()
}

static ESCAPED: [bool; 256] = {
    let mut table = [false; 256];
    let mut i = 0;
    while i < 0x20 {
        table[i] = true;
        i += 1;
    }
    table[b'"' as usize] = true;
    table[b'\\' as usize] = true;
    table
};
