//! What the commands say on standard error, in both languages.

mod usage;

use std::path::Path;

use etalon::locale::Lang;

pub(super) use usage::{NO_COUNT, NO_SCORE, Unfit, usage};

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
        Lang::Ru => {
            let [lowest, limit] =
                [format!("{lowest:.1}"), limit.to_string()].map(|n| n.replace('.', ","));
            format!("есть звонок с баллом {lowest}: меньше {limit} (--fail-under)")
        }
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

/// Criteria that `rules test` has nothing to run for.
pub(super) fn untested(lang: Lang, pack: &str, ids: &[&str]) -> String {
    let (n, ids) = (ids.len(), ids.join(", "));
    match lang {
        Lang::Ru => format!("{pack}: критериев без примеров: {n} ({ids}); проверить нечем"),
        Lang::En => format!("{pack}: criteria without examples: {n} ({ids}); nothing tests them"),
    }
}

/// An example with another verdict than it should have.
pub(super) fn wrong_verdict(lang: Lang, id: &str, expected: &str, got: &str) -> String {
    match lang {
        Lang::Ru => format!("{id}: вывод {got}, а должен быть {expected}"),
        Lang::En => format!("{id}: the verdict is {got}, it should be {expected}"),
    }
}

/// An example with another reason than it wants; the one that came out follows as a remark.
pub(super) fn wrong_reason(lang: Lang, id: &str, expected: &str) -> String {
    match lang {
        Lang::Ru => format!("{id}: пояснение другое, а должно быть: {expected}"),
        Lang::En => format!("{id}: the reason is another one, it should be: {expected}"),
    }
}

/// An example with other evidence than is marked in it.
pub(super) fn wrong_evidence(lang: Lang, id: &str, expected: &str, got: &str) -> String {
    match lang {
        Lang::Ru => format!("{id}: найдено {got}, а отмечено {expected}"),
        Lang::En => format!("{id}: found {got}, but marked {expected}"),
    }
}

/// The headings of what is said below an example that came out wrong.
pub(super) struct ExampleLabels {
    pub(super) reason: &'static str,
    pub(super) marked: &'static str,
    pub(super) found: &'static str,
    pub(super) why: &'static str,
    pub(super) agent: &'static str,
    pub(super) customer: &'static str,
    pub(super) system: &'static str,
}

/// See [`ExampleLabels`].
pub(super) fn example_labels(lang: Lang) -> ExampleLabels {
    lang.pick(
        ExampleLabels {
            reason: "причина вывода",
            marked: "отмечено в примере",
            found: "найдено",
            why: "что проверяет пример",
            agent: "О",
            customer: "К",
            system: "Система",
        },
        ExampleLabels {
            reason: "reason of the verdict",
            marked: "marked in the example",
            found: "found",
            why: "what the example is for",
            agent: "agent",
            customer: "customer",
            system: "system",
        },
    )
}

/// `own` is whose example was changed, `judged` whose verdict it is.
pub(super) fn survivor(lang: Lang, [own, mutation, judged, got, wanted]: [&str; 5]) -> String {
    match (lang, own == judged) {
        (Lang::Ru, true) => format!("{own}, {mutation}: вывод {got}, а должен быть {wanted}"),
        (Lang::Ru, false) => {
            format!("{own}, {mutation}: вывод {judged} стал {got}, а должен остаться {wanted}")
        }
        (Lang::En, true) => {
            format!("{own}, {mutation}: the verdict is {got}, it should be {wanted}")
        }
        (Lang::En, false) => {
            format!("{own}, {mutation}: {judged} became {got}, it should stay {wanted}")
        }
    }
}

/// Any other verdict.
pub(super) fn not(lang: Lang, verdict: &str) -> String {
    match lang {
        Lang::Ru => format!("не {verdict}"),
        Lang::En => format!("not {verdict}"),
    }
}

/// A reason for a survivor that is none.
pub(super) fn unused_reason(lang: Lang, id: &str, mutation: &str) -> String {
    match lang {
        Lang::Ru => format!("{id}: причина для {mutation} не понадобилась, уберите её"),
        Lang::En => format!("{id}: nothing needs the reason for {mutation}; remove it"),
    }
}

/// `[examples, tried, survived, excused, unused]`.
pub(super) fn stressed(lang: Lang, pack: &str, counts: [usize; 5]) -> String {
    let [examples, tried, survived, excused, unused] = counts;
    match lang {
        Lang::Ru => format!(
            "{pack}: примеров {examples}, изменений {tried}, устояло без причины {survived}, с причиной {excused}, лишних причин {unused}"
        ),
        Lang::En => format!(
            "{pack}: {examples} examples, {tried} changes, {survived} survived without a reason, {excused} with one, {unused} reasons unused"
        ),
    }
}

/// `-p` names one pack twice.
pub(super) fn pack_twice(lang: Lang, name: &str) -> String {
    match lang {
        Lang::Ru => format!("набор правил «{name}» назван дважды"),
        Lang::En => format!("the pack `{name}` is given twice"),
    }
}

/// Two folders hold packs of one id.
pub(super) fn same_id(lang: Lang, id: &str) -> String {
    match lang {
        Lang::Ru => {
            format!("у двух наборов правил один id «{id}»\nизмените `id` в pack.toml одного из них")
        }
        Lang::En => format!("two packs have the id `{id}`\nchange `id` in the pack.toml of one"),
    }
}

/// Neither a pack inside nor a folder.
pub(super) fn no_pack(lang: Lang, name: &str, known: &str) -> String {
    match lang {
        Lang::Ru => format!(
            "нет набора правил «{name}»\nвнутри etalon есть: {known}; любой другой задаётся путём к его папке"
        ),
        Lang::En => format!(
            "there is no pack `{name}`\npacks inside etalon: {known}; any other is given as the path of its folder"
        ),
    }
}

/// `--line` that no pack knows.
pub(super) fn no_line(lang: Lang, line: &str, known: &str) -> String {
    match lang {
        Lang::Ru => format!("--line: в наборе правил нет линии «{line}»\nего линии: {known}"),
        Lang::En => format!("--line: the pack knows no line `{line}`\nits lines: {known}"),
    }
}

/// `rules new` with what cannot be an id.
pub(super) fn no_id(lang: Lang, id: &str) -> String {
    match lang {
        Lang::Ru => format!(
            "«{id}» не годится как id критерия\nid — это раздел.требование, строчными латинскими буквами, цифрами и `_`"
        ),
        Lang::En => format!(
            "`{id}` is no id of a criterion\nan id is section.requirement, in small Latin letters, digits and `_`"
        ),
    }
}

/// A file that cannot be written; why stands behind it.
pub(super) fn cannot_write(lang: Lang, path: &Path) -> String {
    match lang {
        Lang::Ru => format!("не удалось записать {}", path.display()),
        Lang::En => format!("cannot write {}", path.display()),
    }
}

/// A file that cannot be read; why stands behind it.
pub(super) fn cannot_read(lang: Lang, path: &Path) -> String {
    match lang {
        Lang::Ru => format!("не удалось прочитать {}", path.display()),
        Lang::En => format!("cannot read {}", path.display()),
    }
}

/// `show` takes no folders.
pub(super) fn show_of_folder(lang: Lang, path: &Path) -> String {
    match lang {
        Lang::Ru => format!(
            "{} — папка\n`show` берёт один файл, папки берёт `audit`",
            path.display()
        ),
        Lang::En => format!(
            "{} is a folder\n`show` takes one file; `audit` takes folders",
            path.display()
        ),
    }
}

/// An output would overwrite a call.
pub(super) fn output_is_input(lang: Lang, path: &str) -> String {
    match lang {
        Lang::Ru => format!("{path} — это и входной файл\nзапишите отчёт в другой файл"),
        Lang::En => format!("{path} is also an input\nwrite the report to another file"),
    }
}

/// One output, two times.
pub(super) fn output_twice(lang: Lang, path: &Path) -> String {
    match lang {
        Lang::Ru => format!("-o {} задано дважды", path.display()),
        Lang::En => format!("-o {} is given twice", path.display()),
    }
}

/// An output's ending is unknown.
pub(super) fn no_format(lang: Lang, path: &Path, known: &str) -> String {
    match lang {
        Lang::Ru => format!(
            "-o {}: по окончанию не понять, какой нужен вид\nизвестные окончания: {known}",
            path.display()
        ),
        Lang::En => format!(
            "-o {}: the ending names no format\nknown endings: {known}",
            path.display()
        ),
    }
}

/// `-` more than once.
pub(super) fn stdin_twice(lang: Lang) -> &'static str {
    lang.pick(
        "стандартный ввод (-) назван дважды\nпрочитать его можно один раз",
        "standard input (-) is named twice\nit can be read only once",
    )
}

/// `audit` without paths.
pub(super) fn no_calls(lang: Lang) -> &'static str {
    lang.pick(
        "не названы звонки\nназовите файлы, папки или - для стандартного ввода",
        "no calls are named\nname files, folders, or - for standard input",
    )
}

/// Standard output or a file failed.
pub(super) fn cannot_write_cards(lang: Lang) -> &'static str {
    lang.pick("не удалось записать оценки", "cannot write the scorecards")
}

/// An output such as `..`.
pub(super) fn no_file_name(lang: Lang, path: &Path) -> String {
    match lang {
        Lang::Ru => format!("{} — не имя файла", path.display()),
        Lang::En => format!("{} names no file", path.display()),
    }
}

/// An output that is a folder.
pub(super) fn output_is_folder(lang: Lang, path: &Path) -> String {
    match lang {
        Lang::Ru => format!("{} — папка\nназовите файл в ней", path.display()),
        Lang::En => format!("{} is a folder\nname a file in it", path.display()),
    }
}

/// No criterion of that id; `near` are those that may be meant, or nothing.
pub(super) fn no_criterion(lang: Lang, id: &str, near: &str) -> String {
    match (lang, near) {
        (Lang::Ru, "") => format!("нет критерия «{id}»\nвсе называет `etalon rules list`"),
        (Lang::Ru, _) => format!("нет критерия «{id}»\nможет быть: {near}"),
        (Lang::En, "") => format!("no criterion `{id}`\n`etalon rules list` names all"),
        (Lang::En, _) => format!("no criterion `{id}`\n{near}"),
    }
}

/// The heading of what is missing in a template.
pub(super) fn warning(lang: Lang) -> &'static str {
    lang.pick("предупреждение", "warning")
}

/// `lint` without a path.
pub(super) fn lint_nothing(lang: Lang) -> &'static str {
    lang.pick(
        "не сказано, что проверять\nназовите файлы или папки с шаблонами, или «-» для стандартного ввода",
        "nothing to lint was named\nname files or folders of templates, or - for standard input",
    )
}

/// A folder that cannot be searched.
pub(super) fn cannot_walk(lang: Lang, path: &Path) -> String {
    let path = path.display();
    match lang {
        Lang::Ru => format!("папка {path} не читается"),
        Lang::En => format!("the folder {path} cannot be read"),
    }
}

/// The path through a script that lacks a part.
pub(super) fn lint_path(lang: Lang, path: &[String]) -> String {
    let path = path.join(" → ");
    match lang {
        Lang::Ru => format!("путь: {path}"),
        Lang::En => format!("path: {path}"),
    }
}

/// The last line of `lint`.
pub(super) fn lint_totals(
    lang: Lang,
    files: usize,
    errors: usize,
    warnings: usize,
    fixed: usize,
) -> String {
    let totals = match lang {
        Lang::Ru => format!("файлов: {files}, ошибок: {errors}, предупреждений: {warnings}"),
        Lang::En => format!("files: {files}, errors: {errors}, warnings: {warnings}"),
    };
    match (fixed, lang) {
        (0, _) => totals,
        (_, Lang::Ru) => format!("{totals}, исправлено: {fixed}"),
        (_, Lang::En) => format!("{totals}, fixed: {fixed}"),
    }
}

/// `--unsafe-fixes` without what it belongs to.
pub(super) fn lint_unsafe_alone(lang: Lang) -> &'static str {
    lang.pick(
        "--unsafe-fixes действует вместе с --fix или --diff\nдобавьте одно из двух",
        "--unsafe-fixes goes with --fix or --diff\nadd one of them",
    )
}

/// `--fix` and `--diff`: one writes, the other promises to write nothing.
pub(super) fn lint_fix_or_diff(lang: Lang) -> &'static str {
    lang.pick(
        "--fix и --diff вместе: одно исправляет файлы, другое только показывает исправления\nоставьте одно из двух",
        "--fix with --diff: the one changes files, the other only shows what would change\nkeep one of them",
    )
}

/// `--stdin-filename` where standard input is not read.
pub(super) fn lint_no_stdin(lang: Lang) -> &'static str {
    lang.pick(
        "--stdin-filename даёт имя стандартному вводу, а он не назван среди файлов\nдобавьте «-» или уберите --stdin-filename",
        "--stdin-filename names standard input, which is not among the files\nadd - or take --stdin-filename away",
    )
}

/// A file that may not be written.
pub(super) fn lint_read_only(lang: Lang, path: &Path) -> String {
    let path = path.display();
    match lang {
        Lang::Ru => format!(
            "файл {path} только для чтения\nразрешите запись или посмотрите исправления с --diff"
        ),
        Lang::En => format!("{path} is read-only\nallow writing, or look at the fixes with --diff"),
    }
}

/// A baseline that cannot be opened.
pub(super) fn lint_no_baseline(lang: Lang, path: &Path) -> String {
    let path = path.display();
    match lang {
        Lang::Ru => format!("файл {path} не читается; его пишет --write-baseline"),
        Lang::En => format!("{path} cannot be read; --write-baseline writes it"),
    }
}

/// A baseline that is none.
pub(super) fn lint_bad_baseline(lang: Lang, path: &Path, why: &str) -> String {
    let path = path.display();
    match lang {
        Lang::Ru => format!(
            "{path} не похож на файл известных замечаний: {why}\nзапишите его заново с --write-baseline"
        ),
        Lang::En => format!("{path} is no baseline: {why}\nwrite it anew with --write-baseline"),
    }
}

/// An entry of a baseline that meets no finding: what is wrong, what to do.
pub(super) fn lint_stale(lang: Lang, criterion: &str, text: &str, left: usize) -> (String, String) {
    match lang {
        Lang::Ru => (
            format!("известного замечания больше нет: {criterion} «{text}» ({left})"),
            "запишите список заново с --write-baseline".to_owned(),
        ),
        Lang::En => (
            format!("a known finding is gone: {criterion} `{text}` ({left})"),
            "write the list anew with --write-baseline".to_owned(),
        ),
    }
}

/// A configuration that cannot be opened.
pub(super) fn lint_no_config(lang: Lang, path: &Path) -> String {
    let path = path.display();
    match lang {
        Lang::Ru => format!("файл {path} не читается"),
        Lang::En => format!("{path} cannot be read"),
    }
}

/// A pattern of files that cannot be.
pub(super) fn lint_bad_glob(lang: Lang, glob: &str) -> String {
    match lang {
        Lang::Ru => format!("etalon.toml: образец файлов «{glob}» не понят"),
        Lang::En => format!("etalon.toml: cannot make out the pattern `{glob}`"),
    }
}

/// Why something does not go with `--watch`.
#[derive(Debug, Clone, Copy)]
pub(super) enum WatchNot {
    /// It can be read only once.
    Once,
    /// A report is one thing, whole.
    Report,
    /// Files would change while somebody edits them.
    Writes,
}

/// An option that makes no sense with `--watch`.
pub(super) fn lint_watch_not(lang: Lang, what: &str, why: WatchNot) -> String {
    let (reason, help) = match (lang, why) {
        (Lang::Ru, WatchNot::Once) => (
            "стандартный ввод читается один раз",
            "назовите файлы или папки",
        ),
        (Lang::Ru, WatchNot::Report) => (
            "отчёт для программ пишется один раз и целиком",
            "с --watch есть --format full и --format concise; отчёт запишите отдельным запуском",
        ),
        (Lang::Ru, WatchNot::Writes) => (
            "файлы менялись бы, пока их правят",
            "запустите это отдельно, без --watch",
        ),
        (Lang::En, WatchNot::Once) => (
            "standard input can be read only once",
            "name files or folders",
        ),
        (Lang::En, WatchNot::Report) => (
            "a report for programs is written once and whole",
            "with --watch there are --format full and --format concise; write the report in a run of its own",
        ),
        (Lang::En, WatchNot::Writes) => (
            "files would change while somebody edits them",
            "run it by itself, without --watch",
        ),
    };
    match lang {
        Lang::Ru => format!("{what} не сочетается с --watch: {reason}\n{help}"),
        Lang::En => format!("{what} does not go with --watch: {reason}\n{help}"),
    }
}

/// What changed since the last pass of `--watch`.
pub(super) fn lint_changed(lang: Lang, names: &[String]) -> String {
    const NAMED_MAX: usize = 3;
    let named = names[..names.len().min(NAMED_MAX)].join(", ");
    let more = names.len().saturating_sub(NAMED_MAX);
    let text = match lang {
        Lang::Ru => format!("\nизменено: {named}"),
        Lang::En => format!("\nchanged: {named}"),
    };
    match (more, lang) {
        (0, _) => text,
        (more, Lang::Ru) => format!("{text} и ещё {more}"),
        (more, Lang::En) => format!("{text} and {more} more"),
    }
}

/// The last line of a pass of `--watch`.
pub(super) fn lint_waits(lang: Lang) -> &'static str {
    lang.pick(
        "жду изменений; Ctrl-C — выход",
        "waiting for changes; Ctrl-C ends",
    )
}

/// Changes of files cannot be watched at all.
pub(super) fn lint_no_watch(lang: Lang) -> &'static str {
    lang.pick(
        "система не даёт следить за файлами; запустите etalon lint без --watch",
        "the system does not let files be watched; run etalon lint without --watch",
    )
}

/// A folder that cannot be watched.
pub(super) fn lint_no_watch_of(lang: Lang, path: &Path) -> String {
    let path = path.display();
    match lang {
        Lang::Ru => format!(
            "за папкой {path} не удаётся следить; если папок слишком много, назовите только нужные"
        ),
        Lang::En => format!(
            "the folder {path} cannot be watched; where there are too many, name only those that matter"
        ),
    }
}
