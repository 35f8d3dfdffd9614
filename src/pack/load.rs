//! Files -> [`Pack`]. All problems are collected before giving up.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use memchr::memmem;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Deserializer};

use super::file::{
    CriterionToml, ExampleToml, ExamplesToml, PackToml, PartsToml, ReadAsToml, SetToml, SplitToml,
    VariantToml, WordToml,
};
use super::plain;
use super::source::{PackFile, PackSource};
use super::{Home, Pack, PackError, ScriptKind, ScriptRule, SetHome, WORDING_SLOT, locale};
use crate::criteria::{Bound, Checks, Criterion, SaySource, Variant};
use crate::lexicon::Lexicon;
use crate::phrase::{AskedOf, Matcher, SetSource};
use crate::score::{CriterionInfo, CriterionJson, PackInfo};
use crate::timeline::{Roles, Thresholds, TimelineRules};

const PACK_FILE: &str = "pack.toml";
const PHRASES_FILE: &str = "phrases.toml";
const WORDS_FILE: &str = "lexicon.toml";
const SCRIPT_FILE: &str = "script.toml";
const MARKERS_FILE: &str = "markers.toml";
const COMMON_DIR: &str = "common";
const EXAMPLE_TABLE: &str = "[[example]]";

/// A phrase set on its way into the matcher.
struct SetDraft<'s> {
    home: SetHome,
    file: &'s PackFile,
    exact: bool,
    /// Bytes of the file of each phrase, then of each exception.
    spans: Vec<Range<usize>>,
}

#[derive(Default)]
struct Loader<'s> {
    errors: Vec<PackError>,
    sets: Vec<SetDraft<'s>>,
    words: BTreeMap<String, Vec<String>>,
    /// Words that are two words without the space between them.
    glued: Vec<(String, String)>,
    /// Two words that are one with a space inside.
    split: Vec<(String, String)>,
    /// Spoken words, and what they stand for in writing.
    spoken: Vec<(String, String)>,
    /// A file of sets cannot be read: that a set is missing says nothing then.
    sets_incomplete: bool,
    /// A criterion's file cannot be read: that a criterion is missing says nothing then.
    criteria_incomplete: bool,
    script_words: super::ScriptWords,
}

pub(super) fn load(source: &PackSource) -> Result<Pack, Vec<PackError>> {
    std::thread::scope(|scope| {
        // Whoever wants a table before it is read, or finds no thread, reads it.
        let read_tables = || Lexicon::embedded().read_tables();
        let _ = std::thread::Builder::new().spawn_scoped(scope, read_tables);
        load_files(source)
    })
}

fn load_files(source: &PackSource) -> Result<Pack, Vec<PackError>> {
    let mut loader = Loader::default();
    let Some(pack_file) = source.files.iter().find(|file| file.relative == PACK_FILE) else {
        return Err(vec![PackError::whole(
            "pack/no-pack-toml",
            &source.id,
            locale::no_pack_toml(),
            locale::unreadable_help(),
        )]);
    };
    let Some(pack_toml) = loader.parse::<PackToml>(pack_file, &pack_file.text) else {
        return Err(loader.errors);
    };
    let mut markers = pack_toml.markers.clone();
    loader.common(source, &pack_toml, pack_file, &mut markers);

    let mut drafts = Vec::new();
    for file in source
        .files
        .iter()
        .filter(|file| file.relative != PACK_FILE)
    {
        match file.relative.rsplit('/').next() {
            Some(PHRASES_FILE) => loader.phrases(file, false),
            Some(WORDS_FILE) => loader.words(file),
            _ => {
                let draft = loader.criterion(file);
                loader.criteria_incomplete |= draft.is_none();
                drafts.extend(draft);
            }
        }
    }
    for draft in &mut drafts {
        loader.sets_in_place(draft);
    }
    loader.finish(pack_toml, pack_file, markers, drafts)
}

/// A criterion on its way into the pack.
struct CriterionDraft<'s> {
    file: &'s PackFile,
    id: Spanned<String>,
    info: CriterionInfo,
    home: Home,
    criterion: Criterion,
    phrases: BTreeMap<String, SetToml>,
    script: Option<ScriptRule>,
}

impl<'s> Loader<'s> {
    fn error(
        &mut self,
        code: &'static str,
        file: &PackFile,
        at: usize,
        message: (String, String),
        help: (String, String),
    ) {
        self.errors.push(PackError::at(
            code,
            &file.shown,
            &file.text,
            at,
            message,
            help,
        ));
    }

    fn toml_error(&mut self, file: &PackFile, offset: usize, error: &toml::de::Error) {
        let span = error.span().unwrap_or(0..0);
        let (at, end) = (span.start + offset, span.end + offset);
        let message = error.message().lines().next().unwrap_or_default();
        let help = locale::did_you_mean(suggestion(message).as_deref());
        let code = if message.starts_with("unknown") {
            "pack/unknown-key"
        } else {
            "pack/bad-toml"
        };
        let message = locale::bad_toml(message);
        let error = PackError::at(code, &file.shown, &file.text, at, message, help);
        self.errors.push(error.until(&file.text, end));
    }

    fn parse<T: DeserializeOwned>(&mut self, file: &PackFile, text: &str) -> Option<T> {
        // What is wrong the full parser tells.
        if let Some(table) = plain_table(text)
            && let Ok(value) = T::deserialize(Deserializer::from(Spanned::new(0..0, table)))
        {
            return Some(value);
        }
        match toml::from_str(text) {
            Ok(value) => Some(value),
            Err(error) => {
                self.toml_error(file, 0, &error);
                None
            }
        }
    }

    fn common(
        &mut self,
        source: &'s PackSource,
        pack: &PackToml,
        pack_file: &PackFile,
        markers: &mut crate::timeline::MarkerWords,
    ) {
        for used in &pack.uses {
            if used.get_ref() != COMMON_DIR {
                // Whatever it was to bring is missing for this alone.
                self.sets_incomplete = true;
                self.error(
                    "pack/unknown-common",
                    pack_file,
                    used.span().start,
                    locale::unknown_common(used.get_ref()),
                    locale::did_you_mean(Some(COMMON_DIR)),
                );
                continue;
            }
            for file in &source.common {
                match file.relative.as_str() {
                    MARKERS_FILE => {
                        if let Some(common) =
                            self.parse::<crate::timeline::MarkerWords>(file, &file.text)
                        {
                            markers.hold.extend(common.hold);
                            markers.silence.extend(common.silence);
                            markers.transfer.extend(common.transfer);
                            markers.cut.extend(common.cut);
                            markers.dropped.extend(common.dropped);
                        }
                    }
                    SCRIPT_FILE => {
                        if let Some(words) = self.parse(file, &file.text) {
                            self.script_words = words;
                        }
                    }
                    name if name.rsplit('/').next() == Some(WORDS_FILE) => self.words(file),
                    _ => self.phrases(file, true),
                }
            }
        }
    }

    fn words(&mut self, file: &PackFile) {
        let Some(words) =
            self.parse::<BTreeMap<Spanned<String>, Spanned<WordToml>>>(file, &file.text)
        else {
            return;
        };
        for (word, forms) in words {
            let word = crate::text::norm(word.get_ref());
            let at = forms.span().start;
            let forms = match forms.into_inner() {
                WordToml::Parts(PartsToml { parts }) => {
                    let parts = self.parts_of(file, &word, at, &parts);
                    self.glued.extend(parts);
                    continue;
                }
                WordToml::Split(SplitToml { split }) => {
                    for spelling in split {
                        let pieces = self.parts_of(file, &word, at, &spelling);
                        self.split.extend(pieces);
                    }
                    continue;
                }
                WordToml::ReadAs(ReadAsToml { read_as }) => {
                    if !self.can_stand_for(&word, &read_as) {
                        let (message, help) = (locale::read_as(&word), locale::read_as_help());
                        self.error("pack/read-as", file, at, message, help);
                        continue;
                    }
                    let written = read_as.iter().map(|written| crate::text::norm(written));
                    self.spoken
                        .extend(written.map(|written| (word.clone(), written)));
                    continue;
                }
                WordToml::Forms(forms) => {
                    forms.iter().map(|form| crate::text::norm(form)).collect()
                }
                WordToml::Like(like) => {
                    let model = crate::text::norm(&like.like);
                    if !Lexicon::embedded().knows(&model) {
                        self.error(
                            "pack/unknown-word",
                            file,
                            at,
                            locale::unknown_like(&like.like),
                            locale::unknown_like_help(),
                        );
                    }
                    Lexicon::embedded().forms_like(&word, &model)
                }
            };
            if self.words.get(&word).is_some_and(|known| *known != forms) {
                self.error(
                    "pack/duplicate-word",
                    file,
                    at,
                    locale::duplicate_word(&word),
                    locale::none(),
                );
            }
            self.words.insert(word, forms);
        }
    }

    /// Whether the spoken word is one word, and what it stands for are other single words that there are.
    fn can_stand_for(&self, word: &str, written: &[String]) -> bool {
        let is_one = |word: &str| !word.is_empty() && word.chars().all(char::is_alphabetic);
        let exists =
            |written: &str| self.words.contains_key(written) || Lexicon::embedded().knows(written);
        let mut all = written.iter().map(|written| crate::text::norm(written));
        is_one(word)
            && !written.is_empty()
            && all.all(|written| is_one(&written) && written != word && exists(&written))
    }

    /// The two parts that make up the word, written with a space between.
    fn parts_of(
        &mut self,
        file: &PackFile,
        word: &str,
        at: usize,
        spelling: &str,
    ) -> Option<(String, String)> {
        let parts = spelling.split_once(' ');
        let parts =
            parts.map(|(first, second)| (crate::text::norm(first), crate::text::norm(second)));
        let fits = parts.filter(|(first, second)| {
            !first.is_empty() && !second.is_empty() && format!("{first}{second}") == word
        });
        if fits.is_none() {
            let message = locale::parts_differ(word);
            self.error("pack/parts-differ", file, at, message, locale::none());
        }
        fits
    }

    fn phrases(&mut self, file: &'s PackFile, common: bool) {
        let plain = plain_table(&file.text).and_then(plain_sets);
        let Some(sets) = plain.or_else(|| self.parse(file, &file.text)) else {
            self.sets_incomplete = true;
            return;
        };
        for (id, set) in sets {
            self.add_set(file, id, set, common, false);
        }
    }

    fn add_set(
        &mut self,
        file: &'s PackFile,
        id: String,
        set: SetToml,
        common: bool,
        in_place: bool,
    ) {
        let spans = set
            .phrases
            .iter()
            .chain(&set.except)
            .map(Spanned::span)
            .collect::<Vec<_>>();
        let places_of = |phrases: &[Spanned<String>]| {
            let mut place_of = place_counter(&file.text);
            let starts = phrases.iter().map(|phrase| phrase.span().start);
            starts.map(&mut place_of).collect()
        };
        let (places, except_places) = (places_of(&set.phrases), places_of(&set.except));
        let text = |phrases: Vec<Spanned<String>>| {
            phrases
                .into_iter()
                .map(Spanned::into_inner)
                .collect::<Vec<_>>()
        };
        let home = SetHome {
            id,
            path: file.shown.clone(),
            places,
            phrases: text(set.phrases),
            except: text(set.except),
            except_places,
            common,
            in_place,
        };
        let draft = SetDraft {
            home,
            file,
            exact: set.exact,
            spans,
        };
        match self
            .sets
            .iter()
            .position(|known| known.home.id == draft.home.id)
        {
            // The pack's own wording goes before the common one.
            Some(known) if self.sets[known].home.common && !common => self.sets[known] = draft,
            Some(known) => {
                let other = self.sets[known].home.path.clone();
                let at = draft.spans.first().map_or(0, |span| span.start);
                self.error(
                    "pack/duplicate-set",
                    file,
                    at,
                    locale::duplicate_set(&draft.home.id, &other),
                    locale::none(),
                );
            }
            None => self.sets.push(draft),
        }
    }

    fn criterion(&mut self, file: &'s PackFile) -> Option<CriterionDraft<'s>> {
        let cut = examples_start(&file.text);
        let (head, tail) = file.text.split_at(cut);
        if let Some(at) = after_examples(tail) {
            self.error(
                "pack/after-examples",
                file,
                cut + at,
                locale::after_examples(),
                locale::after_examples_help(),
            );
            return None;
        }
        let parsed = match plain_table(head) {
            Some(table) => Ok(table),
            None => DeTable::parse(head).map(Spanned::into_inner),
        };
        let table = match parsed {
            Ok(table) => table,
            Err(error) => {
                self.toml_error(file, 0, &error);
                return None;
            }
        };
        let (mut rest, checks) = split(table);
        let variants = self.variants(file, rest.remove("variant").map(Spanned::into_inner));
        let toml = self.table::<CriterionToml>(file, rest)?;
        let has_checks = !checks.is_empty();
        let checks = self.table::<Checks>(file, checks)?;
        let mut variants = variants?;
        if has_checks {
            variants.push(Variant {
                when: Vec::new(),
                reason: None,
                checks,
            });
        }
        if variants.is_empty() {
            self.error(
                "pack/no-check",
                file,
                0,
                locale::no_check(),
                locale::no_check_help(Checks::NAMES),
            );
        }
        let expected = file.relative.trim_end_matches(".toml").replace('/', ".");
        if *toml.id.get_ref() != expected {
            self.error(
                "pack/id",
                file,
                toml.id.span().start,
                locale::id_is_not_path(toml.id.get_ref(), &expected),
                locale::none(),
            );
        }
        let info = CriterionInfo {
            id: toml.id.get_ref().clone(),
            json: CriterionJson::of(toml.id.get_ref(), toml.weight),
            title: toml.title,
            clause: toml.clause,
            advice: toml.advice.clone().unwrap_or_default(),
            weight: toml.weight,
            critical: false,
        };
        let (home_head, home_tail) = match file.text {
            Cow::Borrowed(text) => (Cow::Borrowed(&text[..cut]), Cow::Borrowed(&text[cut..])),
            Cow::Owned(_) => (head.to_owned().into(), tail.to_owned().into()),
        };
        let home = Home {
            path: file.shown.clone(),
            why: toml.why,
            survives: toml.survives,
            head_lines: memchr::memchr_iter(b'\n', head.as_bytes()).count() as u32,
            head: home_head,
            tail: home_tail,
        };
        let criterion = Criterion {
            when: toml.when,
            unless: toml.unless,
            excuse: toml.excuse,
            doubt: toml.doubt,
            variants,
            reason: toml.reason,
            advice: toml.advice,
        };
        Some(CriterionDraft {
            file,
            id: toml.id,
            info,
            home,
            criterion,
            phrases: toml.phrases,
            script: toml.script,
        })
    }

    fn variants(&mut self, file: &PackFile, value: Option<DeValue<'_>>) -> Option<Vec<Variant>> {
        let DeValue::Array(items) = value.unwrap_or_else(|| DeValue::Array(Default::default()))
        else {
            return Some(Vec::new());
        };
        let mut variants = Vec::new();
        for item in items {
            let at = item.span().start;
            let DeValue::Table(table) = item.into_inner() else {
                continue;
            };
            let (rest, checks) = split(table);
            if checks.is_empty() {
                self.error(
                    "pack/no-check",
                    file,
                    at,
                    locale::no_check(),
                    locale::no_check_help(Checks::NAMES),
                );
            }
            let toml = self.table::<VariantToml>(file, rest)?;
            let checks = self.table::<Checks>(file, checks)?;
            variants.push(Variant {
                when: toml.when,
                reason: toml.reason,
                checks,
            });
        }
        Some(variants)
    }

    fn table<'de, T: Deserialize<'de>>(
        &mut self,
        file: &PackFile,
        table: DeTable<'de>,
    ) -> Option<T> {
        match T::deserialize(Deserializer::from(Spanned::new(0..0, table))) {
            Ok(value) => Some(value),
            Err(error) => {
                self.toml_error(file, 0, &error);
                None
            }
        }
    }

    /// Phrases written in a criterion's file become sets.
    fn sets_in_place(&mut self, draft: &mut CriterionDraft<'s>) {
        let file = draft.file;
        for (id, set) in std::mem::take(&mut draft.phrases) {
            self.add_set(file, id, set, false, true);
        }
        let mut sets = Vec::new();
        for (n, (say, except)) in draft.criterion.says().into_iter().enumerate() {
            if let SaySource::Phrases(phrases) = &say.source {
                let id = format!("{}#{}", draft.info.id, n + 1);
                sets.push((
                    id.clone(),
                    SetToml {
                        phrases: phrases.clone(),
                        except: except.to_vec(),
                        exact: false,
                    },
                ));
                say.source = SaySource::Named(id);
            }
        }
        for (id, set) in sets {
            self.add_set(file, id, set, false, true);
        }
    }

    fn finish(
        mut self,
        pack: PackToml,
        pack_file: &PackFile,
        markers: crate::timeline::MarkerWords,
        mut drafts: Vec<CriterionDraft<'s>>,
    ) -> Result<Pack, Vec<PackError>> {
        let asked_of_customer: BTreeSet<String> = drafts
            .iter_mut()
            .flat_map(|draft| draft.criterion.customer_sets())
            .collect();
        let passages = self.script_words.passage.values();
        let asked_of_agent: BTreeSet<String> = drafts
            .iter_mut()
            .flat_map(|draft| draft.criterion.agent_sets())
            .chain(passages.flat_map(|words| words.sets().map(str::to_owned)))
            .collect();
        let asked_elsewhere: BTreeSet<String> = drafts
            .iter_mut()
            .flat_map(|draft| draft.criterion.sets_elsewhere())
            .collect();
        let asked_of = |set: &str| {
            let role = Roles::NAMES.contains(&set);
            let of_agent =
                asked_of_agent.contains(set) || role && !Roles::OF_CUSTOMER_ONLY.contains(&set);
            let of_customer = asked_of_customer.contains(set)
                || Roles::OF_BOTH.contains(&set)
                || Roles::OF_CUSTOMER_ONLY.contains(&set);
            match (of_agent, of_customer) {
                (true, true) => AskedOf::Both,
                (true, false) => AskedOf::Agent,
                (false, true) => AskedOf::Customer,
                (false, false) => AskedOf::Nobody,
            }
        };
        let matcher = self.matcher(&asked_of, &asked_elsewhere);
        let names: Vec<String> = self.sets.iter().map(|set| set.home.id.clone()).collect();
        let parameters: BTreeSet<String> = pack.parameters.names().map(str::to_owned).collect();
        for name in Thresholds::NAMES
            .iter()
            .filter(|name| !parameters.contains(**name))
        {
            self.error(
                "pack/missing-parameter",
                pack_file,
                0,
                locale::unknown_parameter(name),
                locale::none(),
            );
        }
        for (_, lines) in pack.parameters.lines() {
            for line in lines
                .iter()
                .filter(|line| !pack.lines.iter().any(|known| known == *line))
            {
                self.error(
                    "pack/unknown-line",
                    pack_file,
                    0,
                    locale::unknown_line(line),
                    locale::none(),
                );
            }
        }
        for draft in &drafts {
            self.script_rule(draft);
        }
        for draft in &mut drafts {
            self.resolve(draft, matcher.as_ref(), &names, &parameters, &pack.lines);
        }
        order(&mut drafts, &pack);
        for draft in &drafts {
            let section = draft.info.id.split('.').next().unwrap_or_default();
            if !pack.sections.iter().any(|known| known.id == section) {
                let best = closest(section, pack.sections.iter().map(|known| known.id.as_str()));
                self.error(
                    "pack/unknown-section",
                    draft.file,
                    draft.id.span().start,
                    locale::unknown_section(section),
                    locale::did_you_mean(best),
                );
            }
        }
        let all_read = !self.criteria_incomplete;
        for section in pack.sections.iter().filter(|_| all_read) {
            let id = |name: &str| format!("{}.{name}", section.id);
            let names = || {
                let ids = drafts.iter().map(|draft| draft.info.id.split_once('.'));
                let own = ids.flatten().filter(|(of, _)| *of == section.id);
                own.map(|(_, name)| name)
            };
            for name in &section.order {
                if !names().any(|known| known == name.get_ref()) {
                    let best = closest(name.get_ref(), names()).map(str::to_owned);
                    self.error(
                        "pack/unknown-criterion",
                        pack_file,
                        name.span().start,
                        locale::unknown_criterion(&id(name.get_ref())),
                        locale::did_you_mean(best.as_deref()),
                    );
                }
            }
        }
        for id in &pack.scoring.critical {
            match drafts
                .iter_mut()
                .find(|draft| draft.info.id == *id.get_ref())
            {
                Some(draft) => draft.info.critical = true,
                None => self.error(
                    "pack/unknown-criterion",
                    pack_file,
                    id.span().start,
                    locale::unknown_criterion(id.get_ref()),
                    locale::none(),
                ),
            }
        }
        let default_line = match &pack.default_line {
            Some(line) => line.get_ref().clone(),
            None => pack.lines.first().cloned().unwrap_or_default(),
        };
        if let Some(line) = &pack.default_line
            && !pack.lines.contains(line.get_ref())
        {
            self.error(
                "pack/unknown-line",
                pack_file,
                line.span().start,
                locale::unknown_line(line.get_ref()),
                locale::none(),
            );
        }
        let Some(matcher) = matcher.filter(|_| self.errors.is_empty()) else {
            self.errors
                .sort_by(|a, b| (&a.path, a.line, a.column).cmp(&(&b.path, b.line, b.column)));
            return Err(self.errors);
        };
        let roles = Roles::of(|name| matcher.set(name));
        let (mut infos, mut homes, mut criteria) = (Vec::new(), Vec::new(), Vec::new());
        let mut script_rules = Vec::new();
        for draft in drafts {
            infos.push(draft.info);
            homes.push(draft.home);
            criteria.push(draft.criterion);
            script_rules.push(draft.script);
        }
        Ok(Pack {
            info: PackInfo {
                id: pack.id,
                title: pack.title,
                version: pack.version,
                sections: pack
                    .sections
                    .into_iter()
                    .map(|section| (section.id, section.title))
                    .collect(),
                criteria: infos,
            },
            language: pack.language,
            lines: pack.lines,
            default_line,
            on_critical: pack.scoring.on_critical,
            parameters: pack.parameters,
            meta_defaults: pack.meta_defaults,
            timeline: TimelineRules { roles, markers },
            matcher,
            criteria,
            script_rules,
            script_words: self.script_words,
            homes,
            sets: self.sets.into_iter().map(|set| set.home).collect(),
        })
    }

    /// A passage has to be one that `script.toml` knows, and only a passage has one.
    fn script_rule(&mut self, draft: &CriterionDraft<'s>) {
        let Some(rule) = &draft.script else { return };
        let at = |of: &Option<Spanned<String>>| {
            let table = || draft.file.text.find("[script]").unwrap_or(0);
            of.as_ref().map_or_else(table, |of| of.span().start)
        };
        match (&rule.of, rule.kind) {
            (Some(of), ScriptKind::Passage) => {
                let known: Vec<String> = self.script_words.passage.keys().cloned().collect();
                if !known.contains(of.get_ref()) {
                    let best = closest(of.get_ref(), known.iter().map(String::as_str));
                    self.error(
                        "pack/unknown-passage",
                        draft.file,
                        of.span().start,
                        locale::unknown_passage(of.get_ref()),
                        locale::did_you_mean(best),
                    );
                }
            }
            (None, ScriptKind::Anywhere | ScriptKind::Whole) if !rule.required => {}
            _ => self.error(
                "pack/script-of",
                draft.file,
                at(&rule.of),
                locale::script_of(),
                locale::none(),
            ),
        }
    }

    fn matcher(
        &mut self,
        asked_of: &dyn Fn(&str) -> AskedOf,
        asked_elsewhere: &BTreeSet<String>,
    ) -> Option<Matcher> {
        let homes: Vec<&SetHome> = self.sets.iter().map(|set| &set.home).collect();
        let excepts = |set| {
            exceptions(set, &homes)
                .into_iter()
                .map(|(set, except)| homes[set].except[except].as_str())
        };
        let sources: Vec<SetSource<'_>> = self
            .sets
            .iter()
            .enumerate()
            .map(|(index, set)| SetSource {
                id: &set.home.id,
                phrases: set.home.phrases.iter().map(String::as_str).collect(),
                except: excepts(index).collect(),
                exact: set.exact,
                asked_of: asked_of(&set.home.id),
                later: !asked_elsewhere.contains(&set.home.id)
                    && !Roles::NAMES.contains(&set.home.id.as_str()),
            })
            .collect();
        match Matcher::build(&sources, &self.words, Lexicon::embedded()) {
            Ok(matcher) => Some(
                matcher
                    .with_divisions(&self.glued, &self.split)
                    .with_spoken(&self.spoken),
            ),
            Err(errors) => {
                for error in errors {
                    let set = &self.sets[error.set];
                    // An exception that came along with another set is reported there.
                    if error.except && error.phrase >= set.home.except.len() {
                        continue;
                    }
                    if self.sets_incomplete && error.code() == "phrase/unknown-set" {
                        continue;
                    }
                    let index = if error.except {
                        set.home.phrases.len() + error.phrase
                    } else {
                        error.phrase
                    };
                    let span = set.spans.get(index).cloned().unwrap_or(0..0);
                    let text = &set.file.text;
                    // The phrase's own text begins behind its quotation mark.
                    let quote = text[span.clone()]
                        .bytes()
                        .take_while(|byte| matches!(byte, b'"' | b'\''))
                        .count()
                        .min(3);
                    let message = (
                        error.message(crate::locale::Lang::Ru),
                        error.message(crate::locale::Lang::En),
                    );
                    let (code, from) = (error.code(), span.start + quote);
                    let at = from + error.at.start;
                    let path = &set.file.shown;
                    let problem = PackError::at(code, path, text, at, message, locale::none());
                    self.errors.push(problem.until(text, from + error.at.end));
                }
                None
            }
        }
    }

    fn resolve(
        &mut self,
        draft: &mut CriterionDraft<'s>,
        matcher: Option<&Matcher>,
        names: &[String],
        parameters: &BTreeSet<String>,
        lines: &[String],
    ) {
        let mut problems = Vec::new();
        for (say, _) in draft.criterion.says() {
            let SaySource::Named(name) = &say.source else {
                continue;
            };
            if !names.contains(name) && self.sets_incomplete {
                continue;
            }
            if !names.contains(name) {
                let best = closest(name, names.iter().map(String::as_str));
                problems.push((
                    "pack/unknown-set",
                    say.at.start,
                    locale::unknown_set(name),
                    locale::did_you_mean(best),
                ));
            } else if let Some(set) = matcher.and_then(|matcher| matcher.set(name)) {
                say.set = set;
            }
        }
        for bound in draft.criterion.bounds() {
            if let Bound::Parameter(name) = bound
                && !parameters.contains(name)
            {
                let at = draft.file.text.find(name.as_str()).unwrap_or(0);
                let best = closest(name, parameters.iter().map(String::as_str));
                problems.push((
                    "pack/unknown-parameter",
                    at,
                    locale::unknown_parameter(name),
                    locale::did_you_mean(best),
                ));
            }
        }
        for line in draft
            .criterion
            .conditions()
            .flat_map(|condition| &condition.line)
        {
            if !lines.contains(line) {
                let at = draft.file.text.find(&format!("\"{line}\"")).unwrap_or(0);
                let best = closest(line, lines.iter().map(String::as_str));
                problems.push((
                    "pack/unknown-line",
                    at,
                    locale::unknown_line(line),
                    locale::did_you_mean(best),
                ));
            }
        }
        for (code, at, message, help) in problems {
            self.error(code, draft.file, at, message, help);
        }
    }
}

/// Bytes of a text, in order, to their lines and columns: lines are counted from the one before.
fn place_counter(text: &str) -> impl FnMut(usize) -> (u32, u32) {
    let (mut line, mut counted) = (1, 0);
    move |at| {
        let at = at.clamp(counted, text.len());
        line += memchr::memchr_iter(b'\n', &text.as_bytes()[counted..at]).count() as u32;
        counted = at;
        let line_start = memchr::memrchr(b'\n', &text.as_bytes()[..at]).map_or(0, |end| end + 1);
        let column = text
            .get(line_start..at)
            .map_or(0, |text| text.chars().count());
        (line, column as u32 + 1)
    }
}

/// The exceptions of a set, and of every set that stands in it as a whole phrase: set and exception.
pub(super) fn exceptions(set: usize, sets: &[&SetHome]) -> Vec<(usize, usize)> {
    let mut seen = vec![set];
    let mut except = Vec::new();
    let mut queue = vec![set];
    while let Some(next) = queue.pop() {
        except.extend((0..sets[next].except.len()).map(|index| (next, index)));
        for id in sets[next]
            .phrases
            .iter()
            .filter_map(|phrase| phrase.trim().strip_prefix('@'))
        {
            let included = sets.iter().position(|other| other.id == id);
            if let Some(included) = included.filter(|other| !seen.contains(other)) {
                seen.push(included);
                queue.push(included);
            }
        }
    }
    except
}

/// See [`plain::table`].
fn plain_table(text: &str) -> Option<DeTable<'_>> {
    let table = plain::table(text);
    debug_assert!(
        table.as_ref().is_none_or(|table| {
            let full = DeTable::parse(text).map(Spanned::into_inner);
            full.is_ok_and(|full| format!("{full:?}") == format!("{table:?}"))
        }),
        "it is read as the full parser reads it"
    );
    table
}

/// The sets of a file that has nothing else; `None` also where something is wrong with one.
fn plain_sets(table: DeTable<'_>) -> Option<BTreeMap<String, SetToml>> {
    let phrases = |value: Spanned<DeValue<'_>>| {
        let DeValue::Array(items) = value.into_inner() else {
            return None;
        };
        let phrase = |item: Spanned<DeValue<'_>>| match (item.span(), item.into_inner()) {
            (span, DeValue::String(phrase)) => Some(Spanned::new(span, phrase.into_owned())),
            _ => None,
        };
        items.into_iter().map(phrase).collect::<Option<Vec<_>>>()
    };
    let set = |(id, value): (Spanned<Cow<'_, str>>, Spanned<DeValue<'_>>)| {
        let DeValue::Table(mut table) = value.into_inner() else {
            return None;
        };
        let set = SetToml {
            phrases: phrases(table.remove("phrases")?)?,
            except: table.remove("except").map_or(Some(Vec::new()), phrases)?,
            exact: match table.remove("exact").map(Spanned::into_inner) {
                None => false,
                Some(DeValue::Boolean(exact)) => exact,
                Some(_) => return None,
            },
        };
        table
            .is_empty()
            .then(|| (id.into_inner().into_owned(), set))
    };
    table.into_iter().map(set).collect()
}

/// The tables of checks on one side, everything else on the other.
fn split(table: DeTable<'_>) -> (DeTable<'_>, DeTable<'_>) {
    let (mut rest, mut checks) = (DeTable::new(), DeTable::new());
    for (key, value) in table {
        if Checks::NAMES.contains(&key.get_ref().as_ref()) {
            checks.insert(key, value);
        } else {
            rest.insert(key, value);
        }
    }
    (rest, checks)
}

/// Where the examples begin: the first line that opens one.
fn examples_start(text: &str) -> usize {
    memmem::find_iter(text.as_bytes(), EXAMPLE_TABLE)
        .find_map(|at| {
            let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
            text[start..at].trim().is_empty().then_some(start)
        })
        .unwrap_or(text.len())
}

/// Whether a line begins as a table other than an example does; it may still be one of a text or a list.
fn may_have_table(tail: &str) -> bool {
    let is_table = |line: &str| {
        // Nearly every line tells by its first byte.
        match line.as_bytes() {
            [b'!'..=b'Z' | b'\\'..=b'~' | 0xd0 | 0xd1, ..] => false,
            _ => {
                let code = line.trim_start_matches(|c: char| c.is_whitespace() && c != '\n');
                code.starts_with('[') && !code.starts_with(EXAMPLE_TABLE)
            }
        }
    };
    is_table(tail)
        || memchr::memchr_iter(b'\n', tail.as_bytes()).any(|end| is_table(&tail[end + 1..]))
}

/// Where a table other than an example begins among the examples, which are not read before they are run.
fn after_examples(tail: &str) -> Option<usize> {
    if !may_have_table(tail) {
        return None;
    }
    let mut at = 0;
    // Within an open multi-line string or list, what closes it.
    let mut closing: Option<&str> = None;
    let ends_list = |code: &str| {
        let uncommented = code.split(" #").next().unwrap_or_default();
        uncommented.trim_end().ends_with(']')
    };
    let quotes = ["\"\"\"", "'''"].map(|sign| (memmem::Finder::new(sign), sign));
    for line in tail.split_inclusive('\n') {
        let code = line.trim();
        match closing {
            Some("]") if ends_list(code) => closing = None,
            Some(_) => {}
            None if code.starts_with('#') => {
                at += line.len();
                continue;
            }
            None if code.starts_with('[') && !code.starts_with(EXAMPLE_TABLE) => {
                return Some(at + (line.len() - line.trim_start().len()));
            }
            None if code.ends_with('[') && code.contains('=') => closing = Some("]"),
            None => {}
        }
        if closing != Some("]") {
            let mut rest = line;
            loop {
                let fits = |sign: &str| closing.is_none_or(|end| end == sign);
                let found = quotes
                    .iter()
                    .filter(|(_, sign)| fits(sign))
                    .filter_map(|(finder, sign)| Some((finder.find(rest.as_bytes())?, *sign)))
                    .min();
                let Some((quote, sign)) = found else { break };
                closing = closing.is_none().then_some(sign);
                rest = &rest[quote + sign.len()..];
            }
        }
        at += line.len();
    }
    None
}

pub(super) fn examples(home: &Home) -> Result<Vec<(u32, ExampleToml)>, PackError> {
    let problem = |at: Range<usize>, message, help| {
        let text = format!("{}{}", home.head, home.tail);
        let (from, to) = (home.head.len() + at.start, home.head.len() + at.end);
        PackError::at("pack/bad-example", &home.path, &text, from, message, help).until(&text, to)
    };
    let parsed: Result<ExamplesToml, _> = toml::from_str(&home.tail);
    let toml = parsed.map_err(|error| {
        let message = error.message().lines().next().unwrap_or_default();
        let help = locale::did_you_mean(suggestion(message).as_deref());
        problem(
            error.span().unwrap_or(0..0),
            locale::bad_toml(message),
            help,
        )
    })?;
    let line = |at: usize| {
        home.head_lines + home.tail[..at.min(home.tail.len())].matches('\n').count() as u32 + 1
    };
    let mut examples = Vec::new();
    for example in toml.examples {
        let span = example.span();
        let at = span.start;
        let mut example = example.into_inner();
        example.table = line(at);
        if example.wordings.is_empty() == example.call.contains(WORDING_SLOT) {
            return Err(problem(
                span,
                locale::wordings_without_slot(),
                locale::wordings_without_slot_help(),
            ));
        }
        for (n, wording) in example.wordings.iter().enumerate() {
            let call = example.call.replace(WORDING_SLOT, wording.get_ref());
            let one = ExampleToml {
                call,
                wordings: Vec::new(),
                wording: Some(n),
                ..example.clone()
            };
            examples.push((line(wording.span().start), one));
        }
        if example.wordings.is_empty() {
            examples.push((line(at), example));
        }
    }
    Ok(examples)
}

/// Sections as `pack.toml` orders them, criteria inside as the section orders them, then by id.
fn order(drafts: &mut [CriterionDraft<'_>], pack: &PackToml) {
    let place = |id: &str| {
        let (section, name) = id.split_once('.').unwrap_or((id, ""));
        let at = pack
            .sections
            .iter()
            .position(|known| known.id == section)
            .unwrap_or(usize::MAX);
        let inside = pack.sections.get(at).and_then(|section| {
            section
                .order
                .iter()
                .position(|known| known.get_ref() == name)
        });
        (at, inside.unwrap_or(usize::MAX), id.to_owned())
    };
    drafts.sort_by_key(|draft| place(&draft.info.id));
}

/// From «unknown field `x`, expected one of `a`, `b`» the most similar of the expected ones.
pub(crate) fn suggestion(message: &str) -> Option<String> {
    let mut quoted = message.split('`').skip(1).step_by(2);
    let wrong = quoted.next()?;
    message
        .starts_with("unknown")
        .then(|| closest(wrong, quoted).map(str::to_owned))
        .flatten()
}

/// The candidate with the fewest edits, if it is near enough to be meant.
pub(crate) fn closest<'c>(
    wrong: &str,
    candidates: impl Iterator<Item = &'c str>,
) -> Option<&'c str> {
    let scored = candidates.map(|candidate| (edits(wrong, candidate), candidate));
    scored
        .filter(|(edits, candidate)| *edits * 3 <= candidate.chars().count().max(3))
        .min()
        .map(|(_, candidate)| candidate)
}

/// Levenshtein's distance in characters.
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, a) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in b.iter().enumerate() {
            let change = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
