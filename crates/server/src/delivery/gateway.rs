//! Text messages by a gateway's HTTP interface.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context, Result};
use reqwest::{Certificate, Client, RequestBuilder, StatusCode};

use super::Failure;
use super::smtp::secret;
use crate::config::{Sms, SmsAuth, SmsBody, SmsMethod};

const TIMEOUT: Duration = Duration::from_secs(20);

/// A gateway that takes our text messages.
#[derive(Clone)]
pub struct Gateway {
    client: Client,
    url: String,
    settings: Sms,
    password: String,
}

impl Gateway {
    /// Prepares the connection; nothing is sent yet.
    ///
    /// # Errors
    /// When a file cannot be read or the URL is missing.
    pub fn new(settings: &Sms) -> Result<Self> {
        let mut client = Client::builder()
            .timeout(TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent("deskbell-server");
        if let Some(file) = &settings.ca_file {
            let pem = std::fs::read(file)
                .with_context(|| format!("cannot read sms.ca_file {}", file.display()))?;
            client = client.add_root_certificate(Certificate::from_pem(&pem)?);
        }
        let password = secret(
            settings.password.as_ref(),
            settings.password_file.as_deref(),
        )?;
        Ok(Self {
            client: client.build()?,
            url: settings.url().context("sms.url is missing")?,
            settings: settings.clone(),
            password: password.unwrap_or_default(),
        })
    }

    /// Whether the gateway can be connected to; nothing is sent.
    ///
    /// # Errors
    /// When it cannot.
    pub async fn probe(&self) -> Result<()> {
        let url: url::Url = self.url.parse()?;
        let host = url.host_str().context("sms.url has no host")?;
        let port = url.port_or_known_default().context("sms.url has no port")?;
        let connect = tokio::net::TcpStream::connect((host.trim_matches(['[', ']']), port));
        tokio::time::timeout(TIMEOUT, connect)
            .await
            .context("no answer in time")??;
        Ok(())
    }

    /// Hands one message over.
    ///
    /// # Errors
    /// [`Failure::Never`] when the gateway refuses it for good.
    pub async fn send(&self, to: &str, text: &str) -> Result<(), Failure> {
        // What reqwest says names the URL, and that may carry number, text and password.
        let answer = self.request(to, text).send().await.map_err(|error| {
            Failure::Later(format!(
                "the gateway cannot be reached: {}",
                error.without_url()
            ))
        })?;
        self.judge(answer.status())
    }

    fn judge(&self, status: StatusCode) -> Result<(), Failure> {
        let said = format!("the gateway answered {}", status.as_u16());
        if self.settings.success().contains(&status.as_u16()) {
            return Ok(());
        }
        let passing = [StatusCode::REQUEST_TIMEOUT, StatusCode::TOO_MANY_REQUESTS];
        match status.is_client_error() && !passing.contains(&status) {
            true => Err(Failure::Never(said)),
            false => Err(Failure::Later(said)),
        }
    }

    fn request(&self, to: &str, text: &str) -> RequestBuilder {
        let fields = self.fields(to, text);
        let request = match self.settings.method() {
            SmsMethod::Get => self.client.get(&self.url),
            SmsMethod::Post => self.client.post(&self.url),
        };
        let request = match self.settings.auth() {
            SmsAuth::None | SmsAuth::Fields => request,
            SmsAuth::Bearer => request.bearer_auth(&self.password),
            SmsAuth::Basic => {
                let user = self.settings.user.as_deref().unwrap_or_default();
                request.basic_auth(user, Some(&self.password))
            }
        };
        match self.settings.body() {
            SmsBody::Query => request.query(&fields),
            SmsBody::Form => request.form(&fields),
            SmsBody::Json => request.json(&fields),
        }
    }

    fn fields(&self, to: &str, text: &str) -> BTreeMap<String, String> {
        let fill = |template: &str| {
            fill(template, |placeholder| match placeholder {
                "to" => Some(to),
                "text" => Some(text),
                "from" => Some(&self.settings.from),
                "coding" => Some(coding(text)),
                "user" => self.settings.user.as_deref(),
                "password" => Some(&self.password),
                _ => None,
            })
        };
        let fields = self.settings.fields().into_iter();
        fields
            .map(|(name, template)| (name, fill(&template)))
            .collect()
    }
}

/// Puts values in the place of `{names}`, once: what a value holds is not looked at again.
fn fill<'a>(template: &'a str, value: impl Fn(&str) -> Option<&'a str>) -> String {
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        match after
            .split_once('}')
            .and_then(|(name, tail)| Some((value(name)?, tail)))
        {
            Some((value, tail)) => {
                text.push_str(value);
                rest = tail;
            }
            None => {
                text.push('{');
                rest = after;
            }
        }
    }
    text + rest
}

/// GSM 03.38 without its extension table, beyond letters and digits of ASCII.
const GSM: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./:;<=>?¡ÄÖÑÜ§¿äöñüà";

/// The data coding: 0 if the GSM alphabet has every character, else 2 (UCS-2).
fn coding(text: &str) -> &'static str {
    let gsm = |c: char| c.is_ascii_alphanumeric() || GSM.contains(c);
    if text.chars().all(gsm) { "0" } else { "2" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn gateway(sms: &str) -> Gateway {
        let least =
            "public_url = \"https://h.example\"\ndata_dir = \"/d\"\n[sms]\ncountries = [\"+49\"]\n";
        Gateway::new(
            &Config::parse(&format!("{least}{sms}"), [])
                .unwrap()
                .sms
                .unwrap(),
        )
        .unwrap()
    }

    fn kannel() -> Gateway {
        gateway(
            "preset = \"kannel\"\nurl = \"http://127.0.0.1:13013/cgi-bin/sendsms\"\nuser = \"u\"\npassword = \"p{to}\"",
        )
    }

    #[test]
    fn kannel_gets_everything_in_the_query() {
        let request = kannel()
            .request("+4915112345601", "482913 is your code")
            .build()
            .unwrap();
        assert_eq!(request.method(), "GET");
        assert_eq!(
            request.url().query().unwrap(),
            "charset=UTF-8&coding=0&password=p%7Bto%7D&text=482913+is+your+code&to=%2B4915112345601&username=u"
        );
    }

    #[test]
    fn text_beyond_the_gsm_alphabet_goes_out_as_ucs_2() {
        assert_eq!(kannel().fields("+49", "Grüße, 10 €")["coding"], "2");
        assert_eq!(kannel().fields("+49", "код")["coding"], "2");
        assert_eq!(kannel().fields("+49", "Grüße, Ålesund_")["coding"], "0");
    }

    #[test]
    fn twilio_gets_a_form_and_basic_authentication() {
        let twilio =
            gateway("preset = \"twilio\"\nuser = \"AC1\"\npassword = \"t\"\nfrom = \"+4930\"");
        let request = twilio.request("+4915112345601", "hi").build().unwrap();
        assert_eq!(request.method(), "POST");
        assert_eq!(
            request.url().path(),
            "/2010-04-01/Accounts/AC1/Messages.json"
        );
        assert_eq!(request.headers()["authorization"], "Basic QUMxOnQ=");
        let body = request.body().unwrap().as_bytes().unwrap();
        assert_eq!(body, b"Body=hi&From=%2B4930&To=%2B4915112345601");
    }

    #[test]
    fn any_gateway_can_be_described() {
        let own = "url = \"https://sms.example/send\"\nauth = \"bearer\"\npassword = \"t\"\nbody = \"json\"\n\
                   fields = { recipient = \"{to}\", message = \"{text} {unknown\" }";
        let request = gateway(own).request("+491", "a {to} b").build().unwrap();
        assert_eq!(request.headers()["authorization"], "Bearer t");
        let body: serde_json::Value =
            serde_json::from_slice(request.body().unwrap().as_bytes().unwrap()).unwrap();
        assert_eq!(
            body,
            serde_json::json!({"recipient": "+491", "message": "a {to} b {unknown"})
        );
    }

    #[test]
    fn refusals_are_final_and_faults_are_not() {
        let judge = |status: u16| kannel().judge(StatusCode::from_u16(status).unwrap());
        assert_eq!(judge(202), Ok(()));
        assert!(matches!(judge(403), Err(Failure::Never(_))));
        assert!(matches!(judge(429), Err(Failure::Later(_))));
        assert!(matches!(judge(503), Err(Failure::Later(_))));
    }
}
