//! Workshop sites made with Jekyll: `_config.yml`, `_data/*.yml` and `index.md`.
