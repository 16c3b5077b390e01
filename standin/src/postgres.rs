//! A real PostgreSQL for tests: a server of its own in a temporary folder, reached through a socket in it, gone with
//! the process that started it, however that ends. Nothing but the standard library and Debian's `postgresql`.
//!
//! Nothing is kept but an empty server beside the tests' programs, which the next one is copied from: making one takes a
//! second. A test has a database of its own, owned by a user who is no superuser. Text is ordered as English has it, not
//! by its octets, as most servers do.

use std::io::{self, BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};

/// The user who owns the databases of tests.
pub const USER: &str = "signet";

/// A running server. It ends when this is dropped.
#[derive(Debug)]
pub struct Postgres {
    folder: PathBuf,
    shell: Child,
    /// The shell waits for its end.
    life: Option<ChildStdin>,
}

/// Makes the folder's database and serves it until standard input ends. PostgreSQL refuses to be root.
const SERVE: &str = r#"
set -eu
cd "$1"
for bin in /usr/lib/postgresql/*/bin; do PATH="$bin:$PATH"; done
run=
if [ "$(id -u)" = 0 ]; then chown postgres .; run="setpriv --reuid=postgres --regid=postgres --init-groups"; fi
trap 'rm -rf "$1"' EXIT
empty="$3/$(postgres --version | tr -dc 'A-Za-z0-9.')-en-US"
if [ "$2" = new ] && [ -d "$empty" ]; then
    cp -a "$empty" data
elif [ "$2" = new ]; then
    $run initdb -D data --username=postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8 \
        --locale-provider=icu --icu-locale=en-US --no-sync --no-instructions >made 2>&1 || { cat made; exit 1; }
    # Another test may have been quicker.
    cp -a data "$empty.$$" && mv -T "$empty.$$" "$empty" 2>/dev/null || rm -rf "$empty.$$"
else
    $run pg_basebackup -h "$2" -U postgres -D data -R -X stream -c fast --no-sync >made 2>&1 \
        || { cat made; exit 1; }
fi
$run postgres -D data -k "$1" -c listen_addresses= -c fsync=off -c full_page_writes=off -c shared_buffers=16MB \
    -c max_connections=80 -c autovacuum=off $4 </dev/null >log 2>&1 &
server=$!
echo "$server" >pid
until pg_isready -q -h "$1" -U postgres; do kill -0 "$server" || { cat log; exit 1; }; sleep 0.02; done
echo ready
cat >/dev/null
kill -CONT "$server" && kill -QUIT "$server" || true
wait "$server" || true
"#;

impl Postgres {
    /// Makes and starts a server. Blocks for about a second.
    pub fn start() -> io::Result<Postgres> {
        Postgres::serve("new", "")
    }

    /// One that is run as for a region: it learns by itself how large its tables are, by which it chooses its ways.
    pub fn start_large() -> io::Result<Postgres> {
        Postgres::serve("new", "-c autovacuum=on -c autovacuum_naptime=10s -c shared_buffers=256MB")
    }

    /// A server that follows this one and takes no writes.
    pub fn standby(&self) -> io::Result<Postgres> {
        Postgres::serve(&self.folder.display().to_string(), "")
    }

    /// A new server, or one that follows another's folder; settings as `postgres` takes them.
    fn serve(of: &str, settings: &str) -> io::Result<Postgres> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        // Short: the name of a socket has at most a hundred octets.
        let folder = std::env::temp_dir().join(format!("signet-pg-{}-{number}", std::process::id()));
        std::fs::create_dir(&folder)?;
        let own = std::env::current_exe()?;
        let beside = own.ancestors().nth(2).unwrap_or(&own);
        let mut shell = Command::new("bash")
            .args(["-c", SERVE, "postgres"])
            .args([folder.display().to_string().as_str(), of])
            .arg(beside)
            .arg(settings)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let life = shell.stdin.take();
        let mut lines = String::new();
        if let Some(told) = shell.stdout.take() {
            let mut told = BufReader::new(told);
            while told.read_line(&mut lines)? > 0 && !lines.ends_with("ready\n") {}
        }
        let postgres = Postgres { folder, shell, life };
        match lines.ends_with("ready\n") {
            true => Ok(postgres),
            false => {
                let text = format!("PostgreSQL does not start (tools/setup-tests.sh installs it): {lines}");
                Err(io::Error::other(text))
            }
        }
    }

    /// Makes a database of its own for a test. Gives its name.
    pub fn database(&self) -> io::Result<String> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let name = format!("test_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        let role = format!(
            "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{USER}') \
             THEN CREATE ROLE {USER} LOGIN; END IF; EXCEPTION WHEN unique_violation OR duplicate_object THEN END $$"
        );
        self.sql("postgres", &role)?;
        self.sql("postgres", &format!("CREATE DATABASE {name} OWNER {USER}"))?;
        Ok(name)
    }

    /// The address of a database on this server, as `store.url` has it.
    pub fn address(&self, database: &str) -> String {
        format!("postgres://{USER}@localhost/{database}?host={}", self.folder.display())
    }

    /// Runs statements in a database as the superuser, whom no row security holds back.
    pub fn sql(&self, database: &str, sql: &str) -> io::Result<()> {
        let psql = Command::new("psql")
            .args(["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"])
            .args(["--username=postgres", "--host"])
            .arg(&self.folder)
            .args(["--dbname", database, "--command", sql])
            .stdin(Stdio::null())
            .output()?;
        match psql.status.success() {
            true => Ok(()),
            false => Err(io::Error::other(format!("{sql}: {}", String::from_utf8_lossy(&psql.stderr)))),
        }
    }

    /// Everything stands still: connections stay open, and nothing is answered.
    pub fn hang(&self) {
        self.signal("-STOP");
    }

    /// It goes on where it stood still.
    pub fn go_on(&self) {
        self.signal("-CONT");
    }

    /// To the server and all its processes.
    fn signal(&self, signal: &str) {
        let server = std::fs::read_to_string(self.folder.join("pid")).unwrap_or_default();
        let server = server.trim();
        let children = format!("/proc/{server}/task/{server}/children");
        // Without a server there are none.
        let children = std::fs::read_to_string(children).unwrap_or_default();
        let all = server.split_whitespace().chain(children.split_whitespace());
        // One that has just ended is none of ours any more.
        let _ = Command::new("kill").arg(signal).args(all).stderr(Stdio::null()).status();
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.go_on();
        drop(self.life.take());
        let _ = self.shell.wait();
    }
}
