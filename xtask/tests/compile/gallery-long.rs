// expect: fail not-smallest
// == moved ==
pub fn moved(text: String) -> (String, usize) {
    let first = text;
    let length = text.len();
    (first, length)
}

// == escapes ==
pub fn escapes<T>(value: T) -> std::pin::Pin<&'static mut T> {
    std::pin::pin!(value)
}
