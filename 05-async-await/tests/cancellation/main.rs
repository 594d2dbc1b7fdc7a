//! Every future of this stage, dropped at each point at which it can wait: nothing is left of it, and what
//! it shared with others is as good as before.

#![allow(
    clippy::await_holding_refcell_ref,
    reason = "what the future borrows is looked at when the future is gone"
)]

mod channels;
mod combinators;
mod everywhere;
mod frames;
mod http;
mod locks;
#[path = "../behaviour/task.rs"]
mod task;
mod time;
mod world;
