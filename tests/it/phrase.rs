//! `src/phrase/`: the notation, as a table.

use std::collections::BTreeMap;

use etalon::call::Millis;
use etalon::lexicon::Lexicon;
use etalon::phrase::{Hits, Matcher, MatcherCache, Owner, SetSource};
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
    };
    let other = SetSource {
        id: "thanks",
        phrases: vec!["спасибо (вам) за (звонок|обращение)", "^алло", "@bye"],
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

include!("phrase_table.rs");
