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
    /// Make a program compile, or write the smallest ones that the compiler rejects.
    Compile,
}

impl Kind {
    /// As the manifests write it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::Build => "build",
            Kind::Fix => "fix",
            Kind::Predict => "predict",
            Kind::Compile => "compile",
        }
    }
}

/// A program that a learner writes to see it rejected, and what the compiler has to say about it.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Rejected {
    /// Its name: the program begins below the line `// == NAME ==`.
    pub(crate) program: String,
    /// The code of its only error.
    pub(crate) code: String,
    /// What the error's own words contain.
    pub(crate) says: String,
    /// What they do not contain: the words of neighbouring reasons. A `&mut` is no `&` here.
    #[serde(default)]
    pub(crate) never: Vec<String>,
    /// What the error points to: this, a call of it, or the one argument of a call. Empty where any place will do.
    #[serde(default)]
    pub(crate) at: String,
    /// What the compiler's words at that place contain.
    #[serde(default)]
    pub(crate) label: String,
    /// The most lines of code that it may have.
    pub(crate) lines: usize,
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
    /// The grader's tests, from basic to subtle. Of a gallery they are its programs.
    #[serde(default)]
    pub(crate) tests: Vec<String>,
    /// The programs that have to be rejected, where the exercise is a gallery of those.
    #[serde(default)]
    pub(crate) rejected: Vec<Rejected>,
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
            Kind::Build | Kind::Fix | Kind::Compile => "rs",
            Kind::Predict => "txt",
        }
    }

    /// The right answer, relative to the root.
    pub(crate) fn reference(&self) -> String {
        match self.kind {
            Kind::Build => format!("{}/src/{}.rs", self.folder, self.name),
            Kind::Fix | Kind::Predict | Kind::Compile => {
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

    /// Whether the compiler alone grades it: then there is no grader, and nothing runs.
    pub(crate) fn is_gallery(&self) -> bool {
        !self.rejected.is_empty()
    }

    /// The fast loop for this exercise, as the user types it.
    pub(crate) fn check(&self) -> String {
        format!(
            "cargo xtask check-stage {} --exercise {}",
            self.stage, self.name
        )
    }
}
