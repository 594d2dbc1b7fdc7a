//! One file a command.

pub(crate) mod bless;
pub(crate) mod check_stage;
pub(crate) mod hint;
pub(crate) mod list;
pub(crate) mod reset;
pub(crate) mod solution;
pub(crate) mod status;
pub(crate) mod trace;
pub(crate) mod verify;
