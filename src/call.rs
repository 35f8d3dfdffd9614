//! A call as it was transcribed: who said what, when, and what is known about the call.
//!
//! Words are exactly those of the transcript. Later stages carry positions into [`Turn::text`]; they never alter it.

use std::borrow::Cow;
use std::collections::BTreeMap;

/// A moment or a length of time in milliseconds from the start of the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Millis(pub i64);

impl Millis {
    /// As a place in the call: `02:05`, from an hour on `1:02:05`; before the start is `00:00`.
    pub fn clock(self) -> String {
        let total = self.0.max(0) / 1000;
        let (hours, minutes, seconds) = (total / 3600, total / 60 % 60, total % 60);
        if hours > 0 {
            format!("{hours}:{minutes:02}:{seconds:02}")
        } else {
            format!("{minutes:02}:{seconds:02}")
        }
    }

    /// Rounds seconds to milliseconds; what is not a finite number becomes 0.
    pub fn from_seconds(seconds: f64) -> Self {
        // `as` saturates and turns NaN into 0.
        Self((seconds * 1000.0).round() as i64)
    }

    /// The same in seconds.
    pub fn seconds(self) -> f64 {
        self.0 as f64 / 1000.0
    }
}

impl std::ops::Sub for Millis {
    type Output = Millis;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl std::ops::Add for Millis {
    type Output = Millis;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

/// From when to when, the end not before the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeSpan {
    /// Milliseconds from the start of the call.
    pub start: Millis,
    /// Milliseconds from the start of the call; at least `start`.
    pub end: Millis,
}

/// Whose words a turn holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Speaker {
    /// The employee whose work is judged.
    Agent,
    /// The other party.
    Customer,
    /// A machine: the voice menu, music, markers. It is no speech.
    System,
}

/// Who called whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Direction {
    /// The customer called.
    #[default]
    Inbound,
    /// The agent called.
    Outbound,
}

impl Direction {
    /// The name in files: `inbound` or `outbound`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Inbound => "inbound",
            Self::Outbound => "outbound",
        }
    }
}

/// One recognised word with its time and the recogniser's confidence.
#[derive(Debug, Clone, PartialEq)]
pub struct Word<'a> {
    /// As recognised.
    pub text: Cow<'a, str>,
    /// When it was said; `None` where the recogniser could not align it.
    pub time: Option<TimeSpan>,
    /// `0.0..=1.0`; `None` where the format gives none.
    pub confidence: Option<f32>,
}

/// What one party said without being relieved, as the transcript divides it.
#[derive(Debug, Clone, PartialEq)]
pub struct Turn<'a> {
    /// Whose words.
    pub speaker: Speaker,
    /// When; `None` where the transcript gives no times.
    pub time: Option<TimeSpan>,
    /// The words as given. Markers such as `[hold]` stand in brackets.
    pub text: Cow<'a, str>,
    /// Word by word, where the format has it; may be empty.
    pub words: Vec<Word<'a>>,
}

/// What kind of thing happened in the call's signalling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EventKind {
    /// The customer was put on hold.
    Hold,
    /// The agent's microphone was off; no hold.
    Mute,
    /// The call was put through to somebody else.
    Transfer,
    /// It rang.
    Ring,
    /// Somebody hung up.
    Hangup,
}

impl EventKind {
    /// The kind that files call so; `None` for other names.
    pub fn by_name(name: &str) -> Option<Self> {
        Some(match name {
            "hold" => Self::Hold,
            "mute" => Self::Mute,
            "transfer" => Self::Transfer,
            "ring" => Self::Ring,
            "hangup" => Self::Hangup,
            _ => return None,
        })
    }
}

/// Something that happened in the call's signalling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    /// What happened.
    pub kind: EventKind,
    /// When it began.
    pub start: Millis,
    /// When it ended, if known; at least `start`.
    pub end: Option<Millis>,
}

/// The agent or the customer, as the metadata name them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Party<'a> {
    /// The employer's or the CRM's key.
    pub id: Option<Cow<'a, str>>,
    /// A name from the metadata: nobody has said it in the call.
    pub name: Option<Cow<'a, str>>,
    /// Team.
    pub group: Option<Cow<'a, str>>,
}

/// One call. Text is borrowed from the input where the format allows it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Call<'a> {
    /// Unique within a run.
    pub id: Cow<'a, str>,
    /// Which line took the call; the pack names its lines and the default one.
    pub line: Option<Cow<'a, str>>,
    /// Who called whom; `None` means that the file does not say: inbound.
    pub direction: Option<Direction>,
    /// RFC 3339, as given.
    pub started_at: Option<Cow<'a, str>>,
    /// The employee.
    pub agent: Party<'a>,
    /// The other party.
    pub customer: Party<'a>,
    /// In order of speech.
    pub turns: Vec<Turn<'a>>,
    /// In order of start.
    pub events: Vec<Event>,
    /// How long the call lasted, where the file says so.
    pub duration: Option<Millis>,
    /// Whatever else the file says of the call.
    pub meta: BTreeMap<String, serde_json::Value>,
}

impl Call<'_> {
    /// Who called whom, inbound unless the file says otherwise.
    pub fn direction_or_default(&self) -> Direction {
        self.direction.unwrap_or_default()
    }
}
