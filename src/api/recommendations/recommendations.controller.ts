import { Body, Controller, Get, Headers, HttpCode, HttpStatus, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Caller } from '../../access/index.js';
import { type AccountId, Catalogues, type Role } from '../../catalogue/index.js';
import type { Question } from '../../recommender/index.js';
import type { Result } from '../../shared/index.js';
import {
  Decide,
  type DecideRefused,
  type DecisionAnswer,
  DEFAULT_PLACES,
  type Meanwhile,
  PresentSuggestions,
} from '../../workflows/index.js';
import { AccountAccess } from '../http/account-access.js';
import { invalidFields, Problem, unknownId } from '../http/problem.js';
import { CurrentCaller, RequireScopes } from '../http/scopes.js';
import { RecommendationBatchBody, RecommendationBody, WhyNotQuery } from './recommendation.dto.js';
import { type RecommendationView, recommendationView } from './recommendation-view.js';
import { preferredLocale } from './suggestion-view.js';
import { type WhyNot, whyNot } from './why-not.js';

@ApiTags('recommendations')
@Controller('api/v1')
export class RecommendationsController {
  private readonly meanwhile: Meanwhile = (made, world) => this.present.foresee(made, world);

  constructor(
    private readonly decide: Decide,
    private readonly present: PresentSuggestions,
    private readonly catalogues: Catalogues,
    private readonly access: AccountAccess,
  ) {}

  @Post('recommendations')
  @HttpCode(HttpStatus.OK)
  @RequireScopes('score')
  @ApiOperation({
    summary: 'What to do next for an account.',
    description:
      'While nothing that matters has changed, the same question gets the same answer (`reused`). An empty list comes ' +
      'with the reason in `noAction` and the rules that refused in `suppressed`.',
  })
  async recommend(
    @Body() body: RecommendationBody,
    @CurrentCaller() caller: Caller,
    @Headers('accept-language') language?: string,
  ): Promise<RecommendationView> {
    if (body.at && !body.dryRun) {
      throw invalidFields([{ pointer: '/at', detail: 'is only for a dry run: add "dryRun": true' }]);
    }
    await this.access.ensureSees(caller, body.accountId);
    await this.ensureKnown(body);
    const question = questionOf(body, caller);
    const { explain, dryRun, fresh, at } = body;
    const answer = answered(
      await this.decide.one(question, {
        explain,
        dryRun,
        fresh,
        ...(at ? { at } : {}),
        meanwhile: this.meanwhile,
      }),
    );
    const [view] = await this.views(
      [await this.explained(answer, explain)],
      caller,
      preferredLocale(language),
    );
    if (!view) throw new Error('One answer has one view');
    return view;
  }

  @Post('recommendations/batch')
  @HttpCode(HttpStatus.OK)
  @RequireScopes('score')
  @ApiOperation({ summary: 'What to do next for each of up to 500 accounts, in their order.' })
  async batch(
    @Body() { accountIds, limit }: RecommendationBatchBody,
    @CurrentCaller() caller: Caller,
    @Headers('accept-language') language?: string,
  ): Promise<{ items: RecommendationView[] }> {
    const distinct = [...new Set(accountIds)];
    await this.access.ensureSeesAll(caller, distinct);
    const questions = distinct.map((accountId) => questionOf({ accountId, limit, context: {} }, caller));
    const answers = (await this.decide.batch(questions)).map(answered);
    return { items: await this.views(answers, caller, preferredLocale(language)) };
  }

  @Get('accounts/:accountId/why-not')
  @RequireScopes('read', 'score')
  @ApiOperation({ summary: 'Why an action is not suggested to an account, and what would have to change.' })
  async whyNot(
    @Param('accountId') accountId: AccountId,
    @Query() query: WhyNotQuery,
    @CurrentCaller() caller: Caller,
  ): Promise<WhyNot> {
    await this.access.ensureSees(caller, accountId);
    const { actions, channels } = await this.catalogues.current();
    const { actionId, channelId, contactId } = query;
    if (![...actions.keys()].some((known) => known === actionId)) throw unknownId('action', actionId);
    if (channelId !== undefined && ![...channels.keys()].some((known) => known === channelId))
      throw unknownId('channel', channelId);
    const asked = { accountId, contactId: contactId ?? null, limit: DEFAULT_PLACES, context: {} };
    const { decision, considered } = answered(await this.decide.explain(questionOf(asked, caller)));
    return whyNot(decision, considered ?? [], { actionId, channelId, contactId });
  }

  /** A reused answer has no candidates: they are considered as they stand now. */
  private async explained(answer: DecisionAnswer, explain: boolean): Promise<DecisionAnswer> {
    if (!explain || answer.considered) return answer;
    const { considered } = answered(await this.decide.explain(answer.decision.question));
    return { ...answer, considered };
  }

  private async views(
    answers: readonly DecisionAnswer[],
    caller: Caller,
    locale: string | null,
  ): Promise<RecommendationView[]> {
    const presentation = await this.present.of(
      answers.flatMap(({ suggestions }) => suggestions),
      caller.memberId === null ? null : (caller.role as Role | null),
      {
        decisions: answers.map(({ decision }) => decision),
        ...(answers[0] ? { world: answers[0].world } : {}),
        brief: answers.length > 1,
      },
    );
    return answers.map((answer) => recommendationView(answer, presentation, locale));
  }

  private async ensureKnown({ context: { channel, productId } }: RecommendationBody): Promise<void> {
    if (channel === undefined && productId === undefined) return;
    const { channels, products } = await this.catalogues.current();
    if (channel !== undefined && !channels.has(channel)) throw unknownId('channel', channel);
    if (productId !== undefined && !products.has(productId)) throw unknownId('product', productId);
  }
}

function questionOf(
  {
    accountId,
    contactId,
    limit,
    context,
  }: Pick<RecommendationBody, 'accountId' | 'contactId' | 'limit' | 'context'>,
  caller: Caller,
): Question {
  return {
    accountId,
    contactId: contactId ?? null,
    limit,
    context: { ...context },
    role: caller.memberId === null ? null : (caller.role as Role | null),
  };
}

function answered(result: Result<DecisionAnswer, DecideRefused>): DecisionAnswer {
  if (result.ok) return result.value;
  const { code, id } = result.error;
  if (code === 'unknown-account') throw unknownId('account', id);
  if (code === 'unknown-contact') throw unknownId('contact', id);
  throw new Problem(
    'contended',
    HttpStatus.SERVICE_UNAVAILABLE,
    'Try again',
    `The account "${id}" is changing faster than it can be decided. Try again in a moment.`,
  );
}
