//! What the document promises, held against the program by schemathesis: requests made of every schema, such as fit and
//! such as do not, and no answer that is a fault of ours or of another form than the document says.

use std::path::PathBuf;
use std::time::Duration;

use serde_json::Value;

use super::*;
use crate::bench::run;

/// Of requests to each operation, half of them such as do not fit.
const REQUESTS: &str = "20";
const SEED: &str = "20261122";
/// Something outside is not there, such as a name server: that is told as 503, and any other 5xx is a fault of ours.
const CONFIGURATION: &str = "[checks]\nnot_a_server_error.expected-statuses = [\"2xx\", \"3xx\", \"4xx\", \"503\"]\n";
const PATIENCE: Duration = Duration::from_secs(600);
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance";

/// Where `tools/setup-tests.sh` puts it.
fn schemathesis() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    let target = target.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target"));
    target.join("schemathesis/bin/schemathesis")
}

#[test]
fn what_the_document_says_holds_for_whatever_is_asked() {
    run(|| async {
        let more_tenants = Box::new(|port| {
            let mut other = crate::bench::contoso(port);
            other["id"] = json!("fabrikam");
            other["domains"] = json!(["fabrikam.example"]);
            other["microsoft_tenant_id"] = json!("0a9a5b1e-3b0f-4f4e-9a51-6a3b1f5c7d21");
            other["people"][0]["addresses"] = json!(["ada@fabrikam.example"]);
            vec![(other, "k1.fabrikam.signet.example".to_owned())]
        });
        let console = Console::with("", Plan { more_tenants, ..Plan::default() }).await;
        let signet = |arguments: &[&str]| console.bench.setup.signet(arguments).unwrap();
        let before = signet(&["tenant", "export", "fabrikam"]);
        let token = signet(&["token", "create", "--name", "fuzz", "--tenant", "contoso", "--scopes", "all"]);
        let document = console.bench.setup.folder.join("openapi.json");
        std::fs::write(&document, of_contoso()).unwrap();
        std::fs::write(console.bench.setup.folder.join("schemathesis.toml"), CONFIGURATION).unwrap();
        let mut command = tokio::process::Command::new(schemathesis());
        command.arg("run").arg(&document).current_dir(&console.bench.setup.folder);
        command.args(["--url", &format!("http://{}", console.address)]);
        command.args(["--header", &format!("Authorization: Bearer {}", token.trim())]);
        command.args(["--phases", "examples,fuzzing", "--mode", "all", "--checks", CHECKS]);
        command.args(["--max-examples", REQUESTS, "--seed", SEED, "--generation-deterministic", "--no-shrink"]);
        command.args(["--warnings", "off", "--no-color"]);
        command.args(["--suppress-health-check", "all", "--continue-on-failure"]);
        let output = tokio::time::timeout(PATIENCE, command.kill_on_drop(true).output()).await.expect("it ends");
        let output = output.expect("schemathesis is there: make test sees to it");
        let told = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{told}{}", String::from_utf8_lossy(&output.stderr));
        assert!(told.contains("No issues found"), "{told}");
        assert_eq!(signet(&["tenant", "export", "fabrikam"]), before, "another tenant is as it was");
    });
}

/// The document with the only tenant there is for who asks, so that what lies behind that question is asked too; without
/// the route that takes a message, since schemathesis writes none.
fn of_contoso() -> String {
    let mut document: Value = serde_json::from_str(include_str!("../../../docs/openapi.json")).unwrap();
    for path in document["paths"].as_object_mut().unwrap().values_mut() {
        for operation in path.as_object_mut().unwrap().values_mut() {
            let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
            for parameter in parameters.into_iter().flatten().filter(|parameter| parameter["name"] == "tenant") {
                parameter["schema"] = json!({"type": "string", "enum": ["contoso"]});
            }
        }
    }
    for takes_a_message in ["explain-message", "import"] {
        let path = format!("/api/v1/tenants/{{tenant}}/{takes_a_message}");
        document["paths"].as_object_mut().unwrap().remove(&path).unwrap();
    }
    document.to_string()
}
