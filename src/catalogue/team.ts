import type { AccountId, MemberId } from './ids.js';

export const roles = [
  'account-manager',
  'sales-manager',
  'marketing',
  'service',
  'medical-liaison',
  'reimbursement-specialist',
  'compliance',
  'data-scientist',
  'admin',
] as const;
export type Role = (typeof roles)[number];

export interface TeamMember {
  memberId: MemberId;
  name: string;
  role: Role;
  email: string | null;
  timeZone: string | null;
  locale: string | null;
  deputyId: MemberId | null;
  /** Touches a day per kind of channel that this member can perform: { visit: 8, call: 20 }. */
  capacity: Partial<Record<string, number>>;
}

export interface Assignment {
  accountId: AccountId;
  memberId: MemberId;
  role: Role;
}
