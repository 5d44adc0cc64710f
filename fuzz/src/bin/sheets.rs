//! libFuzzer's program for [`deskbell_fuzz::sheets`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| deskbell_fuzz::sheets(data));
