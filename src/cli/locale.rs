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
