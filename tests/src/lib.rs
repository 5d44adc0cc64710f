//! The end-to-end tests are in `tests/tests`; their harness is `deskbell-testing`.
