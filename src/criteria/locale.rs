//! Sentences of verdicts that a pack does not give itself.

use crate::call::{Millis, Speaker, TimeSpan};
use crate::locale::{Lang, Text};

/// A condition without a sentence of its own does not hold.
pub(super) const OTHER_CALL: Text = Text(
    "для такого звонка не требуется",
    "not required of such a call",
);
/// A silence that the customer may have caused.
pub(super) fn unclear_pause(lang: Lang, pauses: &str) -> String {
    match lang {
        Lang::Ru => format!("клиент говорил и до паузы, и после неё, и чья она, не ясно: {pauses}"),
        Lang::En => format!(
            "the customer spoke before the silence and behind it, so it may be theirs: {pauses}"
        ),
    }
}
/// Pauses need times.
pub(super) const NO_TIMES_PAUSE: Text = Text(
    "в записи нет времени реплик, пауз не измерить: нужны начало и конец каждой реплики",
    "the transcript has no times, so pauses cannot be measured: every turn needs its start and end",
);
/// Holds need times.
pub(super) const NO_TIMES_HOLD: Text = Text(
    "удержание было, но сколько оно длилось, по записи не узнать: нужно время реплик или его событие",
    "there was a hold, but its length is not in the transcript: it needs the times of turns or an event",
);
/// Interruptions need times.
pub(super) const NO_TIMES_INTERRUPTION: Text = Text(
    "в записи нет времени реплик, кто кого перебил, не узнать: нужны начало и конец каждой реплики",
    "the transcript has no times, so nobody knows who cut in: every turn needs its start and end",
);
/// The length of the call needs times.
pub(super) const NO_DURATION: Text = Text(
    "длительность звонка неизвестна: нужна она сама или время реплик",
    "the length of the call is not known: it needs the duration or the times of turns",
);
/// A condition asks for the other direction.
pub(super) const INBOUND: Text = Text("входящий звонок", "an inbound call");
/// A condition asks for the other direction.
pub(super) const OUTBOUND: Text = Text("исходящий звонок", "an outbound call");
/// Nothing to judge.
pub(super) const NO_HOLD: Text = Text("удержания не было", "no hold in this call");
/// Nothing to judge.
pub(super) const NO_REHOLD: Text = Text(
    "после удержания ждать больше не просили",
    "no further wait was asked for",
);
/// Nothing to judge.
pub(super) const NO_TRANSFER: Text = Text("перевода звонка не было", "no transfer in this call");
/// Nothing to judge.
pub(super) const NO_OCCASION: Text = Text("повода не было", "no occasion for it in this call");
/// Nothing to judge.
pub(super) const ORDER_INCOMPLETE: Text = Text(
    "сказано не всё, порядок не оценивается",
    "not all of it is said, so there is no order to judge",
);
/// Nothing to judge.
pub(super) const NO_ADDRESS: Text = Text(
    "по имени к клиенту не обращались",
    "the customer was not addressed by name",
);
/// Nothing to judge.
pub(super) const NO_NAME_GIVEN: Text = Text(
    "клиент своего имени не называл",
    "the customer gave no name",
);
/// A fault without a sentence of its own.
pub(super) const NOT_SAID: Text = Text("не сказано", "not said");
/// A fault without a sentence of its own.
pub(super) const SAID: Text = Text("так говорить нельзя", "must not be said");
/// A fault without a sentence of its own.
pub(super) const NOT_EACH: Text = Text("сказано не каждый раз", "not said every time");
/// A fault without a sentence of its own.
pub(super) const WRONG_ORDER: Text = Text("сказано не в том порядке", "said in another order");
/// A fault without a sentence of its own.
pub(super) const NOT_INTRODUCED: Text = Text("имя не названо", "no name given");
/// A fault without a sentence of its own.
pub(super) const TOO_FEW: Text = Text(
    "по имени обратились реже, чем нужно",
    "addressed by name too few times",
);
/// A fault without a sentence of its own.
pub(super) const WRONG_FORM: Text = Text(
    "обращение не тем именем, которым клиент представился",
    "not the name that the customer gave",
);
/// A fault without a sentence of its own.
pub(super) const TOO_LONG: Text = Text("дольше, чем разрешено", "longer than allowed");
/// The record of the call is not whole.
pub(super) const MAY_BE_CUT: Text = Text(
    "не найдено, но запись неполная: это могло прозвучать там, где её нет",
    "not found, but the record is not whole: it may have been said in what is missing",
);
/// The record of the call is not whole.
pub(super) const CUT_FACT: Text = Text(
    "зависит от того, что было раньше, а начала записи нет",
    "hangs on what came before, and the record has no beginning",
);
/// The words are too broad to prove anything.
pub(super) const IN_DOUBT: Text = Text(
    "возможно, это и сказано, но из слов не ясно",
    "it may have been said, but the words do not tell",
);
/// See `heard.rs`.
pub(super) const BADLY_HEARD: Text = Text(
    "зависит от слов, распознанных неуверенно",
    "hangs on badly heard words",
);
/// See `heard.rs`.
pub(super) const MAY_BE_THERE: Text = Text(
    "не найдено, но на этом месте есть слова, распознанные неуверенно",
    "not found, but there are badly heard words where it should stand",
);

/// The sentence with the words and their confidence.
pub(super) fn badly_heard(
    lang: Lang,
    sentence: Text,
    words: &[(&str, f32)],
    n_more: usize,
) -> String {
    let named: Vec<String> = words
        .iter()
        .map(|(word, confidence)| {
            let number = format!("{confidence:.2}");
            let number = match lang {
                Lang::Ru => number.replace('.', ","),
                Lang::En => number,
            };
            format!("«{word}» ({number})")
        })
        .collect();
    let more = match (n_more, lang) {
        (0, _) => String::new(),
        (n, Lang::Ru) => format!(" и ещё {n}"),
        (n, Lang::En) => format!(" and {n} more"),
    };
    format!("{}: {}{more}", sentence.pick(lang), named.join(", "))
}

/// A fault without a sentence of its own.
pub(super) const TOO_OFTEN: Text = Text("чаще, чем разрешено", "more often than allowed");
/// A fault without a sentence of its own.
pub(super) const TOO_MUCH: Text = Text("больше, чем разрешено", "more than allowed");

/// Words of the call in quotation marks; marks inside them become inner ones, line breaks blanks.
pub(super) fn quoted(words: &str) -> String {
    cut(words, false, false)
}

/// The same where some words before or behind were left out.
pub(super) fn cut(words: &str, before: bool, after: bool) -> String {
    let mut out = String::with_capacity(words.len() + 10);
    out.push('«');
    if before {
        out.push('…');
    }
    // Both marks begin with 0xc2.
    if memchr::memchr3(0xc2, b'\n', b'\r', words.as_bytes()).is_some() {
        out.extend(words.chars().map(|c| match c {
            '«' => '„',
            '»' => '“',
            '\n' | '\r' => ' ',
            c => c,
        }));
    } else {
        out.push_str(words);
    }
    out.push_str(if after { "…»" } else { "»" });
    out
}

/// When something was said.
pub(super) fn at(lang: Lang, time: Millis) -> String {
    format!("{} {}", lang.pick("в", "at"), time.clock())
}

/// From when something lasted.
pub(super) fn since(lang: Lang, time: Millis) -> String {
    format!("{} {}", lang.pick("с", "from"), time.clock())
}

/// In which turn, from 1.
pub(super) fn in_turn(lang: Lang, n: u32) -> String {
    format!("{} {n}", lang.pick("в реплике", "in turn"))
}

/// A near miss without a sentence of its own.
pub(super) fn said(lang: Lang, words: &str) -> String {
    [lang.pick("сказано", "said was"), " ", words].concat()
}

/// Nothing near it where it belongs, but this.
pub(super) fn said_only(lang: Lang, words: &str) -> String {
    format!(
        "{} {words}",
        lang.pick("оператор сказал только", "all the agent said was")
    )
}

/// Said by the other side only.
pub(super) fn other_side(lang: Lang, speaker: Speaker, words: &str) -> String {
    let who = match speaker {
        Speaker::Agent => lang.pick("это сказал только оператор", "only the agent said it"),
        _ => lang.pick("это сказал только клиент", "only the customer said it"),
    };
    [who, ": ", words].concat()
}

/// Said before or after the part of the call where it belongs.
pub(super) fn elsewhere(lang: Lang, late: bool, place: &str, words: &str) -> String {
    let when = match late {
        true => lang.pick("сказано позже", "said later"),
        false => lang.pick("сказано раньше", "said earlier"),
    };
    [when, ", ", place, ": ", words].concat()
}

/// Said as somebody else's words.
pub(super) fn quoting(lang: Lang, words: &str) -> String {
    let how = lang.pick(
        "сказано не от себя, а как чужие слова",
        "said only as somebody else's words",
    );
    [how, ": ", words].concat()
}

/// Said, but not often enough.
pub(super) fn too_few(lang: Lang, n: usize, wanted: usize) -> String {
    match lang {
        Lang::Ru => format!("{n} из {wanted}"),
        Lang::En => format!("{n} of {wanted}"),
    }
}

/// How the agent began instead.
pub(super) fn began(lang: Lang, words: &str) -> String {
    let began = lang.pick("оператор начал словами", "the agent began with");
    [began, " ", words].concat()
}

/// How the agent began and went on instead.
pub(super) fn began_and_went_on(lang: Lang, first: &str, then: &str) -> String {
    format!(
        "{}, {} {then}",
        began(lang, first),
        lang.pick("а продолжил", "and went on with")
    )
}

/// How the agent ended instead.
pub(super) fn ended(lang: Lang, words: &str) -> String {
    let ended = lang.pick("последние слова оператора", "the agent's last words");
    [ended, ": ", words].concat()
}

/// What the agent said instead once the customer had spoken.
pub(super) fn replied(lang: Lang, words: &str) -> String {
    let replied = lang.pick(
        "на первые слова клиента оператор ответил",
        "to the customer's first words the agent replied",
    );
    [replied, " ", words].concat()
}

/// What the agent answered to the words that made it necessary.
pub(super) fn answered(lang: Lang, asked: &str, answer: Option<&str>) -> String {
    match (lang, answer) {
        (Lang::Ru, Some(answer)) => format!("клиент: {asked}, оператор в ответ: {answer}"),
        (Lang::Ru, None) => format!("клиент: {asked}, и больше оператор ничего не сказал"),
        (Lang::En, Some(answer)) => format!("the customer: {asked}, the agent's answer: {answer}"),
        (Lang::En, None) => {
            format!("the customer: {asked}, and the agent said nothing after that")
        }
    }
}

/// Nothing near it in the whole call.
pub(super) fn nowhere(lang: Lang, n_turns: usize) -> String {
    match lang {
        Lang::Ru => format!("во всём разговоре (реплик оператора: {n_turns}) ничего похожего нет"),
        Lang::En => {
            format!("nothing like it in the whole call (turns of the agent: {n_turns})")
        }
    }
}

/// The closing says again what was said before.
pub(super) const RESTATED: Text = Text(
    "в конце повторено то, что решили раньше",
    "the end says again what was settled before",
);

/// The outcome is told right before the leave.
pub(super) const TOLD_AT_LEAVE: Text = Text(
    "перед самым прощанием сказано о деле",
    "the matter is spoken of right before the leave",
);

/// What the other side said is said again, to be confirmed.
pub(super) const ECHOED: Text = Text(
    "сказанное собеседником повторено своими словами и подтверждено",
    "what the other side said is said again in own words and confirmed",
);

/// What was looked for is said before the wrong thing.
pub(super) fn before(lang: Lang, first: &str, second: &str) -> String {
    let before = lang.pick("прозвучало раньше, чем", "was said before");
    format!("{first} {before} {second}")
}

/// What of an order was not said.
pub(super) fn order_lacks(lang: Lang, names: &str) -> String {
    match lang {
        Lang::Ru => format!("порядок не оценить: не прозвучало {names}"),
        Lang::En => format!("there is no order to judge: not said was {names}"),
    }
}

/// Which hold is meant, where there are several.
pub(super) fn hold(lang: Lang, place: &str) -> String {
    format!("{} {place}", lang.pick("удержание", "the hold"))
}

/// Nobody said a word before the wait.
pub(super) const NO_WORDS_BEFORE: Text = Text(
    "перед ожиданием оператор ничего не сказал",
    "the agent said nothing before the wait",
);

/// What the agent came back with.
pub(super) fn came_back(lang: Lang, words: &str) -> String {
    let back = lang.pick("оператор вернулся со словами", "the agent came back with");
    [back, " ", words].concat()
}

/// Sentences about several holds.
pub(super) fn several(mut told: Vec<String>, lang: Lang) -> String {
    const TOLD_MAX: usize = 3;
    let n = told.len();
    told.truncate(TOLD_MAX);
    if n > TOLD_MAX {
        told.push(and_more(lang, n - TOLD_MAX));
    }
    told.join("; ")
}

/// A time that was named, beside the one that passed.
pub(super) fn promised(lang: Lang, words: &str, time: Millis) -> String {
    format!("{}, {}", said(lang, words), real_length(lang, time))
}

/// How long the wait was, beside what was promised.
pub(super) fn real_length(lang: Lang, time: Millis) -> String {
    let wait = lang.pick("ждать пришлось", "the wait was");
    format!("{wait} {}", length(lang, time))
}

/// A measure and its bound.
pub(super) fn over(lang: Lang, measures: &str, bound: &str) -> String {
    format!("{measures}, {} {bound}", lang.pick("допустимо", "allowed"))
}

/// A length and when it began.
pub(super) fn stretch(lang: Lang, time: TimeSpan) -> String {
    format!(
        "{} ({})",
        length(lang, time.end - time.start),
        since(lang, time.start)
    )
}

/// The wait, where it was not too long.
pub(super) fn waited(lang: Lang, times: &str) -> String {
    format!("{} {times}", lang.pick("ждать пришлось", "the wait was"))
}

/// A number of the metadata.
pub(super) fn by_metadata(lang: Lang, number: f64) -> String {
    let by = lang.pick("по данным о звонке", "by the metadata");
    format!("{by} {}", decimal(lang, number))
}

/// A number of a rule or of the metadata.
pub(super) fn decimal(lang: Lang, number: f64) -> String {
    let text = number.to_string();
    match lang {
        Lang::Ru => text.replace('.', ","),
        Lang::En => text,
    }
}

/// More of them than are told.
pub(super) fn and_more(lang: Lang, n: usize) -> String {
    format!("{} {n}", lang.pick("и ещё", "and more:"))
}

/// A number of the metadata is missing.
pub(super) fn no_meta(lang: Lang, key: &str) -> String {
    match lang {
        Lang::Ru => format!("в данных о звонке нет числа meta.{key}, без него не проверить"),
        Lang::En => format!("the metadata have no number meta.{key}, which this needs"),
    }
}

/// How the customer is called, and how the agent called them.
pub(super) fn name_given(lang: Lang, name: &str) -> String {
    match lang {
        Lang::Ru => format!("клиент назвался {name}"),
        Lang::En => format!("the customer gave the name {name}"),
    }
}

/// The name was talked about.
pub(super) fn name_talked_about(lang: Lang, words: &str) -> String {
    let about = lang.pick(
        "имя названо, но это не обращение",
        "the name is talked about, not used to address",
    );
    [about, ": ", words].concat()
}

/// No address by name at all.
pub(super) const NO_NAME_USED: Text = Text("ни разу", "not once");

/// Only part of the name was given.
pub(super) fn only_surname(lang: Lang, words: &str) -> String {
    let only = lang.pick("названа только фамилия", "only a surname is given");
    [only, ": ", words].concat()
}

/// Only part of the name was given.
pub(super) fn only_first(lang: Lang, words: &str) -> String {
    let only = lang.pick("названо только имя", "only a first name is given");
    [only, ": ", words].concat()
}

/// The agent cuts in so long before the customer ends.
pub(super) fn cut_in(lang: Lang, time: TimeSpan) -> String {
    let (at, length) = (time.start.clock(), length(lang, time.end - time.start));
    match lang {
        Lang::Ru => format!("в {at} ({length} поверх слов клиента)"),
        Lang::En => format!("at {at} ({length} over the customer's words)"),
    }
}

/// A length of time as one says it: `14 с`, `2,5 с`, `3 мин 40 с`.
pub(super) fn length(lang: Lang, time: Millis) -> String {
    let (s, min) = (lang.pick("с", "s"), lang.pick("мин", "min"));
    let tenths = (time.0.max(0) + 50) / 100;
    if tenths < 200 && tenths % 10 != 0 {
        let mark = lang.pick(',', '.');
        return format!("{}{mark}{} {s}", tenths / 10, tenths % 10);
    }
    let seconds = (time.0.max(0) + 500) / 1000;
    match (seconds / 60, seconds % 60) {
        (0, seconds) => format!("{seconds} {s}"),
        (minutes, 0) => format!("{minutes} {min}"),
        (minutes, seconds) => format!("{minutes} {min} {seconds} {s}"),
    }
}
