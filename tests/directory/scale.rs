//! The size of a region's largest tenants: prints how long reading takes. Measurements, so no part of `make test`:
//! `cargo test --release --package standin --test directory -- --ignored --nocapture`.

use std::time::{Duration, Instant};

use serde_json::json;
use standin::graph::{Directory, Member, Removed, Sizes};

use crate::place::Place;
use crate::program::Bench;
use crate::world::World;

const SIZES: Sizes = Sizes { page: 200, members: 100 };
const PEOPLE: usize = 100_000;
const GROUPS: usize = 5_000;

fn change(directory: &mut Directory) {
    for user in 0..500 {
        directory.set_user(user * 7, json!({"jobTitle": "Changed"}));
        directory.join(user, Member::User(user * 11));
    }
    for user in 0..20 {
        directory.remove_user(user * 13 + 1, Removed::Soft);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement, run by hand"]
async fn a_hundred_thousand_people_and_five_thousand_nested_groups() {
    let mut world = World::new(Directory::generated(PEOPLE, GROUPS)).await;
    world.cloud.sizes(SIZES);
    let begun = Instant::now();
    let done = world.sync().await.unwrap();
    println!("full: {:.1} s, {done:?}", begun.elapsed().as_secs_f64());
    world.check();
    world.cloud.edit(change);
    let begun = Instant::now();
    let done = world.sync().await.unwrap();
    println!("delta: {:.1} s, {done:?}", begun.elapsed().as_secs_f64());
    world.check();
}

/// With the program named by `SIGNET_BINARY`, else the one beside the test.
async fn measure(place: Place, what: &str) {
    let bench = Bench::new(place, Directory::generated(PEOPLE, GROUPS)).await;
    bench.world.cloud.sizes(SIZES);
    let appliance = bench.setup.start().unwrap();
    for (number, name) in ["full", "delta", "full again"].into_iter().enumerate() {
        if number > 0 {
            bench.world.cloud.edit(change);
            let arguments = ["directory", "sync", "contoso", "--full"];
            bench.setup.signet(&arguments[..arguments.len() - usize::from(name == "delta")]).unwrap();
        }
        let deadline = Instant::now() + Duration::from_secs(1200);
        let ended = loop {
            assert!(Instant::now() < deadline, "{}", appliance.log());
            if let Ok(mut ended) = appliance.wait_for_events("Directory read.", number + 1) {
                break ended.pop().unwrap();
            }
        };
        println!("{what}, {name}: {:.1} s, {ended}", ended["took_ms"].as_f64().unwrap_or_default() / 1000.0);
    }
    let status = std::fs::read_to_string(format!("/proc/{}/status", appliance.pid())).unwrap();
    let peak = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default();
    println!("{what}: the most memory that it ever had, {peak}");
    bench.check(&bench.place.open().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement, run by hand"]
async fn the_real_program_on_sqlite() {
    measure(Place::sqlite(), "SQLite").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement, run by hand"]
async fn the_real_program_on_postgresql() {
    measure(Place::postgres(), "PostgreSQL").await;
}
