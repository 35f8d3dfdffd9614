//! etalon holds transcripts of contact-centre calls against a written standard and shows its evidence.
//!
//! A call goes through `ingest → call → text → phrase → timeline → criteria → score → report`; see `docs/ARCHITECTURE.md`.

pub mod audit;
pub mod call;
pub mod check;
pub mod criteria;
pub mod examples;
pub mod ingest;
pub mod lexicon;
pub mod locale;
pub mod pack;
pub mod phrase;
pub mod report;
pub mod run;
pub mod score;
pub mod script;
pub mod stress;
pub mod text;
pub mod timeline;
pub mod wordings;
