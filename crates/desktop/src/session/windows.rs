//! Windows tells its windows; until the client listens there, nothing is told here.

use super::Signal;

pub(super) async fn watch(_tell: impl Fn(Signal)) {}
