//! The grader of `download`: two sites that answer when the grader says so, and then two real ones.

// What this grader uses of what the stage's graders share.
#[allow(dead_code, unreachable_pub)]
mod support {
    pub mod not_blocked;
    pub mod part;
    pub mod rest;
    pub mod two_servers;
}

use std::{net::SocketAddr, task::Poll};

use async_await::{cheapo_request, get_two_sites};
use course::{Exercise, RecordedWaker, Recorder, Task, grade, grade_race, memory};
use reactor::Runtime;
use support::{
    not_blocked::must_not_block, part::Part, rest::must_come_to_rest, two_servers::TwoServers,
};

const DOWNLOAD: Exercise = course::exercise!(
    "download",
    stage = "05-async-await",
    feature = "my-download"
);

/// Where the chapter speaks of this exercise.
const SECTION: &str = "two-downloads-one-thread";

type Fetched = Result<&'static str, &'static str>;
type Got<'a> = Result<(&'a str, &'a str), &'a str>;
type Both = Got<'static>;

const ONE: &str = "page one";
const OTHER: &str = "page two";

/// The two sites.
#[derive(Clone)]
struct Sites {
    rec: Recorder,
    one: Part<Fetched>,
    other: Part<Fetched>,
}

impl Sites {
    fn new(rec: &Recorder) -> Self {
        Sites {
            rec: rec.clone(),
            one: Part::new(rec, "one"),
            other: Part::new(rec, "other"),
        }
    }

    fn both(&self) -> [&Part<Fetched>; 2] {
        [&self.one, &self.other]
    }

    /// The download of both.
    fn download(&self) -> impl Future<Output = Both> + use<> {
        let Sites { one, other, .. } = self.clone();
        let fetch = move |site| match site {
            "one" => one.call(),
            "other" => other.call(),
            site => unreachable!("nobody has heard of {site}"),
        };
        get_two_sites(fetch, "one", "other")
    }

    /// A download that waits for both sites, with this waker.
    fn asked(&self, waker: &RecordedWaker) -> Task<impl Future<Output = Both> + use<>> {
        let mut task = Task::new(&self.rec, self.download());
        self.goes_on(task.poll(waker));
        self.must_be_asked();
        task
    }

    /// The rule that both sites have been asked by now.
    ///
    /// Fails with `not-concurrent`.
    fn must_be_asked(&self) {
        for site in self.both() {
            if !site.has_begun() {
                let name = site.name();
                self.rec.fail_reading(
                    SECTION,
                    "not-concurrent",
                    format!("the first poll is over, and no request is on its way to `{name}`"),
                );
            }
        }
    }

    /// The rule that it waits for whom it has not heard of.
    ///
    /// Fails with `not-concurrent` or `dropped-pending`.
    fn goes_on(&self, poll: Poll<Both>) {
        for site in self.both().iter().filter(|_| poll.is_ready()) {
            let name = site.name();
            if !site.has_begun() {
                let seen = format!("the answer is {poll:?}, and `{name}` has not even been asked");
                self.rec.fail_reading(SECTION, "not-concurrent", seen);
            }
            if !site.is_over() {
                let seen = format!("the answer is {poll:?}, and `{name}` has not answered");
                self.rec.fail("dropped-pending", seen);
            }
        }
    }

    /// The rule that both pages are the answer when both are there.
    ///
    /// Fails with `never-ready` or `wrong-value`.
    fn has_both(&self, poll: Poll<Both>) {
        match poll {
            Poll::Pending => self.rec.fail(
                "never-ready",
                "both pages are there, and the answer is Pending",
            ),
            Poll::Ready(answer) => self.must_be(answer, Ok((ONE, OTHER))),
        }
    }

    /// The poll for which there is an error: it is the answer, whatever the other site does.
    ///
    /// Fails with `one-poll-late` if it is the answer of the next poll, with `late-error` or with `wrong-value`.
    fn fails<F>(&self, task: &mut Task<F>, waker: &RecordedWaker, error: &'static str)
    where
        F: Future<Output = Both>,
    {
        let wakes = self.rec.wakes(waker.name());
        match task.poll(waker) {
            Poll::Pending if self.rec.wakes(waker.name()) > wakes && task.poll(waker).is_ready() => {
                self.rec.fail_reading(
                    SECTION,
                    "one-poll-late",
                    "one of the downloads has failed in one poll, and that is the answer of the next, for which the \
                     task had woken itself",
                )
            }
            Poll::Pending => self.rec.fail(
                "late-error",
                "one of the downloads has failed, and the answer is Pending: it waits for the other page, which is \
                 of no use any more",
            ),
            Poll::Ready(answer) => self.must_be(answer, Err(error)),
        }
    }

    fn must_be<'a>(&self, answer: Got<'a>, expected: Got<'a>) {
        if answer != expected {
            self.rec.fail(
                "wrong-value",
                format!("the answer is {answer:?} and not {expected:?}"),
            );
        }
    }
}

/// A download where a poll that waits is noticed.
fn scene(rec: &Recorder, scene: impl FnOnce(&Recorder, &Sites) + Send + 'static) {
    must_not_block(
        rec,
        "blocking-poll",
        "a poll waits, with the whole thread: nothing else can go on, not even the other download",
        |rec| scene(rec, &Sites::new(rec)),
    );
}

#[test]
fn asks_nobody_before_the_first_poll() {
    grade!(DOWNLOAD, |rec| {
        scene(rec, |rec, sites| {
            let download = sites.download();
            rec.note("`get_two_sites` is called");
            if sites.both().iter().any(|site| site.was_called()) {
                rec.fail(
                    "eager",
                    "`get_two_sites` was called, its future was not polled, and a site has been asked",
                );
            }
            drop(download);
        });
    });
}

#[test]
fn asks_both_at_the_first_poll() {
    grade!(DOWNLOAD, |rec| {
        scene(rec, |rec, sites| {
            drop(sites.asked(&rec.waker("A")));
        });
    });
}

#[test]
fn gives_both_pages_when_the_last_one_is_there() {
    grade!(DOWNLOAD, |rec| {
        scene(rec, |rec, sites| {
            let a = rec.waker("A");
            let mut task = sites.asked(&a);
            sites.one.finish(Ok(ONE));
            sites.one.must_have_woken(&a, None);
            sites.goes_on(task.poll(&a));
            sites.other.finish(Ok(OTHER));
            sites.other.must_have_woken(&a, None);
            sites.has_both(task.poll(&a));
        });
    });
}

#[test]
fn gives_them_in_order_when_the_other_one_comes_first() {
    grade!(DOWNLOAD, lesson, |rec| {
        scene(rec, |rec, sites| {
            let a = rec.waker("A");
            let mut task = sites.asked(&a);
            sites.other.finish(Ok(OTHER));
            sites.other.must_have_woken(&a, None);
            sites.goes_on(task.poll(&a));
            sites.one.finish(Ok(ONE));
            sites.one.must_have_woken(&a, None);
            sites.has_both(task.poll(&a));
        });
    });
}

#[test]
fn gives_both_at_once_if_both_are_there() {
    grade!(DOWNLOAD, |rec| {
        scene(rec, |rec, sites| {
            let sites = Sites {
                one: sites.one.clone().over_at_once(Ok(ONE)),
                other: sites.other.clone().over_at_once(Ok(OTHER)),
                ..sites.clone()
            };
            sites.has_both(Task::new(rec, sites.download()).poll(&rec.waker("A")));
        });
    });
}

#[test]
fn a_poll_without_a_reason_changes_nothing() {
    grade!(DOWNLOAD, |rec| {
        scene(rec, |rec, sites| {
            let a = rec.waker("A");
            let mut task = sites.asked(&a);
            rec.note("a poll without a reason");
            sites.goes_on(task.poll(&a));
            sites.one.finish(Ok(ONE));
            sites.goes_on(task.poll(&a));
            rec.note("a poll without a reason");
            sites.goes_on(task.poll(&a));
            sites.other.finish(Ok(OTHER));
            sites.has_both(task.poll(&a));
        });
    });
}

#[test]
fn an_error_of_one_ends_it_at_once() {
    grade!(DOWNLOAD, |rec| {
        scene(rec, |rec, sites| {
            let a = rec.waker("A");
            let mut task = sites.asked(&a);
            sites.one.finish(Err("404"));
            sites.one.must_have_woken(&a, None);
            sites.fails(&mut task, &a, "404");
        });
    });
}

#[test]
fn an_error_of_the_other_ends_it_at_once() {
    grade!(DOWNLOAD, |rec| {
        scene(rec, |rec, sites| {
            let a = rec.waker("A");
            let mut task = sites.asked(&a);
            sites.other.finish(Err("500"));
            sites.other.must_have_woken(&a, None);
            sites.fails(&mut task, &a, "500");
        });
    });
}

#[test]
fn an_error_after_a_page_is_the_answer() {
    grade!(DOWNLOAD, |rec| {
        scene(rec, |rec, sites| {
            let a = rec.waker("A");
            let mut task = sites.asked(&a);
            sites.one.finish(Ok(ONE));
            sites.goes_on(task.poll(&a));
            sites.other.finish(Err("500"));
            sites.fails(&mut task, &a, "500");
        });
    });
}

#[test]
fn comes_to_rest_while_nothing_happens() {
    grade!(DOWNLOAD, |rec| {
        scene(rec, |rec, sites| {
            let (mut task, a) = (Task::new(rec, sites.download()), rec.waker("A"));
            must_come_to_rest(rec, &a, || sites.goes_on(task.poll(&a)));
            sites.one.finish(Ok(ONE));
            must_come_to_rest(rec, &a, || sites.goes_on(task.poll(&a)));
        });
    });
}

#[test]
fn wakes_the_task_of_the_latest_poll() {
    grade!(DOWNLOAD, |rec| {
        scene(rec, |rec, sites| {
            let (a, b) = (rec.waker("A"), rec.waker("B"));
            let mut task = sites.asked(&a);
            rec.note("the future moves to task B");
            sites.goes_on(task.poll(&b));
            sites.one.finish(Ok(ONE));
            sites.one.must_have_woken(&b, Some(&a));
            sites.goes_on(task.poll(&b));
            rec.note("the future moves back to task A");
            sites.goes_on(task.poll(&a));
            sites.other.finish(Ok(OTHER));
            sites.other.must_have_woken(&a, Some(&b));
            sites.has_both(task.poll(&a));
        });
    });
}

#[test]
fn allocates_nothing() {
    grade!(DOWNLOAD, |rec| {
        scene(rec, |rec, sites| {
            let a = rec.waker("A");
            let mut allocated = 0;
            let mut counted = |allocations: usize| allocated += allocations;
            let (made, download) = memory::allocations(|| sites.download());
            counted(made);
            let mut task = Task::new(rec, download);
            let (first, poll) = memory::allocations(|| task.poll(&a));
            counted(first);
            sites.goes_on(poll);
            sites.other.finish(Ok(OTHER));
            let (second, poll) = memory::allocations(|| task.poll(&a));
            counted(second);
            sites.goes_on(poll);
            sites.one.finish(Ok(ONE));
            let (third, poll) = memory::allocations(|| task.poll(&a));
            counted(third);
            if allocated > 0 {
                rec.fail_reading(
                    SECTION,
                    "allocates",
                    format!(
                        "calling `get_two_sites` and polling its future allocated {allocated} times, and what was \
                         fetched allocated nothing"
                    ),
                );
            }
            sites.has_both(poll);
        });
    });
}

#[test]
fn fetches_from_two_real_servers() {
    grade_race!(DOWNLOAD, |rec| {
        let servers = TwoServers::start(ONE, OTHER).expect("servers within this machine work");
        let fetch = async |site: SocketAddr| {
            let answer = cheapo_request(&site.ip().to_string(), site.port(), "/").await?;
            let (_head, page) = answer.split_once("\r\n\r\n").unwrap_or_default();
            std::io::Result::Ok(page.to_owned())
        };
        let download = get_two_sites(fetch, servers.one, servers.other);
        let pages = Runtime::new()
            .expect("there is room for one more selector")
            .block_on(download);
        if servers.was_alone() {
            rec.fail_reading(
                SECTION,
                "not-concurrent",
                "one server was asked, and did not answer as long as nobody asked the other one: and nobody did",
            );
        }
        let pages = pages.unwrap_or_else(|error| {
            rec.fail(
                "wrong-value",
                format!("both servers answered, and the answer is {error:?}"),
            )
        });
        Sites::new(rec).must_be(Ok((&pages.0, &pages.1)), Ok((ONE, OTHER)));
    });
}
