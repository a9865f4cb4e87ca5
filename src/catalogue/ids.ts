import type { Id } from '../shared/index.js';

export type AccountId = Id<'account'>;
export type ContactId = Id<'contact'>;
export type MemberId = Id<'member'>;
export type ProductId = Id<'product'>;
export type ContentId = Id<'content'>;
export type ChannelId = Id<'channel'>;
export type OutcomeId = Id<'outcome'>;
export type ActionId = Id<'action'>;
export type TreatmentId = Id<'treatment'>;
