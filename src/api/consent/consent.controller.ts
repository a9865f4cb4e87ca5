import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Caller } from '../../access/index.js';
import { Catalogues, type Channel, type ContactId, purposes } from '../../catalogue/index.js';
import { compileConsent, type CompiledConsent, ConsentLedger } from '../../consent/index.js';
import { Clock } from '../../shared/index.js';
import { type ConsentRecorded, RecordConsent } from '../../workflows/index.js';
import { AccountAccess } from '../http/account-access.js';
import { invalidFields, unknownId } from '../http/problem.js';
import { CurrentCaller, RequireScopes } from '../http/scopes.js';
import { ConsentBody, type ConsentStanding, shownFact } from './consent.dto.js';

@ApiTags('consent')
@Controller('api/v1/contacts/:contactId/consents')
export class ConsentController {
  constructor(
    private readonly record: RecordConsent,
    private readonly ledger: ConsentLedger,
    private readonly catalogues: Catalogues,
    private readonly access: AccountAccess,
    private readonly clock: Clock,
  ) {}

  @Post()
  @RequireScopes('consent')
  @ApiOperation({
    summary: 'Record what a contact allowed or refused.',
    description:
      'In the same transaction every standing suggestion that is refused from now on is withdrawn and every planned ' +
      'touch cancelled. `inFlight` names touches whose sending had already begun.',
  })
  async post(
    @Param('contactId') contactId: ContactId,
    @Body() body: ConsentBody,
    @CurrentCaller() caller: Caller,
  ): Promise<ConsentRecorded> {
    await this.access.accountOf(caller, contactId);
    const recorded = await this.record.one(contactId, body, caller.memberId ?? caller.keyId);
    if (recorded.ok) return recorded.value;
    const { unknown, problems } = recorded.error;
    throw unknown ? unknownId(unknown.kind, unknown.id) : invalidFields(problems);
  }

  @Get()
  @RequireScopes('consent', 'read')
  @ApiOperation({ summary: 'What is allowed now by channel and purpose, and everything that was ever said.' })
  async get(@Param('contactId') contactId: ContactId, @CurrentCaller() caller: Caller) {
    await this.access.accountOf(caller, contactId);
    const facts = await this.ledger.ofContact(contactId);
    const { channels } = await this.catalogues.current();
    const consent = compileConsent(facts);
    const status = [...channels.values()].flatMap((channel) => standing(consent, channel, this.clock.now()));
    return { status, history: facts.map(shownFact) };
  }
}

/** Of touches that are about no product or topic in particular. */
function standing(consent: CompiledConsent, channel: Channel, at: Date): ConsentStanding[] {
  return purposes.map((purpose) => {
    const { channelId, consent: channelConsent } = channel;
    const asked = { channelId, channelConsent, purpose, productIds: [], topics: [] };
    const { allowed, because, until } = consent.answer(asked, at);
    return { channelId, purpose, allowed, because, ...(until === null ? {} : { until }) };
  });
}
