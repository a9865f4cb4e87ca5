import { Controller, Get, Param, Query } from '@nestjs/common';
import type { Caller } from '../../access/index.js';
import { type AccountId, Accounts, type Catalogue, Catalogues } from '../../catalogue/index.js';
import { doublesSettings } from '../../insights/index.js';
import { type DoublesOfAccount, ShowDoubles } from '../../workflows/index.js';
import { Resource, Shows } from '../catalogue/api-docs.js';
import { AccountAccess } from '../http/account-access.js';
import { pageOf, readCursor } from '../http/page.js';
import { unknownId } from '../http/problem.js';
import { CurrentCaller, RequireScopes } from '../http/scopes.js';
import { DoublesQuery, DoublesView } from './doubles.dto.js';

@Resource('doubles')
@Controller('api/v1/accounts')
export class DoublesController {
  constructor(
    private readonly access: AccountAccess,
    private readonly accounts: Accounts,
    private readonly catalogues: Catalogues,
    private readonly doubles: ShowDoubles,
  ) {}

  @Get(':accountId/doubles')
  @RequireScopes('read')
  @Shows(
    DoublesView,
    'The accounts most like this one: what they buy and it does not, and which approaches worked with them.',
  )
  async show(
    @Param('accountId') accountId: AccountId,
    @Query() query: DoublesQuery,
    @CurrentCaller() caller: Caller,
  ): Promise<DoublesView> {
    await this.access.ensureSees(caller, accountId);
    const [known] = await this.accounts.dossiers([accountId]);
    if (!known) throw unknownId('account', accountId);
    const after = readCursor(query.cursor);
    const [found, catalogue] = await Promise.all([this.doubles.of(accountId), this.catalogues.current()]);
    const visible = await this.visible(found, caller);
    const from = visible.findIndex((double) => double.accountId === after) + 1;
    const page = pageOf(
      visible.slice(from, from + query.limit + 1),
      query.limit,
      (double) => double.accountId,
      (double) => ({ ...double, shared: [...double.shared] }),
    );
    return {
      ...stated(found),
      doubles: page.items,
      hiddenDoubles: found.doubles.length - visible.length,
      nextCursor: page.nextCursor,
      ...named(found, catalogue),
    };
  }

  /** A manager is shown the accounts that she looks after; of the others only what they tell together. */
  private async visible({ doubles }: DoublesOfAccount, caller: Caller): Promise<DoublesOfAccount['doubles']> {
    const member = this.access.limitedTo(caller);
    if (member === null) return doubles;
    const ids = doubles.map(({ accountId }) => accountId);
    const assigned = await this.accounts.assignedAmong(member, ids);
    return doubles.filter(({ accountId }) => assigned.has(accountId));
  }
}

function stated({ accountId, asOf, basis, because }: DoublesOfAccount) {
  const { leastSimilarity, least, comparedDays } = doublesSettings;
  return { accountId, asOf, basis, because, leastSimilarity, leastDoubles: least, comparedDays };
}

function named(
  { products, approaches }: DoublesOfAccount,
  catalogue: Catalogue,
): Pick<DoublesView, 'products' | 'approaches'> {
  return {
    products: products.map(({ gapInterval, ...gap }) => ({
      ...gap,
      name: catalogue.products.get(gap.productId)?.name ?? null,
      gapLow: gapInterval.low,
      gapHigh: gapInterval.high,
    })),
    approaches: approaches.map((approach) => ({
      ...approach,
      actionName: catalogue.actions.get(approach.actionId)?.name ?? null,
      channelName: catalogue.channels.get(approach.channelId)?.name ?? null,
    })),
  };
}
