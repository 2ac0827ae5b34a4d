//! What a reddalert rule in Rust is made of. A rule is a type that implements [`Rule`]: it takes its settings, asks the
//! [`Host`] for documents of the inventory, and returns [`Alert`]s. [`export!`] makes a component of it; natively the same type
//! runs on [`mock::MockHost`], so its tests need neither a component nor an inventory.

mod alert;
#[cfg(all(feature = "cases", not(target_arch = "wasm32")))]
pub mod cases;
pub mod chef;
#[cfg(target_arch = "wasm32")]
#[doc(hidden)]
pub mod component;
mod documents;
mod error;
pub mod fields;
mod host;
pub mod hosted_records;
pub mod instances;
mod last_seen;
#[cfg(not(target_arch = "wasm32"))]
pub mod mock;
mod network;
#[cfg(feature = "regex")]
mod pattern;
mod selector;
pub mod settings;
pub mod web_pages;

pub use alert::{Alert, Detail, Severity};
pub use documents::Documents;
pub use error::{CallError, Error, ErrorKind};
pub use host::{EpochMillis, Host, Level, Page, Times, Window};
pub use last_seen::{KEPT_FOR, LastSeen};
pub use network::{Request, Response, Target};
#[cfg(feature = "regex")]
pub use pattern::Pattern;
pub use settings::NoSettings;

use serde::de::DeserializeOwned;

/// A rule. The host makes a fresh one for each run: first `init`, then `run`, once.
pub trait Rule: Sized {
    /// What an operator writes under `plugin.<name>`; [`NoSettings`] for a rule that has nothing to set. A key that is not a field
    /// of this struct is refused before `init`, with the fields as the allowed keys (a struct inside it needs serde's
    /// `deny_unknown_fields` for the same). Give fields a default (`#[serde(default)]`): without a section a rule gets `{}`.
    type Settings: DeserializeOwned;

    /// Checks the settings and makes the rule. Here the inventory answers `denied` and nothing can be remembered yet; what is
    /// remembered can be read.
    ///
    /// # Errors
    /// Settings that mean nothing, in words for the operator. The run does not take place.
    fn init(settings: Self::Settings, host: &dyn Host) -> Result<Self, Error>;

    /// Looks at the window of this run and returns what is worth an alert.
    ///
    /// # Errors
    /// Nothing of this run counts: no alert goes out, nothing is remembered, and the next run looks at the same window again. Where only a
    /// part could not be looked at, return what was found and call [`Host::incomplete`].
    fn run(self, host: &dyn Host) -> Result<Vec<Alert>, Error>;
}

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadmeExample;

/// Makes the component's exports of a [`Rule`]. Once a crate; natively it does nothing.
///
/// `export!(NewBuckets, manifest = "manifest.json")` puts the rule's manifest into the component too: the file, relative to the crate's
/// `Cargo.toml`, as it is.
#[macro_export]
macro_rules! export {
    ($rule:ty, manifest = $path:literal) => {
        $crate::export!($rule);

        #[cfg(target_arch = "wasm32")]
        const _: () = {
            const MANIFEST: &[u8] = ::core::include_bytes!(::core::concat!(::core::env!("CARGO_MANIFEST_DIR"), "/", $path));
            #[used]
            #[allow(unsafe_code, reason = "the name of a custom section, which clashes with nothing")]
            #[unsafe(link_section = "reddalert:manifest")]
            static SECTION: [u8; MANIFEST.len()] = *MANIFEST.as_array().expect("the length is its own");
        };
    };
    ($rule:ty) => {
        #[cfg(target_arch = "wasm32")]
        const _: () = {
            ::std::thread_local! {
                static RULE: ::std::cell::RefCell<::core::option::Option<$rule>> = const { ::std::cell::RefCell::new(None) };
            }
            struct Component;
            impl $crate::component::Guest for Component {
                fn init(settings: ::std::string::String) -> ::core::result::Result<(), ::std::string::String> {
                    $crate::component::init(&RULE, &settings)
                }
                fn run() -> ::core::result::Result<::std::vec::Vec<$crate::component::WitAlert>, ::std::string::String> {
                    $crate::component::run(&RULE)
                }
            }
    $crate::component::bindings::export!(Component with_types_in $crate::component::bindings);
        };
    };
}
