import { Body, Controller, Delete, Get, HttpCode, HttpStatus, Param, Put, Query } from '@nestjs/common';
import type { Caller } from '../../access/index.js';
import type { CatalogueRecords } from '../../catalogue/index.js';
import type { Page } from '../http/page.js';
import { PageQuery } from '../http/page-query.js';
import { CurrentCaller, RequireScopes } from '../http/scopes.js';
import { Lists, Removes, Resource, Saves, Shows } from './api-docs.js';
import { CatalogueResource } from './catalogue-resource.js';
import { TeamMemberBody, TeamMemberView } from './team.dto.js';

type Shown = CatalogueRecords['team-members'];

@Resource('team')
@Controller('api/v1/team-members')
export class TeamMembersController {
  constructor(private readonly records: CatalogueResource) {}

  @Put(':memberId')
  @RequireScopes('catalogue')
  @Saves(TeamMemberView, 'Create or replace a team member.')
  put(
    @Param('memberId') memberId: string,
    @Body() body: TeamMemberBody,
    @CurrentCaller() caller: Caller,
  ): Promise<Shown> {
    return this.records.put('team-members', { ...body, memberId }, caller);
  }

  @Get()
  @RequireScopes('read', 'catalogue')
  @Lists(TeamMemberView, 'Team members, by id.')
  list(@Query() query: PageQuery): Promise<Page<Shown>> {
    return this.records.list('team-members', query, (record) => record.memberId);
  }

  @Get(':memberId')
  @RequireScopes('read', 'catalogue')
  @Shows(TeamMemberView, 'A team member by its id.')
  get(@Param('memberId') memberId: string): Promise<Shown> {
    return this.records.get('team-members', memberId);
  }

  @Delete(':memberId')
  @HttpCode(HttpStatus.NO_CONTENT)
  @RequireScopes('catalogue')
  @Removes('Remove a team member; refused while others name it.')
  remove(@Param('memberId') memberId: string, @CurrentCaller() caller: Caller): Promise<void> {
    return this.records.remove('team-members', memberId, caller);
  }
}
