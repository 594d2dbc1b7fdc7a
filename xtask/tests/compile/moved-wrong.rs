// expect: fail wrong-value
pub fn keep(text: String) -> (String, usize) {
    (text, 0)
}
