//! 乡镇端 — the township's server: it keeps what the villages send, gives receipts, and reads it back as ledgers.
