// expect: pass
pub fn keep(text: String) -> (String, usize) {
    let length = text.len();
    (text, length)
}
