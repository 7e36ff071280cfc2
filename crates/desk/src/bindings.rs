//! Writes the screen's half of the commands: types, names, what each command reads, the program's own list, and the
//! permissions of the window. They are committed; a stale one fails here once, and is new the next time.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};

use lianhu_ledger::record::Field;
use lianhu_ledger::records::KINDS;
use lianhu_ledger::{Code, Shape};
use ts_rs::{Config, TS, TypeVisitor};

use crate::commands::with_commands;

const HEAD: &str = "// Written by the test `bindings` of crates/desk from the commands there. Not edited by hand.\n\n";

/// What the commands' types need, by name.
struct Types {
    config: Config,
    declared: BTreeMap<String, String>,
}

impl TypeVisitor for Types {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        let named = T::output_path().map(|_| (T::ident(&self.config), T::decl(&self.config)));
        let known = named.as_ref().and_then(|(name, _)| self.declared.get(name));
        if let (Some((name, decl)), Some(known)) = (&named, known) {
            assert_eq!(decl, known, "two types are called {name}: rename one");
        }
        let fresh = named.is_some() && known.is_none();
        if let (true, Some((name, decl))) = (fresh, named) {
            self.declared.insert(name, decl);
        }
        if fresh || T::output_path().is_none() {
            T::visit_dependencies(self);
        }
        T::visit_generics(self);
    }
}

/// One command as the screen sees it.
struct Command {
    name: &'static str,
    ask: String,
    answer: String,
    reads: Vec<&'static str>,
}

fn command<A: TS + 'static, B: TS + 'static>(types: &mut Types, name: &'static str, reads: &[&'static str]) -> Command {
    types.visit::<A>();
    types.visit::<B>();
    Command { name, ask: A::name(&types.config), answer: B::name(&types.config), reads: reads.to_vec() }
}

macro_rules! list {
    ($($name:ident($Ask:ty) -> $Answer:ty = $f:path, reads [$($kind:ident)*];)*) => {
        fn commands(types: &mut Types) -> Vec<Command> {
            vec![$(command::<$Ask, $Answer>(types, stringify!($name), &[$(stringify!($kind)),*])),*]
        }
    };
}
with_commands!(list);

fn types_ts(types: &Types) -> String {
    let mut out = HEAD.to_owned();
    let union = |names: Vec<&str>| names.iter().map(|n| format!("'{n}'")).collect::<Vec<_>>().join(" | ");
    let codes = union(Code::ALL.iter().map(|c| c.name()).collect());
    let kinds = union(KINDS.iter().map(|k| k.name).collect());
    let _ = write!(out, "export type Code = {codes};\nexport type Kind = {kinds};\n");
    for decl in types.declared.values() {
        let _ = writeln!(out, "export {decl}");
    }
    out.push_str("\n/** The records as the generic verbs give and take them. */\nexport interface Records {\n");
    for kind in KINDS {
        let fields: String = kind.fields.iter().map(field_ts).collect();
        let _ = writeln!(out, "  {}: {{ id: string;{fields} }};", kind.name);
    }
    out.push_str("}\n");
    out
}

fn field_ts(field: &Field) -> String {
    let ty = match field.shape {
        Shape::Bool => "boolean",
        Shape::Int => "number",
        Shape::Text | Shape::Id => "string",
        Shape::Composite => "unknown",
    };
    format!(" {}{}: {ty};", field.name, if field.required { "" } else { "?" })
}

fn commands_ts(commands: &[Command], types: &Types) -> String {
    let body: String =
        commands.iter().map(|c| format!("  {}: {{ ask: {}; answer: {} }};\n", c.name, c.ask, c.answer)).collect();
    let used: Vec<&str> = types.declared.keys().map(String::as_str).filter(|name| mentions(&body, name)).collect();
    let reads: String = commands
        .iter()
        .filter(|c| !c.reads.is_empty())
        .map(|c| {
            format!("  {}: [{}],\n", c.name, c.reads.iter().map(|r| format!("'{r}'")).collect::<Vec<_>>().join(", "))
        })
        .collect();
    format!(
        "{HEAD}import type {{ {} }} from './types';\n\nexport interface Commands {{\n{body}}}\n\n\
         /** Kinds of record that an answer is made of. */\n\
         export const READS: {{ readonly [name in keyof Commands]?: readonly (Kind | 'all')[] }} = {{\n{reads}}};\n",
        used.into_iter().chain(["Kind"]).collect::<Vec<_>>().join(", ")
    )
}

fn mentions(text: &str, name: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == name)
}

fn names_rs(commands: &[Command]) -> String {
    let names: String = commands.iter().map(|c| format!("    \"{}\",\n", c.name)).collect();
    let each: String = commands.iter().map(|c| format!("            {},\n", c.name)).collect();
    format!(
        "//! The commands by name, for whoever must list them where no macro reaches. Written by the test `bindings`.\n\n\
         pub const NAMES: &[&str] = &[\n{names}];\n\n\
         /// Hands the names to another macro: a host makes its adapters of them.\n\
         #[macro_export]\nmacro_rules! each_command {{\n    ($then:ident) => {{\n        $then! {{\n{each}        }}\n    }};\n}}\n"
    )
}

/// The window may call our commands and nothing else of the shell.
fn capability(commands: &[Command]) -> String {
    let allowed: Vec<String> = commands.iter().map(|c| format!("allow-{}", c.name.replace('_', "-"))).collect();
    let host = ["host-pick", "host-show", "host-beat"].map(|name| format!("allow-{name}"));
    let permissions: Vec<&str> = allowed.iter().chain(&host).map(String::as_str).collect();
    let file = serde_json::json!({
        "identifier": "main",
        "description": "What the pages may ask of the program: our own commands, by name, and nothing of the shell.",
        "windows": ["main"],
        "permissions": permissions,
    });
    format!("{}\n", serde_json::to_string_pretty(&file).expect("plain data"))
}

fn house() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Compares with what is committed; a stale file is written anew and named.
fn hold(path: &str, now: &str, stale: &mut Vec<String>) {
    let path_there = house().join(path);
    if std::fs::read_to_string(&path_there).ok().as_deref() != Some(now) {
        std::fs::create_dir_all(path_there.parent().expect("a file lies in a folder")).expect("the house is writable");
        std::fs::write(&path_there, now).expect("the house is writable");
        stale.push(path.to_owned());
    }
}

#[test]
fn bindings_are_what_the_commands_say() {
    let mut types = Types { config: Config::new().with_large_int("number"), declared: BTreeMap::new() };
    types.visit::<crate::problem::Problem>();
    let commands = commands(&mut types);
    let mut stale = Vec::new();
    hold("ui/src/ipc/types.ts", &types_ts(&types), &mut stale);
    hold("ui/src/ipc/commands.ts", &commands_ts(&commands, &types), &mut stale);
    hold("crates/desk/src/names.rs", &names_rs(&commands), &mut stale);
    hold("src-tauri/capabilities/main.json", &capability(&commands), &mut stale);
    assert!(stale.is_empty(), "written anew, look at the difference and commit: {stale:?}");
}

#[test]
fn what_a_command_reads_is_a_kind_of_record() {
    let mut types = Types { config: Config::new().with_large_int("number"), declared: BTreeMap::new() };
    let kinds: BTreeSet<&str> = KINDS.iter().map(|k| k.name).chain(["all"]).collect();
    for command in commands(&mut types) {
        assert!(command.reads.iter().all(|kind| kinds.contains(kind)), "{}", command.name);
    }
}
