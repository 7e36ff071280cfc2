//! The computers of the village, numbered for this file so that a clock costs a byte and not sixteen.

use std::collections::HashMap;

use rusqlite::Connection;
use uuid::Uuid;

use crate::cells::Stand;
use crate::log::BatchRef;
use crate::refusal::{Doing, Fault, Result};

pub(crate) struct Devices {
    numbers: HashMap<Uuid, u32>,
    ids: Vec<Uuid>,
}

impl Devices {
    pub fn read(conn: &Connection) -> Result<Devices> {
        let mut devices = Devices { numbers: HashMap::new(), ids: Vec::new() };
        let mut statement =
            conn.prepare_cached("SELECT no, id FROM device ORDER BY no").doing("reading the computers")?;
        let mut rows = statement.query([]).doing("reading the computers")?;
        while let Some(row) = rows.next().doing("reading the computers")? {
            let no: u32 = row.get(0).doing("reading the computers")?;
            let id: Vec<u8> = row.get(1).doing("reading the computers")?;
            let id = Uuid::from_slice(&id).ok().filter(|_| no as usize == devices.ids.len());
            devices.add(id.ok_or_else(|| unknown(no))?);
        }
        Ok(devices)
    }

    fn add(&mut self, id: Uuid) -> u32 {
        let no = self.ids.len() as u32;
        self.ids.push(id);
        self.numbers.insert(id, no);
        no
    }

    /// The number of a computer; one that was not heard of before gets the next.
    pub fn number(&mut self, conn: &Connection, id: Uuid) -> Result<u32> {
        if let Some(no) = self.numbers.get(&id) {
            return Ok(*no);
        }
        let no = self.add(id);
        conn.execute("INSERT INTO device VALUES (?1, ?2)", rusqlite::params![no, id.as_bytes()])
            .doing("naming a computer")?;
        Ok(no)
    }

    pub fn known(&self, id: Uuid) -> Result<u32> {
        self.numbers.get(&id).copied().ok_or_else(|| unknown(u32::MAX).into())
    }

    pub fn id(&self, no: u32) -> Result<Uuid> {
        self.ids.get(no as usize).copied().ok_or_else(|| unknown(no).into())
    }

    pub fn names(&self, stand: &Stand, at: BatchRef) -> bool {
        (stand.incarnation, stand.seq) == (at.incarnation, at.seq)
            && self.ids.get(stand.device as usize) == Some(&at.device)
    }

    pub fn reference(&self, stand: &Stand) -> Result<BatchRef> {
        Ok(BatchRef { device: self.id(stand.device)?, incarnation: stand.incarnation, seq: stand.seq })
    }
}

fn unknown(no: u32) -> Fault {
    Fault::Log { at: "device".into(), what: format!("no computer has the number {no}") }
}
