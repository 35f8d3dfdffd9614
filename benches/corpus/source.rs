//! What made-up texts are made of: the turns of a pack's examples, and numbers that look drawn.

use etalon::pack::Pack;

/// Turns of the pack's examples, plain; `true` for the agent's.
pub(crate) fn sentences(pack: &Pack) -> Vec<(bool, String)> {
    let mut sentences = Vec::new();
    for (criterion, info) in pack.info().criteria.iter().enumerate() {
        for (_, example) in pack.examples(criterion).unwrap_or_default() {
            let told = etalon::examples::example_call(&example, &info.advice);
            for turn in told.call.turns {
                let plain = !turn.text.contains(['"', '\\', '[']);
                if plain && turn.speaker != etalon::call::Speaker::System {
                    let from_agent = turn.speaker == etalon::call::Speaker::Agent;
                    sentences.push((from_agent, turn.text.into_owned()));
                }
            }
        }
    }
    sentences
}

/// SplitMix64: small, and the same everywhere.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    /// `0..n`, `n` not 0.
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % n
    }
}
