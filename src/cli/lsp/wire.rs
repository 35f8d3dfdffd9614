//! Standard input and output <-> messages, each on a thread of its own, so that neither side ever waits for the other.

use std::io;
use std::thread::JoinHandle;

use crossbeam_channel::{Receiver, Sender, unbounded};
use lsp_server::Message;

use super::super::diagnostics;

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
                match Message::read(&mut stdin) {
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
