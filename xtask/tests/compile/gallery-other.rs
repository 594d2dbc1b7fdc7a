// expect: fail other-error
// == moved ==
pub fn moved(text: String) -> (u8, usize) {
    (text, text.len())
}

// == escapes ==
pub fn one() -> &'static str {
    &String::new()
}
pub fn two() -> &'static str {
    &String::new()
}
