//! `--fix`: the right words in the same form, and not a byte besides.

use etalon::lexicon::Lexicon;
use etalon::pack::Pack;
use etalon::script::{Fixed, Linter, Options, Script, Wanted, fix_with, unified};
use proptest::prelude::*;

fn mts() -> Pack {
    Pack::embedded("mts")
        .expect("a pack of the program")
        .unwrap()
}

fn fixed(linter: &mut Linter<'_>, path: &str, bytes: &[u8], wanted: Wanted) -> Fixed {
    fix_with(linter, path, bytes, wanted, &Options::default()).unwrap()
}

#[test]
fn forms_are_exchanged() {
    // form, the word it is of, what stands for that word; what stands for the form, `-` where nothing does; `?` before what
    // does not agree with what stands around
    let table = [
        ("вышлю", "выслать", "отправить", "отправлю"),
        ("вышлем", "выслать", "отправить", "отправим"),
        ("вышлите", "выслать", "отправить", "отправьте"),
        ("выслали", "выслать", "отправить", "отправили"),
        ("высланной", "выслать", "отправить", "отправленной"),
        ("выслана", "выслать", "отправить", "отправлена"),
        ("выслав", "выслать", "отправить", "отправив"),
        ("высылаем", "высылать", "отправлять", "отправляем"),
        ("вставьте", "вставить", "установить", "установите"),
        ("вставлена", "вставить", "установить", "установлена"),
        ("пришло", "прийти", "поступить", "поступило"),
        ("пришли", "прийти", "поступить", "поступили"),
        ("пришедшее", "прийти", "поступить", "поступившее"),
        ("придут", "прийти", "поступить", "поступят"),
        ("приходит", "приходить", "поступать", "поступает"),
        ("деньги", "деньги", "денежные средства", "денежные средства"),
        ("денег", "деньги", "денежные средства", "денежных средств"),
        (
            "деньгам",
            "деньги",
            "денежные средства",
            "денежным средствам",
        ),
        (
            "деньгами",
            "деньги",
            "денежные средства",
            "денежными средствами",
        ),
        (
            "деньгах",
            "деньги",
            "денежные средства",
            "денежных средствах",
        ),
        ("ихнего", "ихний", "!их", "их"),
        ("ихними", "ихний", "!их", "их"),
        ("списыванием", "списывание", "списание", "списанием"),
        ("списываний", "списывание", "списание", "списаний"),
        ("улицей", "улица", "широкая дорога", "широкой дорогой"),
        (
            "улицу",
            "улица",
            "широкая дорога города",
            "широкую дорогу города",
        ),
        ("улицами", "улица", "дом", "домами"),
        ("улицу", "улица", "дом", "?дом"),
        ("вижу", "видеть", "!ясно понимать", "ясно понимаю"),
        ("вышлю", "деньги", "денежные средства", "-"),
        ("вышлю", "выслать", "рубль", "-"),
        ("юмек", "выслать", "отправить", "-"),
        ("", "", "", ""),
    ];
    for (form, from, to, expected) in table {
        let exchanged = Lexicon::embedded().exchange(form, from, to);
        let shown = exchanged.map_or("-".to_owned(), |one| {
            format!("{}{}", if one.agrees { "" } else { "?" }, one.text)
        });
        assert_eq!(shown, expected, "{form} {from} {to}");
    }
}

#[test]
fn words_are_put_in() {
    let mts = mts();
    let mut linter = Linter::new(&mts);
    // ending, before, after `--fix`, after `--unsafe-fixes` where that is more
    let table: &[(&str, &str, &str, Option<&str>)] = &[
        (
            "txt",
            "О: Сейчас вышлю Вам чек. Вышлем и счёт.",
            "О: Сейчас отправлю Вам чек. Отправим и счёт.",
            None,
        ),
        (
            "txt",
            "О: Это ихнего мастера. По ихним правилам.",
            "О: Это их мастера. По их правилам.",
            None,
        ),
        (
            "txt",
            "О: С деньгами всё хорошо, «деньги» у Вас.",
            "О: С денежными средствами всё хорошо, «денежные средства» у Вас.",
            None,
        ),
        (
            "txt",
            "О: ДЕНЬГИ на счету. Деньги!",
            "О: ДЕНЕЖНЫЕ СРЕДСТВА на счету. Денежные средства!",
            None,
        ),
        (
            "txt",
            "К: Вышлете деньги?\nО: Отправим.",
            "К: Вышлете деньги?\nО: Отправим.",
            None,
        ),
        ("txt", "О: Вам придёт код.", "О: Вам поступит код.", None),
        (
            "txt",
            "О: Аккуратно вставьте сим-карту в телефон.",
            "О: Аккуратно установите сим-карту в телефон.",
            None,
        ),
        (
            "txt",
            "О: Абонку спишут за списывание.",
            "О: Абонентскую плату спишут за списание.",
            None,
        ),
        (
            "txt",
            "О: Заплотите за роуминг.",
            "О: Заплатите за роуминг.",
            None,
        ),
        (
            "txt",
            "О: Закрою тикет.",
            "О: Закрою тикет.",
            Some("О: Закрою заявка."),
        ),
        (
            "txt",
            "О: По-ихнему выходит так.",
            "О: По-ихнему выходит так.",
            None,
        ),
        (
            "md",
            "Скажите: «Вышлю завтра». Не говорите «вышлю».",
            "Скажите: «Отправлю завтра». Не говорите «вышлю».",
            None,
        ),
        (
            "md",
            "О: **Деньги** здесь, **день**ги там.",
            "О: **Денежные средства** здесь, **день**ги там.",
            None,
        ),
        (
            "md",
            "---\ntitle: деньги\n---\n\n<!-- деньги -->\nО: Вышлю [имя], {{деньги}}.",
            "---\ntitle: деньги\n---\n\n<!-- деньги -->\nО: Отправлю [имя], {{деньги}}.",
            None,
        ),
        (
            "html",
            "<p>О: <b>Вышлю</b>&nbsp;деньги &amp; чек</p>",
            "<p>О: <b>Отправлю</b>&nbsp;денежные средства &amp; чек</p>",
            None,
        ),
        (
            "csv",
            "Вопрос,Ответ\r\nдай денег,\"Вышлю, \"\"скоро\"\"\"\r\n",
            "Вопрос,Ответ\r\nдай денег,\"Отправлю, \"\"скоро\"\"\"\r\n",
            None,
        ),
    ];
    for (ending, before, safe, all) in table {
        let path = format!("a.{ending}");
        let got = fixed(&mut linter, &path, before.as_bytes(), Wanted::Safe);
        assert_eq!(String::from_utf8(got.bytes).unwrap(), *safe);
        let got = fixed(&mut linter, &path, before.as_bytes(), Wanted::All);
        assert_eq!(String::from_utf8(got.bytes).unwrap(), all.unwrap_or(*safe));
    }
}

/// Text -> its bytes in an encoding.
type Encode<'a> = &'a dyn Fn(&str) -> Vec<u8>;

#[test]
fn the_encoding_and_the_line_ends_stay() {
    let mts = mts();
    let mut linter = Linter::new(&mts);
    let text = |word: &str| {
        format!(
            "Оператор: Сейчас {word} Вам выписку на электронную почту.\r\nКлиент: Спасибо большое.\n\rОператор: Всё.\r\n\n"
        )
    };
    let cp1251 = |text: &str| encoding_rs::WINDOWS_1251.encode(text).0.into_owned();
    let utf16 = |text: &str, order: fn(u16) -> [u8; 2]| -> Vec<u8> {
        format!("\u{feff}{text}")
            .encode_utf16()
            .flat_map(order)
            .collect()
    };
    let encodings: [(&str, Encode<'_>); 5] = [
        ("UTF-8", &|text| text.as_bytes().to_vec()),
        ("UTF-8 with a mark", &|text| {
            format!("\u{feff}{text}").into_bytes()
        }),
        ("Windows-1251", &cp1251),
        ("UTF-16 LE", &|text| utf16(text, u16::to_le_bytes)),
        ("UTF-16 BE", &|text| utf16(text, u16::to_be_bytes)),
    ];
    for (name, encode) in encodings {
        let got = fixed(&mut linter, "a.txt", &encode(&text("вышлю")), Wanted::Safe);
        assert_eq!(
            (got.n_edits, got.bytes),
            (1, encode(&text("отправлю"))),
            "{name}"
        );
    }
    // Bytes that the encoding does not know could not be written back.
    let mut broken = text("вышлю").into_bytes();
    broken.extend(b"\n\xD0\xFF\n");
    let got = fixed(&mut linter, "a.txt", &broken, Wanted::Safe);
    assert_eq!(got.bytes, broken);
    assert_eq!(
        got.unplaced.iter().map(|one| one.code).collect::<Vec<_>>(),
        ["script/fix-encoding"]
    );
}

#[test]
fn what_has_no_place_is_named() {
    let mts = mts();
    let mut linter = Linter::new(&mts);
    let got = fixed(
        &mut linter,
        "a.md",
        "О: Нет.\n\nО: **День**ги.\n".as_bytes(),
        Wanted::Safe,
    );
    let named: Vec<_> = got
        .unplaced
        .iter()
        .map(|one| (one.code, one.line, one.column))
        .collect();
    assert_eq!(
        (got.n_edits, named),
        (0, vec![("script/fix-unplaced", 3, 6)])
    );
}

#[test]
fn differences() {
    let lines = |changed: &[usize]| -> String {
        (1..=20)
            .map(|line| format!("{line}{}\n", if changed.contains(&line) { "!" } else { "" }))
            .collect()
    };
    assert_eq!(unified("a", "x\n", "x\n"), "");
    let near = unified("a", &lines(&[]), &lines(&[2, 8]));
    assert_eq!(
        near,
        "--- a/a\n+++ b/a\n@@ -1,11 +1,11 @@\n 1\n-2\n+2!\n 3\n 4\n 5\n 6\n 7\n-8\n+8!\n 9\n 10\n 11\n"
    );
    let far = unified("a", &lines(&[]), &lines(&[2, 20]));
    assert_eq!(
        far,
        "--- a/a\n+++ b/a\n@@ -1,5 +1,5 @@\n 1\n-2\n+2!\n 3\n 4\n 5\n@@ -17,4 +17,4 @@\n 17\n 18\n 19\n-20\n+20!\n"
    );
    let end = "\\ No newline at end of file\n";
    assert_eq!(
        unified("/b", "x", "y"),
        format!("--- a/b\n+++ b/b\n@@ -1,1 +1,1 @@\n-x\n{end}+y\n{end}")
    );
}

/// Pieces of templates: what is said, what is not, markup, and what stands at the edges.
fn template() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "О: ",
        "К: ",
        "\n",
        "\r\n",
        "\n\n",
        " ",
        "## Приветствие\n\n",
        "- ",
        "> ",
        "**",
        "«",
        "»",
        "\"",
        "[имя]",
        "{{sum}}",
        "<!-- ",
        " -->",
        "вышлю",
        "Вышлем",
        "ВЫСЛАЛИ",
        "деньги",
        "деньгами",
        "Денег",
        "ихнего",
        "по-ихнему",
        "день**ги",
        "списывание",
        "симку",
        "Тикет",
        "придёт",
        "код",
        "вставьте",
        "сим-карту",
        "вытащите карту",
        "добрый день",
        "Здравствуйте",
        "Всего доброго",
        "/",
        ", ",
        ". ",
        "! ",
        "Не говорите ",
        "Скажите: ",
        "Если да:\n",
        "|",
        "😀",
        "\u{a0}",
        "\u{301}",
        "e",
        "\t",
        "---\n",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// All text between the words that may be exchanged stands in the new text, in order; if not, then once one of them is
/// exchanged, for a fix may uncover another finding.
fn explains(linter: &mut Linter<'_>, path: &str, text: &str, after: &str, steps: usize) -> bool {
    let Ok(script) = Script::read(path, text.as_bytes()) else {
        return false;
    };
    let found = linter.lint(&script, &Options::default()).diagnostics;
    let mut edits: Vec<_> = found.into_iter().filter_map(|one| one.edit).collect();
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let stands = || {
        let (mut from, mut rest) = (0, after);
        for edit in &edits {
            if edit.span.start < from {
                continue;
            }
            rest = rest.strip_prefix(&text[from..edit.span.start])?;
            let mut either = [edit.text.as_str(), &text[edit.span.clone()]];
            either.sort_by_key(|one| std::cmp::Reverse(one.len()));
            rest = either.into_iter().find_map(|one| rest.strip_prefix(one))?;
            from = edit.span.end;
        }
        (&text[from..] == rest).then_some(())
    };
    stands().is_some()
        || steps > 0
            && edits.iter().any(|edit| {
                let mut next = text.to_owned();
                next.replace_range(edit.span.clone(), &edit.text);
                explains(linter, path, &next, after, steps - 1)
            })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// Without the words that were exchanged, before and after are the same; what was fixed is found no more; and there is
    /// nothing left for a second time.
    #[test]
    fn nothing_else_changes(text in template(), ending in prop::sample::select(vec!["md", "txt", "html", "csv"]), all in any::<bool>()) {
        thread_local!(static MTS: &'static Pack = Box::leak(Box::new(mts())));
        let mut linter = Linter::new(MTS.with(|pack| *pack));
        let path = format!("a.{ending}");
        let wanted = if all { Wanted::All } else { Wanted::Safe };
        let Ok(script) = Script::read(&path, text.as_bytes()) else { return Ok(()) };
        let found = linter.lint(&script, &Options::default()).diagnostics;
        let got = fixed(&mut linter, &path, text.as_bytes(), wanted);
        let after = String::from_utf8(got.bytes.clone()).unwrap();
        prop_assert_eq!(&after, &got.after);
        prop_assert_eq!(text.matches('\n').count(), after.matches('\n').count());

        prop_assert!(explains(&mut linter, &path, &text, &after, 3), "{text:?} {after:?}");

        let now = Script::read(&path, &got.bytes).unwrap();
        let now = linter.lint(&now, &Options::default()).diagnostics;
        prop_assert!(now.len() + got.n_edits <= found.len());
        let again = fixed(&mut linter, &path, &got.bytes, wanted);
        prop_assert_eq!(again.n_edits, 0);
        prop_assert_eq!(again.bytes, got.bytes);
    }
}
