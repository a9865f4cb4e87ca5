import type { DataSource } from 'typeorm';

/** A suggestion that stands, and the touch that is planned for it. */
export interface PlannedTouch {
  touchId: string;
  suggestionId: string;
  accountId: string;
  contactId: string;
}

/** What the rows are made of: one action on one channel, for everybody. */
export interface PlannedAs {
  channelId: string;
  actionId: string;
  treatmentId: string | null;
  purpose: string;
  through: 'mail' | 'connector';
  slot: { from: Date; to: Date };
  at: Date;
}

/** Puts suggestions and their planned touches before the service, as if they had been decided and their slot had come. */
export async function planTouches(
  database: DataSource,
  touches: readonly PlannedTouch[],
  as: PlannedAs,
): Promise<void> {
  const given = JSON.stringify(touches);
  const { channelId, actionId, treatmentId, purpose, through, slot, at } = as;
  await database.query(
    `insert into suggestions (account_id, suggestion_id, decision_id, decided_at, question, contextual, rank, contact_id,
       channel_id, action_id, treatment_id, action_name, intent, purpose, product_ids, topics, role, slot_from, slot_to,
       time_zone, propensity, value, priority, state, verified_at, verified_epoch, verified_versions, created_at,
       changed_at, expires_at)
     select "accountId", "suggestionId", 'decided', $2, 'asked', false, 1, "contactId", $3, $4, $5, $4, 'content', $6,
       '{}', '{}', 'automatic', $7, $8, 'Europe/Berlin', 0.5, 1, 1, 'open', $2, 0, '', $2, $2, $8
       from jsonb_to_recordset($1::jsonb) as t("accountId" text, "suggestionId" text, "contactId" text)`,
    [given, at, channelId, actionId, treatmentId, purpose, slot.from, slot.to],
  );
  await database.query(
    `insert into touch_plans (account_id, touch_id, suggestion_id, decision_id, treatment_id, through, slot_from,
       slot_to, time_zone, planned_at, next_try_at)
     select "accountId", "touchId", "suggestionId", 'decided', $2, $3, $4, $5, 'Europe/Berlin', $6, $6
       from jsonb_to_recordset($1::jsonb) as t("accountId" text, "touchId" text, "suggestionId" text)`,
    [given, treatmentId, through, slot.from, slot.to, at],
  );
  await database.query(
    `insert into touches (account_id, touch_id, contact_id, channel_id, purpose, action_id, product_ids, topics, role,
       state, at)
     select "accountId", "touchId", "contactId", $2, $3, $4, '{}', '{}', 'automatic', 'planned', $5
       from jsonb_to_recordset($1::jsonb) as t("accountId" text, "touchId" text, "contactId" text)`,
    [given, channelId, purpose, actionId, slot.from],
  );
}
