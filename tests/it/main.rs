//! All tests in one binary.

mod phrase;
mod text;
