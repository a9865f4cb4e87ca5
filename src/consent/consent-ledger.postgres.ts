import type { DataSource } from 'typeorm';
import type { AccountId, ContactId } from '../catalogue/index.js';
import { managerOf } from '../database/index.js';
import type { Transaction } from '../shared/index.js';
import { type ConsentFact, ConsentLedger } from './consent.js';

interface Row {
  account_id: ConsentFact['accountId'];
  consent_id: ConsentFact['consentId'];
  contact_id: ConsentFact['contactId'];
  channel_id: ConsentFact['channelId'];
  purpose: ConsentFact['purpose'];
  status: ConsentFact['status'];
  source: ConsentFact['source'];
  product_id: ConsentFact['productId'];
  topic: string | null;
  effective_at: Date;
  expires_at: Date | null;
  recorded_at: Date;
  recorded_by: string;
  wording: string | null;
  proof: string | null;
}

const COLUMNS = `account_id, consent_id, contact_id, channel_id, purpose, status, source, product_id, topic,
  effective_at, expires_at, recorded_at, recorded_by, wording, proof`;

const OLDEST_FIRST = 'effective_at, recorded_at, consent_id';

const APPEND = `insert into consent_facts (${COLUMNS})
  select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
    $9::text[], $10::timestamptz[], $11::timestamptz[], $12::timestamptz[], $13::text[], $14::text[], $15::text[])`;

const read = (row: Row): ConsentFact => ({
  consentId: row.consent_id,
  accountId: row.account_id,
  contactId: row.contact_id,
  channelId: row.channel_id,
  purpose: row.purpose,
  status: row.status,
  source: row.source,
  productId: row.product_id,
  topic: row.topic,
  effectiveAt: row.effective_at,
  expiresAt: row.expires_at,
  recordedAt: row.recorded_at,
  recordedBy: row.recorded_by,
  wording: row.wording,
  proof: row.proof,
});

/** The ledger in `consent_facts`, which a trigger keeps append-only. */
export class PostgresConsentLedger extends ConsentLedger {
  constructor(private readonly database: DataSource) {
    super();
  }

  async append(facts: readonly ConsentFact[], within: Transaction): Promise<void> {
    if (facts.length === 0) return;
    await managerOf(within).query(APPEND, [
      facts.map((fact) => fact.accountId),
      facts.map((fact) => fact.consentId),
      facts.map((fact) => fact.contactId),
      facts.map((fact) => fact.channelId),
      facts.map((fact) => fact.purpose),
      facts.map((fact) => fact.status),
      facts.map((fact) => fact.source),
      facts.map((fact) => fact.productId),
      facts.map((fact) => fact.topic),
      facts.map((fact) => fact.effectiveAt),
      facts.map((fact) => fact.expiresAt),
      facts.map((fact) => fact.recordedAt),
      facts.map((fact) => fact.recordedBy),
      facts.map((fact) => fact.wording),
      facts.map((fact) => fact.proof),
    ]);
  }

  async ofAccounts(
    accountIds: readonly AccountId[],
    within?: Transaction,
  ): Promise<Map<AccountId, ConsentFact[]>> {
    const facts = new Map<AccountId, ConsentFact[]>(accountIds.map((accountId) => [accountId, []]));
    const rows = await (within ? managerOf(within) : this.database).query<Row[]>(
      `select ${COLUMNS} from consent_facts where account_id = any($1) order by ${OLDEST_FIRST}`,
      [[...facts.keys()]],
    );
    for (const row of rows) facts.get(row.account_id)?.push(read(row));
    return facts;
  }

  async ofContact(contactId: ContactId): Promise<ConsentFact[]> {
    const rows = await this.database.query<Row[]>(
      `select * from (
         select distinct on (consent_id) ${COLUMNS} from consent_facts where contact_id = $1 order by consent_id
       ) as facts order by ${OLDEST_FIRST}`,
      [contactId],
    );
    return rows.map(read);
  }

  async follow(
    moves: readonly { contactId: ContactId; to: AccountId }[],
    within: Transaction,
  ): Promise<void> {
    if (moves.length === 0) return;
    await managerOf(within).query(
      `insert into consent_facts (${COLUMNS})
       select move.account_id, fact.consent_id, fact.contact_id, channel_id, purpose, status, source, product_id, topic,
              effective_at, expires_at, recorded_at, recorded_by, wording, proof
         from unnest($1::text[], $2::text[]) as move(contact_id, account_id)
         join consent_facts as fact on fact.contact_id = move.contact_id
       on conflict do nothing`,
      [moves.map((move) => move.contactId), moves.map((move) => move.to)],
    );
  }
}
