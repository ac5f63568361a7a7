//! The listening server and its end.

use std::future::Future;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// How long requests under way may take to end at a shutdown: as long as jobs.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(20);

/// Serves until `shutdown` is there, then takes no more requests and lets those under way end, for at most twenty seconds.
///
/// # Errors
/// When the listener fails for good.
pub async fn serve(listener: TcpListener, router: Router, shutdown: impl Future<Output = ()> + Send + 'static) -> std::io::Result<()> {
    let (begin, begun) = oneshot::channel();
    let serving = axum::serve(listener, router).with_graceful_shutdown(async move {
        shutdown.await;
        let _nobody_waits_after_the_end = begin.send(());
    });
    let grace_is_over = async {
        match begun.await {
            Ok(()) => tokio::time::sleep(SHUTDOWN_GRACE).await,
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        ended = serving => ended,
        () = grace_is_over => {
            tracing::warn!("requests are still under way and are given up");
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::get;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    #[tokio::test]
    async fn a_request_under_way_is_answered_after_the_shutdown_began() {
        let (enter, mut entered) = tokio::sync::mpsc::channel(1);
        let slow = async move || {
            enter.send(()).await.unwrap();
            tokio::time::sleep(Duration::from_millis(50)).await;
            "late"
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let server = tokio::spawn(serve(listener, Router::new().route("/", get(slow)), async { stopped.await.unwrap() }));
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await.unwrap();
        entered.recv().await.unwrap();
        stop.send(()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.ends_with("late"), "{answer}");
        server.await.unwrap().unwrap();
    }
}
