//! Databases of countries and networks in MaxMind's format: GeoIP2, GeoLite2, DB-IP and others of their shape.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use maxminddb::{MaxMindDbError, PathElement, Reader, path};
use tokio_util::sync::CancellationToken;

use super::place::{Place, country_of, region_of};
use crate::{metrics, reload};

/// Why a file cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{} is no database in MaxMind's format that can be read", .path.display())]
pub struct PlaceFileError {
    /// Which file.
    path: PathBuf,
    /// What the reader says.
    #[source]
    error: MaxMindDbError,
}

type Readers = Vec<Reader<Vec<u8>>>;

/// The files as they are now; clones share them. They are held in memory.
#[derive(Clone, Default)]
pub(super) struct PlaceFiles(Arc<ArcSwap<Readers>>);

impl PlaceFiles {
    /// Reads the files, and again whenever one has changed, until `end`. What cannot be used then
    /// leaves the former ones in force.
    ///
    /// # Errors
    /// A file that cannot be used now.
    pub(super) fn open(
        paths: &[PathBuf],
        every: Duration,
        end: &CancellationToken,
    ) -> Result<Self, PlaceFileError> {
        let files = Self::default();
        if paths.is_empty() {
            return Ok(files);
        }
        let stamp = reload::stamp(paths);
        files.load(paths)?;
        let (live, again) = (files.clone(), paths.to_vec());
        reload::watch(paths.to_vec(), stamp, every, end.clone(), move || {
            live.load_again(&again);
        });
        Ok(files)
    }

    /// Adds what is not told; the first file that knows it counts.
    pub(super) fn complete(&self, place: &mut Place, address: IpAddr) {
        for reader in self.0.load().iter() {
            // A file that was damaged after it was read knows nothing of this address.
            let Ok(found) = reader.lookup(address) else {
                continue;
            };
            let text = |path: &[PathElement<'_>]| found.decode_path::<&str>(path).ok().flatten();
            if place.country.is_none() {
                let country = text(&path!["country", "iso_code"])
                    .or_else(|| text(&path!["registered_country", "iso_code"]));
                place.country = country.and_then(country_of);
            }
            if let (None, Some(country)) = (&place.region, &place.country) {
                let region = text(&path!["subdivisions", 0, "iso_code"]);
                // The region of another country than a proxy told is none of this one.
                let is_same = text(&path!["country", "iso_code"]) == Some(country.as_str());
                place.region = region
                    .filter(|_| is_same)
                    .and_then(|code| region_of(country, code));
            }
            if place.asn.is_none() {
                place.asn = found
                    .decode_path(&path!["autonomous_system_number"])
                    .ok()
                    .flatten();
            }
            if place.isp.is_none() {
                let name =
                    text(&path!["isp"]).or_else(|| text(&path!["autonomous_system_organization"]));
                place.isp = name.filter(|name| name.len() <= 128).map(str::to_owned);
            }
        }
    }

    fn load(&self, paths: &[PathBuf]) -> Result<(), PlaceFileError> {
        let readers: Result<Readers, PlaceFileError> =
            paths.iter().map(|path| open(path)).collect();
        self.0.store(Arc::new(readers?));
        Ok(())
    }

    fn load_again(&self, paths: &[PathBuf]) {
        match self.load(paths) {
            Ok(()) => {
                metrics::file_reloaded("places", true);
                tracing::info!("the databases of places were read again");
            }
            Err(error) => {
                metrics::file_reloaded("places", false);
                let error = anyhow::Error::from(error);
                tracing::error!(
                    error = format!("{error:#}"),
                    "the databases of places cannot be read; the former ones stay in force"
                );
            }
        }
    }
}

fn open(path: &Path) -> Result<Reader<Vec<u8>>, PlaceFileError> {
    Reader::open_readfile(path).map_err(|error| PlaceFileError {
        path: path.to_owned(),
        error,
    })
}
