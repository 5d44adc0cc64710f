//! libFuzzer's program for [`deskbell_fuzz::texts`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| deskbell_fuzz::texts(data));
