//! What holds for any input.

use super::*;

/// A call in the canonical form.
fn call() -> impl Strategy<Value = serde_json::Value> {
    let turn = (0..3_usize, "\\PC{0,20}", 0..500_u32, any::<bool>());
    ("[a-z0-9-]{1,8}", prop::collection::vec(turn, 1..6), any::<bool>(), prop::option::of("\\PC{1,9}")).prop_map(
        |(id, turns, timed, name)| {
            let mut at = 0.0;
            let turns: Vec<_> = turns
                .into_iter()
                .map(|(who, text, length, _)| {
                    let start = at;
                    at += f64::from(length) / 100.0;
                    let mut turn = serde_json::json!({"speaker": (["agent", "customer", "system"])[who], "text": text});
                    if timed {
                        turn["start"] = start.into();
                        turn["end"] = at.into();
                    }
                    turn
                })
                .collect();
            serde_json::json!({"id": id, "turns": turns, "agent": {"id": "a", "name": name}, "meta": {"rings": 2}})
        },
    )
}

fn expected(value: &serde_json::Value) -> String {
    let mut out = value["id"].as_str().unwrap().to_owned();
    if let Some(name) = value["agent"]["name"].as_str()
        && !name.trim().is_empty()
    {
        write!(out, " agent={name}").unwrap();
    }
    out.push_str(" agent_id=a rings:2");
    for turn in value["turns"].as_array().unwrap() {
        let speaker = turn["speaker"].as_str().unwrap();
        write!(out, " | {}", &speaker[..1]).unwrap();
        if let (Some(start), Some(end)) = (turn["start"].as_f64(), turn["end"].as_f64()) {
            write!(
                out,
                "[{}-{}]",
                (start * 1000.0).round(),
                (end * 1000.0).round()
            )
            .unwrap();
        }
        write!(out, " {}", turn["text"].as_str().unwrap()).unwrap();
    }
    out
}

/// The lines of calls, without their notes.
fn calls(path: &str, text: &str) -> Vec<String> {
    let options = Options::default();
    let mut out = Vec::new();
    let _ = ingest::read_reader(
        path,
        Box::new(Cursor::new(text.to_owned().into_bytes())),
        &options,
        &mut |batch| {
            for record in batch.expect("no error in good input").records() {
                match record.parse(&options) {
                    Parsed::Call(call, _) => out.push(show(&call)),
                    Parsed::Error(error) => panic!("{error:?}"),
                }
            }
            ControlFlow::Continue(())
        },
    );
    out
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_call_comes_back_from_every_shape(values in prop::collection::vec(call(), 1..5)) {
        let wanted: Vec<String> = values.iter().map(expected).collect();
        let lines: Vec<String> = values.iter().map(ToString::to_string).collect();
        let pretty: Vec<String> = values.iter().map(|value| serde_json::to_string_pretty(value).unwrap()).collect();
        prop_assert_eq!(&calls("a.ndjson", &lines.join("\n")), &wanted);
        prop_assert_eq!(&calls("-", &lines.join("\r\n\r\n")), &wanted);
        prop_assert_eq!(&calls("-", &lines.concat()), &wanted);
        prop_assert_eq!(&calls("-", &pretty.join("\n")), &wanted);
        prop_assert_eq!(&calls("-", &serde_json::to_string_pretty(&values).unwrap()), &wanted);
        prop_assert_eq!(&calls("-", &format!("[{}]", lines.join(","))), &wanted);
    }

    #[test]
    fn any_bytes_are_borne(bytes in prop::collection::vec(any::<u8>(), 0..300), path in prop::sample::select(vec!["-", "a.json", "a.ndjson", "a.csv", "a.txt"])) {
        let got = run(path, &bytes, &Options::default());
        prop_assert!(!got.is_empty() || bytes.is_empty());
    }

    #[test]
    fn nearly_right_text_is_borne(
        parts in prop::collection::vec(prop::sample::select(vec![
            "{", "}", "[", "]", "\"", ",", ":", "\n", "\r\n", " ", "\\", "id", "turns", "\"id\":\"1\"", "\"turns\":[", "{\"speaker\":\"agent\"", ";", "\t",
            "О:", "К: ", "Оператор: ", "[00:12]", "[0:01-0:02] ", "---", "=== 1 ===", "Дата: ", "Клиент: Анна", "звонок;кто;реплика\n", "1;оператор;да\n", "ж", "\u{feff}", "\0", "-1", "1e999", "null",
        ]), 0..40),
        path in prop::sample::select(vec!["-", "a.json", "a.ndjson", "a.csv", "a.txt"]),
    ) {
        run(path, parts.concat().as_bytes(), &Options::default());
    }

    #[test]
    fn a_good_line_survives_bad_ones(bad in "[^\\n\\x00]{1,60}", value in call()) {
        // A small file with zero bytes in it is taken for a binary one, whole: no line of it is good.
        prop_assume!(!bad.trim().is_empty());
        let text = format!("{value}\n{bad}\n{value}\n");
        let got = run("a.ndjson", text.as_bytes(), &Options::default());
        let first = got.lines().filter(|line| line.starts_with(expected(&value).lines().next().unwrap_or_default())).count();
        prop_assert!(first >= 2, "{}", got);
    }
}
