//! A grader: the file has to compile, and to say how long the text is that it keeps.

#![forbid(unsafe_code)]

#[cfg_attr(feature = "my-moved", path = "../exercises/moved.rs")]
#[cfg_attr(
    not(feature = "my-moved"),
    path = "../../tests/solutions/01-simple-future/moved/reference.rs"
)]
mod moved;

const MOVED: course::Exercise =
    course::exercise!("moved", stage = "01-simple-future", feature = "my-moved");

#[test]
fn says_how_long_it_is() {
    course::grade_race!(MOVED, |rec| {
        if moved::keep("four".into()).1 != 4 {
            rec.fail("wrong-value", "the length of \"four\" is 4");
        }
    });
}
