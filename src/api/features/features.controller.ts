import { Controller, Get, Param, Query } from '@nestjs/common';
import type { Caller } from '../../access/index.js';
import { type AccountId, Accounts, type ContactId } from '../../catalogue/index.js';
import { EventLog } from '../../events/index.js';
import { FeatureSet, FeatureStore } from '../../features/index.js';
import { publishedNumbers, PublishedInsights } from '../../insights/index.js';
import { Clock } from '../../shared/index.js';
import { Lists, Resource } from '../catalogue/api-docs.js';
import { AccountAccess } from '../http/account-access.js';
import { type Page, pageOf, readCursor } from '../http/page.js';
import { invalidFields, unknownId } from '../http/problem.js';
import { CurrentCaller, RequireScopes } from '../http/scopes.js';
import { featureView, rowsAfter, rowsOf } from './account-features.js';
import { FeaturesQuery, FeatureView } from './feature.dto.js';

@Resource('features')
@Controller('api/v1/accounts')
export class FeaturesController {
  constructor(
    private readonly access: AccountAccess,
    private readonly accounts: Accounts,
    private readonly featureSet: FeatureSet,
    private readonly store: FeatureStore,
    private readonly log: EventLog,
    private readonly insights: PublishedInsights,
    private readonly clock: Clock,
  ) {}

  @Get(':accountId/features')
  @RequireScopes('read')
  @Lists(FeatureView, 'What is known of an account now, with the events behind each value.')
  async list(
    @Param('accountId') accountId: AccountId,
    @Query() query: FeaturesQuery,
    @CurrentCaller() caller: Caller,
  ): Promise<Page<FeatureView>> {
    await this.access.ensureSees(caller, accountId);
    const definitions = this.definitionsNamed(query.names);
    const loaded = (await this.store.load([accountId])).get(accountId);
    if (!loaded) throw unknownId('account', accountId);
    const contactId = await this.contactOf(accountId, query.contactId);
    const at = this.clock.now();
    const published = (await this.insights.of([accountId])).get(accountId) ?? [];
    const numbers = publishedNumbers(published.map((one) => one.numbers));
    const readout = this.featureSet.read(loaded.state, contactId, at, numbers);
    const rows = rowsAfter(rowsOf(definitions, readout), definitions, readCursor(query.cursor));
    const events = (await this.log.ofAccounts([accountId])).get(accountId) ?? [];
    return pageOf(
      rows.slice(0, query.limit + 1),
      query.limit,
      ({ definition, key }) => [definition.name, key ?? null],
      (row) => featureView(row, readout, events, { at, contactId, published }),
    );
  }

  private definitionsNamed(names: readonly string[] | undefined) {
    const { definitions } = this.featureSet;
    if (!names) return definitions;
    const unknown = names.filter((name) => !definitions.some((definition) => definition.name === name));
    if (unknown.length > 0) {
      const detail = `no feature is called ${unknown.join(', ')}; GET /api/v1/feature-definitions lists them`;
      throw invalidFields([{ pointer: '/names', detail }]);
    }
    return definitions.filter((definition) => names.includes(definition.name));
  }

  private async contactOf(accountId: AccountId, contactId: string | undefined): Promise<ContactId | null> {
    if (contactId === undefined) return null;
    const known = contactId as ContactId;
    const owner = (await this.accounts.accountsOf([known])).get(known);
    if (owner !== accountId) throw unknownId('contact', contactId);
    return known;
  }
}
