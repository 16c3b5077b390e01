//! A browser as far as the API sees one: it keeps cookies, and says of which site a request is.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Mutex;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const AGENT: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36 Edg/131.0";

pub struct Browser {
    address: SocketAddr,
    pub cookies: Mutex<BTreeMap<String, String>>,
    /// `Sec-Fetch-Site`.
    pub site: &'static str,
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Browser {
    pub fn new(address: SocketAddr) -> Browser {
        Browser { address, cookies: Mutex::default(), site: "same-origin" }
    }

    /// One request under `/api/v1`.
    pub async fn ask(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        self.get(method, &format!("/api/v1{path}"), body).await
    }

    pub async fn get(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        let cookies: Vec<String> =
            self.cookies.lock().unwrap().iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nUser-Agent: {AGENT}\r\nSec-Fetch-Site: {}\r\n\
             Cookie: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            self.address,
            self.site,
            cookies.join("; "),
            body.len()
        );
        let mut stream = tokio::net::TcpStream::connect(self.address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        for set in head
            .lines()
            .filter_map(|line| line.split_once(": ").filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie")))
        {
            let (pair, attributes) = set.1.split_once(';').unwrap();
            assert!(attributes.contains("HttpOnly") && attributes.contains("SameSite=Strict"), "{attributes}");
            let (name, value) = pair.split_once('=').unwrap();
            let mut kept = self.cookies.lock().unwrap();
            match attributes.contains("Max-Age=0") {
                true => kept.remove(name),
                false => kept.insert(name.to_owned(), value.to_owned()),
            };
        }
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head: head.to_owned(), body: body.to_owned() }
    }

    /// The body of what was done.
    pub async fn done(&self, method: &str, path: &str, body: Option<Value>) -> Value {
        let answer = self.ask(method, path, body).await;
        assert!((200..300).contains(&answer.status), "{method} {path}: {answer:?}");
        if answer.body.is_empty() { Value::Null } else { serde_json::from_str(&answer.body).unwrap() }
    }

    /// Status and last word of the problem's type.
    pub async fn refused(&self, method: &str, path: &str, body: Option<Value>) -> (u16, String) {
        let answer = self.ask(method, path, body).await;
        let problem: Value =
            serde_json::from_str(&answer.body).unwrap_or_else(|_| panic!("{method} {path}: {answer:?}"));
        (answer.status, problem["type"].as_str().unwrap().rsplit(':').next().unwrap().to_owned())
    }

    /// The same cookies, as somebody has them who stole the profile of the browser.
    pub fn copy(&self) -> Browser {
        Browser { cookies: Mutex::new(self.cookies.lock().unwrap().clone()), ..Browser::new(self.address) }
    }
}
