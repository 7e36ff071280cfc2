//! 照片 — a picture of a meeting or a visit, made small enough to keep for twenty years: turned upright, everything the
//! camera wrote into it left out, a JPEG of at most 300 KB. It lies beside the ledger under the hash of its bytes.

mod shrink;

use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use lianhu_ledger::records::{MeetingId, Photo, VisitId};
use lianhu_ledger::{Code, Ledger, Refusal};
use serde::{Deserialize, Serialize};
use serde_json::json;
use ts_rs::TS;
use uuid::Uuid;

use crate::desk::{Desk, Done};
use crate::files;
use crate::jobs::{Job, JobNo};
use crate::problem::Result;

/// A camera's picture is a tenth of this; what is larger is no photograph.
const LARGEST_FILE: u64 = 40 * 1024 * 1024;

/// A picture from a file, or one that was pasted.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AddPhoto {
    #[serde(default)]
    #[ts(optional)]
    pub meeting: Option<Uuid>,
    #[serde(default)]
    #[ts(optional)]
    pub visit: Option<Uuid>,
    #[serde(default)]
    #[ts(optional)]
    pub path: Option<String>,
    /// The bytes in base64.
    #[serde(default)]
    #[ts(optional)]
    pub data: Option<String>,
    #[serde(default)]
    pub caption: String,
}

/// Begins: reading and shrinking a picture takes a second or two. `photo_added` has what came of it.
pub fn add(desk: &Desk, ask: AddPhoto) -> Result<JobNo> {
    Ok(desk.begin(move |desk: &Desk, job: &Job| take_in(desk, job, &ask)))
}

pub fn added(desk: &Desk, job: JobNo) -> Result<Done<Uuid>> {
    desk.result(job)
}

fn take_in(desk: &Desk, job: &Job, ask: &AddPhoto) -> Result<Done<Uuid>> {
    let name = ask.path.as_deref().map(Path::new).and_then(Path::file_name);
    let name = name.map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let bad = || Refusal::new(Code::BadPicture).with("name", &name);
    job.at("reading_picture", 0, 2)?;
    let bytes = source(ask)?.ok_or_else(bad)?;
    let small = shrink::shrink(&bytes).ok_or_else(bad)?;
    job.at("writing", 1, 2)?;
    let hash = blake3::hash(&small.jpeg).to_hex().to_string();
    let folder = desk.read(|ledger| Ok(folder(ledger)))?;
    if !folder.join(file_name(&hash)).exists() {
        files::write(&folder, &file_name(&hash), &small.jpeg)?;
    }
    let fields = [
        ("meeting", json!(ask.meeting)),
        ("visit", json!(ask.visit)),
        ("hash", json!(hash)),
        ("caption", json!(ask.caption)),
        ("bytes", json!(small.jpeg.len())),
        ("width", json!(small.width)),
        ("height", json!(small.height)),
    ];
    desk.edit("photo", |draft| draft.create("photo", fields.map(|(name, value)| (name.to_owned(), value)).into()))
}

fn source(ask: &AddPhoto) -> Result<Option<Vec<u8>>> {
    if let Some(data) = &ask.data {
        let fits = data.len() as u64 <= LARGEST_FILE * 4 / 3;
        return Ok(if fits { STANDARD.decode(data).ok() } else { None });
    }
    let Some(path) = &ask.path else { return Ok(None) };
    match std::fs::metadata(path) {
        Ok(about) if about.is_file() && about.len() <= LARGEST_FILE => files::read(Path::new(path)).map(Some),
        Ok(_) => Ok(None),
        Err(_) => Err(Refusal::new(Code::NoSuchFile).with("path", path).into()),
    }
}

fn folder(ledger: &Ledger) -> PathBuf {
    ledger.path().parent().unwrap_or(Path::new(".")).join("attachments")
}

fn file_name(hash: &str) -> String {
    format!("{hash}.jpg")
}

/// Of one meeting, or of one visit.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PhotosOf {
    #[serde(default)]
    #[ts(optional)]
    pub meeting: Option<Uuid>,
    #[serde(default)]
    #[ts(optional)]
    pub visit: Option<Uuid>,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct PhotoLine {
    pub id: Uuid,
    pub caption: Option<String>,
    pub bytes: u32,
    pub width: u32,
    pub height: u32,
}

pub fn list(desk: &Desk, ask: PhotosOf) -> Result<Vec<PhotoLine>> {
    let photos = desk.read(|ledger| match (ask.meeting, ask.visit) {
        (Some(meeting), _) => ledger.view().photos_of_meeting(MeetingId(meeting)),
        (_, Some(visit)) => ledger.view().photos_of_visit(VisitId(visit)),
        (None, None) => Ok(Vec::new()),
    })?;
    let line =
        |p: Photo| PhotoLine { id: p.id.0, caption: p.caption, bytes: p.bytes, width: p.width, height: p.height };
    Ok(photos.into_iter().map(line).collect())
}

#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WhichPhoto {
    pub id: Uuid,
}

/// The picture itself, for an `img`.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct PhotoPicture {
    pub url: String,
}

/// A file that is not there, or is no longer the one that was kept, is refused by name.
pub fn look(desk: &Desk, ask: WhichPhoto) -> Result<PhotoPicture> {
    let missing = |what: &str| Refusal::new(Code::NoSuchFile).with("path", what);
    let (photo, folder) = desk.read(|ledger| Ok((ledger.view().get::<Photo>(ask.id)?, folder(ledger))))?;
    let photo = photo.ok_or_else(|| missing("—"))?;
    let name = file_name(&photo.hash);
    let bytes = std::fs::read(folder.join(&name)).map_err(|_| missing(&name))?;
    if blake3::hash(&bytes).to_hex().as_str() != photo.hash {
        return Err(missing(&name).into());
    }
    Ok(PhotoPicture { url: format!("data:image/jpeg;base64,{}", STANDARD.encode(bytes)) })
}
