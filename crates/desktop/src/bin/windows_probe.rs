//! What the tests do to a running client on Windows from outside, as Windows or another program of
//! the user would. It is built beside the client for the tests alone and never shipped.

#[cfg(windows)]
fn main() -> std::process::ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match windows_probe::run(&words) {
        Ok(said) => {
            println!("{said}");
            std::process::ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            std::process::ExitCode::FAILURE
        }
    }
}

#[cfg(not(windows))]
fn main() {}

#[cfg(windows)]
#[expect(unsafe_code, reason = "every call is one of the system's")]
mod windows_probe {
    use std::error::Error;
    use std::ffi::c_void;
    use std::io::Read as _;
    use std::path::Path;

    use deskbell_desktop::secrets::Secrets;
    use deskbell_desktop::{folders, identity};
    use windows::Win32::Foundation::{HWND, LPARAM, WPARAM};
    use windows::Win32::Security::Credentials::{CRED_TYPE_GENERIC, CREDENTIALW, CredReadW};
    use windows::Win32::Security::Cryptography::{
        CERT_OPEN_STORE_FLAGS, CERT_QUERY_ENCODING_TYPE, CERT_STORE_ADD_ALWAYS,
        CERT_STORE_PROV_SYSTEM_W, CERT_SYSTEM_STORE_CURRENT_USER_ID,
        CERT_SYSTEM_STORE_LOCATION_SHIFT, CertAddEncodedCertificateToStore, CertCloseStore,
        CertOpenStore, X509_ASN_ENCODING,
    };
    use windows::Win32::System::Com::{
        CLSCTX_LOCAL_SERVER, COINIT_MULTITHREADED, CoCreateInstance, CoInitializeEx,
    };
    use windows::Win32::System::DataExchange::COPYDATASTRUCT;
    use windows::Win32::UI::Notifications::{
        INotificationActivationCallback, NOTIFICATION_USER_INPUT_DATA,
    };
    use windows::Win32::UI::WindowsAndMessaging::{
        FindWindowW, HWND_BROADCAST, PostMessageW, RegisterWindowMessageW, SMTO_NORMAL,
        SendMessageTimeoutW, WM_COPYDATA,
    };
    use windows::core::{GUID, HSTRING, PCWSTR, w};

    type Said = Result<String, Box<dyn Error>>;

    pub(super) fn run(words: &[&str]) -> Said {
        match words {
            ["trust", file] => trust(Path::new(file)),
            ["keep"] => keep(),
            ["kept"] => kept(),
            ["open", tag] => activate(&format!("open/{tag}"), None),
            ["reply", tag, text] => activate(&format!("reply/{tag}"), Some(text)),
            ["tell", class, message, word] => tell(class, message.parse()?, word.parse()?),
            ["new-taskbar"] => new_taskbar(),
            ["copy-data"] => copy_data(),
            other => Err(format!("what is {other:?}?").into()),
        }
    }

    /// Adds a certificate (DER) to the authorities this user trusts.
    fn trust(file: &Path) -> Said {
        let certificate = std::fs::read(file)?;
        let place = CERT_SYSTEM_STORE_CURRENT_USER_ID << CERT_SYSTEM_STORE_LOCATION_SHIFT;
        let name = HSTRING::from("Root");
        unsafe {
            let store = CertOpenStore(
                CERT_STORE_PROV_SYSTEM_W,
                CERT_QUERY_ENCODING_TYPE(0),
                None,
                CERT_OPEN_STORE_FLAGS(place),
                Some(name.as_ptr().cast::<c_void>()),
            )?;
            CertAddEncodedCertificateToStore(
                Some(store),
                X509_ASN_ENCODING,
                &certificate,
                CERT_STORE_ADD_ALWAYS,
                None,
            )?;
            CertCloseStore(Some(store), 0)?;
        }
        Ok("trusted".to_owned())
    }

    /// Puts the session that comes on standard input where the client looks for it.
    fn keep() -> Said {
        let mut session = String::new();
        std::io::stdin().read_to_string(&mut session)?;
        Secrets::of(identity::KEYRING_SERVICE).write(&user()?, session.trim())?;
        Ok("kept".to_owned())
    }

    /// How the session is kept: the persistence (2 is this machine's) and the number of bytes.
    fn kept() -> Said {
        let target = HSTRING::from(format!("{}.{}", user()?, identity::KEYRING_SERVICE));
        let mut found: *mut CREDENTIALW = std::ptr::null_mut();
        unsafe {
            CredReadW(&target, CRED_TYPE_GENERIC, None, &raw mut found)?;
            let credential = found.as_ref().ok_or("nothing")?;
            Ok(format!(
                "persistence {} bytes {}",
                credential.Persist.0, credential.CredentialBlobSize
            ))
        }
    }

    fn user() -> Result<String, Box<dyn Error>> {
        Ok(identity::keyring_user("session", &client()?))
    }

    /// The name of the client with the user's own folder.
    fn client() -> Result<String, Box<dyn Error>> {
        let folder = folders::data().ok_or("the user has no home")?;
        std::fs::create_dir_all(&folder)?;
        Ok(identity::client(&folder.canonicalize()?))
    }

    /// Calls the activator as Windows does after something was done with a toast.
    fn activate(arguments: &str, text: Option<&str>) -> Said {
        let class = GUID::from_u128(u128::from_str_radix(
            &identity::TOAST_ACTIVATOR.replace(['{', '}', '-'], ""),
            16,
        )?);
        let (app, arguments) = (HSTRING::from(identity::APP_ID), HSTRING::from(arguments));
        let (key, value) = (
            HSTRING::from("text"),
            HSTRING::from(text.unwrap_or_default()),
        );
        let field = NOTIFICATION_USER_INPUT_DATA {
            Key: PCWSTR(key.as_ptr()),
            Value: PCWSTR(value.as_ptr()),
        };
        let fields = [field];
        let fields: &[_] = if text.is_some() { &fields } else { &[] };
        unsafe {
            CoInitializeEx(None, COINIT_MULTITHREADED).ok()?;
            let activator: INotificationActivationCallback =
                CoCreateInstance(&class, None, CLSCTX_LOCAL_SERVER)?;
            activator.Activate(&app, &arguments, fields)?;
        }
        Ok("activated".to_owned())
    }

    /// Leaves a message for the first window of a class.
    fn tell(class: &str, message: u32, word: usize) -> Said {
        unsafe {
            let window = FindWindowW(&HSTRING::from(class), PCWSTR::null())?;
            PostMessageW(Some(window), message, WPARAM(word), LPARAM(0))?;
        }
        Ok("told".to_owned())
    }

    fn new_taskbar() -> Said {
        unsafe {
            let message = RegisterWindowMessageW(w!("TaskbarCreated"));
            PostMessageW(Some(HWND_BROADCAST), message, WPARAM(0), LPARAM(0))?;
        }
        Ok("told".to_owned())
    }

    /// Sends what a second start of the client would, with contents no second start sends.
    fn copy_data() -> Said {
        let class = HSTRING::from(format!("{}-sic", client()?));
        let window = unsafe { FindWindowW(&class, PCWSTR::null()) }?;
        let long = vec![0xff_u8; 1 << 20];
        let contents: [&[u8]; 6] = [
            b"",
            b"\0",
            b"\xff\xfe\0\0\0",
            b"C:\\|deskbell.exe|--quit",
            b"C:\\\0deskbell.exe\0--forget-users",
            &long,
        ];
        let mut answered = 0;
        for kind in [0, 1542, 1543, usize::MAX] {
            for content in contents {
                answered += usize::from(send(window, kind, content));
            }
        }
        Ok(format!("{answered} answered"))
    }

    fn send(window: HWND, kind: usize, content: &[u8]) -> bool {
        let data = COPYDATASTRUCT {
            dwData: kind,
            cbData: u32::try_from(content.len()).unwrap_or_default(),
            lpData: content.as_ptr().cast_mut().cast(),
        };
        let data = LPARAM((&raw const data) as isize);
        unsafe {
            SendMessageTimeoutW(
                window,
                WM_COPYDATA,
                WPARAM(0),
                data,
                SMTO_NORMAL,
                5000,
                None,
            )
            .0 != 0
        }
    }
}
