//! One of two: the answer of a [`Select`](crate::Select), which says who was first.
//!
//! The name and the two variants are those of the `either` and `futures` crates.

/// A value of one type or of another.
///
/// ```
/// use simple_future::Either;
///
/// fn parse(word: &str) -> Either<i64, &str> {
///     match word.parse() {
///         Ok(number) => Either::Left(number),
///         Err(_) => Either::Right(word),
///     }
/// }
///
/// assert_eq!(parse("42"), Either::Left(42));
/// assert_eq!(parse("many"), Either::Right("many"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Either<L, R> {
    /// The left one of the two.
    Left(L),
    /// The right one of the two.
    Right(R),
}
