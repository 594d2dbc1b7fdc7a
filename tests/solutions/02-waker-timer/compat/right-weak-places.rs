// expect: pass
//! Each `Compat` owns an `AtomicWaker`, and the registry holds them all weakly: a dropped one vanishes by itself.

use std::mem;
use std::pin::Pin;
use std::sync::{Arc, Mutex, Weak};
use std::task::{Context, Poll};

use simple_future::SimpleFuture;

use crate::AtomicWaker;

#[derive(Debug)]
pub struct Compat<F> {
    inner: F,
    waker: Arc<AtomicWaker>,
}

impl<F> Compat<F> {
    pub fn new(inner: F) -> Self {
        let waker = Arc::new(AtomicWaker::new());
        ALL.lock().unwrap().push(Arc::downgrade(&waker));
        Compat { inner, waker }
    }
}

impl<F: SimpleFuture + Unpin> Future for Compat<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        self.waker.register(cx.waker());
        match self.inner.poll(wake) {
            simple_future::Poll::Pending => Poll::Pending,
            simple_future::Poll::Ready(output) => Poll::Ready(output),
        }
    }
}

static ALL: Mutex<Vec<Weak<AtomicWaker>>> = Mutex::new(Vec::new());

fn wake() {
    let places: Vec<_> = {
        let mut all = ALL.lock().unwrap();
        let places: Vec<_> = mem::take(&mut *all).into_iter().filter_map(|place| place.upgrade()).collect();
        all.extend(places.iter().map(Arc::downgrade));
        places
    };
    for place in places {
        place.wake();
    }
}
