//! Whether a request that changes something comes from the console's own pages, as browsers say it.
//!
//! `Sec-Fetch-Site` where the browser sends it, else `Origin`; a browser that sends neither is too old to be trusted
//! with this. Scripts use tokens, which no other site has.

use actix_web::HttpRequest;
use actix_web::http::header::{HOST, ORIGIN};

use super::super::problem::{Kind, Refusal};

/// # Errors
/// Another site has sent it, or nobody can tell.
pub fn check(request: &HttpRequest, console: Option<&str>) -> Result<(), Refusal> {
    if request.method().is_safe() {
        return Ok(());
    }
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let own = match (header("sec-fetch-site"), header(ORIGIN.as_str())) {
        (Some(site), _) => site == "same-origin",
        (None, Some(origin)) => match console {
            Some(console) => origin == console,
            None => origin.split_once("://").is_some_and(|(_, host)| Some(host) == header(HOST.as_str())),
        },
        (None, None) => false,
    };
    match own {
        true => Ok(()),
        false => Err(Refusal::new(Kind::Forbidden, "another site has sent this; it is done from the console alone")),
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn other_sites_change_nothing() {
        const CONSOLE: &str = "https://console.example";
        for (headers, is_own) in [
            (&[("sec-fetch-site", "same-origin")][..], true),
            (&[("sec-fetch-site", "same-site")], false),
            (&[("sec-fetch-site", "cross-site")], false),
            (&[("sec-fetch-site", "none")], false),
            (&[("sec-fetch-site", "cross-site"), ("origin", CONSOLE)], false),
            (&[("origin", CONSOLE)], true),
            (&[("origin", "https://console.example.evil.example")], false),
            (&[("origin", "http://console.example")], false),
            (&[("origin", "null")], false),
            (&[], false),
        ] {
            let with = |request: TestRequest| {
                headers.iter().fold(request, |request, header| request.insert_header(*header)).to_http_request()
            };
            assert_eq!(check(&with(TestRequest::post()), Some(CONSOLE)).is_ok(), is_own, "{headers:?}");
            assert_eq!(check(&with(TestRequest::get()), Some(CONSOLE)), Ok(()));
        }
        let local = TestRequest::put().insert_header(("origin", "http://127.0.0.1:8443"));
        let local = local.insert_header(("host", "127.0.0.1:8443")).to_http_request();
        assert_eq!(check(&local, None), Ok(()));
    }
}
