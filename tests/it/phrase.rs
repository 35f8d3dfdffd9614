//! `src/phrase/`: the notation, as a table.

use std::collections::BTreeMap;

use etalon::call::Millis;
use etalon::lexicon::Lexicon;
use etalon::locale::Lang;
use etalon::phrase::{AskedOf, Hits, Matcher, MatcherCache, Owner, SetSource};
use etalon::text::{Buffers, Vocabulary, tokenize};

use crate::text::call;

fn declared() -> BTreeMap<String, Vec<String>> {
    let words: [(&str, &[&str]); 3] = [
        ("мтс", &["эмтээс", "эм тэ эс"]),
        ("sms", &["смс", "эсэмэс"]),
        ("юмэк", &["юмек"]),
    ];
    words
        .iter()
        .map(|(word, forms)| {
            (
                (*word).to_owned(),
                forms.iter().map(|&form| form.to_owned()).collect(),
            )
        })
        .collect()
}

/// The hits of the set `t` as texts, `~` before a loose one, runs joined by a line.
fn hits(sets: &[SetSource<'_>], lines: &str) -> String {
    let matcher = Matcher::build(sets, &declared(), Lexicon::embedded())
        .unwrap_or_else(|errors| panic!("{errors:?}"));
    let call = call(lines);
    let mut vocabulary = Vocabulary::new(Lexicon::embedded(), vec![matcher.spellings()]);
    let tokenized = tokenize(&call, &mut vocabulary, Millis(3000), Buffers::default());
    let (mut cache, mut hits) = (MatcherCache::new(), Hits::new());
    matcher.find(&tokenized, &vocabulary, &mut cache, &mut hits);
    let again = hits.of(matcher.set("t").unwrap()).to_vec();
    // A warm cache gives the same.
    matcher.find(&tokenized, &vocabulary, &mut cache, &mut hits);
    assert_eq!(again, hits.of(matcher.set("t").unwrap()));
    let texts = again.iter().map(|hit| {
        let mut text = String::from(if hit.loose { "~" } else { "" });
        let first_turn = tokenized.tokens[hit.tokens().start].turn;
        let cut = hit
            .tokens()
            .find(|&token| tokenized.tokens[token].turn != first_turn);
        text += tokenized.text(hit.tokens().start..cut.unwrap_or(hit.tokens().end));
        if let Some(cut) = cut {
            text += " + ";
            text += tokenized.text(cut..hit.tokens().end);
        }
        if let Some((owner, tokens)) = &hit.name {
            let owner = match owner {
                Owner::Anyone => "",
                Owner::Customer => "К=",
                Owner::Agent => "О=",
            };
            text += &format!(
                " <{owner}{}>",
                tokenized.text(tokens.start as usize..tokens.end as usize)
            );
        }
        text
    });
    texts.collect::<Vec<_>>().join("; ")
}

fn check(name: &str, phrases: &[&str], except: &[&str], exact: bool, text: &str, expected: &str) {
    let lines = if text.contains("О:") {
        text.to_owned()
    } else {
        format!("О: {text}")
    };
    let set = SetSource {
        id: "t",
        phrases: phrases.to_vec(),
        except: except.to_vec(),
        exact,
        asked_of: AskedOf::Both,
        later: false,
    };
    let other = SetSource {
        id: "thanks",
        phrases: vec!["спасибо (вам) за (звонок|обращение)", "^слушаю", "@bye"],
        ..SetSource::default()
    };
    let bye = SetSource {
        id: "bye",
        phrases: vec!["до свидания"],
        ..SetSource::default()
    };
    assert_eq!(
        hits(&[other, set, bye], &lines),
        expected,
        "{name}: {phrases:?} in {text:?}"
    );
}

#[path = "phrase_table.rs"]
mod table;

#[test]
fn all_forms_of_a_word_are_found() {
    // Nouns, verbs with participles, words of two lexemes, of no stem, with another beginning in the comparative.
    let words = [
        "минута",
        "подождать",
        "помочь",
        "человек",
        "он",
        "мы",
        "идти",
        "хороший",
        "быстрый",
        "вопрос",
        "стекло",
        "знать",
        "рад",
    ];
    for word in words {
        let set = SetSource {
            id: "t",
            phrases: vec![word],
            ..SetSource::default()
        };
        let forms = Lexicon::embedded().forms(word);
        assert_eq!(
            hits(&[set], &format!("О: {}", forms.join(", "))),
            forms.join("; "),
            "{word}"
        );
    }
}

#[test]
fn all_forms_of_a_word_are_found_with_a_slip() {
    // word, its forms with a slip
    let table = [
        ("подождать", "подаждите, подождми, подождавшшим"),
        ("обращение", "абращение, обращениями, обращщением"),
        ("быстрый", "побыстреее, быстрыйй, бытсрыми"),
    ];
    for (word, slips) in table {
        let set = SetSource {
            id: "t",
            phrases: vec![word],
            ..SetSource::default()
        };
        let found = hits(&[set], &format!("О: {slips}"));
        let texts: Vec<&str> = found
            .split("; ")
            .map(|text| text.trim_matches('~'))
            .collect();
        assert_eq!(texts.join(", "), slips, "{word}");
    }
}

#[test]
fn a_set_is_the_same_wherever_it_is_put_in() {
    let set = |id, phrases| SetSource {
        id,
        phrases,
        ..SetSource::default()
    };
    let who = set("who", vec!["(мой|наш) …1 (коллега|специалист)"]);
    let what = set(
        "what",
        vec!["@who …2 (проверит|уточнит)", "^сам (все|) проверю$"],
    );
    let text = "О: наш старший специалист сейчас все проверит а потом мой коллега уточнит\n\
                К: ладно\nО: мой коллега проверит и наш специалист уточнит\nК: да\nО: сам все проверю";
    let put_in = set(
        "t",
        vec!["@what …1 (и|а)", "потом @what", "(@what|ладно) $", "и @who"],
    );
    let written = set(
        "t",
        vec![
            "((мой|наш) …1 (коллега|специалист) …2 (проверит|уточнит)) …1 (и|а)",
            "потом ((мой|наш) …1 (коллега|специалист) …2 (проверит|уточнит)|нет)",
            "((мой|наш) …1 (коллега|специалист) …2 (проверит|уточнит)|ладно) $",
            "и (мой|наш) …1 (коллега|специалист)",
            "^сам (все|) проверю$",
        ],
    );
    let expected = hits(&[written], text);
    assert!(!expected.is_empty());
    assert_eq!(hits(&[who, what, put_in], text), expected);
}

#[test]
fn errors() {
    // name, phrases of the sets `a` and `b`, errors as `set:phrase code text`
    #[expect(clippy::type_complexity, reason = "a table of this one test")]
    let table: &[(&str, &[&str], &[&str], &[&str])] = &[
        ("none", &["алло"], &["@a"], &[]),
        (
            "unknown word",
            &["он заплотит"],
            &[],
            &["a:0 phrase/unknown-word заплотит"],
        ),
        (
            "two unknown words",
            &["заплотит прокотит", "эсэмэсить"],
            &["глюкануло бы"],
            &[
                "a:0 phrase/unknown-word заплотит",
                "a:0 phrase/unknown-word прокотит",
                "a:1 phrase/unknown-word эсэмэсить",
                "b:0 phrase/unknown-word глюкануло",
            ],
        ),
        (
            "unknown Latin word",
            &["тариф smart"],
            &[],
            &["a:0 phrase/unknown-word smart"],
        ),
        (
            "unknown slot",
            &["меня зовут [имья]"],
            &[],
            &["a:0 phrase/unknown-slot [имья]"],
        ),
        (
            "unclosed bracket",
            &["чем (я могу"],
            &[],
            &["a:0 phrase/unclosed ("],
        ),
        (
            "unclosed slot",
            &["чем [имя"],
            &[],
            &["a:0 phrase/unclosed ["],
        ),
        (
            "unopened bracket",
            &["чем я) могу"],
            &[],
            &["a:0 phrase/unopened )"],
        ),
        (
            "empty",
            &["", "(да)", "(да|) (нет)", "…"],
            &["?!"],
            &[
                "a:0 phrase/empty ",
                "a:1 phrase/empty (да)",
                "a:2 phrase/empty (да|) (нет)",
                "a:3 phrase/edge-gap …",
                "b:0 phrase/empty ?!",
            ],
        ),
        (
            "gap at the edge",
            &["… да", "да ...", "да … нет …6"],
            &[],
            &[
                "a:0 phrase/edge-gap …",
                "a:1 phrase/edge-gap ...",
                "a:2 phrase/edge-gap …6",
            ],
        ),
        (
            "gap too long",
            &["да …99 нет"],
            &[],
            &["a:0 phrase/too-large …99"],
        ),
        (
            "misplaced marks",
            &["да ^нет", "да$ нет", "да * нет"],
            &["@ да"],
            &[
                "a:0 phrase/misplaced ^",
                "a:1 phrase/misplaced $",
                "a:2 phrase/misplaced *",
                "b:0 phrase/misplaced @",
            ],
        ),
        (
            "unknown set",
            &["@bb"],
            &["да"],
            &["a:0 phrase/unknown-set @bb"],
        ),
        (
            "cycle",
            &["да @b"],
            &["нет @a"],
            &["a:0 phrase/cycle @b", "b:0 phrase/cycle @a"],
        ),
        (
            "cycle of one",
            &["да", "нет @a"],
            &[],
            &["a:1 phrase/cycle @a"],
        ),
        (
            "an error inside a set is told once",
            &["заплотит"],
            &["@a"],
            &["a:0 phrase/unknown-word заплотит"],
        ),
    ];
    for (name, a, b, expected) in table {
        let set = |id, phrases: &[&'static str]| SetSource {
            id,
            phrases: phrases.to_vec(),
            ..SetSource::default()
        };
        let sets = [set("a", a), set("b", b)];
        let errors = Matcher::build(&sets, &declared(), Lexicon::embedded())
            .err()
            .unwrap_or_default();
        let found: Vec<String> = errors
            .iter()
            .map(|error| {
                let text = sets[error.set].phrases[error.phrase].get(error.at.clone());
                format!(
                    "{}:{} {} {}",
                    sets[error.set].id,
                    error.phrase,
                    error.code(),
                    text.unwrap_or("?!?")
                )
            })
            .collect();
        assert_eq!(found, *expected, "{name}");
        for error in errors {
            assert!(!error.message(Lang::Ru).is_empty() && !error.message(Lang::En).is_empty());
        }
    }
}

#[test]
fn errors_name_what_may_have_been_meant() {
    let sets = [SetSource {
        id: "greeting",
        phrases: vec!["@greting", "[срог]"],
        except: vec!["[имя клента]"],
        exact: false,
        asked_of: AskedOf::Both,
        later: false,
    }];
    let errors = Matcher::build(&sets, &declared(), Lexicon::embedded()).expect_err("three errors");
    let messages: Vec<String> = errors.iter().map(|error| error.message(Lang::En)).collect();
    assert_eq!(
        messages,
        [
            "no phrase set named `greting`; did you mean `greeting`?",
            "no slot named [срог]; did you mean `срок`?",
            "no slot named [имя клента]; did you mean `имя клиента`?",
        ]
    );
    assert!(errors[2].except);
}

#[test]
fn a_hit_tells_its_leaves() {
    let phrase = "спасибо (вам|большое) … за @end";
    let sets = [
        SetSource {
            id: "t",
            phrases: vec!["нет", phrase],
            ..SetSource::default()
        },
        SetSource {
            id: "end",
            phrases: vec!["ваш звонок"],
            ..SetSource::default()
        },
    ];
    let matcher = Matcher::build(&sets, &declared(), Lexicon::embedded()).expect("a pack");
    let call = call("О: ну спасибо большое анна за ваш звонок");
    let mut vocabulary = Vocabulary::new(Lexicon::embedded(), vec![matcher.spellings()]);
    let tokenized = tokenize(&call, &mut vocabulary, Millis(3000), Buffers::default());
    let (mut cache, mut hits) = (MatcherCache::new(), Hits::new());
    matcher.find(&tokenized, &vocabulary, &mut cache, &mut hits);
    let set = matcher.set("t").expect("t");
    let trace = matcher.trace(&tokenized, &vocabulary, &mut cache, &hits.of(set)[0]);
    let trace: Vec<(&str, &str)> = trace
        .into_iter()
        .map(|(leaf, token)| {
            (
                &phrase[leaf],
                tokenized.text(token as usize..token as usize + 1),
            )
        })
        .collect();
    let expected = [
        ("спасибо", "спасибо"),
        ("большое", "большое"),
        ("за", "за"),
        ("@end", "ваш"),
        ("@end", "звонок"),
    ];
    assert_eq!(trace, expected);
    let leaves: Vec<&str> = matcher
        .leaves(set, 1)
        .into_iter()
        .map(|leaf| &phrase[leaf])
        .collect();
    assert_eq!(leaves, ["спасибо", "вам", "большое", "за", "@end"]);
    assert_eq!(matcher.example_text(set, 1), "спасибо вам за ваш звонок");
}

#[test]
fn example_texts_match_their_phrases() {
    for phrase in [
        "меня зовут [имя] (оператор)",
        "(это|то) займёт … [точный срок]|никогда",
        "[сумма] и [цена без единиц]",
        "[город] [дата] [время]",
        "[фамилия] [слово] [отчество] и [число]",
        "сим-карта подключ* !зовут [имя клиента]",
    ] {
        let sets = [SetSource {
            id: "t",
            phrases: vec![phrase],
            ..SetSource::default()
        }];
        let matcher = Matcher::build(&sets, &declared(), Lexicon::embedded()).expect("a pack");
        let text = matcher.example_text(matcher.set("t").expect("t"), 0);
        assert_ne!(hits(&sets, &format!("О: {text}")), "", "{phrase}: {text}");
    }
}

#[test]
fn what_is_left_for_later_is_found_there() {
    let set = |id, phrases: &[&'static str], asked_of, later| SetSource {
        id,
        phrases: phrases.to_vec(),
        asked_of,
        later,
        ..SetSource::default()
    };
    let sets = [
        set(
            "asks",
            &["!уточню", "@times", "!подождите"],
            AskedOf::Agent,
            true,
        ),
        set("times", &["пять минут"], AskedOf::Agent, true),
        set("bye", &["до свидания"], AskedOf::Agent, false),
        // Their hits come from a set that is needed at once, or are those of one.
        set("with_bye", &["всего доброго", "@bye"], AskedOf::Agent, true),
        set("wish", &["удачного дня"], AskedOf::Agent, true),
        set("kind", &["@wish"], AskedOf::Agent, false),
        // Customers are listened to at once.
        set("customers", &["жду"], AskedOf::Both, true),
    ];
    let matcher = Matcher::build(&sets, &declared(), Lexicon::embedded()).expect("a pack");
    let call = call(
        "О: уточню жду пять минут\nК: уточню жду\nО: падождите удачного дня\nК: да\nО: уточню всего доброго до свидания",
    );
    let mut vocabulary = Vocabulary::new(Lexicon::embedded(), vec![matcher.spellings()]);
    let text = tokenize(&call, &mut vocabulary, Millis(3000), Buffers::default());
    let told = |hits: &Hits| {
        let of = |set: &SetSource<'_>| {
            let found = hits.of(matcher.set(set.id).unwrap()).iter();
            let found: Vec<String> = found
                .map(|hit| format!("{}:{}", hit.run, text.text(hit.tokens())))
                .collect();
            format!("{}={}", set.id, found.join(","))
        };
        let all = sets.iter().map(of).filter(|set| !set.ends_with('='));
        all.collect::<Vec<_>>().join(" ")
    };
    let (mut cache, mut hits) = (MatcherCache::new(), Hits::new());
    let first = "bye=4:до свидания with_bye=4:всего доброго,4:до свидания wish=2:удачного дня kind=2:удачного дня customers=0:жду,1:жду";
    for runs in [vec![], vec![1], vec![0, 1], vec![2, 4], vec![0, 1, 2, 3, 4]] {
        matcher.find_first(&text, &vocabulary, &mut cache, &mut hits);
        assert_eq!(told(&hits), first);
        matcher.find_later(&text, &vocabulary, &mut cache, &mut hits, &runs);
        let later = match runs.as_slice() {
            [] | [1] => "",
            [0, 1] => "asks=0:уточню,0:пять минут times=0:пять минут ",
            [2, 4] => "asks=2:падождите,4:уточню ",
            _ => "asks=0:уточню,0:пять минут,2:падождите,4:уточню times=0:пять минут ",
        };
        assert_eq!(told(&hits), format!("{later}{first}"), "{runs:?}");
    }
    let both = told(&hits);
    matcher.find(&text, &vocabulary, &mut cache, &mut hits);
    assert_eq!(told(&hits), both);
}

#[test]
fn a_set_is_looked_for_in_the_words_of_whom_it_is_asked_of() {
    let set = |id, phrases: &[&'static str], asked_of| SetSource {
        id,
        phrases: phrases.to_vec(),
        asked_of,
        ..SetSource::default()
    };
    let sets = [
        set("both", &["!жду"], AskedOf::Both),
        set("agent", &["!жду", "!уточню", "@put_in"], AskedOf::Agent),
        set("customer", &["!жду", "!погодите"], AskedOf::Customer),
        // Where it stands for others it is looked for as these are.
        set("put_in", &["!минуту"], AskedOf::Customer),
        set("put_out", &["@customer"], AskedOf::Agent),
        set("alone", &["!погодите", "!уточню"], AskedOf::Customer),
        set("part", &["!уточню", "!жду"], AskedOf::Nobody),
        set("parted", &["@part …1 !минуту"], AskedOf::Agent),
        set("whole", &["!минуту"], AskedOf::Nobody),
        set("stood_for", &["@whole"], AskedOf::Customer),
    ];
    let matcher = Matcher::build(&sets, &declared(), Lexicon::embedded()).expect("a pack");
    let said = "жду уточню погодите минуту";
    let call = call(&format!("О: {said}\nК: {said}"));
    let mut vocabulary = Vocabulary::new(Lexicon::embedded(), vec![matcher.spellings()]);
    let text = tokenize(&call, &mut vocabulary, Millis(3000), Buffers::default());
    let (mut cache, mut hits) = (MatcherCache::new(), Hits::new());
    matcher.find(&text, &vocabulary, &mut cache, &mut hits);
    let told = |id: &str, run: u32| {
        let found = hits.of(matcher.set(id).unwrap()).iter();
        let found = found.filter(|hit| hit.run == run);
        let found: Vec<&str> = found.map(|hit| text.text(hit.tokens())).collect();
        found.join(" ")
    };
    for (id, of_agent, of_customer) in [
        ("both", "жду", "жду"),
        ("agent", "жду уточню минуту", "минуту"),
        ("customer", "жду погодите", "жду погодите"),
        ("put_in", "минуту", "минуту"),
        ("put_out", "жду погодите", "жду погодите"),
        ("alone", "", "уточню погодите"),
        ("part", "", ""),
        ("parted", "уточню погодите минуту", ""),
        ("whole", "", "минуту"),
        ("stood_for", "", "минуту"),
    ] {
        assert_eq!([told(id, 0), told(id, 1)], [of_agent, of_customer], "{id}");
    }
}

/// What rules a phrase out before it is walked is held against a plain reading of the notation: every row of up to six words.
#[test]
fn hits_in_every_row_of_words() {
    // The same as an expression over the letters of `row`, where `n` is the filler.
    let phrases = [
        ("!кот !дом", "kn*d"),
        ("!кот …1 !дом", "kn*([kdl]n*){0,1}d"),
        ("!кот …3 !дом", "kn*([kdl]n*){0,3}d"),
        ("!дом …5 !дом", "dn*([kdl]n*){0,5}d"),
        ("^!дом …2 !кот", "^n*dn*([kdl]n*){0,2}k"),
        ("!лес (!кот|) …1 !дом$", "ln*(kn*)?([kdl]n*){0,1}dn*$"),
        (
            "(!кот|!лес) …2 (!дом|!лес !дом)",
            "[kl]n*([kdl]n*){0,2}(d|ln*d)",
        ),
        ("!кот !кот$", "kn*kn*$"),
        ("^!кот$", "^n*kn*$"),
        (
            "(!кот …1 !лес|!дом !лес) …1 !кот",
            "(kn*([kdl]n*){0,1}l|dn*l)n*([kdl]n*){0,1}k",
        ),
    ];
    let letters = ["k", "d", "l", "n"];
    let mut rows: Vec<String> = vec![String::new()];
    let mut from = 0;
    for _ in 0..6 {
        let to = rows.len();
        for at in from..to {
            let longer = letters.map(|letter| format!("{}{letter}", rows[at]));
            rows.extend(longer);
        }
        from = to;
    }
    rows.remove(0);
    let word = |letter| match letter {
        'k' => "кот ",
        'd' => "дом ",
        'l' => "лес ",
        _ => "ну ",
    };
    let line = |row: &String| {
        format!(
            "О: {}\nК: [тишина]\n",
            row.chars().map(word).collect::<String>()
        )
    };
    let call = call(&rows.iter().map(line).collect::<String>());
    for (phrase, expression) in phrases {
        let sets = [SetSource {
            id: "t",
            phrases: vec![phrase],
            exact: true,
            ..SetSource::default()
        }];
        let matcher = Matcher::build(&sets, &declared(), Lexicon::embedded()).expect("a phrase");
        let mut vocabulary = Vocabulary::new(Lexicon::embedded(), vec![matcher.spellings()]);
        let text = tokenize(&call, &mut vocabulary, Millis(3000), Buffers::default());
        let (mut cache, mut hits) = (MatcherCache::new(), Hits::new());
        matcher.find(&text, &vocabulary, &mut cache, &mut hits);
        let mut found: Vec<Vec<(usize, usize)>> = vec![Vec::new(); rows.len()];
        for hit in hits.of(matcher.set("t").unwrap()) {
            let turn = text.tokens[hit.tokens().start].turn as usize;
            let first = text.runs[hit.run as usize].tokens().start;
            found[turn / 2].push((hit.tokens().start - first, hit.tokens().end - first));
        }
        let (at_start, at_end) = (expression.starts_with('^'), expression.ends_with('$'));
        let bare = expression.trim_start_matches("^n*").trim_end_matches("n*$");
        let whole = regex::Regex::new(&format!("^({bare})$")).expect("an expression");
        let fillers = |row: &str| row.chars().all(|letter| letter == 'n');
        for (row, found) in rows.iter().zip(found) {
            let mut expected = Vec::new();
            let mut start = 0;
            while start < row.len() {
                let is_hit = |end: &usize| {
                    whole.is_match(&row[start..*end])
                        && (!at_start || fillers(&row[..start]))
                        && (!at_end || fillers(&row[*end..]))
                };
                let end = (start + 1..=row.len()).rev().find(is_hit);
                expected.extend(end.map(|end| (start, end)));
                start = end.unwrap_or(start + 1);
            }
            assert_eq!(found, expected, "{phrase} in {row}");
        }
    }
}
