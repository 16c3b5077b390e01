//! The signatures of a snapshot, in the order in which they are tried: by folder, then as they stand in the file.

use std::collections::HashMap;
use std::sync::Arc;

use super::design::Design;
use super::file::{Images, Place, PlainText, SignatureEntry};
use super::order::{FolderEntry, Layer};
use super::roster::Roster;
use super::rule::Rule;

/// A signature that is switched on.
#[derive(Debug)]
pub struct Signature {
    id: String,
    name: String,
    folder: Option<String>,
    layer: Layer,
    /// Among all of the tenant, those that are switched off included.
    place_in_order: usize,
    place: Place,
    images: Images,
    plain_text: PlainText,
    then_continue: bool,
    keywords: Vec<String>,
    pub(super) rule: Rule,
    pub(super) design: Design,
}

/// A signature that is not, for those who ask why it was not used.
#[derive(Debug)]
pub(super) struct SwitchedOff {
    pub id: String,
    pub name: String,
    pub folder: Option<String>,
    pub layer: Layer,
    pub place_in_order: usize,
    pub by: SwitchedOffBy,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SwitchedOffBy {
    Itself,
    Folder,
}

/// Those that are switched on, and the others.
pub(super) fn compile(
    mut entries: Vec<SignatureEntry>,
    folders: &[FolderEntry],
    roster: &Roster<'_>,
) -> (Vec<Arc<Signature>>, Vec<SwitchedOff>) {
    let by_id: HashMap<&str, (usize, bool)> =
        folders.iter().enumerate().map(|(at, folder)| (folder.id.as_str(), (at, folder.enabled))).collect();
    let folder = |entry: &SignatureEntry| entry.folder.as_deref().and_then(|id| by_id.get(id)).copied();
    entries.sort_by_key(|entry| folder(entry).map_or(usize::MAX, |(at, _)| at));
    let (mut on, mut off) = (Vec::new(), Vec::new());
    for (place_in_order, entry) in entries.into_iter().enumerate() {
        let by = match folder(&entry) {
            _ if !entry.enabled => SwitchedOffBy::Itself,
            Some((_, false)) => SwitchedOffBy::Folder,
            _ => {
                on.push(Arc::new(Signature::compile(entry, place_in_order, roster)));
                continue;
            }
        };
        let SignatureEntry { id, name, folder, layer, .. } = entry;
        off.push(SwitchedOff { id, name, folder, layer, place_in_order, by });
    }
    (on, off)
}

impl Signature {
    fn compile(entry: SignatureEntry, place_in_order: usize, roster: &Roster<'_>) -> Signature {
        Signature {
            rule: Rule::compile(&entry.applies, entry.trial.as_ref(), roster),
            id: entry.id,
            name: entry.name,
            folder: entry.folder,
            layer: entry.layer,
            place_in_order,
            place: entry.place,
            images: entry.images,
            plain_text: entry.plain_text,
            then_continue: entry.then_continue,
            keywords: if entry.remove_keyword { entry.applies.message.subject_contains } else { Vec::new() },
            design: entry.design,
        }
    }

    pub fn id(&self) -> &str {
        &self.id
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// The id of its folder.
    pub fn folder(&self) -> Option<&str> {
        self.folder.as_deref()
    }

    pub fn layer(&self) -> Layer {
        self.layer
    }

    pub fn place(&self) -> Place {
        self.place
    }

    pub(super) fn place_in_order(&self) -> usize {
        self.place_in_order
    }

    pub(super) fn plain_text(&self) -> PlainText {
        self.plain_text
    }

    pub(super) fn images(&self) -> Images {
        self.images
    }

    /// What is taken out of the Subject where it is used.
    pub(super) fn keywords(&self) -> &[String] {
        &self.keywords
    }

    pub(super) fn then_continue(&self) -> bool {
        self.then_continue
    }
}
