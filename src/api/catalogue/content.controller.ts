import { Body, Controller, Delete, Get, HttpCode, HttpStatus, Param, Put, Query } from '@nestjs/common';
import type { Caller } from '../../access/index.js';
import type { CatalogueRecords } from '../../catalogue/index.js';
import type { Page } from '../http/page.js';
import { PageQuery } from '../http/page-query.js';
import { CurrentCaller, RequireScopes } from '../http/scopes.js';
import { Lists, Removes, Resource, Saves, Shows } from './api-docs.js';
import { CatalogueResource } from './catalogue-resource.js';
import { ContentBody, ContentView } from './offering.dto.js';

type Shown = CatalogueRecords['content'];

@Resource('content')
@Controller('api/v1/content')
export class ContentController {
  constructor(private readonly records: CatalogueResource) {}

  @Put(':contentId')
  @RequireScopes('catalogue')
  @Saves(ContentView, 'Create or replace a piece of content.')
  put(
    @Param('contentId') contentId: string,
    @Body() body: ContentBody,
    @CurrentCaller() caller: Caller,
  ): Promise<Shown> {
    return this.records.put('content', { ...body, contentId }, caller);
  }

  @Get()
  @RequireScopes('read', 'catalogue')
  @Lists(ContentView, 'Content, by id.')
  list(@Query() query: PageQuery): Promise<Page<Shown>> {
    return this.records.list('content', query, (record) => record.contentId);
  }

  @Get(':contentId')
  @RequireScopes('read', 'catalogue')
  @Shows(ContentView, 'A piece of content by its id.')
  get(@Param('contentId') contentId: string): Promise<Shown> {
    return this.records.get('content', contentId);
  }

  @Delete(':contentId')
  @HttpCode(HttpStatus.NO_CONTENT)
  @RequireScopes('catalogue')
  @Removes('Remove a piece of content; refused while others name it.')
  remove(@Param('contentId') contentId: string, @CurrentCaller() caller: Caller): Promise<void> {
    return this.records.remove('content', contentId, caller);
  }
}
