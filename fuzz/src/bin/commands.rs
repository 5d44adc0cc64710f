//! libFuzzer's program for [`deskbell_fuzz::commands`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| deskbell_fuzz::commands(data));
