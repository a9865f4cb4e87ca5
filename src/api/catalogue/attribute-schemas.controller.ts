import { Body, Controller, Delete, Get, HttpCode, HttpStatus, Param, Put, Query } from '@nestjs/common';
import type { Caller } from '../../access/index.js';
import type { CatalogueRecords } from '../../catalogue/index.js';
import type { Page } from '../http/page.js';
import { PageQuery } from '../http/page-query.js';
import { CurrentCaller, RequireScopes } from '../http/scopes.js';
import { Lists, Removes, Resource, Saves, Shows } from './api-docs.js';
import { CatalogueResource } from './catalogue-resource.js';
import { AttributeSchemaBody, AttributeSchemaView } from './account.dto.js';

type Shown = CatalogueRecords['attribute-schemas'];

@Resource('attribute schemas')
@Controller('api/v1/attribute-schemas')
export class AttributeSchemasController {
  constructor(private readonly records: CatalogueResource) {}

  @Put(':kind')
  @RequireScopes('catalogue')
  @Saves(AttributeSchemaView, 'Create or replace the attribute schema of accounts or contacts.')
  put(
    @Param('kind') kind: string,
    @Body() body: AttributeSchemaBody,
    @CurrentCaller() caller: Caller,
  ): Promise<Shown> {
    return this.records.put('attribute-schemas', { ...body, kind }, caller);
  }

  @Get()
  @RequireScopes('read', 'catalogue')
  @Lists(AttributeSchemaView, 'Attribute schemas, of accounts and of contacts.')
  list(@Query() query: PageQuery): Promise<Page<Shown>> {
    return this.records.list('attribute-schemas', query, (record) => record.kind);
  }

  @Get(':kind')
  @RequireScopes('read', 'catalogue')
  @Shows(
    AttributeSchemaView,
    'The attribute schema of accounts or contacts: what expressions are checked against.',
  )
  get(@Param('kind') kind: string): Promise<Shown> {
    return this.records.get('attribute-schemas', kind);
  }

  @Delete(':kind')
  @HttpCode(HttpStatus.NO_CONTENT)
  @RequireScopes('catalogue')
  @Removes(
    'Remove the attribute schema of accounts or contacts; refused while the eligibility of an action needs it.',
  )
  remove(@Param('kind') kind: string, @CurrentCaller() caller: Caller): Promise<void> {
    return this.records.remove('attribute-schemas', kind, caller);
  }
}
