// expect: does-not-compile unsafe-way-out
pub fn keep(text: String) -> (String, usize) {
    // SAFETY: none.
    let copy = unsafe { std::ptr::read(&text) };
    (text, std::mem::ManuallyDrop::new(copy).len())
}
