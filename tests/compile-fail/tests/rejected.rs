//! The programs are rejected for the stated reasons, and their cures are not.

use compile_fail::{Case, check, programs};

/// Where it does not matter what lies there.
const OUT: &str = env!("CARGO_TARGET_TMPDIR");

#[test]
fn the_compiler_says_what_stands_beside_the_program() {
    let tests = trybuild::TestCases::new();
    for case in Case::all().iter().filter(|case| case.announced.is_none()) {
        tests.compile_fail(&case.file);
    }
}

#[test]
fn what_is_announced_in_a_program_is_found_there() {
    let announced: Vec<Case> = Case::all()
        .into_iter()
        .filter(|case| case.announced.is_some())
        .collect();
    assert_eq!(
        announced.len(),
        2,
        "std's sources show through in two messages"
    );
    for case in announced {
        assert_eq!(
            check(&case.file, OUT.as_ref()),
            Vec::from_iter(case.announced),
            "{}",
            case.file.display()
        );
    }
}

#[test]
fn every_program_has_a_cure_that_compiles() {
    for case in Case::all() {
        assert_eq!(
            check(&case.cure(), OUT.as_ref()),
            [],
            "{}",
            case.cure().display()
        );
        let cures = case.cure().with_file_name("");
        assert_eq!(
            programs(&cures).len(),
            programs(&cures.join("..")).len(),
            "{}",
            cures.display()
        );
    }
}
