//! A run that somebody ends: Ctrl-C, or the word that machines give (SIGTERM).

use std::io;
use std::thread;

use assay_run::Stop;
use tokio::runtime::Builder;

/// From here on the first word ends the run, so that what was played is reported; a second one ends the
/// process as usual.
///
/// # Errors
///
/// Where the system gives no thread, or no signals.
pub(super) fn watch(stop: Stop) -> io::Result<()> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let mut words = {
        let _inside = runtime.enter();
        Words::new()?
    };
    let listen = async move {
        words.next().await;
        stop.now();
        crate::out::note(format_args!(
            "interrupted: what was played until now is reported"
        ));
        std::process::exit(words.next().await);
    };
    thread::Builder::new()
        .name("interrupt".to_owned())
        .spawn(move || runtime.block_on(listen))?;
    Ok(())
}

/// The signals that want an end.
#[cfg(unix)]
struct Words {
    interrupt: tokio::signal::unix::Signal,
    end: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Words {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            end: signal(SignalKind::terminate())?,
        })
    }

    /// Waits for one; gives the exit code of a process that ended by it.
    async fn next(&mut self) -> i32 {
        tokio::select! {
            _ = self.interrupt.recv() => 130,
            _ = self.end.recv() => 143,
        }
    }
}

/// The signals that want an end.
#[cfg(not(unix))]
struct Words(tokio::signal::windows::CtrlC);

#[cfg(not(unix))]
impl Words {
    fn new() -> io::Result<Self> {
        tokio::signal::windows::ctrl_c().map(Self)
    }

    /// Waits for one; gives the exit code of a process that ended by it.
    async fn next(&mut self) -> i32 {
        self.0.recv().await;
        130
    }
}
