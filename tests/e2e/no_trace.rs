//! No content leaves memory but to the next hop: not to a file, the log, the metrics, the decision records, a core.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use memchr::memmem;
use standin::exchange::{Cut, Framing};
use standin::mails::{Client, File, Letter, base64_lines};

use crate::bench::{Bench, Plan, end_code, http_body, mail_of, outgoing, run, until};

/// In the body, the Subject, a file's name and content, a header field.
const CANARY: &str = "quillfeatherzyx";

/// One mail of each shape: held whole, far beyond the hold, left, in chunks, by DATA.
fn canary_mails() -> Vec<Vec<u8>> {
    let letter = |client, octets: usize| {
        let mut file = File::pdf(&format!("{CANARY}.pdf"), octets);
        file.octets.extend_from_slice(CANARY.as_bytes());
        let mut letter = Letter::reply().from("Ada Vance", "ada@contoso.example");
        letter.paragraphs.push(format!("The word is {CANARY}."));
        letter.subject(&format!("Re: {CANARY}")).field(&format!("X-Remark: {CANARY}")).attach(file).written_in(client)
    };
    let left = mail_of("text/plain; charset=utf-7", format!("{CANARY}\r\n").as_bytes());
    vec![letter(Client::OutlookWeb, 3_000), letter(Client::PlainText, 3_000), letter(Client::Gmail, 6_000_000), left]
}

/// Sends them by every framing, one of them cut off.
async fn send_all(bench: &Bench) {
    let mails = canary_mails();
    let mut sender = bench.sender().await;
    for mail in &mails {
        for framing in [Framing::Data, Framing::Chunks(usize::MAX), Framing::Chunks(50_000)] {
            let delivery = sender.send(&outgoing(mail).framing(framing)).await;
            assert_eq!(end_code(&delivery), 250, "{delivery:?}");
        }
    }
    sender.send(&outgoing(&mails[0]).cut(Cut::BeforeEnd)).await;
    bench.appliance.wait_for_events("Message finished.", 3 * mails.len() + 1).unwrap();
    let written = async || bench.metric("signet_decision_written_total").await;
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(30);
    while written().await < (3 * mails.len()) as f64 {
        assert!(tokio::time::Instant::now() < deadline, "the decision records are not written");
    }
}

/// Every form in which the word could lie in a file: as such, in UTF-16, in base64 at each alignment.
fn forms(word: &str) -> Vec<Vec<u8>> {
    let wide = word.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let in_base64 = (0..3).map(|shift| {
        let shifted = [&b"   "[..shift], word.as_bytes()].concat();
        let text = base64_lines(&shifted).replace("\r\n", "").into_bytes();
        // Octets at both ends depend on the neighbours.
        text[4..text.len() - 4].to_vec()
    });
    [word.as_bytes().to_vec(), wide].into_iter().chain(in_base64).collect()
}

fn finds(octets: &[u8], forms: &[Vec<u8>]) -> bool {
    forms.iter().any(|form| memmem::find(octets, form).is_some())
}

/// All files below a folder.
fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

/// A bench whose process would put temporary files into a folder of its own.
async fn bench() -> (Bench, tempfile::TempDir) {
    let temporary = tempfile::tempdir().unwrap();
    let environment = ["TMPDIR", "SQLITE_TMPDIR"].map(|name| (name.to_owned(), temporary.path().display().to_string()));
    let bench = Bench::with(Plan { environment: environment.to_vec(), ..Plan::default() }).await;
    (bench, temporary)
}

#[test]
fn the_word_of_a_mail_is_nowhere_but_at_the_next_hop() {
    run(|| async {
        let (bench, temporary) = bench().await;
        send_all(&bench).await;
        let forms = forms(CANARY);
        let arrived = bench.exchange.accepted();
        assert!(arrived.iter().all(|message| finds(&message.content, &forms)), "the search itself finds nothing");
        assert!(!finds(bench.appliance.log().as_bytes(), &forms), "in the log");
        for page in ["/metrics", "/healthz", "/readyz", "/livez"] {
            assert!(!finds(http_body(bench.appliance.ops, page).await.as_bytes(), &forms), "in {page}");
        }
        let store = files(&bench.setup.folder);
        assert!(store.iter().any(|file| file.ends_with("signet.db")));
        for file in store {
            assert!(!finds(&fs::read(&file).unwrap(), &forms), "in {}", file.display());
        }
        assert_eq!(files(temporary.path()), Vec::<std::path::PathBuf>::new());
        // Files that have no name any more, too.
        for open in open_files(bench.appliance.pid()) {
            assert!(!finds(&fs::read(&open).unwrap_or_default(), &forms), "in an open file: {open}");
        }
        let (folder, appliance) = (bench.setup.folder.clone(), bench.appliance);
        appliance.terminate().unwrap();
        assert!(appliance.wait().unwrap().success());
        for file in files(&folder) {
            assert!(!finds(&fs::read(&file).unwrap(), &forms), "after the end, in {}", file.display());
        }
    });
}

/// Regular files a process has open, as paths of `/proc`.
fn open_files(pid: u32) -> Vec<String> {
    let folder = format!("/proc/{pid}/fd");
    let open = fs::read_dir(&folder).unwrap().filter_map(|entry| {
        let path = entry.ok()?.path();
        fs::metadata(&path).ok()?.is_file().then(|| path.display().to_string())
    });
    open.collect()
}

#[test]
fn no_file_is_made_or_written_but_the_stores() {
    run(|| async {
        let (bench, _temporary) = bench().await;
        let trace = bench.setup.folder.join("trace");
        let mut strace = attach(&[bench.appliance.pid(), bench.appliance.parent()], &trace);
        send_all(&bench).await;
        let ended = Command::new("kill").args(["-INT", &strace.id().to_string()]).status().unwrap();
        assert!(ended.success());
        until("strace to end", || strace.try_wait().unwrap(), String::new);
        let calls = fs::read_to_string(&trace).unwrap();
        assert!(calls.contains("signet.db-wal"), "the trace shows nothing of the store:\n{calls}");
        let touched: BTreeSet<&str> = calls.lines().filter_map(writes_elsewhere).collect();
        assert!(touched.is_empty(), "{touched:#?}");
    });
}

/// Follows every thread of the processes; each descriptor is shown with its path.
fn attach(pids: &[u32], trace: &Path) -> Child {
    let calls = "%file,%desc,write,writev,pwrite64,pwritev,pwritev2,ftruncate,fallocate,copy_file_range,splice,sendfile,memfd_create";
    let mut strace = Command::new("strace")
        .args(["-f", "-y", "-qq", "-s", "0", "-e", &format!("trace={calls}"), "-o"])
        .arg(trace)
        .args(pids.iter().map(|pid| format!("--attach={pid}")))
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // With -qq it says nothing of its success: it is there when every thread has it as its tracer.
    let errors = strace.stderr.take().unwrap();
    std::thread::spawn(move || {
        BufReader::new(errors).lines().map_while(Result::ok).for_each(|line| eprintln!("{line}"))
    });
    let traced = || {
        let mut threads = pids.iter().flat_map(|pid| fs::read_dir(format!("/proc/{pid}/task")).unwrap());
        let all = threads.all(|thread| {
            let status = fs::read_to_string(thread.unwrap().path().join("status")).unwrap_or_default();
            status.lines().any(|line| line.starts_with("TracerPid:") && !line.ends_with("\t0"))
        });
        all.then_some(())
    };
    until("strace to attach", traced, String::new);
    strace
}

/// A line of the trace that makes or writes a file which is not the store's.
fn writes_elsewhere(line: &str) -> Option<&str> {
    let call = line.split_once(' ').map_or(line, |(_, call)| call).trim_start();
    let name = call.split('(').next().unwrap_or_default();
    let harmless = |path: &str| {
        let of_store = ["signet.db", "signet.db-wal", "signet.db-shm", "signet.db-journal"];
        of_store.iter().any(|name| path.ends_with(name))
            || ["socket:", "pipe:", "anon_inode:", "TCP:", "UDP:", "UNIX", "/dev/null"]
                .iter()
                .any(|kind| path.starts_with(kind))
    };
    let makes = match name {
        "open" | "openat" | "openat2" => {
            ["O_CREAT", "O_WRONLY", "O_RDWR", "O_TMPFILE"].iter().any(|flag| call.contains(flag))
        }
        "creat" | "mkdir" | "mkdirat" | "mknod" | "mknodat" | "rename" | "renameat" | "renameat2" | "link"
        | "linkat" | "symlink" | "symlinkat" | "truncate" | "memfd_create" => true,
        "write" | "writev" | "pwrite64" | "pwritev" | "pwritev2" | "ftruncate" | "fallocate" | "copy_file_range"
        | "splice" | "sendfile" => true,
        // A file that is mapped to be written through.
        "mmap" => call.contains("MAP_SHARED") && call.contains("PROT_WRITE") && !call.contains("MAP_ANONYMOUS"),
        _ => false,
    };
    if !makes {
        return None;
    }
    // In quotes, or after a descriptor.
    let quoted = call.split('"').nth(1).filter(|_| !name.contains("write"));
    let of_descriptor = || call.split_once('<').and_then(|(_, rest)| rest.split('>').next());
    let path = match name {
        "mmap" => call.rsplit_once('<').and_then(|(_, rest)| rest.split('>').next()),
        _ => quoted.or_else(of_descriptor),
    };
    (!path.is_some_and(harmless)).then_some(line)
}

#[test]
fn text_that_was_decoded_is_not_left_in_memory() {
    run(|| async {
        let (bench, _temporary) = bench().await;
        let text = format!("Dear Bob,\r\n\r\nthe word is {CANARY}.\r\n");
        let html = format!("<html><body><p>Dear Bob,</p><p>the word is {CANARY}.</p></body></html>\r\n");
        let leaf = |kind: &str, text: &str| {
            let encoded = base64_lines(text.as_bytes());
            format!(
                "--b\r\nContent-Type: {kind}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{encoded}\r\n"
            )
        };
        let body = leaf("text/plain", &text) + &leaf("text/html", &html) + "--b--\r\n";
        let mail = mail_of("multipart/alternative; boundary=b", body.as_bytes());
        let mut sender = bench.sender().await;
        for _ in 0..5 {
            assert_eq!(end_code(&sender.send(&outgoing(&mail)).await), 250);
        }
        sender.quit().await.unwrap();
        let signed = bench.metrics().await;
        assert!(signed.contains("signet_message_signed_total{kind=\"first\"} 5"), "{signed}");
        let found = in_memory(bench.appliance.pid(), CANARY.as_bytes());
        assert!(found.is_empty(), "{found:#?}");
    });
}

/// Where in the memory of a process a word lies, with what is around it.
fn in_memory(pid: u32, word: &[u8]) -> Vec<String> {
    let maps = fs::read_to_string(format!("/proc/{pid}/maps")).unwrap();
    let memory = fs::File::open(format!("/proc/{pid}/mem")).unwrap();
    let mut found = Vec::new();
    for line in maps.lines().filter(|line| line.split(' ').nth(1).is_some_and(|rights| rights.starts_with("rw"))) {
        let range = line.split(' ').next().and_then(|range| range.split_once('-')).unwrap();
        let [from, to] = [range.0, range.1].map(|number| u64::from_str_radix(number, 16).unwrap());
        let mut at = from;
        while at < to {
            let mut page = vec![0; usize::try_from((to - at).min(1 << 20)).unwrap()];
            if memory.read_exact_at(&mut page, at).is_ok() {
                found.extend(memmem::find_iter(&page, word).map(|place| {
                    let around = &page[place.saturating_sub(60)..(place + 60).min(page.len())];
                    format!("{:x} in {line}: {}", at + place as u64, String::from_utf8_lossy(around))
                }));
            }
            at += page.len() as u64;
        }
    }
    found
}

#[test]
fn the_process_leaves_no_core() {
    const NOBODY: u32 = 65_534;
    run(|| async {
        let bench = Bench::with(Plan { user: Some(NOBODY), ..Plan::default() }).await;
        assert_eq!(end_code(&bench.sender().await.send(&outgoing(&canary_mails()[0])).await), 250);
        let pid = bench.appliance.pid();
        let limits = fs::read_to_string(format!("/proc/{pid}/limits")).unwrap();
        let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
        assert_eq!(core.split_whitespace().skip(4).take(2).collect::<Vec<_>>(), ["0", "0"], "{core}");
        // A process that may not be dumped belongs to root in /proc, whoever runs it (proc(5)). A pipe in core_pattern
        // gets its dump whatever the limit is, but for this.
        let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
        assert!(status.contains(&format!("Uid:\t{NOBODY}\t")), "{status}");
        assert_eq!(fs::metadata(format!("/proc/{pid}/environ")).unwrap().uid(), 0, "it may be dumped");
        let before = files(&bench.setup.folder).len();
        assert!(Command::new("kill").args(["-ABRT", &pid.to_string()]).status().unwrap().success());
        let folder = bench.setup.folder.clone();
        // The parent says how it ended, and starts the next one.
        assert_eq!(bench.appliance.wait_for_event("Worker died.").unwrap()["signal"], 6);
        bench.appliance.wait_for_events("Started.", 2).unwrap();
        let after = files(&folder);
        assert!(after.len() <= before && after.iter().all(|file| !file.ends_with("core")), "{after:?}");
    });
}
