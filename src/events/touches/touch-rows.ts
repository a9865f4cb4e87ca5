import type { Touch } from './touch.js';

/** A touch as its row holds it. */
export interface TouchRow {
  account_id: string;
  touch_id: string;
  contact_id: string | null;
  channel_id: string;
  purpose: string | null;
  action_id: string | null;
  product_ids: string[];
  topics: string[];
  role: string | null;
  member_id: string | null;
  state: string;
  at: Date;
}

export const touchColumns = [
  'account_id',
  'touch_id',
  'contact_id',
  'channel_id',
  'purpose',
  'action_id',
  'product_ids',
  'topics',
  'role',
  'member_id',
  'state',
  'at',
] as const satisfies readonly (keyof TouchRow)[];

export function touchRow(touch: Touch): TouchRow {
  return {
    account_id: touch.accountId,
    touch_id: touch.touchId,
    contact_id: touch.contactId,
    channel_id: touch.channelId,
    purpose: touch.purpose,
    action_id: touch.actionId,
    product_ids: touch.productIds,
    topics: touch.topics,
    role: touch.role,
    member_id: touch.memberId,
    state: touch.state,
    at: touch.at,
  };
}

export function readTouch(row: TouchRow): Touch {
  return {
    touchId: row.touch_id,
    accountId: row.account_id,
    contactId: row.contact_id,
    channelId: row.channel_id,
    purpose: row.purpose,
    actionId: row.action_id,
    productIds: row.product_ids,
    topics: row.topics,
    role: row.role,
    memberId: row.member_id,
    state: row.state,
    at: row.at,
  } as Touch;
}
