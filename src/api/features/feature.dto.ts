import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { featureKeys } from '../../features/index.js';
import { IdField, TextListField } from '../http/fields.js';
import { PageQuery } from '../http/page-query.js';

const MAX_NAMES = 100;

/** `a,b` and repeated parameters are both lists. */
const asList = ({ value }: { value: unknown }): unknown =>
  value === undefined
    ? undefined
    : [value].flat().flatMap((each: unknown) => (typeof each === 'string' ? each.split(',') : [each]));

export class FeaturesQuery extends PageQuery {
  @Transform(asList)
  @TextListField({
    optional: true,
    max: MAX_NAMES,
    description: 'Only these features: ?names=stage,reads14.',
  })
  names?: string[];

  @IdField({ optional: true, description: 'As seen with this contact; left out: with all of them together.' })
  contactId?: string;
}

export class FeatureDefinitionsQuery extends PageQuery {}

export class EvidenceView {
  @ApiProperty()
  eventId!: string;

  @ApiProperty({ example: 'Question Asked' })
  name!: string;

  @ApiProperty({ format: 'date-time', type: String })
  at!: Date;
}

export class PublishedByView {
  @ApiProperty({ example: 'next-product' })
  insight!: string;

  @ApiProperty()
  version!: string;

  @ApiProperty({ format: 'date-time', type: String })
  computedAt!: Date;

  @ApiProperty({ description: 'Orders of the account that it was computed from.' })
  purchases!: number;
}

export class FeatureView {
  @ApiProperty({ example: 'topicInterest14' })
  name!: string;

  @ApiPropertyOptional({
    example: 'efficacy',
    description: 'Of a keyed feature: the action, product, topic, …',
  })
  key?: string;

  @ApiProperty({ type: Number, nullable: true, description: 'Null: nothing is known.' })
  value!: number | null;

  @ApiProperty({ example: 'days' })
  unit!: string;

  @ApiProperty()
  description!: string;

  @ApiPropertyOptional({
    type: [Number],
    description: 'Of a histogram: its 168 shares, Monday 00:00 local time first.',
  })
  shares?: number[];

  @ApiPropertyOptional({
    type: PublishedByView,
    description: 'Of a number that an insight publishes: when it was computed, and from how much.',
  })
  published?: PublishedByView;

  @ApiProperty({ type: [EvidenceView], description: 'The latest events behind the value, at most five.' })
  evidence!: EvidenceView[];
}

export class FeatureDefinitionView {
  @ApiProperty({ example: 'daysSinceVisit' })
  name!: string;

  @ApiProperty({ example: 'recency' })
  kind!: string;

  @ApiProperty({ enum: ['account', 'contact'] })
  per!: string;

  @ApiPropertyOptional({ enum: [...featureKeys], description: 'One value for each of these.' })
  by?: string;

  @ApiProperty({ description: 'Names of the events that it reads; "*" is all.' })
  events!: readonly string[] | '*';

  @ApiProperty()
  unit!: string;

  @ApiProperty()
  description!: string;

  @ApiProperty({ description: 'Whether the response model may read it.' })
  model!: boolean;

  @ApiProperty({ type: Object, description: 'What its kind needs: half-life, window, prior, …' })
  settings!: Record<string, unknown>;
}
