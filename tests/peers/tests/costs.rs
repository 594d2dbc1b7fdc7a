//! What the table of costs is made from does what it is measured for, and the picture in the chapter
//! is that of the table beside it.

use std::fs;
use std::path::Path;
use std::time::Duration;

use peers::costs::ring::Ring;
use peers::costs::{jobs, plot, record, tasks, threads};

#[test]
fn the_picture_is_that_of_the_text_beside_it() {
    let plots = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../03-executor/plots");
    let text = fs::read_to_string(plots.join("costs.txt")).expect("the table");
    let picture = fs::read_to_string(plots.join("costs.svg")).expect("the picture");
    let drawn = plot::svg(&record::parse(&text).expect("a table")).expect("a picture");
    assert!(
        picture == drawn,
        "draw it again: cargo bench -p peers --bench costs -- \
         --from 03-executor/plots/costs.txt --plot 03-executor/plots/costs.svg"
    );
}

#[test]
fn threads_jobs_and_tasks_end_and_take_turns() {
    let times = [
        threads::create(3),
        threads::switch(3),
        jobs::create(&jobs::pool(), 3),
        jobs::switch(3),
        tasks::create(3),
        tasks::switch(3),
    ];
    assert!(times.iter().all(|time| *time > Duration::ZERO), "{times:?}");
}

#[test]
fn every_byte_goes_round_the_ring_as_often_as_it_should() {
    for (members, bytes) in [(2, 1), (5, 1), (3, 4)] {
        let ring = Ring {
            members,
            bytes,
            rounds: 3,
        };
        assert_eq!(ring.steps(), members * bytes * 3);
        for time in [
            ring.of_threads(),
            ring.of_tokio_tasks(),
            ring.of_our_tasks(),
        ] {
            assert!(time.expect("sockets on this machine") > Duration::ZERO);
        }
    }
}
