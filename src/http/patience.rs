//! Waiting, but not for ever: connections whose clients say nothing or take in nothing are cut off. Of HTTP it knows only
//! how long a greeting is.

use std::future::Future;
use std::io::{Error, ErrorKind, IoSlice, Result};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

/// The bytes from which a server knows the protocol of a connection at the latest: the preface of HTTP/2 (RFC 9113 §3.4).
const GREETING: usize = 24;

/// A connection with patience.
#[derive(Debug)]
pub(super) struct Patient<S> {
    inner: S,
    patience: Duration,
    /// How much of a greeting has come.
    greeting: usize,
    /// Runs while the other side has still to greet: nobody else waits for that with a time in mind.
    silent: Option<Pin<Box<Sleep>>>,
    /// Runs while the other side takes in nothing.
    stalled: Option<Pin<Box<Sleep>>>,
}

impl<S> Patient<S> {
    /// A connection that breaks when its greeting takes longer than `patience`, or when a write does not get on for so long.
    pub(super) fn new(inner: S, patience: Duration) -> Patient<S> {
        Patient { inner, patience, greeting: 0, silent: None, stalled: None }
    }

    /// What a read has come to, while the connection is new.
    fn greeted(&mut self, context: &mut Context<'_>, bytes: usize, read: Poll<Result<()>>) -> Poll<Result<()>> {
        self.greeting = self.greeting.saturating_add(bytes);
        if self.greeting >= GREETING {
            self.silent = None;
        }
        if read.is_ready() {
            return read;
        }
        wait(&mut self.silent, self.patience, context)
    }

    /// What a write has come to: if it does not get on, it waits only as long as there is patience.
    fn watched<T>(&mut self, context: &mut Context<'_>, written: Poll<Result<T>>) -> Poll<Result<T>> {
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        wait(&mut self.stalled, self.patience, context)
    }
}

/// Waits until there is no more patience.
fn wait<T>(sleeps: &mut Option<Pin<Box<Sleep>>>, patience: Duration, context: &mut Context<'_>) -> Poll<Result<T>> {
    let sleeps = sleeps.get_or_insert_with(|| Box::pin(sleep(patience)));
    sleeps.as_mut().poll(context).map(|()| Err(Error::from(ErrorKind::TimedOut)))
}

impl<S: AsyncRead + Unpin> AsyncRead for Patient<S> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.inner).poll_read(context, buffer);
        if self.greeting >= GREETING {
            return read;
        }
        self.greeted(context, buffer.filled().len() - before, read)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Patient<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<Result<usize>> {
        let written = Pin::new(&mut self.inner).poll_write(context, bytes);
        self.watched(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        let written = Pin::new(&mut self.inner).poll_write_vectored(context, slices);
        self.watched(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    use super::*;

    #[tokio::test]
    async fn who_reads_slowly_is_waited_for_and_who_reads_nothing_is_not() {
        let (here, mut there) = duplex(4);
        let mut here = Patient::new(here, Duration::from_millis(200));
        let reader = tokio::spawn(async move {
            for _ in 0..6 {
                tokio::time::sleep(Duration::from_millis(60)).await;
                there.read_exact(&mut [0; 4]).await.unwrap();
            }
            there
        });
        here.write_all(&[0; 24]).await.unwrap();
        let _there = reader.await.unwrap();
        let error = here.write_all(&[0; 24]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn who_does_not_greet_is_cut_off_and_who_has_may_be_silent() {
        const PATIENCE: Duration = Duration::from_millis(100);
        for (greeting, is_cut_off) in [("", true), ("PRI * HTTP/2", true), ("GET / HTTP/1.1\r\nHost: ab", false)] {
            let (here, mut there) = duplex(64);
            let mut here = Patient::new(here, PATIENCE);
            there.write_all(greeting.as_bytes()).await.unwrap();
            let mut heard = Vec::new();
            let read = tokio::time::timeout(3 * PATIENCE, here.read_to_end(&mut heard)).await;
            assert_eq!(
                read.is_ok_and(|read| read.unwrap_err().kind() == ErrorKind::TimedOut),
                is_cut_off,
                "{greeting}"
            );
            assert_eq!(heard, greeting.as_bytes());
        }
    }
}
