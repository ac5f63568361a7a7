//! Vaccines and antibodies: from the dose that was given (CVX, NDC) to the product that is billed (CPT), its components and how it is
//! administered. CDC tables of CVX and CPT with our own corrections beside them (`data/vaccine_own.csv`); domain.md PED-11 to PED-13.

use std::str::FromStr;
use std::sync::OnceLock;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::codes::{Cvx, Ndc, ProcedureCode};
use super::table;

/// How a dose enters the body: the administration codes know no more than these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Route {
    /// By needle, wherever.
    Injection,
    /// By mouth.
    Oral,
    /// Into the nose.
    Nasal,
}

impl Route {
    /// From a route code of HL7 table 0162 or of the FHIR route list, as registries send them; `None` for one that tells nothing.
    #[must_use]
    pub fn from_hl7(code: &str) -> Option<Route> {
        match code.to_ascii_uppercase().as_str() {
            "IM" | "SC" | "SQ" | "ID" | "IDINJ" | "PERC" | "TD" | "IV" => Some(Route::Injection),
            "PO" => Some(Route::Oral),
            "NS" | "NASINHL" | "NASINHLC" => Some(Route::Nasal),
            _ => None,
        }
    }
}

impl FromStr for Route {
    type Err = UnknownWord;
    fn from_str(text: &str) -> Result<Route, UnknownWord> {
        match text {
            "injection" => Ok(Route::Injection),
            "oral" => Ok(Route::Oral),
            "nasal" => Ok(Route::Nasal),
            _ => Err(UnknownWord),
        }
    }
}

/// Whose stock a dose came from (domain.md PED-21).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Funding {
    /// Bought by the practice.
    #[default]
    Private,
    /// Vaccines for Children: free to the practice.
    Vfc,
    /// Bought by a state or local program.
    State,
}

impl FromStr for Funding {
    type Err = UnknownWord;
    fn from_str(text: &str) -> Result<Funding, UnknownWord> {
        match text {
            "private" => Ok(Funding::Private),
            "vfc" => Ok(Funding::Vfc),
            "state" => Ok(Funding::State),
            _ => Err(UnknownWord),
        }
    }
}

/// Eligibility for the Vaccines for Children program, per dose: HL7 table 0064 (domain.md PED-20).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum VfcEligibility {
    /// Not eligible.
    V01,
    /// Medicaid or Medicaid managed care.
    V02,
    /// Uninsured.
    V03,
    /// American Indian or Alaska Native.
    V04,
    /// Underinsured, seen at a federally qualified or deputised site.
    V05,
    /// Retired code, still sent by old systems.
    V06,
    /// Eligible by a state or local program.
    V07,
    /// Retired code: not eligible.
    V08,
}

impl FromStr for VfcEligibility {
    type Err = UnknownWord;
    fn from_str(text: &str) -> Result<VfcEligibility, UnknownWord> {
        Ok(match text {
            "V01" => VfcEligibility::V01,
            "V02" => VfcEligibility::V02,
            "V03" => VfcEligibility::V03,
            "V04" => VfcEligibility::V04,
            "V05" => VfcEligibility::V05,
            "V06" => VfcEligibility::V06,
            "V07" => VfcEligibility::V07,
            "V08" => VfcEligibility::V08,
            _ => return Err(UnknownWord),
        })
    }
}

/// A text that names no route, stock, eligibility or class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not one of the known words")]
pub struct UnknownWord;

/// What kind of product a dose is: it decides the administration code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// A vaccine: 90460/90461 or 90471–90474 (PED-10).
    Vaccine,
    /// A COVID-19 vaccine: 90480 alone (PED-12).
    Covid,
    /// An RSV antibody for infants: 96380 or 96381 (PED-13).
    RsvAntibody,
    /// Palivizumab: 96372 (PED-13).
    Palivizumab,
    /// An immune globulin or antitoxin: no rule of ours administers it.
    ImmuneGlobulin,
    /// A code that says which disease but not which product: nothing that can be billed.
    Unspecific,
}

impl FromStr for Class {
    type Err = UnknownWord;
    fn from_str(text: &str) -> Result<Class, UnknownWord> {
        Ok(match text {
            "rsv_antibody" => Class::RsvAntibody,
            "palivizumab" => Class::Palivizumab,
            "immune_globulin" => Class::ImmuneGlobulin,
            "unspecific" => Class::Unspecific,
            _ => return Err(UnknownWord),
        })
    }
}

/// One pair of a billable product and the vaccine code of its doses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    /// What is billed.
    pub cpt: ProcedureCode,
    /// What was given.
    pub cvx: Cvx,
    /// CDC's short name.
    pub name: Box<str>,
    /// Components: diseases, not strains or serotypes (PED-11); at least 1. Means nothing for antibodies.
    pub components: u8,
    /// What administers it.
    pub class: Class,
    /// How it is usually given.
    pub route: Route,
    /// Whether this product is meant when the vaccine code alone is known and fits several.
    preferred: bool,
}

/// Why a vaccine code alone does not tell a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoProduct {
    /// The table does not have the code.
    #[error("no product is known for this vaccine code")]
    Unknown,
    /// The code names a disease, not a product.
    #[error("the vaccine code names no product")]
    Unspecific,
    /// Several products fit, by volume or schedule: the CPT must be given.
    #[error("several products fit the vaccine code")]
    Several,
}

/// What we know better than the CDC table about one product.
struct Own {
    class: Option<Class>,
    components: Option<u8>,
    route: Option<Route>,
    preferred_for: Option<Cvx>,
}

struct Products {
    by_cvx: Vec<Product>,
    by_cpt: Vec<usize>,
}

fn products() -> &'static Products {
    static TABLE: OnceLock<Products> = OnceLock::new();
    TABLE.get_or_init(|| {
        let own: std::collections::BTreeMap<ProcedureCode, Own> = table::rows(include_str!("data/vaccine_own.csv"))
            .filter_map(|row| {
                let own = Own {
                    class: table::cell(&row, 1),
                    components: table::cell(&row, 2),
                    route: table::cell(&row, 3),
                    preferred_for: table::cell(&row, 4),
                };
                Some((table::cell(&row, 0)?, own))
            })
            .collect();
        let mut by_cvx: Vec<Product> = table::rows(include_str!("data/vaccine_cpt_cvx.csv"))
            .filter_map(|row| {
                let (cpt, cvx, name) = (table::cell(&row, 0)?, table::cell(&row, 1)?, &row[2]);
                let own = own.get(&cpt);
                let covid = if name.starts_with("COVID-19") { Class::Covid } else { Class::Vaccine };
                Some(Product {
                    cpt,
                    cvx,
                    name: name.into(),
                    components: own.and_then(|o| o.components).or_else(|| table::cell(&row, 3)).unwrap_or(1),
                    class: own.and_then(|o| o.class).unwrap_or(covid),
                    route: own.and_then(|o| o.route).unwrap_or(Route::Injection),
                    preferred: own.is_some_and(|o| o.preferred_for == Some(cvx)),
                })
            })
            .collect();
        by_cvx.sort_by_key(|product| (product.cvx, product.cpt));
        let mut by_cpt: Vec<usize> = (0..by_cvx.len()).collect();
        by_cpt.sort_by_key(|&at| (by_cvx[at].cpt, by_cvx[at].cvx));
        Products { by_cvx, by_cpt }
    })
}

/// Every product whose doses carry this vaccine code; empty for one that is not known.
#[must_use]
pub fn by_cvx(cvx: Cvx) -> &'static [Product] {
    let table = &products().by_cvx;
    let start = table.partition_point(|product| product.cvx < cvx);
    let end = table.partition_point(|product| product.cvx <= cvx);
    &table[start..end]
}

/// Every vaccine code that is billed with this product code: several formulations may share one. The CVX of the dose decides.
pub fn by_cpt(cpt: ProcedureCode) -> impl Iterator<Item = &'static Product> {
    let table = products();
    let start = table.by_cpt.partition_point(|&at| table.by_cvx[at].cpt < cpt);
    table.by_cpt[start..].iter().map(|&at| &table.by_cvx[at]).take_while(move |product| product.cpt == cpt)
}

/// The product that a vaccine code alone names: the only one, or the one that our table prefers.
pub fn product_of(cvx: Cvx) -> Result<&'static Product, NoProduct> {
    match by_cvx(cvx) {
        [] => Err(NoProduct::Unknown),
        several if several.iter().all(|product| product.class == Class::Unspecific) => Err(NoProduct::Unspecific),
        [only] => Ok(only),
        several => several.iter().find(|product| product.preferred).ok_or(NoProduct::Several),
    }
}

/// The product of a code as billed, narrowed by the vaccine code of the dose where one is known and fits.
#[must_use]
pub fn product(cpt: ProcedureCode, cvx: Option<Cvx>) -> Option<&'static Product> {
    by_cpt(cpt).find(|product| Some(product.cvx) == cvx).or_else(|| by_cpt(cpt).next())
}

/// One package unit of the CDC's list of NDCs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NdcProduct {
    /// The code of the unit that is used.
    pub ndc: Ndc,
    /// Trade name.
    pub product: Box<str>,
    /// Who sells it.
    pub labeler: Box<str>,
    /// The vaccine in it.
    pub cvx: Cvx,
    /// First day it could be used, where the list knows it.
    pub start: Option<Date>,
    /// Last day it could be used, where the list knows it.
    pub end: Option<Date>,
}

/// The list's rows of an NDC: none for one that it does not know (a warning at most: the list is not complete), several when a code
/// was used again in another season.
#[must_use]
pub fn by_ndc(ndc: Ndc) -> &'static [NdcProduct] {
    static TABLE: OnceLock<Vec<NdcProduct>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let mut rows: Vec<NdcProduct> = table::rows(include_str!("data/vaccine_ndc.csv"))
            .filter_map(|row| {
                Some(NdcProduct {
                    ndc: table::cell(&row, 0)?,
                    product: row[1].into(),
                    labeler: row[2].into(),
                    cvx: table::cell(&row, 3)?,
                    start: compact_date(&row[4]),
                    end: compact_date(&row[5]),
                })
            })
            .collect();
        rows.sort_by_key(|row| (row.ndc, row.start));
        rows
    });
    let start = table.partition_point(|row| row.ndc < ndc);
    let end = table.partition_point(|row| row.ndc <= ndc);
    &table[start..end]
}

/// `20260930` as a date.
fn compact_date(text: &str) -> Option<Date> {
    Date::strptime("%Y%m%d", text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn components(cpt: &str) -> Vec<u8> {
        by_cpt(cpt.parse().unwrap()).map(|product| product.components).collect()
    }

    #[test]
    fn ped_11_component_counts_are_those_of_the_rule_book() {
        for (cpt, count) in [
            ("90697", 6),
            ("90723", 5),
            ("90698", 5),
            ("90696", 4),
            ("90710", 4),
            ("90636", 2),
            ("90623", 1),
            ("90624", 1),
            ("90700", 3),
            ("90715", 3),
            ("90707", 3),
            ("90714", 2),
            ("90702", 2),
            ("90748", 2),
            ("90651", 1),
            ("90677", 1),
            ("90671", 1),
            ("90680", 1),
            ("90681", 1),
            ("90633", 1),
            ("90744", 1),
            ("90713", 1),
            ("90716", 1),
            ("90647", 1),
            ("90648", 1),
            ("90619", 1),
            ("90734", 1),
            ("90620", 1),
            ("90621", 1),
            ("90656", 1),
            ("90657", 1),
            ("90661", 1),
            ("90672", 1),
            ("90660", 1),
            ("91318", 1),
        ] {
            let found = components(cpt);
            assert!(!found.is_empty() && found.iter().all(|&n| n == count), "{cpt}: {found:?}");
        }
    }

    #[test]
    fn ped_12_and_ped_13_covid_vaccines_and_antibodies_have_classes_of_their_own() {
        let class = |cpt: &str| by_cpt(cpt.parse().unwrap()).next().unwrap().class;
        for cpt in ["91304", "91318", "91319", "91320", "91321", "91322", "91323"] {
            assert_eq!(class(cpt), Class::Covid, "{cpt}");
        }
        for cpt in ["90380", "90381", "90382"] {
            assert_eq!(class(cpt), Class::RsvAntibody, "{cpt}");
        }
        assert_eq!(class("90378"), Class::Palivizumab);
        assert_eq!(class("90678"), Class::Vaccine);
    }

    #[test]
    fn a_vaccine_code_names_its_product_or_says_why_not() {
        let cpt = |cvx| product_of(Cvx::literal(cvx)).map(|product| product.cpt.as_str());
        assert_eq!(cpt(8), Ok("90744"));
        assert_eq!(cpt(146), Ok("90697"));
        assert_eq!(cpt(20), Ok("90700"));
        assert_eq!(cpt(88), Err(NoProduct::Unspecific));
        assert_eq!(cpt(141), Err(NoProduct::Several));
        assert_eq!(cpt(998), Err(NoProduct::Unknown));
    }

    #[test]
    fn rotavirus_goes_by_mouth_and_live_influenza_into_the_nose() {
        let route = |cvx| by_cvx(Cvx::literal(cvx))[0].route;
        assert_eq!([116, 119, 111, 149, 216].map(route), [Route::Oral, Route::Oral, Route::Nasal, Route::Nasal, Route::Injection]);
    }

    #[test]
    fn every_correction_of_ours_stands_for_a_product_of_the_table() {
        for row in table::rows(include_str!("data/vaccine_own.csv")) {
            assert!(by_cpt(row[0].parse().unwrap()).next().is_some(), "{}", &row[0]);
        }
        assert_eq!(products().by_cvx.len(), 168);
    }

    #[test]
    fn the_dose_decides_between_formulations_of_one_product_code() {
        let mening = "90734".parse().unwrap();
        assert_eq!(product(mening, Some(Cvx::literal(136))).unwrap().cvx, Cvx::literal(136));
        assert_eq!(product(mening, Some(Cvx::literal(8))).unwrap().cvx, Cvx::literal(114));
        assert_eq!(product("99213".parse().unwrap(), None), None);
    }

    #[test]
    fn an_ndc_tells_its_vaccine_and_when_it_was_in_use() {
        let fluzone = by_ndc("49281-0521-00".parse().unwrap());
        assert_eq!((fluzone[0].cvx, fluzone[0].end), (Cvx::literal(161), Some(jiff::civil::date(2022, 6, 30))));
        assert!(by_ndc("00000000000".parse().unwrap()).is_empty());
    }
}
