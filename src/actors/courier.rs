//! Carries the console's own mail to the relay, in the background and in bounds: whoever asks is not kept waiting, so
//! that nobody learns from the time whether an address has an account.
//!
//! What the relay does not take now is tried again for some minutes, which is as long as a code is good. It lies in
//! memory only; whoever waits in vain asks for another.

use std::rc::Rc;
use std::time::Duration;

use tokio::sync::{Semaphore, mpsc};

use crate::account::Letter;
use crate::config::Mail;
use crate::events;
use crate::net::submission::{Submission, Unusable};

/// Mails that wait; one more is refused.
const WAITING: usize = 256;
/// Sessions to the relay at the same time.
const AT_ONCE: usize = 4;
/// Between one try and the next.
const AGAIN_AFTER: [Duration; 4] =
    [Duration::from_secs(2), Duration::from_secs(10), Duration::from_secs(60), Duration::from_secs(180)];

/// Takes mails; clones share the queue.
#[derive(Debug, Clone)]
pub struct Courier {
    queue: mpsc::Sender<Letter>,
}

impl Courier {
    /// Begins to carry, on the thread of an actix system; ends when all clones are gone.
    ///
    /// # Errors
    /// What the configuration names cannot be used.
    pub fn start(mail: &Mail) -> Result<Courier, Unusable> {
        let submission = Submission::new(mail)?;
        let (queue, waiting) = mpsc::channel(WAITING);
        actix_rt::spawn(carry(submission, waiting));
        Ok(Courier { queue })
    }

    /// Gives a mail on its way; `false`: too many wait.
    pub fn send(&self, letter: Letter) -> bool {
        self.queue.try_send(letter).is_ok()
    }
}

async fn carry(submission: Submission, mut waiting: mpsc::Receiver<Letter>) {
    let permits = Rc::new(Semaphore::new(AT_ONCE));
    while let Some(letter) = waiting.recv().await {
        let (submission, permits) = (submission.clone(), permits.clone());
        actix_rt::spawn(async move { deliver(&submission, &permits, &letter).await });
    }
}

async fn deliver(submission: &Submission, permits: &Semaphore, letter: &Letter) {
    for pause in AGAIN_AFTER.into_iter().map(Some).chain([None]) {
        let sent = {
            let _permit = permits.acquire().await;
            submission.send(letter).await
        };
        let Err(error) = sent else { return events::LetterSent.emit() };
        let pause = pause.filter(|_| !error.for_good);
        events::LetterRefused { cause: &error.text, again: pause.is_some() }.emit();
        match pause {
            Some(pause) => tokio::time::sleep(pause).await,
            None => return,
        }
    }
}
