//! `crate::context` of the layer, for a pool that is a module of this program: its handles are of
//! another type than the layer's.

#![allow(dead_code, unreachable_pub)]

use std::cell::RefCell;

use crate::thread_pool::PoolHandle;
use executor::Spawner;

#[derive(Clone, Debug)]
pub enum Handle {
    Spawner(Spawner),
    Pool(PoolHandle),
}

thread_local! {
    static CURRENT: RefCell<Vec<Handle>> = const { RefCell::new(Vec::new()) };
}

#[must_use = "the handle is current only as long as this lives"]
pub struct Current(());

pub fn set(handle: Handle) -> Current {
    CURRENT.with_borrow_mut(|current| current.push(handle));
    Current(())
}

impl Drop for Current {
    fn drop(&mut self) {
        let handle = CURRENT.with_borrow_mut(Vec::pop);
        drop(handle);
    }
}

pub fn current() -> Option<Handle> {
    CURRENT.with_borrow(|current| current.last().cloned())
}
