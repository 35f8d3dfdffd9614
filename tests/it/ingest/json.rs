//! The canonical form.

use super::*;

const T: &str = r#""turns":[{"speaker":"agent","text":"Да"}]"#;

fn call(id: &str) -> String {
    format!(r#"{{"id":"{id}",{T}}}"#)
}

fn turns(turns: &str) -> String {
    format!(r#"{{"id":"1","turns":[{turns}]}}"#)
}

t!(one, "a.json", call("1"), "1 | a Да");
t!(
    pretty,
    "a.json",
    "{\n  \"id\": \"1\",\n  \"turns\": [\n    {\"speaker\": \"customer\", \"text\": \"Алло\"}\n  ]\n}\n",
    "1 | c Алло"
);
t!(
    pretty_one_after_another,
    "a.json",
    "{\n\"id\": 1,\n\"turns\": []}\n{\n\"id\": 2,\n\"turns\": []\n}",
    "1 {ingest/empty-call 3 x1 turns}\n2 {ingest/empty-call 6 x1 turns}"
);
t!(
    array,
    "-",
    format!("[{},\n {}]\n", call("1"), call("2")),
    "1 | a Да\n2 | a Да"
);
t!(
    lines,
    "a.ndjson",
    format!("{}\n\n{}\r\n{}", call("1"), call("2"), call("3")),
    "1 | a Да\n2 | a Да\n3 | a Да"
);
t!(
    no_line_ends,
    "-",
    format!("{}{} {}", call("1"), call("2"), call("3")),
    "1 | a Да\n2 | a Да\n3 | a Да"
);
t!(
    byte_order_mark,
    "a.json",
    format!("\u{feff}{}", call("1")),
    "1 | a Да"
);
t!(text_ending_is_no_matter, "a.txt", call("1"), "1 | a Да");
t!(
    everything,
    "a.json",
    r#"{"id":"1","line":"paid","direction":"outbound","started_at":"2026-03-02T09:15:00+03:00","agent":{"id":"a1","name":"Анна","group":"Г","x":1},
    "customer":{"id":"c1","name":"Иван"},"turns":[{"speaker":"agent","start":0.4,"end":4.1,"text":"Да","words":[{"text":"Да","start":0.4,"end":0.9,"confidence":1}]},
    {"speaker":"system","start":5,"end":6,"text":"[музыка]"}],"events":[{"type":"hangup","start":9},{"type":"hold","start":5.0,"end":6.0}],"duration":9.5,"crm":7,"meta":{"rings":2}}"#,
    "1 line=paid at=2026-03-02T09:15:00+03:00 agent=Анна agent_id=a1 group=Г customer=Иван outbound 9500ms crm:7 rings:2 Hold@5000 Hangup@9000 | a[400-4100] Да | s[5000-6000] [музыка]"
);
t!(
    number_for_id,
    "a.json",
    r#"{"id":17,"turns":[{"speaker":"agent","text":"Да"}]}"#,
    "17 | a Да"
);
t!(
    usual_words_for_speakers,
    "a.json",
    turns(
        r#"{"speaker":"Оператор","text":"1"},{"speaker":"КЛИЕНТ","text":"2"},{"speaker":"client","text":"3"},{"speaker":"ivr","text":"4"}"#
    ),
    "1 | a 1 | c 2 | c 3 | s 4"
);
t!(
    roles_from_the_user,
    "a.json",
    turns(
        r#"{"speaker":"SPEAKER_00","text":"1"},{"speaker":1,"text":"2"},{"speaker":"agent","text":"3"}"#
    ),
    "speaker_00=agent,1=customer,agent=system",
    "",
    "1 | a 1 | c 2 | s 3"
);
t!(
    escapes_are_undone,
    "a.json",
    turns(r#"{"speaker":"agent","text":"\"Да\"\n\u0416"}"#),
    "1 | a \"Да\"\nЖ"
);
t!(
    nulls_are_nothing,
    "a.json",
    r#"{"id":"1","line":null,"direction":null,"agent":null,"customer":null,"events":null,"duration":null,"meta":null,"started_at":null,
    "turns":[{"speaker":"agent","start":null,"end":null,"text":"Да","words":null}]}"#,
    "1 | a Да"
);
t!(
    agent_as_a_name,
    "a.json",
    r#"{"id":"1","agent":"Анна","turns":[{"speaker":"agent","text":"Да"}]}"#,
    "1 agent=Анна | a Да"
);

// Doubts.
t!(
    no_text,
    "a.json",
    turns(
        r#"{"speaker":"agent"},{"speaker":"agent","text":null},{"speaker":"customer","text":" "},{"speaker":"agent","text":"Да"}"#
    ),
    "1 | a  | a  | c   | a Да {ingest/empty-text 1 x3 turns[0].text}"
);
t!(
    start_without_end,
    "a.json",
    turns(
        r#"{"speaker":"agent","start":1,"end":2,"text":"1"},{"speaker":"agent","start":3,"text":"2"}"#
    ),
    "1 | a 1 | a 2 {ingest/times-dropped 1 x1 turns[1]}"
);
t!(
    end_before_start,
    "a.json",
    turns(r#"{"speaker":"agent","start":2,"end":1,"text":"1"}"#),
    "1 | a 1 {ingest/times-dropped 1 x1 turns[0]}"
);
t!(
    overlap_is_fine,
    "a.json",
    turns(
        r#"{"speaker":"agent","start":1,"end":9,"text":"1"},{"speaker":"customer","start":5,"end":6,"text":"2"}"#
    ),
    "1 | a[1000-9000] 1 | c[5000-6000] 2"
);
t!(
    late_listed_overlap_is_fine,
    "a.json",
    turns(
        r#"{"speaker":"agent","start":3,"end":9,"text":"1"},{"speaker":"customer","start":1,"end":4,"text":"2"}"#
    ),
    "1 | a[3000-9000] 1 | c[1000-4000] 2"
);
t!(
    backwards,
    "a.json",
    turns(
        r#"{"speaker":"agent","start":30,"end":39,"text":"1"},{"speaker":"customer","start":1,"end":4,"text":"2"}"#
    ),
    "1 | a 1 | c 2 {ingest/times-dropped 1 x1 turns[1]}"
);
t!(
    negative,
    "a.json",
    turns(r#"{"speaker":"agent","start":-1,"end":4,"text":"2"}"#),
    "1 | a 2 {ingest/times-dropped 1 x1 turns[0]}"
);
t!(
    epoch,
    "a.json",
    turns(r#"{"speaker":"agent","start":1740900000000,"end":1740900000001,"text":"2"}"#),
    "1 | a 2 {ingest/times-dropped 1 x1 turns[0]}"
);
t!(
    no_time_at_all,
    "a.json",
    turns(r#"{"speaker":"agent","start":"?","end":4,"text":"2"}"#),
    "1 | a 2 {ingest/times-dropped 1 x1 turns[0]}"
);
t!(
    seconds_in_a_string,
    "a.json",
    turns(r#"{"speaker":"agent","start":"1.5","end":"4s","text":"2"}"#),
    "1 | a[1500-4000] 2"
);
t!(
    one_turn_without_times,
    "a.json",
    turns(r#"{"speaker":"agent","start":1,"end":4,"text":"1"},{"speaker":"agent","text":"2"}"#),
    "1 | a 1 | a 2 {ingest/times-dropped 1 x1 turns[1]}"
);
t!(
    a_marker_without_times,
    "a.json",
    turns(
        r#"{"speaker":"agent","start":1,"end":4,"text":"1"},{"speaker":"system","text":"[удержание]"}"#
    ),
    "1 | a[1000-4000] 1 | s [удержание]"
);
t!(
    events,
    "a.json",
    format!(
        r#"{{"id":"1","events":[{{"type":"jump","start":1}},{{"type":"hold"}},{{"type":"hold","start":3,"end":1}}],{T}}}"#
    ),
    "1 | a Да {ingest/bad-event 1 x3 events[0]}"
);
t!(
    duration,
    "a.json",
    format!(r#"{{"id":"1","duration":-4,{T}}}"#),
    "1 | a Да {ingest/bad-duration 1 x1 duration}"
);
t!(
    date,
    "a.json",
    format!(r#"{{"id":"1","started_at":"вчера",{T}}}"#),
    "1 started_at:\"вчера\" | a Да {ingest/bad-date 1 x1 started_at}"
);
t!(
    key_twice,
    "a.json",
    format!(r#"{{"id":"1","id":"2",{T}}}"#),
    "2 | a Да {ingest/duplicate-key 1 x1 id}"
);

// Errors, and what stands around them is still read.
t!(
    unknown_speaker,
    "a.json",
    turns(r#"{"speaker":"agent","text":"Да"}, {"text":"é","speaker":"robot"}"#),
    "! ingest/unknown-speaker 1:75 1 turns[1].speaker: unknown speaker 'robot'"
);
t!(
    voice,
    "a.json",
    turns(r#"{"speaker":"SPEAKER_00","text":"Да"}"#),
    "! ingest/voice-without-role 1:31 1 turns[0].speaker: it is not said who 'SPEAKER_00' is: the agent or the customer"
);
t!(
    no_speaker,
    "a.json",
    turns(r#"{"text":"Да"}"#),
    "! ingest/no-speaker 1:20 1 turns[0].speaker: the turn has no speaker"
);
t!(
    no_id,
    "a.json",
    format!("{{{T}}}"),
    "! ingest/no-id 1:1 - id: the call has no id"
);
t!(
    empty_id,
    "a.json",
    format!(r#"{{"id":" ",{T}}}"#),
    "! ingest/no-id 1:7 - id: the call has no id"
);
t!(
    no_turns,
    "a.json",
    r#"{"id":"1"}"#,
    "! ingest/not-a-call 1:1 1 not a call: there are no `turns`"
);
t!(
    direction,
    "a.json",
    format!(r#"{{"id":"1","direction":"up",{T}}}"#),
    "! ingest/unknown-direction 1:23 1 direction: unknown direction 'up'"
);
t!(
    text_is_a_number,
    "a.json",
    turns(r#"{"speaker":"agent","text":5}"#),
    "! ingest/wrong-type 1:46 1 turns[0].text: expected a string"
);
t!(
    turns_is_a_string,
    "a.json",
    r#"{"id":"1","turns":"x"}"#,
    "! ingest/wrong-type 1:19 1 turns: expected an array"
);
t!(
    turn_is_null,
    "a.json",
    turns("null"),
    "! ingest/wrong-type 1:20 1 turns[0]: expected an object"
);
t!(
    agent_id,
    "a.json",
    format!(r#"{{"id":"1","agent":{{"id":[]}},{T}}}"#),
    "! ingest/wrong-type 1:25 1 agent.id: expected a string or a number"
);
t!(
    word_text,
    "a.json",
    turns(r#"{"speaker":"agent","text":"a b","words":[{"text":"a"},{"text":1}]}"#),
    "! ingest/wrong-type 1:82 1 turns[0].words[1].text: expected a string"
);
t!(
    bad_line_costs_itself,
    "a.ndjson",
    format!(
        "{}\n{{\"id\":\"Ж2\",\"turns\":[,]}}\n{}\n",
        call("1"),
        call("3")
    ),
    "1 | a Да\n! ingest/json-syntax 2:21 Ж2 broken JSON: expected a value\n3 | a Да"
);
t!(
    first_line_cut,
    "a.ndjson",
    format!("{{\"id\":\"1\",\"turns\":[\n{}\n", call("2")),
    "! ingest/json-syntax 1:20 1 broken JSON: the text breaks off before its brackets or quotes are closed\n2 | a Да"
);
t!(
    first_line_cut_no_ending,
    "-",
    format!("{{\"id\":\"1\",\"tur\n{}\n", call("2")),
    "! ingest/json-syntax 1:15 1 broken JSON: the text breaks off before its brackets or quotes are closed\n2 | a Да"
);
t!(
    line_is_no_object,
    "a.ndjson",
    format!("{}\n5\nhello\n\"x\"\n[]\n{}", call("1"), call("2")),
    "1 | a Да
! ingest/wrong-type 2:1 - expected an object
! ingest/json-syntax 3:1 - broken JSON: expected a value
! ingest/wrong-type 4:1 - expected an object
! ingest/wrong-type 5:1 - expected an object
2 | a Да"
);
t!(
    garbage_above,
    "a.ndjson",
    format!("hello\n{}", call("1")),
    "! ingest/json-syntax 1:1 - broken JSON: expected a value\n1 | a Да"
);
t!(
    trailing_comma_in_line,
    "a.ndjson",
    format!("{},\n{},\n", call("1"), call("2")),
    "! ingest/json-syntax 1:53 1 broken JSON: there is something after the end of the object\n! ingest/json-syntax 2:53 2 broken JSON: there is something after the end of the object"
);
t!(
    bad_byte_costs_its_line,
    "a.ndjson",
    [
        call("1").as_bytes(),
        b"\n{\"id\":\"\xD0\x96\xFF\"}\n",
        call("3").as_bytes()
    ]
    .concat(),
    "1 | a Да\n! ingest/not-utf8 2:9 - here is a byte that is not UTF-8\n3 | a Да"
);
t!(
    bad_element_costs_itself,
    "a.json",
    format!(
        "[{},\n {{\"id\":\"2\",\"turns\":[,]}},\n 7,\n {}]",
        call("1"),
        call("4")
    ),
    "1 | a Да
! ingest/json-syntax 2:21 2 broken JSON: expected a value
! ingest/wrong-type 3:2 - expected an object
4 | a Да"
);
t!(
    array_not_closed,
    "a.json",
    format!("[{},\n{}", call("1"), call("2")),
    "1 | a Да\n2 | a Да\n! ingest/json-broken 2:53 - broken JSON: the text breaks off before its brackets or quotes are closed; what follows in this file is not read"
);
t!(
    array_cut_in_a_call,
    "a.json",
    format!("[{},\n{{\"id\":\"2\",\"turns\":[", call("1")),
    "1 | a Да\n! ingest/json-syntax 2:20 2 broken JSON: the text breaks off before its brackets or quotes are closed"
);
t!(
    array_bracket,
    "a.json",
    format!(
        "[{},\n{{\"id\":\"2\",\"turns\":[}}}},{}]",
        call("1"),
        call("3")
    ),
    "1 | a Да\n! ingest/json-broken 2:20 - broken JSON: expected `,` or a closing bracket; what follows in this file is not read"
);
t!(
    array_comma,
    "a.json",
    format!("[{}\n{}]", call("1"), call("2")),
    "1 | a Да\n! ingest/json-broken 2:1 - broken JSON: expected `,` or a closing bracket; what follows in this file is not read"
);
t!(
    array_last_comma,
    "a.json",
    format!("[{},]", call("1")),
    "1 | a Да\n! ingest/json-broken 1:55 - broken JSON: a comma stands before the closing bracket; what follows in this file is not read"
);
t!(
    after_the_array,
    "a.json",
    format!("[{}] x", call("1")),
    "1 | a Да\n! ingest/json-broken 1:56 - broken JSON: there is something after the end of the object; what follows in this file is not read"
);
t!(
    empty_array,
    "a.json",
    "[ ]",
    "! ingest/empty-file - - the file is empty"
);
t!(
    broken_among_pretty,
    "a.json",
    format!("{{\n \"id\": \"1\",\n \"turns\": [}}\n}}\n{}\n", call("2")),
    "! ingest/json-syntax 3:12 - broken JSON: expected `,` or a closing bracket\n2 | a Да"
);
t!(
    deep,
    "a.json",
    format!(
        "{{\"id\":\"1\",\"x\":{}{}}}",
        "[".repeat(300),
        "]".repeat(300)
    ),
    "! ingest/json-syntax 1:141 1 broken JSON: brackets are nested too deeply"
);

/// Lines longer than a block, blocks cut anywhere: the lines are counted all the same.
#[test]
fn long_lines() {
    let long = "слово ".repeat(120_000);
    let mut text = String::new();
    for i in 0..6 {
        writeln!(
            text,
            r#"{{"id":"{i}","turns":[{{"speaker":"agent","text":"{long}{i}"}}]}}"#
        )
        .unwrap();
        text.push_str("{\n");
    }
    let got = run("a.ndjson", text.as_bytes(), &Options::default());
    let places: Vec<&str> = got
        .lines()
        .filter_map(|line| line.strip_prefix("! ingest/json-syntax "))
        .map(|rest| rest.split(' ').next().unwrap())
        .collect();
    assert_eq!(places, ["2:2", "4:2", "6:2", "8:2", "10:2", "12:2"]);
    assert_eq!(
        got.lines()
            .filter(|line| line.starts_with(|c: char| c.is_ascii_digit()))
            .count(),
        6
    );

    let calls: Vec<&str> = text.lines().filter(|line| line.len() > 2).collect();
    let array = format!("[\n{}\n]", calls.join(",\n"));
    let got = run("a.json", array.as_bytes(), &Options::default());
    assert_eq!(got.lines().count(), 6);
    assert!(got.lines().all(|line| !line.starts_with('!')));
}

#[test]
fn bare_parse_borrows() {
    let text = call("1");
    let call = ingest::parse_bare(&text).unwrap();
    assert!(matches!(call.turns[0].text, std::borrow::Cow::Borrowed(_)));
    assert!(matches!(call.id, std::borrow::Cow::Borrowed(_)));
}

/// One object a call, and the record of a line has its number.
#[test]
fn a_line_too_long() {
    let mut text = format!("{}\n", call("1")).into_bytes();
    text.extend(std::iter::repeat_n(b'[', 40 << 20));
    text.extend(format!("\n{}\n", call("3")).into_bytes());
    let got = run("a.ndjson", &text, &Options::default());
    assert_eq!(
        got.trim_end(),
        "1 | a Да\n! ingest/too-long 2:1 - one call takes more than 32 MB\n3 | a Да"
    );
}

fn with_events(events: &str) -> String {
    format!(r#"{{"id":"1","turns":[{{"speaker":"agent","text":"Да"}}],"events":[{events}]}}"#)
}

/// Calls in the plain form are read by a reader of their own, which has to give what `serde_json` gives.
#[test]
fn both_readers_give_the_same() {
    let cases = [
        call("1"),
        format!("{}\r", call("1")),
        r#" { "id" : "1" , "turns" : [ { "text" : "Да" , "speaker" : "agent" } ] } "#.to_owned(),
        turns(r#"{"speaker":"customer","start":0.400,"end":19.650,"text":"Алло, да"}"#),
        turns(r#"{"speaker":"agent","start":0,"end":123456.789012345,"text":"а"}"#),
        turns(r#"{"speaker":"agent","start":1e1,"end":2E1,"text":"а"}"#),
        turns(r#"{"speaker":"agent","start":0.1,"end":0.30000000000000004,"text":"а"}"#),
        turns(r#"{"speaker":"agent","start":"00:01","end":null,"text":"а","end":3}"#),
        turns(r#"{"speaker":"оператор","text":"\u0414а"},{"speaker":"system","text":"[музыка]"}"#),
        turns(r#"{"speaker":"agent","text":"а","text":"б"}"#),
        turns(r#"{"speaker":"agent","text":"а","words":[{"text":"а","confidence":0.5}]}"#),
        r#"{"crm":{"a":[1,2.50,"в"]},"meta":{"crm":2,"rings":3},"late":null,"id":"1","turns":[{"speaker":"agent","text":"Да"}]}"#.to_owned(),
        r#"{"meta":{"crm":2},"crm":1,"crm":3,"id":7,"turns":[{"speaker":"agent","text":"Да"}],"duration":9.5,"direction":"outbound"}"#.to_owned(),
        r#"{"id":"1","line":" ","agent":"Анна","customer":{"name":"Иван","group":""},"turns":[{"speaker":"agent","text":"Да"}],"events":[]}"#.to_owned(),
        r#"{"id":"1","agent":{"id":"a","group":"г"},"customer":{},"turns":[{"speaker":"agent","text":"Да"}]}"#.to_owned(),
        with_events(r#"{"kind":"hold","start":1.5,"end":9}"#),
        with_events(r#"{"end":null,"start":1,"kind":"mute"},{"kind":"transfer","start":2.0}"#),
        with_events(r#" { "kind" : "hold" , "start" : 0 } "#),
        with_events(r#"{"kind":"hold","start":"00:05","end":"00:09"}"#),
        with_events(r#"{"kind":"hold","start":1,"start":2}"#),
        with_events(r#"{"kind":"h\u006fld","start":1,"by":"agent"}"#),
        r#"{"id":"1 \"a\" \\","turns":[{"speaker":"agent","text":"\"Да\" \\"}],"meta":{"\"":1}}"#.to_owned(),
    ];
    let path = "a.ndjson".into();
    for line in &cases {
        let record = ingest::Record::of_line(&path, 1, line.as_bytes());
        let Parsed::Call(call, _) = record.parse(&Options::default()) else {
            panic!("a call: {line}");
        };
        let bare = ingest::parse_bare(line).expect("a call");
        assert_eq!(call, bare, "{line}");
    }
    for line in [
        "{\"id\":\"1\",\"turns\":[{\"speaker\":\"agent\",\"text\":\"\t\"}]}",
        r#"{"id":"1","turns":[{"speaker":"agent","text":"Да"}],}"#,
        r#"{"id":"1","turns":[{"speaker":"agent","text":"Да"}]}}"#,
        r#"{"id":"1","turns":[{"speaker":"agent","text":"Да"},]}"#,
        r#"{"id":"1","turns":[{"speaker":"agent","start":00.5,"end":1.,"text":"Да"}]}"#,
        r#"{"id":"1","turns":[{"speaker":"agent","text":"Да}]}"#,
        r#"{"id":"1","turns":[{"speaker":"nobody","text":"Да"}]}"#,
        &with_events(r#"{"kind":"hold","start":1"#),
        &with_events(r#"{"kind":"hold","start":1},"#),
    ] {
        let record = ingest::Record::of_line(&path, 1, line.as_bytes());
        let parsed = record.parse(&Options::default());
        assert!(matches!(parsed, Parsed::Error(_)), "{line}");
    }
}
