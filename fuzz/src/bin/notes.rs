//! libFuzzer's program for [`deskbell_fuzz::notes`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| deskbell_fuzz::notes(data));
