import { Controller, Get, HttpCode, HttpStatus, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { type Publication, PublishedInsights, registeredInsights } from '../../insights/index.js';
import { Clock } from '../../shared/index.js';
import { PublishInsights } from '../../workflows/index.js';
import { definitionView } from '../features/account-features.js';
import { FeatureDefinitionView } from '../features/feature.dto.js';
import { conflict } from '../http/problem.js';
import { RequireScopes } from '../http/scopes.js';

class PublicationView {
  @ApiProperty({ example: 'next-product' })
  insight!: string;

  @ApiProperty({ description: 'Changes when the same purchases give other numbers.' })
  version!: string;

  @ApiProperty({ format: 'date-time', type: String, description: 'Purchases before this moment were read.' })
  asOf!: Date;

  @ApiProperty({ format: 'date-time', type: String })
  computedAt!: Date;

  @ApiProperty({ description: 'Accounts that it says something about.' })
  accounts!: number;

  @ApiProperty({ description: 'Orders that were read, of all accounts.' })
  purchases!: number;
}

class InsightView {
  @ApiProperty({ example: 'next-product' })
  name!: string;

  @ApiProperty()
  version!: string;

  @ApiProperty({ type: [FeatureDefinitionView], description: 'The features that it publishes.' })
  features!: FeatureDefinitionView[];

  @ApiProperty({ type: PublicationView, nullable: true, description: 'Null: never published.' })
  published!: PublicationView | null;
}

class InsightList {
  @ApiProperty({ type: [InsightView] })
  items!: InsightView[];
}

class PublicationList {
  @ApiProperty({ type: [PublicationView] })
  items!: PublicationView[];
}

@ApiTags('insights')
@Controller('api/v1/insights')
export class InsightsController {
  constructor(
    private readonly published: PublishedInsights,
    private readonly publish: PublishInsights,
    private readonly clock: Clock,
  ) {}

  @Get()
  @RequireScopes('read', 'train')
  @ApiOperation({ summary: 'Slower knowledge that is published as features, and when it was computed last.' })
  @ApiOkResponse({ type: InsightList })
  async list(): Promise<InsightList> {
    const publications = new Map((await this.published.publications()).map((one) => [one.insight, one]));
    return {
      items: registeredInsights.map(({ name, version, definitions }) => ({
        name,
        version,
        features: definitions.map(definitionView),
        published: publications.get(name) ?? null,
      })),
    };
  }

  @Post('publications')
  @RequireScopes('train')
  @HttpCode(HttpStatus.OK)
  @ApiOperation({
    summary: 'Compute every insight from what was bought up to now and put it in force, as every night.',
    description: 'Answers when it is done: with thousands of products that takes a minute or more.',
  })
  @ApiOkResponse({ type: PublicationList })
  async compute(): Promise<{ items: Publication[] }> {
    const { publications, underWay } = await this.publish.run(this.clock.now());
    if (underWay.length > 0) throw conflict('The insights are being published already: wait for it to end.');
    return { items: publications };
  }
}
