//! Waiting, but not for ever: connections whose clients take in nothing are cut off, and what takes too long is given up. It
//! knows no HTTP.

use std::future::{Future, poll_fn};
use std::io::{Error, ErrorKind, IoSlice, Result};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::error::Elapsed;
use tokio::time::{Instant, Sleep, sleep, timeout_at};

/// What `future` comes to before the deadline.
///
/// What is done at the second look, as bodies that came with their heads are, never enters the runtime's timer.
pub(super) async fn before<F: Future>(deadline: Instant, future: F) -> std::result::Result<F::Output, Elapsed> {
    let mut future = pin!(future);
    let mut has_looked = false;
    let soon = poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending if has_looked => Poll::Ready(None),
        Poll::Pending => {
            has_looked = true;
            context.waker().wake_by_ref();
            Poll::Pending
        }
    });
    match soon.await {
        Some(output) => Ok(output),
        None => timeout_at(deadline, future).await,
    }
}

/// A connection with patience.
#[derive(Debug)]
pub(super) struct Patient<S> {
    inner: S,
    patience: Duration,
    /// Runs while the other side takes in nothing.
    stalled: Option<Pin<Box<Sleep>>>,
}

impl<S> Patient<S> {
    /// A connection that breaks when a write does not get on for so long.
    pub(super) fn new(inner: S, patience: Duration) -> Patient<S> {
        Patient { inner, patience, stalled: None }
    }

    /// What a write has come to: if it does not get on, it waits only as long as there is patience.
    fn watched<T>(&mut self, context: &mut Context<'_>, written: Poll<Result<T>>) -> Poll<Result<T>> {
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        let patience = self.patience;
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(sleep(patience)));
        stalled.as_mut().poll(context).map(|()| Err(Error::from(ErrorKind::TimedOut)))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Patient<S> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.inner).poll_read(context, buffer)
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
    async fn what_is_soon_done_is_not_given_up_and_what_never_is_is() {
        let deadline = Instant::now() + Duration::from_millis(300);
        assert_eq!(before(deadline, async { 1 }).await.ok(), Some(1));
        let later = async {
            sleep(Duration::from_millis(20)).await;
            2
        };
        assert_eq!(before(deadline, later).await.ok(), Some(2));
        assert!(before(deadline, std::future::pending::<()>()).await.is_err());
        assert!(Instant::now() >= deadline);
    }

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
}
