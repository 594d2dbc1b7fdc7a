//! Whether a value may move to another thread, as an answer and not as an error of the compiler.

use std::marker::PhantomData;

/// Asks for a type that nobody can name. A method of the type itself goes before one of a trait: so the answer is
/// `true` where the type is Send, and otherwise the trait's `false`.
pub(crate) struct Asked<'a, T>(PhantomData<&'a T>);

impl<'a, T> Asked<'a, T> {
    pub(crate) fn about(_value: &'a T) -> Self {
        Asked(PhantomData)
    }
}

impl<T: Send> Asked<'_, T> {
    pub(crate) fn answer(&self) -> bool {
        true
    }
}

/// The answer for all other types.
#[allow(dead_code, reason = "where all types are Send, nobody asks it")]
pub(crate) trait Otherwise {
    fn answer(&self) -> bool {
        false
    }
}

impl<T> Otherwise for Asked<'_, T> {}

/// Whether the type of this value is Send.
macro_rules! is_send {
    ($value:expr) => {{
        #[allow(
            unused_imports,
            reason = "where the type is Send, nobody asks the trait"
        )]
        use $crate::sendable::Otherwise;
        $crate::sendable::Asked::about($value).answer()
    }};
}

pub(crate) use is_send;
