//! The grader of `predict_schedule`: who is polled when, against what was written down before.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use course::{Exercise, Recorder, event::Event, grade_race, prediction};
use executor::{Executor, new_executor_and_spawner, yield_now};
use waker_timer::Notify;

const PREDICT_SCHEDULE: Exercise = course::exercise!(
    "predict_schedule",
    stage = "03-executor",
    feature = "my-predict-schedule"
);

/// Quoted in the exercise.
fn program(rec: &Recorder) {
    let (mut executor, spawner) = new_executor_and_spawner();
    let door = Arc::new(Notify::new());
    let opened = Arc::clone(&door);

    spawner.spawn(polled(rec, "Ann", async {
        yield_now().await;
        yield_now().await;
    }));
    let bob = spawner.spawn(polled(rec, "Bob", async move {
        opened.notified().await;
    }));
    spawner.spawn(polled(rec, "Cleo", async {
        let _ = bob.await;
    }));

    rec.note("the tasks are spawned");
    poll_next(&mut executor, 4);
    rec.note("the door is opened");
    door.notify_one();
    poll_next(&mut executor, 2);
    rec.note("nearly done");
    poll_next(&mut executor, 10);
}

/// Polls up to so many tasks, one after the other, each the first in the queue.
fn poll_next(executor: &mut Executor, tasks: usize) {
    for _ in 0..tasks {
        executor.turn(1);
    }
}

/// The future, with its polls written down.
fn polled<F>(rec: &Recorder, name: &'static str, future: F) -> Polled
where
    F: Future<Output = ()> + Send + 'static,
{
    Polled {
        recorder: rec.clone(),
        name,
        future: Box::pin(future),
    }
}

struct Polled {
    recorder: Recorder,
    name: &'static str,
    future: Pin<Box<dyn Future<Output = ()> + Send>>,
}

impl Future for Polled {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let waker = String::from(self.name);
        let future = String::new();
        self.recorder.record(Event::PollBegins { future, waker });
        let poll = self.future.as_mut().poll(cx);
        self.recorder.record(Event::PollEnds {
            future: String::new(),
            ready: poll.is_ready().then(|| "()".into()),
        });
        poll
    }
}

#[test]
fn the_run_is_the_one_that_was_predicted() {
    // Not compared with a snapshot: a snapshot would be shown beside a wrong prediction.
    grade_race!(PREDICT_SCHEDULE, |rec| {
        program(rec);
        prediction::must_match(rec, PREDICT_SCHEDULE);
    });
}
