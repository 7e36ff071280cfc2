//! How a township begins, and how it is opened again.
//!
//! Its key and certificate are files beside the store, for the key outlives the store: an emptied one that is begun anew
//! under the same key is the same township to every laptop, in another epoch.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use lianhu_ledger::{Fault, Result};
use lianhu_sync::enrolment::{hex, unhex};
use lianhu_sync::{Ed25519Key, Root, Signer};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::{Town, device_of, key_file};
use crate::failure::{Failure, Outcome};
use crate::files::{read_if_there, write_private};
use crate::machine::Machine;
use crate::shelf::{Rosters, Seat};
use crate::store::{self, Changes, Store, TOWN, paper};

/// What a new township needs to know.
#[derive(Clone, Debug)]
pub struct Founding<'a> {
    pub name: &'a str,
    pub address: Option<&'a str>,
}

/// Names of the township's own settings.
pub const NAME: &[u8] = b"name";
pub const ADDRESS: &[u8] = b"address";
/// Where the program listened last; good for codes where no address was given.
pub const LISTENED: &[u8] = b"listened";
pub const EPOCH: &[u8] = b"epoch";

fn certificate_file(folder: &Path) -> PathBuf {
    folder.join("certificate.pem")
}

fn certificate_key_file(folder: &Path) -> PathBuf {
    folder.join("certificate.key")
}

fn unreadable(path: &Path) -> Fault {
    let source = std::io::Error::new(std::io::ErrorKind::InvalidData, "it holds no key or certificate");
    Fault::Io { path: path.display().to_string(), source }
}

/// The key, made if it is not there yet.
fn key(folder: &Path, machine: &Machine, make: bool) -> Result<Option<[u8; 32]>> {
    let path = key_file(folder);
    if let Some(bytes) = read_if_there(&path)? {
        let text = String::from_utf8_lossy(&bytes);
        let secret = unhex(text.trim()).and_then(|bytes| bytes.try_into().ok());
        return Ok(Some(secret.ok_or_else(|| unreadable(&path))?));
    }
    if !make {
        return Ok(None);
    }
    let secret = machine.secret();
    write_private(&path, format!("{}\n", hex(&secret)).as_bytes())?;
    Ok(Some(secret))
}

fn make_certificate(folder: &Path, machine: &Machine, address: Option<&str>) -> Result<()> {
    let path = certificate_file(folder);
    if path.is_file() {
        return Ok(());
    }
    let host = address.and_then(|address| address.rsplit_once(':')).map(|(host, _)| host.to_owned());
    let names = ["localhost".to_owned(), "127.0.0.1".to_owned()].into_iter().chain(host).collect();
    let made = machine.certificate(names).or_else(|_| machine.certificate(vec!["localhost".to_owned()]));
    let (certificate, key) = made.map_err(|_| unreadable(&path))?;
    write_private(&certificate_key_file(folder), key.as_bytes())?;
    write_private(&path, certificate.as_bytes())
}

/// The certificate that is shown, as DER: the township's own, or one that was put in its place.
fn certificate(folder: &Path) -> Result<Option<Vec<u8>>> {
    let path = certificate_file(folder);
    let Some(bytes) = read_if_there(&path)? else { return Ok(None) };
    let certificate = CertificateDer::from_pem_slice(&bytes).map_err(|_| unreadable(&path))?;
    Ok(Some(certificate.to_vec()))
}

impl Town {
    /// Makes a township, or begins one anew whose store was lost and whose key was not.
    pub fn init(folder: &Path, store: Arc<dyn Store>, machine: Machine, founding: &Founding<'_>) -> Outcome<Town> {
        std::fs::create_dir_all(folder).map_err(crate::failure::io(folder))?;
        store.found(TOWN)?;
        if store::town(store.as_ref(), |tx| tx.paper(paper::SETTING, NAME))?.is_some() {
            return Err(Failure::said("township.already_there", [("path", &folder.display().to_string())]));
        }
        key(folder, &machine, true)?;
        make_certificate(folder, &machine, founding.address)?;
        let mut papers = vec![
            (paper::SETTING, EPOCH.to_vec(), Some(machine.now_ms().to_le_bytes().to_vec())),
            (paper::SETTING, NAME.to_vec(), Some(founding.name.as_bytes().to_vec())),
        ];
        let address = founding.address.map(|address| address.as_bytes().to_vec());
        papers.extend(address.map(|address| (paper::SETTING, ADDRESS.to_vec(), Some(address))));
        let changes = Changes { papers, ..Changes::default() };
        store::town(store.as_ref(), |tx| tx.append(&changes))?;
        Town::open(folder, store, machine)
    }

    pub fn open(folder: &Path, store: Arc<dyn Store>, machine: Machine) -> Outcome<Town> {
        let nothing = || Failure::said("township.not_there", [("path", &folder.display().to_string())]);
        let secret = key(folder, &machine, false)?.ok_or_else(nothing)?;
        let certificate = certificate(folder)?.ok_or_else(nothing)?;
        let settings = store::transact(store.as_ref(), TOWN, |tx| tx.papers(paper::SETTING))?.ok_or_else(nothing)?;
        let setting = |name: &[u8]| settings.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
        let text = |name: &[u8]| setting(name).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        let name = text(NAME).ok_or_else(nothing)?;
        let epoch = setting(EPOCH).and_then(|bytes| <[u8; 8]>::try_from(bytes).ok()).map(u64::from_le_bytes);
        let epoch = epoch.ok_or_else(nothing)?;
        let key = Ed25519Key::new(secret);
        let root = Root { device: device_of(&key.public()), key: key.public() };
        Ok(Town {
            store,
            machine,
            folder: folder.to_owned(),
            name,
            address: text(ADDRESS).or_else(|| text(LISTENED)).unwrap_or_default(),
            seat: Seat { root, epoch, incarnation: incarnation(epoch) },
            certificate,
            secret,
            key,
            rosters: Rosters::default(),
        })
    }

    /// Another epoch from here on: after a restore, numbers that were given since the copy mean nothing any more.
    pub fn begin_epoch(store: &dyn Store, machine: &Machine) -> Result<()> {
        let known = store::town(store, |tx| tx.paper(paper::SETTING, EPOCH))?;
        let known = known.and_then(|bytes| <[u8; 8]>::try_from(bytes).ok()).map_or(0, u64::from_le_bytes);
        // A second at least: the chain the township writes is numbered by seconds.
        let epoch = machine.now_ms().max(known + 1000);
        Town::set(store, EPOCH, &epoch.to_le_bytes())
    }

    pub fn set(store: &dyn Store, name: &[u8], value: &[u8]) -> Result<()> {
        let papers = vec![(paper::SETTING, name.to_vec(), Some(value.to_vec()))];
        let changes = Changes { papers, ..Changes::default() };
        store::town(store, |tx| tx.append(&changes))
    }

    /// What TLS shows and proves.
    pub fn tls(&self) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>)> {
        let (path, key_path) = (certificate_file(&self.folder), certificate_key_file(&self.folder));
        let chain: Result<Vec<_>, _> = CertificateDer::pem_file_iter(&path).and_then(Iterator::collect);
        let key = PrivateKeyDer::from_pem_file(&key_path).map_err(|_| unreadable(&key_path))?;
        Ok((chain.map_err(|_| unreadable(&path))?, key))
    }
}

/// An epoch begins at a moment; its seconds number the township's own chain, so that a later epoch's comes after.
fn incarnation(epoch: u64) -> u32 {
    u32::try_from(epoch / 1000).unwrap_or(u32::MAX).max(1)
}
