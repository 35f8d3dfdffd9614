//! Dialogues written down.

use super::*;

t!(
    plain,
    "calls/m1.txt",
    "Оператор: Добрый день\nКлиент: Алло\n",
    "m1 | a Добрый день | c Алло"
);
t!(
    letters,
    "m.txt",
    "О: Раз\nК: Два\nO: Три\nK: Четыре\n",
    "m | a Раз | c Два | a Три | c Четыре"
);
t!(
    english,
    "m.txt",
    "Agent: One\nCustomer: Two\n",
    "m | a One | c Two"
);
t!(
    names,
    "m.txt",
    "Менеджер (Анна): Раз\nКлиент (Иван Петров): Два\n",
    "m agent=Анна customer=Иван Петров | a Раз | c Два"
);
t!(
    name_after_role,
    "m.txt",
    "Оператор Анна: Раз\nКлиент 1: Два\n",
    "m agent=Анна | a Раз | c Два"
);
t!(
    bold,
    "m.txt",
    "**Оператор:** Раз\n**Клиент**: Два\n",
    "m | a Раз | c Два"
);
t!(
    two_labels,
    "m.txt",
    "[0.0-1.0] оператор / SPEAKER_00: Раз\n[1.0-2.0] клиент / SPEAKER_01: Два\n",
    "m | a[0-1000] Раз | c[1000-2000] Два"
);
t!(
    spans,
    "m.txt",
    "[00:12-00:15] Оператор: Раз\n[00:00:16–00:00:18] Клиент: Два\n[18.5 - 19.25] Оператор: Три\n",
    "m | a[12000-15000] Раз | c[16000-18000] Два | a[18500-19250] Три"
);
t!(
    starts,
    "m.txt",
    "[00:12] Оператор: Раз\n[00:15] Клиент: Два\n",
    "m | a Раз | c Два {ingest/times-dropped 1 x1}"
);
t!(
    bare_starts,
    "m.txt",
    "00:12 Оператор: Раз\n00:15 Клиент: Два\n",
    "m | a Раз | c Два {ingest/times-dropped 1 x1}"
);
t!(
    time_in_label,
    "m.txt",
    "Оператор [00:12]: Раз\nКлиент (00:15): Два\n",
    "m | a Раз | c Два {ingest/times-dropped 1 x1}"
);
t!(
    unreadable_time,
    "m.txt",
    "[00:01-00:02] Клиент: Раз\n[25:99] Оператор: деньги\n[00:03-00:04] Клиент: Два\n",
    "m | c Раз | a деньги | c Два {ingest/times-dropped 2 x1}"
);
t!(
    unreadable_times,
    "m.txt",
    "[--:--] Клиент: Раз\n25:99 Оператор: Два\n(1:2:3:4) Клиент: Три\n",
    "m | c Раз | a Два | c Три {ingest/times-dropped 1 x1}"
);
t!(
    dashes,
    "m.txt",
    "— Клиент: Раз\n— Оператор: Два\n- [00:99] Клиент: Три\n",
    "m | c Раз | a Два | c Три {ingest/times-dropped 3 x1}"
);
t!(
    missing_end,
    "m.txt",
    "[00:12-00:14] Оператор: Раз\n[00:15] Клиент: Два\n",
    "m | a Раз | c Два {ingest/times-dropped 2 x1}"
);
t!(
    more_lines,
    "m.txt",
    "Оператор: Раз\n  два\n\nтри\nКлиент:\nчетыре\n",
    "m | a Раз два три | c четыре"
);
t!(
    stamped_without_label,
    "m.txt",
    "[00:01-00:02] Оператор: Раз\n[00:03-00:04] два\n",
    "m | a[1000-2000] Раз | a[3000-4000] два"
);
t!(
    markers,
    "m.txt",
    "[музыка]\nОператор: Раз [шум] два\n[удержание]\nСпасибо\n[01:00-01:30] [тишина]\nКлиент: Да\n",
    "m | s [музыка] | a Раз [шум] два | s [удержание] | a Спасибо | s [тишина] | c Да {ingest/times-dropped 2 x1}"
);
t!(
    crlf_and_mark,
    "m.txt",
    "\u{feff}Оператор: Раз\r\nКлиент: Два\r\n",
    "m | a Раз | c Два"
);
t!(
    windows_1251,
    "m.txt",
    encoding_rs::WINDOWS_1251
        .encode("Оператор: Добрый день, чем могу помочь?\nКлиент: Здравствуйте\n")
        .0,
    "m | a Добрый день, чем могу помочь? | c Здравствуйте"
);
t!(
    several,
    "m.txt",
    "О: Раз\n---\nО: Два\n---\n",
    "m | a Раз\nm#2 | a Два"
);
t!(
    several_with_ids,
    "m.txt",
    "=== 17 ===\nО: Раз\n=== 18 ===\nО: Два\n",
    "17 | a Раз\n18 | a Два"
);
t!(
    header,
    "m.txt",
    "Звонок №: 17\nДата: 02.03.2026\nВремя: 9:15\nЛиния: paid\nНаправление: исходящий\nДлительность: 2:31\nОператор ФИО: Анна Петрова\nТелефон: 123\nОператор: Раз\nКлиент: Два\n",
    "17 line=paid at=2026-03-02T09:15:00 agent=Анна Петрова outbound 151000ms Телефон:123 | a Раз | c Два"
);
t!(
    header_with_roles,
    "m.txt",
    "Дата: 2026-03-02 09:15\nОператор: Анна\nКлиент: Иванов И. П.\nФайл: a.wav\n\nОператор: Раз\nКлиент: Два\n",
    "m at=2026-03-02T09:15:00 agent=Анна customer=Иванов И. П. Файл:\"a.wav\" | a Раз | c Два"
);
t!(
    header_ends_with_role,
    "m.txt",
    "Дата: 2026-03-02\nОператор: Анна\n\nОператор: Раз\n\nКлиент: Два\n",
    "m at=2026-03-02 agent=Анна | a Раз | c Два"
);
t!(
    header_then_greeting,
    "m.txt",
    "Дата: 2026-03-02\nКлиент: Алло\n\nОператор: Раз\n",
    "m at=2026-03-02 | c Алло | a Раз"
);
t!(
    header_and_dashes,
    "m.txt",
    "Дата: 2026-03-02\n---\nО: Раз\n",
    "m at=2026-03-02 | a Раз"
);
t!(
    short_first_turn,
    "m.txt",
    "Клиент: Анна\n\nОператор: Раз\n",
    "m | c Анна | a Раз"
);
t!(
    title,
    "m.txt",
    "Расшифровка звонка\nО: Раз\n",
    "m | a Раз {ingest/text-above 1 x1}"
);
t!(
    sentence_with_colon,
    "m.txt",
    "О: Раз\nИтого: пять\nА вот: шесть, http://a.b\n",
    "m | a Раз Итого: пять А вот: шесть, http://a.b {ingest/label-in-text 2 x2}"
);
t!(
    voices_with_roles,
    "m.txt",
    "Спикер 1: Раз\nСпикер 2: Два\n",
    "Спикер 1=agent,спикер 2=customer",
    "",
    "m | a Раз | c Два"
);
t!(
    empty_turn,
    "m.txt",
    "О:\nК: Да\n",
    "m | a  | c Да {ingest/empty-text 1 x1}"
);

t!(
    voices,
    "m.txt",
    "ID: 7\n\nСпикер 1: Раз\nСпикер 2: Два\n",
    "! ingest/voice-without-role 3:1 7 it is not said who 'Спикер 1' is: the agent or the customer"
);
t!(
    voice_by_letter,
    "m.txt",
    "Speaker A: Раз\nSpeaker B: Два\n",
    "! ingest/voice-without-role 1:1 m it is not said who 'Speaker A' is: the agent or the customer"
);
t!(
    unclear_voice,
    "m.txt",
    "О: Раз\nНЕЯСНО: Два\n",
    "! ingest/voice-without-role 2:1 m it is not said who 'НЕЯСНО' is: the agent or the customer"
);
t!(
    channel_in_header,
    "m.txt",
    "Дата: 2026-03-02\nКанал: входящий\nО: Раз\n",
    "m at=2026-03-02 | a Раз {ingest/text-above 2 x1}"
);
t!(
    voice_with_time,
    "m.txt",
    "[00:00:03–00:00:06] speaker 1: Раз\n",
    "! ingest/voice-without-role 1:21 m it is not said who 'speaker 1' is: the agent or the customer"
);
t!(
    strangers,
    "m.txt",
    "Клиент: Раз\nМария: Два\nКлиент: Три\nМария: Четыре\n",
    "! ingest/unknown-speaker 2:1 m unknown speaker 'Мария'"
);
t!(
    stranger_with_time,
    "m.txt",
    "[00:01] Клиент: Раз\n[00:02] Мария: Два\n",
    "! ingest/unknown-speaker 2:9 m unknown speaker 'Мария'"
);
t!(
    no_turn,
    "m.txt",
    "Просто заметка о звонке.\nИ ещё строка.\n",
    "! ingest/no-transcript 1:1 m no line here looks like a turn"
);
t!(
    no_turn_no_ending,
    "-",
    "Просто заметка о звонке.\n",
    "! ingest/not-a-transcript - - this does not look like a transcript of any known form"
);
t!(
    second_has_no_turn,
    "m.txt",
    "О: Раз\n---\nитог: отказ\n",
    "m | a Раз\n! ingest/no-transcript 2:1 m#2 no line here looks like a turn"
);
t!(
    announced_without_a_turn,
    "m.txt",
    "=== 17 ===\n=== 18 ===\nО: Раз\n",
    "! ingest/no-transcript 1:1 17 no line here looks like a turn\n18 | a Раз"
);
t!(
    direction,
    "m.txt",
    "Направление: вбок\nО: Раз\n",
    "! ingest/unknown-direction 1:1 - unknown direction 'вбок'"
);
t!(
    bad_byte,
    "m.txt",
    b"\xD0\x9E: \xD0\x94\xD0\xB0\n\xD0\x9A: \xD0\x94\xFF\n",
    "! ingest/not-utf8 2:5 - here is a byte that is not UTF-8"
);

t!(
    empty,
    "m.txt",
    "",
    "! ingest/empty-file - - the file is empty"
);
t!(
    only_a_mark,
    "m.txt",
    "\u{feff}",
    "! ingest/empty-file - - the file is empty"
);
t!(
    only_space,
    "m.json",
    " \n\n",
    "! ingest/empty-file - - the file is empty"
);
t!(
    workbook,
    "m.csv",
    b"PK\x03\x04abc",
    "! ingest/binary - - this is a ZIP archive or an Office file (xlsx, docx), not a transcript"
);
t!(
    sound,
    "m.txt",
    b"RIFF\x24\0\0\0WAVE",
    "! ingest/binary - - this is a sound recording, not a transcript"
);
t!(
    zeros,
    "m.txt",
    [0_u8; 100],
    "! ingest/binary - - this is a binary file, not a transcript"
);
t!(
    values_of_headers,
    "h.txt",
    "rings: 4\ndropped: да\nended_by: customer\nОператор: Да\n",
    "h dropped:true ended_by:\"customer\" rings:4 | a Да"
);
