//! x
pub(crate) fn run() -> anyhow::Result<bool> {
    todo!()
}
