//! How the agent calls the customer by name.

use std::ops::Range;
use std::rc::Rc;

use super::{
    Address, Introduction, NameForm, NameSpan, Namer,
    relation::{differ_by_a_vowel, is_slip_of, is_torn_end, relation, shares_lemma},
};
use crate::call::{Direction, Speaker};
use crate::lexicon::{Case, Gender, NameKind, NameReadings, Number, Pos, Tense};
use crate::text::{NormId, Token, WordId};
use crate::timeline::roles;

/// What the customer said of their name.
#[derive(Debug, Default)]
pub(super) struct Given {
    pub(super) firsts: Vec<Rc<NameReadings>>,
    /// The same first names as they were spelled.
    pub(super) first_norms: Vec<NormId>,
    pub(super) patronymics: Vec<Rc<NameReadings>>,
    /// Names that no table has, and surnames.
    pub(super) others: Vec<NormId>,
    pub(super) surnames: Vec<NormId>,
}

/// Whether a name was told of before is looked for among so many names.
const TOLD_NAMES: usize = 64;
/// What a pet form ends with.
const PET_ENDINGS: [&str; 6] = ["шка", "чка", "уля", "юша", "чик", "ик"];
/// And what may stand before that: «Прасковь-ю-шка», «Руф-о-чка».
const PET_VOWELS: [char; 4] = ['ю', 'у', 'о', 'е'];
/// So many letters of the name stand before it at least.
const PET_STEM_LETTERS_MIN: usize = 3;
/// A name that is corrected begins with so many of the letters that were said.
const CORRECTED_LETTERS: usize = 3;

impl Namer<'_> {
    pub(super) fn given(&mut self, introductions: &[Introduction]) -> Given {
        let mut given = Given::default();
        for introduction in introductions
            .iter()
            .filter(|introduction| introduction.speaker == Speaker::Customer)
        {
            for token in self.with_corrected(introduction) {
                if self.is_hesitation(token) {
                    continue;
                }
                let readings = self.readings(token);
                let has = |kind| {
                    let mut of_kind = readings
                        .readings
                        .iter()
                        .filter(|reading| reading.kind == kind);
                    of_kind.any(|reading| reading.cases.has(Case::Nominative))
                };
                let norm = self.vocabulary.norm_id(self.text.tokens[token].word);
                if has(NameKind::First) {
                    given.firsts.push(readings);
                    given.first_norms.push(norm);
                } else if has(NameKind::Patronymic) {
                    given.patronymics.push(readings);
                } else if has(NameKind::Surname) {
                    given.surnames.push(norm);
                } else {
                    given.others.push(norm);
                }
            }
        }
        given
    }

    /// «Алек… Александр»: a name that is cut off and said again is given in both forms.
    fn with_corrected(&mut self, introduction: &Introduction) -> Range<usize> {
        let name = introduction.tokens.clone();
        let end = self.text.runs[introduction.run].tokens().end;
        let next = self.past_hesitation(name.end, end);
        let is_corrected = name.len() == 1 && next < end && {
            let [begun, whole] =
                [name.start, next].map(|token| self.vocabulary.norm(self.text.tokens[token].word));
            let begins = begun
                .char_indices()
                .nth(CORRECTED_LETTERS)
                .map_or(begun, |(at, _)| &begun[..at]);
            begun != whole && whole.starts_with(begins) && self.nominative(next, NameKind::First)
        };
        match is_corrected {
            true => name.start..next + 1,
            false => name,
        }
    }

    pub(super) fn addresses(
        &mut self,
        introductions: &[Introduction],
        given: &Given,
        asked: Option<usize>,
    ) -> (Vec<Address>, bool) {
        let mut found = Vec::new();
        let mut named_from_start = false;
        let first_given = introductions
            .iter()
            .find(|i| i.speaker == Speaker::Customer)
            .map(|i| i.run);
        let of_agent = introductions
            .iter()
            .filter(|own| own.speaker == Speaker::Agent);
        let mut agents_own: Vec<usize> = of_agent.map(|own| own.tokens.start).collect();
        let norm = |token: &usize| self.vocabulary.norm_id(self.text.tokens[*token].word);
        agents_own.sort_by_key(norm);
        agents_own.dedup_by_key(|token| norm(token));
        // Mostly no name was given but such as the tables have.
        let gave_unlisted = !given.others.is_empty() || !given.surnames.is_empty();
        let mut at = 0;
        for &run in self.agent_runs {
            let tokens = self.text.runs[run].tokens();
            let mut i = tokens.start;
            loop {
                // Hardly a word is a name, and a slip of one is what the dictionary lacks.
                if !gave_unlisted {
                    while let Some(earlier) = self.nameable.get(at)
                        && (*earlier as usize) < i
                    {
                        at += 1;
                    }
                    let next = self.nameable.get(at);
                    i = next.map_or(tokens.end, |next| *next as usize);
                }
                if i >= tokens.end {
                    break;
                }
                let Token { word, marks, .. } = self.text.tokens[i];
                let is_unlisted = || {
                    let norm = self.vocabulary.norm_id(word);
                    given.others.contains(&norm)
                        || given.surnames.contains(&norm)
                        || self.is_slip(word, &given.others)
                };
                // «Ростисла в»: what nothing else is, and nearly the name that was given.
                let misheard = self.is_slip(word, &given.first_norms);
                let pet = !misheard && self.is_pet(word, given);
                let unlisted = misheard || pet || gave_unlisted && is_unlisted();
                if !unlisted && !marks.named() {
                    i += 1;
                    continue;
                }
                let span = self.name_at(i, tokens.end);
                // «Sidorova Nina Vasilyevna»: the name behind the surname is what calls her.
                let names_follow = span.is_none()
                    && unlisted
                    && !misheard
                    && i + 1 < tokens.end
                    && (self.norm(i + 1) == self.norm(i)
                        || self.name_at(i + 1, tokens.end).is_some());
                if names_follow {
                    i += 1;
                    continue;
                }
                let Some(span) = span.or(unlisted.then(|| NameSpan {
                    tokens: i..i + 1,
                    first: None,
                    patronymic: None,
                })) else {
                    i += 1;
                    continue;
                };
                i = span.tokens.end;
                let form = match pet {
                    true => NameForm::Short,
                    false => self.form_of(&span, given),
                };
                // «Эль… Эльмира Тагировна»: cut off and said again.
                let next = self.past_hesitation(i, tokens.end);
                let is_begun = form != NameForm::Given
                    && span.patronymic.is_none()
                    && next < tokens.end
                    && self.name_at(next, tokens.end).is_some_and(|whole| {
                        let [begun, whole] = [&span, &whole].map(|name| {
                            let word = self.text.tokens[name.tokens.start].word;
                            self.vocabulary.norm(word)
                        });
                        begun != whole && whole.starts_with(begun)
                    });
                if is_begun {
                    continue;
                }
                // «Best regards, Anna»: the agent's own.
                let is_own = |own: &usize| self.same_name(*own, span.tokens.start);
                if form == NameForm::Other && agents_own.iter().any(is_own) {
                    continue;
                }
                let known = form == NameForm::Given
                    && span.first.is_some()
                    && first_given.is_some_and(|given| given < run);
                if self.not_the_customer(&span, introductions, known) {
                    continue;
                }
                if !self.is_address(run, &span, form)
                    || form == NameForm::Other && self.was_told_of(run, &span.tokens, &found)
                {
                    continue;
                }
                // «Лебедев» — «Лебедев Игорь»: a question who they are.
                let asks = form == NameForm::Surname
                    && first_given.is_some_and(|given| run < given)
                    && self.is_whole_turn(run, &span.tokens);
                if asks {
                    continue;
                }
                let before_given = first_given.is_none_or(|given| run < given)
                    && asked.is_none_or(|asked| run <= asked);
                // Who is called speaks first: «Hello?» — «Dmitry, good day, my name is Maxim».
                let answers = |first: &usize| *first < run;
                let sure = span.patronymic.is_some()
                    || self.text.call.direction_or_default() == Direction::Outbound
                    || self.customer_runs.first().is_some_and(answers)
                        && (self.is_whole_turn(run, &span.tokens)
                            || self.beside(self.parts.greeting, &span.tokens)
                                && self.has_another_name(&span, introductions))
                    || self.text.call.direction != Some(Direction::Inbound)
                        && self.beside(self.parts.greeting, &span.tokens)
                        && !self.follows_a_thing(run, &span);
                let is_named =
                    span.first.is_some() || self.beside(self.parts.greeting, &span.tokens);
                if before_given && run < self.zones.opening_end && is_named && sure {
                    named_from_start = true;
                }
                let other = form == NameForm::Given
                    && first_given.is_some_and(|given| given < run)
                    && self.is_another_patronymic(run, &span, given, introductions);
                found.push(Address {
                    run,
                    tokens: span.tokens,
                    form: if other { NameForm::Other } else { form },
                });
            }
        }
        (
            found,
            named_from_start || self.asked_for_by_name(first_given, asked),
        )
    }

    /// «Pharmacy Vita, hello, Nelly»: what is called so is no customer.
    fn follows_a_thing(&self, run: usize, span: &NameSpan) -> bool {
        let before = span.tokens.start.checked_sub(1);
        let before = before.filter(|before| self.text.runs[run].tokens().contains(before));
        before.is_some_and(|before| {
            self.reading(before)
                .is_some_and(|reading| reading.pos == Pos::Noun)
                && !self.covered(self.parts.greeting, &(before..before + 1))
        })
    }

    /// «May I speak to Pavel Petrovich»: who calls so knows the name.
    fn asked_for_by_name(&mut self, first_given: Option<usize>, asked: Option<usize>) -> bool {
        if self.text.call.direction_or_default() != Direction::Outbound {
            return false;
        }
        let before = |run: usize| {
            first_given.is_none_or(|given| run < given) && asked.is_none_or(|asked| run <= asked)
        };
        let (agent_runs, end) = (self.agent_runs.iter().copied(), self.zones.opening_end);
        let mut opening = agent_runs.take_while(|run| *run < end && before(*run));
        let greeted = opening.any(|run| {
            let tokens = self.text.runs[run].tokens();
            tokens.clone().any(|token| {
                let span = self.name_at(token, tokens.end);
                span.is_some_and(|span| {
                    let after = self.text.after(span.tokens.end - 1);
                    let is_whole = span.patronymic.is_some()
                        || after.end()
                        || self.another_is_given(run, &span.tokens);
                    span.first == Some(token)
                        && is_whole
                        && (self.follows_greeting(&span.tokens) || after.question())
                })
            })
        });
        greeted
            || roles::hits(self.hits, self.parts.asks_identity)
                .iter()
                .any(|hit| {
                    let run = hit.run as usize;
                    self.text.runs[run].speaker == Speaker::Agent
                        && run < self.zones.opening_end
                        && hit.name.is_some()
                        && before(run)
                })
    }

    /// «Ильнурчик», «Прасковьюшка»: a pet form that no table has, of the name that was given.
    fn is_pet(&self, word: WordId, given: &Given) -> bool {
        if given.firsts.is_empty() || !self.vocabulary.marks(word).foreign() {
            return false;
        }
        let norm = self.vocabulary.norm(word);
        let stem = |end: &&str| Some(norm.strip_suffix(*end)?.trim_end_matches(PET_VOWELS));
        let stems = PET_ENDINGS.iter().filter_map(stem);
        let mut stems = stems.filter(|stem| stem.chars().count() >= PET_STEM_LETTERS_MIN);
        let readings = || {
            given
                .firsts
                .iter()
                .flat_map(|given| given.of(NameKind::First))
        };
        stems.any(|stem| readings().any(|name| name.lemma.starts_with(stem)))
    }

    /// A word that the dictionary lacks and that is one of the names but for a slip of the recogniser.
    fn is_slip(&self, word: WordId, names: &[NormId]) -> bool {
        !names.is_empty()
            && self.vocabulary.marks(word).foreign()
            && names
                .iter()
                .any(|name| is_slip_of(self.vocabulary.norm(word), self.vocabulary.norm_of(*name)))
    }

    /// The agent's own name, a name in a question, a name that is talked about.
    /// `known`: the customer has given this name before, so that «Anna, I am listening» is said to them.
    fn not_the_customer(
        &mut self,
        span: &NameSpan,
        introductions: &[Introduction],
        known: bool,
    ) -> bool {
        let tokens = &span.tokens;
        let introduces = introductions
            .iter()
            .any(|own| own.tokens.start < tokens.end && tokens.start < own.tokens.end)
            || self.is_introduced(tokens);
        if introduces && !known {
            return true;
        }
        let [asked, mentioned] = [self.parts.asks_identity, self.parts.name_mention]
            .map(|set| roles::hits_over(self.hits, set, tokens));
        let mut told = asked.iter().chain(mentioned);
        let is_told = told.clone().next().is_some();
        is_told
            && !(known
                && self.is_thanked(tokens)
                && told.all(|hit| hit.tokens().start == tokens.start))
    }

    /// «Спасибо, Олег. Ваш папа …»: «thank you» stands right before the name.
    fn is_thanked(&self, name: &Range<usize>) -> bool {
        let run = self.text.run_of(name.start);
        let mut openers = roles::hits_in(self.hits, self.parts.vocative_verbs, run).iter();
        openers.any(|hit| {
            let end = hit.tokens().end;
            end <= name.start && self.past_hesitation(end, name.start) == name.start
        })
    }

    /// «Svetlana Ivanovna, …» to one who said to be Svetlana Igorevna. What differs by a few letters was heard badly; what does not
    /// surely call the customer may be said of the agent or of somebody else.
    fn is_another_patronymic(
        &mut self,
        run: usize,
        span: &NameSpan,
        given: &Given,
        introductions: &[Introduction],
    ) -> bool {
        let Some(patronymic) = span.patronymic.filter(|_| !given.patronymics.is_empty()) else {
            return false;
        };
        let run_tokens = self.text.runs[run].tokens();
        let opens =
            span.tokens.start == run_tokens.start || self.text.before(span.tokens.start).end();
        let after = self.text.after(span.tokens.end - 1);
        let calls = match self.is_written(span.tokens.start) {
            true => opens && after.comma() && !self.text.before(patronymic).comma(),
            false => {
                self.beside_opener(&span.tokens)
                    || span.tokens.start == run_tokens.start
                        && self.turns_to_customer(span.tokens.end, run_tokens.end)
            }
        };
        if !calls || self.agents_own(span.tokens.start) {
            return false;
        }
        let said = self.readings(patronymic);
        let norm = self.vocabulary.norm(self.text.tokens[patronymic].word);
        let nearly = |known: &NameReadings| {
            known
                .readings
                .iter()
                .any(|reading| is_slip_of(norm, &reading.lemma))
        };
        let same = |known: &Rc<NameReadings>| {
            shares_lemma(known, &said) || nearly(known) || is_torn_end(norm, known)
        };
        if given.patronymics.iter().any(same) {
            return false;
        }
        // Somebody else has this patronymic, or the right one is said in the same breath.
        let introduced = introductions
            .iter()
            .filter(|own| own.speaker == Speaker::Agent)
            .flat_map(|own| own.tokens.clone());
        let customers = self.customer_runs.iter();
        let customers = customers.flat_map(|run| self.text.runs[*run].tokens());
        let others: Vec<usize> = introduced.chain(customers).collect();
        let is_patronymic = |token: &usize| self.text.tokens[*token].marks.patronymic();
        let others: Vec<usize> = others.into_iter().filter(is_patronymic).collect();
        let corrected: Vec<usize> = run_tokens.filter(is_patronymic).collect();
        let is_said = |token: usize| shares_lemma(&self.readings(token), &said);
        if others.into_iter().any(is_said) {
            return false;
        }
        !corrected.into_iter().any(|token| {
            let readings = self.readings(token);
            given
                .patronymics
                .iter()
                .any(|known| shares_lemma(known, &readings))
        })
    }

    fn form_of(&mut self, span: &NameSpan, given: &Given) -> NameForm {
        if given.firsts.is_empty() && given.others.is_empty() && given.patronymics.is_empty() {
            return if given.surnames.is_empty() {
                NameForm::NotGiven
            } else {
                NameForm::Surname
            };
        }
        let norm = self
            .vocabulary
            .norm_id(self.text.tokens[span.tokens.start].word);
        let word = self.text.tokens[span.tokens.start].word;
        let heard = [&given.others, &given.first_norms];
        if given.others.contains(&norm) || heard.iter().any(|names| self.is_slip(word, names)) {
            return NameForm::Given;
        }
        match (span.first, span.patronymic) {
            (Some(first), _) => {
                let readings = self.readings(first);
                if given.firsts.is_empty() {
                    // Badly heard, unheard of, or the patronymic alone: nobody can tell that this is another name.
                    match span.patronymic {
                        Some(patronymic) if given.others.is_empty() => {
                            self.patronymic_form(patronymic, given)
                        }
                        _ => NameForm::Given,
                    }
                } else if given.first_norms.contains(&norm)
                    || self.is_odd_spelling(&readings, norm, given)
                {
                    NameForm::Given
                } else {
                    match relation(&readings, &given.firsts) {
                        NameForm::Short if self.customer_says(norm, first) => NameForm::Given,
                        form => form,
                    }
                }
            }
            (None, Some(patronymic)) => self.patronymic_form(patronymic, given),
            (None, None) => NameForm::Surname,
        }
    }

    /// A spoken patronymic is let pass when it is the customer's or nobody knows the customer's.
    fn patronymic_form(&mut self, patronymic: usize, given: &Given) -> NameForm {
        let readings = self.readings(patronymic);
        let said = self.vocabulary.norm(self.text.tokens[patronymic].word);
        let is_same =
            |known: &Rc<NameReadings>| shares_lemma(known, &readings) || is_torn_end(said, known);
        match given.patronymics.is_empty() || given.patronymics.iter().any(is_same) {
            true => NameForm::Given,
            false => NameForm::Other,
        }
    }

    /// The customer has said just this name before: another one is called so («Саша мой сын»), or they want to be («люда можно»).
    fn customer_says(&mut self, norm: NormId, before: usize) -> bool {
        let firsts = match self.customers_firsts.take() {
            Some(firsts) => firsts,
            None => self.find_customers_firsts(),
        };
        let mut earlier = firsts.iter().take_while(|(_, at)| *at < before);
        let is_said = earlier.any(|(said, _)| *said == norm);
        self.customers_firsts = Some(firsts);
        is_said
    }

    /// «Аликсей»: hardly anybody is called so, and it is the name that was given but for a slip.
    fn is_odd_spelling(&self, used: &NameReadings, norm: NormId, given: &Given) -> bool {
        let lexicon = self.vocabulary.lexicon();
        let norm = self.vocabulary.norm_of(norm);
        let mut used = used.of(NameKind::First);
        let is_listed = used.any(|used| lexicon.lists_name(&used.lemma));
        let mut spelled = given
            .first_norms
            .iter()
            .map(|given| self.vocabulary.norm_of(*given));
        spelled.any(|spelled| {
            !is_listed && is_slip_of(norm, spelled)
                || !lexicon.lists_name(spelled) && differ_by_a_vowel(norm, spelled)
        })
    }

    /// Whether the agent talks *to* somebody with this name rather than about them.
    fn is_address(&mut self, run: usize, span: &NameSpan, form: NameForm) -> bool {
        let tokens = &span.tokens;
        let run_tokens = self.text.runs[run].tokens();
        let set_off = self.set_off(tokens, &run_tokens);
        match form {
            NameForm::Short | NameForm::Other if self.is_subject(tokens, &run_tokens) => false,
            NameForm::Given | NameForm::NotGiven | NameForm::Short => {
                set_off.0 || set_off.1 || !self.is_written(tokens.start)
            }
            NameForm::Surname if self.is_written(tokens.start) => set_off.0 && set_off.1,
            NameForm::Surname => {
                // «So, Kovalyova, I'll have a look».
                let mut before = run_tokens.start..tokens.start;
                let filler = |token: usize| self.text.tokens[token].marks.filler();
                before.all(filler) || self.beside_opener(tokens)
            }
            NameForm::Other => {
                // «Stas will call you, thank you»: without punctuation too.
                let is_subject = tokens.start > run_tokens.start
                    && self.is_third_person(tokens.start - 1)
                    && !self.is_written(tokens.start);
                if is_subject {
                    return false;
                }
                let word = self.vocabulary.facts(self.text.tokens[tokens.start].word);
                // With the patronymic it is somebody whom the customer had named, or nobody else.
                let before = match span.patronymic {
                    Some(_) => tokens.start,
                    None => usize::MAX,
                };
                if word.also_word
                    || self.agents_own(tokens.start)
                    || self.customer_mentions(tokens.start, before)
                    || self.answers_who(run, tokens)
                {
                    return false;
                }
                if self.is_written(tokens.start) {
                    set_off.0 && set_off.1 && !self.is_beside_a_noun(tokens, &run_tokens)
                } else {
                    let opens = tokens.start == run_tokens.start;
                    self.beside_opener(tokens)
                        || opens && self.turns_to_customer(tokens.end, run_tokens.end)
                }
            }
        }
    }

    /// «У нас новый мастер, Лейла, …»: a noun in the nominative right before, with a comma.
    fn is_beside_a_noun(&self, name: &Range<usize>, run: &Range<usize>) -> bool {
        name.start > run.start
            && !self.text.before(name.start).end()
            && self.reading(name.start - 1).is_some_and(|noun| {
                noun.pos == Pos::Noun
                    && noun.case == Some(Case::Nominative)
                    && noun.number != Some(Number::Plural)
            })
    }

    /// «Как зовут мастера?» — «Игорь. Он позвонит»: the name is what was asked for.
    fn answers_who(&self, run: usize, name: &Range<usize>) -> bool {
        let run_tokens = self.text.runs[run].tokens();
        if self.is_called_out(name, &run_tokens) {
            return false;
        }
        let asked = self.customer_runs.partition_point(|other| *other < run);
        let asked = asked.checked_sub(1).map(|last| self.customer_runs[last]);
        self.past_hesitation(run_tokens.start, name.start) == name.start
            && asked.is_some_and(|asked| {
                !roles::hits_in(self.hits, self.parts.asks_who, asked).is_empty()
            })
    }

    /// Whether the agent said the name before without calling anybody so («есть Эмма Рубеновна»), among the last names before.
    fn was_told_of(&mut self, run: usize, name: &Range<usize>, found: &[Address]) -> bool {
        if self.is_called_out(name, &self.text.runs[run].tokens()) {
            return false;
        }
        let n_before = self
            .nameable
            .partition_point(|token| (*token as usize) < name.start);
        (n_before.saturating_sub(TOLD_NAMES)..n_before).any(|nth| {
            let token = self.nameable[nth] as usize;
            let near = found.partition_point(|one| one.tokens.end <= token);
            let calls = found
                .get(near)
                .is_some_and(|one| one.tokens.contains(&token));
            self.text.runs[self.text.run_of(token)].speaker == Speaker::Agent
                && !calls
                && self.same_name(token, name.start)
        })
    }

    /// «Игорь, подскажите номер»: what stands beside the name is said to whom it calls.
    fn is_called_out(&self, name: &Range<usize>, run: &Range<usize>) -> bool {
        self.beside_opener(name) || self.turns_to_customer(name.end, run.end)
    }

    /// «Вам перезвонит Стас, наш монтажник», «Стас наберёт», «у Влада»: whether a word that tells what somebody does stands beside the
    /// name, or a preposition before it, with no sign between.
    pub(super) fn is_subject(&self, tokens: &Range<usize>, run: &Range<usize>) -> bool {
        let written = self.is_written(tokens.start);
        let facts = |token: usize| self.vocabulary.facts(self.text.tokens[token].word);
        let tells = |token: usize| {
            let Some(reading) = self.reading(token) else {
                return false;
            };
            // «подключён» of him, «готово» of nobody.
            let of_somebody = matches!(reading.pos, Pos::ShortParticiple | Pos::ShortAdjective)
                && matches!(reading.gender, Some(Gender::Masculine | Gender::Feminine));
            // «лена записала» may be the agent's own doing.
            let told = facts(token).third_person && (written || reading.tense != Some(Tense::Past));
            reading.number != Some(Number::Plural) && (of_somebody || told)
        };
        let is = |token: usize, pos: Pos| self.reading(token).is_some_and(|r| r.pos == pos);
        let goes_on = |end: usize| end < run.end && self.text.after(end - 1).is_none();
        let before = run.start < tokens.start && self.text.before(tokens.start).is_none() && {
            let last = tokens.start - 1;
            tells(last) || is(last, Pos::Preposition)
        };
        // «Женя Петрова вписана», «Стас уже выехал».
        let mut verb = tokens.end;
        verb += usize::from(goes_on(verb) && facts(verb).surname);
        let is_adverb = |token: &usize| written && goes_on(*token) && is(*token, Pos::Adverb);
        verb += (verb..run.end).take_while(is_adverb).count();
        // «Саша, подключена услуга»: what is told is told of the noun behind it.
        let is_of_noun = |verb: usize| {
            let next = Some(verb + 1).filter(|next| goes_on(*next));
            let noun = next.and_then(|next| self.reading(next));
            let told = self.reading(verb);
            noun.zip(told).is_some_and(|(noun, told)| {
                told.pos != Pos::Verb
                    && noun.pos == Pos::Noun
                    && noun.case == Some(Case::Nominative)
                    && noun.gender == told.gender
            })
        };
        let behind = goes_on(verb) && tells(verb) && !is_of_noun(verb);
        (before || behind) && !self.beside_opener(tokens)
    }
}
