//! The guide of the console, followed in a real browser: what was built by the mouse, and again by the keyboard alone, is
//! what recipients get.

use serde_json::json;

use super::story::tell;
use super::world::World;
use crate::bench::run;

#[test]
fn a_whole_signature_is_set_up_by_mouse_and_by_keyboard_as_the_guide_says() {
    run(|| async {
        let world = World::start().await;
        let (ada, tenant) = world.owner("ada@northwind.example").await;
        world.connected(&ada, &tenant).await;
        ada.done("DELETE", &format!("{tenant}/signatures/standard"), None).await;
        let cookies = serde_json::to_string(&*ada.cookies.lock().unwrap()).unwrap();
        let knows = [
            ("CONSOLE", format!("http://{}", world.console.address)),
            ("COOKIES", cookies),
            ("TENANT", tenant.strip_prefix("/tenants/").unwrap().to_owned()),
        ];
        let mut built = Vec::new();
        tell("guide.mjs", &knows, async |asked| {
            let name = asked["built"].as_str().unwrap();
            let parts = [
                "alt=\"Northwind\"",
                ">Ada Vance<",
                "Tel. +31 20 555 0101",
                "href=\"https://northwind.example/\"",
                "href=\"https://northwind.example/fair\"",
                "alt=\"See you at the fair\"",
            ];
            let is_whole = |mail: &str| {
                let mail = mail_parser::MessageParser::default().parse(mail.as_bytes()).unwrap();
                let html = mail.body_html(0).unwrap();
                parts.iter().all(|part| html.contains(part))
            };
            world.until_mail(is_whole).await;
            // The next is built as if it were the first.
            let listed = ada.done("GET", &format!("{tenant}/signatures"), None).await;
            let listed = listed["signatures"].as_array().unwrap();
            assert_eq!((listed.len(), &listed[0]["name"]), (1, &json!(name)));
            ada.done("DELETE", &format!("{tenant}/signatures/{}", listed[0]["id"].as_str().unwrap()), None).await;
            ada.done("PUT", &format!("{tenant}/mode"), Some(json!({"mode": "observe"}))).await;
            built.push(name.to_owned());
            json!({})
        })
        .await;
        assert_eq!(built, ["By mouse", "By keyboard"]);
    });
}
