//! Postfix: takes mail with STARTTLS and a password, hands all of it to Dovecot.

use std::{fs, path::Path};

use anyhow::Result;

use super::certificate;
use crate::{
    port::Port,
    process::{Process, Program},
};

/// Refusals by address, so that tests can see them handled.
const REFUSALS: &str =
    "/^reject@/ 550 5.1.1 no such mailbox\n/^tempfail@/ 451 4.3.0 try again later\n";

/// The processes Postfix needs between the port and LMTP. None of them can send mail elsewhere.
const SERVICES: &str = "
cleanup    unix n - n - 0 cleanup
qmgr       unix n - n 300 1 qmgr
tlsmgr     unix - - n 1000? 1 tlsmgr
rewrite    unix - - n - - trivial-rewrite
proxymap   unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
bounce     unix - - n - 0 bounce
defer      unix - - n - 0 bounce
trace      unix - - n - 0 bounce
error      unix - - n - - error
retry      unix - - n - - error
lmtp       unix - - n - - lmtp
anvil      unix - - n - 1 anvil
postlog    unix-dgram n - n - 1 postlogd
";

/// Writes its settings and makes its queue's folders, with the owners Postfix wants.
pub async fn prepare(folder: &Path, submission: &Port) -> Result<()> {
    let settings = folder.join("postfix");
    fs::create_dir_all(&settings)?;
    fs::create_dir_all(folder.join("spool"))?;
    fs::write(settings.join("main.cf"), configuration(folder))?;
    fs::write(settings.join("master.cf"), services(submission))?;
    fs::write(settings.join("refusals"), REFUSALS)?;
    Program::new("/usr/sbin/postfix", folder)
        .arg("-c")
        .arg(&settings)
        .arg("check")
        .run()
        .await?;
    Ok(())
}

/// Starts it in the foreground.
pub fn start(folder: &Path) -> Result<Process> {
    let settings = folder.join("postfix");
    Program::new("/usr/lib/postfix/sbin/master", folder)
        .arg("-c")
        .arg(&settings)
        .arg("-d")
        .env("MAIL_CONFIG", &settings)
        .env("MAIL_LOGTAG", "postfix")
        .start()
}

fn configuration(folder: &Path) -> String {
    let folder = folder.display();
    let (chain, key) = (certificate::CHAIN, certificate::KEY);
    format!(
        "compatibility_level = 3.6
queue_directory = {folder}/spool
data_directory = {folder}/data
maillog_file = {folder}/mail.log
maillog_file_prefixes = {folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = localhost
mydestination =
mynetworks = 127.0.0.0/8
alias_maps =
alias_database =
virtual_mailbox_domains = static:all
virtual_mailbox_maps = static:all
virtual_transport = lmtp:unix:private/dovecot-lmtp
smtpd_tls_cert_file = {folder}/{chain}
smtpd_tls_key_file = {folder}/{key}
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
smtpd_recipient_restrictions = check_recipient_access regexp:{folder}/postfix/refusals, permit
smtpd_relay_restrictions = reject_unauth_destination
smtputf8_enable = yes
smtpd_error_sleep_time = 0s
"
    )
}

fn services(submission: &Port) -> String {
    let submission = submission.address();
    format!(
        "{submission} inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt -o smtpd_sasl_auth_enable=yes -o smtpd_tls_auth_only=yes
  -o smtpd_client_restrictions=permit_sasl_authenticated,reject
{SERVICES}"
    )
}
