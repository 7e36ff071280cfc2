//! One line to one township: HTTPS that trusts exactly the certificate whose fingerprint stands in the enrolment code.
//! Neither a clock nor a name nor any authority of the system has a say, so a laptop in 2098 gets through and a login
//! page does not. Proxies of the system are not asked.

use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use reqwest::blocking::{Client, Response};
use reqwest::header::{CONTENT_TYPE, RETRY_AFTER, UPGRADE as UPGRADE_HEADER};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error as TlsError, SignatureScheme};

use crate::belonging::Belonging;
use crate::enrolment::{No, Pin, UPGRADE, pin_of};
use crate::protocol::PROTOCOL;
use crate::protocol::wire::LARGEST;
use crate::trouble::Trouble;

/// Silence that is waited through.
const PATIENCE: Duration = Duration::from_secs(30);
/// The slowest line that is served: bytes in a second.
const SLOWEST: u64 = 1_500;
/// A message that fits into the usual patience on such a line.
const SMALL: usize = 30_000;

pub struct Line {
    address: String,
    config: ClientConfig,
    /// Somebody else's certificate was shown.
    foreign: Arc<AtomicBool>,
    patience: Duration,
    client: Client,
}

impl Line {
    pub fn to(address: &str, pin: Pin) -> Result<Line, Trouble> {
        Line::with_patience(address, pin, PATIENCE)
    }

    /// As [`Line::to`], for a line that is known to be quicker.
    pub fn with_patience(address: &str, pin: Pin, patience: Duration) -> Result<Line, Trouble> {
        let foreign = Arc::new(AtomicBool::new(false));
        let provider = Arc::new(ring::default_provider());
        let pinned = Pinned { pin, provider: provider.clone(), foreign: foreign.clone() };
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("the provider speaks TLS 1.2 and 1.3")
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(pinned))
            .with_no_client_auth();
        let client = client(&config, patience)?;
        Ok(Line { address: address.to_owned(), config, foreign, patience, client })
    }

    /// To the township this ledger belongs to.
    pub fn of(belonging: &Belonging) -> Result<Line, Trouble> {
        if !belonging.has_township() {
            return Err(Trouble::NotEnrolled);
        }
        Line::to(&belonging.address, belonging.pin)
    }

    pub fn address(&self) -> &str {
        &self.address
    }

    pub fn post(&self, path: &str, body: Vec<u8>) -> Result<Vec<u8>, Trouble> {
        self.send(path, "application/octet-stream", body)
    }

    pub(super) fn post_json(&self, path: &str, body: Vec<u8>) -> Result<Vec<u8>, Trouble> {
        self.send(path, "application/json", body)
    }

    fn send(&self, path: &str, kind: &str, body: Vec<u8>) -> Result<Vec<u8>, Trouble> {
        self.foreign.store(false, Ordering::Relaxed);
        let client = self.client_for(body.len())?;
        let request = client.post(format!("https://{}{path}", self.address)).header(CONTENT_TYPE, kind).body(body);
        let response = request.send().map_err(|error| self.trouble(&error))?;
        match response.status().as_u16() {
            200 => read(response),
            status => Err(refusal(status, response)),
        }
    }

    /// The time-out counts until the answer begins, and what is large takes its time on a slow line.
    fn client_for(&self, bytes: usize) -> Result<Client, Trouble> {
        if bytes <= SMALL {
            return Ok(self.client.clone());
        }
        client(&self.config, self.patience + Duration::from_secs(bytes as u64 / SLOWEST))
    }

    fn trouble(&self, error: &reqwest::Error) -> Trouble {
        if self.foreign.load(Ordering::Relaxed) || is_no_tls(error) {
            Trouble::NotOurTownship
        } else if error.is_timeout() {
            Trouble::TimedOut
        } else {
            Trouble::NoConnection
        }
    }
}

fn client(config: &ClientConfig, patience: Duration) -> Result<Client, Trouble> {
    let builder = Client::builder()
        .tls_backend_preconfigured(config.clone())
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .connect_timeout(patience)
        .timeout(patience);
    builder.build().map_err(|_| Trouble::NoConnection)
}

/// Each piece may take its time; the whole may be no larger than a message can be.
fn read(response: Response) -> Result<Vec<u8>, Trouble> {
    let mut bytes = Vec::new();
    let read = response.take(LARGEST as u64 + 1).read_to_end(&mut bytes);
    match read {
        Ok(_) if bytes.len() <= LARGEST => Ok(bytes),
        Ok(_) => Err(Trouble::NotOurTownship),
        Err(error) if is_timeout(&error) => Err(Trouble::TimedOut),
        Err(_) => Err(Trouble::NoConnection),
    }
}

fn is_timeout(error: &std::io::Error) -> bool {
    let said = error.get_ref().and_then(|inner| inner.downcast_ref::<reqwest::Error>());
    error.kind() == std::io::ErrorKind::TimedOut || said.is_some_and(reqwest::Error::is_timeout)
}

fn refusal(status: u16, response: Response) -> Trouble {
    match status {
        404 => Trouble::Stranger,
        408 | 504 => Trouble::TimedOut,
        413 => Trouble::TooLarge,
        426 => other_release(&response),
        429 | 503 => Trouble::Busy { after_s: after(&response) },
        400..500 => no(response),
        500.. => Trouble::Broken,
        _ => Trouble::NotOurTownship,
    }
}

/// Which of the two has to be renewed.
fn other_release(response: &Response) -> Trouble {
    let said = response.headers().get(UPGRADE_HEADER).and_then(|said| said.to_str().ok());
    let number: Option<u32> = said.and_then(|said| said.strip_prefix(UPGRADE)?.parse().ok());
    if number.is_some_and(|number| number < PROTOCOL) { Trouble::Older } else { Trouble::Newer }
}

fn after(response: &Response) -> Option<u64> {
    response.headers().get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()
}

/// The township's no to an enrolment; any other no of this kind is none of our township's.
fn no(response: Response) -> Trouble {
    let body = read(response).unwrap_or_default();
    serde_json::from_slice::<No>(&body).map_or(Trouble::NotOurTownship, |no| Trouble::Refused(no.refused))
}

/// Who answers speaks no TLS at all.
fn is_no_tls(error: &reqwest::Error) -> bool {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if let Some(tls) = error.downcast_ref::<TlsError>() {
            return matches!(tls, TlsError::InvalidMessage(_) | TlsError::InvalidCertificate(_));
        }
        let inner = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        cause = match inner {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    false
}

/// Trusts one certificate.
#[derive(Debug)]
struct Pinned {
    pin: Pin,
    provider: Arc<CryptoProvider>,
    foreign: Arc<AtomicBool>,
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        shown: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, TlsError> {
        if pin_of(shown) == self.pin {
            return Ok(ServerCertVerified::assertion());
        }
        self.foreign.store(true, Ordering::Relaxed);
        Err(TlsError::InvalidCertificate(CertificateError::ApplicationVerificationFailure))
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        verify_tls12_signature(message, certificate, signature, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        verify_tls13_signature(message, certificate, signature, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
