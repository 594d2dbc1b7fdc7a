// expect: does-not-compile borrowed-too-long
pub fn keep(text: String) -> (String, usize) {
    let length: &'static usize = &text.len();
    (text, *length)
}
