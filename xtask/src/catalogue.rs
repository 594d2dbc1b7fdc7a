//! The stages and exercises, as the stages' manifests list them.

use anyhow::{Context as _, bail};
use serde::Deserialize;

use crate::{exercise::Exercise, metadata::Package, workspace::Workspace};

/// One stage that is written.
#[derive(Clone, Debug)]
pub(crate) struct Stage {
    /// 1 to 6.
    pub(crate) number: u8,
    /// Its folder, relative to the root.
    pub(crate) folder: String,
    /// Its package.
    pub(crate) package: String,
    /// What it is called.
    pub(crate) title: String,
    /// In the order of the chapter.
    pub(crate) exercises: Vec<Exercise>,
    /// The program in which the solved files run together, where the stage has one.
    pub(crate) stack: Option<Stack>,
}

/// A `tests/stack.rs`.
#[derive(Clone, Debug)]
pub(crate) struct Stack {
    /// The folder of its package, relative to the root: the stage's, if its manifest names no other.
    pub(crate) folder: String,
    /// That package.
    pub(crate) package: String,
    /// Its tests.
    pub(crate) tests: Vec<String>,
}

impl Stack {
    /// The program, relative to the root.
    pub(crate) fn place(&self) -> String {
        format!("{}/tests/stack.rs", self.folder)
    }
}

/// Everything that can be graded.
#[derive(Debug)]
pub(crate) struct Catalogue {
    /// The stages that are written, in order.
    pub(crate) stages: Vec<Stage>,
    /// The numbers of the stages that are planned and not written yet.
    unwritten: Vec<u8>,
}

/// What a stage's manifest says under `[package.metadata.course]`.
#[derive(Deserialize)]
struct Course {
    title: String,
    #[serde(default)]
    stack: Vec<String>,
    /// The package of the stack, where it needs more than a stage should depend on.
    #[serde(rename = "stack-package")]
    stack_package: Option<String>,
    #[serde(default, rename = "exercise")]
    exercises: Vec<Exercise>,
}

impl Catalogue {
    /// The stages of a workspace: its members in folders `NN-name`.
    pub(crate) fn of(workspace: &Workspace) -> anyhow::Result<Catalogue> {
        let mut catalogue = Catalogue {
            stages: Vec::new(),
            unwritten: Vec::new(),
        };
        for package in &workspace.packages {
            let folder = workspace.relative(package.folder());
            let Some(number) = stage_number(&folder) else {
                continue;
            };
            match stage(workspace, package, number, folder)? {
                Some(stage) => catalogue.stages.push(stage),
                None => catalogue.unwritten.push(number),
            }
        }
        catalogue.stages.sort_by_key(|stage| stage.number);
        Ok(catalogue)
    }

    /// Every exercise of the course, in order.
    pub(crate) fn exercises(&self) -> impl Iterator<Item = &Exercise> {
        self.stages.iter().flat_map(|stage| &stage.exercises)
    }

    /// The exercise of this name; `-` counts as `_`.
    pub(crate) fn exercise(&self, name: &str) -> anyhow::Result<&Exercise> {
        let wanted = name.trim().replace('-', "_").to_lowercase();
        if let Some(found) = self.exercises().find(|exercise| exercise.name == wanted) {
            return Ok(found);
        }
        let nearest = self
            .exercises()
            .map(|exercise| {
                (
                    strsim::damerau_levenshtein(&wanted, &exercise.name),
                    exercise,
                )
            })
            .min_by_key(|(distance, _)| *distance);
        match nearest {
            Some((distance, near)) if distance <= wanted.len().max(3) / 2 => {
                bail!(
                    "no exercise is called `{name}`; did you mean `{}`?",
                    near.name
                )
            }
            _ => bail!("no exercise is called `{name}`; `cargo xtask list` shows them all"),
        }
    }

    /// The stages that `check-stage` is asked for: one, or `all`.
    pub(crate) fn choose(&self, asked: &str) -> anyhow::Result<&[Stage]> {
        if asked == "all" {
            return Ok(&self.stages);
        }
        let number = asked.parse().unwrap_or(0);
        if let Some(index) = self.stages.iter().position(|stage| stage.number == number) {
            return Ok(&self.stages[index..=index]);
        }
        if self.unwritten.contains(&number) {
            bail!(
                "stage {number} is not written yet; the stages to grade are {}",
                self.numbers()
            );
        }
        bail!(
            "there is no stage `{asked}`; the stages to grade are {}, or `all`",
            self.numbers()
        )
    }

    fn numbers(&self) -> String {
        let numbers: Vec<String> = self
            .stages
            .iter()
            .map(|stage| stage.number.to_string())
            .collect();
        numbers.join(", ")
    }
}

fn stage_number(folder: &str) -> Option<u8> {
    folder.split_once('-')?.0.parse().ok()
}

fn stage(
    workspace: &Workspace,
    package: &Package,
    number: u8,
    folder: String,
) -> anyhow::Result<Option<Stage>> {
    let course = package
        .metadata
        .as_ref()
        .and_then(|metadata| metadata.get("course"));
    let Some(course) = course else {
        return Ok(None);
    };
    let course = Course::deserialize(course)
        .with_context(|| format!("{folder}/Cargo.toml, [package.metadata.course]"))?;
    let stack = match course.stack {
        tests if tests.is_empty() => None,
        tests => Some(stack(workspace, package, course.stack_package, tests)?),
    };
    let mut exercises = course.exercises;
    for exercise in &mut exercises {
        exercise.folder.clone_from(&folder);
        exercise.package.clone_from(&package.name);
        exercise.stage = number;
        let programs = exercise.rejected.iter();
        exercise
            .tests
            .extend(programs.map(|rejected| rejected.program.clone()));
    }
    Ok(Some(Stage {
        number,
        folder,
        package: package.name.clone(),
        title: course.title,
        exercises,
        stack,
    }))
}

fn stack(
    workspace: &Workspace,
    own: &Package,
    other: Option<String>,
    tests: Vec<String>,
) -> anyhow::Result<Stack> {
    let name = other.as_ref().unwrap_or(&own.name);
    let package = workspace.packages.iter().find(|one| one.name == *name);
    let package = package
        .with_context(|| format!("{}: there is no package `{name}` for the stack", own.name))?;
    Ok(Stack {
        folder: workspace.relative(package.folder()),
        package: package.name.clone(),
        tests,
    })
}
