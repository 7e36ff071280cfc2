//! A picture of any size made one of ours. Nothing of the old file is carried over but what it shows.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ExtendedColorType, ImageDecoder, ImageReader, Limits, RgbImage};

const LONGEST_SIDE: u32 = 1600;
const LARGEST: usize = 300 * 1024;
/// 64 million points: more than a telephone takes, and no more memory than an old computer has.
const MOST_POINTS: u64 = 64_000_000;
const MOST_MEMORY: u64 = 512 * 1024 * 1024;
/// Good to fair; below that a smaller picture shows more.
const QUALITIES: [u8; 4] = [85, 75, 65, 55];

pub struct Small {
    pub jpeg: Vec<u8>,
    pub width: u32,
    pub height: u32,
}

/// `None` where the bytes are no picture, are cut short, or would be too large to open.
pub fn shrink(bytes: &[u8]) -> Option<Small> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().ok()?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_POINTS || width == 0 || height == 0 {
        return None;
    }
    let upright = decoder.orientation().ok()?;
    let mut picture = DynamicImage::from_decoder(decoder).ok()?;
    if width.max(height) > LONGEST_SIDE {
        picture = picture.resize(LONGEST_SIDE, LONGEST_SIDE, FilterType::Triangle);
    }
    picture.apply_orientation(upright);
    fit(on_white(&picture))
}

/// What was see-through becomes paper, not black.
fn on_white(picture: &DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.to_rgb8();
    }
    let see_through = picture.to_rgba8();
    let mut opaque = RgbImage::new(see_through.width(), see_through.height());
    for (to, from) in opaque.pixels_mut().zip(see_through.pixels()) {
        let [r, g, b, a] = from.0.map(u16::from);
        to.0 = [r, g, b].map(|c| ((c * a + 255 * (255 - a)) / 255) as u8);
    }
    opaque
}

/// Coarser first, then smaller, until it fits.
fn fit(mut picture: RgbImage) -> Option<Small> {
    loop {
        let (width, height) = picture.dimensions();
        for quality in QUALITIES {
            let jpeg = encode(&picture, quality)?;
            if jpeg.len() <= LARGEST {
                return Some(Small { jpeg, width, height });
            }
        }
        let smaller = |side: u32| (side * 4 / 5).max(1);
        picture = image::imageops::resize(&picture, smaller(width), smaller(height), FilterType::Triangle);
    }
}

fn encode(picture: &RgbImage, quality: u8) -> Option<Vec<u8>> {
    let mut jpeg = Vec::new();
    let (width, height) = picture.dimensions();
    JpegEncoder::new_with_quality(&mut jpeg, quality)
        .encode(picture.as_raw(), width, height, ExtendedColorType::Rgb8)
        .ok()?;
    Some(jpeg)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(width: u32, height: u32) -> RgbImage {
        RgbImage::from_fn(width, height, |x, y| {
            image::Rgb([(x % 256) as u8, (y % 256) as u8, if y < height / 2 { 255 } else { 0 }])
        })
    }

    /// No two points alike: the least that JPEG can do something about.
    fn noise(width: u32, height: u32) -> RgbImage {
        let mut seed = 1u32;
        RgbImage::from_fn(width, height, |_, _| {
            let mut next = || {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (seed >> 24) as u8
            };
            image::Rgb([next(), next(), next()])
        })
    }

    fn png(picture: &RgbImage) -> Vec<u8> {
        let mut bytes = Vec::new();
        picture.write_to(&mut Cursor::new(&mut bytes), image::ImageFormat::Png).unwrap();
        bytes
    }

    /// A JPEG as a telephone writes it: lying on its side, with a place in its EXIF.
    fn telephone(picture: &RgbImage, orientation: u8) -> Vec<u8> {
        let jpeg = encode(picture, 90).unwrap();
        let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x02\0".to_vec();
        exif.extend([0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]);
        exif.extend([0x0f, 0x01, 2, 0, 12, 0, 0, 0, 38, 0, 0, 0]);
        exif.extend([0, 0, 0, 0]);
        exif.extend(b"GPS-26.5-N\0\0");
        let mut out = jpeg[..2].to_vec();
        out.extend([0xff, 0xe1]);
        out.extend(u16::try_from(exif.len() + 2).unwrap().to_be_bytes());
        out.extend(exif);
        out.extend(&jpeg[2..]);
        out
    }

    fn check(bytes: &[u8], size: (u32, u32)) -> Small {
        let small = shrink(bytes).expect("a picture");
        assert_eq!((small.width, small.height), size);
        assert!(small.jpeg.len() <= LARGEST, "{} bytes", small.jpeg.len());
        small
    }

    #[test]
    fn a_large_picture_keeps_its_shape_and_a_small_one_its_size() {
        check(&png(&picture(4000, 3000)), (1600, 1200));
        check(&png(&picture(300, 200)), (300, 200));
    }

    #[test]
    fn what_the_camera_wrote_is_left_out_and_the_picture_stands_upright() {
        let small = check(&telephone(&picture(400, 300), 6), (300, 400));
        let text = String::from_utf8_lossy(&small.jpeg);
        assert!(!text.contains("Exif") && !text.contains("GPS"));
        // The blue half lay on top; turned by a quarter to the right it stands on the right.
        let turned = image::load_from_memory(&small.jpeg).unwrap().to_rgb8();
        assert!(turned.get_pixel(280, 200)[2] > 200 && turned.get_pixel(20, 200)[2] < 60);
    }

    #[test]
    fn even_noise_fits() {
        let small = shrink(&png(&noise(1600, 1600))).expect("a picture");
        assert!(small.jpeg.len() <= LARGEST && small.width >= 300);
    }

    #[test]
    fn what_is_see_through_becomes_paper() {
        let clear = image::RgbaImage::from_pixel(20, 20, image::Rgba([0, 0, 0, 0]));
        let mut bytes = Vec::new();
        clear.write_to(&mut Cursor::new(&mut bytes), image::ImageFormat::Png).unwrap();
        let small = shrink(&bytes).unwrap();
        assert!(image::load_from_memory(&small.jpeg).unwrap().to_rgb8().get_pixel(10, 10)[0] > 250);
    }

    /// A PNG's first thirty-three bytes promise a size; nothing behind them keeps it.
    fn promised(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = png(&picture(8, 8));
        bytes[16..20].copy_from_slice(&width.to_be_bytes());
        bytes[20..24].copy_from_slice(&height.to_be_bytes());
        let crc = crc32(&bytes[12..29]);
        bytes[29..33].copy_from_slice(&crc.to_be_bytes());
        bytes
    }

    fn crc32(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0u32, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |c, _| if c & 1 == 1 { (c >> 1) ^ 0xedb8_8320 } else { c >> 1 })
        })
    }

    #[test]
    fn hostile_pictures_are_refused_before_they_are_opened() {
        for (width, height) in [(20_000, 20_000), (u32::MAX / 2, 2), (1, 70_000_000), (0, 5)] {
            assert!(shrink(&promised(width, height)).is_none(), "{width}×{height}");
        }
        let whole = png(&noise(200, 200));
        assert!(shrink(&whole[..whole.len() / 2]).is_none(), "cut short");
        let jpeg = telephone(&picture(64, 64), 200);
        assert!(shrink(&jpeg).is_some(), "a turn that does not exist is none");
        for junk in [&b""[..], b"\xff\xd8\xff", b"GIF89a", b"<svg/>", b"\x89PNG\r\n\x1a\n"] {
            assert!(shrink(junk).is_none());
        }
    }
}
