import { ApiProperty } from '@nestjs/swagger';
import { type PushLanguage, pushLanguages, type PushSubscription } from '../../delivery/index.js';
import { BooleanField, ChoiceField, NestedField, NumberField, TextField } from '../http/fields.js';

const LONGEST_ENDPOINT = 2000;
const LONGEST_KEY = 200;
/** The last instant that a date of JavaScript can name. */
const LAST_MILLISECOND = 8.64e15;

export class PushKeysBody {
  @TextField({ min: 1, max: LONGEST_KEY, description: 'Public key of the browser, base64url.' })
  p256dh!: string;

  @TextField({ min: 1, max: LONGEST_KEY, description: 'Secret shared with the browser, base64url.' })
  auth!: string;
}

/** What a browser's `PushSubscription.toJSON()` gives, with how it is to ring. */
export class PushSubscriptionBody {
  @TextField({
    min: 1,
    max: LONGEST_ENDPOINT,
    description: 'Where the push service of the browser takes pushes for it.',
    example: 'https://push.example.org/send/9f2c',
  })
  endpoint!: string;

  @NestedField(() => PushKeysBody)
  keys!: PushKeysBody;

  @NumberField({
    optional: true,
    nullable: true,
    min: 0,
    max: LAST_MILLISECOND,
    description: 'When the browser gives it up, in milliseconds since 1970; null: it did not say.',
  })
  expirationTime?: number | null;

  @TextField({ optional: true, min: 1, max: 100, description: 'What the member calls the device.' })
  device?: string;

  @ChoiceField(pushLanguages, { optional: true, description: 'Language of notifications; left out: en.' })
  language?: PushLanguage;

  @BooleanField({
    optional: true,
    description: 'Whether a notification says what it is about (default), or only that there is something.',
  })
  detailed?: boolean;
}

export class PushKeyView {
  @ApiProperty({ description: '`applicationServerKey` of the browser: 65 bytes in base64url.' })
  publicKey!: string;
}

export class PushSubscriptionView {
  @ApiProperty() subscriptionId!: string;
  @ApiProperty({ description: 'Host of the push service.' }) service!: string;
  @ApiProperty({ type: String, nullable: true }) device!: string | null;
  @ApiProperty({ enum: [...pushLanguages] }) language!: PushLanguage;
  @ApiProperty() detailed!: boolean;
  @ApiProperty({ type: String, format: 'date-time' }) createdAt!: Date;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) expiresAt!: Date | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'When it last rang.' })
  rangAt!: Date | null;
}

export class PushSubscriptionsView {
  @ApiProperty({ type: [PushSubscriptionView] }) items!: PushSubscriptionView[];
  @ApiProperty({ type: String, nullable: true, description: 'Null: a member has no more than fit a page.' })
  nextCursor!: string | null;
}

/** Without the endpoint and the keys: whoever has them can ring. */
export function pushSubscriptionView({ address, ...subscription }: PushSubscription): PushSubscriptionView {
  const { subscriptionId, device, language, detailed, createdAt, expiresAt, rangAt } = subscription;
  const service = new URL(address.endpoint).host;
  return { subscriptionId, service, device, language, detailed, createdAt, expiresAt, rangAt };
}
