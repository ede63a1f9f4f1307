//! Bytes of some kind, looked for in short texts: in long ones that hold few of them, memchr is faster.

/// Which bytes are one of these or, where they count, a control.
pub const fn which(bytes: &[u8], controls: bool) -> [bool; 256] {
    let (mut which, mut nth) = ([false; 256], 0);
    while nth < 32 {
        which[nth] = controls;
        nth += 1;
    }
    nth = 0;
    while nth < bytes.len() {
        which[bytes[nth] as usize] = true;
        nth += 1;
    }
    which
}

/// The first byte that is one of [these](which). Eight are looked at together: mostly it is none of them.
pub fn first_of(which: &[bool; 256], bytes: &[u8]) -> Option<usize> {
    let is_one = |byte: &u8| which[usize::from(*byte)];
    let (eights, _) = bytes.as_chunks::<8>();
    let none = |eight: &&[u8; 8]| !eight.iter().fold(false, |any, byte| any | is_one(byte));
    let passed = 8 * eights.iter().take_while(none).count();
    Some(passed + bytes[passed..].iter().position(is_one)?)
}
