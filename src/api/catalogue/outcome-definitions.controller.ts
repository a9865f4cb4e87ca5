import { Body, Controller, Delete, Get, HttpCode, HttpStatus, Param, Put, Query } from '@nestjs/common';
import type { Caller } from '../../access/index.js';
import type { CatalogueRecords } from '../../catalogue/index.js';
import type { Page } from '../http/page.js';
import { PageQuery } from '../http/page-query.js';
import { CurrentCaller, RequireScopes } from '../http/scopes.js';
import { Lists, Removes, Resource, Saves, Shows } from './api-docs.js';
import { CatalogueResource } from './catalogue-resource.js';
import { OutcomeDefinitionBody, OutcomeDefinitionView } from './offering.dto.js';

type Shown = CatalogueRecords['outcome-definitions'];

@Resource('outcome definitions')
@Controller('api/v1/outcome-definitions')
export class OutcomeDefinitionsController {
  constructor(private readonly records: CatalogueResource) {}

  @Put(':outcomeId')
  @RequireScopes('catalogue')
  @Saves(OutcomeDefinitionView, 'Create or replace an outcome definition.')
  put(
    @Param('outcomeId') outcomeId: string,
    @Body() body: OutcomeDefinitionBody,
    @CurrentCaller() caller: Caller,
  ): Promise<Shown> {
    return this.records.put('outcome-definitions', { ...body, outcomeId }, caller);
  }

  @Get()
  @RequireScopes('read', 'catalogue')
  @Lists(OutcomeDefinitionView, 'Outcome definitions, by id.')
  list(@Query() query: PageQuery): Promise<Page<Shown>> {
    return this.records.list('outcome-definitions', query, (record) => record.outcomeId);
  }

  @Get(':outcomeId')
  @RequireScopes('read', 'catalogue')
  @Shows(OutcomeDefinitionView, 'An outcome definition by its id.')
  get(@Param('outcomeId') outcomeId: string): Promise<Shown> {
    return this.records.get('outcome-definitions', outcomeId);
  }

  @Delete(':outcomeId')
  @HttpCode(HttpStatus.NO_CONTENT)
  @RequireScopes('catalogue')
  @Removes('Remove an outcome definition; refused while others name it.')
  remove(@Param('outcomeId') outcomeId: string, @CurrentCaller() caller: Caller): Promise<void> {
    return this.records.remove('outcome-definitions', outcomeId, caller);
  }
}
