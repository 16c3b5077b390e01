//! The console's pages: files built from `console/` that are part of the program, for every path outside the API.
//!
//! Scripts come from here and nowhere else, and none stands in a page. A path that is no file is a page of the
//! application, which finds out itself what to show there.

use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/console/dist"]
struct Files;

/// Images of signatures lie where their readers find them, so pages may show those of others; nothing else leaves.
/// Styles stand in pages since the libraries put them there.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
                      img-src 'self' data: blob: https:; font-src 'self' data:; connect-src 'self'; frame-src 'self'; \
                      manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Files whose names change with what is in them.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
const PAGE: &str = "index.html";

/// The file of a path, or the page. `None`: the path is a file's, and there is none.
pub fn answer(request: &HttpRequest) -> Option<HttpResponse> {
    let path = request.path().trim_start_matches('/');
    let is_file = path.rsplit('/').next().is_some_and(|name| name.contains('.'));
    let name = if is_file { path } else { PAGE };
    let zipped = format!("{name}.gz");
    let takes_zipped = request.headers().get(header::ACCEPT_ENCODING).is_some_and(takes_gzip);
    let (file, is_zipped) = match Files::get(&zipped).filter(|_| takes_zipped) {
        Some(file) => (file, true),
        None => (Files::get(name)?, false),
    };
    let validator = format!(
        "\"{}\"",
        file.metadata.sha256_hash().iter().take(16).map(|octet| format!("{octet:02x}")).collect::<String>()
    );
    let cached = if name.starts_with("assets/") { FOR_EVER } else { "no-cache" };
    let mut answer = match request.headers().get(header::IF_NONE_MATCH).is_some_and(|known| known == validator.as_str())
    {
        true => HttpResponse::NotModified(),
        false => HttpResponse::Ok(),
    };
    answer
        .insert_header((header::CACHE_CONTROL, cached))
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((header::CONTENT_TYPE, content_type(name)))
        .insert_header((header::ETAG, validator))
        .insert_header((header::VARY, "Accept-Encoding"));
    if is_zipped {
        answer.insert_header((header::CONTENT_ENCODING, "gzip"));
    }
    Some(answer.body(file.data.into_owned()))
}

fn takes_gzip(taken: &HeaderValue) -> bool {
    taken.to_str().is_ok_and(|taken| taken.split(',').any(|coding| coding.trim().split(';').next() == Some("gzip")))
}

/// By the name's ending, of what the build makes.
fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "webmanifest" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "woff" => "font/woff",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use actix_web::body::to_bytes;
    use actix_web::test::TestRequest;

    use super::*;

    #[actix_rt::test]
    async fn every_path_that_is_no_file_is_the_page() {
        for path in ["/", "/sign-in", "/t/contoso/signatures/standard"] {
            let answer = answer(&TestRequest::with_uri(path).to_http_request()).unwrap();
            let header = |name| answer.headers().get(name).unwrap().to_str().unwrap().to_owned();
            assert_eq!(
                (header("content-type").as_str(), header("cache-control").as_str()),
                ("text/html; charset=utf-8", "no-cache")
            );
            let policy = header("content-security-policy");
            let directives: Vec<&str> = policy.split(';').map(str::trim).collect();
            for wanted in [
                "default-src 'none'",
                "script-src 'self'",
                "connect-src 'self'",
                "frame-src 'self'",
                "base-uri 'none'",
                "form-action 'self'",
                "frame-ancestors 'none'",
            ] {
                assert!(directives.contains(&wanted), "{wanted}: {policy}");
            }
            assert!(!policy.contains("object-src") && !policy.contains("unsafe-eval"), "{policy}");
            assert!(to_bytes(answer.into_body()).await.unwrap().starts_with(b"<!"), "{path}");
        }
        for path in ["/assets/none.js", "/../Cargo.toml", "/%2e%2e/Cargo.toml", "/.gitignore"] {
            assert!(answer(&TestRequest::with_uri(path).to_http_request()).is_none(), "{path}");
        }
    }

    #[actix_rt::test]
    async fn what_is_known_is_not_sent_again() {
        let first = answer(&TestRequest::with_uri("/").to_http_request()).unwrap();
        let known = first.headers().get(header::ETAG).unwrap().clone();
        let again = TestRequest::with_uri("/").insert_header((header::IF_NONE_MATCH, known)).to_http_request();
        assert_eq!(answer(&again).unwrap().status(), 304);
    }
}
