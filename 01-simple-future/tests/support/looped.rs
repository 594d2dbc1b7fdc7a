//! A loop's tasks and wakes, in the grader's hands: nothing happens but what is in the script, and
//! `sleep` makes the next thing happen.

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
};

use course::Recorder;
use simple_future::{Poll, SimpleFuture, Wakes, run_loop};

use super::{Child, Scripted, Wake, scripted};

/// How often in a row a loop may ask for wakes in vain, or call a `sleep` that returns at once.
const MOST_VAIN_LOOKS: usize = 100;

/// Something that happens.
type Step = Box<dyn FnOnce(&Looped)>;

/// The tasks that a loop is to run, and what will happen to them.
pub struct Looped {
    recorder: Recorder,
    tasks: Vec<Task>,
    /// What `sleep` brings about, one at a time.
    script: RefCell<VecDeque<Step>>,
    /// Whether the next task that is asked for in vain is to be woken just after the answer.
    ambush: Cell<bool>,
    /// Looks that found no wake, since the loop last slept, found one or polled.
    vain_looks: Cell<usize>,
    /// Sleeps that returned at once, since the loop last found a wake or polled.
    vain_sleeps: Cell<usize>,
}

/// The grader's end of one task.
struct Task {
    child: Child<()>,
    /// The one that the loop gets for this task, and no other.
    wake: Wake,
    /// How often a wake of this name had been called when the task was made.
    earlier_wakes: usize,
    /// Whether the grader lets it finish at its next poll.
    can_finish: Cell<bool>,
    /// How many wakes the loop has taken note of.
    taken: Cell<usize>,
    polls: Cell<usize>,
    /// How often it had been woken when its latest poll began, and when that poll ended.
    wakes_around_poll: Cell<(usize, usize)>,
    /// What happens during its polls, each with the poll's number from 1.
    during_polls: RefCell<Vec<(usize, Step)>>,
}

impl Looped {
    /// Tasks with these names and wakes, in order.
    pub fn new<const N: usize>(recorder: &Recorder, tasks: [(&'static str, Wake); N]) -> Self {
        let task = |(name, wake): (&'static str, Wake)| Task {
            child: Child::new(recorder, name),
            earlier_wakes: recorder.wakes(wake.name),
            wake,
            can_finish: Cell::new(false),
            taken: Cell::new(0),
            polls: Cell::new(0),
            wakes_around_poll: Cell::new((0, 0)),
            during_polls: RefCell::default(),
        };
        Looped {
            recorder: recorder.clone(),
            tasks: tasks.into_iter().map(task).collect(),
            script: RefCell::default(),
            ambush: Cell::new(false),
            vain_looks: Cell::new(0),
            vain_sleeps: Cell::new(0),
        }
    }

    /// Adds to the script: this will happen while the loop sleeps.
    pub fn asleep(&self, step: impl FnOnce(&Looped) + 'static) -> &Self {
        self.script.borrow_mut().push_back(Box::new(step));
        self
    }

    /// This will happen during the task's poll of this number, from 1.
    pub fn in_poll(&self, task: &str, poll: usize, step: impl FnOnce(&Looped) + 'static) -> &Self {
        let mut steps = self.task(task).during_polls.borrow_mut();
        steps.push((poll, Box::new(step)));
        drop(steps);
        self
    }

    /// The task can finish, and its wake is called if it has been polled.
    ///
    /// Fails with `mixed-up-wakes` if the loop gave it the wake of another task.
    pub fn finish(&self, task: &str) {
        let task = self.task(task);
        let before = task.wakes(&self.recorder);
        task.can_finish.set(true);
        task.child.finish(());
        if task.polls.get() > 0 && task.wakes(&self.recorder) == before {
            self.recorder.fail(
                "mixed-up-wakes",
                format!(
                    "`{}` called the wake that it was polled with, and that was not wake {}",
                    task.child.name(),
                    task.wake.name
                ),
            );
        }
    }

    /// The task's wake is called although it cannot go on, or is finished.
    pub fn wake_for_nothing(&self, task: &str) {
        self.recorder.note(format!("{task} is woken for nothing"));
        (self.task(task).wake.function)();
    }

    /// A sleep ends for no reason. If `ambush`, the next task that the loop then asks for in vain can
    /// finish right after the answer.
    pub fn end_sleep_for_nothing(&self, ambush: bool) {
        self.recorder.note("the sleep ends for nothing");
        self.ambush.set(ambush);
    }

    /// Each task that cannot finish yet now can.
    pub fn finish_the_rest(&self) {
        for task in &self.tasks {
            if !task.can_finish.get() {
                self.finish(task.child.name());
            }
        }
    }

    /// Has the loop run the tasks. Fails with `ends-early` if it returns before all are finished.
    pub fn run(&self) {
        let future = |task: usize| -> Box<dyn SimpleFuture<Output = ()> + '_> {
            Box::new(LoopedTask {
                looped: self,
                future: scripted(&self.tasks[task].child),
                task,
            })
        };
        run_loop((0..self.tasks.len()).map(future).collect(), self);
        if let Some(task) = self.unfinished().next() {
            self.recorder.fail(
                "ends-early",
                format!("the loop returned, and `{}` is not done", task.child.name()),
            );
        }
    }

    fn task(&self, name: &str) -> &Task {
        (self.tasks.iter())
            .find(|task| task.child.name() == name)
            .expect("a script names its tasks")
    }

    fn unfinished(&self) -> impl Iterator<Item = &Task> {
        self.tasks.iter().filter(|task| !task.child.is_finished())
    }

    /// The loop has found something to do.
    fn moved(&self) {
        self.vain_looks.set(0);
        self.vain_sleeps.set(0);
    }

    /// The rules that hold whenever the loop goes to sleep and nobody is woken.
    fn check_before_sleep(&self) {
        if self.unfinished().next().is_none() {
            self.recorder.fail(
                "never-ends",
                "every task is done, and the loop goes to sleep: nobody is left to wake it",
            );
        }
        let unpolled = self.tasks.iter().find(|task| task.polls.get() == 0);
        match unpolled {
            Some(_) if self.tasks.iter().all(|task| task.polls.get() == 0) => self.recorder.fail(
                "never-polled",
                "the loop goes to sleep before it has polled any task, and no task can wake it yet",
            ),
            Some(task) => self.recorder.fail(
                "not-concurrent",
                format!(
                    "the loop goes to sleep, and `{}` has not been polled yet",
                    task.child.name()
                ),
            ),
            None => {}
        }
    }

    /// The loop sleeps, nobody is woken, and nothing more will happen: what has it missed?
    fn diagnose_standstill(&self) -> ! {
        let (recorder, lost) = (&self.recorder, |task: &&Task| {
            task.wakes(&self.recorder) > task.wakes_around_poll.get().0
        });
        let task = (self.unfinished().find(lost)).expect("a script ends with all tasks woken");
        let (name, (begin, end)) = (task.child.name(), task.wakes_around_poll.get());
        if end > begin {
            recorder.fail(
                "lost-in-poll",
                format!("`{name}` was woken while it was being polled, and is not polled again: the loop has forgotten that wake"),
            );
        }
        recorder.fail(
            "woken-not-polled",
            format!("`{name}` was woken, and the loop sleeps without having polled it"),
        );
    }

    /// The loop keeps calling `sleep`, which returns at once because this task's wake stays.
    fn never_taken(&self, task: &Task) -> ! {
        let name = task.child.name();
        if task.child.is_finished() {
            self.recorder.fail(
                "busy-loop",
                format!("`{name}` is finished, and was woken once more; nobody takes that wake, so every sleep returns at once"),
            );
        }
        self.recorder.fail(
            "woken-not-polled",
            format!("`{name}` was woken; the loop calls sleep, which returns at once, again and again, and does not poll it"),
        );
    }
}

impl Wakes for Looped {
    fn wake_fn(&self, task: usize) -> fn() {
        self.tasks[task].wake.function
    }

    fn take_woken(&self, task: usize) -> bool {
        let index = task;
        let task = &self.tasks[index];
        let wakes = task.wakes(&self.recorder);
        if task.taken.replace(wakes) < wakes {
            self.recorder.called(format!("take_woken({index}) → true"));
            self.moved();
            return true;
        }
        self.vain_looks.set(self.vain_looks.get() + 1);
        if self.vain_looks.get() > MOST_VAIN_LOOKS {
            self.recorder.fail(
                "busy-loop",
                format!("the loop has asked for wakes {MOST_VAIN_LOOKS} times in a row, in vain, and did not sleep"),
            );
        }
        if !task.child.is_finished() && self.ambush.take() {
            self.finish(task.child.name());
        }
        false
    }

    fn sleep(&self) {
        self.recorder.called("sleep()");
        self.vain_looks.set(0);
        let woken = |task: &&Task| task.wakes(&self.recorder) > task.taken.get();
        if let Some(task) = self.tasks.iter().find(woken) {
            self.vain_sleeps.set(self.vain_sleeps.get() + 1);
            if self.vain_sleeps.get() > MOST_VAIN_LOOKS {
                self.never_taken(task);
            }
            return;
        }
        self.check_before_sleep();
        let step = self.script.borrow_mut().pop_front();
        match step {
            Some(step) => step(self),
            None => self.diagnose_standstill(),
        }
    }
}

impl Task {
    fn wakes(&self, recorder: &Recorder) -> usize {
        recorder.wakes(self.wake.name) - self.earlier_wakes
    }
}

/// A task as the loop sees it.
struct LoopedTask<'a> {
    looped: &'a Looped,
    future: Scripted<()>,
    /// Which of the tasks it is.
    task: usize,
}

impl SimpleFuture for LoopedTask<'_> {
    type Output = ();

    /// Fails with `polled-unwoken` if it has been polled for each wake already, and once at first.
    fn poll(&mut self, wake: fn()) -> Poll<()> {
        let Looped { recorder, .. } = self.looped;
        let task = &self.looped.tasks[self.task];
        self.looped.moved();
        let wakes = task.wakes(recorder);
        if task.polls.get() > wakes && !task.child.is_finished() {
            recorder.fail(
                "polled-unwoken",
                format!(
                    "`{}` was polled again although nobody had woken it",
                    task.child.name()
                ),
            );
        }
        task.polls.set(task.polls.get() + 1);
        task.wakes_around_poll.set((wakes, wakes));
        let polled = self.future.poll(wake);
        let number = task.polls.get();
        let due = |(poll, _): &mut (usize, Step)| *poll == number;
        let steps: Vec<_> = task.during_polls.borrow_mut().extract_if(.., due).collect();
        for (_, step) in steps {
            step(self.looped);
        }
        task.wakes_around_poll.set((wakes, task.wakes(recorder)));
        polled
    }
}
