//! Templates -> what is speech, and what is found: `script/cases.txt` has the cases of the second kind.

use std::io::{Cursor, Write as _};

use etalon::call::Direction;
use etalon::locale::Lang;
use etalon::pack::Pack;
use etalon::script::{Linter, Options, Part, Script, lint};

fn pack(id: &str) -> Pack {
    Pack::embedded(id).expect("a pack of the program").unwrap()
}

/// `(line, criterion)` of every finding, sorted.
fn found(
    linter: &mut Linter<'_>,
    path: &str,
    bytes: &[u8],
    options: &Options,
) -> Vec<(u32, String)> {
    let script =
        Script::read(path, bytes).unwrap_or_else(|problem| panic!("{}", problem.message(Lang::En)));
    let linted = linter.lint(&script, options);
    let findings = linted.diagnostics.into_iter();
    let mut findings: Vec<_> = findings.map(|one| (one.line, one.criterion)).collect();
    findings.sort();
    findings
}

/// What hides words ends wherever its name does, so the words behind it are read.
#[test]
fn html_that_hides_words_ends() {
    let mts = pack("mts");
    let mut linter = Linter::new(&mts);
    let money = (1, "literacy.money".to_owned());
    for html in [
        "<title>x</title>деньги",
        "<title>x</title/>деньги</title>",
        "<title>x</title\u{c}>деньги</title>",
        "<style>x</style/><p>деньги</p><style>y</style>",
    ] {
        let found = found(&mut linter, "a.html", html.as_bytes(), &Options::default());
        assert!(found.contains(&money), "{html:?}: {found:?}");
    }
}

/// Plain HTML is cut by a reader of our own: builds with debug assertions hold it against html5gum.
#[test]
fn html_of_any_kind_is_cut() {
    const PIECES: [&str; 41] = [
        "<p>",
        "</p>",
        "<P class=a>",
        "<b class='x>y'>",
        "<a href=\"x>y\">",
        "<img src=a/>",
        "<br/>",
        "<br / >",
        "<!-- c -->",
        "<!--",
        "-->",
        "<!-->",
        "<!doctype html>",
        "<!DOCTYPE",
        "<title>",
        "</title>",
        "</title >",
        "<style>",
        "</style",
        "<script>",
        "</script>",
        "<textarea>",
        "</TEXTAREA>",
        "</title/>",
        "</style\u{c}>",
        "</style>",
        "</",
        "< ",
        "<",
        ">",
        "\"",
        "'",
        "=",
        "/",
        "&lt;",
        "<?",
        "<![CDATA[",
        "]]>",
        "\n",
        "Спасибо ",
        "<тег>",
    ];
    let mts = pack("mts");
    let mut linter = Linter::new(&mts);
    let mut seed = 7u64;
    for _ in 0..1_500 {
        let mut html = String::new();
        loop {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let piece = PIECES.get((seed >> 33) as usize % (PIECES.len() + 3));
            let Some(piece) = piece else { break };
            html += piece;
        }
        if let Ok(script) = Script::read("a.html", html.as_bytes()) {
            linter.lint(&script, &Options::default());
        }
    }
}

#[test]
fn findings() {
    let (mts, yumek) = (pack("mts"), pack("yumek"));
    let mut linters = [Linter::new(&mts), Linter::new(&yumek)];
    let mut wrong = Vec::new();
    let cases = include_str!("script/cases.txt").split("\n### ");
    for case in cases {
        let (head, body) = case.split_once('\n').unwrap();
        let head: Vec<&str> = head
            .trim_start_matches("### ")
            .split('|')
            .map(str::trim)
            .collect();
        let [name, ending, about] = head[..] else {
            panic!("{head:?}")
        };
        let about: Vec<&str> = about.split(' ').collect();
        let is_finding = |line: &&str| line.starts_with("--- ");
        let text: String = body
            .lines()
            .filter(|line| !is_finding(line))
            .map(|line| format!("{line}\n"))
            .collect();
        let mut expected: Vec<(u32, String)> = body
            .lines()
            .filter(is_finding)
            .map(|line| {
                let (line, criterion) = line["--- ".len()..].split_once(' ').unwrap();
                (line.parse().unwrap(), criterion.trim().to_owned())
            })
            .collect();
        expected.sort();
        let options = Options {
            line: about
                .get(1)
                .filter(|line| **line != "-")
                .map(|line| (*line).to_owned()),
            direction: about.contains(&"outbound").then_some(Direction::Outbound),
            ..Options::default()
        };
        let linter = &mut linters[usize::from(about[0] == "yumek")];
        for (kind, text) in [
            ("", text.clone()),
            (" with CRLF", text.replace('\n', "\r\n")),
        ] {
            let got = found(linter, &format!("a.{ending}"), text.as_bytes(), &options);
            if got != expected {
                wrong.push(format!("{name}{kind}: {got:?}, not {expected:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What a template is cut into: `A` the agent's, `C` the customer's, `M` mentioned, `S` a slot, `?` a condition; instructions left out.
#[test]
fn segments() {
    let mts = pack("mts");
    let cases: &[(&str, &str, &str, &str)] = &[
        ("a label", "md", "**Оператор:** Готово.", "A Готово."),
        (
            "a customer's label",
            "txt",
            "К: Когда?\nО: Завтра.",
            "C Когда?|A Завтра.",
        ),
        ("a quotation to say", "md", "Скажите: «Готово».", "A Готово"),
        ("a forbidden word", "md", "Не говорите «алло».", "M алло"),
        (
            "instead of",
            "md",
            "Вместо «вышлю» говорим «отправлю».",
            "M вышлю|A отправлю",
        ),
        (
            "the customer asks",
            "md",
            "Клиент спрашивает «где?», ответьте «там».",
            "C где?|A там",
        ),
        ("a button", "md", "Нажмите кнопку «Готово».", "M Готово"),
        (
            "objection and answer",
            "md",
            "\"Дорого мне это\" → \"Есть тариф дешевле.\"",
            "C Дорого мне это|A Есть тариф дешевле.",
        ),
        (
            "a heading of the agent's part",
            "md",
            "## Прощание\n\nВсего доброго!\n\n## Учёт\n\nЗакройте «Форму 3».",
            "A Всего доброго!|M Форму 3",
        ),
        (
            "a bare file",
            "txt",
            "СЧЁТ\n\nПлатёж поступил.",
            "A Платёж поступил.",
        ),
        (
            "a condition in a bare file",
            "txt",
            "Если клиент согласен:\nПодключаю.",
            "? Если клиент согласен:|A Подключаю.",
        ),
        (
            "a branch in brackets",
            "md",
            "О: Да.\n\n[Если нет: Жаль.]",
            "A Да.|? Если нет:|A Жаль.",
        ),
        (
            "slots",
            "md",
            "О: {{name}}, сумма [сумма], № __.",
            "A {{name}}, сумма [сумма], № __.|S {{name}}|S [сумма]|S __",
        ),
        (
            "wrong and right",
            "md",
            "О: Да.\n\nНеправильно:\n\n- нету\n\nПравильно:\n\n- нет",
            "A Да.|M нету|A нет",
        ),
        (
            "a table",
            "md",
            "| Клиент | Ответ | Нельзя |\n|---|---|---|\n| а | б | в |",
            "C а|A б|M в",
        ),
        ("a comment", "md", "<!-- О: нет -->\n\nО: Да.", "A Да."),
        (
            "HTML",
            "html",
            "<p><b>О:</b> A &lt;имя&gt; B</p>",
            "A A &lt;имя&gt; B|S &lt;имя&gt;",
        ),
        (
            "an apostrophe and a stroke",
            "md",
            "О: 24/7, рад/рада.",
            "A 24/7, рад/рада.",
        ),
    ];
    for (name, ending, text, expected) in cases {
        let script = Script::read(&format!("a.{ending}"), text.as_bytes()).unwrap();
        let shown: Vec<String> = script
            .segments(&mts)
            .into_iter()
            .filter_map(|segment| {
                let sign = match segment.part {
                    Part::Agent => "A",
                    Part::Customer => "C",
                    Part::Mention => "M",
                    Part::Slot => "S",
                    Part::Condition => "?",
                    Part::Instruction => return None,
                };
                Some(format!("{sign} {}", &script.text[segment.span]))
            })
            .collect();
        assert_eq!(shown.join("|"), *expected, "{name}");
    }
}

#[test]
fn places_are_characters_of_the_file() {
    let mts = pack("mts");
    let text = "О: 🙂 Деньги\r\nпришли, вышлю.";
    let linted = lint("a.txt", text.as_bytes(), &mts, &Options::default());
    let places: Vec<_> = linted
        .diagnostics
        .iter()
        .map(|one| {
            (
                one.line,
                one.column,
                one.end_line,
                one.end_column,
                &text[one.span.clone()],
                one.text.as_str(),
            )
        })
        .collect();
    assert_eq!(
        places,
        [
            (1, 6, 1, 12, "Деньги", "Деньги"),
            (2, 9, 2, 14, "вышлю", "вышлю")
        ]
    );
}

#[test]
fn every_encoding() {
    let mts = pack("mts");
    let mut linter = Linter::new(&mts);
    let text =
        "Оператор: Сейчас вышлю Вам детализацию на электронную почту.\nКлиент: Спасибо большое.\n";
    let utf16 =
        |bytes: fn(u16) -> [u8; 2]| -> Vec<u8> { text.encode_utf16().flat_map(bytes).collect() };
    let (cp1251, ..) = encoding_rs::WINDOWS_1251.encode(text);
    let mut bom = b"\xEF\xBB\xBF".to_vec();
    bom.extend_from_slice(text.as_bytes());
    let files = [
        text.as_bytes().to_vec(),
        bom,
        cp1251.into_owned(),
        utf16(u16::to_le_bytes),
        utf16(u16::to_be_bytes),
    ];
    for (n, bytes) in files.iter().enumerate() {
        assert_eq!(
            found(&mut linter, "a.txt", bytes, &Options::default()),
            [(1, "literacy.send".to_owned())],
            "file {n}"
        );
    }
}

fn zipped(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default())
            .unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

const WORD: &str = r#"<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="w"><w:body>
<w:p><w:pPr><w:pStyle w:val="a1"/></w:pPr><w:r><w:t>Деньги</w:t></w:r></w:p>
<w:p/>
<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>Оператор: </w:t></w:r><w:r><w:t xml:space="preserve">Ден</w:t></w:r><w:r><w:t>ьги &amp; чек вышлю</w:t></w:r></w:p>
<w:p><w:r><w:t>Клиент: деньги</w:t></w:r></w:p>
<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Вопрос</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>Ответ</w:t></w:r></w:p></w:tc></w:tr>
<w:tr><w:tc><w:p><w:r><w:t>деньги</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>Здесь</w:t></w:r></w:p><w:p><w:r><w:t>их деньги</w:t></w:r></w:p></w:tc></w:tr></w:tbl>
</w:body></w:document>"#;

const STYLES: &str = r#"<w:styles xmlns:w="w"><w:style w:styleId="a1"><w:name w:val="heading 1"/></w:style></w:styles>"#;

#[test]
fn a_line_of_a_docx_is_a_paragraph() {
    let mts = pack("mts");
    let bytes = zipped(&[("word/document.xml", WORD), ("word/styles.xml", STYLES)]);
    let linted = lint("a.docx", &bytes, &mts, &Options::default());
    let found: Vec<_> = linted
        .diagnostics
        .iter()
        .map(|one| (one.line, one.column, one.text.as_str()))
        .collect();
    assert_eq!(
        found,
        [(3, 11, "Деньги"), (3, 24, "вышлю"), (9, 4, "деньги")]
    );
}

#[test]
fn what_a_docx_says() {
    // The body of a document, and the findings: paragraph and words.
    let cases: &[(&str, &[(u32, &str)])] = &[
        // Tracked changes: what is put in is said, what is taken or moved away is not.
        (
            "<w:p><w:r><w:t>О: чек </w:t></w:r><w:del><w:r><w:delText>вышлю</w:delText></w:r></w:del><w:ins><w:r><w:t>отправлю</w:t></w:r></w:ins></w:p>",
            &[],
        ),
        (
            "<w:p><w:r><w:t>О: чек </w:t></w:r><w:del><w:r><w:delText>отправлю</w:delText></w:r></w:del><w:ins><w:r><w:t>вышлю</w:t></w:r></w:ins></w:p>",
            &[(1, "вышлю")],
        ),
        (
            "<w:p><w:moveFrom><w:r><w:t>О: деньги</w:t></w:r></w:moveFrom></w:p><w:p><w:moveTo><w:r><w:t>О: деньги</w:t></w:r></w:moveTo></w:p>",
            &[(2, "деньги")],
        ),
        (
            "<w:p><w:r><w:rPr><w:strike/></w:rPr><w:t>О: деньги</w:t></w:r><w:r><w:t>О: средства</w:t></w:r></w:p>",
            &[],
        ),
        // A line break parts turns and begins no line.
        (
            "<w:p><w:r><w:t>О: средства</w:t><w:br/><w:t>К: деньги</w:t><w:br/><w:t>О: вышлю</w:t></w:r></w:p><w:p><w:r><w:t>О: деньги</w:t></w:r></w:p>",
            &[(1, "вышлю"), (2, "деньги")],
        ),
        // A text box is there once.
        (
            "<w:p><w:r><mc:AlternateContent><mc:Choice><w:txbxContent><w:p><w:r><w:t>О: деньги</w:t></w:r></w:p></w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent><w:p><w:r><w:t>О: деньги</w:t></w:r></w:p></w:txbxContent></mc:Fallback></mc:AlternateContent></w:r></w:p>",
            &[(2, "деньги")],
        ),
        // Placeholders and fields are slots.
        (
            "<w:p><w:r><w:t>О: заявка </w:t></w:r><w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:r><w:t>где деньги</w:t></w:r></w:sdtContent></w:sdt></w:p>",
            &[],
        ),
        (
            "<w:p><w:r><w:t>О: заявка </w:t></w:r><w:fldSimple w:instr=\" MERGEFIELD х \"><w:r><w:t>«где деньги»</w:t></w:r></w:fldSimple></w:p>",
            &[],
        ),
        // A cell that takes two columns.
        (
            "<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val=\"2\"/></w:tcPr><w:p><w:r><w:t>Вопрос</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>Ответ</w:t></w:r></w:p></w:tc></w:tr><w:tr><w:tc><w:p><w:r><w:t>деньги</w:t></w:r></w:p></w:tc><w:tc><w:p/></w:tc><w:tc><w:p><w:r><w:t>вышлю</w:t></w:r></w:p></w:tc></w:tr></w:tbl>",
            &[(5, "вышлю")],
        ),
    ];
    let mts = pack("mts");
    for (body, expected) in cases {
        let document = format!(
            r#"<w:document xmlns:w="w" xmlns:mc="mc"><w:body>{body}</w:body></w:document>"#
        );
        let bytes = zipped(&[("word/document.xml", &document)]);
        let linted = lint("a.docx", &bytes, &mts, &Options::default());
        let found: Vec<_> = linted
            .diagnostics
            .iter()
            .map(|one| (one.line, one.text.as_str()))
            .collect();
        assert_eq!(found, *expected, "{body}");
    }
}

#[test]
fn whose_a_cell_or_a_quotation_is() {
    // A file and the lines of its findings.
    let cases: &[(&str, &str, &[u32])] = &[
        // A title above the header; a table below with a header of its own.
        ("a.csv", "Ответы смены;\nТема;Ответ\nденьги;деньги\n", &[3]),
        (
            "a.csv",
            "Вопрос;Ответ\nденьги;средства\nОтвет;Вопрос\nденьги;деньги\n",
            &[4],
        ),
        ("a.csv", "sep=;\nВопрос;Ответ\nа, деньги, да;деньги\n", &[3]),
        // A dialogue in rows, with a header and without.
        (
            "a.csv",
            "Роль;Реплика;Заметка\nКлиент;деньги;\nОператор;деньги;деньги\nСистема;деньги;\n",
            &[3],
        ),
        (
            "a.md",
            "| Оператор | вышлю |\n|---|---|\n| Клиент | деньги |\n| Оператор | деньги |\n",
            &[1, 4],
        ),
        // A header cell over two columns, a cell over two rows.
        (
            "a.html",
            "<table><tr><th>Вопрос</th><th colspan=2>Ответ</th></tr>\n<tr><td rowspan=2>деньги</td><td>да</td>\n<td>деньги</td></tr>\n<tr><td>деньги</td><td>нет</td></tr></table>",
            &[3, 4],
        ),
        // Struck out, and `q`.
        ("a.md", "О: ~~вышлю~~ отправлю\n", &[]),
        (
            "a.html",
            "<p>Говорите <q>деньги\nвышлю</q>, а не <q>симка</q></p>",
            &[1, 2],
        ),
        // A quotation goes on over line ends.
        ("a.txt", "Скажите: «средства,\nчек вышлю\nсегодня».\n", &[2]),
        // The customer's words belong to the condition.
        (
            "a.txt",
            "Если клиент говорит: «деньги где», ответьте: «чек вышлю».\nЕсли клиент просит: «Сейчас вышлю чек.»",
            &[1, 2],
        ),
        // The title of the document does not make speech of its sections.
        (
            "a.md",
            "# Удержание и возврат\n\n## Порядок\n\nНе забывать деньги.\n\n## Ответ\n\nО: деньги\n",
            &[9],
        ),
        // Another ending of the word, a label beside a name.
        (
            "a.txt",
            "О: Уважаемый (-ая) [имя], заявка принята.\nО: Уважаемый клиент, заявка принята.",
            &[2],
        ),
        // A message that is announced quotes nothing behind its clause.
        (
            "a.txt",
            "О: Чек получен сообщением, высылать бумажный не нужно.",
            &[1],
        ),
    ];
    let mts = pack("mts");
    for (file, text, expected) in cases {
        let linted = lint(file, text.as_bytes(), &mts, &Options::default());
        let found: Vec<u32> = linted.diagnostics.iter().map(|one| one.line).collect();
        assert_eq!(found, *expected, "{text}");
    }
}

#[test]
fn what_stands_for_an_image_is_no_speech_and_code_in_a_line_is() {
    let mts = pack("mts");
    // File, text, what is found.
    let cases: &[(&str, &str, &[&str])] = &[
        (
            "a.md",
            "О: ![Как внести деньги](money.png) Добрый день.",
            &[],
        ),
        (
            "a.md",
            "О: [Внесите деньги](money.html) сегодня.",
            &["деньги"],
        ),
        ("a.md", "О: Внесите `деньги` сегодня.", &["деньги"]),
        ("a.html", "<p>О: <img alt=\"деньги\"> Добрый день.</p>", &[]),
        (
            "a.html",
            "<p>О: Внесите <code>деньги</code>.</p>",
            &["деньги"],
        ),
    ];
    for (file, text, expected) in cases {
        let linted = lint(file, text.as_bytes(), &mts, &Options::default());
        let found: Vec<&str> = linted
            .diagnostics
            .iter()
            .filter(|one| one.criterion == "literacy.money")
            .map(|one| one.text.as_str())
            .collect();
        assert_eq!(found, *expected, "{text}");
    }
}

#[test]
fn signs_that_nothing_closes_take_no_longer_than_others() {
    let mts = pack("mts");
    let n = 40_000;
    for sign in [
        "[",
        "{",
        "{{",
        "<а",
        "«",
        "„",
        "“",
        "\"",
        "(",
        "%",
        "${",
        "«а» и ",
        "а/б",
        "[имя] ",
        "[если а: ",
    ] {
        let text = format!("Оператор: {}", sign.repeat(n / sign.len()));
        // By the square it would be minutes.
        let linted = lint("a.txt", text.as_bytes(), &mts, &Options::default());
        let unclosed = linted.problems.iter();
        let unclosed = unclosed.filter(|one| one.code == "script/unclosed-slot");
        assert!(unclosed.count() <= 100, "{sign}");
    }
}

#[test]
fn a_line_of_an_xlsx_is_a_row() {
    let mts = pack("mts");
    let sheet = |rows: &str| {
        format!(
            r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>"#
        )
    };
    let cell = |place: &str, text: &str| {
        format!(r#"<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>"#)
    };
    let rows = format!(
        r#"<row r="2">{}{}</row><row r="4">{}{}</row>"#,
        cell("A2", "Клиент"),
        cell("B2", "Ответ"),
        cell("A4", "деньги"),
        cell("B4", "Где деньги")
    );
    let bytes = zipped(&[
        (
            "[Content_Types].xml",
            r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#,
        ),
        (
            "_rels/.rels",
            r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
        ),
        (
            "xl/workbook.xml",
            r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Л" sheetId="1" r:id="r1"/><sheet name="Черновик" sheetId="2" state="hidden" r:id="r2"/></sheets></workbook>"#,
        ),
        (
            "xl/_rels/workbook.xml.rels",
            r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet2.xml"/></Relationships>"#,
        ),
        ("xl/worksheets/sheet1.xml", &sheet(&rows)),
        ("xl/worksheets/sheet2.xml", &sheet(&rows)),
    ]);
    let linted = lint("a.xlsx", &bytes, &mts, &Options::default());
    let found: Vec<_> = linted
        .diagnostics
        .iter()
        .map(|one| (one.line, one.text.as_str()))
        .collect();
    assert_eq!(found, [(4, "деньги")], "{:?}", linted.problems);
    // Nobody sees what stands on a hidden sheet, so only that it is there is told.
    let [problem] = &linted.problems[..] else {
        panic!("{:?}", linted.problems)
    };
    assert_eq!(
        (problem.code, problem.fatal),
        ("script/hidden-sheets", false)
    );
    assert!(problem.message(Lang::En).contains("Черновик"));
}

#[test]
fn what_is_wrong_with_a_file_is_said_with_its_place() {
    let mts = pack("mts");
    /// File, bytes, code, line and column, whether nothing was linted.
    type Spoilt<'a> = (&'a str, &'a [u8], &'a str, (u32, u32), bool);
    let cut = zipped(&[("word/document.xml", WORD.split_once("</w:p>").unwrap().0)]);
    let empty = zipped(&[("word/document.xml", "")]);
    let cases: &[Spoilt<'_>] = &[
        ("a.docx", &cut, "script/broken-file", (0, 0), true),
        ("a.docx", &empty, "script/broken-file", (0, 0), true),
        ("a.md", b"%PDF-1.7", "script/binary-file", (0, 0), true),
        ("a.docx", b"no zip", "script/broken-file", (0, 0), true),
        ("a.xlsx", b"PK\x03\x04", "script/broken-file", (0, 0), true),
        (
            "a.md",
            "---\netalon: {kind: whole}\n---\n".as_bytes(),
            "script/front-value",
            (2, 16),
            true,
        ),
        (
            "a.md",
            "---\netalon:\n  lines: ookk\n---\n".as_bytes(),
            "script/front-key",
            (3, 10),
            true,
        ),
        (
            "a.md",
            "---\netalon: {line: first}\n---\n".as_bytes(),
            "script/unknown-line",
            (2, 16),
            true,
        ),
        (
            "a.md",
            "О: Меня зовут [имя.\n".as_bytes(),
            "script/unclosed-slot",
            (1, 15),
            false,
        ),
        (
            "a.md",
            "О: Да.\n\n```\nкод\n```\n".as_bytes(),
            "script/code-skipped",
            (4, 1),
            false,
        ),
    ];
    for (path, bytes, code, place, fatal) in cases {
        let linted = lint(path, bytes, &mts, &Options::default());
        let got: Vec<_> = linted
            .problems
            .iter()
            .map(|one| (one.code, (one.line, one.column), one.fatal))
            .collect();
        assert_eq!(got, [(*code, *place, *fatal)], "{path}");
        for lang in [Lang::Ru, Lang::En] {
            let problem = &linted.problems[0];
            assert!(!problem.help(lang).is_empty() && problem.message(lang) != problem.code);
        }
    }
}

#[test]
fn the_path_through_the_branches_is_shown() {
    let mts = pack("mts");
    let text = "---\netalon: {kind: script}\n---\n\nЗдравствуйте. Меня зовут [имя]. Чем я могу Вам помочь? Как Вас зовут?\n\n**Если да:**\n\nОстались ли вопросы?\n\n**Если нет:**\n\nЖаль.\n\n## Прощание\n\nСпасибо за звонок! Хорошего дня. До свидания!\n";
    let linted = lint("a.md", text.as_bytes(), &mts, &Options::default());
    let found: Vec<_> = linted
        .diagnostics
        .iter()
        .map(|one| (one.line, one.criterion.as_str(), one.path.clone()))
        .collect();
    assert_eq!(
        found,
        [(1, "closing.question", vec!["Если нет".to_owned()])]
    );
}
