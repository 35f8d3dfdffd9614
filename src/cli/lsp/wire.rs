//! Standard input and output <-> messages, each on a thread of its own, so that neither side ever waits for the other.

use std::io::{self, BufRead, Read as _};
use std::thread::JoinHandle;

use crossbeam_channel::{Receiver, Sender, unbounded};
use lsp_server::Message;

use super::super::diagnostics;

/// A message is at most this long: the length that its header claims is asked of memory before a byte of it is read.
const MESSAGE_BYTES_MAX: usize = 64 << 20;
/// A line of a header is at most this long.
const HEADER_BYTES_MAX: u64 = 8 << 10;

/// The next message; `Ok(None)` where the input ends between two.
fn read(input: &mut impl BufRead) -> io::Result<Option<Message>> {
    let mut frame = Vec::new();
    let mut length = 0;
    loop {
        let from = frame.len();
        if (&mut *input)
            .take(HEADER_BYTES_MAX)
            .read_until(b'\n', &mut frame)?
            == 0
        {
            return Ok(None);
        }
        let Some(line) = frame[from..].strip_suffix(b"\r\n") else {
            // No header: that is told by who reads the frame.
            break;
        };
        if line.is_empty() {
            if length > MESSAGE_BYTES_MAX {
                return Err(io::ErrorKind::FileTooLarge.into());
            }
            let from = frame.len();
            frame.resize(from + length, 0);
            input.read_exact(&mut frame[from..])?;
            break;
        }
        let header = std::str::from_utf8(line).ok();
        if let Some((name, value)) = header.and_then(|header| header.split_once(": "))
            && name.eq_ignore_ascii_case("Content-Length")
        {
            length = value.parse().unwrap_or(0);
        }
    }
    Message::read(&mut &frame[..])
}

/// The two directions.
pub(super) struct Wire {
    /// Closed where standard input ends.
    pub(super) incoming: Receiver<Message>,
    pub(super) outgoing: Sender<Message>,
    writer: JoinHandle<()>,
}

impl Wire {
    /// Of this process.
    pub(super) fn stdio() -> Self {
        let (sender, incoming) = unbounded();
        std::thread::spawn(move || {
            let mut stdin = io::stdin().lock();
            loop {
                match read(&mut stdin) {
                    Ok(Some(message)) => {
                        let last =
                            matches!(&message, Message::Notification(it) if it.method == "exit");
                        if sender.send(message).is_err() || last {
                            break;
                        }
                    }
                    Ok(None) => break,
                    // What cannot be made out is passed over; the next header is looked for behind it.
                    Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                        diagnostics::say("etalon lsp: a message that is none was passed over");
                    }
                    Err(error) if error.kind() == io::ErrorKind::FileTooLarge => {
                        diagnostics::say(&format!(
                            "etalon lsp: a message of more than {} MB: the talk ends here",
                            MESSAGE_BYTES_MAX >> 20
                        ));
                        break;
                    }
                    Err(_) => break,
                }
            }
        });
        let (outgoing, receiver) = unbounded::<Message>();
        let writer = std::thread::spawn(move || {
            let mut stdout = io::stdout().lock();
            for message in receiver {
                if message.write(&mut stdout).is_err() {
                    break;
                }
            }
        });
        Self {
            incoming,
            outgoing,
            writer,
        }
    }

    /// Waits until everything is written.
    pub(super) fn end(self) {
        drop(self.outgoing);
        // A writer that panicked has nothing more to write.
        let _ = self.writer.join();
    }
}
