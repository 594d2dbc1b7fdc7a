// expect: fail other-reason
// == moved ==
pub fn moved() -> usize {
    let other = String::new();
    drop(other);
    other.len()
}
