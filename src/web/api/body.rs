//! What is sent: read within a bound and a time, of the type it must have, and told with its place when it does not
//! fit. Nothing is read before it is known that whoever sends it may.

use std::future::{Ready, ready};
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use actix_web::{FromRequest, HttpRequest, web};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use serde::de::DeserializeOwned;
use serde_path_to_error::Segment;

use super::problem::{Kind, Refusal};
use super::state::State;

/// Octets of a body that is no tenant file and no message.
pub const MOST_BYTES: usize = 2 << 20;
/// Longest wait for the whole of a body.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A body that is still to be read, by whoever has seen that its sender may.
pub struct Sent {
    content_type: String,
    announced: Option<usize>,
    most_of_large: usize,
    payload: Payload,
}

impl FromRequest for Sent {
    type Error = Refusal;
    type Future = Ready<Result<Sent, Refusal>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let length = request.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
        let most_of_large = request.app_data::<web::Data<State>>().map_or(MOST_BYTES, |state| state.max_body_bytes);
        let content_type = content_type(request);
        ready(Ok(Sent { content_type, announced: length, most_of_large, payload: payload.take() }))
    }
}

impl Sent {
    /// One value of JSON.
    pub async fn json<T: DeserializeOwned>(self) -> Result<T, Refusal> {
        self.must_be("application/json")?;
        parse(&self.read(MOST_BYTES).await?)
    }

    /// The octets of a file, as large as the operator allows.
    pub async fn large(self, content_type: &str) -> Result<Bytes, Refusal> {
        self.must_be(content_type)?;
        let most = self.most_of_large;
        self.read(most).await
    }

    /// The octets of a file of one of these types, and which it is said to be.
    pub async fn one_of(self, wanted: &[&str], most: usize) -> Result<(String, Bytes), Refusal> {
        let said = self.content_type.clone();
        if !wanted.contains(&said.as_str()) {
            self.must_be(&wanted.join(", "))?;
        }
        Ok((said, self.read(most).await?))
    }

    fn must_be(&self, wanted: &str) -> Result<(), Refusal> {
        let given = &self.content_type;
        match given == wanted {
            true => Ok(()),
            false => {
                let why = format!("the body must be of type {wanted}; it is said to be {given:?}");
                Err(Refusal::new(Kind::MediaType, why).at("Content-Type"))
            }
        }
    }

    async fn read(self, most: usize) -> Result<Bytes, Refusal> {
        let too_large = || Refusal::new(Kind::TooLarge, format!("the body has more than {most} octets"));
        if self.announced.is_some_and(|length| length > most) {
            return Err(too_large());
        }
        let mut payload = self.payload;
        let reading = async {
            let mut body = BytesMut::new();
            while let Some(piece) = payload.next().await {
                let ends = |error| Refusal::new(Kind::Malformed, format!("the body ends early: {error}"));
                let piece = piece.map_err(ends)?;
                if body.len() + piece.len() > most {
                    return Err(too_large());
                }
                body.extend_from_slice(&piece);
            }
            Ok(body.freeze())
        };
        let slow =
            || Refusal::new(Kind::TooSlow, format!("the body was not here after {} seconds", PATIENCE.as_secs()));
        tokio::time::timeout(PATIENCE, reading).await.unwrap_or_else(|_| Err(slow()))
    }
}

/// Without parameters, in lower case.
fn content_type(request: &HttpRequest) -> String {
    let given = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// JSON as one value, and nothing after it.
pub fn parse<T: DeserializeOwned>(octets: &[u8]) -> Result<T, Refusal> {
    let mut reader = serde_json::Deserializer::from_slice(octets);
    let read = serde_path_to_error::deserialize(&mut reader);
    let value = read.map_err(|error| refused(&pointer(error.path()), error.inner()))?;
    reader.end().map_err(|error| refused("", &error))?;
    Ok(value)
}

fn refused(place: &str, error: &serde_json::Error) -> Refusal {
    let kind = if error.is_data() { Kind::Invalid } else { Kind::Malformed };
    Refusal::new(kind, error.to_string()).at(place)
}

/// RFC 6901; as deep as it is known.
fn pointer(path: &serde_path_to_error::Path) -> String {
    let mut pointer = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
            Segment::Map { key } => pointer.push_str(&format!("/{}", key.replace('~', "~0").replace('/', "~1"))),
            Segment::Enum { .. } => {}
            Segment::Unknown => break,
        }
    }
    pointer
}
