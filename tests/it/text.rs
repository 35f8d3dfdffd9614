//! `src/text/`: words, runs and markers of small calls.

use std::sync::Arc;

use etalon::call::{Call, Millis, Speaker, TimeSpan, Turn};
use etalon::lexicon::Lexicon;
use etalon::text::{Buffers, Spellings, TokenizedCall, Vocabulary, norm, tokenize};

/// `О: …`, `К: …`, `С: …` a line; `@1-2.5` before the speaker gives the turn's times in seconds.
pub(crate) fn call(lines: &str) -> Call<'static> {
    let mut call = Call::default();
    for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (time, line) = match line.strip_prefix('@') {
            Some(rest) => {
                let (time, line) = rest.split_once(' ').expect("time and turn");
                let (start, end) = time.split_once('-').expect("start and end");
                let millis =
                    |seconds: &str| Millis::from_seconds(seconds.parse().expect("seconds"));
                (
                    Some(TimeSpan {
                        start: millis(start),
                        end: millis(end),
                    }),
                    line,
                )
            }
            None => (None, line),
        };
        let (speaker, text) = line.split_once(':').expect("speaker");
        let speaker = match speaker {
            "О" => Speaker::Agent,
            "К" => Speaker::Customer,
            _ => Speaker::System,
        };
        call.turns.push(Turn {
            speaker,
            time,
            text: text.trim().to_owned().into(),
            words: Vec::new(),
        });
    }
    call
}

struct Looked(&'static [&'static str]);

impl Spellings for Looked {
    fn has(&self, norm: &str) -> bool {
        self.0.contains(&norm)
    }
    fn has_near(&self, _: &str) -> bool {
        false
    }
}

fn words(call: &TokenizedCall<'_>, vocabulary: &Vocabulary) -> Vec<String> {
    call.tokens
        .iter()
        .map(|token| vocabulary.norm(token.word).to_owned())
        .collect()
}

fn vocabulary() -> Vocabulary {
    let looked = Arc::new(Looked(&["до", "свидания", "час", "минуту"]));
    Vocabulary::new(Lexicon::embedded(), vec![looked])
}

#[test]
fn words_of_a_text() {
    // name, text, words
    let table: &[(&str, &str, &str)] = &[
        ("case and yo", "ЁЛКА Счёт", "елка счет"),
        ("punctuation", "да, нет! (ну) — «вот»…", "да нет ну вот"),
        ("hyphen", "сим-карта чем-нибудь", "сим карта чем нибудь"),
        ("digits", "18:00 2-3 7 370 5г 4G", "18 00 2 3 7 370 5 г 4 g"),
        ("decimal", "1.5 1,5", "1 5 1 5"),
        ("look-alike", "cчёт Mинуту пpивет", "счет минуту привет"),
        ("latin stays", "MTS sms Beeline", "mts sms beeline"),
        ("all look-alike latin stays", "MTC", "mtc"),
        ("accent", "за\u{301}мок", "замок"),
        ("decomposed", "счет\u{308} мои\u{306}", "счет мой"),
        ("soft hyphen", "под\u{ad}ключить", "подключить"),
        ("apostrophe", "о'кей о’кей 'да'", "о'кей о'кей да"),
        ("marker", "да [музыка играет] нет", "да нет"),
        ("open bracket", "да [нет", "да нет"),
        ("nested bracket", "да [[нет] вот", "да вот"),
        ("other scripts", "привет 中文 été", "привет 中 文 été"),
        ("emoji", "да 👍🏽 нет", "да нет"),
        ("glued", "досвидания часминуту", "до свидания час минуту"),
        ("glued, capitals", "ДоСвидания", "до свидания"),
        ("not glued: unknown part", "допривидения", "допривидения"),
        ("underscore", "_да_", "да"),
        ("nothing", "… - !", ""),
    ];
    for (name, text, expected) in table {
        let call = call(&format!("О: {text}"));
        let mut vocabulary = vocabulary();
        let tokenized = tokenize(&call, &mut vocabulary, Millis(3000), Buffers::default());
        assert_eq!(
            words(&tokenized, &vocabulary).join(" "),
            *expected,
            "{name}"
        );
        // Now all words are known.
        let again = tokenize(&call, &mut vocabulary, Millis(3000), Buffers::default());
        assert_eq!(tokenized.tokens, again.tokens, "{name}");
        for (index, token) in tokenized.tokens.iter().enumerate() {
            let raw = tokenized.text(index..index + 1);
            assert_eq!(
                norm(raw),
                vocabulary.norm(token.word),
                "{name}: the span is the word's own"
            );
        }
    }
}

#[test]
fn runs_of_a_call() {
    // name, call, runs as `speaker:words`, markers as the number of the token after them
    let table: &[(&str, &str, &str, &[u32])] = &[
        ("one", "О: да нет", "О:да нет", &[]),
        ("two speakers", "О: да\nК: нет", "О:да К:нет", &[]),
        ("no times merge", "О: да\nО: нет", "О:да нет", &[]),
        ("near in time", "@0-1 О: да\n@3.9-5 О: нет", "О:да нет", &[]),
        ("far in time", "@0-1 О: да\n@4-5 О: нет", "О:да О:нет", &[]),
        (
            "overlap",
            "@0-5 О: да\n@2-3 О: нет\n@7-8 О: вот",
            "О:да нет вот",
            &[],
        ),
        ("marker inside", "О: да [гудки] нет", "О:да О:нет", &[1]),
        (
            "marker at the end",
            "О: да [гудки]\nО: нет",
            "О:да О:нет",
            &[1],
        ),
        (
            "marker at the start",
            "О: да\nО: [гудки] нет",
            "О:да О:нет",
            &[1],
        ),
        (
            "marker alone",
            "О: да\nО: [гудки]\nО: нет",
            "О:да О: О:нет",
            &[1],
        ),
        ("marker first", "О: [гудки] да", "О:да", &[0]),
        ("system", "О: да\nС: ждите\nО: нет", "О:да С: О:нет", &[1]),
        ("empty turn", "О: да\nК: …\nО: нет", "О:да К: О:нет", &[]),
        ("no turns", "", "", &[]),
    ];
    for (name, lines, expected, markers) in table {
        let call = call(lines);
        let mut vocabulary = vocabulary();
        let tokenized = tokenize(&call, &mut vocabulary, Millis(3000), Buffers::default());
        let words = words(&tokenized, &vocabulary);
        let runs: Vec<String> = tokenized
            .runs
            .iter()
            .map(|run| {
                let speaker = match run.speaker {
                    Speaker::Agent => "О",
                    Speaker::Customer => "К",
                    Speaker::System => "С",
                };
                format!("{speaker}:{}", words[run.tokens()].join(" "))
            })
            .collect();
        assert_eq!(runs.join(" "), *expected, "{name}");
        let found: Vec<u32> = tokenized
            .markers
            .iter()
            .map(|marker| marker.before_token)
            .collect();
        assert_eq!(found, *markers, "{name}");
        for (index, run) in tokenized.runs.iter().enumerate() {
            for token in run.tokens() {
                assert_eq!(tokenized.run_of(token), index, "{name}");
                assert!(
                    run.turns()
                        .contains(&(tokenized.tokens[token].turn as usize)),
                    "{name}"
                );
            }
        }
    }
}

#[test]
fn punctuation_beside_a_word() {
    let call = call("О: Да, Анна. «Счёт» — это сим-карта? Нет");
    let mut vocabulary = vocabulary();
    let tokenized = tokenize(&call, &mut vocabulary, Millis(3000), Buffers::default());
    assert!(tokenized.before(0).is_none());
    assert!(tokenized.after(0).comma() && tokenized.before(1).comma());
    assert!(
        tokenized.after(1).end() && tokenized.after(1).quote() && !tokenized.after(1).question()
    );
    assert!(tokenized.after(2).quote() && tokenized.after(2).dash());
    assert!(tokenized.after(4).hyphen() && !tokenized.after(4).dash());
    assert!(tokenized.after(5).question() && tokenized.after(5).end());
    assert!(tokenized.after(6).is_none());
}

#[test]
fn a_vocabulary_numbers_each_word_once() {
    let call = call("О: счёт Счёт счет счёт");
    let mut vocabulary = vocabulary();
    let tokenized = tokenize(&call, &mut vocabulary, Millis(3000), Buffers::default());
    let ids: Vec<u32> = tokenized.tokens.iter().map(|token| token.word.0).collect();
    assert_eq!(ids, [0, 1, 2, 0]);
    let norms: Vec<u32> = tokenized
        .tokens
        .iter()
        .map(|token| vocabulary.norm_id(token.word).0)
        .collect();
    assert_eq!(norms, [0, 0, 0, 0]);
    assert!(
        vocabulary.capitalised(tokenized.tokens[1].word)
            && !vocabulary.capitalised(tokenized.tokens[0].word)
    );
}

/// Short words of Cyrillic letters are looked up by a byte a letter, all others by a hash, and several at once when they were met before.
#[test]
fn words_that_look_alike_are_told_apart() {
    let words = [
        "да",
        "дам",
        "даx",
        "даxy",
        "дa",
        "12",
        "xy",
        "é",
        "у",
        "уу",
        "ÓÃ",
        "да́",
        "дад",
        "даа",
        "ДА",
        "ѐ",
        "җа",
        "ка",
        "перенаправленные",
        "перенаправленныее",
        "перенаправленныеx",
        "непереподключаемого",
        "непереподключаемому",
        "яяяяяяяяяяяяяяяя",
        "яяяяяяяяяяяяяяя",
        "яяяяяяяя",
        "яяяяяяяяя",
        "12345678901234567890123456789012",
        "123456789012345678901234567890123",
    ];
    let mut vocabulary = vocabulary();
    let once = format!("О: {}", words.join(" "));
    let again: Vec<&str> = words.iter().rev().copied().collect();
    let again = format!("О: {}", again.join(" "));
    let mut ids = |lines: &str| -> Vec<u32> {
        let call = call(lines);
        let text = tokenize(&call, &mut vocabulary, Millis(3000), Buffers::default());
        let raw = |at: usize| text.text(at..at + 1).to_owned();
        let all = (0..text.tokens.len()).map(raw).collect::<Vec<_>>();
        assert_eq!(all.join(" "), lines[4..].trim());
        text.tokens.iter().map(|token| token.word.0).collect()
    };
    let first = ids(&once);
    let mut distinct = first.clone();
    distinct.sort_unstable();
    distinct.dedup();
    assert_eq!(distinct.len(), words.len());
    let mut reversed = ids(&again);
    reversed.reverse();
    assert_eq!(first, reversed);
}
