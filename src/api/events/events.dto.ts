import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsUUID } from 'class-validator';
import { BooleanField, IdListField } from '../http/fields.js';

/** Describes the body of POST /events; it is read by hand, event by event, so that one bad event spoils no other. */
export class EventBody {
  @ApiProperty({
    description: 'Your own id of the event: the same whenever you send it again.',
    example: 'crm-4711',
  })
  messageId!: string;

  @ApiPropertyOptional({ description: 'Stable name of the sender; default: that of the key.' })
  source?: string;

  @ApiProperty({ example: 'Content Viewed' })
  name!: string;

  @ApiPropertyOptional({ description: 'One of accountId, contactId and anonymousId is needed.' })
  accountId?: string;

  @ApiPropertyOptional()
  contactId?: string;

  @ApiPropertyOptional()
  anonymousId?: string;

  @ApiPropertyOptional({ description: 'Who of our team did it.' })
  memberId?: string;

  @ApiProperty({ format: 'date-time', example: '2026-11-22T09:30:00+01:00' })
  occurredAt!: string;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    example: { channel: 'web', topic: 'side-effects', contentId: 'page-7' },
  })
  properties?: Record<string, unknown>;
}

export class EventsBody {
  @ApiProperty({ type: [EventBody], maxItems: 10_000 })
  events!: EventBody[];
}

export class QuarantinedBody {
  @ApiProperty({ description: 'Place in what was sent, from 0.' })
  index!: number;

  @ApiProperty({ description: 'JSON pointer inside the event.', example: '/occurredAt' })
  pointer!: string;

  @ApiProperty({ description: 'What is wrong, and how to mend it.' })
  reason!: string;
}

export class IngestAnswerBody {
  @ApiProperty()
  accepted!: number;

  @ApiProperty()
  duplicates!: number;

  @ApiProperty({ type: [QuarantinedBody] })
  quarantined!: QuarantinedBody[];
}

export class ReplayBody {
  @IdListField({ optional: true, description: 'quarantineId of each item.' })
  @IsUUID('all', { each: true, message: 'each id must be a quarantineId' })
  ids?: string[];

  @BooleanField({ optional: true, description: 'Every item of the quarantine.' })
  all?: boolean;
}

export class ReplayAnswerBody {
  @ApiProperty()
  accepted!: number;

  @ApiProperty()
  duplicates!: number;

  @ApiProperty({ type: 'array', items: { type: 'object' }, description: 'Those that still cannot be read.' })
  quarantined!: object[];
}
