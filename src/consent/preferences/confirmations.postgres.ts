import type { DataSource } from 'typeorm';
import type { ConsentId } from '../consent.js';
import { type Confirmation, type ConfirmationEnd, Confirmations } from './confirmation.js';

interface Row {
  consent_id: ConsentId;
  account_id: Confirmation['accountId'];
  contact_id: Confirmation['contactId'];
  tries: number;
  recorded_at: Date;
}

/** What a mailbox can confirm: consent to channels of kind email. Consent that came from elsewhere is not asked again. */
const NOTE = `
  insert into consent_confirmations (consent_id, account_id, contact_id, recorded_at, next_try_at)
  select distinct on (f.consent_id) f.consent_id, f.account_id, f.contact_id, f.recorded_at, $2
    from consent_facts f join channels c on c.channel_id = f.channel_id
   where f.status = 'pending' and f.source <> 'import' and f.recorded_at > $1 and c.kind = 'email'
   order by f.consent_id
  on conflict (consent_id) do nothing`;

const TAKE = `
  with due as (
    select consent_id from consent_confirmations
     where state = 'due' and next_try_at <= $1
     order by next_try_at limit $3 for update skip locked)
  update consent_confirmations c set state = 'sending', lease_until = $2, next_try_at = null
    from due where c.consent_id = due.consent_id
  returning c.consent_id, c.account_id, c.contact_id, c.tries, c.recorded_at`;

/** Mails of confirmation in `consent_confirmations`. */
export class PostgresConfirmations extends Confirmations {
  constructor(private readonly database: DataSource) {
    super();
  }

  async note(since: Date, at: Date): Promise<void> {
    await this.database.query(NOTE, [since, at]);
  }

  async take(at: Date, leaseUntil: Date, limit: number): Promise<Confirmation[]> {
    const [rows] = await this.database.query<[Row[], number]>(TAKE, [at, leaseUntil, limit]);
    return rows.map((row) => ({
      consentId: row.consent_id,
      accountId: row.account_id,
      contactId: row.contact_id,
      tries: row.tries,
      recordedAt: row.recorded_at,
    }));
  }

  async end(consentId: ConsentId, end: ConfirmationEnd): Promise<void> {
    const nextTryAt = end.state === 'due' ? end.nextTryAt : null;
    const because = 'because' in end ? end.because : null;
    await this.database.query(
      `update consent_confirmations
          set state = $2, next_try_at = $3, because = $4, lease_until = null,
              tries = tries + case when $2 = 'due' then 1 else 0 end
        where consent_id = $1 and state = 'sending'`,
      [consentId, end.state, nextTryAt, because],
    );
  }

  async giveUp(at: Date): Promise<number> {
    const [, count] = await this.database.query<[unknown[], number]>(
      `update consent_confirmations set state = 'unknown', lease_until = null
        where state = 'sending' and lease_until <= $1`,
      [at],
    );
    return count;
  }
}
