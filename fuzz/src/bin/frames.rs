//! libFuzzer's program for [`deskbell_fuzz::frames`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| deskbell_fuzz::frames(data));
