//! Exercises about what the compiler rejects: one is to be made to compile, one is a gallery of rejected programs.

mod support;

use std::{fs, path::PathBuf};

use support::{copy::Copy, root};

/// What the manifest of the stage says about the two.
const EXERCISES: &str = r#"
[[exercise]]
name = "moved"
kind = "compile"
chapter = "exercises"
summary = "keep a text, and its length"
minutes = 5
tests = ["says_how_long_it_is"]

[[exercise]]
name = "gallery"
kind = "compile"
chapter = "exercises"
summary = "write two programs that are rejected"
minutes = 5
rejected = [
    { program = "moved", code = "E0382", says = "borrow of moved value", at = "text", lines = 3 },
    { program = "escapes", code = "E0515", says = "cannot return", at = "pin!", lines = 4 },
]
"#;

/// Their wrong candidates.
const CANDIDATES: &[(&str, &[&str])] = &[
    ("moved", &["wrong", "borrows", "unsafe", "elsewhere"]),
    ("gallery", &["wrong", "other", "reason", "long"]),
];

fn file(name: &str) -> PathBuf {
    root().join("xtask/tests/compile").join(name)
}

fn put(from: &str, to: PathBuf) {
    fs::create_dir_all(to.parent().expect("a file lies in a folder"))
        .expect("the copy can be written");
    fs::copy(file(from), to).expect("the copy can be written");
}

/// A copy whose stage 1 has the two exercises besides its own.
fn course() -> Copy {
    let course = Copy::new("compile");
    let stage = course.folder.join("01-simple-future");
    let manifest = fs::read_to_string(stage.join("Cargo.toml")).expect("the stage has a manifest");
    let mut manifest: toml::Table = manifest.parse().expect("the manifest is TOML");
    let more: toml::Table = EXERCISES.parse().expect("it is TOML");
    let listed = manifest["package"]["metadata"]["course"]["exercise"].as_array_mut();
    let more = more["exercise"].as_array().expect("it is a list").clone();
    listed.expect("the stage has exercises").extend(more);
    let features = manifest["features"]
        .as_table_mut()
        .expect("one for each exercise");
    for feature in ["my-moved", "my-gallery"] {
        features.insert(feature.into(), toml::Value::Array(Vec::new()));
    }
    fs::write(stage.join("Cargo.toml"), manifest.to_string()).expect("the copy can be written");
    let solutions = course.folder.join("tests/solutions/01-simple-future");
    for (exercise, wrong) in CANDIDATES {
        let folder = solutions.join(exercise);
        let skeleton = format!("{exercise}-skeleton.rs");
        put(&skeleton, folder.join("skeleton.rs"));
        put(&skeleton, stage.join(format!("exercises/{exercise}.rs")));
        for right in ["reference.rs", "right-one.rs"] {
            put(&format!("{exercise}-right.rs"), folder.join(right));
        }
        for name in *wrong {
            put(
                &format!("{exercise}-{name}.rs"),
                folder.join(format!("wrong-{name}.rs")),
            );
        }
        fs::write(folder.join("hints.md"), "## One\n\n## Two\n\n## Three\n")
            .expect("the copy can be written");
    }
    put("moved.rs", stage.join("tests/moved.rs"));
    course
}

/// What becomes of a file in the place of an exercise's.
fn graded(course: &Copy, exercise: &str, name: &str) -> serde_json::Value {
    let file = file(name);
    let file = file.to_str().expect("the path is UTF-8");
    let call = [
        "check-stage",
        "1",
        "--exercise",
        exercise,
        "--format",
        "json",
        "--with",
        file,
    ];
    course.call(&call).exercise()
}

#[test]
fn a_program_to_be_made_to_compile_is_shown_with_its_errors() {
    let course = course();
    let answer = course.call(&["check-stage", "1", "--exercise", "moved"]);
    assert_eq!(answer.status, Some(1), "{answer:?}");
    for part in [
        "not started",
        "E0382",
        "exercises/moved.rs:5",
        "used-after-move",
    ] {
        let shown = answer.stdout.contains(part);
        // What it means is said in words, its code is for programs.
        assert_eq!(shown, part != "used-after-move", "{part}: {answer:?}");
    }
}

#[test]
fn what_the_compiler_says_has_a_name() {
    let course = course();
    let right = graded(&course, "moved", "moved-right.rs");
    assert_eq!(right["verdict"], "pass", "{right}");
    let wrong = graded(&course, "moved", "moved-wrong.rs");
    assert_eq!(wrong["verdict"], "fail", "{wrong}");
    for (name, code) in [
        ("moved-borrows.rs", "borrowed-too-long"),
        ("moved-unsafe.rs", "unsafe-way-out"),
    ] {
        let rejected = graded(&course, "moved", name);
        assert_eq!(rejected["verdict"], "does-not-compile", "{rejected}");
        assert_eq!(rejected["diagnosis"]["code"], code, "{rejected}");
    }
    // Rejected because of what the grader misses: that has no meaning but its own.
    let elsewhere = graded(&course, "moved", "moved-elsewhere.rs");
    assert_eq!(elsewhere["verdict"], "does-not-compile", "{elsewhere}");
    assert!(elsewhere["diagnosis"].is_null(), "{elsewhere}");
    let message = elsewhere["message"].as_str().expect("it says why");
    assert!(message.contains("pub fn keep(text: String)"), "{message}");
}

#[test]
fn a_gallery_is_judged_program_by_program() {
    let course = course();
    let codes = |name| {
        let graded = graded(&course, "gallery", name);
        let tests = graded["tests"].as_array().expect("a test for each program");
        let verdicts: Vec<String> = tests
            .iter()
            .map(|test| test["verdict"].to_string())
            .collect();
        (
            verdicts.join(" "),
            graded["diagnosis"]["code"].clone(),
            graded,
        )
    };
    let (verdicts, _, right) = codes("gallery-right.rs");
    assert_eq!(verdicts, r#""pass" "pass""#, "{right}");
    let (verdicts, code, accepted) = codes("gallery-wrong.rs");
    assert_eq!(
        (verdicts.as_str(), code),
        (r#""fail" "fail""#, "accepted-program".into())
    );
    assert!(accepted["message"].is_null(), "{accepted}");
    let (_, code, other) = codes("gallery-other.rs");
    assert_eq!(code, "other-error", "{other}");
    // In the lines of the file that was graded, and in its name.
    let message = other["message"].as_str().expect("the compiler's words");
    assert!(message.contains("gallery-other.rs:4:"), "{message}");
    assert!(!message.contains('\u{1b}'), "{message}");
    let (verdicts, code, elsewhere) = codes("gallery-reason.rs");
    assert_eq!(verdicts, r#""fail" "no-result""#, "{elsewhere}");
    assert_eq!(code, "other-reason", "{elsewhere}");
    let (verdicts, code, long) = codes("gallery-long.rs");
    assert_eq!(verdicts, r#""fail" "pass""#, "{long}");
    assert_eq!(code, "not-smallest", "{long}");
}

#[test]
fn nothing_of_a_gallery_runs() {
    let course = course();
    put(
        "gallery-right.rs",
        course.folder.join("01-simple-future/exercises/gallery.rs"),
    );
    let passed = course.call(&["check-stage", "1", "--exercise", "gallery"]);
    assert_eq!(passed.status, Some(0), "{passed:?}");
    let known = course.call(&["check-stage", "1", "--exercise", "gallery"]);
    assert!(
        !known.stderr.contains("building gallery"),
        "a pass is known the second time: {known:?}"
    );
    let trace = course.call(&["trace", "gallery"]);
    assert_eq!(trace.status, Some(2), "{trace:?}");
    assert!(
        trace.stderr.contains("nothing of `gallery` runs"),
        "{trace:?}"
    );
    assert_eq!(course.call(&["solution", "gallery"]).status, Some(0));
    assert_eq!(course.call(&["reset", "gallery"]).status, Some(0));
    assert!(
        course
            .call(&["check-stage", "1", "--exercise", "gallery"])
            .stdout
            .contains("not started")
    );
}

#[test]
fn both_can_be_proved() {
    let course = course();
    for (exercise, _) in CANDIDATES {
        let proof = course.call(&["verify", "--exercise", exercise]);
        assert_eq!(proof.status, Some(0), "{proof:?}");
        assert!(proof.stdout.contains("6 verdicts"), "{proof:?}");
    }
    let solutions = course.folder.join("tests/solutions/01-simple-future");
    put("moved-right.rs", solutions.join("moved/skeleton.rs"));
    put(
        "moved-right.rs",
        course.folder.join("01-simple-future/exercises/moved.rs"),
    );
    let proof = course.call(&["verify", "--exercise", "moved"]);
    assert!(proof.stdout.contains("a skeleton has to fail"), "{proof:?}");
}
