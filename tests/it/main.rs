//! All tests in one binary.
mod lexicon;
