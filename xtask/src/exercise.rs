//! One exercise, and where everything about it lies.

use serde::{Deserialize, Serialize};

/// What a learner does in an exercise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Kind {
    /// Write one module of the layer.
    Build,
    /// Repair a module that is plausible and wrong.
    Fix,
    /// Write down a trace before seeing it.
    Predict,
}

impl Kind {
    /// As the manifests write it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::Build => "build",
            Kind::Fix => "fix",
            Kind::Predict => "predict",
        }
    }
}

/// One exercise.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Exercise {
    /// Its name, unique in the whole course, with `_`.
    pub(crate) name: String,
    /// What a learner does in it.
    pub(crate) kind: Kind,
    /// The heading of the chapter that it belongs to, as an anchor.
    pub(crate) chapter: String,
    /// One line: what is to be made.
    pub(crate) summary: String,
    /// About how long it takes.
    pub(crate) minutes: u32,
    /// The grader's tests, from basic to subtle.
    pub(crate) tests: Vec<String>,
    /// The test whose whole trace is compared, where there is one.
    pub(crate) lesson: Option<String>,
    /// Exercises that this one builds on.
    #[serde(default)]
    pub(crate) after: Vec<String>,
    /// The folder of its stage, relative to the root.
    #[serde(skip)]
    pub(crate) folder: String,
    /// The package of its stage.
    #[serde(skip)]
    pub(crate) package: String,
    /// The number of its stage.
    #[serde(skip)]
    pub(crate) stage: u8,
}

impl Exercise {
    /// The learner's file, relative to the root.
    pub(crate) fn file(&self) -> String {
        format!(
            "{}/exercises/{}.{}",
            self.folder,
            self.name,
            self.extension()
        )
    }

    /// How the learner's file and the candidates end.
    pub(crate) fn extension(&self) -> &'static str {
        match self.kind {
            Kind::Build | Kind::Fix => "rs",
            Kind::Predict => "txt",
        }
    }

    /// The right answer, relative to the root.
    pub(crate) fn reference(&self) -> String {
        match self.kind {
            Kind::Build => format!("{}/src/{}.rs", self.folder, self.name),
            Kind::Fix | Kind::Predict => {
                format!("{}/reference.{}", self.solutions(), self.extension())
            }
        }
    }

    /// The folder with everything known about this exercise, relative to the root.
    pub(crate) fn solutions(&self) -> String {
        format!("tests/solutions/{}/{}", self.folder, self.name)
    }

    /// What the learner's file is before the learner touches it, relative to the root.
    pub(crate) fn skeleton(&self) -> String {
        format!("{}/skeleton.{}", self.solutions(), self.extension())
    }

    /// The feature that puts the learner's file in the place of the layer's module.
    pub(crate) fn feature(&self) -> String {
        format!("my-{}", self.name.replace('_', "-"))
    }

    /// Whether the exercise's file is a module of the stage's library; if not, only its grader has it.
    pub(crate) fn is_in_library(&self) -> bool {
        self.kind == Kind::Build
    }

    /// The fast loop for this exercise, as the user types it.
    pub(crate) fn check(&self) -> String {
        format!(
            "cargo xtask check-stage {} --exercise {}",
            self.stage, self.name
        )
    }
}
