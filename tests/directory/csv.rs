//! People from a CSV file, by the real program: looked at, taken, and put back exactly.

use serde_json::json;
use standin::appliance::{Listener, Setup};

use crate::place::{Place, file, on_both, tenant};

const FIRST: &str = "Email;Name;Kostenstelle\nada@contoso.example;Ada Vance;77\nbob@contoso.example;Bob;78\n";
const SECOND: &str = "Email;Name;Kostenstelle\nbob@contoso.example;Robert;78\neve@contoso.example;Eve;79\n";
const BROKEN: &str = "Email;Name\nnobody;Nobody\nada@elsewhere.example;Ada\n";

async fn a_file_is_looked_at_taken_and_put_back_exactly(place: Place) {
    let store = place.open().await;
    let folder = tempfile::tempdir().unwrap();
    let setup = Setup::new(folder.path(), &[Listener::Network], "").unwrap();
    setup.keep_store_at(&place.url()).unwrap();
    std::fs::copy(place.folder.path().join("signet.key"), folder.path().join("signet.key")).unwrap();
    let own = file(json!({"people": [{"id": "own", "addresses": ["bob@contoso.example", "own@contoso.example"]}]}));
    store.import(&own).await.unwrap();
    let at = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let (first, second, broken) = (at("1.csv", FIRST), at("2.csv", SECOND), at("3.csv", BROKEN));
    let csv = |path: &str, what: &str| {
        setup.signet(&["directory", "csv", "contoso", path, what, "--column", "Kostenstelle=extension1"])
    };
    let loaded = async || store.load(&tenant()).await.unwrap().unwrap();
    let before = loaded().await;

    let said = csv(&first, "--preview").unwrap();
    assert!(said.contains("column Kostenstelle: extension1") && said.contains("2 new, 0 changed"), "{said}");
    let refused = csv(&broken, "--apply").unwrap_err().to_string();
    assert!(refused.contains("line 2, column Email: `nobody` is not a mail address"), "{refused}");
    assert!(refused.contains("line 3, column Email: `elsewhere.example` is not a domain"), "{refused}");
    assert_eq!(loaded().await, before, "a preview, or a broken file, changes nothing");
    let nothing = setup.signet(&["directory", "rollback", "contoso"]).unwrap_err().to_string();
    assert!(nothing.contains("no CSV file to go back to"), "{nothing}");

    csv(&first, "--apply").unwrap();
    let one = loaded().await.file;
    assert_eq!(one.problems(), []);
    let shown = |file: &signet::tenant::TenantFile| -> Vec<String> {
        file.people.iter().map(|person| person.addresses.join(" ")).collect()
    };
    // The sheet comes before the file.
    assert_eq!(shown(&one), ["own@contoso.example", "ada@contoso.example", "bob@contoso.example"]);
    let said = csv(&second, "--apply").unwrap();
    assert!(said.contains("1 new, 1 changed, 0 as before, 1 gone"), "{said}");
    let two = loaded().await.file;
    assert_eq!(shown(&two), ["own@contoso.example", "bob@contoso.example", "eve@contoso.example"]);
    setup.signet(&["directory", "rollback", "contoso"]).unwrap();
    assert_eq!(loaded().await.file, one);
    setup.signet(&["directory", "rollback", "contoso"]).unwrap();
    assert_eq!(loaded().await.file, two);
    // The file is what it was, and importing it touches nobody of the sheet.
    assert_eq!(store.export(&tenant()).await.unwrap().unwrap().to_json(), own.to_json());
    store.import(&own).await.unwrap();
    assert_eq!(loaded().await.file, two);
    setup.signet(&["directory", "rollback", "contoso"]).unwrap();
    csv(&at("empty.csv", "Email\n"), "--apply").unwrap();
    assert_eq!(shown(&loaded().await.file), ["bob@contoso.example own@contoso.example"]);
}

on_both! {
    a_file_is_looked_at_taken_and_put_back_exactly,
}
