//! Commands about those who use the page.

use std::path::{Path, PathBuf};

use clap::{Subcommand, ValueEnum};
use serde_json::json;

use super::Output;
use crate::failure::{Failure, Outcome, io};
use crate::town::Town;
use crate::web::users::{self, Role};

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum MayDo {
    /// 镇里管理员: answers reports, hands out codes, lets computers in and shuts them out
    Admin,
    /// 查看: reads
    Reader,
}

#[derive(Subcommand, Debug)]
pub enum UserCommand {
    /// Enters a user, or gives one that is there another password; prints it where none was given
    Add {
        name: String,
        #[arg(long, default_value = "admin")]
        role: MayDo,
        /// The file whose first line is the password
        #[arg(long)]
        password_file: Option<PathBuf>,
    },
    /// Everybody who may use the page
    List {
        #[arg(long)]
        json: bool,
    },
    /// Takes a user away: whoever is signed in by that name is out
    Remove { name: String },
}

/// Who did it, where it is written down.
const HERE: &str = "command line";

pub fn run(town: &Town, out: Output, command: &UserCommand) -> Outcome {
    match command {
        UserCommand::Add { name, role, password_file } => add(town, out, name, *role, password_file.as_deref()),
        UserCommand::List { json } => list(town, out, *json),
        UserCommand::Remove { name } => {
            if !users::remove(town, name)? {
                return Err(Failure::said("township.no_such_user", [("name", name)]));
            }
            town.note(HERE, "user remove", name)?;
            out.say("township.user_gone", &[("name", name)]);
            Ok(())
        }
    }
}

fn add(town: &Town, out: Output, name: &str, role: MayDo, file: Option<&Path>) -> Outcome {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 32 {
        return Err(Failure::said("township.bad_user", []));
    }
    let given = file.map(|path| std::fs::read_to_string(path).map_err(io(path))).transpose()?;
    let given = given.map(|text| text.lines().next().unwrap_or_default().to_owned());
    if given.as_ref().is_some_and(|password| !users::is_long_enough(password)) {
        let least = users::SHORTEST_PASSWORD.to_string();
        return Err(Failure::said("township.short_password", [("least", &least)]));
    }
    let role = match role {
        MayDo::Admin => Role::Admin,
        MayDo::Reader => Role::Reader,
    };
    let password = given.clone().unwrap_or_else(|| users::generated(town));
    users::put(town, name, role, &password)?;
    town.note(HERE, "user add", name)?;
    out.say("township.user_added", &[("name", name)]);
    if given.is_none() {
        // Once, and nowhere else.
        out.line(&password);
    }
    Ok(())
}

fn list(town: &Town, out: Output, as_json: bool) -> Outcome {
    let users = users::list(town)?;
    if as_json {
        let shown: Vec<_> = users.iter().map(|(name, role)| json!({ "name": name, "role": role })).collect();
        out.json(&shown);
        return Ok(());
    }
    for (name, role) in &users {
        out.say(&format!("township.user_{}", role.name()), &[("name", name)]);
    }
    Ok(())
}
