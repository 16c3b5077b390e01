//! The directory: people and groups of Microsoft Entra, read through Microsoft Graph. The only place that makes HTTP
//! calls outward.
//!
//! A [`Graph`] asks as the application an administrator gave consent to, by a certificate; nothing here can write to
//! a directory. [`sync`] reads people and groups by delta queries, hands them page by page to a [`Sink`] together
//! with the [`Cursor`] to go on from, and holds no more than one page. [`photos`] reads the pictures of people whose
//! signature shows one. What goes wrong is a [`DirectoryError`], whose text is for an administrator.
//!
//! Groups arrive with their direct members; who belongs to a group through another is worked out where the snapshot
//! is compiled (`tenant`), circles included.
//!
//! [`openid`] is sign-in to the console with a Microsoft account, by the same application.
//!
//! [`csv`] is the other way in: people from a file, with everything that is wrong with it told by its line.

mod application;
mod change;
mod consent;
mod credentials;
pub mod csv;
mod cursor;
mod endpoints;
mod error;
mod graph;
mod group;
mod openid;
mod organisation;
mod page;
mod patience;
mod photo;
mod sync;
mod token;
mod user;

pub use application::Application;
pub use change::{Batch, Change, Group, Member, NotKept, Person, Sink};
pub use consent::Consent;
pub use credentials::Credentials;
pub use cursor::Cursor;
pub use endpoints::Endpoints;
pub use error::DirectoryError;
pub use graph::{Graph, Http};
pub use openid::{Attempt, Identity, OpenIdError, Provider, Purpose, Untrue};
pub use organisation::VerifiedDomain;
pub use patience::Patience;
pub use photo::{PHOTO_BYTES, Photo, PhotoChange, PhotoOrder, PhotoSink, Photos, Seen, Wanted, photos};
pub use sync::{Depth, Managers, Order, Progress, Scope, Stage, Summary, sync};
