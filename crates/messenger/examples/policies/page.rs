//! The page about settings and policies.

use deskbell_messenger::settings::Value;
use deskbell_messenger::settings::table::{Definition, Installed, Kind, TABLE};

const BEFORE: &str = "\
# Settings and policies

<!-- Written by `cargo xtask gen` from crates/messenger/src/settings/table.rs. -->

Every setting of the client, who can choose it, and under which names. Administrators decide by group policy,
by registry or, on Linux, by file; [deploy.md](deploy.md) says how to bring them to many computers.

## Who decides

The first of these that says something decides:

1. a policy for the machine: `HKLM\\Software\\Policies\\Deskbell`; on Linux `/etc/deskbell/policy.toml`
2. a policy for the user: `HKCU\\Software\\Policies\\Deskbell`
3. for the server only, `--server` on the command line
4. what was given at the installation, where the table says *fixed*: `HKLM\\Software\\Deskbell`; on Linux
   `/etc/deskbell/defaults.toml`
5. the user, in the window's settings, where the table says that the user may
6. what was given at the installation, where the table says *proposed*
7. the built-in value

So neither a user nor a link nor the command line can override the server of a policy. What 1, 2 or 4 decide is
shown in the window with a lock and who has decided it, and cannot be changed there.

A value of the wrong type, out of range or with an unknown name decides nothing: the log, `deskbell policy` and
`deskbell doctor` tell of it, and the rest holds. Policies are read when the client starts.

In the registry, switches are `REG_DWORD` 0 or 1, numbers `REG_DWORD`, all others `REG_SZ`. In the files on Linux:

```toml
server_url = \"https://help.example.com\"
toast_text = false
window_kept_minutes = 10
```

The templates `deskbell.admx` and `deskbell.adml` (English, German) have a policy for each setting, for machine
and user.

## The settings

| setting | registry | values | built in | who may choose | MSI property | what it does |
|---|---|---|---|---|---|---|
";

const AFTER: &str = "
## What holds on a computer

`deskbell policy` prints every setting's value and who has decided it; `deskbell policy --json` prints the same for
programs: `settings` (each with `name`, `registry`, `value`, `origin`, `managed`) and `faults`. `origin` is one of
`machine_policy`, `user_policy`, `argument`, `installed`, `user`, `default`. The exit code is 0, or 1 when something
that is set is not understood, or 3 when it cannot be answered.
";

/// All of it.
pub fn text() -> String {
    let rows: String = TABLE.map(row).concat();
    format!("{BEFORE}{rows}{AFTER}")
}

fn row(setting: &Definition) -> String {
    let who = match (setting.by_user, setting.installed) {
        (true, _) => "user",
        (false, _) => "administrators",
    };
    let property = match setting.installed {
        Installed::No => "-".to_owned(),
        Installed::Default(name) => format!("`{name}`, proposed"),
        Installed::Binding(name) => format!("`{name}`, fixed"),
    };
    format!(
        "| `{}` | `{}` | {} | {} | {who} | {property} | {} |\n",
        setting.name,
        setting.registry_name(),
        values(setting.kind),
        built_in(&setting.default_value()),
        setting.explanation[0],
    )
}

fn values(kind: Kind) -> String {
    match kind {
        Kind::Switch => "on, off".to_owned(),
        Kind::Text(most) => format!("text, at most {most} bytes"),
        Kind::Proxy => "`system`, `none`, address".to_owned(),
        Kind::Number(least, most) => format!("{least} to {most}"),
        Kind::Choice(choices) => {
            let named = choices.iter().filter(|(value, _)| !value.is_empty());
            let named: Vec<_> = named.map(|(value, _)| format!("`{value}`")).collect();
            named.join(", ")
        }
    }
}

fn built_in(value: &Value) -> String {
    match value {
        Value::Switch(on) => (if *on { "on" } else { "off" }).to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Text(text) if text.is_empty() => "-".to_owned(),
        Value::Text(text) => format!("`{text}`"),
    }
}
