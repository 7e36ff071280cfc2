//! The laptop's half: what the township lacks is sent, what the ledger names and is not here is fetched.

use std::io;

use lianhu_ledger::Hash;

use super::{AT_ONCE, Answer, Folder, PIECE, Want};

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trip {
    /// Whole over there now, sent or found there.
    pub delivered: Vec<Hash>,
    pub fetched: usize,
    /// Neither here nor there yet: whoever took them has not sent them.
    pub missing: usize,
}

/// Sends and fetches `named`, one piece after the other; `talk` asks the township. It may be cut anywhere and made again.
pub fn fetch_and_send<E: From<io::Error>>(
    folder: &Folder,
    named: &[Hash],
    mut talk: impl FnMut(Want) -> Result<Answer, E>,
) -> Result<Trip, E> {
    let mut trip = Trip::default();
    let (here, away): (Vec<Hash>, Vec<Hash>) = named.iter().partition(|hash| folder.has(hash));
    for some in here.chunks(AT_ONCE) {
        let Answer::Lacking(lacking) = talk(Want::Lacking(some.to_vec()))? else { continue };
        trip.delivered.extend(some.iter().filter(|hash| lacking.iter().all(|(lacks, _)| lacks != *hash)));
        for (hash, upto) in lacking.into_iter().filter(|(hash, _)| some.contains(hash)) {
            if send(folder, &hash, upto, &mut talk)? {
                trip.delivered.push(hash);
            }
        }
    }
    for hash in away {
        if fetch(folder, &hash, &mut talk)? {
            trip.fetched += 1;
        } else {
            trip.missing += 1;
        }
    }
    Ok(trip)
}

/// Whether it is whole over there. A township that keeps asking for what it was given is left alone.
fn send<E: From<io::Error>>(
    folder: &Folder,
    hash: &Hash,
    mut upto: u64,
    talk: &mut impl FnMut(Want) -> Result<Answer, E>,
) -> Result<bool, E> {
    let (size, _) = folder.piece(hash, 0)?;
    for _ in 0..=2 * size / PIECE as u64 + 2 {
        let (_, bytes) = folder.piece(hash, upto)?;
        if bytes.is_empty() {
            return Ok(false);
        }
        match talk(Want::Put { hash: *hash, size, from: upto, bytes })? {
            Answer::Upto(all) if all >= size => return Ok(true),
            Answer::Upto(now) => upto = now,
            _ => return Ok(false),
        }
    }
    Ok(false)
}

fn fetch<E: From<io::Error>>(
    folder: &Folder,
    hash: &Hash,
    talk: &mut impl FnMut(Want) -> Result<Answer, E>,
) -> Result<bool, E> {
    loop {
        let from = folder.upto(hash);
        let Answer::Piece { size, bytes } = talk(Want::Get { hash: *hash, from })? else { return Ok(false) };
        let upto = folder.append(hash, size, from, &bytes)?;
        if upto <= from || upto >= size {
            return Ok(upto >= size && size > 0);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::cell::Cell;

    use tempfile::TempDir;

    use super::*;
    use crate::attachment::answer;

    fn hash(bytes: &[u8]) -> Hash {
        *blake3::hash(bytes).as_bytes()
    }

    fn picture(nth: u8) -> Vec<u8> {
        (0..50_000u32).map(|at| (at % 251) as u8 ^ nth).collect()
    }

    /// Two laptops and a town, each with a folder.
    fn three() -> (TempDir, [Folder; 3]) {
        let dir = TempDir::new().unwrap();
        let folders = ["a", "b", "town"].map(|name| Folder::at(dir.path().join(name)));
        (dir, folders)
    }

    fn kept(folder: &Folder, bytes: &[u8]) -> Hash {
        let mut from = 0;
        for piece in bytes.chunks(PIECE) {
            from = folder.append(&hash(bytes), bytes.len() as u64, from, piece).unwrap();
        }
        hash(bytes)
    }

    #[test]
    fn a_picture_comes_to_the_other_laptop_whole() {
        let (_dir, [a, b, town]) = three();
        let named = [kept(&a, &picture(1)), kept(&a, &picture(2)), hash(b"nobody has sent it")];
        let trip = fetch_and_send(&a, &named, |want| answer(&town, &want)).unwrap();
        assert_eq!((trip.delivered.len(), trip.fetched, trip.missing), (2, 0, 1));
        let trip = fetch_and_send(&b, &named, |want| answer(&town, &want)).unwrap();
        assert_eq!((trip.delivered.len(), trip.fetched, trip.missing), (0, 2, 1));
        assert!(b.has(&named[0]) && b.has(&named[1]));
    }

    #[test]
    fn a_line_that_is_cut_goes_on_where_it_was() {
        let (_dir, [a, _, town]) = three();
        let named = [kept(&a, &picture(1))];
        let (said, sent) = (Cell::new(0), Cell::new(0));
        let mut cuts = 0;
        loop {
            said.set(0);
            let talk = |want: Want| {
                said.set(said.get() + 1);
                if said.get() > 2 {
                    return Err(io::Error::other("cut"));
                }
                if let Want::Put { bytes, .. } = &want {
                    sent.set(sent.get() + bytes.len());
                }
                answer(&town, &want)
            };
            match fetch_and_send(&a, &named, talk) {
                Ok(trip) => break assert_eq!(trip.delivered, named),
                Err(_) => cuts += 1,
            }
            assert!(cuts < 20);
        }
        assert!(cuts > 1);
        assert_eq!(sent.get(), picture(1).len(), "no byte went twice");
    }

    #[test]
    fn what_is_not_what_its_hash_says_is_not_kept() {
        let (_dir, [a, _, town]) = three();
        let lie = Want::Put { hash: hash(b"other"), size: 4, from: 0, bytes: b"this".to_vec() };
        assert_eq!(answer(&town, &lie).unwrap(), Answer::Upto(0));
        assert!(!town.has(&hash(b"other")) && town.upto(&hash(b"other")) == 0);
        // A township that lies to a laptop gets no further.
        let liar = |want: Want| -> io::Result<Answer> {
            Ok(match want {
                Want::Get { .. } => Answer::Piece { size: 3, bytes: b"lie".to_vec() },
                _ => Answer::Upto(0),
            })
        };
        assert_eq!(fetch_and_send(&a, &[hash(b"true")], liar).unwrap().missing, 1);
        assert!(!a.has(&hash(b"true")));
    }

    #[test]
    fn pieces_out_of_place_and_beyond_measure_change_nothing() {
        let (_dir, [_, _, town]) = three();
        let all = picture(1);
        let put = |from, size, bytes: &[u8]| town.append(&hash(&all), size, from, bytes).unwrap();
        assert_eq!(put(7, 50_000, &all[7..9]), 0);
        assert_eq!(put(0, 50_000, &all[..1000]), 1000);
        assert_eq!(put(0, 50_000, &all[..1000]), 1000);
        assert_eq!(put(1000, 1_500, &all[1000..2000]), 1000);
        assert_eq!(put(1000, super::super::LARGEST + 1, &all[1000..]), 1000);
        assert_eq!(put(1000, 50_000, &all[1000..]), 50_000);
    }
}
