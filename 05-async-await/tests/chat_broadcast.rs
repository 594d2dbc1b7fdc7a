//! The grader of `chat_broadcast`: groups, members who listen, and members who do not.

// The graded file once more, as a module of this program: here something can happen between two locks of its
// `crate::sync`. Its other names from the crate are the layer's.
#[cfg_attr(feature = "my-chat-broadcast", path = "../exercises/chat_broadcast.rs")]
#[cfg_attr(not(feature = "my-chat-broadcast"), path = "../src/chat_broadcast.rs")]
#[allow(
    dead_code,
    unreachable_pub,
    unused_imports,
    reason = "a library's module, in a program"
)]
mod chat_broadcast;
#[allow(unused_imports, reason = "for the graded file")]
mod chat_message {
    pub(crate) use async_await::chat::{BACKLOG, FromClient, FromServer, line, message};
}
#[allow(unused_imports, reason = "for the graded file")]
mod chat_outbound {
    pub(crate) use async_await::chat::Outbound;
}
#[allow(dead_code, reason = "not every design uses it")]
#[path = "../src/lock.rs"]
mod lock;
#[path = "support/paths_from_std.rs"]
mod paths_from_std;
#[path = "support/steps.rs"]
mod steps;
#[path = "support/stepped_sync.rs"]
mod sync;
#[allow(dead_code, reason = "not every design uses it, and none uses all")]
#[path = "../src/wait_queue.rs"]
mod wait_queue;

// What this grader uses of what the stage's graders share.
#[allow(dead_code, unreachable_pub)]
mod support {
    pub mod alone;
    pub mod elsewhere;
    pub mod household;
    pub mod letterbox;
    pub mod not_blocked;
    pub mod panics;
}

use std::{
    io::{self, BufRead, BufReader, ErrorKind, Write as _},
    net::{SocketAddr, TcpStream as StdStream},
    panic::resume_unwind,
    sync::mpsc,
    thread,
    time::Duration,
};

#[allow(unused_imports, reason = "for the graded file")]
use async_await::*;
use async_await::{
    Shutdown,
    chat::{self, BACKLOG, FromClient, FromServer, Groups, Membership, Outbound, line, message},
};
use course::{Exercise, Race, Recorder, grade, grade_race, memory};
use executor::context::{self, Handle};
use paths_from_std::advise_locks_of_the_course;
use reactor::{Runtime, TcpListener};
use support::{
    alone::{Presence, alone, beside},
    elsewhere::Elsewhere,
    household::Household,
    letterbox::{Letterbox, Slot},
    not_blocked,
    panics::Panics,
};

const CHAT_BROADCAST: Exercise = course::exercise!(
    "chat_broadcast",
    stage = "05-async-await",
    feature = "my-chat-broadcast"
);

/// Where the file that is graded is read as text.
#[cfg(feature = "my-chat-broadcast")]
const SOURCE: &str = include_str!("../exercises/chat_broadcast.rs");
#[cfg(not(feature = "my-chat-broadcast"))]
const SOURCE: &str = include_str!("../src/chat_broadcast.rs");

/// Where the chapter speaks of this exercise.
const SECTION: &str = "one-client-that-does-not-read";

/// A server's groups, and the tasks of their members.
struct Scene {
    recorder: Recorder,
    household: Household,
    panics: Panics,
    groups: Groups,
    /// Whether other tests run meanwhile.
    _presence: Presence,
}

/// Somebody in a chat.
struct Client {
    name: &'static str,
    letterbox: Letterbox,
    outbound: Outbound<Slot>,
}

impl Scene {
    fn set(recorder: &Recorder) -> Self {
        Self::set_while(recorder, beside())
    }

    fn set_while(recorder: &Recorder, presence: Presence) -> Self {
        Self {
            _presence: presence,
            recorder: recorder.clone(),
            panics: Panics::watch(),
            household: Household::new(recorder),
            groups: Groups::new(),
        }
    }

    fn client(&self, name: &'static str) -> Client {
        Client::new(name)
    }

    fn joins(&self, client: &Client, group: &str) -> Membership {
        self.recorder.note(format!("{} joins {group}", client.name));
        self.groups.join(group, &client.outbound)
    }

    /// Posts, and lets those who hear it write it down.
    fn posts(&mut self, group: &str, message: &str) -> io::Result<usize> {
        self.recorder
            .note(format!("somebody posts {message:?} to {group}"));
        let (done, posted) = mpsc::channel();
        let (name, message) = (group.to_owned(), message.to_owned());
        self.must_not_wait(move |groups| {
            let _ = done.send(groups.post(&name, &message));
        });
        self.settle();
        posted.recv().expect("what did not end has failed")
    }

    /// Posts to a group of so many.
    ///
    /// Fails with `wrong-value` if they are not so many.
    fn posts_to(&mut self, members: usize, group: &str, message: &str) {
        let posted = self.posts(group, message);
        self.must_be(members, group, posted);
    }

    /// As [`posts_to`](Self::posts_to), and nobody's task has a turn.
    fn posts_at_once(&mut self, members: usize, group: &str, message: &str) {
        let posted = self.groups.post(group, message);
        self.must_be(members, group, posted);
    }

    /// Fails with `joins-too-late` if they are so many when everybody has had a turn, and with `wrong-value`.
    fn must_be(&mut self, members: usize, group: &str, posted: io::Result<usize>) {
        let (seen, fewer) = match posted {
            Ok(count) if count == members => return,
            Ok(count) => (format!("`post` has given {count}"), count < members),
            Err(error) => (format!("`post` has given the error {error}"), true),
        };
        self.settle();
        if fewer && matches!(self.groups.post(group, "?"), Ok(count) if count == members) {
            let seen = format!(
                "`join` has returned, its member is not in the group yet, and {seen}: a task runs nothing before its \
                 first poll"
            );
            self.recorder.fail("joins-too-late", seen);
        }
        let are = match members {
            1 => "one is".into(),
            _ => format!("{members} are"),
        };
        self.wrong(format!("{are} in the group, and {seen}"));
    }

    /// The rule that this ends by itself, while somebody takes nothing.
    ///
    /// Fails with `blocking-call` if it waits.
    fn must_not_wait(&self, posts: impl FnOnce(&Groups) + Send + 'static) {
        let (groups, spawner) = (self.groups.clone(), self.household.spawner());
        let seen = "`post` has not come back: it never waits";
        not_blocked::must_not_block(&self.recorder, "blocking-call", seen, move |_| {
            let _current = context::set(Handle::Spawner(spawner));
            posts(&groups);
        });
    }

    fn wrong(&self, seen: impl Into<String>) -> ! {
        self.recorder.fail_reading(SECTION, "wrong-value", seen)
    }

    fn settle(&mut self) {
        if let Err(panic) = self.household.settle() {
            resume_unwind(panic);
        }
        self.panics.must_be_written();
    }

    /// What a client has heard since he last looked.
    ///
    /// Fails with `wrong-value` if it is no line of the chat.
    fn heard(&self, client: &Client) -> Vec<FromServer> {
        let lines = client.letterbox.lines();
        (lines.iter())
            .map(|line| {
                message(line).unwrap_or_else(|error| {
                    self.wrong(format!("{} has heard {line:?}: {error}", client.name))
                })
            })
            .collect()
    }

    /// The rule that a client has heard exactly this.
    ///
    /// `beside` says what another client does, where that must not matter.
    ///
    /// Fails with `silent-loss`, `wrong-value`, or `beside`'s code.
    fn must_hear(&self, client: &Client, beside: Option<(&str, &str)>, said: &[FromServer]) {
        let (name, heard) = (client.name, self.heard(client));
        for heard in &heard {
            self.recorder.note(match heard {
                FromServer::Message { group, message } => {
                    format!("{name} hears {message:?} from {group}")
                }
                FromServer::Error(error) => format!("{name} is told {error:?}"),
            });
        }
        if heard == said {
            return;
        }
        let missing = said.iter().find(|message| !heard.contains(message));
        match (missing, beside) {
            (Some(missing), Some((code, beside))) => self.recorder.fail_reading(
                SECTION,
                code,
                format!(
                    "{beside}; {name} is in the group, and has not heard {}",
                    show(missing)
                ),
            ),
            (Some(missing), None) => self.recorder.fail_reading(
                SECTION,
                "silent-loss",
                format!(
                    "{name} is in the group, and has not heard {}",
                    show(missing)
                ),
            ),
            (None, _) => self.wrong(format!(
                "{name} has heard {} lines, and should have heard {}, in this order: {}",
                heard.len(),
                said.len(),
                said.iter().take(3).map(show).collect::<Vec<_>>().join(", ")
            )),
        }
    }

    fn end(self) {
        self.panics.advise(&self.recorder);
    }
}

impl Client {
    fn new(name: &'static str) -> Self {
        let letterbox = Letterbox::default();
        let outbound = Outbound::new(letterbox.slot());
        Self {
            name,
            letterbox,
            outbound,
        }
    }
}

fn said(group: &str, message: &str) -> FromServer {
    let (group, message) = (group.into(), message.into());
    FromServer::Message { group, message }
}

fn show(message: &FromServer) -> String {
    match message {
        FromServer::Message { group, message } => format!("{:?} from {group}", message.trim_end()),
        FromServer::Error(error) => format!("the error {error:?}"),
    }
}

#[test]
fn all_in_a_group_hear_what_is_posted_to_it() {
    grade!(CHAT_BROADCAST, lesson, |rec| {
        let mut scene = Scene::set(rec);
        let [anna, bob, carl] = ["anna", "bob", "carl"].map(|name| scene.client(name));
        let _in_rust = [scene.joins(&anna, "rust"), scene.joins(&bob, "rust")];
        let _in_go = scene.joins(&carl, "go");
        scene.settle();
        scene.posts_to(2, "rust", "howdy");
        for client in [&anna, &bob] {
            scene.must_hear(client, None, &[said("rust", "howdy")]);
        }
        scene.posts_to(1, "go", "hi");
        scene.must_hear(&carl, None, &[said("go", "hi")]);
        for client in [&anna, &bob] {
            scene.must_hear(client, None, &[]);
        }
        // Whoever has a clone has the same groups.
        let clone = scene.groups.clone();
        let posted = clone.post("rust", "bye");
        scene.must_be(2, "rust", posted);
        scene.settle();
        scene.must_hear(&bob, None, &[said("rust", "bye")]);
        scene.end();
    });
}

#[test]
fn a_post_that_nobody_hears_is_an_error() {
    grade!(CHAT_BROADCAST, |rec| {
        let mut scene = Scene::set(rec);
        match scene.posts("nobody", "hello?") {
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            other => scene.wrong(format!(
                "nobody is in the group, and `post` has given {other:?}"
            )),
        }
        if !scene.groups.is_empty() {
            let seen =
                "somebody has posted to a group in which nobody is, and now there is such a group";
            rec.fail_reading(SECTION, "left-behind", seen);
        }
        let anna = scene.client("anna");
        let _membership = scene.joins(&anna, "nobody");
        match scene.posts("Nobody", "hello?") {
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            other => scene.wrong(format!(
                "somebody is in the group \"nobody\", and nobody in \"Nobody\"; `post` has given {other:?}"
            )),
        }
        scene.posts_to(1, "nobody", "hello");
        scene.must_hear(&anna, None, &[said("nobody", "hello")]);
        scene.end();
    });
}

#[test]
fn a_member_hears_everything_from_the_moment_of_joining() {
    grade!(CHAT_BROADCAST, |rec| {
        let mut scene = Scene::set(rec);
        let [anna, bob] = ["anna", "bob"].map(|name| scene.client(name));
        let _first = scene.joins(&anna, "rust");
        // Nobody's task has had a turn yet.
        scene.posts_at_once(1, "rust", "one");
        let _second = scene.joins(&bob, "rust");
        scene.posts_at_once(2, "rust", "two");
        scene.settle();
        let both = [said("rust", "one"), said("rust", "two")];
        scene.must_hear(&anna, None, &both);
        scene.must_hear(&bob, None, &both[1..]);
        scene.end();
    });
}

#[test]
fn posts_come_in_their_order() {
    grade!(CHAT_BROADCAST, |rec| {
        let mut scene = Scene::set(rec);
        let [anna, bob] = ["anna", "bob"].map(|name| scene.client(name));
        let _members = [scene.joins(&anna, "rust"), scene.joins(&bob, "rust")];
        anna.letterbox.takes_pieces(5);
        bob.letterbox.shut();
        let texts: Vec<String> = (0..20).map(|number| number.to_string()).collect();
        rec.note("twenty posts, without a pause");
        let posts = texts.clone();
        let (count, counts) = mpsc::channel();
        scene.must_not_wait(move |groups| {
            for text in posts {
                let _ = count.send(groups.post("rust", &text));
            }
        });
        for posted in counts {
            scene.must_be(2, "rust", posted);
        }
        scene.settle();
        bob.letterbox.open();
        scene.settle();
        let all: Vec<_> = texts.iter().map(|text| said("rust", text)).collect();
        scene.must_hear(&anna, None, &all);
        scene.must_hear(&bob, None, &all);
        scene.end();
    });
}

const SLEEPS: (&str, &str) = (
    "head-of-line",
    "bob is in the group, too, and takes nothing",
);

#[test]
fn one_who_takes_nothing_holds_up_nobody() {
    grade!(CHAT_BROADCAST, |rec| {
        let mut scene = Scene::set(rec);
        let [anna, bob, carl] = ["anna", "bob", "carl"].map(|name| scene.client(name));
        let _members = [&anna, &bob, &carl].map(|client| scene.joins(client, "rust"));
        rec.note("bob takes nothing");
        bob.letterbox.shut();
        for text in ["one", "two", "three"] {
            scene.posts_to(3, "rust", text);
            for client in [&anna, &carl] {
                scene.must_hear(client, Some(SLEEPS), &[said("rust", text)]);
            }
        }
        rec.note("bob takes everything");
        bob.letterbox.open();
        scene.settle();
        let all = ["one", "two", "three"].map(|text| said("rust", text));
        scene.must_hear(&bob, None, &all);
        scene.end();
    });
}

#[test]
fn one_whose_connection_is_broken_takes_nobody_along() {
    grade!(CHAT_BROADCAST, |rec| {
        let mut scene = Scene::set(rec);
        let [anna, bob, carl] = ["anna", "bob", "carl"].map(|name| scene.client(name));
        let [_annas, bobs, carls] = [&anna, &bob, &carl].map(|client| scene.joins(client, "rust"));
        scene.settle();
        rec.note("bob's connection breaks");
        bob.letterbox.breaks();
        let broken = ("stops-serving", "bob's connection is broken");
        for text in ["one", "two"] {
            scene.all_hear(&[&anna, &carl], broken, text);
        }
        match scene.posts("rust", "three") {
            Ok(2) => {
                for client in [&anna, &carl] {
                    scene.must_hear(client, Some(broken), &[said("rust", "three")]);
                }
            }
            Ok(3) => rec.fail_reading(
                SECTION,
                "left-behind",
                "bob's connection is broken, two posts have shown it, and `post` still counts him",
            ),
            other => scene.must_be(2, "rust", other),
        }
        rec.note("bob leaves");
        drop(bobs);
        let left = (
            "stops-serving",
            "bob, whose connection was broken, has left",
        );
        for text in ["four", "five"] {
            scene.settle();
            scene.all_hear(&[&anna, &carl], left, text);
        }
        rec.note("carl's connection breaks");
        carl.letterbox.breaks();
        let broken = ("stops-serving", "carl's connection is broken");
        scene.all_hear(&[&anna], broken, "six");
        rec.note("carl leaves, and anna is the only one who is left");
        drop(carls);
        let left = (
            "stops-serving",
            "carl, whose connection was broken, has left",
        );
        for text in ["seven", "eight"] {
            scene.all_hear(&[&anna], left, text);
        }
        scene.end();
    });
}

impl Scene {
    /// Posts, and all of these hear it, whatever has become of somebody else.
    fn all_hear(&mut self, clients: &[&Client], beside: (&str, &str), text: &str) {
        if let Err(error) = self.posts("rust", text) {
            let seen = format!("{}, and `post` has given the error {error}", beside.1);
            self.recorder.fail_reading(SECTION, beside.0, seen);
        }
        for client in clients {
            self.must_hear(client, Some(beside), &[said("rust", text)]);
        }
    }
}

#[test]
fn who_leaves_hears_no_more() {
    grade!(CHAT_BROADCAST, |rec| {
        let mut scene = Scene::set(rec);
        let [anna, bob] = ["anna", "bob"].map(|name| scene.client(name));
        let (in_rust, in_go) = (scene.joins(&anna, "rust"), scene.joins(&anna, "go"));
        let _membership = scene.joins(&bob, "rust");
        scene.posts_to(2, "rust", "howdy");
        scene.must_hear(&anna, None, &[said("rust", "howdy")]);
        rec.note("anna leaves rust");
        drop(in_rust);
        scene.settle();
        let posted = scene.posts("rust", "is she gone?");
        if !scene.heard(&anna).is_empty() {
            let seen =
                "anna's membership was dropped, and she has heard what was posted after that";
            rec.fail("hears-after-leaving", seen);
        }
        scene.must_be(1, "rust", posted);
        scene.posts_to(1, "go", "still here");
        scene.must_hear(&anna, None, &[said("go", "still here")]);
        rec.note("anna leaves go");
        drop(in_go);
        scene.settle();
        drop(anna.outbound);
        if !anna.letterbox.is_forgotten() {
            let seen = "anna is in no group any more, and her connection is still there";
            rec.fail_reading(SECTION, "left-behind", seen);
        }
        scene.end();
    });
}

#[test]
fn one_who_takes_nothing_can_leave() {
    grade!(CHAT_BROADCAST, |rec| {
        let mut scene = Scene::set(rec);
        let [anna, bob] = ["anna", "bob"].map(|name| scene.client(name));
        let _membership = scene.joins(&anna, "rust");
        let membership = scene.joins(&bob, "rust");
        bob.letterbox.shut();
        rec.note("bob takes nothing");
        scene.posts_to(2, "rust", "howdy");
        rec.note("bob leaves");
        drop(membership);
        drop(bob.outbound);
        scene.settle();
        if !bob.letterbox.is_forgotten() {
            let seen = "bob takes nothing, and has left; his connection is still there";
            rec.fail_reading(SECTION, "left-behind", seen);
        }
        scene.posts_to(1, "rust", "bye");
        scene.must_hear(
            &anna,
            None,
            &["howdy", "bye"].map(|text| said("rust", text)),
        );
        scene.end();
    });
}

#[test]
fn a_group_goes_with_its_last_member() {
    grade!(CHAT_BROADCAST, |rec| {
        let mut scene = Scene::set(rec);
        let [anna, bob] = ["anna", "bob"].map(|name| scene.client(name));
        let first = scene.joins(&anna, "rust");
        let second = scene.joins(&bob, "rust");
        let third = scene.joins(&bob, "go");
        scene.settle();
        for (left, membership) in [(2, first), (1, second), (0, third)] {
            rec.note("one leaves");
            drop(membership);
            scene.must_have_groups(left);
        }
        rec.note("two are in a group, and leave in one turn");
        let both = (scene.joins(&anna, "rust"), scene.joins(&bob, "rust"));
        scene.settle();
        drop(both);
        scene.must_have_groups(0);
        rec.note("one joins, and leaves before anybody has had a turn");
        drop(scene.joins(&anna, "rust"));
        scene.must_have_groups(0);
        rec.note("one is alone in a group, his connection breaks, and he leaves");
        let carl = scene.client("carl");
        let membership = scene.joins(&carl, "rust");
        scene.settle();
        carl.letterbox.breaks();
        let _ = scene.posts("rust", "hello?");
        drop(membership);
        scene.must_have_groups(0);
        let _again = scene.joins(&anna, "rust");
        scene.posts_to(1, "rust", "howdy");
        scene.must_hear(&anna, None, &[said("rust", "howdy")]);
        scene.end();
    });
}

impl Scene {
    /// The rule that there are as many groups as somebody is in, when everybody has had a turn.
    ///
    /// Fails with `left-behind` if there are more, and with `wrong-value`.
    fn must_have_groups(&mut self, count: usize) {
        self.settle();
        let groups = self.groups.len();
        self.recorder.note(format!("groups: {groups}"));
        let are = match count {
            0 => "nobody is in a group any more".into(),
            1 => "one group has members".into(),
            _ => format!("{count} groups have members"),
        };
        let seen = format!("{are}, and `len` gives {groups}");
        if groups > count {
            self.recorder.fail_reading(SECTION, "left-behind", seen);
        }
        if groups < count {
            self.wrong(seen);
        }
    }
}

/// A post of more than a kilobyte.
fn long(number: usize) -> String {
    format!("{number:>6}{}", " ".repeat(1 << 10))
}

#[test]
fn what_is_kept_for_one_who_sleeps_has_a_limit() {
    grade_race!(CHAT_BROADCAST, |rec| {
        const ROUND: usize = 100;
        const ROUNDS: usize = 34;
        /// From here on there is nothing more to keep.
        const FULL: usize = BACKLOG / ROUND + 4;
        /// Half of what is posted after that.
        const LIMIT: usize = 1 << 20;
        let mut scene = Scene::set_while(rec, alone());
        let [anna, bob] = ["anna", "bob"].map(|name| scene.client(name));
        let _members = [&anna, &bob].map(|client| scene.joins(client, "rust"));
        rec.note("bob takes nothing");
        bob.letterbox.shut();
        let mut when_full = 0;
        for round in 0..ROUNDS {
            if round == FULL {
                when_full = memory::in_use();
            }
            let numbers = round * ROUND..(round + 1) * ROUND;
            for number in numbers.clone() {
                scene.posts_at_once(2, "rust", &long(number));
            }
            scene.settle();
            let heard = anna.letterbox.lines();
            if let Some(told) = heard.iter().find(|line| !line.contains("Message")) {
                let seen = format!("anna was {ROUND} posts behind, no more, and is told {told}");
                rec.fail_reading(SECTION, "loses-too-much", seen);
            }
            // To read all of it would take most of the time that there is.
            let same = |(line, number): (&String, usize)| line.contains(&format!("\"{number:>6} "));
            if heard.len() != ROUND || !heard.iter().zip(numbers).all(same) {
                let seen = format!(
                    "{}, and anna does not hear everything in its order",
                    SLEEPS.1
                );
                rec.fail_reading(SECTION, SLEEPS.0, seen);
            }
        }
        let more = memory::in_use().saturating_sub(when_full);
        if more > LIMIT {
            let seen = format!(
                "bob takes nothing; {} posts were there already, and with {} more of 1 KiB each, {} MiB more are kept for him",
                FULL * ROUND,
                (ROUNDS - FULL) * ROUND,
                more >> 20
            );
            rec.fail_reading(SECTION, "no-limit", seen);
        }
        scene.end();
    });
}

#[test]
fn who_has_slept_too_long_is_told_how_much_he_has_missed() {
    grade_race!(CHAT_BROADCAST, |rec| {
        /// A name with a number in it.
        const ROOM: &str = "room 101";
        let mut scene = Scene::set(rec);
        let bob = scene.client("bob");
        let _membership = scene.joins(&bob, ROOM);
        scene.settle();
        let mut posted = 0;
        // As far behind as one may be, and then twice too far.
        for posts in [BACKLOG, BACKLOG + 500, 2 * BACKLOG] {
            rec.note("bob takes nothing");
            bob.letterbox.shut();
            for number in posted..posted + posts {
                scene.posts_at_once(1, ROOM, &number.to_string());
                // Now and then his task has a turn.
                if number % 100 == 0 {
                    scene.settle();
                }
            }
            rec.note(format!("{posts} posts later he takes everything"));
            bob.letterbox.open();
            scene.settle();
            let may_be_lost = posts - BACKLOG;
            follow(&scene, &bob, posted, posts, may_be_lost);
            posted += posts;
        }
        rec.note("bob is awake");
        scene.posts_to(1, ROOM, "at last");
        scene.must_hear(&bob, None, &[said(ROOM, "at last")]);
        scene.end();
    });
}

/// The rule that a client has heard so many numbers from `first` on, or was told how many are missing, at the place
/// where they are missing; and that none were lost that could have been kept.
///
/// Fails with `silent-loss`, `loses-the-newest`, `loses-too-much` or `wrong-value`.
fn follow(scene: &Scene, client: &Client, first: usize, posts: usize, may_be_lost: usize) {
    let rec = &scene.recorder;
    let fail = |code, seen: String| rec.fail_reading(SECTION, code, seen);
    let (mut next, end, mut lost) = (first, first + posts, 0);
    // The latest notice that no message has followed yet.
    let mut notice = None;
    for heard in scene.heard(client) {
        match heard {
            FromServer::Error(error) => {
                rec.note(format!("bob is told {error:?}"));
                let Some(missed) = number_in(&error) else {
                    fail(
                        "silent-loss",
                        format!("bob is told {error:?}, and not how many he has missed"),
                    )
                };
                next += missed;
                lost += missed;
                notice = Some((missed, error));
            }
            FromServer::Message { message, .. } => {
                let Ok(number) = message.parse::<usize>() else {
                    scene.wrong(format!(
                        "bob has heard {message:?}, which nobody has posted"
                    ))
                };
                match notice.take() {
                    _ if number == next => {}
                    Some((missed, error)) => scene.wrong(format!(
                        "bob was told {error:?}; the first number in that is {missed}, and he hears number {number} then, where \
                         {next} would be next"
                    )),
                    None if number > next => fail(
                        "silent-loss",
                        format!("bob has heard number {number} after {}, and was told nothing in between", next as isize - 1),
                    ),
                    None => scene.wrong(format!(
                        "bob has heard number {number}, and the next would be {next}"
                    )),
                }
                next = number + 1;
            }
        }
    }
    let total = format!("{posts} posts came while he took nothing");
    if next < end && lost == 0 {
        fail(
            "silent-loss",
            format!(
                "{total}; he has heard them up to number {}, and nothing of the last {}",
                next as isize - 1,
                end - next
            ),
        );
    }
    if next < end || notice.is_some() {
        fail(
            "loses-the-newest",
            format!("{total}; he has not heard the last of them, and the first are old by now"),
        );
    }
    if lost > may_be_lost {
        fail(
            "loses-too-much",
            format!("{total}; a group keeps the latest {BACKLOG}, and he has missed {lost}"),
        );
    }
}

/// The first number in a text.
fn number_in(text: &str) -> Option<usize> {
    let digits = text.trim_start_matches(|c: char| !c.is_ascii_digit());
    let end = digits.find(|c: char| !c.is_ascii_digit());
    digits[..end.unwrap_or(digits.len())].parse().ok()
}

#[test]
fn who_joins_hears_what_is_posted_also_if_the_last_one_leaves_meanwhile() {
    grade_race!(CHAT_BROADCAST, |rec| {
        advise_locks_of_the_course(rec, SOURCE);
        let _beside = beside();
        let leaves =
            "anna, who was alone in the group, leaves it on another thread while bob joins it:";
        steps::each(rec, leaves, |skip| {
            one_joins_and_one_leaves(rec, skip, true)
        });
        let joins =
            "bob joins the group on another thread while anna, who was alone in it, leaves it:";
        steps::each(rec, joins, |skip| {
            one_joins_and_one_leaves(rec, skip, false)
        });
    });
}

/// Bob joins a group, and anna leaves it: one of the two on a second thread, at a step of the other one. Tells whether
/// there was such a step.
///
/// Fails with `silent-loss`.
fn one_joins_and_one_leaves(rec: &Recorder, skip: usize, bob_is_interrupted: bool) -> bool {
    let (race, there, groups) = (Race::new(), Elsewhere::new(), chat_broadcast::Groups::new());
    let [anna, bob] = ["anna", "bob"].map(Client::new);
    let mut household = Household::new(rec);
    let mut settle = || {
        if let Err(panic) = household.settle() {
            resume_unwind(panic);
        }
        there.turn();
    };
    let current = bob_is_interrupted.then(|| there.enter());
    let annas = groups.join("rust", &anna.outbound);
    drop(current);
    settle();
    let (bobs, elsewhere) = (
        std::sync::Arc::new(std::sync::Mutex::new(None)),
        there.clone(),
    );
    if bob_is_interrupted {
        let leaves = race.once(move || {
            drop(annas);
            elsewhere.turn();
        });
        steps::ambush(skip, leaves);
        *bobs.lock().expect("nobody panics with it") = Some(groups.join("rust", &bob.outbound));
    } else {
        let (groups, outbound, bobs) = (
            groups.clone(),
            bob.outbound.clone(),
            std::sync::Arc::clone(&bobs),
        );
        let joins = race.once(move || {
            let _current = elsewhere.enter();
            *bobs.lock().expect("nobody panics with it") = Some(groups.join("rust", &outbound));
        });
        steps::ambush(skip, joins);
        drop(annas);
    }
    settle();
    steps::call_off();
    race.finish();
    if !race.was_forced() {
        return false;
    }
    settle();
    let posted = groups.post("rust", "howdy");
    settle();
    let heard = bob.letterbox.lines();
    if !matches!(posted, Ok(1)) || heard != [line(&said("rust", "howdy"))] {
        let seen = format!(
            "bob has joined the group while anna left it, on two threads; then somebody posts, `post` gives {posted:?}, \
             and bob hears {} lines",
            heard.len()
        );
        rec.fail_reading(SECTION, "silent-loss", seen);
    }
    true
}

#[test]
fn groups_that_are_gone_leave_nothing_behind() {
    grade_race!(CHAT_BROADCAST, |rec| {
        const GROUPS: usize = 3_000;
        /// Less than a name for each group.
        const LITTLE: usize = 128 << 10;
        let mut scene = Scene::set_while(rec, alone());
        let mut at_first = 0;
        for number in 0..GROUPS {
            let name = format!("{number} {}", "of a very long name ".repeat(20));
            let letterbox = Letterbox::default();
            let outbound = Outbound::new(letterbox.slot());
            let membership = scene.groups.join(&name, &outbound);
            scene.posts_at_once(1, &name, "howdy");
            scene.settle();
            drop(membership);
            scene.settle();
            if number == GROUPS / 3 {
                at_first = memory::in_use();
            }
        }
        let more = memory::in_use().saturating_sub(at_first);
        if more > LITTLE {
            let seen = format!(
                "{} more groups have come and gone, and {} KiB more are in use",
                2 * GROUPS / 3,
                more >> 10
            );
            rec.fail_reading(SECTION, "left-behind", seen);
        }
    });
}

#[test]
fn a_real_chat_runs_on_it() {
    grade_race!(CHAT_BROADCAST, |rec| {
        let _beside = beside();
        let mut runtime = Runtime::new().expect("the system has a selector");
        let talked = runtime.block_on(async {
            let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
            let address = listener.local_addr()?;
            let shutdown = Shutdown::new();
            let server = chat::serve(listener, Groups::new(), shutdown.clone(), GRACE);
            let server = executor::spawn(server);
            let (done, is_done) = futures::channel::oneshot::channel();
            let clients = thread::spawn(move || {
                let talked = talk(address);
                let _ = done.send(());
                talked
            });
            let _ = is_done.await;
            shutdown.begin();
            server
                .await
                .map_err(|error| io::Error::other(format!("{error:?}")))?;
            clients.join().expect("they give errors, and do not panic")
        });
        if let Err(error) = talked {
            rec.fail_reading(
                SECTION,
                "wrong-value",
                format!("a real chat came to the error {error}"),
            );
        }
    });
}

/// Far longer than connections on this machine take to end.
const GRACE: Duration = Duration::from_secs(5);

/// Real clients in one group: each hears what each posts.
fn talk(server: SocketAddr) -> io::Result<()> {
    let join = line(&FromClient::Join {
        group: "rust".into(),
    });
    let mut clients = Vec::new();
    for number in 0..5 {
        let mut stream = StdStream::connect(server)?;
        let mut lines = BufReader::new(stream.try_clone()?).lines();
        let message = format!("client {number} is here");
        let post = line(&FromClient::Post {
            group: "rust".into(),
            message: message.clone(),
        });
        stream.write_all(format!("{join}\n{post}\n").as_bytes())?;
        hears(&mut lines, &message)?;
        clients.push((stream, lines));
    }
    for (number, (_, lines)) in clients.iter_mut().enumerate() {
        for other in number + 1..5 {
            hears(lines, &format!("client {other} is here"))?;
        }
    }
    Ok(())
}

/// The next line is this post.
fn hears(lines: &mut impl Iterator<Item = io::Result<String>>, expected: &str) -> io::Result<()> {
    let line = lines.next().ok_or(ErrorKind::UnexpectedEof)??;
    match message::<FromServer>(&line)? {
        FromServer::Message { message, .. } if message == expected => Ok(()),
        other => Err(io::Error::other(format!(
            "a client should hear {expected:?}, and hears {other:?}"
        ))),
    }
}
