import { Body, Controller, Delete, Get, HttpCode, HttpStatus, Param, Put, Query } from '@nestjs/common';
import type { Caller } from '../../access/index.js';
import type { Account, AccountId } from '../../catalogue/index.js';
import { AccountAccess } from '../http/account-access.js';
import type { Page } from '../http/page.js';
import { CurrentCaller, RequireScopes } from '../http/scopes.js';
import { AccountBody, AccountsQuery, AccountView } from './account.dto.js';
import { Lists, Removes, Resource, Saves, Shows } from './api-docs.js';
import { CatalogueResource } from './catalogue-resource.js';

@Resource('accounts')
@Controller('api/v1/accounts')
export class AccountsController {
  constructor(
    private readonly records: CatalogueResource,
    private readonly access: AccountAccess,
  ) {}

  @Put(':accountId')
  @RequireScopes('catalogue')
  @Saves(AccountView, 'Create or replace an account. A person-account gets itself as contact.')
  async put(
    @Param('accountId') accountId: string,
    @Body() body: AccountBody,
    @CurrentCaller() caller: Caller,
  ): Promise<Account> {
    await this.access.ensureSees(caller, accountId as AccountId);
    return this.records.put('accounts', { ...body, accountId }, caller);
  }

  @Get()
  @RequireScopes('read', 'catalogue')
  @Lists(AccountView, 'Accounts, by id: those that the caller may see.')
  list(@Query() query: AccountsQuery, @CurrentCaller() caller: Caller): Promise<Page<Account>> {
    const assignedTo = this.access.limitedTo(caller);
    return this.records.list('accounts', query, (record) => record.accountId, {
      ...(query.stub === undefined ? {} : { stub: query.stub }),
      ...(query.segment === undefined ? {} : { segment: query.segment }),
      ...(query.search === undefined ? {} : { search: query.search }),
      ...(assignedTo === null ? {} : { assignedTo }),
    });
  }

  @Get(':accountId')
  @RequireScopes('read', 'catalogue')
  @Shows(AccountView, 'An account by its id.')
  async get(@Param('accountId') accountId: string, @CurrentCaller() caller: Caller): Promise<Account> {
    await this.access.ensureSees(caller, accountId as AccountId);
    return this.records.get('accounts', accountId);
  }

  @Delete(':accountId')
  @HttpCode(HttpStatus.NO_CONTENT)
  @RequireScopes('catalogue')
  @Removes('Remove an account with its contacts and team. Its history stays in the log.')
  async remove(@Param('accountId') accountId: string, @CurrentCaller() caller: Caller): Promise<void> {
    await this.access.ensureSees(caller, accountId as AccountId);
    return this.records.remove('accounts', accountId, caller);
  }
}
