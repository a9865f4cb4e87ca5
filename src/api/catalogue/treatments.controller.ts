import { Body, Controller, Delete, Get, HttpCode, HttpStatus, Param, Put, Query } from '@nestjs/common';
import type { Caller } from '../../access/index.js';
import type { ActionId, Treatment } from '../../catalogue/index.js';
import type { Page } from '../http/page.js';
import { PageQuery } from '../http/page-query.js';
import { CurrentCaller, RequireScopes } from '../http/scopes.js';
import { Lists, Removes, Resource, Saves, Shows } from './api-docs.js';
import { CatalogueResource } from './catalogue-resource.js';
import { TreatmentBody, TreatmentView } from './offering.dto.js';

/** What is said, in words: an action's wording on one channel, in one language. */
@Resource('actions')
@Controller('api/v1/actions/:actionId/treatments')
export class TreatmentsController {
  constructor(private readonly records: CatalogueResource) {}

  @Put(':treatmentId')
  @RequireScopes('catalogue')
  @Saves(TreatmentView, 'Create or replace a treatment of the action.')
  put(
    @Param('actionId') actionId: string,
    @Param('treatmentId') treatmentId: string,
    @Body() body: TreatmentBody,
    @CurrentCaller() caller: Caller,
  ): Promise<Treatment> {
    return this.records.put('treatments', { ...body, actionId, treatmentId }, caller);
  }

  @Get()
  @RequireScopes('read', 'catalogue')
  @Lists(TreatmentView, 'Treatments of the action, by id.')
  async list(@Param('actionId') actionId: string, @Query() query: PageQuery): Promise<Page<Treatment>> {
    await this.records.get('actions', actionId);
    return this.records.list('treatments', query, (record) => [record.actionId, record.treatmentId], {
      actionId: actionId as ActionId,
    });
  }

  @Get(':treatmentId')
  @RequireScopes('read', 'catalogue')
  @Shows(TreatmentView, 'A treatment by its id.')
  get(@Param('actionId') actionId: string, @Param('treatmentId') treatmentId: string): Promise<Treatment> {
    return this.records.get('treatments', [actionId, treatmentId]);
  }

  @Delete(':treatmentId')
  @HttpCode(HttpStatus.NO_CONTENT)
  @RequireScopes('catalogue')
  @Removes('Remove a treatment.')
  remove(
    @Param('actionId') actionId: string,
    @Param('treatmentId') treatmentId: string,
    @CurrentCaller() caller: Caller,
  ): Promise<void> {
    return this.records.remove('treatments', [actionId, treatmentId], caller);
  }
}
