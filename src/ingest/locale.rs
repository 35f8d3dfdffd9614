//! What can be wrong with an input, in words for people: one table, both languages.

use crate::locale::Lang;

/// One kind of trouble: its stable code and its sentences, English first. `{0}`, `{1}` stand for the arguments.
#[derive(Debug)]
pub struct Sentence {
    /// Stable, for machines and documentation: `ingest/unknown-speaker`.
    pub code: &'static str,
    /// What is wrong.
    pub message: [&'static str; 2],
    /// What to do about it.
    pub help: [&'static str; 2],
}

/// One trouble: its sentence and what fills the gaps.
#[derive(Debug, Clone)]
pub struct Problem {
    sentence: &'static Sentence,
    args: Vec<String>,
}

impl Problem {
    pub(super) fn new(sentence: &'static Sentence, args: &[&str]) -> Self {
        let args = args.iter().map(|arg| (*arg).to_owned()).collect();
        Self { sentence, args }
    }

    /// Stable, for machines and documentation: `ingest/unknown-speaker`.
    pub fn code(&self) -> &'static str {
        self.sentence.code
    }

    /// What is wrong: one sentence without its place and without a full stop.
    pub fn message(&self, lang: Lang) -> String {
        self.fill(self.sentence.message[index(lang)], lang)
    }

    /// What to do about it: one sentence without a full stop.
    pub fn help(&self, lang: Lang) -> String {
        self.fill(self.sentence.help[index(lang)], lang)
    }

    fn fill(&self, template: &str, lang: Lang) -> String {
        let mut out = String::with_capacity(template.len() + 32);
        let mut rest = template;
        while let Some(at) = rest.find('{') {
            out.push_str(&rest[..at]);
            let digit = rest.as_bytes().get(at + 1).copied().unwrap_or(b'0');
            let arg = self.args.get(usize::from(digit.wrapping_sub(b'0')));
            out.push_str(&arg.map_or_else(String::new, |arg| term(arg, lang)));
            rest = rest.get(at + 3..).unwrap_or_default();
        }
        out.push_str(rest);
        out
    }
}

fn index(lang: Lang) -> usize {
    match lang {
        Lang::En => 0,
        Lang::Ru => 1,
    }
}

/// Arguments that begin with `@` are words of ours; others are words of the input, made short and harmless.
fn term(arg: &str, lang: Lang) -> String {
    if let Some((_, words)) = TERMS.iter().find(|(key, _)| *key == arg) {
        return words[index(lang)].to_owned();
    }
    let mut out: String = arg
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(ARG_CHARS_MAX + 1)
        .collect();
    if out.chars().count() > ARG_CHARS_MAX {
        out.pop();
        out.push('…');
    }
    out
}

/// A quoted word of the input is cut here.
const ARG_CHARS_MAX: usize = 160;

const TERMS: &[(&str, [&str; 2])] = &[
    (
        "@zip",
        [
            "a ZIP archive or an Office file (xlsx, docx)",
            "архив ZIP или файл Office (xlsx, docx)",
        ],
    ),
    (
        "@ole",
        [
            "an old Office file (xls, doc)",
            "старый файл Office (xls, doc)",
        ],
    ),
    ("@pdf", ["a PDF document", "документ PDF"]),
    ("@rtf", ["an RTF document", "документ RTF"]),
    ("@html", ["a web page", "веб-страница"]),
    ("@audio", ["a sound recording", "звукозапись"]),
    ("@gzip", ["a compressed file", "сжатый файл"]),
    ("@image", ["a picture", "изображение"]),
    ("@binary", ["a binary file", "двоичный файл"]),
    ("@string", ["a string", "строка"]),
    ("@number", ["a number of seconds", "число секунд"]),
    ("@object", ["an object", "объект"]),
    ("@array", ["an array", "массив"]),
    ("@id", ["a string or a number", "строка или число"]),
    (
        "@eof",
        [
            "the text breaks off before its brackets or quotes are closed",
            "текст обрывается: скобки или кавычки не закрыты",
        ],
    ),
    (
        "@no-comma",
        [
            "expected `,` or a closing bracket",
            "ожидалась запятая или закрывающая скобка",
        ],
    ),
    ("@no-value", ["expected a value", "ожидалось значение"]),
    (
        "@no-key",
        ["expected a key in quotes", "ожидался ключ в кавычках"],
    ),
    ("@no-colon", ["expected `:`", "ожидалось двоеточие"]),
    (
        "@trailing",
        [
            "there is something after the end of the object",
            "после конца объекта есть что-то ещё",
        ],
    ),
    (
        "@trailing-comma",
        [
            "a comma stands before the closing bracket",
            "перед закрывающей скобкой стоит запятая",
        ],
    ),
    (
        "@control",
        [
            "a control character stands inside a string",
            "внутри строки стоит управляющий символ",
        ],
    ),
    (
        "@escape",
        [
            "a wrong escape after `\\`",
            "неверная последовательность после `\\`",
        ],
    ),
    (
        "@bad-number",
        ["a number is written wrongly", "число записано с ошибкой"],
    ),
    (
        "@deep",
        [
            "brackets are nested too deeply",
            "слишком глубокая вложенность скобок",
        ],
    ),
    (
        "@half",
        [
            "`start` without `end`, or the other way round",
            "`start` без `end` или наоборот",
        ],
    ),
    (
        "@end-first",
        ["the end is before the start", "конец раньше начала"],
    ),
    (
        "@backwards",
        [
            "the turn begins before the turn above it",
            "реплика начинается раньше предыдущей",
        ],
    ),
    (
        "@negative",
        [
            "the time is negative or impossibly large",
            "время отрицательное или невозможно большое",
        ],
    ),
    (
        "@no-time",
        [
            "this turn has no times and others have",
            "у этой реплики нет времени, а у других есть",
        ],
    ),
    (
        "@not-time",
        ["this is no time in seconds", "это не время в секундах"],
    ),
    (
        "@only-starts",
        [
            "only starts are given, so the ends are unknown",
            "даны только начала, концы реплик неизвестны",
        ],
    ),
    ("@call", ["the call's id", "указан номер звонка"]),
    ("@role", ["the speaker", "сказано, кто говорит"]),
    ("@text", ["the words", "стоит текст реплики"]),
];

macro_rules! sentences {
    ($($name:ident $code:literal
        en $en:literal $en_help:literal
        ru $ru:literal $ru_help:literal)*) => {
        $(pub(super) static $name: Sentence = Sentence {
            code: $code,
            message: [$en, $ru],
            help: [$en_help, $ru_help],
        };)*
        /// Every trouble that an input may have, in no particular order; codes are unique.
        pub static SENTENCES: &[&Sentence] = &[$(&$name),*];
    };
}

sentences! {
    NOT_FOUND "ingest/not-found"
        en "there is no such file or folder" "check the path"
        ru "нет такого файла или папки" "проверьте путь"
    UNREADABLE "ingest/unreadable"
        en "cannot be read: {0}" "check the permissions and that the disk is there"
        ru "не читается: {0}" "проверьте права доступа и доступность диска"
    EMPTY_FOLDER "ingest/no-transcripts"
        en "the folder holds no transcripts" "transcripts are files that end in {0}; name a file of another ending itself"
        ru "в папке нет расшифровок" "расшифровки — файлы с окончаниями {0}; файл с другим окончанием назовите сам по себе"
    EMPTY_LINE "ingest/empty-line"
        en "the line is empty: there is no call in it" "one line is one call in JSON"
        ru "строка пуста: звонка в ней нет" "одна строка — один звонок в JSON"
    EMPTY_FILE "ingest/empty-file"
        en "the file is empty" "export the call again"
        ru "файл пуст" "выгрузите звонок заново"
    BINARY "ingest/binary"
        en "this is {0}, not a transcript" "save the transcript as text: JSON, CSV or dialogue lines"
        ru "это {0}, а не расшифровка" "сохраните расшифровку текстом: JSON, CSV или реплики построчно"
    NOT_UTF8 "ingest/not-utf8"
        en "here is a byte that is not UTF-8" "save the file as UTF-8; one encoding for the whole file"
        ru "здесь байт не из UTF-8" "сохраните файл в UTF-8, весь в одной кодировке"
    NOT_A_TRANSCRIPT "ingest/not-a-transcript"
        en "this does not look like a transcript of any known form" "known are: JSON calls, a CSV table with a row for each turn, lines `Agent: …`"
        ru "это не похоже ни на одну из известных форм расшифровки" "известны: звонки в JSON, таблица CSV с репликой в строке, строки «Оператор: …»"
    NO_TURN "ingest/no-transcript"
        en "no line here looks like a turn" "a turn is a line such as `Agent: Good morning`; other labels are named with --roles"
        ru "здесь нет ни одной строки, похожей на реплику" "реплика — это строка вида «Оператор: Добрый день»; другие обозначения задаёт --roles"
    JSON_SYNTAX "ingest/json-syntax"
        en "broken JSON: {0}" "mend this call or export it again"
        ru "JSON испорчен: {0}" "исправьте этот звонок или выгрузите его заново"
    JSON_BROKEN "ingest/json-broken"
        en "broken JSON: {0}; what follows in this file is not read" "mend this place or export the file again"
        ru "JSON испорчен: {0}; дальше этот файл не прочитан" "исправьте это место или выгрузите файл заново"
    WRONG_TYPE "ingest/wrong-type"
        en "expected {0}" "see the description of a call in JSON"
        ru "ожидается {0}" "сверьтесь с описанием звонка в JSON"
    NOT_A_CALL "ingest/not-a-call"
        en "not a call: there are no `turns`" "a call is an object with `id` and `turns`"
        ru "это не звонок: нет `turns`" "звонок — объект с `id` и `turns`"
    NO_ID "ingest/no-id"
        en "the call has no id" "give every call its own `id`"
        ru "у звонка нет номера" "дайте каждому звонку свой `id`"
    DUPLICATE_ID "ingest/duplicate-id"
        en "the id `{0}` was already used at {1}" "give every call its own id"
        ru "номер «{0}» уже был: {1}" "дайте каждому звонку свой номер"
    UNKNOWN_SPEAKER "ingest/unknown-speaker"
        en "unknown speaker '{0}'" "say who it is: --roles '{0}=agent' (or customer, system)"
        ru "неизвестный говорящий «{0}»" "укажите, кто это: --roles '{0}=agent' (или customer, system)"
    VOICE_WITHOUT_ROLE "ingest/voice-without-role"
        en "it is not said who '{0}' is: the agent or the customer" "say who it is: --roles '{0}=agent' (or customer, system)"
        ru "не сказано, кто такой «{0}»: оператор или клиент" "укажите, кто это: --roles '{0}=agent' (или customer, system)"
    NO_SPEAKER "ingest/no-speaker"
        en "the turn has no speaker" "every turn needs a speaker: agent, customer or system"
        ru "у реплики нет говорящего" "у каждой реплики нужен говорящий: agent, customer или system"
    UNKNOWN_DIRECTION "ingest/unknown-direction"
        en "unknown direction '{0}'" "write inbound or outbound"
        ru "неизвестное направление «{0}»" "напишите inbound (входящий) или outbound (исходящий)"
    TOO_LONG "ingest/too-long"
        en "one call takes more than {0} MB" "check for a quote or bracket that is not closed"
        ru "один звонок занимает больше {0} МБ" "проверьте, нет ли незакрытой кавычки или скобки"
    NO_COLUMN "ingest/no-column"
        en "no column holds {0}; the columns are: {1}" "name it: --map role=…,text=…,call=…"
        ru "не найден столбец, где {0}; столбцы таблицы: {1}" "назовите столбец: --map role=…,text=…,call=…"
    CALL_REAPPEARS "ingest/call-reappears"
        en "rows of call `{0}` stand in several places of a large table" "sort the table by call"
        ru "строки звонка «{0}» разбросаны по большой таблице" "отсортируйте таблицу по звонкам"
    UNCLOSED_QUOTE "ingest/unclosed-quote"
        en "a quote is opened here and not closed: other rows went into this cell" "close the quote"
        ru "здесь открыта и не закрыта кавычка: в ячейку попали другие строки" "закройте кавычку"
    BAD_MAP "ingest/bad-map"
        en "`{0}` cannot be used here" "write name=value pairs; values can be: {1}"
        ru "«{0}» здесь не годится" "нужны пары имя=значение; значения: {1}"

    TIMES_DROPPED "ingest/times-dropped"
        en "times are not used in this call: {0}" "pauses and overlaps of this call count as unknown"
        ru "время в этом звонке не учитывается: {0}" "паузы и перебивания этого звонка считаются неизвестными"
    EMPTY_TEXT "ingest/empty-text"
        en "a turn without words" "check the recognition of this turn"
        ru "реплика без слов" "проверьте распознавание этой реплики"
    EMPTY_CALL "ingest/empty-call"
        en "the call has no turns" "check that the recording was recognised"
        ru "в звонке нет реплик" "проверьте, распознана ли запись"
    BAD_EVENT "ingest/bad-event"
        en "the event is not used: {0}" "an event is hold, mute, transfer, ring or hangup, and has a start in seconds"
        ru "событие не учитывается: {0}" "событие — hold, mute, transfer, ring или hangup с началом в секундах"
    BAD_DURATION "ingest/bad-duration"
        en "the duration '{0}' is not used" "write seconds or minutes:seconds"
        ru "длительность «{0}» не учитывается" "напишите секунды или минуты:секунды"
    BAD_DATE "ingest/bad-date"
        en "the time of the call '{0}' is not understood" "write it as 2026-03-02T09:15:00+03:00"
        ru "время звонка «{0}» непонятно" "запишите его так: 2026-03-02T09:15:00+03:00"
    LABEL_IN_TEXT "ingest/label-in-text"
        en "'{0}:' is taken for words of the turn above" "if it is a speaker, say who: --roles '{0}=customer'"
        ru "«{0}:» принято за продолжение предыдущей реплики" "если это говорящий, укажите кто: --roles '{0}=customer'"
    TEXT_ABOVE "ingest/text-above"
        en "the line above the first turn is not used" "the words of a turn stand after its label, such as `Agent:`"
        ru "строка над первой репликой не учитывается" "текст реплики стоит после обозначения, например «Оператор:»"
    TURNS_SORTED "ingest/turns-sorted"
        en "the turns were not in the order of their numbers and have been sorted" "check the export"
        ru "реплики шли не по номерам и были упорядочены" "проверьте выгрузку"
    DUPLICATE_KEY "ingest/duplicate-key"
        en "the key stands here twice; the last one counts" "leave one"
        ru "ключ встречается дважды; учитывается последний" "оставьте один"
    ID_FILLED "ingest/id-filled"
        en "the row has no call id and is counted to the call above" "write the call's id in each row"
        ru "в строке нет номера звонка, она отнесена к предыдущему звонку" "пишите номер звонка в каждой строке"
}
