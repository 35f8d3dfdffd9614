//! The way of one call through the whole program, on one screen.

use crate::call::{Call, Millis};
use crate::criteria::{Context, Judgement, Verdict, guessed_at, runs_beside, settle};
use crate::lexicon::Lexicon;
use crate::locale::Lang;
use crate::pack::Pack;
use crate::phrase::{Guesser, Hits, MatcherCache};
use crate::score::{self, Scorecard};
use crate::text::{self, Buffers, Heard, Token, TokenizedCall, Vocabulary};
use crate::timeline::{self, Groundwork, NameCache, Parameters, Parting, Thresholds, Timeline};

/// Holds calls against packs. One per thread: what it learns of words is used for the next call.
#[derive(Debug)]
pub struct Auditor<'p> {
    packs: &'p [Pack],
    lang: Lang,
    vocabulary: Vocabulary,
    caches: Vec<MatcherCache>,
    names: NameCache,
    hits: Hits,
    /// For a second reading of a call.
    hits_again: Hits,
    buffers: Buffers,
    /// See [`Auditor::thorough`].
    is_thorough: bool,
    /// By pack, the numbers of each of its lines.
    numbers: Vec<Vec<Numbers<'p>>>,
}

/// What the first stages ask the parameters of a pack, on one line.
#[derive(Debug, Clone, Copy)]
struct Numbers<'p> {
    line: &'p str,
    merge: Millis,
    heard_min: Option<f64>,
    thresholds: Thresholds,
}

impl<'p> Numbers<'p> {
    fn of(parameters: &Parameters, line: &'p str) -> Self {
        Self {
            line,
            merge: Millis::from_seconds(parameters.get("merge_s", line).unwrap_or(0.0)),
            heard_min: parameters.get(Parameters::HEARD_MIN, line),
            thresholds: Thresholds::of(parameters, line),
        }
    }
}

impl<'p> Auditor<'p> {
    /// For these packs, with reasons in this language.
    pub fn new(packs: &'p [Pack], lang: Lang) -> Self {
        let numbers = |pack: &'p Pack| {
            let lines = pack.lines.iter().chain([&pack.default_line]);
            let numbers = lines.map(|line| Numbers::of(&pack.parameters, line));
            numbers.collect()
        };
        let spellings = packs.iter().map(|pack| pack.matcher.spellings()).collect();
        Self {
            packs,
            lang,
            vocabulary: Vocabulary::new(Lexicon::embedded(), spellings),
            caches: packs.iter().map(|_| MatcherCache::new()).collect(),
            names: NameCache::default(),
            hits: Hits::new(),
            hits_again: Hits::new(),
            buffers: Buffers::default(),
            numbers: packs.iter().map(numbers).collect(),
            is_thorough: false,
        }
    }

    /// One that looks for everything everywhere. Its scorecards are the same and take longer: what the shortcut is held against.
    pub fn thorough(packs: &'p [Pack], lang: Lang) -> Self {
        Self {
            is_thorough: true,
            ..Self::new(packs, lang)
        }
    }

    /// What is remembered of the ways through the phrases of a pack, by its index.
    pub(crate) fn phrases(&mut self, pack: usize) -> &mut MatcherCache {
        &mut self.caches[pack]
    }

    /// Gives `sink` one scorecard a pack, in the order of the packs. `path` and `source_line` say where the call was read.
    pub fn audit(
        &mut self,
        call: &Call<'_>,
        path: &str,
        source_line: Option<u32>,
        sink: &mut dyn FnMut(&Scorecard<'_>),
    ) {
        let packs = self.packs.iter().zip(&mut self.caches);
        for ((pack, cache), numbers) in packs.zip(&self.numbers) {
            let line = pack.line_of(call);
            let known = numbers.iter().find(|numbers| numbers.line == line).copied();
            let Numbers {
                merge,
                heard_min,
                thresholds,
                ..
            } = known.unwrap_or_else(|| Numbers::of(&pack.parameters, line));
            let mut text = text::tokenize(
                call,
                &mut self.vocabulary,
                merge,
                std::mem::take(&mut self.buffers),
            );
            pack.matcher
                .find_first(&text, &self.vocabulary, cache, &mut self.hits);
            let invented = timeline::invented(&text, &self.hits, &pack.timeline.roles);
            if !invented.is_empty() {
                let buffers = text.into_buffers();
                let vocabulary = &mut self.vocabulary;
                text = text::tokenize_without(call, vocabulary, merge, buffers, invented);
                pack.matcher
                    .find_first(&text, &self.vocabulary, cache, &mut self.hits);
            }
            let heard = heard_min.and_then(|min| Heard::of(&text, &self.vocabulary, min as f32));
            let unheard = heard.as_ref().map(|_| self.vocabulary.unheard());
            let badly_heard = heard.as_ref().filter(|heard| !heard.is_empty());
            let guesser = badly_heard.map(|heard| {
                let vocabulary = &self.vocabulary;
                Guesser::new(&pack.matcher, &text, vocabulary, cache, |token| {
                    let Token { word, marks, .. } = text.tokens[token];
                    guessed_at(heard, token, vocabulary.norm(word), marks.filler())
                })
            });
            let arranger = Arranger {
                pack,
                vocabulary: &self.vocabulary,
                thresholds: &thresholds,
                is_thorough: self.is_thorough,
            };
            let timeline = arranger.timeline(&text, &mut self.hits, cache, &mut self.names);
            let context = Context {
                timeline: &timeline,
                line,
                parameters: &pack.parameters,
                meta_defaults: &pack.meta_defaults,
                lang: self.lang,
                advice: None,
                heard: heard.as_ref(),
                guesser: guesser.as_ref(),
                when: &[],
                excuse: &[],
            };
            let mut judgements: Vec<Judgement<'_>> = pack
                .criteria
                .iter()
                .map(|criterion| criterion.judge(&context))
                .collect();
            if let Some((heard, unheard)) = badly_heard.zip(unheard) {
                let text = heard.masked(&text, &self.vocabulary, unheard);
                let hits = &mut self.hits_again;
                pack.matcher
                    .find_first(&text, &self.vocabulary, cache, hits);
                let mut without = arranger.timeline(&text, hits, cache, &mut self.names);
                // Fewer words make no new doubt about who spoke.
                without.doubt = timeline.doubt;
                let without = Context {
                    timeline: &without,
                    ..context
                };
                for (criterion, judgement) in pack.criteria.iter().zip(&mut judgements) {
                    let transcribed = std::mem::replace(judgement, Judgement::na(""));
                    *judgement = settle(&context, transcribed, criterion.judge(&without));
                }
            }
            let failed = |judgement: &Judgement<'_>| judgement.verdict == Verdict::Fail;
            // What the agent says in one breath, or in one phrase, may be parted by a word of the customer.
            for parting in [Parting::OneBreath, Parting::InPhrase] {
                if heard.is_some() || !judgements.iter().any(failed) {
                    break;
                }
                let between = parting.runs(&text, &self.vocabulary);
                if between.is_empty() {
                    continue;
                }
                let earlier = (&text, timeline.hits, &*text.kept_over(&between));
                let whole = text.joined_over(&between);
                let hits = &mut self.hits_again;
                pack.matcher
                    .find_first_again(&whole, &self.vocabulary, cache, hits, earlier);
                if parting == Parting::InPhrase && !hits.go_over(&text.seams_over(&between)) {
                    continue;
                }
                let mut joined = arranger.timeline(&whole, hits, cache, &mut self.names);
                joined.doubt = timeline.doubt;
                let joined = Context {
                    timeline: &joined,
                    ..context
                };
                let all = pack.criteria.iter().zip(&mut judgements);
                for (criterion, judgement) in all.filter(|(_, judgement)| failed(judgement)) {
                    let kept = criterion.judge(&joined);
                    let tells =
                        parting == Parting::OneBreath || kept.stands_across(&text.runs, &between);
                    if kept.verdict == Verdict::Pass && tells {
                        *judgement = kept;
                    }
                }
            }
            for (criterion, judgement) in pack.criteria.iter().zip(&mut judgements) {
                if failed(judgement)
                    && let Some(unknown) = criterion.in_doubt(&context)
                {
                    *judgement = unknown;
                }
            }
            let mut card = score::scorecard(
                call,
                path,
                source_line,
                &pack.info,
                pack.on_critical,
                line,
                &timeline,
                judgements,
                self.lang,
            );
            card.doubts.extend(pack.line_doubt(call, self.lang));
            card.doubts
                .extend(heard.iter().flat_map(|heard| heard.doubts(call, self.lang)));
            sink(&card);
            self.buffers = text.into_buffers();
        }
    }
}

/// Puts calls in order.
struct Arranger<'a> {
    pack: &'a Pack,
    vocabulary: &'a Vocabulary,
    thresholds: &'a Thresholds,
    is_thorough: bool,
}

impl<'a> Arranger<'a> {
    /// `hits` are those of [`Matcher::find_first`](crate::phrase::Matcher::find_first); what is asked for beside holds only is looked for there.
    fn timeline(
        &self,
        text: &'a TokenizedCall<'a>,
        hits: &'a mut Hits,
        cache: &mut MatcherCache,
        names: &mut NameCache,
    ) -> Timeline<'a> {
        let (rules, words) = (&self.pack.timeline, self.vocabulary);
        let ground = Groundwork::of(text, hits, rules, self.thresholds);
        let runs = match self.is_thorough {
            true => ground.agent_runs.clone(),
            false => runs_beside(&ground.holds, &ground.agent_runs),
        };
        self.pack
            .matcher
            .find_later(text, words, cache, hits, &runs);
        Timeline::on(ground, text, hits, words, rules, self.thresholds, names)
    }
}

impl Pack {
    /// The line whose requirements hold for the call: its own where the pack knows it, else the default one.
    pub fn line_of<'a>(&'a self, call: &'a Call<'_>) -> &'a str {
        let own = call
            .line
            .as_deref()
            .filter(|line| self.lines.iter().any(|known| known == line));
        own.unwrap_or(&self.default_line)
    }

    /// That the call names a line which the pack does not know, so that the default one was taken. A pack of a single line
    /// makes no difference between lines and has nothing to say.
    fn line_doubt(&self, call: &Call<'_>, lang: Lang) -> Option<String> {
        let named = call.line.as_deref().map(str::trim)?;
        let known = self.lines.iter().any(|known| known == named);
        let doubtful = self.lines.len() > 1 && !named.is_empty() && !known;
        doubtful.then(|| crate::pack::locale::line_not_known(lang, named, &self.default_line))
    }
}
