//! What reports for people say, in both languages.

use crate::call::{Direction, Millis, Speaker};
use crate::criteria::Verdict;
use crate::locale::Lang;

/// The fixed words of reports.
#[derive(Debug)]
pub(super) struct Words {
    pub score: &'static str,
    pub agent: &'static str,
    pub call: &'static str,
    pub pack: &'static str,
    pub failed: &'static str,
    pub nothing_failed: &'static str,
    pub nothing_to_score: &'static str,
    pub no_agent: &'static str,
    pub by_criterion: &'static str,
    pub by_agent: &'static str,
    pub applied: &'static str,
    pub broken: &'static str,
    pub share: &'static str,
    pub unknown_short: &'static str,
    pub never_broken: &'static str,
    pub never_applied: &'static str,
    pub n_calls: &'static str,
    pub mean: &'static str,
    pub worst: &'static str,
    pub line: &'static str,
    pub lost: &'static str,
    pub lost_nothing: &'static str,
    pub critical: &'static str,
    pub advice_only: &'static str,
    pub advice: &'static str,
    pub why: &'static str,
    pub instead: &'static str,
    pub kept: &'static str,
    pub not_applied: &'static str,
    pub not_known: &'static str,
    pub no_score: &'static str,
    pub doubt: &'static str,
    pub talk: &'static str,
    /// Under a turn of the talk.
    pub made_up: &'static str,
    pub wait: &'static str,
    pub metrics: &'static str,
    pub clause: &'static str,
    pub verdict: &'static str,
    pub weight: &'static str,
    pub talk_share: &'static str,
    pub longest_pause: &'static str,
    pub holds: &'static str,
    pub interruptions: &'static str,
    pub file: &'static str,
    pub check: &'static str,
    pub except: &'static str,
    pub examples: &'static str,
}

static RU: Words = Words {
    score: "балл",
    agent: "оператор",
    call: "звонок",
    pack: "стандарт",
    failed: "нарушено",
    nothing_failed: "без нарушений",
    nothing_to_score: "нечего оценивать",
    no_agent: "(без имени)",
    by_criterion: "По критериям",
    by_agent: "По операторам",
    applied: "проверено",
    broken: "нарушено",
    share: "доля",
    unknown_short: "неясно",
    never_broken: "Ни разу не нарушены",
    never_applied: "Ни разу не понадобились",
    n_calls: "звонков",
    mean: "балл",
    worst: "чаще всего нарушает",
    line: "линия",
    lost: "ПОТЕРЯНО",
    lost_nothing: "Ничего не потеряно.",
    critical: "критично",
    advice_only: "без баллов",
    advice: "совет",
    why: "Почему",
    instead: "Лучше",
    kept: "ВЫПОЛНЕНО",
    not_applied: "НЕ ОТНОСИТСЯ К ЭТОМУ ЗВОНКУ",
    not_known: "НЕЛЬЗЯ СКАЗАТЬ",
    no_score: "без балла: ни один критерий не применим",
    doubt: "Внимание",
    talk: "РАЗГОВОР",
    made_up: "похоже, придумано распознаванием; не оценено",
    wait: "с",
    metrics: "Меры",
    clause: "Основание",
    verdict: "Вывод",
    weight: "Вес",
    talk_share: "речь оператора",
    longest_pause: "самая длинная пауза",
    holds: "удержания",
    interruptions: "перебивания",
    file: "Файл",
    check: "Как проверяется",
    except: "кроме:",
    examples: "Примеры",
};

static EN: Words = Words {
    score: "score",
    agent: "agent",
    call: "call",
    pack: "pack",
    failed: "failed",
    nothing_failed: "no faults",
    nothing_to_score: "nothing to score",
    no_agent: "(not named)",
    by_criterion: "By criterion",
    by_agent: "By agent",
    applied: "applied",
    broken: "failed",
    share: "share",
    unknown_short: "unclear",
    never_broken: "Never failed",
    never_applied: "Never applied",
    n_calls: "calls",
    mean: "score",
    worst: "most frequent fault",
    line: "line",
    lost: "LOST",
    lost_nothing: "Nothing was lost.",
    critical: "critical",
    advice_only: "no points",
    advice: "advice",
    why: "Why",
    instead: "Better",
    kept: "KEPT",
    not_applied: "DOES NOT APPLY TO THIS CALL",
    not_known: "CANNOT BE TOLD",
    no_score: "no score: no criterion applies",
    doubt: "Note",
    talk: "THE TALK",
    made_up: "looks made up by the recogniser; not judged",
    wait: "s",
    metrics: "Measures",
    clause: "Clause",
    verdict: "Verdict",
    weight: "Weight",
    talk_share: "agent's speech",
    longest_pause: "longest pause",
    holds: "holds",
    interruptions: "interruptions",
    file: "File",
    check: "How it is checked",
    except: "except:",
    examples: "Examples",
};

/// The words of a language.
pub(super) fn words(lang: Lang) -> &'static Words {
    lang.pick(&RU, &EN)
}

/// Who speaks, as a transcript for people names them.
pub(super) fn speaker(lang: Lang, speaker: Speaker) -> &'static str {
    match speaker {
        Speaker::Agent => lang.pick("Оператор", "Agent"),
        Speaker::Customer => lang.pick("Клиент", "Customer"),
        Speaker::System => lang.pick("Система", "System"),
    }
}

/// Who called whom.
pub(super) fn direction(lang: Lang, direction: Direction) -> &'static str {
    match direction {
        Direction::Inbound => lang.pick("входящий", "inbound"),
        Direction::Outbound => lang.pick("исходящий", "outbound"),
    }
}

/// One decimal, with the language's decimal mark.
pub(super) fn decimal(lang: Lang, value: f64) -> String {
    let text = format!("{value:.1}");
    match lang {
        Lang::Ru => text.replace('.', ","),
        Lang::En => text,
    }
}

/// A length of time in seconds: `14 с`, `2,5 с`.
pub(super) fn seconds(lang: Lang, time: Millis) -> String {
    let seconds = time.seconds();
    let number = if time.0 % 1000 == 0 || seconds >= 20.0 {
        format!("{seconds:.0}")
    } else {
        decimal(lang, seconds)
    };
    format!("{number} {}", words(lang).wait)
}

/// `n` points.
pub(super) fn points(lang: Lang, n: u64) -> String {
    plural(lang, n, ["балл", "балла", "баллов"], ["point", "points"])
}

/// `n` calls.
pub(super) fn calls(lang: Lang, n: u64) -> String {
    plural(lang, n, ["звонок", "звонка", "звонков"], ["call", "calls"])
}

/// `n` criteria.
pub(super) fn criteria(lang: Lang, n: u64) -> String {
    let ru = ["критерий", "критерия", "критериев"];
    plural(lang, n, ru, ["criterion", "criteria"])
}

/// `n` calls that could not be read.
pub(super) fn unreadable_calls(lang: Lang, n: u64) -> String {
    match lang {
        Lang::Ru => format!("Не прочитано: {n}."),
        Lang::En => format!("Unreadable: {n}."),
    }
}

/// Points of points: `35 из 40`.
pub(super) fn out_of(lang: Lang, earned: u32, possible: u32) -> String {
    let of = lang.pick("из", "of");
    format!(
        "{earned} {of} {}",
        match lang {
            // After «из» the genitive: of 21 is singular, of all others plural.
            Lang::Ru if possible % 10 == 1 && possible % 100 != 11 => format!("{possible} балла"),
            Lang::Ru => format!("{possible} баллов"),
            Lang::En => points(lang, possible.into()),
        }
    )
}

fn plural(lang: Lang, n: u64, ru: [&str; 3], en: [&str; 2]) -> String {
    let word = match lang {
        Lang::En => en[usize::from(n != 1)],
        Lang::Ru => match (n % 10, n % 100) {
            (_, 11..=14) => ru[2],
            (1, _) => ru[0],
            (2..=4, _) => ru[1],
            _ => ru[2],
        },
    };
    format!("{n} {word}")
}

/// A moment given as RFC 3339, as people write it; what is none stays as it is.
pub(super) fn moment(lang: Lang, given: &str) -> String {
    let part = |range: std::ops::Range<usize>| given.get(range).unwrap_or("");
    let (year, month, day, time) = (part(0..4), part(5..7), part(8..10), part(11..16));
    let digits = |text: &str, n: usize| text.len() == n && text.bytes().all(|b| b.is_ascii_digit());
    let is_moment = digits(year, 4)
        && digits(month, 2)
        && digits(day, 2)
        && time.len() == 5
        && time.as_bytes()[2] == b':';
    if !is_moment {
        return given.to_owned();
    }
    match lang {
        Lang::Ru => format!("{day}.{month}.{year} {time}"),
        Lang::En => format!("{year}-{month}-{day} {time}"),
    }
}

/// A verdict in a word.
pub(super) fn verdict(lang: Lang, verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => lang.pick("выполнено", "kept"),
        Verdict::Fail => lang.pick("нарушено", "failed"),
        Verdict::Na => lang.pick("не относится к этому звонку", "does not apply"),
        Verdict::Unknown => lang.pick("нельзя сказать", "cannot be told"),
    }
}

/// What the mean of a pack is called in a line of totals.
pub(super) fn mean_score(lang: Lang) -> &'static str {
    lang.pick("средний балл", "mean score")
}

/// Behind a number of calls: something about them as a whole is doubtful.
pub(super) fn doubtful(lang: Lang) -> &'static str {
    lang.pick(
        "под вопросом: разметка говорящих или линия (?)",
        "with doubtful speakers or line (?)",
    )
}
