//! What linting tells the author of a template, in both languages.

use crate::locale::Lang;

/// `(what is wrong, what to do)`.
pub(super) fn problem(lang: Lang, code: &str, args: &[String]) -> (String, String) {
    let arg = |index: usize| args.get(index).map_or("", String::as_str);
    let (ru, en) = match code {
        "script/binary-file" => (
            (
                format!("это не текст, а двоичный файл ({})", arg(0)),
                "сохраните шаблон как .md, .txt, .html, .docx, .csv или .xlsx с верным расширением"
                    .to_owned(),
            ),
            (
                format!("this is no text but a binary file ({})", arg(0)),
                "save the template as .md, .txt, .html, .docx, .csv or .xlsx under its own ending"
                    .to_owned(),
            ),
        ),
        "script/unreadable" => (
            (
                format!("не читается: {}", arg(0)),
                "проверьте путь и права".to_owned(),
            ),
            (
                format!("cannot be read: {}", arg(0)),
                "check the path and its permissions".to_owned(),
            ),
        ),
        "script/no-templates" => (
            (
                "в папке нет шаблонов".to_owned(),
                format!(
                    "шаблоны — файлы с окончаниями {}; файл с другим окончанием назовите сам по себе; что не хранит git, не читается",
                    arg(0)
                ),
            ),
            (
                "the folder has no templates".to_owned(),
                format!(
                    "templates are files that end with {}; name a file with another ending by itself; what git ignores is not read",
                    arg(0)
                ),
            ),
        ),
        "script/all-left-out" => (
            (
                format!("etalon.toml исключает все шаблоны папки ({})", arg(0)),
                "проверьте include и exclude или назовите файл сам по себе".to_owned(),
            ),
            (
                format!(
                    "etalon.toml leaves out every template of the folder ({})",
                    arg(0)
                ),
                "look at include and exclude, or name a file by itself".to_owned(),
            ),
        ),
        "script/empty-file" => (
            (
                "в файле нет ни слова".to_owned(),
                "проверьте, сохранён ли шаблон".to_owned(),
            ),
            (
                "the file has not a word in it".to_owned(),
                "see whether the template was saved".to_owned(),
            ),
        ),
        "script/broken-file" => (
            (
                format!("файл {} повреждён: {}", arg(0), arg(1)),
                "откройте его в редакторе и сохраните заново".to_owned(),
            ),
            (
                format!("the {} file is broken: {}", arg(0), arg(1)),
                "open it in an editor and save it again".to_owned(),
            ),
        ),
        "script/bad-bytes" => (
            (
                format!("в файле есть байты, которых нет в кодировке {}", arg(0)),
                "сохраните файл в UTF-8".to_owned(),
            ),
            (
                format!("the file has bytes that {} does not know", arg(0)),
                "save the file as UTF-8".to_owned(),
            ),
        ),
        "script/hidden-sheets" => (
            (
                format!("скрытые листы не читаются: {}", arg(0)),
                "если реплики стоят там, покажите лист".to_owned(),
            ),
            (
                format!("hidden sheets are not read: {}", arg(0)),
                "if turns stand there, unhide the sheet".to_owned(),
            ),
        ),
        "script/code-skipped" => (
            (
                "блоки кода не читаются как речь".to_owned(),
                "если это реплики, уберите ограждение ```".to_owned(),
            ),
            (
                "code blocks are not read as speech".to_owned(),
                "if they are turns, take the ``` fence away".to_owned(),
            ),
        ),
        "script/unclosed-slot" => (
            (
                format!(
                    "скобка «{}» не закрыта: место для подстановки не прочитано",
                    arg(0)
                ),
                "закройте её, например [имя]".to_owned(),
            ),
            (
                format!(
                    "the bracket `{}` is not closed: no slot could be read",
                    arg(0)
                ),
                "close it, as in [name]".to_owned(),
            ),
        ),
        "script/unclosed-more" => (
            (
                "отсюда и дальше есть ещё незакрытые скобки".to_owned(),
                "закройте их, например [имя]".to_owned(),
            ),
            (
                "from here on more brackets are not closed".to_owned(),
                "close them, as in [name]".to_owned(),
            ),
        ),
        "script/front-key" => (
            (
                format!("в заголовке файла неизвестный ключ «{}» у etalon", arg(0)),
                "известны pack, line, direction, kind".to_owned(),
            ),
            (
                format!("unknown key `{}` of etalon in the front matter", arg(0)),
                "known are pack, line, direction, kind".to_owned(),
            ),
        ),
        "script/front-value" => (
            (
                format!(
                    "в заголовке файла у ключа «{}» не бывает значения «{}»",
                    arg(0),
                    arg(1)
                ),
                "direction: inbound или outbound; kind: script или template".to_owned(),
            ),
            (
                format!("in the front matter `{}` cannot be `{}`", arg(0), arg(1)),
                "direction: inbound or outbound; kind: script or template".to_owned(),
            ),
        ),
        "script/unknown-pack" => (
            (
                format!(
                    "заголовок файла называет набор правил «{}», которого нет",
                    arg(0)
                ),
                format!("есть {}; папку с правилами задаёт -p", arg(1)),
            ),
            (
                format!(
                    "the front matter names the pack `{}`, which does not exist",
                    arg(0)
                ),
                format!("there are {}; a folder of rules is given with -p", arg(1)),
            ),
        ),
        "script/unknown-line" => (
            (
                format!(
                    "заголовок файла называет линию «{}», которой нет в наборе правил",
                    arg(0)
                ),
                format!("есть {}", arg(1)),
            ),
            (
                format!(
                    "the front matter names the line `{}`, which the pack does not know",
                    arg(0)
                ),
                format!("there are {}", arg(1)),
            ),
        ),
        "script/many-paths" => (
            (
                format!("ветвей слишком много: просмотрены первые {} путей", arg(0)),
                "разделите сценарий на несколько файлов".to_owned(),
            ),
            (
                format!(
                    "too many branches: the first {} paths were looked at",
                    arg(0)
                ),
                "divide the script into several files".to_owned(),
            ),
        ),
        "script/ignore-form" => (
            (
                format!("пометка etalon не понята: «{}»", arg(0)),
                "пишите так: etalon: ignore ТРЕБОВАНИЕ: почему".to_owned(),
            ),
            (
                format!("cannot make out the remark of etalon: `{}`", arg(0)),
                "write it so: etalon: ignore CRITERION: why".to_owned(),
            ),
        ),
        "script/ignore-reason" => (
            (
                format!(
                    "пометка «ignore {}» не действует: не сказано почему",
                    arg(0)
                ),
                format!(
                    "допишите причину через двоеточие: etalon: ignore {}: почему",
                    arg(0)
                ),
            ),
            (
                format!(
                    "the remark `ignore {}` has no effect: it does not say why",
                    arg(0)
                ),
                format!(
                    "add the reason behind a colon: etalon: ignore {}: why",
                    arg(0)
                ),
            ),
        ),
        "script/ignore-unknown" => (
            (
                format!("пометка называет критерий «{}», которого нет", arg(0)),
                match arg(1) {
                    "" => "все критерии показывает etalon rules list".to_owned(),
                    near => format!("может быть, {near}?"),
                },
            ),
            (
                format!(
                    "the remark names the criterion `{}`, which does not exist",
                    arg(0)
                ),
                match arg(1) {
                    "" => "`etalon rules list` names all".to_owned(),
                    near => format!("did you mean `{near}`?"),
                },
            ),
        ),
        "script/ignore-unused" => (
            (
                format!("пометка для «{}» ничего не отменяет", arg(0)),
                "уберите её".to_owned(),
            ),
            (
                format!("the remark for `{}` meets no finding", arg(0)),
                "take it away".to_owned(),
            ),
        ),
        "config/unknown-key" => (
            (
                format!("неизвестный ключ «{}»", arg(0)),
                if arg(1).is_empty() {
                    format!("известны {}", arg(2))
                } else {
                    format!("может быть, {}?", arg(1))
                },
            ),
            (
                format!("unknown key `{}`", arg(0)),
                if arg(1).is_empty() {
                    format!("known are {}", arg(2))
                } else {
                    format!("did you mean `{}`?", arg(1))
                },
            ),
        ),
        "config/value" => (
            (
                format!("файл настроек не прочитан: {}", arg(0)),
                "как он пишется, сказано в docs/lint-living.md".to_owned(),
            ),
            (
                format!("the configuration cannot be read: {}", arg(0)),
                "docs/lint-living.md says how it is written".to_owned(),
            ),
        ),
        "config/unknown-criterion" => (
            (
                format!("нет критерия «{}»", arg(0)),
                if arg(1).is_empty() {
                    "все критерии показывает etalon rules list".to_owned()
                } else {
                    format!("может быть, {}?", arg(1))
                },
            ),
            (
                format!("no criterion `{}`", arg(0)),
                if arg(1).is_empty() {
                    "`etalon rules list` names all".to_owned()
                } else {
                    format!("did you mean `{}`?", arg(1))
                },
            ),
        ),
        "config/unknown-slot" => (
            (
                format!("подстановка не бывает «{}»", arg(0)),
                if arg(1).is_empty() {
                    format!("есть {}", arg(2))
                } else {
                    format!("может быть, {}?", arg(1))
                },
            ),
            (
                format!("no slot means `{}`", arg(0)),
                if arg(1).is_empty() {
                    format!("there are {}", arg(2))
                } else {
                    format!("did you mean `{}`?", arg(1))
                },
            ),
        ),
        "script/fix-packed" => (
            (
                format!("в файл {} исправления не вносятся", arg(0)),
                "исправьте слова в редакторе или храните шаблон как .md".to_owned(),
            ),
            (
                format!("nothing is fixed in a {} file", arg(0)),
                "put the words in with an editor, or keep the template as .md".to_owned(),
            ),
        ),
        "script/fix-unplaced" => (
            (
                format!(
                    "«{}» здесь не исправить: слово разделено разметкой, дефисом или концом строки",
                    arg(0)
                ),
                "исправьте его в редакторе".to_owned(),
            ),
            (
                format!(
                    "`{}` cannot be fixed here: markup, a hyphen or a line end cuts the word",
                    arg(0)
                ),
                "put the right word in with an editor".to_owned(),
            ),
        ),
        "script/fix-encoding" => (
            (
                format!(
                    "файл не записан: в нём есть байты не в кодировке {}",
                    arg(0)
                ),
                "сохраните файл в UTF-8 и повторите".to_owned(),
            ),
            (
                format!(
                    "the file was not written: it has bytes that are not {}",
                    arg(0)
                ),
                "save the file as UTF-8 and try again".to_owned(),
            ),
        ),
        _ => (
            (code.to_owned(), String::new()),
            (code.to_owned(), String::new()),
        ),
    };
    lang.pick(ru, en)
}

/// What a whole script lacks.
pub(super) fn on_path(lang: Lang, reason: &str) -> String {
    match lang {
        Lang::Ru => format!("весь сценарий: {reason}"),
        Lang::En => format!("the whole script: {reason}"),
    }
}
