//! Doses and what administers them, counted kind by kind: every dose has one administration of its own kind, and the reverse (PED-12 to
//! PED-14).

use super::immunization_administration::{AntibodyUnits, administers};
use crate::reference::ProcedureCode;
use crate::reference::vaccine::Class;

/// What a line counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// Doses of a kind.
    Given(Class, u32),
    /// Administrations of a kind.
    Administered(Class, u32),
}

/// What a product line counts as, by its units: vaccines by unit, antibodies by line, whose units are of product, unless the payer counts
/// these (PED-14). `None` for what no rule administers.
#[must_use]
pub fn given(class: Class, units: u32, antibodies: AntibodyUnits) -> Option<Counted> {
    let doses = match class {
        Class::Vaccine | Class::Covid => units,
        Class::RsvAntibody if antibodies == AntibodyUnits::PerProductUnit => units,
        Class::RsvAntibody | Class::Palivizumab => 1,
        Class::ImmuneGlobulin | Class::Unspecific => return None,
    };
    Some(Counted::Given(class, doses))
}

/// What an administration line counts as. 96372 gives many drugs: it counts for palivizumab, and only where that stands ([`faults`]).
#[must_use]
pub fn administered(code: ProcedureCode, units: u32) -> Option<Counted> {
    let palivizumab = (code.number() == Some(96372)).then_some(Class::Palivizumab);
    Some(Counted::Administered(administers(code).or(palivizumab)?, units))
}

/// Doses and administrations that do not meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Doses of one kind, and as many administrations of another kind too many: given by the wrong code (E042, E043).
    WrongCode {
        /// What was given.
        given: Class,
        /// What the code is for.
        by: Class,
    },
    /// What is left is not equally many (E041).
    Uneven {
        /// The kind.
        class: Class,
        /// Its doses.
        doses: u32,
        /// Its administrations, those by the wrong code included.
        administrations: u32,
    },
}

/// The kinds that are counted.
const KINDS: [Class; 4] = [Class::Vaccine, Class::Covid, Class::RsvAntibody, Class::Palivizumab];

/// Compares what the lines of a day count as. `alone`: whether administrations may stand alone, because products of public stock are not
/// billed (PED-22, style F). Empty when all meet.
pub fn faults(lines: impl IntoIterator<Item = Counted>, alone: bool) -> Vec<Fault> {
    let (mut doses, mut done) = ([0_u32; KINDS.len()], [0_u32; KINDS.len()]);
    let kind = |class| KINDS.iter().position(|kind| *kind == class);
    for line in lines {
        let (of, class, count) = match line {
            Counted::Given(class, count) => (&mut doses, class, count),
            Counted::Administered(class, count) => (&mut done, class, count),
        };
        if let Some(kind) = kind(class) {
            of[kind] = of[kind].saturating_add(count);
        }
    }
    let spare = |kind: usize, done: &[u32]| {
        if alone || KINDS[kind] == Class::Palivizumab { 0 } else { done[kind].saturating_sub(doses[kind]) }
    };
    let mut faults = Vec::new();
    for given in 0..KINDS.len() {
        for by in 0..KINDS.len() {
            let moved = doses[given].saturating_sub(done[given]).min(spare(by, &done));
            if moved > 0 {
                done[by] -= moved;
                done[given] += moved;
                faults.push(Fault::WrongCode { given: KINDS[given], by: KINDS[by] });
            }
        }
    }
    let uneven = (0..KINDS.len()).filter(|&kind| done[kind] < doses[kind] || spare(kind, &done) > 0);
    faults.extend(uneven.map(|kind| Fault::Uneven { class: KINDS[kind], doses: doses[kind], administrations: done[kind] }));
    faults
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::vaccine::product;

    fn found_by(lines: &[(&str, u32)], antibodies: AntibodyUnits, alone: bool) -> Vec<Fault> {
        let counted = lines.iter().filter_map(|(code, units)| {
            let code = code.parse().unwrap();
            product(code, None).map_or_else(|| administered(code, *units), |product| given(product.class, *units, antibodies))
        });
        faults(counted, alone)
    }

    fn found(lines: &[(&str, u32)]) -> Vec<Fault> {
        found_by(lines, AntibodyUnits::PerDose, false)
    }

    const fn uneven(class: Class, doses: u32, administrations: u32) -> Fault {
        Fault::Uneven { class, doses, administrations }
    }

    #[test]
    fn ped_14_products_and_administrations_are_compared_by_doses() {
        assert!(found(&[("90697", 1), ("90677", 1), ("90680", 1), ("90460", 3), ("90461", 5), ("99391", 1)]).is_empty());
        assert!(found(&[("91319", 1), ("90480", 1), ("90656", 1), ("90471", 1)]).is_empty());
        assert_eq!(found(&[("90707", 1)]), [uneven(Class::Vaccine, 1, 0)]);
        assert_eq!(found(&[("90471", 1)]), [uneven(Class::Vaccine, 0, 1)]);
        assert_eq!(found_by(&[("90471", 1)], AntibodyUnits::PerDose, true), []);
        assert_eq!(found_by(&[("90707", 1)], AntibodyUnits::PerDose, true), [uneven(Class::Vaccine, 1, 0)]);
    }

    #[test]
    fn ped_12_and_ped_13_each_kind_has_its_own_codes() {
        let wrong = |given, by| [Fault::WrongCode { given, by }];
        assert_eq!(found(&[("91319", 1), ("90471", 1)]), wrong(Class::Covid, Class::Vaccine));
        assert_eq!(found(&[("90707", 1), ("90480", 1)]), wrong(Class::Vaccine, Class::Covid));
        assert_eq!(found(&[("90707", 1), ("96381", 1)]), wrong(Class::Vaccine, Class::RsvAntibody));
        assert_eq!(found(&[("91319", 1), ("96381", 1)]), wrong(Class::Covid, Class::RsvAntibody));
        assert_eq!(found(&[("90381", 1), ("90471", 1)]), wrong(Class::RsvAntibody, Class::Vaccine));
    }

    #[test]
    fn what_remains_after_wrong_codes_is_uneven() {
        let wrong = Fault::WrongCode { given: Class::Covid, by: Class::Vaccine };
        assert_eq!(found(&[("91319", 2), ("90471", 1)]), [wrong, uneven(Class::Covid, 2, 1)]);
        assert_eq!(found(&[("91319", 1), ("90471", 1), ("90472", 1)]), [wrong, uneven(Class::Vaccine, 0, 1)]);
    }

    #[test]
    fn ped_14_two_syringes_are_one_dose_unless_the_payer_counts_them() {
        assert!(found(&[("90381", 2), ("96380", 1)]).is_empty());
        assert_eq!(found(&[("90381", 2), ("96380", 2)]), [uneven(Class::RsvAntibody, 1, 2)]);
        let by_syringe = |units| found_by(&[("90381", 2), ("96380", units)], AntibodyUnits::PerProductUnit, false);
        assert!(by_syringe(2).is_empty());
        assert_eq!(by_syringe(1), [uneven(Class::RsvAntibody, 2, 1)]);
    }

    #[test]
    fn ped_14_palivizumab_goes_by_96372_which_gives_other_drugs_too() {
        assert_eq!(found(&[("90378", 3)]), [uneven(Class::Palivizumab, 1, 0)]);
        assert!(found(&[("90378", 3), ("96372", 1)]).is_empty() && found(&[("90378", 3), ("96372", 2)]).is_empty());
        assert!(found(&[("96372", 1)]).is_empty());
        assert_eq!(found(&[("90707", 1), ("96372", 1)]), [uneven(Class::Vaccine, 1, 0)]);
        assert_eq!(found(&[("90378", 3), ("96381", 1)]), [Fault::WrongCode { given: Class::Palivizumab, by: Class::RsvAntibody }]);
    }
}
