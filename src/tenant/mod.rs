//! People, rules, templates, the snapshot of a tenant and its rendering. Pure.
//!
//! A [`TenantFile`] is what an administrator writes, a [`Snapshot`] the same compiled at one [`Revision`], with its
//! [`People`] as a part of their own. A [`Tenant`] is as much of it as relaying takes, a [`Region`] the index of all. [`Snapshot::candidates`] answers "may this message be signed, and with
//! what", [`Candidates::choose`] "what does each recipient get", [`Snapshot::stamp`] renders it, and [`Snapshot::explain`] says why.

mod album;
mod applies;
mod attribute;
mod author;
mod brand;
mod candidates;
pub mod connect;
mod copies;
mod crowd;
mod design;
mod difference;
mod directory;
mod entry;
mod explain;
mod expression;
mod fact_test;
mod file;
mod fit;
mod groups;
mod hash_keys;
mod identity;
mod inquiry;
mod kept;
pub mod library;
mod mark;
mod mode;
mod networks;
pub mod newest;
mod order;
mod pattern;
mod people;
mod photos;
mod problems;
mod region;
mod render;
mod roster;
mod rule;
mod schedule;
mod schema;
mod share;
mod shared_map;
mod showing;
mod signature;
mod snapshot;
mod stamps;
mod standing;
mod test_case;

pub use album::{Album, AlbumEntry};
pub use applies::{
    AlreadySigned, Applies, Audience, Day, Except, Format, Hours, Importance, Judged, Listed, MessageIs, MessageKind,
    Once, Recipients, Schedule, Senders, WritesAs,
};
pub use attribute::{Attribute, Fact, FactName, Whose};
pub use brand::{Brand, BrandColour, BrandLogo};
pub use candidates::{Candidates, Choice, Envelope, Signed};
pub use copies::{Copies, MOST_COPIES};
pub use design::{
    Align, Alt, Bar, Block, Button, Code, Column, Columns, DateFormat, Design, Direction, Divider, Field, Filter,
    Frame, Html, Icon, IconLook, If, Line, Link, Network, Part, PartField, PhoneFormat, PhoneStyle, Photo, Picture, Qr,
    Replace, Rows, Shape, Side, Social, Spacer, Span, Style, Styled, Text, Vertical, Weight,
};
pub use difference::{Change, Difference};
pub use directory::DirectoryEntry;
pub use entry::Tenant;
pub use explain::{Explanation, Note, Question, RuleTrail};
pub use expression::Expression;
pub use fact_test::FactTest;
pub use file::{
    GroupEntry, ImageEntry, ImageType, Images, NextHop, OnFailure, Peer, PersonEntry, PersonKind, Place, PlainText,
    Secrets, SendAs, SignatureEntry, SignatureOf, TenantFile,
};
pub use hash_keys::HashKeys;
pub use identity::{Address, Domain, Edition, Revision, TenantId};
pub use inquiry::{Answer, ControlCharacter, Description, Inquiry};
pub use mode::{Mode, ModeEnds};
pub use order::{FolderEntry, Layer, Trial};
pub use people::{People, Person};
pub use problems::Problem;
pub use region::Region;
pub use render::Preview;
pub use rule::Section;
pub use schema::schema;
pub use share::{Got, Share};
pub use shared_map::SharedMap;
pub use signature::Signature;
pub use snapshot::{HostedImage, Snapshot};
pub use test_case::{Deviation, Expectation, HeaderKept, TestCase, TestMessage};

#[cfg(test)]
mod tests;
