//! A process that dies loses nothing: whatever page it dies at, before or after the page was kept, the next run goes
//! on from what was kept, and ends where a run without a death ends.

use proptest::prelude::*;
use serde_json::json;
use standin::graph::{Directory, Member, Number, Removed, Sizes};

use crate::memory::{Memory, When};
use crate::world::World;

const SIZES: Sizes = Sizes { page: 15, members: 10 };

#[tokio::test]
async fn dying_at_any_page_of_a_full_read_loses_nothing() {
    let mut world = World::new(Directory::generated(120, 30)).await;
    world.cloud.sizes(SIZES);
    world.sync().await.unwrap();
    let pages = world.memory.kept;
    assert!(pages > 12, "{pages}");
    for page in 0..pages {
        for when in [When::BeforeItIsKept, When::AfterItIsKept] {
            world.memory = Memory::default();
            assert!(world.sync_and_die(page, when).await, "page {page}");
            let kept = world.memory.kept;
            let done = world.sync().await.unwrap();
            world.check();
            // Nothing that was kept is read again; a list that was finished is asked for its changes.
            assert!(done.pages <= pages - kept + 2, "page {page}: {} after {kept} of {pages}", done.pages);
        }
    }
}

#[derive(Debug, Clone)]
enum Edit {
    Retitle(Number),
    Remove(Number),
    Add,
    /// The first one's mail address becomes the second one's, and the first is gone.
    Inherit(Number, Number),
    Join(Number, Number),
    Nest(Number, Number),
    Leave(Number, Number),
    Rename(Number),
    Dissolve(Number),
    ForgetLinks,
}

fn edit() -> impl Strategy<Value = Edit> {
    let (user, group) = (0..70_usize, 0..12_usize);
    prop_oneof![
        4 => user.clone().prop_map(Edit::Retitle),
        2 => user.clone().prop_map(Edit::Remove),
        2 => Just(Edit::Add),
        2 => (user.clone(), user.clone()).prop_map(|(gone, heir)| Edit::Inherit(gone, heir)),
        4 => (group.clone(), user.clone()).prop_map(|(group, user)| Edit::Join(group, user)),
        2 => (group.clone(), group.clone()).prop_map(|(group, below)| Edit::Nest(group, below)),
        4 => (group.clone(), user).prop_map(|(group, user)| Edit::Leave(group, user)),
        1 => group.clone().prop_map(Edit::Rename),
        1 => group.prop_map(Edit::Dissolve),
        1 => Just(Edit::ForgetLinks),
    ]
}

fn carry_out(world: &World, edit: &Edit) {
    if matches!(edit, Edit::ForgetLinks) {
        return world.cloud.forget_links();
    }
    world.cloud.edit(|directory| match *edit {
        Edit::Retitle(user) if directory.user(user).is_some() => {
            directory.set_user(user, json!({"jobTitle": format!("Title {user}"), "faxNumber": null}));
        }
        Edit::Remove(user) if directory.user(user).is_some() => directory.remove_user(user, Removed::Soft),
        Edit::Add => {
            directory.add_user(json!({"mail": format!("added{}@contoso.example", directory.user_count())}));
        }
        Edit::Inherit(gone, heir)
            if gone != heir && directory.user(gone).is_some() && directory.user(heir).is_some() =>
        {
            let mail = directory.user(gone).and_then(|user| user.get("mail").cloned()).unwrap_or_default();
            directory.remove_user(gone, Removed::Soft);
            directory.set_user(heir, json!({"mail": mail}));
        }
        Edit::Join(group, user) if directory.user(user).is_some() && directory.group_name(group).is_some() => {
            directory.join(group, Member::User(user));
        }
        Edit::Nest(group, below) if directory.group_name(group).is_some() && directory.group_name(below).is_some() => {
            directory.join(group, Member::Group(below));
        }
        Edit::Leave(group, user) => directory.leave(group, Member::User(user)),
        Edit::Rename(group) if directory.group_name(group).is_some() => directory.rename_group(group, "Renamed"),
        Edit::Dissolve(group) if directory.group_name(group).is_some() => directory.remove_group(group, Removed::Hard),
        _ => {}
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn whatever_changes_and_whenever_we_die_the_end_is_what_there_is(
        rounds in prop::collection::vec((prop::collection::vec(edit(), 0..8), 0..14_u64, any::<bool>()), 1..6),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut world = World::new(Directory::generated(60, 10)).await;
            world.cloud.sizes(SIZES);
            for (edits, pages, before) in &rounds {
                let when = if *before { When::BeforeItIsKept } else { When::AfterItIsKept };
                world.sync_and_die(world.memory.kept + pages, when).await;
                for edit in edits {
                    carry_out(&world, edit);
                }
            }
            // The first run ends what was begun, the second brings what changed meanwhile.
            world.sync().await.unwrap();
            world.sync().await.unwrap();
            world.check();
        });
    }
}
