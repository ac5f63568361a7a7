//! The figures of the summary from the day balances.

use super::model::{RevenueSummary, Span};
use super::summary::{Figures, Movement, summarize};
use crate::platform::database::{Db, DbError, Queries};
use crate::platform::ids::PracticeId;
use crate::platform::money::Money;
use crate::revenue_cycle::ledger::model::{Account, TransferKind};
use crate::revenue_cycle::ledger::store::account_balances;
use crate::{args, statements};

statements! {
    MOVEMENTS = "SELECT account, kind, CAST(SUM(debit_cents) AS BIGINT), CAST(SUM(credit_cents) AS BIGINT) FROM day_balance
        WHERE practice_id = $1 AND day >= $2 AND day <= $3 GROUP BY account, kind ORDER BY account, kind";
    CHARGES_BY_SERVICE_DATE = "SELECT CAST(COALESCE(SUM(CASE WHEN t.kind = 'CHARGE' THEN t.cents ELSE -t.cents END), 0) AS BIGINT)
        FROM journal j CROSS JOIN transfer t WHERE t.practice_id = j.practice_id AND t.journal_id = j.id
        AND j.practice_id = $1 AND j.kind IN ('CHARGES', 'CORRECTION', 'MANUAL') AND j.effective_date >= $2 AND j.effective_date <= $3
        AND t.kind IN ('CHARGE', 'CHARGE_VOID')";
}

/// The revenue of a practice in some months.
pub async fn revenue_summary(mut db: &Db, practice: PracticeId, span: Span) -> Result<RevenueSummary, DbError> {
    let rows: Vec<(String, String, Money, Money)> = db.all(&MOVEMENTS, args![practice, span.first(), span.last()]).await?;
    let movements = rows
        .into_iter()
        .map(|(account, kind, debits, credits)| {
            let account = Account::from_code(&account).ok_or(DbError::Corrupt("account"))?;
            let kind = TransferKind::from_code(&kind).ok_or(DbError::Corrupt("transfer kind"))?;
            Ok(Movement { account, kind, debits, credits })
        })
        .collect::<Result<Vec<Movement>, DbError>>()?;
    let opening = account_balances(&mut db, practice, &span.eve().to_string()).await?;
    let closing = account_balances(&mut db, practice, &span.last().to_string()).await?;
    let (charges_by_service_date,): (Money,) = db.one(&CHARGES_BY_SERVICE_DATE, args![practice, span.first(), span.last()]).await?;
    Ok(summarize(span, &Figures { movements, opening, closing, charges_by_service_date }))
}
