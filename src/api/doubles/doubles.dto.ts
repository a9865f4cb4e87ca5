import { ApiProperty } from '@nestjs/swagger';
import type { DoublesOfAccount } from '../../workflows/index.js';
import { PageQuery } from '../http/page-query.js';

export class DoublesQuery extends PageQuery {}

export class SharedView {
  @ApiProperty({ enum: ['attribute', 'product'] })
  kind!: 'attribute' | 'product';

  @ApiProperty({ example: 'specialty', description: 'Name of the attribute, or id of the product.' })
  name!: string;

  @ApiProperty({
    oneOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }],
    nullable: true,
    description: 'Of an attribute.',
  })
  value!: string | number | boolean | null;
}

export class DoubleView {
  @ApiProperty()
  accountId!: string;

  @ApiProperty({ type: String, nullable: true })
  name!: string | null;

  @ApiProperty({ description: '1: the same; 0: as far apart as two accounts picked at random.' })
  similarity!: number;

  @ApiProperty({ type: [SharedView], description: 'What both have in common, as far as it can be named.' })
  shared!: SharedView[];
}

export class ProductGapView {
  @ApiProperty()
  productId!: string;

  @ApiProperty({ type: String, nullable: true })
  name!: string | null;

  @ApiProperty({ description: 'Share of the doubles that bought it.' })
  boughtByShare!: number;

  @ApiProperty()
  boughtBy!: number;

  @ApiProperty({ description: 'Median of what those who bought it spent on it in the days compared.' })
  medianValue!: number;

  @ApiProperty({ description: 'What this account spent on it.' })
  ownValue!: number;

  @ApiProperty({ description: 'medianValue − ownValue.' })
  gap!: number;

  @ApiProperty({ description: '95 % interval of the gap, by resampling the doubles.' })
  gapLow!: number;

  @ApiProperty()
  gapHigh!: number;
}

export class ApproachView {
  @ApiProperty()
  actionId!: string;

  @ApiProperty({ type: String, nullable: true })
  actionName!: string | null;

  @ApiProperty()
  channelId!: string;

  @ApiProperty({ type: String, nullable: true })
  channelName!: string | null;

  @ApiProperty({ description: 'Doubles with whom it was tried.' })
  tried!: number;

  @ApiProperty({ description: "Those of them with whom the action's outcome was reached." })
  succeeded!: number;

  @ApiProperty({ description: 'Touches in all.' })
  touches!: number;

  @ApiProperty()
  rate!: number;

  @ApiProperty({ description: '95 % interval of the rate (Wilson), over doubles.' })
  low!: number;

  @ApiProperty()
  high!: number;
}

export class BasisView {
  @ApiProperty({
    enum: ['model', 'features'],
    description: 'model: the account tower of the model that serves; features: what is known of accounts.',
  })
  by!: 'model' | 'features';

  @ApiProperty()
  version!: string;
}

export class DoublesView {
  @ApiProperty()
  accountId!: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When accounts were compared.',
  })
  asOf!: Date | null;

  @ApiProperty({ type: BasisView, nullable: true, description: 'In what accounts are compared.' })
  basis!: BasisView | null;

  @ApiProperty({
    enum: ['too-few-comparable', 'not-looked-at-yet'],
    nullable: true,
    description: 'Why there are none.',
  })
  because!: DoublesOfAccount['because'];

  @ApiProperty({ description: 'Least similarity of a double.' })
  leastSimilarity!: number;

  @ApiProperty({ description: 'Fewer doubles than these say nothing.' })
  leastDoubles!: number;

  @ApiProperty({ description: 'What was bought in so many days is compared.' })
  comparedDays!: number;

  @ApiProperty({ type: [DoubleView], description: 'The most similar first; only those that you may see.' })
  doubles!: DoubleView[];

  @ApiProperty({ description: 'Doubles that you may not see; products and approaches count them.' })
  hiddenDoubles!: number;

  @ApiProperty({ type: String, nullable: true, description: 'Next page of the doubles.' })
  nextCursor!: string | null;

  @ApiProperty({
    type: [ProductGapView],
    description: 'What the doubles bought and this account did not, or less; the largest expected gap first.',
  })
  products!: ProductGapView[];

  @ApiProperty({ type: [ApproachView], description: 'What was tried with them, what worked surest first.' })
  approaches!: ApproachView[];
}
