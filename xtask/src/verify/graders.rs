//! Graders, built on the reference in one call of cargo.

use std::path::Path;

use crate::{
    cargo::{self, Built},
    sandbox::Grader,
    session::Session,
};

/// The graders of these targets of a package; where there is none, why.
pub(crate) fn build(
    session: &Session,
    folder: &str,
    package: &str,
    targets: &[&str],
) -> anyhow::Result<Vec<Result<Grader, String>>> {
    let root = &session.workspace.root;
    let folder = root.join(folder);
    let exists = |target: &str| folder.join(format!("tests/{target}.rs")).is_file();
    let mut command = session.workspace.cargo();
    // Not `cargo test --no-run`, which stops at the first grader that does not compile.
    command.args(["build", "--keep-going", "--package", package]);
    // Cargo builds nothing at all where one of the targets does not exist.
    for target in targets.iter().filter(|target| exists(target)) {
        command.args(["--test", target]);
    }
    let lock = session.lock("build")?;
    let built = cargo::build(command)?;
    let mut graders = Vec::new();
    for target in targets {
        let Some(program) = built.program(&folder.join("Cargo.toml"), target) else {
            graders.push(Err(if exists(target) {
                first_error(&built, &folder, target)
            } else {
                "is missing".into()
            }));
            continue;
        };
        graders.push(Ok(Grader {
            program: session.keep(program)?,
            folder: folder.clone(),
            root: root.clone(),
            prediction: None,
            bless: false,
        }));
    }
    drop(lock);
    Ok(graders)
}

/// The first line of the first error: in the grader's own file, or else anywhere in its package.
fn first_error(built: &Built, folder: &Path, target: &str) -> String {
    let manifest = folder.join("Cargo.toml");
    let own = format!("tests/{target}.rs");
    let in_package = || built.errors().filter(|error| error.manifest == manifest);
    let error = in_package()
        .find(|error| error.is_in(&own))
        .or(in_package().next())
        .or(built.errors().next());
    let text = error.map(|error| anstream::adapter::strip_str(&error.rendered).to_string());
    let text = text.unwrap_or_default();
    format!(
        "does not compile ({})",
        text.lines().next().unwrap_or_default()
    )
}
