//! Files as administrators bring them, good and broken.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::{BTreeMap, HashSet};

use proptest::prelude::*;

use super::*;

fn read(file: &str) -> Preview {
    read_knowing(file, &[])
}

fn read_knowing(file: &str, people: &[PersonEntry]) -> Preview {
    let domains = [Domain::parse("contoso.example").unwrap()];
    preview(
        file.as_bytes(),
        &BTreeMap::new(),
        Known { domains: &domains, people, taken: &HashSet::from(["taken".to_owned()]) },
    )
}

fn problems(file: &str) -> Vec<String> {
    read(file).problems.iter().map(Problem::to_string).collect()
}

#[test]
fn people_come_with_their_attributes_and_addresses() {
    let preview = read(
        "id;Email;Display name;Street;Phone;Aliases;Shoe size\r\n\
         ada;Ada@Contoso.example;Ada Vance;\"Laan 1\r\n3511 Utrecht\";+31 30;smtp:a.vance@contoso.example;39\r\n\
         ;bob@contoso.example;Bob;;;\"SMTP:bob@contoso.example;X500:/o=x;info@contoso.example\";\r\n",
    );
    assert_eq!(preview.problems, []);
    assert_eq!(preview.columns.last().unwrap().field, None);
    let ada = &preview.people[0];
    assert_eq!(
        (ada.id.as_str(), &ada.addresses),
        ("ada", &vec!["ada@contoso.example".to_owned(), "a.vance@contoso.example".into()])
    );
    assert_eq!(ada.attributes[&Attribute::EmailAddress], "Ada@Contoso.example");
    assert_eq!(ada.attributes[&Attribute::StreetAddress], "Laan 1\r\n3511 Utrecht");
    let bob = &preview.people[1];
    assert!(bob.id.starts_with("bob-contoso.example-"), "{}", bob.id);
    assert_eq!(bob.addresses, ["bob@contoso.example", "info@contoso.example"]);
    assert!(!bob.attributes.contains_key(&Attribute::TelephoneNumber));
}

#[test]
fn every_bad_row_is_told_by_line_and_the_others_are_read() {
    let file = "Email,Name,City\n\
                ada@contoso.example,Ada,Utrecht\n\
                bob,Bob,Delft\n\
                eve@elsewhere.example,Eve,Delft\n\
                ,Nobody,Delft\n\
                ada@contoso.example,Twice,Delft\n\
                short@contoso.example\n\
                \"q@contoso.example\"x,Q,Delft\n\
                bell@contoso.example,Be\u{7}ll,Delft\n\
                fred@contoso.example,Fred,Delft\n";
    let expected = [
        "line 3, column Email: `bob` is not a mail address",
        "line 4, column Email: `elsewhere.example` is not a domain of this tenant",
        "line 5: has no mail address",
        "line 6: `ada@contoso.example` stands in line 2 already",
        "line 7: 1 fields, but the heading has 3",
        "line 8: text follows a closing quote",
        "line 9, column Name: has control characters",
    ];
    assert_eq!(problems(file), expected);
    let people: Vec<_> = read(file).people.iter().map(|person| person.addresses[0].clone()).collect();
    assert_eq!(people, ["ada@contoso.example", "fred@contoso.example"]);
}

#[test]
fn without_a_heading_that_fits_nobody_is_read() {
    let table = [
        ("", "line 1: the file is empty; the first row has to name the columns"),
        (
            "Name,City\nAda,Utrecht\n",
            "line 1: no column of mail addresses: give one the heading Email, or say which it is",
        ),
        (
            "\n\nMail,E-Mail\na@contoso.example,b@contoso.example\n",
            "line 3, column E-Mail: means the same as the column Mail; leave one of them out",
        ),
        ("\"Email\nada@contoso.example\n", "line 1: a quote opens here and is never closed"),
    ];
    for (file, expected) in table {
        assert_eq!(problems(file), [expected], "{file}");
        assert!(read(file).people.is_empty());
    }
}

#[test]
fn the_administrator_says_what_no_heading_does() {
    let domains = [Domain::parse("contoso.example").unwrap()];
    let known = Known { domains: &domains, people: &[], taken: &HashSet::new() };
    let chosen = BTreeMap::from([
        ("Postadres".to_owned(), Some(Field::Address)),
        ("Functie".to_owned(), Some(Field::Attribute(Attribute::JobTitle))),
        ("City".to_owned(), None),
    ]);
    let preview = preview(b"Postadres,Functie,City\nada@contoso.example,Ingenieur,Utrecht\n", &chosen, known);
    assert_eq!(preview.problems, []);
    assert_eq!(preview.people[0].attributes[&Attribute::JobTitle], "Ingenieur");
    assert!(!preview.people[0].attributes.contains_key(&Attribute::City));
}

#[test]
fn who_is_known_keeps_the_id_and_the_difference_is_told() {
    let before =
        read("id,Email,Name\nada,ada@contoso.example,Ada\nbob,bob@contoso.example,Bob\neve,eve@contoso.example,Eve\n")
            .people;
    let after = read_knowing(
        "Email,Name,City\nADA@contoso.example,Ada,Utrecht\nbob@contoso.example,Bob,\nnew@contoso.example,New,\n",
        &before,
    );
    let difference = after.against(&before);
    let new = after.people[2].id.clone();
    assert_eq!((difference.new, difference.same, difference.gone), (vec![new], 1, vec!["eve".to_owned()]));
    assert_eq!(difference.changed, [Changed { id: "ada".into(), what: vec!["city", "emailAddress"] }]);
    assert_eq!(before.len(), 3);
}

#[test]
fn a_file_that_is_wrong_throughout_is_told_of_a_thousand_times() {
    let file = format!("Email\n{}", "nonsense\n".repeat(50_000));
    assert_eq!(read(&file).problems.len(), PROBLEMS);
}

proptest! {
    /// Whatever comes is read to an end; who is taken could stand in a tenant file.
    #[test]
    fn anything_can_be_read(file in prop::collection::vec(any::<u8>(), 0..400), rows in "(Email|[a-z@.;,\"\n\r]){0,60}") {
        let domains = [Domain::parse("contoso.example").unwrap()];
        let known = Known { domains: &domains, people: &[], taken: &HashSet::new() };
        preview(&file, &BTreeMap::new(), known);
        let rows = format!("Email,Name\nada@contoso.example,Ada\n{rows}");
        let found = preview(rows.as_bytes(), &BTreeMap::new(), known);
        for person in &found.people {
            prop_assert!(is_id(&person.id) && !person.addresses.is_empty());
        }
        let lines = rows.matches('\n').count() + 1;
        prop_assert!(found.problems.iter().all(|problem| (1..=lines).contains(&problem.line)));
    }

    /// Whatever a value is, quoted it comes back as it was.
    #[test]
    fn a_quoted_value_comes_back(value in "[^\\x00-\\x1f\\x7f-\\x9f]{0,40}") {
        let file = format!("Email,Title\nada@contoso.example,\"{}\"\n", value.replace('"', "\"\""));
        let found = read(&file);
        prop_assert_eq!(&found.problems, &[]);
        let title = found.people[0].attributes.get(&Attribute::JobTitle).cloned().unwrap_or_default();
        prop_assert_eq!(title, value.trim());
    }
}

#[test]
fn an_id_of_somebody_else_is_told_by_its_line() {
    let file = "id,Email\nada,ada@contoso.example\ntaken,t@contoso.example\n";
    let expected = "line 3: the id `taken` is that of a person of the tenant file or of the directory";
    assert_eq!(problems(file), [expected]);
}
