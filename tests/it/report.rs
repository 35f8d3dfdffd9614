//! Scorecards built by hand -> what each format writes.

use etalon::call::{Call, Direction, Millis, Party, Speaker, TimeSpan, Turn};
use etalon::criteria::{Evidence, Judgement, Verdict};
use etalon::locale::Lang;
use etalon::report::show::{self, Parts};
use etalon::report::{ErrorRecord, Format, Look, Report, ndjson};
use etalon::score::{CriterionInfo, CriterionJson, Metrics, PackInfo, Scorecard, Summary};
use serde_json::{Value, json};

const LOOK: Look = Look {
    lang: Lang::Ru,
    width: 100,
    color: false,
};

fn criterion(id: &str, title: &str, advice: &str, weight: u32) -> CriterionInfo {
    CriterionInfo {
        id: id.to_owned(),
        json: CriterionJson::of(id, weight),
        title: title.to_owned(),
        clause: "СТО, раздел 2".to_owned(),
        advice: advice.to_owned(),
        weight,
        critical: id == "closing.goodbye",
    }
}

pub(crate) fn pack() -> PackInfo {
    PackInfo {
        id: "demo".to_owned(),
        title: "Пробный стандарт".to_owned(),
        version: "1.0.0".to_owned(),
        sections: [
            ("greeting", "Приветствие"),
            ("literacy", "Грамотность"),
            ("hold", "Удержание"),
            ("pause", "Паузы"),
            ("closing", "Завершение"),
        ]
        .map(|(id, title)| (id.to_owned(), title.to_owned()))
        .to_vec(),
        criteria: vec![
            criterion(
                "greeting.hello",
                "Приветствие словом «здравствуйте»",
                "Здравствуйте.",
                4,
            ),
            criterion(
                "greeting.name",
                "Представление по имени",
                "Меня зовут Анна.",
                3,
            ),
            criterion(
                "literacy.money",
                "«Денежные средства», а не «деньги»",
                "денежные средства",
                1,
            ),
            criterion(
                "hold.thanks",
                "Благодарность за ожидание",
                "Спасибо за ожидание.",
                3,
            ),
            criterion(
                "pause.length",
                "Нет пауз дольше 10 секунд",
                "Я ещё проверяю, одну минуту.",
                2,
            ),
            criterion(
                "pause.interrupts",
                "Не перебивать клиента",
                "Дослушайте до конца.",
                2,
            ),
            criterion("closing.goodbye", "Прощание", "До свидания!", 5),
        ],
    }
}

fn turn(speaker: Speaker, time: (i64, i64), text: &'static str) -> Turn<'static> {
    Turn {
        speaker,
        time: Some(TimeSpan {
            start: Millis(time.0),
            end: Millis(time.1),
        }),
        text: text.into(),
        words: Vec::new(),
    }
}

pub(crate) fn call() -> Call<'static> {
    Call {
        id: "2026-03-02-0001".into(),
        line: Some("ookms".into()),
        started_at: Some("2026-03-02T09:15:00+03:00".into()),
        agent: Party {
            id: Some("a17".into()),
            name: Some("Анна".into()),
            group: Some("ООКМС-3".into()),
        },
        turns: vec![
            turn(
                Speaker::Agent,
                (400, 4100),
                "Здравствуйте. Меня зовут Анна. Чем я могу Вам помочь?",
            ),
            turn(
                Speaker::Customer,
                (4900, 9000),
                "Здравствуйте, с меня списали лишнее.",
            ),
            turn(
                Speaker::Agent,
                (21_000, 33_000),
                "Да, вижу: деньги списаны за подписку, которую Вы подключили в феврале сами. Мы её отключим сегодня, \
                 заявка уже создана, её номер придёт Вам в сообщении до вечера, делать для этого ничего не нужно. \
                 А деньги вернутся на счёт в течение трёх дней, это обычный срок для таких заявок.",
            ),
            turn(
                Speaker::Customer,
                (34_000, 36_000),
                "Спасибо\u{1b}[31m\u{202e}!\n",
            ),
            turn(Speaker::Agent, (36_500, 38_000), "Всего доброго."),
        ],
        ..Call::default()
    }
}

/// The words of a turn as evidence; the n-th place where they stand, from 0.
fn words(call: &Call<'_>, turn: usize, words: &str, nth: usize) -> Evidence<'static> {
    let (at, found) = call.turns[turn]
        .text
        .match_indices(words)
        .nth(nth)
        .expect("the words stand in the turn");
    Evidence {
        turn: Some(turn as u32),
        span: Some((at as u32, (at + found.len()) as u32)),
        ..Evidence::default()
    }
}

pub(crate) fn card<'a>(call: &'a Call<'a>, pack: &'a PackInfo) -> Scorecard<'a> {
    let money = |nth| Evidence {
        suggest: Some("денежные средства".into()),
        ..words(call, 2, "деньги", nth)
    };
    let pause = Evidence {
        turn: Some(2),
        time: Some(TimeSpan {
            start: Millis(9_000),
            end: Millis(21_000),
        }),
        ..Evidence::default()
    };
    Scorecard {
        call,
        path: "calls/march.ndjson",
        source_line: Some(17),
        pack,
        line: "ookms",
        direction: Direction::Inbound,
        score: Some(100.0 * 7.0 / 15.0),
        earned: 7,
        possible: 15,
        critical: vec![6],
        metrics: Metrics {
            duration: Some(Millis(38_000)),
            holds: 1,
            hold_time: Some(Millis(12_500)),
            longest_pause: Some(Millis(12_000)),
            interruptions: None,
            agent_talk_share: Some(0.738_2),
            turns: 5,
        },
        judgements: vec![
            Judgement::pass(vec![words(call, 0, "Здравствуйте", 0)]),
            Judgement::pass(vec![words(call, 0, "Меня зовут Анна", 0)]),
            Judgement::fail("«деньги» звучит просторечно", vec![money(0), money(1)]),
            Judgement::na("удержания не было"),
            Judgement::fail("оператор молчал дольше 10 секунд", vec![pause]),
            Judgement::unknown("в расшифровке нет времени слов"),
            Judgement::fail("в конце разговора нет прощания", Vec::new()),
        ],
        doubts: Vec::new(),
        invented: Vec::new(),
    }
}

fn written(card: &Scorecard<'_>) -> Value {
    let mut out = Vec::new();
    ndjson::write(card, &mut out);
    assert_eq!(out.iter().filter(|&&b| b == b'\n').count(), 1);
    serde_json::from_slice(&out).expect("one line is one JSON object")
}

#[test]
fn a_line_is_what_the_format_says() {
    let (call, pack) = (call(), pack());
    let mut out = Vec::new();
    ndjson::write(&card(&call, &pack), &mut out);
    let expected = concat!(
        r#"{"schema":"etalon/scorecard@1","call":"2026-03-02-0001","source":{"path":"calls/march.ndjson","line":17},"#,
        r#""pack":"demo","pack_version":"1.0.0","line":"ookms","direction":"inbound","#,
        r#""started_at":"2026-03-02T09:15:00+03:00","agent":{"id":"a17","name":"Анна","group":"ООКМС-3"},"#,
        r#""score":46.7,"earned":7,"possible":15,"critical":["closing.goodbye"],"#,
        r#""metrics":{"duration":38,"holds":1,"hold_time":12.5,"longest_pause":12,"interruptions":null,"#,
        r#""agent_talk_share":0.74,"turns":5},"criteria":["#,
        r#"{"id":"greeting.hello","verdict":"pass","weight":4,"evidence":[{"turn":0,"from":0,"to":12,"text":"Здравствуйте"}]},"#,
        r#"{"id":"greeting.name","verdict":"pass","weight":3,"evidence":[{"turn":0,"from":14,"to":29,"text":"Меня зовут Анна"}]},"#,
        r#"{"id":"literacy.money","verdict":"fail","weight":1,"reason":"«деньги» звучит просторечно","evidence":["#,
        r#"{"turn":2,"from":10,"to":16,"text":"деньги","suggest":"денежные средства"},"#,
        r#"{"turn":2,"from":199,"to":205,"text":"деньги","suggest":"денежные средства"}]},"#,
        r#"{"id":"hold.thanks","verdict":"na","weight":3,"reason":"удержания не было"},"#,
        r#"{"id":"pause.length","verdict":"fail","weight":2,"reason":"оператор молчал дольше 10 секунд","evidence":[{"turn":2,"start":9,"end":21}]},"#,
        r#"{"id":"pause.interrupts","verdict":"unknown","weight":2,"reason":"в расшифровке нет времени слов"},"#,
        r#"{"id":"closing.goodbye","verdict":"fail","weight":5,"reason":"в конце разговора нет прощания"}]}"#,
        "\n"
    );
    assert_eq!(String::from_utf8(out).unwrap(), expected);
}

#[test]
fn numbers_and_odd_evidence() {
    let pack = PackInfo {
        criteria: vec![criterion("a.b", "т", "с", 1)],
        ..pack()
    };
    let call = call();
    let base = card(&call, &pack);
    // name, evidence, as written
    let turn = |turn| Evidence::of_turn(turn);
    let span = |from, to| Evidence {
        turn: Some(4),
        span: Some((from, to)),
        ..Evidence::default()
    };
    for (name, evidence, expected) in [
        (
            "whole turn",
            turn(4),
            json!({"turn": 4, "from": 0, "to": 14, "text": "Всего доброго."}),
        ),
        ("no such turn", turn(99), json!({"turn": 99})),
        (
            "span past the end",
            span(11, 999),
            json!({"turn": 4, "from": 6, "to": 14, "text": "доброго."}),
        ),
        (
            "span inside a letter",
            span(1, 3),
            json!({"turn": 4, "from": 0, "to": 2, "text": "Вс"}),
        ),
        (
            "span upside down",
            span(8, 2),
            json!({"turn": 4, "from": 4, "to": 4, "text": ""}),
        ),
    ] {
        let card = Scorecard {
            judgements: vec![Judgement::fail("п", vec![evidence])],
            critical: Vec::new(),
            ..base.clone()
        };
        assert_eq!(
            written(&card)["criteria"][0]["evidence"][0],
            expected,
            "{name}"
        );
    }
    // score, as written
    for (score, expected) in [
        (None, "\"score\":null,"),
        (Some(0.0), "\"score\":0.0,"),
        (Some(100.0), "\"score\":100.0,"),
        (Some(66.666), "\"score\":66.7,"),
        (Some(9.96), "\"score\":10.0,"),
        (Some(f64::NAN), "\"score\":null,"),
    ] {
        let card = Scorecard {
            score,
            ..base.clone()
        };
        let mut out = Vec::new();
        ndjson::write(&card, &mut out);
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains(expected), "{score:?}: {text}");
    }
    // milliseconds, as written
    for (millis, expected) in [
        (0, "0"),
        (5, "0.005"),
        (1000, "1"),
        (154_200, "154.2"),
        (-1500, "-1.5"),
        (i64::MIN, "-9223372036854775.808"),
    ] {
        let mut card = base.clone();
        card.metrics.duration = Some(Millis(millis));
        let mut out = Vec::new();
        ndjson::write(&card, &mut out);
        let text = String::from_utf8(out).unwrap();
        assert!(
            text.contains(&format!("\"duration\":{expected},")),
            "{millis}: {text}"
        );
    }
}

#[test]
fn any_text_survives_json() {
    let pack = pack();
    let every_control: String = (0..0x20u8).map(char::from).collect();
    for text in [
        every_control.as_str(),
        "\"\\/",
        "\u{7f}\u{2028}\u{1f600}é",
        "",
        "\\u0041",
    ] {
        let call = Call {
            id: text.to_owned().into(),
            ..call()
        };
        let card = Scorecard {
            doubts: vec![text.to_owned()],
            ..card(&call, &pack)
        };
        let value = written(&card);
        assert_eq!(value["call"], text);
        assert_eq!(value["doubts"], json!([text]));
        let mut out = Vec::new();
        let error = ErrorRecord {
            path: text,
            line: None,
            call: Some(text),
            error: text,
        };
        ndjson::write_error(&error, &mut out);
        let value: Value = serde_json::from_slice(&out).unwrap();
        let expected = json!({"schema": "etalon/error@1", "source": {"path": text}, "call": text, "error": text});
        assert_eq!(value, expected);
    }
}

#[test]
fn the_schema_holds_for_cards_and_errors() {
    let schema = std::fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/docs/scorecard.schema.json"
    ));
    let schema: Value = serde_json::from_str(&schema.unwrap()).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let pack = pack();
    let full = call();
    let bare = Call {
        id: "x".into(),
        ..Call::default()
    };
    let empty = Scorecard {
        score: None,
        source_line: None,
        metrics: Metrics::default(),
        critical: Vec::new(),
        judgements: pack
            .criteria
            .iter()
            .map(|_| Judgement::pass(Vec::new()))
            .collect(),
        doubts: vec!["все слова у одного говорящего".to_owned()],
        ..card(&full, &pack)
    };
    let empty = Scorecard {
        call: &bare,
        ..empty
    };
    for card in [card(&full, &pack), empty] {
        let value = written(&card);
        let errors: Vec<String> = schema.iter_errors(&value).map(|e| e.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}");
        // A card without one of its keys, or with a wrong verdict, is none.
        let mut less = value.clone();
        less.as_object_mut().unwrap().remove("critical");
        assert!(!schema.is_valid(&less));
        let mut wrong = value;
        wrong["criteria"][0]["verdict"] = json!("maybe");
        assert!(!schema.is_valid(&wrong));
    }
    for line in [None, Some(18)] {
        let mut out = Vec::new();
        let error = ErrorRecord {
            path: "calls/march.ndjson",
            line,
            call: None,
            error: "turns[3].speaker: unknown speaker 'robot'",
        };
        ndjson::write_error(&error, &mut out);
        let value: Value = serde_json::from_slice(&out).unwrap();
        assert!(schema.is_valid(&value), "{value}");
    }
}

fn report(
    report: &Report<'_>,
    cards: &[&Scorecard<'_>],
    errors: &[ErrorRecord<'_>],
    n_packs: usize,
) -> String {
    let mut items = Vec::new();
    let mut summary = Summary::new(n_packs);
    for (idx, card) in cards.iter().enumerate() {
        report.card(card, &mut items);
        summary.add_card(idx % n_packs, card);
        summary.calls += u64::from(idx % n_packs == 0);
    }
    for error in errors {
        report.error(error, &mut items);
        summary.errors += 1;
    }
    let mut out = Vec::new();
    report.head(&mut out);
    let skip = if items.is_empty() {
        0
    } else {
        report.separator().len()
    };
    out.extend_from_slice(&items[skip..]);
    report.tail(&summary, &mut out);
    String::from_utf8(out).expect("reports are UTF-8")
}

const ERROR: ErrorRecord<'_> = ErrorRecord {
    path: "calls/march.ndjson",
    line: Some(18),
    call: None,
    error: "turns[3].speaker: неизвестный говорящий «\u{1b}[2Jrobot»",
};

#[test]
fn json_is_an_array() {
    let (call, pack) = (call(), pack());
    let card = card(&call, &pack);
    let format = Report::new(Format::Json, vec![&pack], LOOK);
    for (cards, errors, n) in [
        (vec![], vec![], 0),
        (vec![&card], vec![], 1),
        (vec![&card, &card], vec![ERROR], 3),
    ] {
        let text = report(&format, &cards, &errors, 1);
        let value: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(value.as_array().map(Vec::len), Some(n));
    }
}

#[test]
fn csv_has_a_row_a_card_and_the_columns_of_all_packs() {
    let call = Call {
        id: "=HYPERLINK(\"x\")".into(),
        agent: Party {
            name: Some("+79161234567".into()),
            group: Some(" @группа".into()),
            id: Some("-".into()),
        },
        ..call()
    };
    let one = pack();
    let mut two = pack();
    two.id = "other".to_owned();
    two.criteria.remove(0);
    two.criteria.push(criterion("goal.met", "Цель", "…", 1));
    let first = card(&call, &one);
    let mut second = card(&call, &two);
    second.judgements.rotate_left(1);
    let format = Report::new(Format::Csv, vec![&one, &two], LOOK);
    let text = report(&format, &[&first, &second], &[ERROR], 2);
    let text = text.strip_prefix('\u{feff}').expect("a byte-order mark");
    assert!(text.ends_with("\r\n"));
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let head = reader.headers().unwrap().clone();
    // A row of another length than the head would be an error.
    let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().unwrap();
    assert_eq!(rows.len(), 3);
    let cell = |row: usize, column: &str| {
        let at = head.iter().position(|name| name == column);
        rows[row]
            .get(at.unwrap_or_else(|| panic!("a column {column}")))
            .unwrap()
            .to_owned()
    };
    // row, column, cell
    for (row, column, expected) in [
        (0, "call", "'=HYPERLINK(\"x\")"),
        (0, "agent_name", "'+79161234567"),
        (0, "agent_group", "' @группа"),
        (0, "agent_id", "-"),
        (0, "pack", "demo"),
        (0, "source_line", "17"),
        (0, "score", "46.7"),
        (0, "hold_time", "12.5"),
        (0, "interruptions", ""),
        (0, "greeting.hello", "pass"),
        (0, "literacy.money", "fail"),
        (0, "pause.interrupts", "unknown"),
        (0, "hold.thanks", "na"),
        (0, "goal.met", ""),
        (0, "critical", "closing.goodbye"),
        (
            0,
            "failed",
            "closing.goodbye; pause.length; literacy.money: «деньги» | «деньги»",
        ),
        (0, "error", ""),
        (1, "pack", "other"),
        (1, "greeting.hello", ""),
        (1, "greeting.name", "pass"),
        (1, "goal.met", "pass"),
        (2, "path", "calls/march.ndjson"),
        (2, "source_line", "18"),
        (2, "error", ERROR.error),
    ] {
        assert_eq!(cell(row, column), expected, "row {row}, column {column}");
    }
}

/// `text` is fit for a terminal of `columns`.
#[track_caller]
fn assert_harmless(text: &str, columns: usize) {
    use unicode_width::UnicodeWidthStr as _;
    for line in text.lines() {
        let bad = |c: char| c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c);
        assert!(!line.chars().any(bad), "{line:?}");
        assert!(line.width() <= columns, "{} columns: {line}", line.width());
        assert_eq!(line, line.trim_end());
    }
}

#[test]
fn a_table_for_people() {
    let (call, pack) = (call(), pack());
    let good_call = Call {
        id: "2026-03-02-0002".into(),
        agent: Party::default(),
        ..self::call()
    };
    let fair = card(&call, &pack);
    let good = Scorecard {
        score: Some(100.0),
        earned: 15,
        critical: Vec::new(),
        judgements: pack
            .criteria
            .iter()
            .map(|_| Judgement::pass(Vec::new()))
            .collect(),
        ..card(&good_call, &pack)
    };
    let format = Report::new(Format::Table, vec![&pack], LOOK);
    let text = report(&format, &[&fair, &good, &fair], &[ERROR], 1);
    assert_harmless(&text, LOOK.width);
    insta::assert_snapshot!("table", text);

    let english = Look {
        lang: Lang::En,
        width: 72,
        ..LOOK
    };
    let format = Report::new(Format::Table, vec![&pack], english).summary_only();
    let text = report(&format, &[&fair, &good], &[], 1);
    assert_harmless(&text, 72);
    insta::assert_snapshot!("table_totals_en", text);
}

fn shown(card: &Scorecard<'_>, parts: Parts<'_>, look: Look) -> String {
    let mut out = Vec::new();
    show::write(card, parts, look, &mut out);
    String::from_utf8(out).unwrap()
}

#[test]
fn a_call_for_a_supervisor() {
    let (call, pack) = (call(), pack());
    let card = card(&call, &pack);
    let doubtful = Scorecard {
        doubts: vec!["похоже, что оператор и клиент перепутаны".to_owned()],
        score: None,
        ..card.clone()
    };
    let transcript = Parts {
        transcript: true,
        ..Parts::default()
    };
    let rule = |id| Parts {
        rule: Some(id),
        transcript: false,
    };
    let english = Look {
        lang: Lang::En,
        ..LOOK
    };
    for (name, card, parts, look) in [
        ("show", &card, Parts::default(), LOOK),
        ("show_transcript", &card, transcript, LOOK),
        ("show_rule_failed", &card, rule("literacy.money"), LOOK),
        ("show_rule_kept", &card, rule("greeting.name"), LOOK),
        ("show_doubtful_en", &doubtful, Parts::default(), english),
    ] {
        let text = shown(card, parts, look);
        assert_harmless(&text, look.width);
        insta::assert_snapshot!(name, text);
    }
}

#[test]
fn colours_change_no_words() {
    let (call, pack) = (call(), pack());
    let card = card(&call, &pack);
    let parts = Parts {
        transcript: true,
        ..Parts::default()
    };
    let colored = shown(
        &card,
        parts,
        Look {
            color: true,
            ..LOOK
        },
    );
    assert!(colored.contains("\u{1b}["));
    let stripped = anstream::adapter::strip_str(&colored).to_string();
    let letters = |text: &str| -> String { text.chars().filter(|c| c.is_alphanumeric()).collect() };
    assert_eq!(letters(&stripped), letters(&shown(&card, parts, LOOK)));
    // The words of the customer carry no colour of their own.
    assert!(!colored.contains("\u{1b}[31m\u{202e}"));
}

#[test]
fn totals_do_not_depend_on_how_they_are_added() {
    let (call, pack) = (call(), pack());
    let cards: Vec<Scorecard<'_>> = (0..20)
        .map(|n| {
            let mut card = card(&call, &pack);
            card.score = (n % 7 != 0).then_some(f64::from(n) * 100.0 / 19.0);
            card.judgements.rotate_left(n as usize % 7);
            card
        })
        .collect();
    let total = |cards: &[Scorecard<'_>]| {
        let mut summary = Summary::new(1);
        for card in cards {
            summary.add_card(0, card);
            summary.calls += 1;
        }
        summary
    };
    let whole = total(&cards);
    for cut in 0..=cards.len() {
        let mut left = total(&cards[..cut]);
        left.merge(&total(&cards[cut..]));
        assert_eq!(left, whole, "cut at {cut}");
    }
    let tallies = &whole.packs[0].criteria;
    assert!(
        tallies
            .iter()
            .all(|t| t.pass + t.fail + t.na + t.unknown == 20)
    );
    let fails: u64 = tallies.iter().map(|t| t.fail).sum();
    let by_agent: u64 = whole.packs[0].agents["a17"].fails.iter().sum();
    assert_eq!(fails, by_agent);
    assert_eq!(Verdict::ALL.len(), 4);
}

/// `(id, name, group)` of each call's agent; the agents of the table by their keys.
#[test]
fn an_agent_named_by_id_and_by_name_is_one_where_that_is_certain() {
    #[expect(clippy::type_complexity, reason = "a table of this one test")]
    let rows: &[(&[(&str, &str, &str)], &str)] = &[
        (&[("7", "Анна", ""), ("Анна", "Анна", "")], "7×2"),
        (&[("Анна", "Анна", ""), ("7", "Анна", "север")], "7×2"),
        (
            &[("7", "Анна", "юг"), ("Анна", "Анна", "север")],
            "7×1 Анна×1",
        ),
        (
            &[("7", "Анна", ""), ("8", "Анна", ""), ("Анна", "Анна", "")],
            "7×1 8×1 Анна×1",
        ),
        (
            &[
                ("7", "Анна", "юг"),
                ("8", "Анна", "север"),
                ("Анна", "Анна", "юг"),
            ],
            "7×2 8×1",
        ),
        (&[("7", "", ""), ("", "", "")], "×1 7×1"),
    ];
    for (calls, expected) in rows {
        let mut summary = Summary::new(1);
        for (agent, name, group) in *calls {
            let outcome = etalon::score::Outcome {
                agent,
                name,
                group,
                score: Some(50.0),
                doubtful: false,
            };
            summary.add(0, outcome, [Verdict::Fail].into_iter());
        }
        let joined = summary.packs[0].agents_joined();
        let told: Vec<String> = joined
            .iter()
            .map(|(key, agent)| format!("{key}×{}", agent.fails[0]))
            .collect();
        assert_eq!(told.join(" "), *expected, "{calls:?}");
    }
}
