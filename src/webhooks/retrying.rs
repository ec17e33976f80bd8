//! What an attempt leads to: done, tried again, given up, or nothing more to this endpoint. Pure, but for chance.

use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use jiff::{SignedDuration, Timestamp};

use super::sending::Answer;
use crate::config::WebhooksConfig;
use crate::store::Verdict;

/// The longest that an endpoint can make us wait.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(24);

/// What an attempt leads to that ended at `now`. `tries` counts the attempts before it, `failing_since` is when the first of
/// those failed that nothing has succeeded after.
pub(super) fn verdict(
    answer: Option<&Answer>,
    tries: i32,
    failing_since: Option<Timestamp>,
    now: Timestamp,
    config: &WebhooksConfig,
) -> Verdict {
    match answer.map(|answer| answer.status) {
        Some(200..=299) => return Verdict::Delivered,
        Some(410) => return Verdict::Disabled("the endpoint answered 410 Gone: it wants no more messages".to_owned()),
        _ => {}
    }
    let days = i64::from(config.disable_after_days);
    let is_long = |since: Timestamp| now.duration_since(since) >= SignedDuration::from_hours(days * 24);
    if failing_since.is_some_and(is_long) {
        return Verdict::Disabled(format!("every delivery has failed for {days} day(s)"));
    }
    let Some(seconds) = usize::try_from(tries).ok().and_then(|tries| config.retry_seconds.get(tries)) else {
        return Verdict::GivenUp;
    };
    let wished = answer.and_then(|answer| retry_after(answer.retry_after.as_deref()?, now));
    let wait = jittered(*seconds).max(wished.unwrap_or_default()).min(longest(*seconds));
    Verdict::Again(now.checked_add(wait).unwrap_or(now))
}

/// Nobody waits longer than a day because an endpoint says so, but longer where the settings do.
fn longest(seconds: u64) -> SignedDuration {
    jittered(seconds).max(LONGEST_WAIT)
}

/// The seconds, give or take up to a tenth: what failed together should not come again together.
fn jittered(seconds: u64) -> SignedDuration {
    let mut random = [0_u8; 2];
    // Without chance it is the time itself, which is right too.
    let chance =
        SystemRandom::new().fill(&mut random).map_or(0.5, |()| f64::from(u16::from_le_bytes(random)) / 65_535.0);
    let factor = 0.9 + 0.2 * chance;
    SignedDuration::from_millis((seconds as f64 * 1_000.0 * factor) as i64)
}

/// How long an endpoint wants to be left alone: in seconds, or until a date (RFC 9110).
fn retry_after(text: &str, now: Timestamp) -> Option<SignedDuration> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // A number that does not fit is longer than anything.
        return Some(text.parse().map_or(LONGEST_WAIT, |seconds: u32| SignedDuration::from_secs(seconds.into())));
    }
    let until = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
    Some(until.duration_since(now).max(SignedDuration::ZERO))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn config() -> WebhooksConfig {
        WebhooksConfig { retry_seconds: vec![10, 100], ..Config::defaults().webhooks }
    }

    fn answer(status: u16, retry_after: Option<&str>) -> Answer {
        Answer { status, retry_after: retry_after.map(str::to_owned), text: String::new() }
    }

    fn wait(verdict: &Verdict, now: Timestamp) -> f64 {
        match verdict {
            Verdict::Again(at) => at.duration_since(now).as_secs_f64(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn only_2xx_is_success_and_410_is_the_end() {
        let now: Timestamp = "2026-11-23T12:00:00Z".parse().unwrap();
        let verdict = |status| verdict(Some(&answer(status, None)), 0, None, now, &config());
        for status in [200, 201, 202, 204, 299] {
            assert_eq!(verdict(status), Verdict::Delivered, "{status}");
        }
        assert!(matches!(verdict(410), Verdict::Disabled(_)));
        for status in [101, 300, 301, 302, 304, 307, 400, 401, 404, 429, 500, 503, 599] {
            assert!(matches!(verdict(status), Verdict::Again(_)), "{status}");
        }
    }

    #[test]
    fn it_is_tried_again_by_the_schedule_and_later_where_the_endpoint_says_so() {
        let now: Timestamp = "2026-11-23T12:00:00Z".parse().unwrap();
        let config = config();
        for _ in 0..50 {
            let first = wait(&verdict(None, 0, Some(now), now, &config), now);
            assert!((9.0..=11.0).contains(&first), "{first}");
        }
        let second = wait(&verdict(None, 1, None, now, &config), now);
        assert!((90.0..=110.0).contains(&second), "{second}");
        assert_eq!(verdict(None, 2, None, now, &config), Verdict::GivenUp);
        let told = |text| wait(&verdict(Some(&answer(503, Some(text))), 0, None, now, &config), now);
        assert_eq!(told("60"), 60.0);
        assert_eq!(told("Mon, 23 Nov 2026 12:02:00 GMT"), 120.0);
        assert_eq!(told("99999999999999"), 86_400.0);
        for text in ["0", "1", "Mon, 23 Nov 2026 11:00:00 GMT", "soon", "-5", ""] {
            assert!((9.0..=11.0).contains(&told(text)), "{text}");
        }
    }

    #[test]
    fn an_endpoint_that_fails_for_days_is_disabled() {
        let now: Timestamp = "2026-11-23T12:00:00Z".parse().unwrap();
        let since = |hours| now.checked_sub(SignedDuration::from_hours(hours)).unwrap();
        let config = WebhooksConfig { disable_after_days: 5, ..config() };
        assert!(matches!(verdict(None, 0, Some(since(119)), now, &config), Verdict::Again(_)));
        assert!(matches!(verdict(None, 0, Some(since(120)), now, &config), Verdict::Disabled(_)));
        assert_eq!(verdict(Some(&answer(204, None)), 0, Some(since(120)), now, &config), Verdict::Delivered);
    }
}
