//! Every page of the console in a real browser, wide and narrow, light and dark, as its owner sees it.

use signet::account::Role;

use super::story::tell;
use super::*;
use crate::bench::run;

#[test]
fn axe_finds_no_fault_with_any_page_and_none_is_too_wide() {
    run(|| async {
        let console = Console::start("").await;
        let owner = console.member(Role::Owner).await;
        let cookies = serde_json::to_string(&*owner.cookies.lock().unwrap()).unwrap();
        let knows = [
            ("CONSOLE", format!("http://{}", console.address)),
            ("COOKIES", cookies),
            ("TENANT", "contoso".to_owned()),
        ];
        let mut looked = 0;
        tell("pages.mjs", &knows, async |asked| {
            assert!(asked["looked"].is_string(), "{asked}");
            looked += 1;
            json!({})
        })
        .await;
        assert_eq!(looked, 18);
    });
}
