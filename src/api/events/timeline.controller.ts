import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Caller } from '../../access/index.js';
import { type AccountId, Accounts } from '../../catalogue/index.js';
import { Timeline, type TimelineItem } from '../../events/index.js';
import { AccountAccess } from '../http/account-access.js';
import { type Page, pageOf, readCursor } from '../http/page.js';
import { PageQuery } from '../http/page-query.js';
import { unknownId } from '../http/problem.js';
import { CurrentCaller, RequireScopes } from '../http/scopes.js';

@ApiTags('events')
@Controller('api/v1/accounts')
export class TimelineController {
  constructor(
    private readonly timeline: Timeline,
    private readonly accounts: Accounts,
    private readonly access: AccountAccess,
  ) {}

  @Get(':accountId/timeline')
  @RequireScopes('read')
  @ApiOperation({ summary: 'What happened with the account, newest first' })
  async page(
    @Param('accountId') accountId: AccountId,
    @Query() { limit, cursor }: PageQuery,
    @CurrentCaller() caller: Caller,
  ): Promise<Page<TimelineItem>> {
    await this.access.ensureSees(caller, accountId);
    if ((await this.accounts.dossiers([accountId])).length === 0) throw unknownId('account', accountId);
    const before = readCursor(cursor) as { at: string; eventId: string } | undefined;
    const rows = await this.timeline.page(accountId, {
      limit: limit + 1,
      ...(before ? { before: { at: new Date(before.at), eventId: before.eventId } } : {}),
    });
    return pageOf(
      rows,
      limit,
      ({ at, eventId }) => ({ at, eventId }),
      (item) => item,
    );
  }
}
