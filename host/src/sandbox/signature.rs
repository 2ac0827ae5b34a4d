//! Is a rule file signed by somebody whom the operator trusts? Asked before anything looks into the file.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use minisign_verify::{Error, Signature};

use crate::settings::SignatureSettings;

/// A signature has some 300 bytes.
const SIGNATURE_BYTES: u64 = 4096;
/// How signatures end, after the whole name of what they sign.
const SUFFIX: &str = ".minisig";

/// Why a signature is not accepted. Each text goes on from the name of the rule's file.
#[derive(Debug, thiserror::Error)]
pub enum SignatureProblem {
    /// There is none.
    #[error(
        "it has no signature, and the config wants one; get {} from whoever made the rule, or take `signatures` out of the config",
        .0.display()
    )]
    Absent(PathBuf),
    /// The operating system says no.
    #[error("its signature {} cannot be read", file.display())]
    Unreadable {
        /// The signature.
        file: PathBuf,
        /// What the operating system says.
        #[source]
        source: io::Error,
    },
    /// It is none of minisign.
    #[error("its signature {} is none that minisign writes", .0.display())]
    Malformed(PathBuf),
    /// It is one, of something else or by somebody else.
    #[error("its signature {} is not that of this file by any of the keys in `signatures`; do not use the rule before you know why", .0.display())]
    Wrong(PathBuf),
}

/// Looks for the signature of the file, which holds these `bytes`.
pub(super) fn check(file: &Path, bytes: &[u8], settings: &SignatureSettings) -> Result<(), SignatureProblem> {
    let mut beside = file.as_os_str().to_owned();
    beside.push(SUFFIX);
    let beside = PathBuf::from(beside);
    let text = match read(&beside) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound && !settings.required => return Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(SignatureProblem::Absent(beside)),
        Err(source) => return Err(SignatureProblem::Unreadable { file: beside, source }),
    };
    let Ok(signature) = Signature::decode(&text) else { return Err(SignatureProblem::Malformed(beside)) };
    // minisign before 0.10 signed the file itself and not its hash, which is as good.
    let accepts_old = true;
    let is_good = |key: &minisign_verify::PublicKey| -> Result<(), Error> { key.verify(bytes, &signature, accepts_old) };
    if settings.keys.iter().any(|key| is_good(key).is_ok()) { Ok(()) } else { Err(SignatureProblem::Wrong(beside)) }
}

fn read(file: &Path) -> io::Result<String> {
    // Opening a FIFO would wait for somebody to write.
    if !fs::metadata(file)?.is_file() {
        return Err(io::Error::other("it is no regular file"));
    }
    let mut text = String::new();
    File::open(file)?.take(SIGNATURE_BYTES).read_to_string(&mut text)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use minisign_verify::PublicKey;

    use super::*;

    /// Made with minisign 0.11 over the text `rule`, once as it is and once hashed.
    const KEY: &str = "RWQIvKr6yBWiQrGjp9XumM3elohuWNsZqsinZiAhk08/3mi3H4+P4Mzn";
    const HASHED: &str = "untrusted comment: signature of a test\nRUQIvKr6yBWiQvM187+EI6adZQJ6QDlrBohnBdVmHzyRmKWUjtehCYIunGFKXtGWbhH6BGXfxk92Etjkw4SoSplSfcLddMxVDA8=\ntrusted comment: test\nB+sX36xcT8eO3wmVYpxSUdmoasrMiA3X5xCknorAyFJd0tP51iH4r5CU8DKxiJRKP5+uxF/MaHcWINzJx8BKAQ==\n";
    const PLAIN: &str = "untrusted comment: signature of a test\nRWQIvKr6yBWiQpbWdF5QLI1eJxnDqHY24FN23t387seSdHCbOu0FIaFBdTfpYXwo2FcaKSoLFxxRPGCfwRRvgc+GdfTjNdIGIgI=\ntrusted comment: test\nCaVtXVpfKxKuERvkWPNpm2kC3TvVgL9TQdSoyv+Jb07SoLZxwt0BJjF4vJtjqm6kVgAkizj3p+2tYpw4RSZNAw==\n";
    const OTHER_KEY: &str = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3";

    fn settings(keys: &[&str], required: bool) -> SignatureSettings {
        SignatureSettings { keys: keys.iter().map(|key| PublicKey::from_base64(key).expect("a key")).collect(), required }
    }

    fn checked(bytes: &[u8], signature: Option<&str>, settings: &SignatureSettings) -> Result<(), SignatureProblem> {
        let directory = tempfile::tempdir().expect("a directory");
        let file = directory.path().join("rule.wasm");
        if let Some(signature) = signature {
            fs::write(directory.path().join("rule.wasm.minisig"), signature).expect("a file");
        }
        check(&file, bytes, settings)
    }

    #[test]
    fn a_good_signature_by_any_of_the_keys_is_accepted() {
        for signature in [HASHED, PLAIN] {
            assert!(checked(b"rule", Some(signature), &settings(&[OTHER_KEY, KEY], true)).is_ok());
        }
    }

    #[test]
    fn a_wrong_one_is_refused_even_where_none_is_required() {
        for required in [true, false] {
            for signature in [HASHED, PLAIN] {
                assert!(matches!(checked(b"rule!", Some(signature), &settings(&[KEY], required)), Err(SignatureProblem::Wrong(_))));
                assert!(matches!(checked(b"rule", Some(signature), &settings(&[OTHER_KEY], required)), Err(SignatureProblem::Wrong(_))));
                let forged = signature.replace("trusted comment: t", "trusted comment: T");
                assert!(matches!(checked(b"rule", Some(&forged), &settings(&[KEY], required)), Err(SignatureProblem::Wrong(_))));
            }
            assert!(matches!(checked(b"rule", Some("hello"), &settings(&[KEY], required)), Err(SignatureProblem::Malformed(_))));
        }
    }

    #[test]
    fn none_is_refused_where_one_is_required() {
        assert!(matches!(checked(b"rule", None, &settings(&[KEY], true)), Err(SignatureProblem::Absent(_))));
        assert!(checked(b"rule", None, &settings(&[KEY], false)).is_ok());
    }

    #[test]
    fn what_is_no_file_is_not_opened() {
        let directory = tempfile::tempdir().expect("a directory");
        fs::create_dir(directory.path().join("rule.wasm.minisig")).expect("a directory");
        let problem = check(&directory.path().join("rule.wasm"), b"rule", &settings(&[KEY], false));
        assert!(matches!(problem, Err(SignatureProblem::Unreadable { .. })));
    }
}
