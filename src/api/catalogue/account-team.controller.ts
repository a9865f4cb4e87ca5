import { Controller, Delete, Get, HttpCode, HttpStatus, Param, Put, Query } from '@nestjs/common';
import type { Caller } from '../../access/index.js';
import { type AccountId, Accounts, type Assignment } from '../../catalogue/index.js';
import { AccountAccess } from '../http/account-access.js';
import { type Page, pageOf, readCursor } from '../http/page.js';
import { PageQuery } from '../http/page-query.js';
import { unknownId } from '../http/problem.js';
import { CurrentCaller, RequireScopes } from '../http/scopes.js';
import { Lists, Removes, Resource, Saves } from './api-docs.js';
import { CatalogueResource } from './catalogue-resource.js';
import { AssignmentView } from './team.dto.js';

/** Who looks after an account. */
@Resource('accounts')
@Controller('api/v1/accounts/:accountId/team')
export class AccountTeamController {
  constructor(
    private readonly records: CatalogueResource,
    private readonly accounts: Accounts,
    private readonly access: AccountAccess,
  ) {}

  @Put(':memberId')
  @RequireScopes('catalogue')
  @Saves(AssignmentView, 'Assign a team member to the account.')
  async put(
    @Param('accountId') accountId: string,
    @Param('memberId') memberId: string,
    @CurrentCaller() caller: Caller,
  ): Promise<Assignment> {
    await this.access.ensureSees(caller, accountId as AccountId);
    const assignment = await this.records.put('assignments', { accountId, memberId }, caller);
    const { role } = await this.records.get('team-members', memberId);
    return { ...assignment, role };
  }

  @Get()
  @RequireScopes('read', 'catalogue')
  @Lists(AssignmentView, 'The team of the account, by member id.')
  async list(
    @Param('accountId') accountId: string,
    @Query() query: PageQuery,
    @CurrentCaller() caller: Caller,
  ): Promise<Page<Assignment>> {
    await this.access.ensureSees(caller, accountId as AccountId);
    const [dossier] = await this.accounts.dossiers([accountId as AccountId]);
    if (!dossier) throw unknownId('account', accountId);
    const after = readCursor(query.cursor);
    const start = dossier.team.findIndex(({ memberId }) => memberId === after) + 1;
    const rows = dossier.team.slice(start, start + query.limit + 1);
    return pageOf(
      rows,
      query.limit,
      ({ memberId }) => memberId,
      (row) => row,
    );
  }

  @Delete(':memberId')
  @HttpCode(HttpStatus.NO_CONTENT)
  @RequireScopes('catalogue')
  @Removes('Take a team member off the account.')
  async remove(
    @Param('accountId') accountId: string,
    @Param('memberId') memberId: string,
    @CurrentCaller() caller: Caller,
  ): Promise<void> {
    await this.access.ensureSees(caller, accountId as AccountId);
    return this.records.remove('assignments', [accountId, memberId], caller);
  }
}
