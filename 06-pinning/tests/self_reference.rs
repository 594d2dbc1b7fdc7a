//! The grader of `self_reference`: where the pointer leads, asked by addresses before anybody follows it.

// What this grader uses of what the stage's graders share.
#[allow(dead_code, unreachable_pub)]
mod support {
    pub mod signatures;
    pub mod statically;
    pub mod ways_out;
}

use std::{
    panic::{self, AssertUnwindSafe},
    pin::{Pin, pin},
};

use course::{Exercise, Recorder, grade};
use pinning::SelfReference;
use support::{
    statically::{Otherwise as _, Statically},
    ways_out::must_have_no_way_out,
};

const SELF_REFERENCE: Exercise = course::exercise!(
    "self_reference",
    stage = "06-pinning",
    feature = "my-self-reference"
);

/// The file that is graded, as text.
#[cfg(feature = "my-self-reference")]
const SOURCE: &str = include_str!("../exercises/self_reference.rs");
#[cfg(not(feature = "my-self-reference"))]
const SOURCE: &str = include_str!("../src/self_reference.rs");

/// The rule that the pointer leads to the value's own text. Nothing follows it before this was asked.
fn leads_home(rec: &Recorder, value: &SelfReference, after: &str) {
    let (text, pointer) = (value.address_of_a(), value.pointer());
    let inside = (&raw const *value).addr()..(&raw const *value).addr() + size_of_val(value);
    if !inside.contains(&text.addr()) {
        rec.fail(
            "dangling-pointer",
            format!("{after}, `address_of_a` gives an address that does not lie in the value"),
        );
    }
    if pointer.is_null() {
        rec.fail(
            "unset-pointer",
            format!("{after}, the pointer is still null"),
        );
    }
    if text != pointer {
        rec.fail(
            "dangling-pointer",
            format!("{after}, the pointer does not lead to the text: it leads to where something else is, or was"),
        );
    }
    rec.note(format!("{after}, the pointer leads to the text"));
}

/// The rule that there is no pointer before `init`.
fn leads_nowhere(rec: &Recorder, value: &SelfReference, place: &str) {
    if !value.pointer().is_null() {
        rec.fail(
            "dangling-pointer",
            format!(
                "{place} there is a pointer already: the value is not pinned yet, and moves on"
            ),
        );
    }
    rec.note(format!("{place} there is no pointer yet"));
}

/// The rule that both ways to the text give the text.
fn reads(rec: &Recorder, value: Pin<&SelfReference>, text: &str) {
    for (name, read) in [("a", value.a()), ("b", value.b())] {
        if read != text {
            rec.fail(
                "wrong-value",
                format!("the text is {text:?}, and `{name}` gives {read:?}"),
            );
        }
    }
    rec.note(format!("`a` and `b` give {text:?}"));
}

#[test]
fn a_new_value_has_a_text_and_no_pointer() {
    grade!(SELF_REFERENCE, |rec| {
        let value = SelfReference::new("howdy");
        leads_nowhere(rec, &value, "after `new`,");
        let value = Box::new(value);
        leads_nowhere(rec, &value, "moved into a box,");
        let value = Box::into_pin(value);
        if value.as_ref().a() != "howdy" {
            rec.fail(
                "wrong-value",
                "`a` does not give the text that went into `new`",
            );
        }
    });
}

#[test]
fn cannot_be_moved_by_safe_code_once_it_is_pinned() {
    grade!(SELF_REFERENCE, |rec| {
        if Statically::<SelfReference>::UNPIN {
            rec.fail_reading(
                "a-pointer-into-itself",
                "still-movable",
                "`SelfReference` is `Unpin`: whoever has a `Pin<&mut SelfReference>` gets a `&mut` from it, by `get_mut`, and can swap the value away. A struct is `Unpin` if all its fields are; `PhantomPinned` is a field that is not",
            );
        }
        if Statically::<SelfReference>::CLONE {
            rec.fail(
                "copied-pointer",
                "`SelfReference` can be cloned: the clone's pointer leads into the original",
            );
        }
        must_have_no_way_out(rec, SOURCE, "SelfReference", &[]);
        rec.note("it is not `Unpin`");
    });
}

#[test]
fn its_pointer_leads_to_its_own_text() {
    grade!(SELF_REFERENCE, lesson, |rec| {
        let value = SelfReference::new("howdy");
        leads_nowhere(rec, &value, "after `new`,");
        let mut value = pin!(value);
        leads_nowhere(rec, &value, "pinned to the stack,");
        value.as_mut().init();
        leads_home(rec, &value, "after `init`");
        reads(rec, value.as_ref(), "howdy");
    });
}

#[test]
fn a_box_comes_with_its_pointer() {
    grade!(SELF_REFERENCE, |rec| {
        let value = SelfReference::boxed("howdy");
        leads_home(rec, &value, "in its box");
        reads(rec, value.as_ref(), "howdy");
    });
}

#[test]
fn a_box_may_go_anywhere() {
    grade!(SELF_REFERENCE, |rec| {
        let mut boxes = Vec::new();
        for text in ["one", "two", "three"] {
            boxes.push(SelfReference::boxed(text));
        }
        boxes.reverse();
        for (value, text) in boxes.iter().zip(["three", "two", "one"]) {
            leads_home(rec, value, "after its box was moved");
            reads(rec, value.as_ref(), text);
        }
    });
}

#[test]
fn two_values_do_not_share_a_text() {
    grade!(SELF_REFERENCE, |rec| {
        let (mut first, mut second) = (
            Box::pin(SelfReference::new("one")),
            Box::pin(SelfReference::new("two")),
        );
        first.as_mut().init();
        second.as_mut().init();
        leads_home(rec, &first, "with a second value beside it");
        leads_home(rec, &second, "with a first value beside it");
        reads(rec, first.as_ref(), "one");
        reads(rec, second.as_ref(), "two");
    });
}

#[test]
fn may_be_initialised_twice() {
    grade!(SELF_REFERENCE, |rec| {
        let mut value = SelfReference::boxed("howdy");
        value.as_mut().init();
        leads_home(rec, &value, "after a second `init`");
        reads(rec, value.as_ref(), "howdy");
    });
}

#[test]
fn b_follows_no_pointer_that_is_not_there() {
    grade!(SELF_REFERENCE, |rec| {
        let value = Box::pin(SelfReference::new("howdy"));
        // Where `b` does not look first, this would be the end of the process, with no word about why.
        leads_nowhere(rec, &value, "without `init`,");
        let followed = panic::catch_unwind(AssertUnwindSafe(|| value.as_ref().b().to_owned()));
        match followed {
            Ok(text) => rec.fail(
                "unset-pointer",
                format!("`b` gave {text:?} without `init`: it has followed no pointer, for there is none"),
            ),
            Err(_) => rec.note("`b` panics"),
        }
    });
}
