//! A Postfix of the test's own: configuration, queue and data in a folder that only this test knows, on loopback, on
//! a port that was free. The system's instance is never touched; ours is ended by its process id.

use std::fs;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::bench::{until, until_within};

/// One instance.
pub struct Postfix {
    folder: PathBuf,
    pub address: SocketAddr,
    master: Option<Child>,
}

/// Who owns what is delivered; Postfix refuses to deliver as root or as itself.
const NOBODY: u32 = 65_534;

/// What a relay needs and no more: no local delivery, no pipes to programs.
const SERVICES: &str = "pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
";

impl Postfix {
    /// Writes the configuration; `settings` go to `main.cf` behind the usual ones.
    pub fn new(folder: &Path, host_name: &str, settings: &[(&str, String)]) -> Postfix {
        // Its daemons run as another user and must get at their sockets.
        for part in folder.ancestors().take(2).chain([folder]) {
            fs::create_dir_all(part).unwrap();
            fs::set_permissions(part, fs::Permissions::from_mode(0o755)).unwrap();
        }
        for part in ["etc", "queue", "data", "mail"] {
            fs::create_dir_all(folder.join(part)).unwrap();
        }
        chown(folder.join("data"), Some(user("postfix")), None).unwrap();
        chown(folder.join("mail"), Some(NOBODY), Some(NOBODY)).unwrap();
        let address = free_address();
        let at = |part: &str| folder.join(part).display().to_string();
        let mut main = format!(
            "compatibility_level = 3.6\nconfig_directory = {}\nqueue_directory = {}\ndata_directory = {}\n\
             maillog_file = {}\nmaillog_file_prefixes = {}\ninet_interfaces = 127.0.0.1\ninet_protocols = ipv4\n\
             myhostname = {host_name}\nmydestination =\nlocal_recipient_maps =\nalias_maps =\nalias_database =\n\
             smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination\nmynetworks = 127.0.0.0/8\n\
             disable_dns_lookups = yes\nmessage_size_limit = 50000000\n",
            at("etc"),
            at("queue"),
            at("data"),
            at("log"),
            folder.display()
        );
        for (key, value) in settings {
            main.push_str(&format!("{key} = {value}\n"));
        }
        fs::write(folder.join("etc/main.cf"), main).unwrap();
        let postfix = Postfix { folder: folder.to_owned(), address, master: None };
        postfix.serve(&format!("{address} inet n - n - - smtpd\n"));
        postfix
    }

    /// Sets the services of `master.cf` that take connections; the first is meant to be at [`Postfix::address`].
    pub fn serve(&self, services: &str) {
        fs::write(self.folder.join("etc/master.cf"), format!("{services}{SERVICES}")).unwrap();
    }

    /// An instance that delivers the mail of `domain` into a Maildir.
    pub fn mailbox(folder: &Path, host_name: &str, domain: &str, settings: &[(&str, String)]) -> Postfix {
        let mut all = vec![
            ("virtual_mailbox_domains", domain.to_owned()),
            ("virtual_mailbox_base", folder.join("mail").display().to_string()),
            ("virtual_mailbox_maps", "static:box/".to_owned()),
            ("virtual_uid_maps", format!("static:{NOBODY}")),
            ("virtual_gid_maps", format!("static:{NOBODY}")),
            ("virtual_mailbox_limit", "0".to_owned()),
        ];
        all.extend_from_slice(settings);
        Postfix::new(folder, host_name, &all)
    }

    /// Starts it and waits until it takes connections.
    pub fn start(&mut self) {
        let etc = self.folder.join("etc");
        let checked = Command::new("postfix").arg("-c").arg(&etc).arg("check").output().unwrap();
        assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
        let said = fs::File::create(self.folder.join("master.out")).unwrap();
        let mut command = Command::new("/usr/lib/postfix/sbin/master");
        command.arg("-c").arg(&etc).arg("-d").env("MAIL_CONFIG", &etc).process_group(0);
        command.stdin(Stdio::null()).stdout(said.try_clone().unwrap()).stderr(said);
        self.master = Some(command.spawn().unwrap());
        until("Postfix to listen", || TcpStream::connect(self.address).ok(), || self.log());
    }

    /// Ends it and waits for its end.
    pub fn stop(&mut self) {
        let Some(mut master) = self.master.take() else { return };
        let ended = Command::new("kill").args(["-TERM", &master.id().to_string()]).status().unwrap();
        assert!(ended.success());
        until("Postfix to end", || master.try_wait().unwrap(), || self.log());
    }

    /// Tries all deferred mail again now.
    pub fn flush(&self) {
        let flushed = Command::new("postqueue").arg("-c").arg(self.folder.join("etc")).arg("-f").output().unwrap();
        assert!(flushed.status.success(), "{}", String::from_utf8_lossy(&flushed.stderr));
    }

    /// The log so far.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }

    /// Waits for a line of the log that has all of these words, and gives it.
    pub fn wait_for_log(&self, words: &[&str]) -> String {
        let line = || self.log().lines().find(|line| words.iter().all(|word| line.contains(word))).map(str::to_owned);
        until(&format!("{words:?} in the log"), line, || self.log())
    }

    /// Waits until the Maildir holds so many mails and gives all of them, oldest first.
    pub fn wait_for_mails(&self, count: usize) -> Vec<Vec<u8>> {
        until_within(
            60,
            &format!("{count} mails"),
            || Some(self.mails()).filter(|mails| mails.len() >= count),
            || self.log(),
        )
    }

    /// What the Maildir holds.
    pub fn mails(&self) -> Vec<Vec<u8>> {
        let Ok(files) = fs::read_dir(self.folder.join("mail/box/new")) else { return Vec::new() };
        let mut files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
        files.sort_by_key(|file| fs::metadata(file).and_then(|file| file.modified()).unwrap());
        files.iter().map(|file| fs::read(file).unwrap()).collect()
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        if let Some(mut master) = self.master.take() {
            let _ = Command::new("kill").args(["-TERM", &master.id().to_string()]).status();
            let _ = master.wait();
        }
    }
}

/// A port nobody listens on now.
pub fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

fn user(name: &str) -> u32 {
    let output = Command::new("id").args(["-u", name]).output().unwrap();
    assert!(output.status.success(), "there is no user {name}: run tools/setup-tests.sh");
    String::from_utf8(output.stdout).unwrap().trim().parse().unwrap()
}
