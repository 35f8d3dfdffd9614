//! The packs under stress; and what stress finds in a tiny pack that does not stand it.

use std::fmt::Write as _;

use etalon::pack::{Mutation, Pack, embedded_ids};
use etalon::stress::{self, Stress, Wanted};

use crate::talk;

fn of(pack: &Pack, threads: usize) -> Stress {
    stress::run(pack, &|_| true, threads).unwrap_or_else(|errors| panic!("{errors:?}"))
}

#[test]
fn the_packs_stand_every_change() {
    let mut report = String::new();
    let mut tried = [0; Mutation::ALL.len()];
    for id in embedded_ids() {
        let pack = Pack::embedded(id).unwrap().unwrap();
        let stress = of(&pack, 2);
        let ids = &pack.info().criteria;
        for survivor in stress.survivors.iter().filter(|one| one.excused.is_none()) {
            let (own, judged) = (&ids[survivor.criterion].id, &ids[survivor.judged].id);
            writeln!(
                report,
                "{}:{}: {own} {}: {judged} is {}\n    {:?}",
                survivor.path,
                survivor.line,
                survivor.mutation.name(),
                survivor.got.name(),
                survivor.turns
            )
            .unwrap();
        }
        for unused in &stress.unused {
            let (path, line) = (&unused.path, unused.line);
            writeln!(
                report,
                "{path}:{line}: nothing needs the reason for {}",
                unused.mutation.name()
            )
            .unwrap();
        }
        for ((_, mutation), tally) in &stress.tallies {
            tried[*mutation as usize] += tally.tried;
        }
    }
    assert!(report.is_empty(), "\n{report}");
    for mutation in Mutation::ALL {
        let n = tried[mutation as usize];
        assert!(n >= 150, "{} was tried only {n} times", mutation.name());
    }
}

#[test]
fn the_same_comes_out_on_any_number_of_threads() {
    let pack = Pack::embedded("yumek").unwrap().unwrap();
    assert_eq!(of(&pack, 1), of(&pack, 3));
}

/// `(what, the criterion behind its head, survivors as "line mutation: verdict, wanted" with a + where they have a reason, reasons
/// that nothing needs as "line mutation")`. The head has six lines.
#[rustfmt::skip]
const CASES: &[(&str, &str, &[&str], &[&str])] = &[
    ("all is well",
     "[said]\nsay = \"greeting\"\nzone = \"opening\"\n[[example]]\nverdict = \"pass\"\ncall = \"О: [[Здравствуйте]], Анна!\"\n[[example]]\nverdict = \"fail\"\ncall = \"О: Алло.\\nК: здравствуйте\"\n",
     &[], &[]),
    ("thanks and goodbye in one turn close the call anywhere",
     "[said]\nsay = \"goodbye\"\nzone = \"closing\"\n[[example]]\nverdict = \"pass\"\ncall = \"О: спасибо за звонок до свидания\"\n",
     &["10 move: pass, not pass"], &[]),
    ("the same with a reason at the example",
     "[said]\nsay = \"goodbye\"\nzone = \"closing\"\n[[example]]\nsurvives = { move = \"so it is\" }\nverdict = \"pass\"\ncall = \"О: спасибо за звонок до свидания\"\n",
     &["10 move: pass, not pass +"], &[]),
    ("the same with a reason at the criterion",
     "survives = { move = \"so it is\" }\n[said]\nsay = \"goodbye\"\nzone = \"closing\"\n[[example]]\nverdict = \"pass\"\ncall = \"О: спасибо за звонок до свидания\"\n",
     &["11 move: pass, not pass +"], &[]),
    ("a reason without a word is none",
     "[said]\nsay = \"goodbye\"\nzone = \"closing\"\n[[example]]\nsurvives = { move = \" \" }\nverdict = \"pass\"\ncall = \"О: спасибо за звонок до свидания\"\n",
     &["10 move: pass, not pass"], &[]),
    ("reasons that nothing needs",
     "survives = { yo = \"why\" }\n[said]\nsay = \"goodbye\"\n[[example]]\nsurvives = { swap = \"why\" }\nverdict = \"pass\"\ncall = \"О: до свидания\"\n",
     &[], &["7 yo", "10 swap"]),
    ("what rests on commas",
     "[address]\ncheck = \"label\"\nlabels = [\"девушка\"]\n[[example]]\nverdict = \"fail\"\ncall = \"О: Номер Ваш, [[девушка]], я вижу.\"\n",
     &["10 bare: pass, fail"], &[]),
    ("a forbidden word that an excuse lets pass",
     "[[excuse]]\nsaid = \"goodbye\"\n[unsaid]\nsay = [\"ладно\"]\n[[example]]\nverdict = \"pass\"\ncall = \"О: хорошо до свидания\"\n[[example]]\nverdict = \"fail\"\ncall = \"О: ну [[ладно]] тогда\"\n",
     &["11 insert: na, fail"], &[]),
    ("a pass without words, once they are gone",
     "[[variant]]\nwhen = [{ said = \"greeting\" }]\nsaid = { say = \"greeting\" }\n[limit]\nmeasure = \"meta.rings\"\nmax = 3\n[[example]]\nverdict = \"pass\"\nmeta = { rings = 1 }\ncall = \"О: [[здравствуйте]] слушаю\\nК: да\"\n",
     &["13 drop: pass, not pass"], &[]),
    ("a fault that rests on other words, once these are gone",
     "[[variant]]\nwhen = [{ said = [\"ладно\"] }]\nunsaid = { say = [\"ладно\"] }\n[unsaid]\nsay = \"greeting\"\nwho = \"agent\"\n[[example]]\nverdict = \"fail\"\ncall = \"О: ну [[ладно]] здравствуйте\"\n",
     &[], &[]),
    ("whoever says it",
     "[[variant]]\nwhen = [{ customer_said = \"greeting\" }]\nsaid = { say = \"greeting\", who = \"customer\" }\n[said]\nsay = \"greeting\"\n[[example]]\nverdict = \"pass\"\ncall = \"О: [[здравствуйте]]\\nК: да\"\n",
     &["12 swap: pass, not pass"], &[]),
    ("required words that a condition takes for another call",
     "[[unless]]\nsaid = [\"здравствуйте алло\", \"алло здравствуйте\"]\n[said]\nsay = \"greeting\"\nzone = \"opening\"\n[[example]]\nverdict = \"pass\"\ncall = \"О: [[здравствуйте]]\"\n[[example]]\nverdict = \"fail\"\ncall = \"О: алло\"\n",
     &["15 supply: na, pass"], &[]),
    ("an example that is wrong as it is proves nothing",
     "[said]\nsay = \"goodbye\"\nzone = \"closing\"\n[[example]]\nverdict = \"fail\"\ncall = \"О: спасибо за звонок до свидания\"\n",
     &[], &[]),
];

#[test]
fn survivors_are_named() {
    for (what, criterion, survivors, unused) in CASES {
        let pack = talk::pack(criterion);
        let stress = of(&pack, 2);
        let found: Vec<String> = stress
            .survivors
            .iter()
            .map(|one| {
                let wanted = match one.wanted {
                    Wanted::Verdict(verdict) => verdict.name().to_owned(),
                    Wanted::Not(verdict) => format!("not {}", verdict.name()),
                };
                let plus = if one.excused.is_some() { " +" } else { "" };
                let (mutation, got) = (one.mutation.name(), one.got.name());
                format!("{} {mutation}: {got}, {wanted}{plus}", one.line)
            })
            .collect();
        assert_eq!(found, *survivors, "{what}");
        let idle: Vec<String> = stress
            .unused
            .iter()
            .map(|one| format!("{} {}", one.line, one.mutation.name()))
            .collect();
        assert_eq!(idle, *unused, "{what}");
        let fine = survivors.iter().all(|one| one.ends_with('+')) && unused.is_empty();
        assert_eq!(stress.is_ok(), fine, "{what}");
    }
}

/// What a change does to other criteria of the pack is looked at too, and a reason of theirs counts.
#[test]
fn a_change_must_not_break_what_nobody_touched() {
    let head = "title = \"Всё\"\nclause = \"проба\"\nweight = 1\n";
    let said = format!(
        "id = \"it.is\"\n{head}[said]\nsay = \"greeting\"\n[[example]]\nverdict = \"pass\"\ncall = \"О: Здравствуйте, номер уточните. Девушка в салоне.\"\n"
    );
    let label = |survives: &str| {
        format!(
            "id = \"it.label\"\n{head}{survives}[address]\ncheck = \"label\"\nlabels = [\"девушка\"]\n"
        )
    };
    for (survives, ok) in [
        ("", false),
        ("survives = { bare = \"без знаков не понять\" }\n", true),
    ] {
        let label = label(survives);
        let files = [("it/is.toml", said.as_str()), ("it/label.toml", &label)];
        let pack = Pack::from_source(&talk::source(&files)).unwrap();
        let stress = of(&pack, 2);
        let found: Vec<_> = stress
            .survivors
            .iter()
            .map(|one| (one.criterion, one.judged, one.mutation, one.got.name()))
            .collect();
        assert_eq!(found, [(0, 1, Mutation::Bare, "fail")]);
        assert_eq!(stress.is_ok(), ok);
        // Alone, the other criterion's reason is no business of this one's.
        let alone = stress::run(&pack, &|idx| idx == 1, 1).unwrap();
        assert!(alone.is_ok() && alone.survivors.is_empty());
    }
}
