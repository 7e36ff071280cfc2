//! Bugs that are planted on purpose: a simulator that does not find them is blind.
//!
//! Without the feature `faults` the switch has no room for a bug and every question is answered no, so that the
//! branches are compiled away.

/// What can be made wrong, one at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The cursor is kept before the data it stands for.
    CheckpointBeforeData,
    /// A batch counts from its own stamp, however far in the future.
    ClockWithoutClamp,
    /// The township says “received” and keeps the batch afterwards.
    ReceiptBeforeCommit,
    /// A run that does not follow on what is here is taken all the same.
    GapIgnored,
    /// Of two receipts for one batch the first heard counts, not the earlier.
    FirstReceiptHeard,
    /// A batch sent again is given another receipt.
    RepeatNumberedAnew,
    /// What was sent counts as received.
    SentIsReceived,
    /// A number that is known is not looked at twice: a copied disk's edits vanish.
    ForkUnseen,
    /// A role is judged by the roster at hand, and never again.
    RoleOnArrival,
    /// A township that knows less is not told what it lacks.
    NothingOfferedAgain,
    /// The records under a receipt are not folded again. Planted in the shelf.
    ReceiptNotFolded,
    /// Of two writes with one time the later to arrive stands. Planted in the shelf.
    TieByArrival,
}

impl Fault {
    pub const ALL: [Fault; 12] = [
        Fault::CheckpointBeforeData,
        Fault::ClockWithoutClamp,
        Fault::ReceiptBeforeCommit,
        Fault::GapIgnored,
        Fault::FirstReceiptHeard,
        Fault::RepeatNumberedAnew,
        Fault::SentIsReceived,
        Fault::ForkUnseen,
        Fault::RoleOnArrival,
        Fault::NothingOfferedAgain,
        Fault::ReceiptNotFolded,
        Fault::TieByArrival,
    ];
}

/// The planted bug of this run, if any.
#[derive(Clone, Copy, Debug, Default)]
pub struct Faults {
    #[cfg(feature = "faults")]
    planted: Option<Fault>,
}

impl Faults {
    pub const NONE: Faults = Faults {
        #[cfg(feature = "faults")]
        planted: None,
    };

    #[cfg(feature = "faults")]
    pub fn plant(fault: Fault) -> Faults {
        Faults { planted: Some(fault) }
    }

    #[cfg(feature = "faults")]
    pub fn has(self, fault: Fault) -> bool {
        self.planted == Some(fault)
    }

    #[cfg(not(feature = "faults"))]
    pub fn has(self, _: Fault) -> bool {
        false
    }
}
