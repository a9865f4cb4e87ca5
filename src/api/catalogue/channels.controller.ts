import { Body, Controller, Delete, Get, HttpCode, HttpStatus, Param, Put, Query } from '@nestjs/common';
import type { Caller } from '../../access/index.js';
import type { CatalogueRecords } from '../../catalogue/index.js';
import type { Page } from '../http/page.js';
import { PageQuery } from '../http/page-query.js';
import { CurrentCaller, RequireScopes } from '../http/scopes.js';
import { Lists, Removes, Resource, Saves, Shows } from './api-docs.js';
import { CatalogueResource } from './catalogue-resource.js';
import { ChannelBody, ChannelView } from './offering.dto.js';

type Shown = CatalogueRecords['channels'];

@Resource('channels')
@Controller('api/v1/channels')
export class ChannelsController {
  constructor(private readonly records: CatalogueResource) {}

  @Put(':channelId')
  @RequireScopes('catalogue')
  @Saves(ChannelView, 'Create or replace a channel.')
  put(
    @Param('channelId') channelId: string,
    @Body() body: ChannelBody,
    @CurrentCaller() caller: Caller,
  ): Promise<Shown> {
    return this.records.put('channels', { ...body, channelId }, caller);
  }

  @Get()
  @RequireScopes('read', 'catalogue')
  @Lists(ChannelView, 'Channels, by id.')
  list(@Query() query: PageQuery): Promise<Page<Shown>> {
    return this.records.list('channels', query, (record) => record.channelId);
  }

  @Get(':channelId')
  @RequireScopes('read', 'catalogue')
  @Shows(ChannelView, 'A channel by its id.')
  get(@Param('channelId') channelId: string): Promise<Shown> {
    return this.records.get('channels', channelId);
  }

  @Delete(':channelId')
  @HttpCode(HttpStatus.NO_CONTENT)
  @RequireScopes('catalogue')
  @Removes('Remove a channel; refused while others name it.')
  remove(@Param('channelId') channelId: string, @CurrentCaller() caller: Caller): Promise<void> {
    return this.records.remove('channels', channelId, caller);
  }
}
