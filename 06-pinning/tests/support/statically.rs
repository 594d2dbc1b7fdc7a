//! What the compiler knows about a type, asked at run time: so a type that lacks something is a diagnosis, and not a
//! grader that does not compile.
//!
//! An associated constant of the type itself wins over one of a trait. The type has it only if its bound
//! holds; the trait's is there for everything. It works for types that are written out, not for a generic `T`.

use std::marker::PhantomData;

/// Asks about `T`: `Statically::<T>::UNPIN`, with [`Otherwise`] in scope.
pub struct Statically<T: ?Sized>(PhantomData<T>);

/// The answers where the type has no better one.
pub trait Otherwise {
    const UNPIN: bool = false;
    const SEND: bool = false;
    const SYNC: bool = false;
    const CLONE: bool = false;
}

impl<T: ?Sized> Otherwise for Statically<T> {}

impl<T: ?Sized + Unpin> Statically<T> {
    pub const UNPIN: bool = true;
}

impl<T: ?Sized + Send> Statically<T> {
    pub const SEND: bool = true;
}

impl<T: ?Sized + Sync> Statically<T> {
    pub const SYNC: bool = true;
}

impl<T: Clone> Statically<T> {
    pub const CLONE: bool = true;
}
