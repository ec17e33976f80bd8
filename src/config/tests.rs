//! The defaults are right, later sources win, and what is wrong is named.

use super::*;

fn with(variables: &[(&str, &str)], file: Option<&str>) -> Result<Config, String> {
    let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.toml");
    std::fs::write(&path, file.unwrap_or_default()).unwrap();
    Config::from_sources(Some(&path), Environment::default().source(Some(variables))).map_err(|error| error.to_string())
}

#[test]
fn the_defaults_are_right_and_later_sources_win() {
    let config = Config::defaults();
    assert_eq!(config.server.address.port(), 8080);
    assert_eq!(config.database.url, "sqlite://plenary.db?mode=rwc");
    let file = "[server]\naddress = \"127.0.0.1:1\"\nrequest_timeout_ms = 2000\n";
    let variables = [
        ("PLENARY__SERVER__ADDRESS", "127.0.0.1:2"),
        ("PLENARY__SERVER__CORS__ORIGINS", "https://a.example,https://b.example"),
        ("PLENARY__GRAPHQL__LIMITS__DEPTH", "20"),
        ("PLENARY__GRAPHQL__DEFAULT_EVENT", "2026"),
        ("PLENARY_CONFIG", "not a setting"),
    ];
    let config = with(&variables, Some(file)).unwrap();
    assert_eq!(config.server.address.port(), 2);
    assert_eq!(config.server.request_timeout_ms, 2000);
    assert_eq!(config.server.cors.origins, ["https://a.example", "https://b.example"]);
    assert_eq!(config.graphql.limits.depth, 20);
    assert_eq!(config.graphql.default_event.as_deref(), Some("2026"));
}

#[test]
fn errors_name_the_key() {
    for (name, value, key) in [
        ("PLENARY__SERVER__ADDRESS", "nowhere", "server.address"),
        ("PLENARY__SERVER__ADRESS", "127.0.0.1:80", "adress"),
        ("PLENARY__SERVER__REQUEST_TIMEOUT_MS", "soon", "server.request_timeout_ms"),
        ("PLENARY__SERVER__REQUEST_TIMEOUT_MS", "5", "server.request_timeout_ms"),
        ("PLENARY__DATABASE__URL", "mysql://x", "database.url"),
        ("PLENARY__GRAPHQL__LIMITS__DEPTH", "0", "graphql.limits.depth"),
        ("PLENARY__GRAPHQL__INTROSPECTION", "perhaps", "graphql.introspection"),
        ("PLENARY__SUBSCRIPTIONS__KEEP_ALIVE_MS", "1", "subscriptions.keep_alive_ms"),
        ("PLENARY__LOG__FORMAT", "xml", "log.format"),
        ("PLENARY__LOG__LEVEL", "a=b=c", "log.level"),
        ("PLENARY__SERVER__CORS__ORIGINS", "*,https://a.example", "server.cors.origins"),
        ("PLENARY__SERVER__CORS__ORIGINS", "a.example", "server.cors.origins"),
        ("PLENARY__WEBHOOKS__RETRY_SECONDS", "1,soon", "webhooks.retry_seconds"),
        ("PLENARY__WEBHOOKS__RETRY_SECONDS", "1,604801", "webhooks.retry_seconds"),
        ("PLENARY__WEBHOOKS__TIMEOUT_MS", "1", "webhooks.timeout_ms"),
        ("PLENARY__NOTHING__AT_ALL", "1", "nothing"),
    ] {
        let message = with(&[(name, value)], None).expect_err(name);
        assert!(message.contains(key) && !message.contains('\n'), "{name}={value}: {message}");
    }
    let message = with(&[], Some("[server]\naddress = 5")).unwrap_err();
    assert!(message.contains("server.address") && message.contains("test.toml"), "{message}");
    assert!(with(&[], Some("[server")).unwrap_err().contains("test.toml"));
}

#[test]
fn a_password_is_not_shown() {
    let url = "postgres://plenary:hunter2@localhost/plenary";
    let config = with(&[("PLENARY__DATABASE__URL", url)], None).unwrap();
    assert!(!format!("{config:?}").contains("hunter2"));
}
