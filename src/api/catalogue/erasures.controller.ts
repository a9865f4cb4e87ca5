import { Controller, HttpCode, HttpStatus, Param, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import type { Caller } from '../../access/index.js';
import type { ContactId } from '../../catalogue/index.js';
import { EraseContact, type Erasure } from '../../workflows/index.js';
import { AccountAccess } from '../http/account-access.js';
import { actorOf } from './actor.js';
import { CurrentCaller, RequireScopes } from '../http/scopes.js';
import { Resource } from './api-docs.js';

@Resource('contacts')
@Controller('api/v1/contacts/:contactId/erasures')
export class ErasuresController {
  constructor(
    private readonly erase: EraseContact,
    private readonly access: AccountAccess,
  ) {}

  @Post()
  @HttpCode(HttpStatus.CREATED)
  @RequireScopes('admin')
  @ApiOperation({
    summary: 'Forget a person, for good.',
    description:
      'What she did, allowed and was told, what was decided about her, and every message that tells of it, sent or not. ' +
      'Answers how many rows of which table are gone. The audit trail stays verifiable.',
  })
  async create(
    @Param('contactId') contactId: ContactId,
    @CurrentCaller() caller: Caller,
  ): Promise<Erasure & { contactId: ContactId }> {
    const accountId = await this.access.accountOf(caller, contactId);
    return { contactId, ...(await this.erase.run({ contactId, accountId }, actorOf(caller))) };
  }
}
