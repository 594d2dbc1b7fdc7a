//! x
pub(crate) fn run(_: &clap::ArgMatches) -> anyhow::Result<bool> {
    todo!()
}
