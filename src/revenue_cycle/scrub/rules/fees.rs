//! E070: charges against what the payer would pay.

use super::super::case::Case;
use super::super::catalog::Findings;

/// E070: a charge below what the contract allows gives money away, since a payer pays the lower of the two; a charge of zero asks for
/// nothing. Public stock is free by law. Needs the schedule of the contract for the first half.
pub fn below_contract(case: &Case<'_>, findings: &mut Findings<'_>) {
    for (at, line) in case.lines.iter().enumerate() {
        let free = line.is_public_stock() && line.product.is_some();
        let path = line.path("SV102 (charge_line.cents)");
        match case.allowed.get(at).copied().flatten() {
            _ if free => {}
            Some(allowed) if line.sent.charge < allowed => {
                let message = format!(
                    "Fee lower than expected payment: {} is charged at {}, the contract allows {allowed}",
                    line.text(),
                    line.sent.charge
                );
                findings.add(path, message).found(line.sent.charge).expected(allowed);
            }
            _ if line.sent.charge.is_zero() && case.payer.rules.zero_charge_allowed => {
                findings.add(path, format!("Fee lower than expected payment: {} is charged at zero", line.text())).found(line.sent.charge);
            }
            _ => {}
        }
    }
}
