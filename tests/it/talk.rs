//! Small calls and a tiny pack for tests: written here, so that they hold whatever `rules/` says.
//!
//! A call is written as the examples of a pack are: `О:` and `К:` before the words, `[0-2.5]` before them for times, markers in
//! brackets. Lines before a line `---` are keys of an example: `line = "senior"`, `events = […]`, `meta = { … }`.

use etalon::audit::Auditor;
use etalon::call::Call;
use etalon::criteria::Verdict;
use etalon::examples::example_call;
use etalon::locale::Lang;
use etalon::pack::{ExampleToml, Pack, PackFile, PackSource};
use etalon::phrase::{Hits, MatcherCache};
use etalon::score::Scorecard;
use etalon::text::{self, Buffers, Vocabulary};
use etalon::timeline::{MarkerWords, NameCache, Roles, Thresholds, Timeline, TimelineRules};

/// `pack.toml` of the tiny pack.
pub(crate) const PACK: &str = r#"
id = "tiny"
title = "Крошечный"
version = "1"
lines = ["plain", "other"]
default_line = "plain"

[[section]]
id = "it"
title = "Всё"

[scoring]
on_critical = "report"

[parameters]
heard_min = 0.5
merge_s = 3
opening_turns = 2
closing_turns = 3
hold_pause_s = 5
answer_s = 5
interruption_s = 1
short_call_turns = 2
pause_s = 10
limit_s = { default = 20, other = 30 }

[meta_defaults]
asked_by = "nobody"

[markers]
hold = ["удержание", "музыка"]
silence = ["тишина", "пауза"]
transfer = ["гудки"]
cut = ["начала нет", "запись обрывается", "пропуск"]
dropped = ["обрыв"]
"#;

/// `phrases.toml` of the tiny pack: one or two wordings for every part in the timeline.
pub(crate) const PHRASES: &str = r#"
[acknowledge]
phrases = ["^(да|угу|хорошо|понятно)$"]
[acknowledge_word]
phrases = ["(да|угу)"]
[wait_request]
phrases = ["оставайтесь на линии", "!подождите", "!минутку"]
[wait_return]
phrases = ["я вернулась"]
[wait_thanks]
phrases = ["спасибо за ожидание"]
[still_there]
phrases = ["вы на линии"]
[customer_wait]
phrases = ["!подождите", "сейчас посмотрю"]
[ask_name]
phrases = ["как вас зовут"]
[introduces]
phrases = ["меня зовут [имя]", "это [имя]", "[имя] [отчество] !я"]
[asks_identity]
phrases = ["вас зовут [имя]"]
[under_way]
phrases = ["^спасибо за ожидание", "^хорошо тогда"]
[name_mention]
phrases = ["на имя [имя]"]
[anything_else]
phrases = ["чем еще помочь"]
[thanks_call]
phrases = ["спасибо за звонок"]
[goodbye]
phrases = ["до свидания"]
[customer_farewell]
phrases = ["все спасибо", "до свидания"]
[customer_not_farewell]
phrases = ["нет все спасибо"]
[greeting]
phrases = ["здравствуйте"]
[bad_audio]
phrases = ["вас плохо слышно"]
[cannot_hear]
phrases = ["вас не слышно"]
[speak_please]
phrases = ["говорите"]
[transfer_notice]
phrases = ["!перевожу на специалиста", "!перевожу вас"]
[callback_promise]
phrases = ["!перезвоним вам"]
[customer_question]
phrases = ["когда"]
[customer_prompt]
phrases = ["вы тут"]
[quote]
phrases = ["там написано"]
[invented]
exact = true
phrases = ["продолжение следует", "подпишись"]
[invented_credit]
exact = true
phrases = ["субтитры сделал [слово]"]
[invented_midway]
exact = true
phrases = ["всем пока"]
[agent_talk]
phrases = ["чем могу помочь", "спасибо за звонок", "оставайтесь на линии"]
[vocative_verbs]
phrases = ["(!подскажите|!уточните)"]
"#;

/// The files of the tiny pack with these criteria besides, `(path, content)`; a path that is there already is replaced.
pub(crate) fn source(files: &[(&str, &str)]) -> PackSource {
    let mut all = vec![("pack.toml", PACK), ("phrases.toml", PHRASES)];
    for (path, content) in files {
        all.retain(|(known, _)| known != path);
        if *content != ABSENT {
            all.push((path, content));
        }
    }
    all.sort_unstable();
    let file = |(path, content): (&str, &str)| PackFile {
        relative: path.to_owned(),
        shown: format!("tiny/{path}"),
        text: content.to_owned().into(),
    };
    PackSource {
        id: "tiny".to_owned(),
        files: all.into_iter().map(file).collect(),
        common: Vec::new(),
    }
}

/// As the content of a file: there is no such file.
pub(crate) const ABSENT: &str = "\0";

/// The tiny pack with one criterion, `it.is`: its file without the head.
pub(crate) fn pack(criterion: &str) -> Pack {
    let text = format!("{HEAD}{criterion}");
    Pack::from_source(&source(&[("it/is.toml", &text)])).unwrap_or_else(|errors| {
        let told = errors
            .iter()
            .map(|error| format!("{error:?}\n"))
            .collect::<String>();
        panic!("{told}in\n{text}")
    })
}

/// What every criterion of the tiny pack begins with.
pub(crate) const HEAD: &str = r#"
id = "it.is"
title = "Так"
clause = "1"
weight = 1
advice = "вместо этого"
"#;

/// A call, see above.
pub(crate) fn call(written: &str) -> Call<'static> {
    let (head, talk) = written.split_once("---\n").unwrap_or(("", written));
    let example = format!("verdict = \"pass\"\n{head}\ncall = '''\n{talk}\n'''");
    let example: ExampleToml =
        toml::from_str(&example).unwrap_or_else(|error| panic!("{error} in\n{written}"));
    example_call(&example, "").call
}

/// A verdict with its reason and the words or the times of its evidence.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Told {
    pub(crate) verdict: Verdict,
    pub(crate) reason: String,
    pub(crate) evidence: Vec<String>,
}

/// Holds the call against the pack and looks at its scorecard.
pub(crate) fn with_card<T>(
    pack: &Pack,
    call: &Call<'_>,
    look: impl FnOnce(&Scorecard<'_>) -> T,
) -> T {
    let mut auditor = Auditor::new(std::slice::from_ref(pack), Lang::En);
    let (mut look, mut seen) = (Some(look), None);
    auditor.audit(call, "a.json", None, &mut |card| {
        let look = look.take().expect("one pack gives one scorecard");
        seen = Some(look(card));
    });
    seen.expect("one pack gives one scorecard")
}

/// What a criterion of the pack says of the call.
pub(crate) fn judge(pack: &Pack, criterion: &str, call: &Call<'_>) -> Told {
    let known = pack
        .info()
        .criteria
        .iter()
        .position(|info| info.id == criterion);
    let criterion = known.unwrap_or_else(|| panic!("{} has no {criterion}", pack.info().id));
    with_card(pack, call, |card| {
        let judgement = &card.judgements[criterion];
        let evidence = judgement.evidence.iter().map(|evidence| {
            match (evidence.turn, evidence.span, evidence.time) {
                (Some(turn), Some((from, to)), _) => {
                    call.turns[turn as usize].text[from as usize..to as usize].to_owned()
                }
                (_, None, Some(time)) => {
                    format!("{}-{}", time.start.seconds(), time.end.seconds())
                }
                (Some(turn), ..) => format!("turn {turn}"),
                _ => "nowhere".to_owned(),
            }
        });
        Told {
            verdict: judgement.verdict,
            reason: judgement.reason.to_string(),
            evidence: evidence.collect(),
        }
    })
}

/// The timeline of a call in the tiny pack.
pub(crate) fn with_timeline<T>(
    pack: &Pack,
    call: &Call<'_>,
    look: impl FnOnce(&Timeline<'_>) -> T,
) -> T {
    let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
    let rules = TimelineRules {
        roles: Roles::of(|name| pack.matcher().set(name)),
        markers: MarkerWords {
            hold: words(&["удержание", "музыка"]),
            silence: words(&["тишина", "пауза"]),
            transfer: words(&["гудки"]),
            ..MarkerWords::default()
        },
    };
    with_hits(pack, call, |text, hits, vocabulary| {
        let thresholds = Thresholds::of(pack.parameters(), pack.line_of(call));
        let mut names = NameCache::default();
        look(&Timeline::of(
            text,
            hits,
            vocabulary,
            &rules,
            &thresholds,
            &mut names,
        ))
    })
}

/// Where the pack's phrases are said in a call.
pub(crate) fn with_hits<T>(
    pack: &Pack,
    call: &Call<'_>,
    look: impl FnOnce(&text::TokenizedCall<'_>, &Hits, &Vocabulary) -> T,
) -> T {
    let lexicon = etalon::lexicon::Lexicon::embedded();
    let mut vocabulary = Vocabulary::new(lexicon, vec![pack.matcher().spellings()]);
    let merge = pack
        .parameters()
        .get("merge_s", pack.line_of(call))
        .unwrap_or(0.0);
    let merge = etalon::call::Millis::from_seconds(merge);
    let text = text::tokenize(call, &mut vocabulary, merge, Buffers::default());
    let mut hits = Hits::new();
    pack.matcher()
        .find(&text, &vocabulary, &mut MatcherCache::new(), &mut hits);
    look(&text, &hits, &vocabulary)
}
