// expect: fail accepted-program
// == moved ==
pub fn moved(text: String) -> (String, usize) {
    let length = text.len();
    (text, length)
}

// == escapes ==
pub fn escapes() -> &'static str {
    &String::new()
}
