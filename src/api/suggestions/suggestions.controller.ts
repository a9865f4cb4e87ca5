import { Body, Controller, Get, Headers, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Caller } from '../../access/index.js';
import type { MemberId, Role } from '../../catalogue/index.js';
import type { SuggestionId } from '../../recommender/index.js';
import { Clock } from '../../shared/index.js';
import { type Suggestion, SuggestionBook } from '../../suggestions/index.js';
import { ExplainSuggestions, RespondToSuggestion, VerifySuggestions } from '../../workflows/index.js';
import { AccountAccess } from '../http/account-access.js';
import { type Page, pageOf, readCursor } from '../http/page.js';
import { conflict, invalidFields, unknownId } from '../http/problem.js';
import { CurrentCaller, RequireScopes } from '../http/scopes.js';
import { preferredLocale, type SuggestionView, suggestionView } from '../recommendations/suggestion-view.js';
import { ResponseBody, SuggestionsQuery } from './suggestion.dto.js';

/** A suggestion in a list: also whose it is, and what became of it. */
interface ListedSuggestion extends SuggestionView {
  accountId: string;
  decisionId: string;
  runId: string | null;
  because: string | null;
  snoozedUntil: Date | null;
  createdAt: Date;
  changedAt: Date;
}

@ApiTags('suggestions')
@Controller('api/v1/suggestions')
export class SuggestionsController {
  constructor(
    private readonly book: SuggestionBook,
    private readonly verify: VerifySuggestions,
    private readonly explain: ExplainSuggestions,
    private readonly respond: RespondToSuggestion,
    private readonly access: AccountAccess,
    private readonly clock: Clock,
  ) {}

  @Get()
  @RequireScopes('read')
  @ApiOperation({
    summary: 'Suggestions, the highest priority first.',
    description:
      'What is shown has passed the whole contact policy since the last change of the account: what it refuses now is ' +
      'withdrawn instead of shown as open.',
  })
  async list(
    @Query() query: SuggestionsQuery,
    @CurrentCaller() caller: Caller,
    @Headers('accept-language') language?: string,
  ): Promise<Page<ListedSuggestion>> {
    if (query.accountId !== undefined) await this.access.ensureSees(caller, query.accountId);
    const { cursor, limit, ...filters } = query;
    const seenBy = this.access.limitedTo(caller);
    const after = afterFrom(readCursor(cursor));
    const found = await this.book.page({
      ...filters,
      ...(seenBy === null ? {} : { seenBy }),
      ...(after ? { after } : {}),
      limit,
      at: this.clock.now(),
    });
    const shown = await this.shown(found.slice(0, limit), query, caller, preferredLocale(language));
    const page = pageOf(
      found,
      limit,
      ({ priority, suggestionId }) => ({ priority, suggestionId }),
      ({ suggestionId }) => shown.get(suggestionId),
    );
    return { items: page.items.flatMap((item) => item ?? []), nextCursor: page.nextCursor };
  }

  @Post(':suggestionId/responses')
  @RequireScopes('feedback')
  @ApiOperation({ summary: 'Say that a suggestion was seen, accepted, dismissed, put off or completed.' })
  async answer(
    @Param('suggestionId') suggestionId: SuggestionId,
    @Body() body: ResponseBody,
    @CurrentCaller() caller: Caller,
  ): Promise<{ suggestionId: string; accountId: string; state: string; changedAt: Date }> {
    const suggestion = await this.respond.find(suggestionId);
    if (!suggestion) throw unknownId('suggestion', suggestionId);
    await this.access.ensureSees(caller, suggestion.accountId);
    const result = await this.respond.run(suggestion, body, caller.memberId as MemberId | null);
    if (!result.ok) {
      if (result.error.code === 'invalid') throw invalidFields(result.error.problems);
      const { state, because } = result.error;
      throw conflict(
        `The suggestion is ${state} and takes no response of this kind.${because ? ` ${because}` : ''}`,
      );
    }
    const { accountId, state, changedAt } = result.value;
    return { suggestionId, accountId, state, changedAt };
  }

  /** Checked and explained; what no longer fits the query after the check is left out. */
  private async shown(
    suggestions: readonly Suggestion[],
    { state }: SuggestionsQuery,
    caller: Caller,
    locale: string | null,
  ): Promise<Map<string, ListedSuggestion>> {
    const role = caller.memberId === null ? null : (caller.role as Role | null);
    const checked = (await this.verify.run(suggestions, role)).filter(
      (one) => state === undefined || one.state === state,
    );
    const reasons = await this.explain.reasons(checked);
    return new Map(
      checked.map((suggestion) => [
        suggestion.suggestionId,
        listed(suggestion, suggestionView(suggestion, reasons.get(suggestion.suggestionId) ?? [], locale)),
      ]),
    );
  }
}

function listed(suggestion: Suggestion, view: SuggestionView): ListedSuggestion {
  const { accountId, decisionId, runId, because, snoozedUntil, createdAt, changedAt } = suggestion;
  return { ...view, accountId, decisionId, runId, because, snoozedUntil, createdAt, changedAt };
}

function afterFrom(cursor: unknown): { priority: number; suggestionId: SuggestionId } | undefined {
  if (cursor === undefined) return undefined;
  if (typeof cursor === 'object' && cursor !== null && 'priority' in cursor && 'suggestionId' in cursor) {
    const { priority, suggestionId } = cursor;
    if (typeof priority === 'number' && typeof suggestionId === 'string') {
      return { priority, suggestionId: suggestionId as SuggestionId };
    }
  }
  throw invalidFields([
    { pointer: '/cursor', detail: 'is not a cursor of this list: pass on nextCursor as it was given' },
  ]);
}
