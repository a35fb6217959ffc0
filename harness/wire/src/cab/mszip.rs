//! MSZIP (MS-MCI): a block is `CK` and one deflate stream, which may refer back into the 32 KB that
//! the blocks before it unpacked to. Checksums and lengths of the cabinet are left to its reader.

use miniz_oxide::deflate::core::{
    CompressionStrategy, CompressorOxide, TDEFLFlush, compress_to_output,
    create_comp_flags_from_zip_params,
};
use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress, inflate_flags};

/// How far back a block may refer.
const HISTORY: usize = 32_768;

/// What every block begins with.
const MARK: [u8; 2] = *b"CK";

/// Appends what a block unpacks to, at most `length` octets; those before in `out` are its history.
///
/// What could be unpacked is kept. The answer is the number of octets behind the end of the stream,
/// or what is wrong.
pub(super) fn unpack(out: &mut Vec<u8>, packed: &[u8], length: usize) -> Result<usize, String> {
    let Some(stream) = packed.strip_prefix(&MARK) else {
        return Err("the block does not begin with CK".into());
    };
    let start = out.len();
    out.resize(start + length, 0);
    let history = start.saturating_sub(HISTORY);
    let flags = inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
    let mut state = DecompressorOxide::new();
    let window = out.get_mut(history..).unwrap_or_default();
    let (status, read, written) = decompress(&mut state, stream, window, start - history, flags);
    out.truncate(start + written.min(length));
    match status {
        TINFLStatus::Done if written == length => Ok(stream.len().saturating_sub(read)),
        TINFLStatus::Done => Err(format!(
            "the block unpacks to {written} octets, not to {length}"
        )),
        TINFLStatus::HasMoreOutput => {
            Err(format!("the block unpacks to more than {length} octets"))
        }
        TINFLStatus::FailedCannotMakeProgress | TINFLStatus::NeedsMoreInput => {
            Err("the block ends inside its deflate stream".into())
        }
        _ => Err("the block is no deflate stream".into()),
    }
}

/// A block for these octets, at most [`super::BLOCK`], which makes no use of history.
///
/// It has no Huffman tables of its own: unpackers of that time, and libmspack to this day, refuse
/// the incomplete ones that miniz writes where nothing repeats. What does not pack is stored, so
/// that no block is longer than 12 octets more than it unpacks to, as MS-MCI demands.
pub(super) fn pack(octets: &[u8]) -> Vec<u8> {
    const BEST: i32 = 9;
    const NO_WRAPPER: i32 = 0;
    let fixed = CompressionStrategy::Fixed as i32;
    let flags = create_comp_flags_from_zip_params(BEST, NO_WRAPPER, fixed);
    let mut state = CompressorOxide::new(flags);
    let mut block = MARK.to_vec();
    compress_to_output(&mut state, octets, TDEFLFlush::Finish, |packed| {
        block.extend(packed);
        true
    });
    let stored = stored(octets);
    if stored.len() < block.len() {
        stored
    } else {
        block
    }
}

/// A block that holds these octets as they are: the last block, stored, its length twice.
fn stored(octets: &[u8]) -> Vec<u8> {
    let length = octets.len() as u16;
    let mut block = MARK.to_vec();
    block.push(0x01);
    block.extend(length.to_le_bytes());
    block.extend((!length).to_le_bytes());
    block.extend(octets);
    block
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_unpacks_to_what_was_packed() {
        let octets: Vec<u8> = (0..20_000_u32).map(|n| ((n * n) >> 7) as u8).collect();
        let mut out = vec![7];
        assert_eq!(unpack(&mut out, &pack(&octets), octets.len()), Ok(0));
        assert_eq!(out.get(1..), Some(&*octets));
    }

    #[test]
    fn what_does_not_pack_is_stored() {
        let next = |state: &u32| Some(state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223));
        let noise = std::iter::successors(Some(7_u32), next).map(|state| (state >> 24) as u8);
        let noise: Vec<u8> = noise.take(crate::cab::BLOCK).collect();
        let packed = pack(&noise);
        assert!(packed.len() <= noise.len() + 12, "{}", packed.len());
        let mut out = Vec::new();
        assert_eq!(unpack(&mut out, &packed, noise.len()), Ok(0));
        assert!(out == noise);
    }

    #[test]
    fn a_block_refers_back_into_those_before_it_and_no_further() {
        let stream = &[b"CK".as_slice(), &fixed(258, 4)].concat();
        let mut out = b"abcd".to_vec();
        assert_eq!(unpack(&mut out, stream, 4), Ok(0));
        assert_eq!(out, b"abcdabcd");
        let mut out = b"abc".to_vec();
        let refused = unpack(&mut out, stream, 4).expect_err("no history");
        assert_eq!(refused, "the block is no deflate stream");
        assert_eq!(out, b"abc");
    }

    /// A stream of one fixed block that holds one copy of four octets: symbol 258, distance 4, end.
    fn fixed(symbol: u32, distance: u32) -> Vec<u8> {
        // Bits in the order of the stream: final, type 01, the symbol in seven bits, the distance
        // in five, the end in seven.
        let mut bits = vec![1, 1, 0];
        bits.extend((0..7).rev().map(|bit| (symbol - 256) >> bit & 1));
        bits.extend((0..5).rev().map(|bit| (distance - 1) >> bit & 1));
        bits.extend([0; 7]);
        let octet = |bits: &[u32]| {
            let octet = bits.iter().rev().fold(0, |sum, bit| sum << 1 | bit);
            u8::try_from(octet).expect("eight bits")
        };
        bits.chunks(8).map(octet).collect()
    }

    #[test]
    fn a_block_of_another_length_says_so() {
        let packed = pack(b"four");
        let mut out = Vec::new();
        let more = unpack(&mut out, &packed, 3).expect_err("more");
        assert_eq!(more, "the block unpacks to more than 3 octets");
        assert_eq!(out, b"fou");
        out.clear();
        let less = unpack(&mut out, &packed, 5).expect_err("less");
        assert_eq!(less, "the block unpacks to 4 octets, not to 5");
        assert_eq!(out, b"four");
    }

    #[test]
    fn what_stands_behind_the_stream_is_counted() {
        let mut packed = pack(b"four");
        packed.extend([0, 0, 0]);
        assert_eq!(unpack(&mut Vec::new(), &packed, 4), Ok(3));
    }

    #[test]
    fn a_block_that_is_cut_gives_what_it_has() {
        let packed = pack(&[b"x".repeat(100), b"yz".repeat(100)].concat());
        for end in 0..packed.len() {
            let mut out = Vec::new();
            assert!(unpack(&mut out, &packed[..end], 300).is_err(), "{end}");
            assert!(out.len() <= 300);
        }
    }
}
