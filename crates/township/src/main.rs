//! `lianhu-township`: the township's program.

fn main() {}
