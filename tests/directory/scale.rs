//! The size of a region's largest tenants: prints how long reading takes. A measurement, so no part of `make test`:
//! `cargo test --package standin --test directory -- --ignored --nocapture`.

use std::time::Instant;

use serde_json::json;
use standin::graph::{Directory, Member, Removed, Sizes};

use crate::world::World;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement, run by hand"]
async fn a_hundred_thousand_people_and_five_thousand_nested_groups() {
    let mut world = World::new(Directory::generated(100_000, 5_000)).await;
    world.cloud.sizes(Sizes { page: 200, members: 100 });
    let begun = Instant::now();
    let done = world.sync().await.unwrap();
    println!("full: {:.1} s, {done:?}", begun.elapsed().as_secs_f64());
    world.check();
    world.cloud.edit(|directory| {
        for user in 0..500 {
            directory.set_user(user * 7, json!({"jobTitle": "Changed"}));
            directory.join(user, Member::User(user * 11));
        }
        for user in 0..20 {
            directory.remove_user(user * 13 + 1, Removed::Soft);
        }
    });
    let begun = Instant::now();
    let done = world.sync().await.unwrap();
    println!("delta: {:.1} s, {done:?}", begun.elapsed().as_secs_f64());
    world.check();
}
