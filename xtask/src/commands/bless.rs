//! `bless`: snapshots and pictures are rewritten from what the references do now.

use crate::{
    document::Verdict,
    files, picture,
    session::Session,
    show::{
        self,
        style::{bad, good},
    },
    suite, timeline,
    verify::{graders, pictures},
};

/// Runs the command.
pub(crate) fn run() -> anyhow::Result<bool> {
    let session = Session::open()?;
    let mut page = String::new();
    for stage in &session.catalogue.stages {
        let mut targets: Vec<(String, &[String])> = Vec::new();
        let mut names = Vec::new();
        for exercise in stage.exercises.iter().filter(|one| !one.is_gallery()) {
            let place = format!("{}/tests/{}.rs", stage.folder, exercise.name);
            targets.push((place, &exercise.tests));
            names.push(exercise.name.as_str());
        }
        let mut graders = graders::build(&session, &stage.folder, &stage.package, &names)?;
        if let Some(stack) = &stage.stack {
            targets.push((stack.place(), &stack.tests));
            let (folder, package) = (&stack.folder, &stack.package);
            graders.extend(graders::build(&session, folder, package, &["stack"])?);
        }
        for ((place, tests), grader) in targets.into_iter().zip(graders) {
            let mut grader = match grader {
                Ok(grader) => grader,
                Err(problem) => {
                    page.push_str(&format!("{} {place}: {problem}\n", bad("✗")));
                    continue;
                }
            };
            grader.bless = true;
            for test in suite::run(&session, &stage.folder, &grader, tests)? {
                if test.report.verdict != Verdict::Pass {
                    page.push_str(&format!(
                        "{} {place}: {} does not pass\n",
                        bad("✗"),
                        test.report.name
                    ));
                }
            }
        }
    }
    let passed = page.is_empty();
    if passed {
        let drawn = redraw(&session)?;
        page = format!(
            "{} the snapshots are what the references do; {drawn} pictures redrawn\n",
            good("✓")
        );
    }
    show::print(&page)?;
    Ok(passed)
}

fn redraw(session: &Session) -> anyhow::Result<usize> {
    let mut drawn = 0;
    for stage in &session.catalogue.stages {
        for path in pictures::pictures(session, &stage.folder)? {
            let name = path.file_stem().unwrap_or_default().to_string_lossy();
            let exercise = session.catalogue.exercise(&name)?;
            let recorded = timeline::record(session, exercise, true, None)?;
            let picture = picture::draw(&recorded.title(), &recorded.events);
            files::write_if_new(&path, picture.as_bytes())?;
            drawn += 1;
        }
    }
    Ok(drawn)
}
