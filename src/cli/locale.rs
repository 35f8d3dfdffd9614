//! What the commands say on standard error, in both languages.

use etalon::locale::Lang;

/// Files of a folder that are no transcripts by their endings.
pub(super) fn passed_over(lang: Lang, n: usize, first: &str) -> String {
    match lang {
        Lang::Ru => format!("не расшифровки, не читались: {n} (первый файл: {first})"),
        Lang::En => format!("no transcripts, not read: {n} (the first: {first})"),
    }
}

/// A doubt about calls that were scored all the same.
pub(super) fn note(lang: Lang, message: &str, calls: u64, first: &str) -> String {
    match lang {
        Lang::Ru => format!("{message} (звонков: {calls}, первый: {first})"),
        Lang::En => format!("{message} (calls: {calls}, the first: {first})"),
    }
}

/// How many could not be read.
pub(super) fn unreadable(lang: Lang, n: u64, calls: u64) -> String {
    match lang {
        Lang::Ru => format!("не прочитано: {n}; оценено звонков: {calls}"),
        Lang::En => format!("unreadable: {n}; calls scored: {calls}"),
    }
}

/// The gate `--fail-under`.
pub(super) fn under(lang: Lang, lowest: f64, limit: f64) -> String {
    match lang {
        Lang::Ru => format!("есть звонок с баллом {lowest:.1}: меньше {limit} (--fail-under)"),
        Lang::En => format!("a call scores {lowest:.1}, under {limit} (--fail-under)"),
    }
}

/// The gate `--fail-on critical`.
pub(super) fn critical(lang: Lang, n: u64) -> String {
    match lang {
        Lang::Ru => format!("звонков с критичным нарушением: {n} (--fail-on critical)"),
        Lang::En => format!("calls with a critical fault: {n} (--fail-on critical)"),
    }
}

/// A line of a stream that is too long to be one call.
pub(super) fn long_line(lang: Lang, megabytes: usize) -> String {
    match lang {
        Lang::Ru => format!("строка длиннее {megabytes} МБ: это не один звонок"),
        Lang::En => format!("the line is longer than {megabytes} MB: that is no single call"),
    }
}

/// `(error, note, help)` as headings.
pub(super) fn headings(lang: Lang) -> (&'static str, &'static str, &'static str) {
    lang.pick(
        ("ошибка", "замечание", "что делать"),
        ("error", "note", "help"),
    )
}

/// Several calls where one is shown.
pub(super) fn which_call(lang: Lang, path: &str, ids: &str) -> String {
    match lang {
        Lang::Ru => format!("в {path} несколько звонков; какой показать, говорит --id: {ids}"),
        Lang::En => format!("{path} holds several calls; name one with --id: {ids}"),
    }
}

/// No call of that id.
pub(super) fn no_call(lang: Lang, path: &str, id: &str) -> String {
    match lang {
        Lang::Ru => format!("в {path} нет звонка «{id}»"),
        Lang::En => format!("{path} holds no call `{id}`"),
    }
}

/// How many things a check found.
pub(super) fn findings(lang: Lang, n: usize) -> String {
    match lang {
        Lang::Ru => format!("найдено: {n}"),
        Lang::En => format!("found: {n}"),
    }
}

/// A pack's examples were run.
pub(super) fn tested(
    lang: Lang,
    pack: &str,
    criteria: usize,
    examples: usize,
    wrong: usize,
) -> String {
    match (lang, wrong) {
        (Lang::Ru, 0) => format!("{pack}: критериев {criteria}, примеров {examples}, все верны"),
        (Lang::Ru, _) => {
            format!("{pack}: критериев {criteria}, примеров {examples}, неверно {wrong}")
        }
        (Lang::En, 0) => {
            format!("{pack}: {criteria} criteria, {examples} examples, all as expected")
        }
        (Lang::En, _) => {
            format!("{pack}: {criteria} criteria, {examples} examples, {wrong} not as expected")
        }
    }
}

/// An example with another verdict than it should have.
pub(super) fn wrong_verdict(lang: Lang, id: &str, expected: &str, got: &str) -> String {
    match lang {
        Lang::Ru => format!("{id}: вывод {got}, а должен быть {expected}"),
        Lang::En => format!("{id}: the verdict is {got}, it should be {expected}"),
    }
}

/// An example with other evidence than is marked in it.
pub(super) fn wrong_evidence(lang: Lang, id: &str, expected: &str, got: &str) -> String {
    match lang {
        Lang::Ru => format!("{id}: найдено {got}, а отмечено {expected}"),
        Lang::En => format!("{id}: found {got}, but marked {expected}"),
    }
}
