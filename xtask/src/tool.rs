//! Programs of the Rust world that the checks use. One that is on the machine is taken; one that is not is built once
//! into the build folder.

use std::process::Command;

use crate::step::{Done, cargo, program, step, target, works};

pub struct Tool {
    /// As in `cargo deny`.
    pub verb: &'static str,
    pub version: &'static str,
    /// What building it costs here, said before it starts.
    pub costs: &'static str,
}

pub const DENY: Tool = Tool { verb: "deny", version: "0.20.2", costs: "about four minutes of one core, once" };
pub const FUZZ: Tool = Tool { verb: "fuzz", version: "0.13.2", costs: "about a minute of one core, once" };

impl Tool {
    /// A command that begins with the tool, which is built first where it is missing.
    pub fn ready(&self) -> Done<Command> {
        if let Some(found) = self.found() {
            return Ok(found);
        }
        println!("── cargo-{} is not here; building it takes {}", self.verb, self.costs);
        let mut install = cargo();
        install.args(["install", "--locked", "--quiet", "--version", self.version, "--root"]);
        install.arg(target().join("tools")).arg(format!("cargo-{}", self.verb)).env_remove("CARGO_TARGET_DIR");
        step(&format!("build cargo-{}", self.verb), &mut install)?;
        self.found().ok_or_else(|| format!("cargo-{} was built and does not run", self.verb))
    }

    fn found(&self) -> Option<Command> {
        let built = program(&target().join("tools/bin"), &format!("cargo-{}", self.verb));
        let on_path = format!("cargo-{}", self.verb).into();
        let runs =
            [built, on_path].into_iter().find(|path| works(Command::new(path).args([self.verb, "--version"])))?;
        let mut tool = Command::new(runs);
        tool.arg(self.verb).current_dir(crate::step::root());
        Some(tool)
    }
}
