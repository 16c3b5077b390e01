//! Images: what is put is what is given back, and what it says it is.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::*;

const ALL: &str = "/api/v1/tenants/contoso/images";

fn put(world: &World, name: &str, kind: &str, octets: &[u8]) -> Answer {
    world.client().token(&world.contoso).send("PUT", &format!("{ALL}/{name}"), Some((kind, octets)))
}

async fn an_image_is_put_shown_replaced_and_removed(world: World) {
    let (gif, jpeg) = (b"GIF89a and more".as_slice(), b"\xff\xd8\xff\xe0 and more".as_slice());
    put(&world, "banner", "image/gif", gif).done();
    let given = world.asks("GET", &format!("{ALL}/banner"), None);
    assert_eq!((given.header("content-type"), given.body.as_slice()), (Some("image/gif"), gif));
    put(&world, "banner", "image/jpeg", jpeg).done();
    put(&world, "same", "image/jpeg", jpeg).done();
    let list = world.asks("GET", ALL, None).done();
    assert_eq!(
        list["images"],
        json!([
        {"id": "banner", "type": "image/jpeg", "bytes": jpeg.len()},
        {"id": "logo", "type": "image/png", "bytes": list["images"][1]["bytes"]},
        {"id": "same", "type": "image/jpeg", "bytes": jpeg.len()}])
    );
    // One of two that show the same picture goes, the picture stays.
    world.asks("DELETE", &format!("{ALL}/banner"), None).done();
    assert_eq!(world.asks("GET", &format!("{ALL}/banner"), None).refused().0, 404);
    assert_eq!(world.asks("GET", &format!("{ALL}/same"), None).body, jpeg);
    let exported = world.asks("GET", "/api/v1/tenants/contoso/export", None).done();
    assert_eq!(exported["images"][1]["base64"], STANDARD.encode(jpeg));
    let pictures = world.store.export(&id("contoso")).await.unwrap().unwrap();
    assert_eq!(pictures.to_json(), serde_json::to_string_pretty(&pictures).unwrap() + "\n");
}

async fn what_is_no_image_or_is_shown_is_refused(world: World) {
    let one = "/api/v1/tenants/contoso/signatures/standard";
    let mut entry = world.asks("GET", one, None).done();
    entry["design"]["blocks"].as_array_mut().unwrap().push(json!({"type": "logo", "image": "logo", "width": 80}));
    world.asks("PUT", one, Some(entry)).done();
    let before = world.state().await;
    let large = [b"GIF89a".as_slice(), &vec![0; 1 << 20]].concat();
    for (name, kind, octets, status) in [
        ("a", "image/png", b"GIF89a".as_slice(), 415),
        ("a", "image/png", b"<svg/>", 415),
        ("a", "image/svg+xml", b"<svg/>", 415),
        ("a", "application/json", b"{}", 415),
        ("a", "image/gif", &large, 413),
        ("a%20b", "image/gif", b"GIF89a", 422),
    ] {
        assert_eq!(put(&world, name, kind, octets).refused().0, status, "{name} {kind}");
    }
    let shown = world.asks("DELETE", &format!("{ALL}/logo"), None);
    assert_eq!(shown.refused().2, "/signatures/0/design/blocks/1/image", "{}", shown.text());
    assert_eq!(world.asks("DELETE", &format!("{ALL}/none"), None).refused().0, 404);
    assert_eq!(world.state().await, before);
}

on_both! { an_image_is_put_shown_replaced_and_removed, what_is_no_image_or_is_shown_is_refused }
