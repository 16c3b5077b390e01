//! What is read when nothing goes wrong: everything at first, then what changed.

use serde_json::json;
use signet::directory::{Depth, DirectoryError, Managers, Order, Scope, Stage};
use standin::graph::{Directory, Member, Removed, Sizes, group_id, user_id};

use crate::world::World;

#[tokio::test]
async fn everything_is_read_at_first_and_then_what_changed() {
    let mut world = World::new(Directory::generated(450, 60)).await;
    world.cloud.sizes(Sizes { page: 100, members: 20 });
    let done = world.sync().await.unwrap();
    assert_eq!((done.people, done.full, done.odd), (450, 2, 0));
    world.check();

    // Nothing changed: one request for each list.
    let before = world.cloud.seen().len();
    let done = world.sync().await.unwrap();
    assert_eq!((done.people, done.gone, done.groups, done.pages, done.full), (0, 0, 0, 2, 0));
    assert_eq!(world.cloud.seen().len() - before, 2);
    world.check();

    world.cloud.edit(|directory| {
        directory.set_user(3, json!({"jobTitle": "Captain", "city": null, "businessPhones": []}));
        let new = directory.add_user(json!({"mail": "New@Contoso.example", "displayName": "New"}));
        directory.join(1, Member::User(new));
        directory.remove_user(4, Removed::Soft);
        directory.remove_user(5, Removed::Hard);
        directory.rename_group(2, "Renamed");
        directory.remove_group(3, Removed::Hard);
        let group = directory.add_group("Added");
        directory.join(group, Member::User(6));
        directory.join(group, Member::Group(1));
        directory.join(group, Member::Device(1));
        directory.leave(0, Member::Group(1));
    });
    let done = world.sync().await.unwrap();
    assert_eq!((done.people, done.gone, done.full), (2, 2, 0));
    world.check();
    assert_eq!(world.progress.borrow().stage, Stage::Groups);
    assert_eq!(world.progress.borrow().done, done);
}

#[tokio::test]
async fn a_group_that_comes_on_several_pages_is_one_group() {
    let mut directory = Directory::generated(300, 3);
    for user in 0..300 {
        directory.join(1, Member::User(user));
    }
    let mut world = World::new(directory).await;
    world.cloud.sizes(Sizes { page: 2, members: 7 });
    let done = world.sync().await.unwrap();
    assert!(done.groups > 40, "{done:?}");
    world.check();
    // Joined on one page of changes, left on another.
    world.cloud.edit(|directory| {
        for user in 0..200 {
            directory.leave(1, Member::User(user));
        }
        for user in 0..20 {
            directory.join(1, Member::User(user));
        }
    });
    world.sync().await.unwrap();
    world.check();
}

#[tokio::test]
async fn changes_between_two_pages_are_not_lost() {
    let mut world = World::new(Directory::generated(60, 20)).await;
    world.cloud.sizes(Sizes { page: 10, members: 5 });
    for round in 0..12_usize {
        // Dies after some pages; the directory changes before the next run goes on in the midst of a list.
        world.sync_and_die(world.memory.kept + 3, crate::memory::When::AfterItIsKept).await;
        world.cloud.edit(|directory| {
            directory.set_user(round, json!({"city": format!("City {round}")}));
            directory.remove_user(30 + round, Removed::Soft);
            directory.add_user(json!({"mail": format!("late{round}@contoso.example")}));
            directory.join(round % 20, Member::User(59 - round));
            directory.leave((round + 7) % 20, Member::Group((round * 2) % 20));
        });
    }
    world.sync().await.unwrap();
    world.sync().await.unwrap();
    world.check();
}

#[tokio::test]
async fn an_address_belongs_to_who_has_it_now() {
    let mut directory = Directory::default();
    let a = directory.add_user(
        json!({"mail": "a@contoso.example", "proxyAddresses": ["SMTP:a@contoso.example", "smtp:info@contoso.example"]}),
    );
    let b = directory.add_user(json!({"mail": "b@contoso.example", "proxyAddresses": ["SMTP:b@contoso.example"]}));
    let mut world = World::new(directory).await;
    world.sync().await.unwrap();
    assert_eq!(world.memory.owner("info@contoso.example"), Some(user_id(a).as_str()));
    world.cloud.edit(|directory| {
        directory.set_user(b, json!({"proxyAddresses": ["SMTP:b@contoso.example", "smtp:info@contoso.example"]}));
        directory.set_user(a, json!({"proxyAddresses": ["SMTP:a@contoso.example"]}));
    });
    world.sync().await.unwrap();
    assert_eq!(world.memory.owner("info@contoso.example"), Some(user_id(b).as_str()));
    world.check();
}

#[tokio::test]
async fn a_person_who_becomes_a_guest_or_loses_the_mailbox_goes() {
    let mut world = World::new(Directory::generated(10, 2)).await;
    world.sync().await.unwrap();
    world.cloud.edit(|directory| {
        directory.set_user(1, json!({"userType": "Guest"}));
        directory.set_user(2, json!({"mail": null, "proxyAddresses": []}));
        directory.set_user(3, json!({"accountEnabled": false}));
    });
    world.sync().await.unwrap();
    world.check();
    let ids = [1, 2, 3].map(|number| world.memory.person(&user_id(number)).is_some());
    assert_eq!(ids, [false, false, true]);
}

#[tokio::test]
async fn a_full_read_takes_away_whom_nobody_told_us_about() {
    let mut world = World::new(Directory::generated(50, 10)).await;
    world.cloud.sizes(Sizes { page: 10, members: 5 });
    world.sync().await.unwrap();
    world.cloud.edit(|directory| {
        directory.remove_user(7, Removed::Hard);
        directory.remove_group(2, Removed::Hard);
        directory.leave(0, Member::Group(1));
    });
    let done = world.read(Depth::Everything).await.unwrap();
    assert_eq!((done.people, done.gone, done.full), (49, 0, 2));
    world.check();
    let done = world.sync().await.unwrap();
    assert_eq!((done.people, done.full), (0, 0));
}

#[tokio::test]
async fn limited_to_one_group_only_its_people_are_kept() {
    let mut directory = Directory::generated(2_500, 8);
    let (top, below) = (directory.add_group("Scope"), directory.add_group("Below"));
    directory.join(top, Member::Group(below));
    directory.join(below, Member::Group(top));
    for user in 0..1_500 {
        directory.join(if user % 2 == 0 { top } else { below }, Member::User(user));
    }
    let mut world = World::new(directory).await;
    world.sync().await.unwrap();
    assert_eq!(world.memory.view().people.len(), 2_500);
    world.order.scope = Scope::Group(group_id(top));
    let done = world.sync().await.unwrap();
    assert_eq!((done.people, done.full), (1_500, 2));
    assert_eq!(world.memory.view().people.len(), 1_500);
    // Who leaves the group goes, who joins it comes; groups are read by changes.
    world.cloud.edit(|directory| {
        directory.leave(top, Member::User(0));
        directory.join(below, Member::User(2_000));
    });
    let done = world.sync().await.unwrap();
    assert_eq!(done.full, 1);
    let people = world.memory.view().people;
    assert_eq!(people.len(), 1_500);
    assert!(people.contains_key(&user_id(2_000)) && !people.contains_key(&user_id(0)));
    world.order.scope = Scope::Group(group_id(99));
    assert_eq!(world.sync().await, Err(DirectoryError::ScopeGone));
    assert_eq!(world.memory.view().people.len(), 1_500);
    world.order.scope = Scope::Everybody;
    world.sync().await.unwrap();
    world.check();
}

#[tokio::test]
async fn managers_and_further_properties_are_read_where_they_are_asked_for() {
    const COST: &str = "extension_0123456789abcdef0123456789abcdef_costCentre";
    let mut directory = Directory::generated(20, 0);
    directory.set_user(1, json!({COST: "4711"}));
    directory.set_manager(1, Some(2));
    directory.set_manager(3, Some(2));
    let mut world = World::new(directory).await;
    world.order =
        Order { extra: [(COST.into(), "costCentre".into())].into(), managers: Managers::Read, ..Order::default() };
    world.sync().await.unwrap();
    let manager = |world: &World, number| world.memory.view().people[&user_id(number)].manager.clone();
    assert_eq!(world.memory.person(&user_id(1)).unwrap().custom["costCentre"], "4711");
    assert_eq!(manager(&world, 1), Some(user_id(2)));
    world.cloud.edit(|directory| {
        directory.set_manager(1, Some(4));
        directory.set_manager(3, None);
    });
    world.sync().await.unwrap();
    assert_eq!((manager(&world, 1), manager(&world, 3)), (Some(user_id(4)), None));
    // A change of something else leaves the manager alone, another order begins anew.
    world.cloud.edit(|directory| directory.set_user(1, json!({"city": "Utrecht"})));
    assert_eq!(world.sync().await.unwrap().people, 1);
    assert_eq!(manager(&world, 1), Some(user_id(4)));
    world.order = Order::default();
    assert_eq!(world.sync().await.unwrap().full, 2);
    assert_eq!(world.memory.person(&user_id(1)).unwrap().custom.get("costCentre"), None);
}

#[tokio::test]
async fn nothing_but_reading_leaves_for_graph_and_in_memory_is_one_page() {
    let mut world = World::new(Directory::generated(1_000, 100)).await;
    world.cloud.sizes(Sizes { page: 50, members: 10 });
    world.sync().await.unwrap();
    assert!(world.memory.largest <= 101, "{}", world.memory.largest);
    let seen = world.cloud.seen();
    assert!(seen.iter().all(|seen| seen.method == "GET" || seen.target.ends_with("/oauth2/v2.0/token")));
    let select = "id,userPrincipalName,mail,proxyAddresses,accountEnabled,userType,displayName,givenName,surname,jobTitle,department,companyName,officeLocation,streetAddress,city,state,postalCode,country,businessPhones,mobilePhone,faxNumber,preferredLanguage,onPremisesExtensionAttributes";
    assert_eq!(world.asked(0)[0], format!("/v1.0/users/delta?$select={select}"));
    assert_eq!(world.cloud.tokens_given(), 1);
}
