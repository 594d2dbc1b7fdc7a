//! Programs that the compiler rejects, each beside a *cure*: the same program with the least change that makes it compile.
//!
//! The folders: [`send`] a future that cannot change threads, [`pin`] what must not be moved, [`async`] the rules of the
//! syntax and of borrowing. What the compiler says to a program is the file `.stderr` beside it; two of them it answers
//! with a note that points into std, which reads differently where std's sources are installed, so those two say in a
//! comment (`//~ E0277`) which error is expected, and where.
//!
//! [`send`]: https://doc.rust-lang.org/std/marker/trait.Send.html
//! [`pin`]: https://doc.rust-lang.org/std/pin/index.html
//! [`async`]: https://doc.rust-lang.org/reference/expressions/await-expr.html

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

/// One program.
#[derive(Clone, Debug)]
pub struct Case {
    /// The file, relative to this package: that is where its tests run.
    pub file: PathBuf,
    /// The error that a comment in it announces, and the line.
    pub announced: Option<Rejection>,
}

/// An error of the compiler, without its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// Its code.
    pub code: String,
    /// The line that it is about, from 1.
    pub line: usize,
}

impl Case {
    /// The programs of all folders, in order.
    ///
    /// # Panics
    ///
    /// If the current folder is not this package's.
    pub fn all() -> Vec<Case> {
        let mut cases = Vec::new();
        for folder in ["send", "pin", "async"] {
            for file in programs(Path::new(folder)) {
                let text = fs::read_to_string(&file).expect("a program is a text file");
                let announced = announced(&text);
                cases.push(Case { file, announced });
            }
        }
        cases
    }

    /// The same program, made to compile.
    pub fn cure(&self) -> PathBuf {
        let name = self.file.file_name().expect("a program has a name");
        self.file.with_file_name("cure").join(name)
    }
}

/// The programs of a folder, in order.
///
/// # Panics
///
/// If there is no such folder.
pub fn programs(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the tests of a package run in its folder");
    let paths = entries.map(|entry| entry.expect("the folder can be listed").path());
    let mut programs: Vec<PathBuf> = paths
        .filter(|path| path.extension().is_some_and(|end| end == "rs"))
        .collect();
    programs.sort();
    programs
}

/// The error of the comment `//~ CODE`.
fn announced(text: &str) -> Option<Rejection> {
    let mut lines = text.lines().enumerate();
    lines.find_map(|(index, line)| {
        let (_, code) = line.split_once("//~ ")?;
        Some(Rejection {
            code: code.trim().into(),
            line: index + 1,
        })
    })
}

/// What the compiler has against a program: nothing, or its errors and warnings. An error without a code counts by its
/// words. What comes of a program that compiles goes into the folder `out`.
///
/// # Panics
///
/// If there is no compiler.
pub fn check(program: &Path, out: &Path) -> Vec<Rejection> {
    let compiler = env::var_os("RUSTC").unwrap_or("rustc".into());
    let output = Command::new(compiler)
        .args(["--edition=2024", "--emit=metadata", "--error-format=json"])
        .arg("--out-dir")
        .arg(out)
        .arg(program)
        .output()
        .expect("cargo was started with a compiler");
    let messages = String::from_utf8(output.stderr).expect("the compiler writes UTF-8");
    messages.lines().filter_map(rejection).collect()
}

/// A message of the compiler, unless it only counts others.
fn rejection(message: &str) -> Option<Rejection> {
    let message: Value = serde_json::from_str(message).expect("each line is a message");
    let spans = message["spans"].as_array()?;
    let primary = spans.iter().find(|span| span["is_primary"] == true)?;
    let code = message["code"]["code"].as_str();
    Some(Rejection {
        code: code.or(message["message"].as_str())?.into(),
        line: usize::try_from(primary["line_start"].as_u64()?).ok()?,
    })
}
