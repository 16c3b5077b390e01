//! One organisation with the application in it: what it answers somebody who shows one of its tokens.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::entra::{Consent, Entra};
use super::http::{Answer, Request};
use super::lists::{After, List, Place, Sizes};
use super::people::{self, Directory, Number};
use super::{CLIENT, error};

/// One organisation with the application in it.
#[derive(Debug)]
pub(super) struct Organisation {
    pub directory: Directory,
    /// Those it has proven; the first one is what Microsoft gave it.
    pub domains: Vec<String>,
    pub sizes: Sizes,
    pub entra: Entra,
    pub generation: u32,
    /// By user: the tag and the picture.
    pub photos: HashMap<Number, (String, Vec<u8>)>,
}

impl Organisation {
    pub fn new(id: &str, domains: &[&str], directory: Directory) -> Organisation {
        Organisation {
            directory,
            domains: domains.iter().map(|name| (*name).to_owned()).collect(),
            sizes: Sizes::default(),
            entra: Entra::new(id, CLIENT),
            generation: 0,
            photos: HashMap::new(),
        }
    }

    /// Answers somebody with a token of this organisation's.
    pub fn answer(&self, base: &str, request: &Request) -> Answer {
        if self.entra.consent != Consent::Given {
            return error(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.");
        }
        let segments: Vec<&str> = request.path().split('/').collect();
        match segments.get(1..).unwrap_or_default() {
            ["v1.0", "users", "delta"] => self.list(base, request, List::Users),
            ["v1.0", "groups", "delta"] => self.list(base, request, List::Groups),
            ["v1.0", "groups", id, "transitiveMembers", "microsoft.graph.user"] => {
                let group = people::number(id).filter(|group| self.directory.members(*group).is_some());
                match group {
                    Some(_) if request.header("consistencylevel") != Some("eventual") => {
                        error(400, "Request_UnsupportedQuery", "ConsistencyLevel is needed.")
                    }
                    Some(group) => self.list(base, request, List::Transitive(group)),
                    None => error(404, "Request_ResourceNotFound", "Resource does not exist."),
                }
            }
            ["v1.0", "domains"] => self.verified_domains(base),
            ["v1.0", "users", id, "photo"] => self.about_photo(id),
            ["v1.0", "users", id, "photo", "$value"] | ["v1.0", "users", id, "photos", _, "$value"] => self.picture(id),
            _ => error(400, "BadRequest", "Resource not found for the segment."),
        }
    }

    fn list(&self, base: &str, request: &Request, list: List) -> Answer {
        let path = request.path();
        let token = |name: &str| request.parameter(name).filter(|token| !token.is_empty());
        let place = match (token("$skiptoken"), token("$deltatoken")) {
            (Some(token), _) => Place::read(&token),
            (None, Some(token)) => Place::read(&token).map(|place| place.begin(&self.directory)),
            (None, None) => {
                let select = request.parameter("$select").unwrap_or_else(|| "displayName,mail".to_owned());
                Some(Place::first(list, select, self.generation, &self.directory))
            }
        };
        let Some(place) = place.filter(|place| place.is_of(list)) else {
            return error(400, "Directory_BadToken", "The token is not valid.");
        };
        if place.generation != self.generation {
            let anew = format!("{}{path}?$deltatoken=", base);
            return error(410, "syncStateNotFound", "The sync state is not found.").with("Location", anew);
        }
        let page = place.page(&self.directory, self.sizes);
        let link = |name: &str, place: &Place| format!("{}{path}?${name}={}", base, place.token());
        let mut body = json!({
            "@odata.context": format!("{}/v1.0/$metadata#{}({})", base, if list == List::Groups { "groups" } else { "users" }, place.select()),
            "value": page.items,
        });
        match page.next {
            After::Page(next) => body["@odata.nextLink"] = link("skiptoken", &next).into(),
            After::Delta(next) => body["@odata.deltaLink"] = link("deltatoken", &next).into(),
            After::End => {}
        }
        fine(&body)
    }

    /// Those of the organisation; the first one is what Microsoft gave it.
    fn verified_domains(&self, base: &str) -> Answer {
        let domain = |(at, name): (usize, &String)| {
            json!({
                "id": name, "authenticationType": "Managed", "isAdminManaged": true, "isDefault": at == 1 || self.domains.len() == 1,
                "isInitial": at == 0, "isRoot": true, "isVerified": true,
                "supportedServices": ["Email", "OfficeCommunicationsOnline"],
            })
        };
        let value: Vec<Value> = self.domains.iter().enumerate().map(domain).collect();
        fine(&json!({"@odata.context": format!("{}/v1.0/$metadata#domains", base), "value": value}))
    }

    fn about_photo(&self, id: &str) -> Answer {
        match people::number(id).and_then(|number| self.photos.get(&number)) {
            Some((tag, _)) => fine(&json!({
                "@odata.mediaContentType": "image/jpeg", "@odata.mediaEtag": tag, "id": "240x240", "width": 240, "height": 240,
            })),
            None => no_photo(),
        }
    }

    fn picture(&self, id: &str) -> Answer {
        match people::number(id).and_then(|number| self.photos.get(&number)) {
            Some((_, octets)) => Answer::new(200, octets.clone()).with("Content-Type", "image/jpeg"),
            None => no_photo(),
        }
    }
}

fn no_photo() -> Answer {
    let why = "Exception of type 'Microsoft.Fast.Profile.Core.Exception.ImageNotFoundException' was thrown.";
    error(404, "ImageNotFound", why)
}

fn fine(body: &Value) -> Answer {
    Answer::new(200, body.to_string())
        .with("Content-Type", "application/json;odata.metadata=minimal;odata.streaming=true;charset=utf-8")
        .with("OData-Version", "4.0")
        .with("x-ms-resource-unit", "1")
}
