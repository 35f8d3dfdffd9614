//! Blocks -> who says what: the agent's and the customer's words with their slots and branches.
//!
//! The page that decides is `docs/script.md`; the words it needs are those of `rules/common/script.toml`.

mod lines;
mod quotes;
mod slots;
mod tables;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::Script;
use super::format::{Block, BlockKind};
use super::problem::Problem;
use super::text::Text;
use super::words::{Words, words};
use crate::pack::ScriptWords;
use lines::{Mode, Party};
use quotes::{Quote, Quoted};
pub(super) use slots::Piece;
use slots::{Found, pieces};
use tables::{Column, Place, Table};

/// What a stretch of a template is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The agent will say it.
    Agent,
    /// The customer says it.
    Customer,
    /// Words that are only mentioned: forbidden ones, names, written texts.
    Mention,
    /// Told to the agent, said by nobody.
    Instruction,
    /// A place to be filled in.
    Slot,
    /// When a branch is taken.
    Condition,
}

/// A stretch of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// What it is.
    pub part: Part,
    /// Bytes of [`Script::text`].
    pub span: Range<usize>,
}

/// What one side says in one paragraph, list item, cell or labelled turn.
#[derive(Debug, Clone)]
pub(super) struct Unit {
    /// The agent's; otherwise the customer's.
    pub(super) agent: bool,
    /// One quotation each, or the whole.
    pub(super) turns: Vec<Vec<Piece>>,
    /// Under which heading: counted from 0.
    pub(super) section: usize,
    /// It is the first of the agent's words under a heading that names this passage.
    pub(super) titled: Option<usize>,
    /// It stands in a branch under such a heading: may be that passage, whatever its words.
    pub(super) under: Option<usize>,
    /// Joins no other unit: a cell of a table.
    pub(super) alone: bool,
    /// The branches in which it stands, outermost first: group and alternative.
    pub(super) branch: Vec<(usize, usize)>,
    /// Bytes of the file, from its first word to its last.
    pub(super) span: Range<usize>,
}

/// A point at which the talk may go on in one of several ways.
#[derive(Debug, Clone, Default)]
pub(super) struct Group {
    /// The branches in which it stands itself.
    pub(super) parent: Vec<(usize, usize)>,
    /// The condition of each alternative.
    pub(super) conditions: Vec<String>,
}

/// A template as a talk.
#[derive(Debug, Default)]
pub(super) struct Speech {
    pub(super) units: Vec<Unit>,
    pub(super) groups: Vec<Group>,
    pub(super) segments: Vec<Segment>,
    pub(super) problems: Vec<Problem>,
}

/// Reads a template.
pub(super) fn read(script: &Script, lists: &ScriptWords) -> Speech {
    read_as(script, &Words::of(lists), true)
}

/// The same with lists that are ready, without segments.
pub(super) fn read_with(script: &Script, lists: &Words) -> Speech {
    read_as(script, lists, false)
}

fn read_as(script: &Script, lists: &Words, shows: bool) -> Speech {
    let blocks = titles(script, lists);
    let spoken = || {
        blocks
            .iter()
            .filter(|block| !matches!(block.kind, BlockKind::Code | BlockKind::Comment))
    };
    let mut owns = vec![false];
    let mut bare = true;
    for block in spoken() {
        let is_heading = matches!(block.kind, BlockKind::Heading(_));
        if is_heading {
            owns.push(false);
        }
        // One is enough, for the file and for each section.
        let Some(last) = owns
            .last_mut()
            .filter(|last| bare || !is_heading && !**last)
        else {
            continue;
        };
        let own = has_own(block, lists);
        bare &= !own;
        *last |= own && !is_heading;
    }
    let mut reader = Reader {
        script,
        lists,
        shows,
        bare,
        owns,
        speech: Speech::default(),
        headings: Vec::new(),
        section: 0,
        titled: None,
        list: None,
        pending: None,
        frames: Vec::new(),
        closed: None,
        inline: None,
        title_level: title_level(&blocks),
        tables: tables::tables(&blocks, lists),
        table: None,
        index: 0,
        unclosed: BTreeSet::new(),
    };
    for (index, block) in blocks.iter().enumerate() {
        reader.index = index;
        let next = blocks[index + 1..]
            .iter()
            .find(|next| next.kind != BlockKind::Comment);
        reader.block(block, next.map(|next| &**next));
    }
    let mut speech = reader.speech;
    speech
        .segments
        .sort_by_key(|segment| (segment.span.start, segment.part));
    speech
}

/// The level of the first heading, where all others are deeper.
fn title_level(blocks: &[Cow<'_, Block>]) -> u8 {
    let mut levels = blocks.iter().filter_map(|block| match block.kind {
        BlockKind::Heading(level) => Some(level),
        _ => None,
    });
    let first = levels.next().unwrap_or(0);
    if levels.all(|level| level > first) {
        first
    } else {
        0
    }
}

/// Whether a block has a label or a quotation; a name in capitals («ЮМЭК») is none.
fn has_own(block: &Block, lists: &Words) -> bool {
    let text = block.text.as_str();
    let is_said = |quote: &Quote| {
        let inner = &text[quote.inner.clone()];
        !inner.chars().all(char::is_uppercase)
    };
    quotes::quotes(text).iter().any(is_said) || is_labelled(text, lists)
}

/// Whether any line has the label of a party.
fn is_labelled(text: &str, lists: &Words) -> bool {
    let parties = text.lines().filter_map(|line| lines::label(line, lists));
    parties
        .into_iter()
        .any(|(party, _)| matches!(party, Party::Agent | Party::Customer))
}

/// The level of a heading that is one only by its words.
const TITLE_LEVEL: u8 = 8;

/// The blocks with headings that are such only by their words: a known title by itself.
fn titles<'s>(script: &'s Script, lists: &Words) -> Vec<Cow<'s, Block>> {
    let mut blocks = Vec::with_capacity(script.blocks.len());
    for block in &script.blocks {
        let text = block.text.as_str();
        if block.kind != BlockKind::Paragraph || block.depth > 0 {
            blocks.push(Cow::Borrowed(block));
            continue;
        }
        let first = text.lines().next().unwrap_or_default();
        let more = first.len() < text.len();
        let plain = first.trim().trim_end_matches(':');
        let is_title = !plain.ends_with(['.', '!', '?'])
            && lines::label(first, lists).is_none()
            && lists.titled(plain);
        if !is_title {
            blocks.push(Cow::Borrowed(block));
            continue;
        }
        blocks.push(Cow::Owned(Block {
            kind: BlockKind::Heading(TITLE_LEVEL),
            text: block.text.slice(0..first.len()),
            depth: block.depth,
            strong: block.strong,
        }));
        if more {
            blocks.push(Cow::Owned(Block {
                kind: block.kind,
                text: block.text.slice_trimmed(first.len()..text.len()),
                depth: block.depth,
                strong: false,
            }));
        }
    }
    blocks
}

/// A heading above the blocks in hand.
#[derive(Debug, Clone, Copy)]
struct Above {
    level: u8,
    agent: bool,
    customer: bool,
    mode: Option<Mode>,
}

/// Where an open branch ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    /// At a heading of this level or above.
    Heading(u8),
    /// At the next condition or heading.
    Paragraph,
    /// At the next item of this depth, or what is less deep.
    Item(u8),
}

#[derive(Debug, Clone, Copy)]
struct Frame {
    level: Level,
    group: usize,
    alternative: usize,
}

/// How words that nobody labelled are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    Speech,
    Quotes,
    /// The same where the text says what the agent does.
    Report,
    Mention,
    Customer,
}

/// So many brackets of a file that are never closed are named.
const UNCLOSED_MAX: usize = 100;

struct Reader<'s> {
    script: &'s Script,
    lists: &'s Words,
    /// Segments are asked for.
    shows: bool,
    /// The whole file has neither labels nor quotations.
    bare: bool,
    /// Whether each section has labels or quotations of its own.
    owns: Vec<bool>,
    speech: Speech,
    headings: Vec<Above>,
    section: usize,
    /// The heading names this passage, and nothing was said under it yet.
    titled: Option<usize>,
    /// What the list in hand holds, the depth of its title, whether it has begun.
    list: Option<(Mode, u8, bool)>,
    /// A label stood by itself: whose words follow, and at which depth it stood.
    pending: Option<(Party, u8, bool)>,
    frames: Vec<Frame>,
    /// The branch that was closed last, whose group the next sibling joins.
    closed: Option<Frame>,
    /// The group of branches that are one unit each, and the block of the last.
    inline: Option<(usize, usize)>,
    /// Level of the one heading above all others; 0 where there is none.
    title_level: u8,
    tables: BTreeMap<u32, Table>,
    table: Option<u32>,
    index: usize,
    /// Bytes of brackets that are never closed.
    unclosed: BTreeSet<usize>,
}

impl Reader<'_> {
    fn block(&mut self, block: &Block, next: Option<&Block>) {
        match block.kind {
            BlockKind::Comment => {}
            BlockKind::Code => self.segment(Part::Instruction, block.text.whole()),
            BlockKind::Heading(level) => self.heading(level, block),
            BlockKind::Cell {
                table,
                row,
                column,
                header,
            } => self.cell(block, (table, row, column), header),
            BlockKind::Paragraph | BlockKind::Item => self.paragraph(block, next),
        }
    }

    fn segment(&mut self, part: Part, span: Range<usize>) {
        if self.shows && !span.is_empty() {
            self.speech.segments.push(Segment { part, span });
        }
    }

    fn heading(&mut self, level: u8, block: &Block) {
        let text = block.text.as_str();
        self.headings.retain(|above| above.level < level);
        self.list = None;
        self.pending = None;
        self.inline = None;
        let mut closed = None;
        while let Some(frame) = self.frames.last().copied() {
            let open = matches!(frame.level, Level::Heading(own) if own < level);
            if open {
                break;
            }
            if frame.level == Level::Heading(level) {
                closed = Some(frame);
            }
            self.frames.pop();
        }
        self.closed = closed;
        let own = self.lists.heading(text);
        let passage = self.lists.passage_of(&own);
        let is_agents = passage.is_some() || self.lists.heading_agent.is_all(&own);
        // The title of the whole names what it is about: sections below are what they say themselves.
        let inherits = |above: &Above| above.agent && above.level > self.title_level;
        let agent = is_agents || self.headings.last().is_some_and(inherits);
        let mode = lines::title_of_heading(text, &own, self.lists);
        let customer = self.lists.heading_customer.is_all(&own);
        self.headings.push(Above {
            level,
            agent: agent && !customer,
            customer,
            mode,
        });
        self.section += 1;
        self.titled = passage;
        let conditional = lines::begins_with_condition(text, self.lists) && !is_agents;
        if conditional && mode.is_none() {
            self.segment(Part::Condition, block.text.whole());
            self.open(Level::Heading(level), text.trim_end_matches(':').to_owned());
        } else {
            self.closed = None;
            self.segment(Part::Instruction, block.text.whole());
        }
    }

    /// Opens a branch beside the one that was closed last, or at a new point.
    fn open(&mut self, level: Level, condition: String) {
        let sibling = self.closed.take().filter(|closed| closed.level == level);
        let parent = self.branch();
        let group = match sibling {
            Some(closed) if self.speech.groups[closed.group].parent == parent => closed.group,
            _ => {
                self.speech.groups.push(Group {
                    parent,
                    conditions: Vec::new(),
                });
                self.speech.groups.len() - 1
            }
        };
        let conditions = &mut self.speech.groups[group].conditions;
        conditions.push(condition);
        let alternative = conditions.len() - 1;
        self.frames.push(Frame {
            level,
            group,
            alternative,
        });
    }

    fn branch(&self) -> Vec<(usize, usize)> {
        let frames = self.frames.iter();
        frames
            .map(|frame| (frame.group, frame.alternative))
            .collect()
    }

    /// A branch of one unit beside those of the block before.
    fn inline_branch(&mut self, condition: &str) -> (usize, usize) {
        let parent = self.branch();
        let beside = self.inline.filter(|(group, block)| {
            *block + 1 >= self.index && self.speech.groups[*group].parent == parent
        });
        let group = match beside {
            Some((group, _)) => group,
            None => {
                self.speech.groups.push(Group {
                    parent,
                    conditions: Vec::new(),
                });
                self.speech.groups.len() - 1
            }
        };
        self.inline = Some((group, self.index));
        let conditions = &mut self.speech.groups[group].conditions;
        conditions.push(condition.trim().trim_end_matches(':').to_owned());
        (group, conditions.len() - 1)
    }

    fn cell(&mut self, block: &Block, (table, row, column): (u32, u32, u32), header: bool) {
        if self.table != Some(table) {
            self.table = Some(table);
            self.frames
                .retain(|frame| !matches!(frame.level, Level::Item(_)));
        }
        let text = block.text.as_str();
        let place = match self.tables.get(&table) {
            Some(table) => table.place(row, column, header),
            None => Place::Data(None),
        };
        let role = match place {
            Place::Header => {
                self.segment(Part::Instruction, block.text.whole());
                return;
            }
            Place::Data(role) => role,
        };
        let labelled = is_labelled(text, self.lists);
        match role {
            _ if text.is_empty() => {}
            Some(Column::Forbidden) => self.segment(Part::Mention, block.text.whole()),
            Some(Column::Customer) if !labelled => {
                self.unit(false, vec![block.text.clone()], true, None);
            }
            Some(Column::Agent) if !labelled => {
                self.unit(true, vec![block.text.clone()], true, None);
            }
            Some(Column::Turn(party)) if !labelled => match party {
                Party::Agent | Party::Customer => {
                    self.unit(party == Party::Agent, vec![block.text.clone()], false, None);
                }
                Party::Other => self.segment(Part::Mention, block.text.whole()),
                Party::Note => self.lines(block, How::Quotes, true),
            },
            _ => self.lines(block, How::Quotes, true),
        }
    }

    fn paragraph(&mut self, block: &Block, next: Option<&Block>) {
        let is_item = block.kind == BlockKind::Item;
        self.leave(block.depth, is_item);
        let text = block.text.as_str();
        // What a list holds is told by its title; a paragraph ends it.
        if let Some((_, depth, begun)) = &mut self.list {
            let inside = (is_item || *begun) && block.depth > *depth;
            *begun |= is_item;
            if !inside {
                self.list = None;
            }
        }
        if let Some((_, depth, begun)) = &mut self.pending {
            let inside = !*begun && block.depth >= *depth || is_item && block.depth > *depth;
            *begun = true;
            if !inside {
                self.pending = None;
            }
        }
        if lines::is_condition(text.trim(), self.lists)
            && !has_line_end(text)
            && lines::label(text, self.lists).is_none()
        {
            return self.condition(block);
        }
        if let Some(inside) = bracketed(text)
            && let Some(words_at) = lines::inline_condition(&text[inside.clone()], self.lists)
        {
            let condition = &text[inside.start..inside.start + words_at];
            let own = self.inline_branch(condition);
            self.segment(
                Part::Condition,
                block.text.source(inside.start..inside.start + words_at),
            );
            let rest = block.text.slice(inside.start + words_at..inside.end).trim();
            let found = quotes::quotes(rest.as_str());
            let how = if found.is_empty() {
                How::Speech
            } else {
                How::Quotes
            };
            self.words(rest, how, Some(own), false);
            return;
        }
        let (sign, skip) = match lines::sign(text, self.lists) {
            Some((mode, skip)) => (Some(mode), skip),
            None => (None, 0),
        };
        let without_sign = (text.trim().len() < text.len() || skip > 0).then(|| Block {
            kind: block.kind,
            text: block.text.slice_trimmed(skip..text.len()),
            depth: block.depth,
            strong: block.strong,
        });
        let block = without_sign.as_ref().unwrap_or(block);
        if let Some((party, ..)) = self.pending {
            if !is_labelled(block.text.as_str(), self.lists) {
                self.unit(party == Party::Agent, vec![block.text.clone()], false, None);
                return;
            }
            self.pending = None;
        }
        if is_item && self.opens_item(block, next) {
            return;
        }
        let how = self.how(block, sign);
        // A lone line above a list titles it, with a colon or without.
        let lone = !is_item
            && !has_line_end(block.text.as_str())
            && !block.text.as_str().ends_with(['.', '!', '?', ',']);
        if lone
            && next.is_some_and(|next| next.kind == BlockKind::Item && next.depth > block.depth)
            && let Some(mode) = lines::title(block.text.as_str(), self.lists)
        {
            self.segment(Part::Instruction, block.text.whole());
            self.list = Some((mode, block.depth, false));
            return;
        }
        self.lines(block, how, false);
    }

    /// Closes the branches that do not hold a block of this depth.
    fn leave(&mut self, depth: u8, is_item: bool) {
        let mut closed = None;
        while let Some(frame) = self.frames.last().copied() {
            let Level::Item(own) = frame.level else { break };
            if depth > own || depth == own && !is_item && depth > 0 {
                break;
            }
            closed = (own == depth && is_item).then_some(frame);
            self.frames.pop();
        }
        if closed.is_some() {
            self.closed = closed;
        } else if let Some(last) = self.closed
            && !matches!(last.level, Level::Item(own) if own == depth && is_item)
        {
            self.closed = None;
        }
    }

    /// A block that is a condition and nothing else.
    fn condition(&mut self, block: &Block) {
        let condition = block
            .text
            .as_str()
            .trim()
            .trim_matches(['*', '_', '[', ']', ' ', ':'])
            .to_owned();
        self.segment(Part::Condition, block.text.whole());
        if block.depth > 0 {
            self.open(Level::Item(block.depth), condition);
            return;
        }
        let before = self
            .frames
            .iter()
            .rposition(|frame| frame.level == Level::Paragraph);
        if let Some(before) = before {
            self.closed = Some(self.frames[before]);
            self.frames.truncate(before);
        }
        self.open(Level::Paragraph, condition);
    }

    /// A list item that opens a branch: «— да → …», «Если …: …», a line of the customer with answers below it.
    fn opens_item(&mut self, block: &Block, next: Option<&Block>) -> bool {
        let text = block.text.as_str();
        let nested =
            next.is_some_and(|next| next.kind == BlockKind::Item && next.depth > block.depth);
        let first = text.lines().next().unwrap_or_default();
        if let Some((Party::Customer, at)) = lines::label(first, self.lists)
            && nested
        {
            self.open(Level::Item(block.depth), first[at..].trim().to_owned());
            return false;
        }
        let own = words(first);
        if nested && first.len() == text.len() && self.lists.answers.is_all(&own) {
            self.segment(Part::Condition, block.text.whole());
            self.open(Level::Item(block.depth), first.trim().to_owned());
            return true;
        }
        let arrow = arrow(text);
        let conditional = match &arrow {
            Some((left, _)) => quotes::quotes(&text[left.clone()]).is_empty(),
            None => {
                lines::inline_condition(first, self.lists).is_some()
                    || lines::begins_with_condition(text, self.lists) && !self.bare
            }
        };
        if !conditional || self.how(block, None) == How::Mention {
            self.closed = None;
            return false;
        }
        let condition = match &arrow {
            Some((left, _)) => text[left.clone()].trim().to_owned(),
            None => lines::inline_condition(first, self.lists).map_or(String::new(), |at| {
                first[..at].trim_end_matches(':').to_owned()
            }),
        };
        self.open(Level::Item(block.depth), condition);
        false
    }

    /// How words without a label are read here.
    fn how(&self, block: &Block, sign: Option<Mode>) -> How {
        let above = self.headings.last();
        let heading = above.and_then(|above| above.mode);
        let mode = sign.or(self.list.map(|(mode, ..)| mode)).or(heading);
        let quoted = !quotes::quotes(block.text.as_str()).is_empty();
        match mode {
            Some(Mode::Forbidden) => How::Mention,
            Some(Mode::Allowed) if block.kind == BlockKind::Item || sign.is_some() => {
                if quoted {
                    How::Quotes
                } else {
                    How::Speech
                }
            }
            _ if above.is_some_and(|above| above.customer) && !quoted => How::Customer,
            _ if self.bare => How::Speech,
            _ if above.is_some_and(|above| above.agent)
                && !self.owns.get(self.section).copied().unwrap_or(false) =>
            {
                How::Speech
            }
            _ => How::Quotes,
        }
    }

    /// Reads a block line by line: labels, conditions, titles of lists inside it.
    fn lines(&mut self, block: &Block, how: How, alone: bool) {
        let text = &block.text;
        let whole = text.as_str();
        let mut how = how;
        // The turn in hand: whose, from where, to where.
        let mut turn: Option<(Option<Party>, Range<usize>)> = None;
        let mut branch: Option<(usize, usize)> = None;
        let quoted = quotes::quotes(whole);
        // The quotation that a line begins inside of.
        let around = |at: usize| {
            quoted
                .iter()
                .find(|quote| quote.outer.start < at && at < quote.outer.end)
        };
        let mut at = 0;
        // What was read together with a line before.
        let mut done = 0;
        for line in whole.split_inclusive('\n') {
            let start = at;
            at += line.len();
            let line = line.trim_end_matches('\n');
            let end = start + line.len();
            if line.trim().is_empty() || end <= done {
                continue;
            }
            if let Some((party, words_at)) = lines::label(line, self.lists)
                .filter(|(party, _)| *party != Party::Note || !self.bare)
            {
                self.turn(text, turn.take(), how, branch.take(), alone);
                if line[words_at..].trim().is_empty() {
                    // By itself: the next line of the block, or the next block.
                    let said = matches!(party, Party::Agent | Party::Customer);
                    if whole[end..].trim().is_empty() {
                        self.pending = said.then_some((party, block.depth, false));
                    } else {
                        turn = Some((Some(party), end..end));
                    }
                } else {
                    turn = Some((Some(party), start + words_at..end));
                }
                continue;
            }
            // A quotation goes on over its line ends.
            if around(start).is_some() {
                match &mut turn {
                    Some((_, range)) => range.end = end,
                    None => turn = Some((None, start..end)),
                }
                continue;
            }
            let wrapped = around(end).map(|quote| quote.outer.end);
            let until = wrapped.map_or(end, |close| {
                whole[close..]
                    .find('\n')
                    .map_or(whole.len(), |found| close + found)
            });
            if lines::is_condition(line, self.lists) && how != How::Mention {
                self.turn(text, turn.take(), how, branch.take(), alone);
                let line_text = text.slice(start..end);
                if whole[end..].trim().is_empty() || block.depth == 0 && !alone {
                    let kind = BlockKind::Paragraph;
                    self.condition(&Block {
                        kind,
                        text: line_text,
                        depth: 0,
                        strong: false,
                    });
                } else {
                    self.segment(Part::Condition, line_text.whole());
                    branch = Some(self.inline_branch(line));
                }
                continue;
            }
            let titled = line.trim_end().ends_with(':')
                || block.strong && !line.trim().ends_with(['.', '!', '?']);
            if titled && let Some(mode) = lines::title(line, self.lists) {
                self.turn(text, turn.take(), how, branch.take(), alone);
                self.segment(Part::Instruction, text.source(start..end));
                self.list = Some((
                    mode,
                    if block.kind == BlockKind::Item {
                        block.depth
                    } else {
                        block.depth.max(1) - 1
                    },
                    false,
                ));
                how = match mode {
                    Mode::Forbidden => How::Mention,
                    Mode::Allowed => How::Speech,
                };
                continue;
            }
            // «❌ вышлю», one a line.
            if let Some((mode, skip)) = lines::sign(line, self.lists) {
                self.turn(text, turn.take(), how, branch.take(), alone);
                let quoted = !quotes::quotes(&whole[start..until]).is_empty();
                let one = match mode {
                    Mode::Forbidden => How::Mention,
                    Mode::Allowed if quoted => How::Quotes,
                    Mode::Allowed => How::Speech,
                };
                self.turn(text, Some((None, start + skip..until)), one, None, alone);
                done = until;
                continue;
            }
            // «Неправильно: вышлю» in one line.
            if let Some(colon) = memchr::memchr(b':', line.as_bytes())
                && quotes::quotes(&whole[start..until]).is_empty()
                && let Some(mode) = lines::title(&line[..colon], self.lists)
            {
                self.turn(text, turn.take(), how, branch.take(), alone);
                let one = match mode {
                    Mode::Forbidden => How::Mention,
                    Mode::Allowed => How::Speech,
                };
                self.turn(text, Some((None, start + colon + 1..end)), one, None, alone);
                continue;
            }
            match &mut turn {
                Some((Some(_), range)) if range.start == range.end => *range = start..end,
                Some((party, range))
                    if !(self.parts(line)
                        || party.is_some() && is_quoted(&whole[range.clone()])) =>
                {
                    range.end = end
                }
                _ => {
                    self.turn(text, turn.take(), how, branch, alone);
                    turn = Some((None, start..end));
                }
            }
        }
        self.turn(text, turn, how, branch, alone);
    }

    /// Whether a line stands by itself although no label says so: a branch in one line.
    fn parts(&self, line: &str) -> bool {
        lines::inline_condition(line, self.lists).is_some()
            || arrow(line).is_some()
            || bracketed(line)
                .is_some_and(|inside| lines::inline_condition(&line[inside], self.lists).is_some())
    }

    /// One turn of a block.
    fn turn(
        &mut self,
        text: &Text,
        turn: Option<(Option<Party>, Range<usize>)>,
        how: How,
        branch: Option<(usize, usize)>,
        alone: bool,
    ) {
        let Some((party, range)) = turn else { return };
        let words = text.slice_trimmed(range);
        match party {
            Some(Party::Customer) => self.unit(false, vec![words], alone, branch),
            Some(Party::Other) => self.segment(Part::Mention, words.whole()),
            Some(Party::Note) => self.words(words, How::Quotes, branch, alone),
            Some(Party::Agent) if reports(&words, self.lists) => {
                self.words(words, How::Report, branch, alone)
            }
            Some(Party::Agent) => self.unit(true, vec![words], alone, branch),
            None => self.words(words, how, branch, alone),
        }
    }

    /// Words that no label stands before.
    fn words(&mut self, text: Text, how: How, branch: Option<(usize, usize)>, alone: bool) {
        let whole = text.as_str();
        if whole.is_empty() {
            return;
        }
        if how == How::Mention {
            return self.segment(Part::Mention, text.whole());
        }
        let in_item = self
            .frames
            .iter()
            .any(|frame| matches!(frame.level, Level::Item(_)));
        if let Some((left, right)) = arrow(whole) {
            let objection = quotes::quotes(&whole[left.clone()]);
            let own = match (branch, in_item && objection.is_empty()) {
                (Some(own), _) => Some(own),
                (None, true) => None,
                (None, false) => Some(self.inline_branch(&whole[left.clone()])),
            };
            match objection.first() {
                Some(quote) => {
                    let inner = left.start + quote.inner.start..left.start + quote.inner.end;
                    self.unit(false, vec![text.slice(inner)], alone, own);
                }
                None => self.segment(Part::Condition, text.slice(left).trim().whole()),
            }
            return self.plain(text.slice_trimmed(right), how, own, alone);
        }
        if let Some(words_at) = lines::inline_condition(whole, self.lists) {
            let own = match (branch, in_item) {
                (None, false) => Some(self.inline_branch(&whole[..words_at])),
                (own, _) => own,
            };
            self.segment(Part::Condition, text.source(0..words_at));
            return self.plain(text.slice_trimmed(words_at..whole.len()), how, own, alone);
        }
        if let Some(inside) = bracketed(whole)
            && let Some(words_at) = lines::inline_condition(&whole[inside.clone()], self.lists)
        {
            let own = self.inline_branch(&whole[inside.start..inside.start + words_at]);
            self.segment(
                Part::Condition,
                text.source(inside.start..inside.start + words_at),
            );
            let rest = text.slice_trimmed(inside.start + words_at..inside.end);
            return self.plain(rest, How::Speech, Some(own), alone);
        }
        self.plain(text, how, branch, alone);
    }

    fn plain(&mut self, text: Text, how: How, branch: Option<(usize, usize)>, alone: bool) {
        if how == How::Speech || how == How::Customer {
            return self.unit(how == How::Speech, vec![text], alone, branch);
        }
        let whole = text.as_str();
        let found: Vec<Quote> = quotes::quotes(whole);
        let classes = quotes::classify(whole, &found, self.lists, how == How::Report);
        let mut said = Vec::new();
        self.segment(Part::Instruction, text.whole());
        for (quote, class) in found.iter().zip(classes) {
            let words = text.slice(quote.inner.clone());
            match class {
                Quoted::Speech => said.push(words),
                Quoted::Customer => self.unit(false, vec![words], alone, branch),
                Quoted::Mention | Quoted::Name => self.segment(Part::Mention, words.whole()),
            }
        }
        if said.is_empty() {
            return;
        }
        // «Если клиент молчит, скажите: «…»»: a branch of its own.
        let in_item = self
            .frames
            .iter()
            .any(|frame| matches!(frame.level, Level::Item(_)));
        let branch = match branch {
            None if !in_item && !alone && lines::begins_with_condition(whole, self.lists) => {
                let until = found.first().map_or(whole.len(), |quote| quote.outer.start);
                let condition = whole[..until].split(',').next().unwrap_or_default();
                Some(self.inline_branch(condition))
            }
            own => own,
        };
        self.unit(true, said, alone, branch);
    }

    /// A bracket at this byte of the file is never closed.
    fn unclosed(&mut self, at: usize) {
        if !self.unclosed.insert(at) || self.unclosed.len() > UNCLOSED_MAX + 1 {
            return;
        }
        let place = self.script.place(at);
        let problem = if self.unclosed.len() > UNCLOSED_MAX {
            Problem::new("script/unclosed-more", false, &[])
        } else {
            let sign = self.script.text[at..].chars().next().unwrap_or('[');
            Problem::new("script/unclosed-slot", false, &[&sign.to_string()])
        };
        self.speech.problems.push(problem.at(place));
    }

    fn unit(&mut self, agent: bool, turns: Vec<Text>, alone: bool, own: Option<(usize, usize)>) {
        let mut found = Found::default();
        let part = if agent { Part::Agent } else { Part::Customer };
        let mut cut = Vec::new();
        let mut span: Option<Range<usize>> = None;
        for turn in turns
            .into_iter()
            .map(Text::into_trimmed)
            .filter(|turn| !turn.as_str().is_empty())
        {
            let whole = turn.whole();
            self.segment(part, whole.clone());
            span = Some(span.map_or(whole.start, |span| span.start)..whole.end);
            cut.push(pieces(turn, self.lists, &mut found));
        }
        let Some(span) = span else { return };
        for slot in found.slots {
            self.segment(Part::Slot, slot);
        }
        for condition in found.conditions {
            self.segment(Part::Condition, condition);
        }
        for at in found.unclosed.into_iter().filter(|_| agent) {
            self.unclosed(at);
        }
        let mut branch = self.branch();
        branch.extend(own);
        let in_heading = |frame: &Frame| matches!(frame.level, Level::Heading(_));
        let main = own.is_none() && self.frames.iter().all(in_heading) && !alone;
        let titled = if agent && main {
            self.titled.take()
        } else {
            None
        };
        let under = self.titled.filter(|_| agent && !main && !alone);
        self.speech.units.push(Unit {
            agent,
            turns: cut,
            section: self.section,
            titled,
            under,
            alone,
            branch,
            span,
        });
    }
}

fn has_line_end(text: &str) -> bool {
    memchr::memchr(b'\n', text.as_bytes()).is_some()
}

/// Bytes inside the brackets that hold the whole text.
fn bracketed(text: &str) -> Option<Range<usize>> {
    let start = text.len() - text.trim_start().len();
    let inside = text.trim().strip_prefix('[')?.strip_suffix(']')?;
    (!inside.contains(['[', ']']) || balanced(inside)).then(|| start + 1..start + 1 + inside.len())
}

fn balanced(text: &str) -> bool {
    let mut depth = 0;
    for c in text.chars() {
        match c {
            '[' => depth += 1,
            ']' => depth -= 1,
            _ => {}
        }
        if depth < 0 {
            return false;
        }
    }
    depth == 0
}

/// What stands before and behind an arrow outside of quotations.
fn arrow(text: &str) -> Option<(Range<usize>, Range<usize>)> {
    let mut found = quotes::arrows(text).peekable();
    found.peek()?;
    let quoted = quotes::quotes(text);
    let outside = found.filter(|(at, _)| !quoted.iter().any(|quote| quote.outer.contains(at)));
    let (at, sign) = outside.min_by_key(|(at, sign)| (*at, std::cmp::Reverse(sign.len())))?;
    (at > 0 && at + sign.len() < text.len()).then(|| (0..at, at + sign.len()..text.len()))
}

/// Nothing but one quotation: what follows is something else.
fn is_quoted(text: &str) -> bool {
    let text = text.trim();
    matches!(&quotes::quotes(text)[..], [quote] if quote.outer == (0..text.len()))
}

/// A labelled turn that only reports what is said: «Оператор: уточняет номер и говорит: «…»».
fn reports(words: &Text, lists: &Words) -> bool {
    let text = words.as_str();
    let Some(first) = quotes::quotes(text).first().map(|quote| quote.outer.start) else {
        return false;
    };
    let before = super::words::words(&text[..first]);
    let Some(last) = before.len().checked_sub(1) else {
        return false;
    };
    lists.says.at(&before, last).is_some()
}
