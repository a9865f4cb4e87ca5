import type { ChannelId, ProductId, Purpose } from '../../catalogue/index.js';
import { purposes } from '../../catalogue/index.js';
import type { ConsentFact, ConsentSource, ConsentStatus } from '../../consent/index.js';
import { ChoiceField, IdField, TextField, TimeField } from '../http/fields.js';

const STATUSES: readonly ConsentStatus[] = ['granted', 'pending', 'withdrawn'];
const SOURCES: readonly ConsentSource[] = ['contact', 'member', 'import', 'link'];

/** What somebody states about a contact's consent. */
export class ConsentBody {
  @IdField({ description: 'A channel, or * for every channel.', example: 'email' })
  channelId!: ChannelId | '*';

  @ChoiceField([...purposes, '*'], {
    description: 'A purpose, or * for every purpose.',
    example: 'marketing',
  })
  purpose!: Purpose | '*';

  @ChoiceField(STATUSES, { description: '`pending`: asked for and not confirmed yet.' })
  status!: ConsentStatus;

  @ChoiceField(SOURCES, { description: 'Who said it. An imported grant never lifts a withdrawal.' })
  source!: ConsentSource;

  @TimeField({ optional: true, nullable: true, description: 'From when it holds; left out: from now.' })
  effectiveAt?: Date | null;

  @TimeField({ optional: true, nullable: true, description: 'Until when, this instant excluded.' })
  expiresAt?: Date | null;

  @IdField({ optional: true, nullable: true, description: 'Only for touches about this product.' })
  productId?: ProductId | null;

  @TextField({
    optional: true,
    nullable: true,
    min: 1,
    max: 200,
    description: 'Only for touches about this topic.',
  })
  topic?: string | null;

  @TextField({
    optional: true,
    nullable: true,
    max: 4000,
    description: 'The words that were agreed to or said.',
  })
  wording?: string | null;

  @TextField({ optional: true, nullable: true, max: 2000, description: 'Where the proof is kept.' })
  proof?: string | null;
}

/** A fact as it is listed. */
export function shownFact(fact: ConsentFact) {
  const { accountId: _account, contactId: _contact, ...shown } = fact;
  return shown;
}

export interface ConsentStanding {
  channelId: ChannelId;
  purpose: Purpose;
  allowed: boolean;
  because: string;
  /** When the answer turns by facts already known. */
  until?: Date;
}
