//! `check-stage N`: each exercise alone, then the solved files together.

use std::path::PathBuf;

use anyhow::bail;
use clap::ArgMatches;

use crate::{
    catalogue::Stage,
    document::{Asked, Document, Verdict},
    exercise::{Exercise, Kind},
    grade::{self, Subject},
    graded::Graded,
    session::Session,
    show::{self, next::next_step},
    stack::{self, Stacked},
    standing,
};

/// Everything that a call graded.
struct Outcome<'a> {
    exercises: Vec<(&'a Exercise, Graded)>,
    stack: Option<(&'a Stage, Stacked)>,
}

impl Outcome<'_> {
    fn passed(&self) -> bool {
        let stack = self.stack.as_ref();
        self.exercises.iter().all(|(_, graded)| graded.passed())
            && stack.is_none_or(|(_, stacked)| stacked.report.verdict == Verdict::Pass)
    }
}

/// Runs the command.
pub(crate) fn run(arguments: &ArgMatches) -> anyhow::Result<bool> {
    let session = Session::open()?;
    let asked = arguments
        .get_one::<String>("stage")
        .expect("the stage is required");
    let stages = session.catalogue.choose(asked)?;
    let file = arguments.get_one::<PathBuf>("with");
    let subject = match file {
        Some(file) => Subject::File(file),
        None if arguments.get_flag("reference") => Subject::Reference,
        None => Subject::Learner,
    };
    let outcome = match arguments.get_one::<String>("exercise") {
        Some(name) => {
            let exercise = one_of(&session, stages, name)?;
            let mut graded = grade::grade(&session, exercise, subject)?;
            let given = graded.report.verdict == Verdict::NotStarted;
            let to_mend = matches!(exercise.kind, Kind::Fix | Kind::Compile);
            if given && to_mend && !exercise.is_gallery() {
                graded = grade::not_started(&session, exercise)?;
            }
            Outcome {
                exercises: vec![(exercise, graded)],
                stack: None,
            }
        }
        None => everything(&session, stages, subject)?,
    };
    let json = arguments
        .get_one::<String>("format")
        .is_some_and(|format| format == "json");
    let text = if json {
        document(&session, asked, &outcome)?
    } else {
        page(
            &session,
            stages,
            &outcome,
            matches!(subject, Subject::Learner),
        )?
    };
    show::print(&text)?;
    Ok(outcome.passed())
}

fn one_of<'a>(session: &'a Session, stages: &[Stage], name: &str) -> anyhow::Result<&'a Exercise> {
    let exercise = session.catalogue.exercise(name)?;
    if stages.iter().all(|stage| stage.number != exercise.stage) {
        bail!(
            "`{}` belongs to stage {}: `{}`",
            exercise.name,
            exercise.stage,
            exercise.check()
        );
    }
    Ok(exercise)
}

fn everything<'a>(
    session: &'a Session,
    stages: &'a [Stage],
    subject: Subject<'_>,
) -> anyhow::Result<Outcome<'a>> {
    let mut exercises = Vec::new();
    for exercise in stages.iter().flat_map(|stage| &stage.exercises) {
        exercises.push((exercise, grade::grade(session, exercise, subject)?));
    }
    let stacked = stages
        .iter()
        .rev()
        .find_map(|stage| Some((stage, stage.stack.as_ref()?)));
    let Some((stage, stack)) = stacked else {
        return Ok(Outcome {
            exercises,
            stack: None,
        });
    };
    let stack = match subject {
        Subject::Reference => Some(stack::grade(session, stage, stack, &[])?),
        // Without a file of these stages it would say what the stack before has said.
        _ if !exercises.iter().any(|(one, graded)| joins(one, graded)) => None,
        _ => {
            let files = solved_up_to(session, stage, &exercises)?;
            Some(stack::grade(session, stage, stack, &files)?)
        }
    };
    Ok(Outcome {
        exercises,
        stack: stack.map(|stacked| (stage, stacked)),
    })
}

/// Whether the file becomes a part of the stack.
fn joins(exercise: &Exercise, graded: &Graded) -> bool {
    exercise.kind == Kind::Build && graded.passed()
}

/// The build exercises of this stage and those before it whose files pass. Those that this call has
/// not graded are graded now; most of them are found in the cache.
fn solved_up_to<'a>(
    session: &'a Session,
    stage: &Stage,
    graded: &[(&Exercise, Graded)],
) -> anyhow::Result<Vec<&'a Exercise>> {
    let mut solved = Vec::new();
    let candidates = session.catalogue.exercises();
    for exercise in candidates.filter(|one| one.kind == Kind::Build && one.stage <= stage.number) {
        let known = graded.iter().find(|(other, _)| other.name == exercise.name);
        let passed = match known {
            Some((_, graded)) => graded.passed(),
            None => grade::grade(session, exercise, Subject::Learner)?.passed(),
        };
        if passed {
            solved.push(exercise);
        }
    }
    Ok(solved)
}

fn document(session: &Session, asked: &str, outcome: &Outcome<'_>) -> anyhow::Result<String> {
    let document = Document {
        schema: 1,
        rustc: session.compiler.lines().next().unwrap_or_default(),
        stage: asked.parse().map_or(Asked::All("all"), Asked::One),
        passed: outcome.passed(),
        exercises: outcome
            .exercises
            .iter()
            .map(|(_, graded)| &graded.report)
            .collect(),
        stack: outcome.stack.as_ref().map(|(_, stacked)| &stacked.report),
    };
    Ok(serde_json::to_string(&document)? + "\n")
}

fn page(
    session: &Session,
    stages: &[Stage],
    outcome: &Outcome<'_>,
    own: bool,
) -> anyhow::Result<String> {
    let mut page = String::new();
    for stage in stages {
        let of_stage = |exercise: &Exercise| exercise.stage == stage.number;
        let graded: Vec<_> = outcome
            .exercises
            .iter()
            .filter(|(exercise, _)| of_stage(exercise))
            .collect();
        if graded.is_empty() {
            continue;
        }
        let solved = if own {
            Some(solved_in(session, stage, &outcome.exercises)?)
        } else {
            None
        };
        page.push_str(&show::graded::heading(stage, solved));
        for (exercise, graded) in graded {
            page.push_str(&show::graded::exercise(exercise, graded, own));
        }
    }
    if let Some((stage, stacked)) = &outcome.stack {
        page.push_str(&show::graded::stack(stage, stacked));
    }
    if own {
        page.push_str(&what_next(session, stages, outcome)?);
    }
    Ok(page + "\n")
}

/// What to do next, unless this call graded one file and has said what is wrong with it: the exercise
/// that was asked for, or the next one of the stages that were asked for, or the next one of all.
fn what_next(session: &Session, stages: &[Stage], outcome: &Outcome<'_>) -> anyhow::Result<String> {
    let mut standing = standing::known(session)?;
    for (exercise, verdict) in &mut standing {
        let graded = outcome
            .exercises
            .iter()
            .find(|(other, _)| other.name == exercise.name);
        *verdict = graded.map_or(*verdict, |(_, graded)| graded.report.verdict);
    }
    let next = match outcome.exercises.as_slice() {
        [(exercise, only)] if !only.passed() => {
            let untouched = only.report.verdict == Verdict::NotStarted;
            untouched.then_some((*exercise, Verdict::NotStarted))
        }
        _ => {
            let mut asked = standing.clone();
            asked.retain(|(exercise, _)| stages.iter().any(|stage| stage.number == exercise.stage));
            standing::next(&asked).or_else(|| standing::next(&standing))
        }
    };
    Ok(next.map_or_else(String::new, |(exercise, verdict)| {
        next_step(&session.catalogue, &standing, exercise, verdict)
    }))
}

/// How many exercises of the stage pass: as graded by this call, and otherwise as far as known from
/// earlier ones.
fn solved_in(
    session: &Session,
    stage: &Stage,
    graded: &[(&Exercise, Graded)],
) -> anyhow::Result<usize> {
    let mut solved = 0;
    for exercise in &stage.exercises {
        let known = graded.iter().find(|(other, _)| other.name == exercise.name);
        let passed = match known {
            Some((_, graded)) => graded.passed(),
            None => grade::known_pass(session, exercise)?,
        };
        solved += usize::from(passed);
    }
    Ok(solved)
}
