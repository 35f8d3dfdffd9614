//! Scorecards -> one JSON array of what `ndjson` writes line by line.

use crate::score::Scorecard;

use super::{ErrorRecord, ndjson};

/// Opens the array.
pub(super) const HEAD: &[u8] = b"[\n";
/// Stands between two items.
pub(super) const SEPARATOR: &[u8] = b",\n";
/// Closes the array.
pub(super) const TAIL: &[u8] = b"\n]\n";

/// Appends one scorecard with the separator before it.
pub fn card(card: &Scorecard<'_>, out: &mut Vec<u8>) {
    out.extend_from_slice(SEPARATOR);
    ndjson::object(card, out);
}

/// Appends one error record with the separator before it.
pub fn error(error: &ErrorRecord<'_>, out: &mut Vec<u8>) {
    out.extend_from_slice(SEPARATOR);
    ndjson::error_object(error, out);
}
