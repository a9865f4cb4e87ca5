import { Controller, Get, Query } from '@nestjs/common';
import { FeatureSet } from '../../features/index.js';
import { Lists, Resource } from '../catalogue/api-docs.js';
import { type Page, pageOf, readCursor } from '../http/page.js';
import { RequireScopes } from '../http/scopes.js';
import { definitionView } from './account-features.js';
import { FeatureDefinitionsQuery, FeatureDefinitionView } from './feature.dto.js';

@Resource('features')
@Controller('api/v1/feature-definitions')
export class FeatureDefinitionsController {
  constructor(private readonly featureSet: FeatureSet) {}

  @Get()
  @RequireScopes('read', 'catalogue')
  @Lists(FeatureDefinitionView, 'The declared features: what each is, and the events that it reads.')
  list(@Query() query: FeatureDefinitionsQuery): Page<FeatureDefinitionView> {
    const { definitions } = this.featureSet;
    const after = readCursor(query.cursor);
    const from = definitions.findIndex(({ name }) => name === after) + 1;
    return pageOf(
      definitions.slice(from, from + query.limit + 1),
      query.limit,
      ({ name }) => name,
      definitionView,
    );
  }
}
