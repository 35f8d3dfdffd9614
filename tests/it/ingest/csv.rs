//! Tables.

use super::*;

t!(
    usual,
    "a.csv",
    "dlg_id,line_n,role,text\n7,0,client,Алло\n7,1,manager,\"Добрый, день\"\n8,0,manager,Да\n",
    "7 | c Алло | a Добрый, день\n8 | a Да"
);
t!(
    russian,
    "a.csv",
    "Номер звонка;Кто;Реплика;Начало;Конец;Линия;Направление;Оператор;Город\r\n7;Оператор;Да;0,5;1,5;paid;исходящий;Анна;Омск\r\n7;Клиент;Нет;00:02;00:03,5;paid;исходящий;Анна;Омск\r\n",
    "7 line=paid agent=Анна outbound город:\"Омск\" | a[500-1500] Да | c[2000-3500] Нет"
);
t!(
    tabs_and_mark,
    "a.tsv",
    "\u{feff}id\tspeaker\ttext\n1\tagent\tДа\n",
    "1 | a Да"
);
t!(
    one_call_a_file,
    "calls/m7.csv",
    "role,text\nagent,Да\nclient,Нет\n",
    "m7 | a Да | c Нет"
);
t!(
    operator_is_the_role,
    "a.csv",
    "Звонок;Оператор;Реплика\n1;Оператор;Да\n1;Клиент;Нет\n",
    "1 | a Да | c Нет"
);
t!(
    operator_is_a_name,
    "a.csv",
    "Звонок;Оператор;Говорит;Реплика\n1;Анна;Оператор;Да\n1;Анна;Клиент;Нет\n",
    "1 agent=Анна | a Да | c Нет"
);
t!(
    wide,
    "a.csv",
    "Звонок;Оператор;Клиент\n1;Да;\n1;;Нет\n1;И я;И я\n",
    "1 | a Да | c Нет | a И я | c И я"
);
t!(
    short_labels,
    "a.csv",
    "Звонок;Роль;Текст\n1;О;Да\n1;К;Нет\n",
    "1 | a Да | c Нет"
);
t!(
    mapped,
    "a.csv",
    "a,b,c\n1,0,Да\n1,1,Нет\n",
    "0=agent,1=customer",
    "call=a,role=B,text=c",
    "1 | a Да | c Нет"
);
t!(
    excel_sep,
    "a.csv",
    "sep=;\nid;role;text\n1;agent;Да, так\n",
    "1 | a Да, так"
);
t!(windows_1251, "a.csv", encoding_rs::WINDOWS_1251.encode("Звонок;Кто;Реплика\n1;Оператор;Добрый день, слушаю вас внимательно\n1;Клиент;Здравствуйте\n").0,
    "1 | a Добрый день, слушаю вас внимательно | c Здравствуйте");
t!(
    utf16_with_mark,
    "a.csv",
    utf16(true, "id;role;text\n1;agent;Да\n"),
    "1 | a Да"
);
t!(
    utf16_without_mark,
    "a.csv",
    utf16(false, "id;role;text\n1;agent;Добрый день\n"),
    "1 | a Добрый день"
);
t!(
    standard_input,
    "-",
    "id,role,text\n1,agent,Да\n",
    "1 | a Да"
);
t!(
    apart,
    "a.csv",
    "id,role,text\n1,agent,Раз\n2,agent,Два\n1,client,Три\n2,client,\"Четыре\nи пять\"\n",
    "1 | a Раз | c Три\n2 | a Два | c Четыре\nи пять"
);
t!(
    sorted,
    "a.csv",
    "id,n,role,text\n1,2,agent,Раз\n1,1,client,Два\n",
    "1 | c Два | a Раз {ingest/turns-sorted 2 x1}"
);
t!(
    no_words,
    "a.csv",
    "id,role,text\n1,agent,\n1,client,Да\n",
    "1 | a  | c Да {ingest/empty-text 2 x1}"
);
t!(
    starts_only,
    "a.csv",
    "id,role,start,text\n1,agent,0,Да\n1,client,4,Нет\n",
    "1 | a Да | c Нет {ingest/times-dropped 2 x1}"
);
t!(
    blank_rows,
    "a.csv",
    "id,role,text\n\n1,agent,Да\n,,\n1,client,Нет\n",
    "1 | a Да | c Нет"
);
t!(
    merged_cells,
    "a.csv",
    "id,role,text\n1,agent,Да\n,client,Нет\n2,agent,Да\n",
    "1 | a Да | c Нет {ingest/id-filled 3 x1}\n2 | a Да"
);

t!(
    unknown_role,
    "a.csv",
    "id,role,text\n1,agent,Да\n1,Робот,Нет\n2,agent,Да\n",
    "! ingest/unknown-speaker 3:3 1 role: unknown speaker 'Робот'\n2 | a Да"
);
t!(
    unknown_role_crlf,
    "a.csv",
    "id,role,text\r\n1,agent,Да\r\n\r\n1,Робот,Нет\r\n2,agent,Да\r\n",
    "! ingest/unknown-speaker 4:3 1 role: unknown speaker 'Робот'\n2 | a Да"
);
t!(
    unknown_role_after_text,
    "a.csv",
    "id;text;role\n1;\"Да; да\";agent\n1;\"Нет; нет\";робот\n",
    "! ingest/unknown-speaker 3:14 1 role: unknown speaker 'робот'"
);
t!(
    unknown_role_after_lines,
    "a.csv",
    "id;role;text\n1;agent;\"Да\nда\"\n1;робот;Нет\n",
    "! ingest/unknown-speaker 4:3 1 role: unknown speaker 'робот'"
);
t!(
    voices,
    "a.csv",
    "id,role,text\n1,SPEAKER_01,Да\n",
    "! ingest/voice-without-role 2:3 1 role: it is not said who 'SPEAKER_01' is: the agent or the customer"
);
t!(
    no_role,
    "a.csv",
    "id,role,text\n1,,Да\n",
    "! ingest/no-speaker 2:3 1 role: the turn has no speaker"
);
t!(
    no_id,
    "a.csv",
    "id,role,text\n,agent,Да\n1,agent,Да\n",
    "! ingest/no-id 2:1 - id: the call has no id\n1 | a Да"
);
t!(
    no_text_column,
    "a.csv",
    "id,role,x\n1,agent,Да\n",
    "! ingest/no-column 1:1 - no column holds the words; the columns are: id, role, x"
);
t!(
    no_role_column,
    "a.csv",
    "id,text\n1,Да\n",
    "! ingest/no-column 1:1 - no column holds the speaker; the columns are: id, text"
);
t!(
    no_rows,
    "a.csv",
    "id,role,text\n",
    "! ingest/no-transcript - - no line here looks like a turn"
);
t!(
    direction,
    "a.csv",
    "id,role,direction,text\n1,agent,вбок,Да\n",
    "! ingest/unknown-direction 2:9 1 direction: unknown direction 'вбок'"
);
t!(
    quote,
    "a.csv",
    "id,role,text\n1,agent,\"Да\n1,client,Нет\n2,agent,Да\n",
    "! ingest/unclosed-quote 2:9 1 text: a quote is opened here and not closed: other rows went into this cell"
);
t!(
    bad_byte,
    "a.csv",
    b"id,role,text\n1,agent,\xD0\x94\xD0\xB0\n2,agent,\xD0\x94\xFF\n3,agent,\xD0\x94\xD0\xB0\n",
    "1 | a Да\n! ingest/not-utf8 3:9 2 text: here is a byte that is not UTF-8\n3 | a Да"
);

fn utf16(mark: bool, text: &str) -> Vec<u8> {
    let mark = if mark { "\u{feff}" } else { "" };
    mark.chars()
        .chain(text.chars())
        .collect::<String>()
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect()
}

/// Beyond the size up to which calls are gathered, a call that comes again is an error, and the others are read.
#[test]
fn apart_in_a_large_table() {
    let mut text = "id,role,text\n".to_owned();
    let words = "слово ".repeat(5000);
    for i in 0..1300 {
        writeln!(text, "{i},agent,{words}").unwrap();
    }
    text.push_str("5,client,Да\n5,agent,Да\nz,agent,Да\n");
    let got = run("a.csv", text.as_bytes(), &Options::default());
    assert_eq!(got.lines().count(), 1302);
    let tail: Vec<&str> = got.lines().skip(1300).collect();
    assert_eq!(
        tail,
        [
            "! ingest/call-reappears 1302:1 - rows of call `5` stand in several places of a large table",
            "z | a Да"
        ]
    );
}
t!(
    values_of_columns,
    "a.csv",
    "id,role,text,rings,wait,dropped,crm_down,phone,code,topic\n1,agent,Да,4,\"2,5\",да,нет,79001234567,007,claim\n",
    "1 code:\"007\" crm_down:false dropped:true phone:\"79001234567\" rings:4 topic:\"claim\" wait:2.5 | a Да"
);
