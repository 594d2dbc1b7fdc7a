//! # Error gallery: four programs that the compiler rejects
//!
//! The promise of a pin is kept by four ordinary rules of the language. Whoever knows what the compiler says when one of
//! them is broken will not be long about it when it says so in earnest. Write the smallest program that breaks each of
//! them: below each line `// == … ==` one program, that the compiler rejects with *one* error, and for the stated reason.
//!
//! What is checked, of each program alone:
//!
//! 1. The compiler has exactly one error against it (warnings do not count).
//! 2. The error has the stated code.
//! 3. Its words, and the places that it points to, show the stated reason: one code has many. Where a neighbour of the
//!    reason has the same words (a pin of a shared `&T` gives no `&mut` either), that is not it.
//! 4. The program has at most six lines of code, as rustfmt writes them. Empty lines and comments do not count.
//!
//! Settled: each program is compiled as a library of its own, in edition 2024, with nothing but `std`: it needs no `main`,
//! and it imports what it uses, since it sees nothing of the others. Leave the lines with `==` as they are.
//!
//! Read first: README.md, "What the compiler says". Do `stack_and_heap` before this. About 20 minutes.
//!
//! Check: `cargo xtask check-stage 6 --exercise error_gallery`. Stuck: `cargo xtask hint error_gallery`.

// == needs_unpin ==
// E0277: somebody asks for a value that may be moved (`Unpin`), and is given one that may not.

// == used_after_pin ==
// E0382: somebody uses a variable that was given to `pin!`: the variable itself, and not a call or a future that it is in.

// == pin_returned ==
// E0515: a function gives its caller what it has pinned with `pin!`.

// == changed_behind_pin ==
// E0596: somebody wants a `&mut` to what is pinned, to exchange it for another.
