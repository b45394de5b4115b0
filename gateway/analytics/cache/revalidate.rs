//! Former answers that are told at once, while the same request is asked again behind them (`stale-while-revalidate` of RFC 5861).

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::extract::Request;
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;

tokio::task_local! {
    /// Set by the cache while a request is answered: it was told what should be computed again.
    static IS_TO_BE_ASKED_AGAIN: Arc<AtomicBool>;
}

/// Whether the question that is being answered is asked again behind the answer, by this request or, where `is_claimed`, by
/// another one. Who asks again, and who asks beside requests (the streams), computes.
pub(super) fn is_asked_again(is_claimed: &AtomicBool) -> bool {
    let in_request = IS_TO_BE_ASKED_AGAIN.try_with(|is_asked| {
        if !is_claimed.swap(true, Ordering::Relaxed) {
            is_asked.store(true, Ordering::Relaxed);
        }
    });
    in_request.is_ok()
}

/// Runs the request, and once more behind the answer when the cache says that it told a former one.
pub async fn revalidate(request: Request, next: Next) -> Response {
    if request.method() != Method::GET {
        return next.run(request).await;
    }
    let mut again = Request::new(axum::body::Body::empty());
    request.uri().clone_into(again.uri_mut());
    request.headers().clone_into(again.headers_mut());
    request.extensions().clone_into(again.extensions_mut());
    let is_asked = Arc::new(AtomicBool::new(false));
    let run = next.clone().run(request);
    let response = IS_TO_BE_ASKED_AGAIN.scope(is_asked.clone(), run).await;
    if is_asked.load(Ordering::Relaxed) {
        tokio::spawn(async move { drop(next.run(again).await) });
    }
    response
}
