//! Plain HTTP: whoever comes by it is sent to the console's own `https://` address, and nothing else is said
//! (requirement P29).
//!
//! The address is the configured one and never what the request calls the host: nobody is sent elsewhere by a link.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::http::header::LOCATION;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};

/// Connections at the same time.
const CONNECTIONS: usize = 64;
/// Longest wait for a request's head.
const HEAD: Duration = Duration::from_secs(5);

/// Binds the address; `url` is where the console is, without a slash at the end.
///
/// # Errors
/// The address cannot be bound.
pub fn bind(address: SocketAddr, url: &str) -> io::Result<(SocketAddr, Server)> {
    let url = url.to_owned();
    let server =
        HttpServer::new(move || App::new().app_data(web::Data::new(url.clone())).default_service(web::to(send)))
            .workers(1)
            .max_connections(CONNECTIONS)
            .client_request_timeout(HEAD)
            .keep_alive(None)
            .shutdown_timeout(0)
            .disable_signals()
            .bind(address)?;
    let address = server.addrs().first().copied().unwrap_or(address);
    Ok((address, server.run()))
}

/// RFC 9110, section 15.4.9: the method stays, too.
async fn send(request: HttpRequest, url: web::Data<String>) -> HttpResponse {
    let asked = request.uri().path_and_query().map(|asked| asked.as_str());
    let asked = asked.filter(|asked| asked.starts_with('/')).unwrap_or("/");
    HttpResponse::PermanentRedirect().insert_header((LOCATION, format!("{}{asked}", url.as_str()))).finish()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use actix_web::test::{TestRequest, call_service, init_service};

    use super::*;

    #[actix_rt::test]
    async fn whoever_comes_by_http_is_sent_to_https_whatever_the_host() {
        let url = web::Data::new("https://console.example".to_owned());
        let app = init_service(App::new().app_data(url).default_service(web::to(send))).await;
        for (asked, wanted) in [
            ("/", "https://console.example/"),
            ("/sign-in?next=%2Ft%2Fx", "https://console.example/sign-in?next=%2Ft%2Fx"),
            ("//evil.example/", "https://console.example//evil.example/"),
            ("http://evil.example/api/v1/session", "https://console.example/api/v1/session"),
        ] {
            for request in [TestRequest::get(), TestRequest::post()] {
                let request = request.uri(asked).insert_header(("Host", "evil.example")).to_request();
                let answer = call_service(&app, request).await;
                let location = answer.headers().get(LOCATION).unwrap().to_str().unwrap();
                assert_eq!((answer.status().as_u16(), location), (308, wanted), "{asked}");
                assert!(!answer.headers().contains_key("set-cookie"));
            }
        }
    }
}
