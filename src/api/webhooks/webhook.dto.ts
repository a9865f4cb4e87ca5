import { ApiProperty } from '@nestjs/swagger';
import { type DeliveryState, deliveryStates, webhookTypes } from '../../delivery/index.js';
import {
  BooleanField,
  ChoiceField,
  IdField,
  NumberField,
  TextField,
  TextListField,
  TimeField,
} from '../http/fields.js';
import { PageQuery } from '../http/page-query.js';

const MOST_OVERLAP_HOURS = 24 * 14;

export class EndpointBody {
  @TextField({
    min: 1,
    max: 2000,
    description: 'Where messages are POSTed; on the public internet.',
    example: 'https://example.org/hooks',
  })
  url!: string;

  @TextListField({
    optional: true,
    values: webhookTypes,
    max: webhookTypes.length,
    description:
      'Types to be told. Empty or left out: all but touch.requested and touch.cancelled, which whoever performs touches names.',
  })
  eventTypes?: string[];

  @TextField({ optional: true, max: 500 })
  description?: string;
}

export class RotationBody {
  @NumberField({
    optional: true,
    min: 0,
    max: MOST_OVERLAP_HOURS,
    default: 24,
    description: 'Hours for which the secret until now signs beside the new one.',
  })
  overlapHours?: number;
}

export class DeactivationBody {
  @TextField({ optional: true, min: 1, max: 500, description: 'Why; shown with the endpoint.' })
  reason?: string;
}

export class MessageReplayBody {
  @IdField({ optional: true, description: 'One message. Otherwise name `since`.' })
  messageId?: string;

  @TimeField({ optional: true, description: 'All messages of its types that occurred from then on.' })
  since?: Date;

  @TimeField({ optional: true, description: 'But before then.' })
  until?: Date;

  @BooleanField({
    optional: true,
    default: false,
    description: 'Leave out what was delivered or still waits.',
  })
  onlyUndelivered?: boolean;
}

export class DeliveriesQuery extends PageQuery {
  @ChoiceField(deliveryStates, { optional: true })
  state?: DeliveryState;

  @IdField({ optional: true, description: 'Only this message.' })
  messageId?: string;
}

const nullableTime = { type: String, format: 'date-time', nullable: true } as const;
const time = { type: String, format: 'date-time' } as const;

export class EndpointView {
  @ApiProperty({ type: String })
  endpointId!: string;

  @ApiProperty({ type: String })
  url!: string;

  @ApiProperty({ enum: webhookTypes, isArray: true })
  eventTypes!: readonly string[];

  @ApiProperty({ type: String })
  description!: string;

  @ApiProperty({ type: Boolean })
  enabled!: boolean;

  @ApiProperty(nullableTime)
  disabledAt!: Date | null;

  @ApiProperty({ type: String, nullable: true })
  disabledBecause!: string | null;

  @ApiProperty({ ...nullableTime, description: 'Since then every attempt has failed.' })
  failingSince!: Date | null;

  @ApiProperty({ ...nullableTime, description: 'The receiver asked not to be called before.' })
  restsUntil!: Date | null;

  @ApiProperty({ ...nullableTime, description: 'Until then the secret before signs too.' })
  previousSecretUntil!: Date | null;

  @ApiProperty(time)
  createdAt!: Date;

  @ApiProperty(time)
  updatedAt!: Date;
}

export class SavedEndpointView extends EndpointView {
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Shown once, when the endpoint is created; then null.',
  })
  secret!: string | null;
}

export class AttemptView {
  @ApiProperty({ type: Number })
  attempt!: number;

  @ApiProperty(time)
  at!: Date;

  @ApiProperty({ type: Number })
  durationMilliseconds!: number;

  @ApiProperty({ type: Number, nullable: true, description: 'HTTP status; null without an answer.' })
  status!: number | null;

  @ApiProperty({ type: String, nullable: true, description: 'timeout, refused or broken, and why.' })
  problem!: string | null;

  @ApiProperty({ type: String, nullable: true, description: "First bytes of the answer's body." })
  answer!: string | null;

  @ApiProperty(nullableTime)
  nextAttemptAt!: Date | null;
}

export class DeliveryView {
  @ApiProperty({ type: String })
  messageId!: string;

  @ApiProperty({ type: String })
  type!: string;

  @ApiProperty(time)
  occurredAt!: Date;

  @ApiProperty({ type: String, nullable: true })
  accountId!: string | null;

  @ApiProperty(time)
  createdAt!: Date;

  @ApiProperty({ enum: deliveryStates })
  state!: DeliveryState;

  @ApiProperty({ type: String, nullable: true })
  because!: string | null;

  @ApiProperty(nullableTime)
  nextAttemptAt!: Date | null;

  @ApiProperty({ type: AttemptView, isArray: true })
  attempts!: readonly AttemptView[];
}
