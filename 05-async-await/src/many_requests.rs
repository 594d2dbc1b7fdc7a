//! Many requests at once, each a task of its own, on this thread.

use std::io;

use executor::{Spawner, spawn_local};

use crate::cheapo_request;

/// Makes all requests (host, port and path) at once, and gives the answers in the order of the requests.
///
/// Each is a task on the executor of `spawner`, which has to run on this thread. Tasks run also while
/// nobody waits for them: so they may be awaited one after the other, and go on at once nevertheless.
///
/// ```no_run
/// use async_await::many_requests;
/// use reactor::Runtime;
///
/// let mut runtime = Runtime::new()?;
/// let spawner = runtime.spawner();
/// let paths = ["/", "/one", "/two"];
/// let requests = paths.map(|path| ("localhost".to_owned(), 8080, path.to_owned()));
/// for answer in runtime.block_on(many_requests(&spawner, requests.into())) {
///     println!("{}", answer?);
/// }
/// # Ok::<_, std::io::Error>(())
/// ```
pub async fn many_requests(
    spawner: &Spawner,
    requests: Vec<(String, u16, String)>,
) -> Vec<io::Result<String>> {
    let tasks: Vec<_> = requests
        .iter()
        .map(|(host, port, path)| spawn_local(spawner, cheapo_owning_request(host, *port, path)))
        .collect();
    let mut answers = Vec::new();
    for task in tasks {
        answers.push(task.await.expect("a request does not panic"));
    }
    answers
}

/// As [`cheapo_request`], with a future that borrows nothing: a task may outlive whoever spawned it.
///
/// It is no `async fn`, but a function with an async block at its end. What stands before the block is
/// done when the function is called: by the time the future is polled, host and path may be gone.
pub fn cheapo_owning_request(
    host: &str,
    port: u16,
    path: &str,
) -> impl Future<Output = io::Result<String>> + use<> {
    let (host, path) = (host.to_owned(), path.to_owned());
    async move { cheapo_request(&host, port, &path).await }
}
