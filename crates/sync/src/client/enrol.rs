//! 接入 — this ledger joins its township by a code. The key is kept before it is shown to anybody: an answer that was
//! lost is asked for again, with the same key.

use lianhu_ledger::{Chain, Ledger};

use super::converse::World;
use super::lends::Lends;
use super::line::Line;
use crate::belonging::{Entry, enter};
use crate::enrolment::{Code, ENROL_PATH, Enrol, Enrolled, Refused, short};
use crate::invitation::own_key;
use crate::suite::{Ed25519Key, Signer};
use crate::trouble::{Failed, Trouble};

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entered {
    pub township: String,
    pub village: String,
    pub role: String,
    /// Another one must say yes first.
    pub waits: bool,
    /// 核对码.
    pub short: String,
}

/// Enrols the computer of this ledger.
pub fn enrol<H: Lends>(hand: &mut H, code: &str, who: &str, world: &mut World<'_>) -> Result<Entered, Failed> {
    let code = Code::read(code).ok_or(Trouble::BadCode)?;
    let (secret, me, village) =
        hand.lend(|ledger| Ok((own_key(ledger, world.edge)?, ledger.own_chain(), ledger.village())))?;
    let enrolled = ask(me, &code, who, Some(village), &secret, world)?;
    if enrolled.village != village {
        return Err(Trouble::NotOurTownship.into());
    }
    hand.lend(|ledger| believe(ledger, &code, who, &enrolled, &secret))
}

pub(super) fn ask(
    me: Chain,
    code: &Code,
    who: &str,
    village: Option<uuid::Uuid>,
    secret: &[u8; 32],
    world: &mut World<'_>,
) -> Result<Enrolled, Failed> {
    let line = Line::to(&code.address, code.pin)?;
    let enrol = Enrol::new(code, (me.device, me.incarnation), who, village, &Ed25519Key::new(*secret));
    let body = serde_json::to_vec(&enrol).expect("an enrolment is plain data");
    let mut attempt = 0;
    let answer = loop {
        match line.post_json(ENROL_PATH, body.clone()) {
            Ok(answer) => break answer,
            // Who knows nothing of this code says nothing of itself.
            Err(Trouble::Stranger) => return Err(Trouble::Refused(Refused::Unknown).into()),
            Err(trouble) => world.waits_out(trouble, &mut attempt)?,
        }
    };
    Ok(serde_json::from_slice(&answer).map_err(|_| Trouble::NotOurTownship)?)
}

pub(super) fn believe(
    ledger: &mut Ledger,
    code: &Code,
    who: &str,
    enrolled: &Enrolled,
    secret: &[u8; 32],
) -> Result<Entered, Failed> {
    let root = enrolled.root().ok_or(Trouble::NotOurTownship)?;
    let waits = enrolled.waits;
    let entry = Entry {
        address: &code.address,
        pin: code.pin,
        township: &enrolled.township,
        village_name: &enrolled.name,
        village_code: &enrolled.code,
        role: &enrolled.role,
        who,
        waits,
    };
    enter(ledger, &root, secret, &entry)?;
    Ok(Entered {
        township: enrolled.township.clone(),
        village: enrolled.name.clone(),
        role: enrolled.role.clone(),
        waits,
        short: short(&Ed25519Key::new(*secret).public(), &root),
    })
}
