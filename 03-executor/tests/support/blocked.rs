//! A thread that blocks on futures of the grader's, while the grader is the world around it.

use std::sync::mpsc::Sender;

use course::Recorder;

use super::{
    script::{ANSWER, Script},
    watched::{Care, Next, Watched},
};

/// A thread inside an executor.
pub struct Blocked<T> {
    recorder: Recorder,
    watched: Watched<&'static str, T>,
    /// The chapter's section that explains what goes wrong here, if it is not the mistake's own.
    section: Option<&'static str>,
}

/// The name of a mistake, and what shows it: who is woken and is not polled has made this one.
pub type Mistake = (&'static str, &'static str);

impl<T: Send + 'static> Blocked<T> {
    /// Starts the thread. Polls of the futures that are made with the sender are heard of.
    pub fn start(
        recorder: &Recorder,
        work: impl FnOnce(Sender<&'static str>) -> T + Send + 'static,
    ) -> Self {
        Blocked {
            recorder: recorder.clone(),
            watched: Watched::start(recorder, work),
            section: None,
        }
    }

    /// Whoever makes a mistake from here on is sent to this section of the chapter.
    pub fn reading(self, section: &'static str) -> Self {
        Blocked {
            section: Some(section),
            ..self
        }
    }

    fn fail(&self, (code, seen): Mistake) -> ! {
        match self.section {
            Some(section) => self.recorder.fail_reading(section, code, seen),
            None => self.recorder.fail(code, seen),
        }
    }

    /// Waits until the thread sleeps. Fails with `ends-early` if it does not stay.
    pub fn sleeps(self) -> Self {
        loop {
            match self.watched.next(Care::Enough) {
                Next::Told(_) => {}
                Next::Still => return self,
                Next::Ended => {
                    // Its own panic, if it has ended by one, comes first.
                    let Blocked {
                        recorder,
                        watched,
                        section,
                    } = self;
                    watched.join();
                    let seen =
                        "it returned, and the future that it was to wait for is still Pending";
                    match section {
                        Some(section) => recorder.fail_reading(section, "ends-early", seen),
                        None => recorder.fail("ends-early", seen),
                    }
                }
            }
        }
    }

    /// Waits until `script` has been polled at least so often. Fails as `mistake` says if the thread sleeps.
    pub fn polls(self, script: &Script, polls: usize, mistake: Mistake) -> Self {
        while script.polls() < polls {
            match self.watched.next(Care::Certain) {
                Next::Told(_) => {}
                Next::Still if script.polls() < polls => self.fail(mistake),
                Next::Still => {}
                // Whatever it ended with: `returns` says so.
                Next::Ended => break,
            }
        }
        self
    }

    /// What the thread returns. Fails as `mistake` says if it sleeps instead.
    pub fn returns(self, mistake: Mistake) -> T {
        loop {
            match self.watched.next(Care::Certain) {
                Next::Told(_) => {}
                Next::Still => self.fail(mistake),
                Next::Ended => return self.watched.join(),
            }
        }
    }

    /// How often the thread tells something before it sleeps or ends, or is busy for a long time: on a busy machine
    /// that may be too few.
    pub fn tells(&self) -> usize {
        self.told(Care::Patient)
    }

    /// How often the thread tells something before it sleeps or ends.
    pub fn tells_certainly(&self) -> usize {
        self.told(Care::Certain)
    }

    fn told(&self, care: Care) -> usize {
        let mut told = 0;
        while let Next::Told(_) = self.watched.next(care) {
            told += 1;
        }
        told
    }

    /// Waits until the thread has nothing more to do: whether it has ended.
    pub fn ends_or_sleeps(&self) -> bool {
        loop {
            match self.watched.next(Care::Certain) {
                Next::Told(_) => {}
                Next::Still => return false,
                Next::Ended => return true,
            }
        }
    }
}

/// The rule that an executor returns what the future answers.
pub fn must_be_the_answer(recorder: &Recorder, output: u32) {
    if output != ANSWER {
        recorder.fail(
            "wrong-value",
            format!("the future answered {ANSWER}, and what came back is {output}"),
        );
    }
}
