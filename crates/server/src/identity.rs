//! Who people are: sign-in, second factor, sessions and their limits.

pub mod session;
