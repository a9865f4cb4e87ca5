import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ActionId, ChannelId, ContentId, OutcomeId, ProductId, TreatmentId } from './ids.js';
import type {
  Action,
  Channel,
  ChannelKind,
  Content,
  Intent,
  OutcomeDefinition,
  Product,
  Purpose,
  Stage,
  Treatment,
  ValueSource,
  WeeklyHours,
} from './offering.js';

@Entity('products')
export class ProductEntity implements Product {
  @PrimaryColumn({ name: 'product_id', type: 'text' })
  productId!: ProductId;

  @Column({ type: 'text' })
  name!: string;

  @Column({ type: 'double precision' })
  price!: number;

  @Column({ type: 'double precision' })
  margin!: number;

  @Column({ type: 'text' })
  currency!: string;

  @Column({ type: 'text', array: true })
  topics!: string[];

  @Column({ type: 'jsonb' })
  available!: Product['available'];
}

@Entity('content')
export class ContentEntity implements Content {
  @PrimaryColumn({ name: 'content_id', type: 'text' })
  contentId!: ContentId;

  @Column({ type: 'text' })
  title!: string;

  @Column({ type: 'text', array: true })
  topics!: string[];

  @Column({ type: 'text', nullable: true })
  stage!: Stage | null;

  @Column({ name: 'product_ids', type: 'text', array: true })
  productIds!: ProductId[];

  @Column({ type: 'text', nullable: true })
  url!: string | null;
}

@Entity('channels')
export class ChannelEntity implements Channel {
  @PrimaryColumn({ name: 'channel_id', type: 'text' })
  channelId!: ChannelId;

  @Column({ type: 'text' })
  name!: string;

  @Column({ type: 'text' })
  kind!: ChannelKind;

  @Column({ name: 'performed_by', type: 'text' })
  performedBy!: Channel['performedBy'];

  @Column({ name: 'cost_per_touch', type: 'double precision' })
  costPerTouch!: number;

  @Column({ name: 'lead_time_hours', type: 'double precision' })
  leadTimeHours!: number;

  @Column({ type: 'jsonb', nullable: true })
  hours!: WeeklyHours | null;

  @Column({ type: 'text' })
  consent!: Channel['consent'];

  @Column({ name: 'capacity_per_day', type: 'integer', nullable: true })
  capacityPerDay!: number | null;
}

@Entity('outcome_definitions')
export class OutcomeDefinitionEntity implements OutcomeDefinition {
  @PrimaryColumn({ name: 'outcome_id', type: 'text' })
  outcomeId!: OutcomeId;

  @Column({ type: 'text' })
  event!: string;

  @Column({ type: 'text', nullable: true })
  where!: string | null;

  @Column({ name: 'within_days', type: 'double precision' })
  withinDays!: number;

  @Column({ type: 'text', nullable: true })
  value!: string | null;

  @Column({ type: 'boolean' })
  engagement!: boolean;
}

@Entity('actions')
export class ActionEntity implements Action {
  @PrimaryColumn({ name: 'action_id', type: 'text' })
  actionId!: ActionId;

  @Column({ type: 'text' })
  name!: string;

  @Column({ type: 'text' })
  intent!: Intent;

  @Column({ type: 'text' })
  purpose!: Purpose;

  @Column({ name: 'product_ids', type: 'text', array: true })
  productIds!: ProductId[];

  @Column({ type: 'text', array: true })
  topics!: string[];

  @Column({ name: 'channel_ids', type: 'text', array: true })
  channelIds!: ChannelId[];

  @Column({ type: 'text', nullable: true })
  eligibility!: string | null;

  @Column({ name: 'outcome_id', type: 'text' })
  outcomeId!: OutcomeId;

  @Column({ type: 'double precision', nullable: true })
  value!: number | null;

  @Column({ name: 'value_from', type: 'text', default: 'declared' })
  valueFrom!: ValueSource;

  @Column({ type: 'double precision', nullable: true })
  discount!: number | null;

  @Column({ type: 'double precision' })
  lever!: number;

  @Column({ type: 'boolean' })
  mandatory!: boolean;

  @Column({ name: 'valid_from', type: 'timestamptz', nullable: true })
  validFrom!: Date | null;

  @Column({ name: 'valid_until', type: 'timestamptz', nullable: true })
  validUntil!: Date | null;
}

@Entity('treatments')
export class TreatmentEntity implements Treatment {
  @PrimaryColumn({ name: 'action_id', type: 'text' })
  actionId!: ActionId;

  @PrimaryColumn({ name: 'treatment_id', type: 'text' })
  treatmentId!: TreatmentId;

  @Column({ name: 'channel_id', type: 'text' })
  channelId!: ChannelId;

  @Column({ type: 'text', nullable: true })
  locale!: string | null;

  @Column({ type: 'text' })
  title!: string;

  @Column({ type: 'text' })
  body!: string;

  @Column({ name: 'content_id', type: 'text', nullable: true })
  contentId!: ContentId | null;
}
