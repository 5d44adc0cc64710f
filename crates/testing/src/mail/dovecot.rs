//! Dovecot: takes mail from Postfix over LMTP, checks passwords for it, serves IMAP over TLS.

use std::{fs, os::unix::fs::chown, path::Path};

use anyhow::Result;

use super::{PASSWORD, certificate};
use crate::{
    port::Port,
    process::{Process, Program},
};

/// Whose the mails are.
const NOBODY: u32 = 65_534;

/// Starts it in the foreground.
pub fn start(folder: &Path, imap: &Port) -> Result<Process> {
    let mail = folder.join("mail");
    fs::create_dir_all(&mail)?;
    chown(&mail, Some(NOBODY), None)?;
    let settings = folder.join("dovecot.conf");
    fs::write(&settings, configuration(folder, imap))?;
    Program::new("/usr/sbin/dovecot", folder)
        .arg("-F")
        .arg("-c")
        .arg(&settings)
        .start()
}

fn configuration(folder: &Path, imap: &Port) -> String {
    let folder = folder.display();
    let (chain, key) = (certificate::CHAIN, certificate::KEY);
    let imap = imap.number();
    format!(
        "base_dir = {folder}/dovecot
state_dir = {folder}/dovecot
log_path = {folder}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
auth_mechanisms = plain login
auth_failure_delay = 0
auth_username_format = %Lu
mail_location = maildir:{folder}/mail/%d/%n
mail_uid = nobody
mail_gid = nogroup
first_valid_uid = 1
first_valid_gid = 1
ssl = required
ssl_cert = <{folder}/{chain}
ssl_key = <{folder}/{key}
passdb {{
  driver = static
  args = password={PASSWORD}
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={folder}/mail/%d/%n allow_all_users=yes
}}
service imap-login {{
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {imap}
    ssl = yes
  }}
}}
service lmtp {{
  unix_listener {folder}/spool/private/dovecot-lmtp {{
    mode = 0600
    user = postfix
    group = postfix
  }}
}}
service auth {{
  unix_listener {folder}/spool/private/auth {{
    mode = 0660
    user = postfix
    group = postfix
  }}
}}
namespace inbox {{
  inbox = yes
}}
"
    )
}
