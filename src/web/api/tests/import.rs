//! A message is read for its signature by those who may write one, and leaves nothing behind; a preview shows pictures
//! that are not put yet.

use super::*;

const IMPORT: &str = "/api/v1/tenants/contoso/import";
const MESSAGE: &[u8] = b"From: Ada <ada@contoso.example>\r\nContent-Type: text/html\r\n\r\n\
<p>Yes.</p><p>Ada</p><div class=\"gmail_quote\"><div class=\"gmail_attr\">On Monday Bo wrote:<br></div>\
<blockquote class=\"gmail_quote\">Well?</blockquote></div>";
const PIXEL: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

async fn a_message_is_read_and_nothing_is_kept(world: World) {
    let before = world.asks("GET", "/api/v1/tenants/contoso/export", None).done();
    let send =
        |kind: &str, octets: &[u8]| world.client().token(&world.contoso).send("POST", IMPORT, Some((kind, octets)));
    let read = send("message/rfc822", MESSAGE).done();
    assert_eq!((&read["from"], &read["html"]), (&json!("ada@contoso.example"), &json!("<p>Yes.</p><p>Ada</p>")));
    assert_eq!(send("message/rfc822", b"").refused().0, 422);
    assert_eq!(send("text/html", MESSAGE).refused().0, 415);
    assert_eq!(world.asks("GET", "/api/v1/tenants/contoso/export", None).done(), before);
    let other = world.client().token(&world.contoso).send(
        "POST",
        "/api/v1/tenants/eve/import",
        Some(("message/rfc822", MESSAGE)),
    );
    assert_eq!(other.refused().0, 404);
}

async fn a_preview_shows_a_picture_that_is_not_put(world: World) {
    let draft = |images: Value| {
        json!({"person": "ada", "images": images, "signature": {"id": "new", "name": "New", "design": {"version": 1,
            "blocks": [{"type": "image", "image": "fresh", "alt": "", "width": 20}]}}})
    };
    let ask = |images| world.asks("POST", "/api/v1/tenants/contoso/preview", Some(draft(images)));
    assert_eq!(ask(json!([])).refused().0, 422);
    let drawn = ask(json!([{"id": "fresh", "type": "image/png", "base64": PIXEL}])).done();
    assert_eq!(drawn["images"][0]["base64"], json!(PIXEL));
    assert_eq!(world.asks("GET", "/api/v1/tenants/contoso/images/fresh", None).refused().0, 404);
}

on_both! { a_message_is_read_and_nothing_is_kept, a_preview_shows_a_picture_that_is_not_put }
