//! What tenants cost an edge: each change is read once, and no poll after it reads a tenant again, however many there
//! are and however fresh they are.

use serde_json::{Value, json};
use standin::mails::{Client, Letter};

use crate::bench::{Bench, contoso, end_code, outgoing, run};

const READ: &str = "signet_snapshot_read_total";
const KNOWN: &str = "signet_tenant_known_tenants";

/// Waits until the edge knows so many tenants and has asked the store again and again after that.
async fn settled(bench: &Bench, tenants: f64) {
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(60);
    let mut first = None;
    loop {
        assert!(std::time::Instant::now() < deadline, "{}", bench.metrics().await);
        let asked = bench.metric("signet_snapshot_checked_timestamp_seconds").await;
        if bench.metric(KNOWN).await != tenants {
            first = None;
        } else if asked >= *first.get_or_insert(asked) + 3.0 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

fn tenant(number: usize, port: u16) -> Value {
    let mut file = contoso(port);
    file["id"] = json!(format!("t{number}"));
    file["people"] = json!([]);
    file["domains"] = json!([format!("t{number}.example")]);
    file["microsoft_tenant_id"] = json!(format!("00000000-0000-4000-8000-{number:012}"));
    file
}

#[test]
fn a_tenant_is_read_when_it_changed_and_never_again() {
    run(|| async {
        let bench = Bench::start().await;
        assert_eq!(bench.metric(READ).await, 1.0);
        let folder = bench.setup.folder.join("more");
        std::fs::create_dir(&folder).unwrap();
        for number in 0..40 {
            let file = tenant(number, bench.exchange.port());
            std::fs::write(folder.join(format!("{number}.json")), file.to_string()).unwrap();
        }
        // What cannot be taken keeps nothing else back, and is told.
        std::fs::write(folder.join("00-faulty.json"), "{}").unwrap();
        std::fs::create_dir(folder.join("20-unreadable.json")).unwrap();
        let told = bench.setup.signet(&["tenant", "import", folder.to_str().unwrap()]).unwrap_err().to_string();
        assert!(told.contains("00-faulty.json") && told.contains("20-unreadable.json"), "{told}");
        settled(&bench, 41.0).await;
        assert_eq!(bench.metric(READ).await, 41.0);

        bench.setup.signet(&["tenant", "mode", "t7", "bypass"]).unwrap();
        bench.setup.signet(&["tenant", "delete", "t8", "--yes"]).unwrap();
        settled(&bench, 40.0).await;
        assert_eq!(bench.metric(READ).await, 43.0);
        // The tenant that nobody touched is served as before.
        let mail = Letter::first().from("Ada Vance", "ada@contoso.example").written_in(Client::OutlookWeb);
        assert_eq!(end_code(&bench.sender().await.send(&outgoing(&mail)).await), 250);
    });
}
