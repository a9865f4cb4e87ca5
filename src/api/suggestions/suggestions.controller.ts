import { Body, Controller, Delete, Get, Headers, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Caller } from '../../access/index.js';
import type { MemberId, Role } from '../../catalogue/index.js';
import type { SuggestionId } from '../../recommender/index.js';
import { addDays, Clock, isId } from '../../shared/index.js';
import {
  becauseIn,
  type ReviewVerdict,
  type Suggestion,
  SuggestionBook,
  type SuggestionQuery,
  type SuggestionState,
  suggestionStates,
  UNDO_MINUTES,
} from '../../suggestions/index.js';
import {
  PresentSuggestions,
  RespondToSuggestion,
  ReviewActions,
  VerifySuggestions,
} from '../../workflows/index.js';
import { AccountAccess } from '../http/account-access.js';
import { type Page, pageOf, readCursor } from '../http/page.js';
import { conflict, forbidden, invalidFields, unknownId } from '../http/problem.js';
import { CurrentCaller, RequireScopes } from '../http/scopes.js';
import { preferredLocale, type SuggestionView, suggestionView } from '../recommendations/suggestion-view.js';
import { refusedResponse, refusedUndo } from './response-problems.js';
import { CountsQuery, ResponseBody, ReviewBody, SuggestionsQuery } from './suggestion.dto.js';

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

/** What a response made of a suggestion, and until when it can be taken back. */
interface RespondedView {
  suggestionId: string;
  accountId: string;
  state: string;
  changedAt: Date;
  /** Null: it was said before, and nothing was recorded. */
  responseId: string | null;
  undoUntil: Date | null;
}

const REVIEWERS: ReadonlySet<string> = new Set(['compliance', 'admin']);

@ApiTags('suggestions')
@Controller('api/v1/suggestions')
export class SuggestionsController {
  constructor(
    private readonly book: SuggestionBook,
    private readonly verify: VerifySuggestions,
    private readonly present: PresentSuggestions,
    private readonly respond: RespondToSuggestion,
    private readonly reviews: ReviewActions,
    private readonly access: AccountAccess,
    private readonly clock: Clock,
  ) {}

  @Get()
  @RequireScopes('read')
  @ApiOperation({
    summary: 'Suggestions, by priority or by slot.',
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
    const { cursor, limit, sort, ...filters } = query;
    const seenBy = this.access.limitedTo(caller);
    const after = afterFrom(readCursor(cursor), sort);
    const found = await this.book.page({
      ...filters,
      ...(seenBy === null ? {} : { seenBy }),
      ...(after ? { after } : {}),
      sort,
      limit,
      at: this.clock.now(),
    });
    const shown = await this.shown(found.slice(0, limit), query, caller, preferredLocale(language));
    const page = pageOf(
      found,
      limit,
      ({ priority, slotFrom, suggestionId }) => ({
        key: sort === 'slot' ? slotFrom : priority,
        suggestionId,
      }),
      ({ suggestionId }) => shown.get(suggestionId),
    );
    return { items: page.items.flatMap((item) => item ?? []), nextCursor: page.nextCursor };
  }

  @Get('counts')
  @RequireScopes('read')
  @ApiOperation({
    summary: 'How many suggestions there are in each state.',
    description:
      'Of those that stand, and of those closed since `changedSince` (left out: since a day ago). As they were when they ' +
      'were last checked.',
  })
  async counts(
    @Query() query: CountsQuery,
    @CurrentCaller() caller: Caller,
  ): Promise<{ counts: Record<SuggestionState, number> }> {
    if (query.accountId !== undefined) await this.access.ensureSees(caller, query.accountId);
    const seenBy = this.access.limitedTo(caller);
    const at = this.clock.now();
    const found = await this.book.counts({
      ...query,
      changedSince: query.changedSince ?? addDays(at, -1),
      ...(seenBy === null ? {} : { seenBy }),
      at,
    });
    const counts = Object.fromEntries(suggestionStates.map((state) => [state, found.get(state) ?? 0]));
    return { counts: counts as Record<SuggestionState, number> };
  }

  @Post(':suggestionId/responses')
  @RequireScopes('feedback')
  @ApiOperation({ summary: 'Say that a suggestion was seen, accepted, dismissed, put off or completed.' })
  async answer(
    @Param('suggestionId') suggestionId: SuggestionId,
    @Body() body: ResponseBody,
    @CurrentCaller() caller: Caller,
  ): Promise<RespondedView> {
    const suggestion = await this.seen(suggestionId, caller);
    const result = await this.respond.run(suggestion, body, caller.memberId as MemberId | null);
    if (!result.ok) throw refusedResponse(result.error);
    const { responseId, undoUntil } = result.value;
    const { accountId, state, changedAt } = result.value.suggestion;
    return { suggestionId, accountId, state, changedAt, responseId, undoUntil };
  }

  @Delete(':suggestionId/responses/:responseId')
  @RequireScopes('feedback')
  @ApiOperation({
    summary: 'Take a response back.',
    description: `Within ${UNDO_MINUTES} minutes, by whoever gave it, while nothing else has happened to the suggestion.`,
  })
  async undo(
    @Param('suggestionId') suggestionId: SuggestionId,
    @Param('responseId') responseId: string,
    @CurrentCaller() caller: Caller,
  ): Promise<Pick<RespondedView, 'suggestionId' | 'accountId' | 'state' | 'changedAt'>> {
    const suggestion = await this.seen(suggestionId, caller);
    const result = await this.respond.undo(suggestion, responseId, caller.memberId as MemberId | null);
    if (!result) throw unknownId('response', responseId);
    if (!result.ok) throw refusedUndo(result.error);
    const { accountId, state, changedAt } = result.value;
    return { suggestionId, accountId, state, changedAt };
  }

  @Post(':suggestionId/reviews')
  @RequireScopes('feedback')
  @ApiOperation({
    summary: 'Say whether what was called not compliant is allowed for the account.',
    description: 'By compliance. `cleared`: it may be suggested again; `upheld`: it may not.',
  })
  async review(
    @Param('suggestionId') suggestionId: SuggestionId,
    @Body() { verdict, note }: ReviewBody,
    @CurrentCaller() caller: Caller,
  ): Promise<{ suggestionId: string; verdict: ReviewVerdict; concludedAt: Date }> {
    const suggestion = await this.seen(suggestionId, caller);
    if (caller.memberId !== null && !REVIEWERS.has(caller.role ?? ''))
      throw forbidden('Reviews are concluded by compliance.');
    const by = caller.memberId as MemberId | null;
    const result = await this.reviews.conclude(suggestion, { verdict, note: note ?? null, by });
    if (!result.ok) throw conflict('No review of this suggestion is open.');
    return { suggestionId, verdict, concludedAt: result.value.concludedAt };
  }

  private async seen(suggestionId: SuggestionId, caller: Caller): Promise<Suggestion> {
    const suggestion = await this.respond.find(suggestionId);
    const asked = { kind: 'suggestion', id: suggestionId };
    return this.access.found(caller, asked, suggestion, ({ accountId }) => accountId);
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
    const presentation = await this.present.of(checked, role);
    return new Map(
      [...presentation.items].map(([suggestionId, presented]) => [
        suggestionId,
        listed(presented.suggestion, suggestionView(presented, presentation, locale), locale),
      ]),
    );
  }
}

function listed(suggestion: Suggestion, view: SuggestionView, locale: string | null): ListedSuggestion {
  const { accountId, decisionId, runId, snoozedUntil, createdAt, changedAt } = suggestion;
  const because = becauseIn(suggestion, locale);
  return { ...view, accountId, decisionId, runId, because, snoozedUntil, createdAt, changedAt };
}

function afterFrom(cursor: unknown, sort: 'priority' | 'slot'): SuggestionQuery['after'] | undefined {
  if (cursor === undefined) return undefined;
  if (typeof cursor === 'object' && cursor !== null && 'key' in cursor && 'suggestionId' in cursor) {
    const { key: given, suggestionId } = cursor;
    const key = sort === 'slot' ? new Date(String(given)) : given;
    const fits = key instanceof Date ? !Number.isNaN(key.getTime()) : typeof key === 'number';
    if (fits && isId(suggestionId))
      return { key: key as number | Date, suggestionId: suggestionId as SuggestionId };
  }
  throw invalidFields([
    { pointer: '/cursor', detail: 'is not a cursor of this list: pass on nextCursor as it was given' },
  ]);
}
