// expect: does-not-compile
pub fn put(text: String) -> (String, usize) {
    let length = text.len();
    (text, length)
}
