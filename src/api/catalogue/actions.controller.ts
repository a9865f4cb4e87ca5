import { Body, Controller, Delete, Get, HttpCode, HttpStatus, Param, Put, Query } from '@nestjs/common';
import type { Caller } from '../../access/index.js';
import type { CatalogueRecords } from '../../catalogue/index.js';
import type { Page } from '../http/page.js';
import { PageQuery } from '../http/page-query.js';
import { CurrentCaller, RequireScopes } from '../http/scopes.js';
import { Lists, Removes, Resource, Saves, Shows } from './api-docs.js';
import { CatalogueResource } from './catalogue-resource.js';
import { ActionBody, ActionView } from './offering.dto.js';

type Shown = CatalogueRecords['actions'];

@Resource('actions')
@Controller('api/v1/actions')
export class ActionsController {
  constructor(private readonly records: CatalogueResource) {}

  @Put(':actionId')
  @RequireScopes('catalogue')
  @Saves(ActionView, 'Create or replace an action.')
  put(
    @Param('actionId') actionId: string,
    @Body() body: ActionBody,
    @CurrentCaller() caller: Caller,
  ): Promise<Shown> {
    return this.records.put('actions', { ...body, actionId }, caller);
  }

  @Get()
  @RequireScopes('read', 'catalogue')
  @Lists(ActionView, 'Actions, by id.')
  list(@Query() query: PageQuery): Promise<Page<Shown>> {
    return this.records.list('actions', query, (record) => record.actionId);
  }

  @Get(':actionId')
  @RequireScopes('read', 'catalogue')
  @Shows(ActionView, 'An action by its id.')
  get(@Param('actionId') actionId: string): Promise<Shown> {
    return this.records.get('actions', actionId);
  }

  @Delete(':actionId')
  @HttpCode(HttpStatus.NO_CONTENT)
  @RequireScopes('catalogue')
  @Removes('Remove an action, and its treatments with it.')
  remove(@Param('actionId') actionId: string, @CurrentCaller() caller: Caller): Promise<void> {
    return this.records.remove('actions', actionId, caller);
  }
}
