//! People, rules, templates, the snapshot of a tenant and its rendering. Pure.
//!
//! A [`TenantFile`] is what an administrator writes, a [`Snapshot`] the same compiled at one [`Revision`], a
//! [`Region`] the index of all snapshots. [`Snapshot::candidates`] answers "may this message be signed, and with
//! what", [`Candidates::choose`] "what does each recipient get", [`Snapshot::stamp`] renders it.

mod applies;
mod attribute;
mod candidates;
pub mod connect;
mod design;
mod file;
mod hash_keys;
mod identity;
mod networks;
mod pattern;
mod people;
mod problems;
mod region;
mod render;
mod rule;
mod schedule;
mod schema;
mod shared_map;
mod snapshot;
mod stamps;

pub use applies::{
    AlreadySigned, Applies, AttributeTest, Audience, Day, Except, Format, Hours, Listed, MessageIs, MessageKind,
    Recipients, Schedule, Senders,
};
pub use attribute::Attribute;
pub use candidates::{Candidates, Choice, Envelope, Signed};
pub use design::{
    Align, Alt, Block, Column, Columns, Design, Divider, Field, Icon, Line, Link, Network, Part, PartField, Photo,
    Picture, Rows, Social, Spacer, Span, Style, Styled, Text, Vertical, Weight,
};
pub use file::{
    GroupEntry, ImageEntry, ImageType, Images, Mode, NextHop, OnFailure, Peer, PersonEntry, Place, Secrets, SendAs,
    SignatureEntry, SignatureOf, TenantFile,
};
pub use hash_keys::HashKeys;
pub use identity::{Address, Domain, Revision, TenantId};
pub use people::Person;
pub use problems::Problem;
pub use region::Region;
pub use schema::schema;
pub use shared_map::SharedMap;
pub use snapshot::{HostedImage, Signature, Snapshot};

#[cfg(test)]
mod tests;
