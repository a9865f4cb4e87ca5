import { Body, Controller, Delete, Get, HttpCode, HttpStatus, Param, Put, Query } from '@nestjs/common';
import type { Caller } from '../../access/index.js';
import { type AccountId, Accounts, type Contact, type ContactId } from '../../catalogue/index.js';
import { AccountAccess } from '../http/account-access.js';
import type { Page } from '../http/page.js';
import { CurrentCaller, RequireScopes } from '../http/scopes.js';
import { ContactBody, ContactsQuery, ContactView } from './account.dto.js';
import { Lists, Removes, Resource, Saves, Shows } from './api-docs.js';
import { CatalogueResource } from './catalogue-resource.js';

@Resource('contacts')
@Controller('api/v1/contacts')
export class ContactsController {
  constructor(
    private readonly records: CatalogueResource,
    private readonly accounts: Accounts,
    private readonly access: AccountAccess,
  ) {}

  @Put(':contactId')
  @RequireScopes('catalogue')
  @Saves(ContactView, 'Create or replace a contact. Another accountId moves the contact with its history.')
  async put(
    @Param('contactId') contactId: string,
    @Body() body: ContactBody,
    @CurrentCaller() caller: Caller,
  ): Promise<Contact> {
    await this.access.ensureSees(caller, body.accountId as AccountId);
    const now = (await this.accounts.accountsOf([contactId as ContactId])).get(contactId as ContactId);
    // of a contact that is somebody else's it is not told whose
    if (now)
      await this.access.found(caller, { kind: 'contact', id: contactId }, now, (accountId) => accountId);
    return this.records.put('contacts', { ...body, contactId }, caller);
  }

  @Get()
  @RequireScopes('read', 'catalogue')
  @Lists(ContactView, 'Contacts, by id: those of accounts that the caller may see.')
  list(@Query() query: ContactsQuery, @CurrentCaller() caller: Caller): Promise<Page<Contact>> {
    const assignedTo = this.access.limitedTo(caller);
    return this.records.list('contacts', query, (record) => record.contactId, {
      ...(query.stub === undefined ? {} : { stub: query.stub }),
      ...(query.accountId === undefined ? {} : { accountId: query.accountId as AccountId }),
      ...(assignedTo === null ? {} : { assignedTo }),
    });
  }

  @Get(':contactId')
  @RequireScopes('read', 'catalogue')
  @Shows(ContactView, 'A contact by its id.')
  async get(@Param('contactId') contactId: string, @CurrentCaller() caller: Caller): Promise<Contact> {
    await this.access.accountOf(caller, contactId as ContactId);
    return this.records.get('contacts', contactId);
  }

  @Delete(':contactId')
  @HttpCode(HttpStatus.NO_CONTENT)
  @RequireScopes('catalogue')
  @Removes('Remove a contact; the contact of a person-account goes with its account.')
  async remove(@Param('contactId') contactId: string, @CurrentCaller() caller: Caller): Promise<void> {
    await this.access.accountOf(caller, contactId as ContactId);
    return this.records.remove('contacts', contactId, caller);
  }
}
