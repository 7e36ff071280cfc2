//! The oracles: other people's programs that the tests hold our answers against. They get a Python of their own
//! under the build folder, with fixed versions.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::step::{Done, step, target, works};

const PACKAGES: &[&str] = &["python-stdnum==2.2", "pypinyin==0.55.0", "openpyxl==3.1.5"];

/// Fails where a package is absent or of another version.
const CHECK: &str = "from importlib.metadata import version
import sys
wrong = [p for p in sys.argv[1:] if version(p.split('==')[0]) != p.split('==')[1]]
sys.exit(str(wrong) if wrong else 0)";

/// An interpreter, and where its packages lie when they are not its own.
pub struct Oracle {
    python: PathBuf,
    packages: Option<PathBuf>,
}

impl Oracle {
    /// Finds or makes it.
    pub fn ready() -> Done<Oracle> {
        let home = target().join("oracle");
        let own = Oracle {
            python: home.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" }),
            packages: None,
        };
        let beside = Oracle { python: system_python(), packages: Some(home.join("site")) };
        if let Some(found) = [own.works(), beside.works()].iter().position(|works| *works) {
            println!("── Oracles: {} are here", PACKAGES.join(", "));
            return Ok(if found == 0 { own } else { beside });
        }
        println!("── Oracles: {} come into {}", PACKAGES.join(", "), home.display());
        if step("a Python of its own", Command::new(system_python()).args(["-m", "venv"]).arg(&home)).is_ok() {
            step("the oracles", own.pip().args(PACKAGES))?;
            return Ok(own);
        }
        let site = home.join("site");
        step("the oracles", beside.pip().arg("--target").arg(&site).args(PACKAGES))?;
        Ok(beside)
    }

    /// The tests find it through their environment.
    pub fn lend(&self, command: &mut Command) {
        command.env("LIANHU_ORACLE_PYTHON", &self.python);
        if let Some(packages) = &self.packages {
            command.env("PYTHONPATH", packages);
        }
    }

    fn works(&self) -> bool {
        let mut check = Command::new(&self.python);
        self.lend(&mut check);
        self.packages.as_deref().is_none_or(Path::exists) && works(check.args(["-c", CHECK]).args(PACKAGES))
    }

    fn pip(&self) -> Command {
        let mut pip = Command::new(&self.python);
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
        pip
    }
}

fn system_python() -> PathBuf {
    if cfg!(windows) { "python".into() } else { "python3".into() }
}
