//! Timeline -> verdicts: the kinds of check, one file each.

mod verdict;

pub use verdict::{Evidence, Judgement, Verdict};
