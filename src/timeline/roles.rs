//! The phrase sets that have a part in the timeline.

use std::ops::Range;

use crate::phrase::{Hit, Hits, SetId};

macro_rules! roles {
    ($($(#[$doc:meta])* $name:ident,)+) => {
        /// Ids of the sets by their part; a part that no set of the pack plays is `None` and never hits.
        #[derive(Debug, Clone, Default)]
        pub struct Roles {
            $($(#[$doc])* pub $name: Option<SetId>,)+
        }

        impl Roles {
            /// The ids that a pack gives its sets for these parts.
            pub const NAMES: &'static [&'static str] = &[$(stringify!($name)),+];

            /// Looks the ids up.
            pub fn of(mut set: impl FnMut(&str) -> Option<SetId>) -> Self {
                Self { $($name: set(stringify!($name)),)+ }
            }
        }
    };
}

roles! {
    /// Turns that only acknowledge.
    acknowledge,
    /// Words that acknowledge, said into the other side's talk.
    acknowledge_word,
    /// Other words of whoever listens, said into the other side's talk.
    listening_word,
    /// Asks the other side to wait on the line.
    wait_request,
    /// Comes back from a wait.
    wait_return,
    /// Thanks for a wait.
    wait_thanks,
    /// Asks whether the other side is still there.
    still_there,
    /// The customer asks for or announces a pause.
    customer_wait,
    /// The agent asks for the customer's name.
    ask_name,
    /// Somebody introduces themselves; the phrase has a slot for the name.
    introduces,
    /// A name that is the other side's: asked for or made sure of.
    asks_identity,
    /// A name that is talked about, not talked to.
    name_mention,
    /// Speaks of somebody else: kin, a master, a shop.
    another_person,
    /// Asks for somebody else's name: the owner's, the mother's.
    asks_another,
    /// The customer asks who it is that will come, teaches or treats.
    asks_who,
    /// The closing question.
    anything_else,
    /// Whether the matter is settled.
    question_solved,
    /// The agent thanks for the call.
    thanks_call,
    /// A kind word at parting.
    wish,
    /// Says at parting what tells nothing of the matter: apologies, that the call is recorded.
    pleasantry,
    /// The agent says goodbye.
    goodbye,
    /// Other words with which the agent starts the farewell: a wish of a good day, «till Thursday».
    parting,
    /// The customer starts the farewell.
    customer_farewell,
    /// Looks like the start of a farewell and is none.
    customer_not_farewell,
    /// The customer may be starting the farewell, or only says thanks.
    customer_may_farewell,
    /// Greeting words.
    greeting,
    /// The agent says that the customer is heard badly.
    bad_audio,
    /// The agent says that nobody is heard.
    cannot_hear,
    /// The agent asks to speak.
    speak_please,
    /// The agent says that the call is being put through.
    transfer_notice,
    /// Somebody promises to call back.
    callback_promise,
    /// The customer asks something.
    customer_question,
    /// The customer may be asking: words too broad to answer a question by, but what follows them sums up nothing.
    customer_may_ask,
    /// The agent asks or advises: not what was decided.
    no_outcome,
    /// The customer misses the agent: «алло, вы тут?».
    customer_prompt,
    /// As the first words of a record: the talk was under way before.
    under_way,
    /// What follows is somebody else's words.
    quote,
    /// What only agents say.
    agent_talk,
    /// What stands beside an address.
    vocative_verbs,
    /// The recogniser made it up: a turn that is nothing else counts as silence.
    invented,
    /// The recogniser made it up wherever it stands: credits of subtitles.
    invented_credit,
    /// The recogniser made it up unless the call ends there: a whole turn.
    invented_midway,
}

impl Roles {
    /// Parts that are asked for in the customer's words only.
    pub const OF_CUSTOMER_ONLY: &'static [&'static str] = &[
        "customer_wait",
        "customer_farewell",
        "customer_not_farewell",
        "customer_may_farewell",
        "customer_question",
        "customer_may_ask",
        "customer_prompt",
        "another_person",
        "asks_who",
    ];

    /// Parts that are asked for in either side's words; the others are looked for in the agent's only.
    pub const OF_BOTH: &'static [&'static str] = &[
        "introduces",
        "asks_identity",
        "name_mention",
        "greeting",
        "quote",
        "agent_talk",
        "invented",
        "invented_credit",
        "invented_midway",
    ];
}

/// The hits of a part; none where no set plays it.
pub(super) fn hits(hits: &Hits, set: Option<SetId>) -> &[Hit] {
    set.map_or(&[], |set| hits.of(set))
}

/// Those of one run: the hits of a set stand in the order of the call.
pub(super) fn hits_in(hits: &Hits, set: Option<SetId>, run: usize) -> &[Hit] {
    let all = self::hits(hits, set);
    let from = all.partition_point(|hit| (hit.run as usize) < run);
    let n = all[from..].partition_point(|hit| hit.run as usize == run);
    &all[from..from + n]
}

/// Those that stand over any of the tokens.
pub(super) fn hits_over<'h>(
    hits: &'h Hits,
    set: Option<SetId>,
    tokens: &Range<usize>,
) -> &'h [Hit] {
    let all = self::hits(hits, set);
    let from = all.partition_point(|hit| hit.tokens().end <= tokens.start);
    let n = all[from..].partition_point(|hit| hit.tokens().start < tokens.end);
    &all[from..from + n]
}
