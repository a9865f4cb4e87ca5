import { Controller, Get, Headers, HttpCode, HttpStatus, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Caller } from '../../access/index.js';
import { AlertBook, type AlertId, type AlertQuery, type ListedAlert } from '../../alerts/index.js';
import { Accounts, type Role } from '../../catalogue/index.js';
import { ContactRules, type HiddenTopics, hiddenFrom, isHidden } from '../../contact-policy/index.js';
import type { SuggestionId } from '../../recommender/index.js';
import { Clock, isId } from '../../shared/index.js';
import { type Suggestion, SuggestionBook } from '../../suggestions/index.js';
import { PresentSuggestions, VerifySuggestions } from '../../workflows/index.js';
import { AccountAccess } from '../http/account-access.js';
import { type Page, pageOf, readCursor } from '../http/page.js';
import { invalidFields, unknownId } from '../http/problem.js';
import { CurrentCaller, RequireScopes } from '../http/scopes.js';
import { actorOf } from '../catalogue/actor.js';
import { preferredLocale, type SuggestionView, suggestionView } from '../recommendations/suggestion-view.js';
import { AlertsQuery } from './alert.dto.js';
import { type AlertView, alertView } from './alert-view.js';

interface Acknowledged {
  alertId: string;
  accountId: string;
  state: ListedAlert['state'];
  acknowledgedAt: Date | null;
  acknowledgedBy: string | null;
}

@ApiTags('alerts')
@Controller('api/v1/alerts')
export class AlertsController {
  constructor(
    private readonly alerts: AlertBook,
    private readonly rules: ContactRules,
    private readonly suggestions: SuggestionBook,
    private readonly verify: VerifySuggestions,
    private readonly present: PresentSuggestions,
    private readonly accounts: Accounts,
    private readonly access: AccountAccess,
    private readonly clock: Clock,
  ) {}

  @Get()
  @RequireScopes('read')
  @ApiOperation({
    summary: 'Alerts, the newest first.',
    description:
      'Each with the next step that was decided for it, as far as the contact policy still allows it: else `suggestion` ' +
      'is null and `because` says why.',
  })
  async list(
    @Query() query: AlertsQuery,
    @CurrentCaller() caller: Caller,
    @Headers('accept-language') language?: string,
  ): Promise<Page<AlertView>> {
    if (query.accountId !== undefined && query.memberId !== caller.memberId)
      await this.access.ensureSees(caller, query.accountId);
    const { cursor, limit, ...filters } = query;
    const seenBy = this.access.limitedTo(caller);
    const after = afterFrom(readCursor(cursor));
    const found = await this.alerts.page({
      ...filters,
      ...(seenBy === null ? {} : { seenBy }),
      ...(after ? { after } : {}),
      hidden: await this.hidden(caller),
      limit,
      at: this.clock.now(),
    });
    const locale = preferredLocale(language);
    const steps = await this.nextSteps(found.slice(0, limit), caller, locale);
    return pageOf(
      found,
      limit,
      ({ raisedAt, alertId }) => ({ raisedAt, alertId }),
      (alert) => alertView(alert, steps.get(alert.suggestionId ?? '') ?? null, locale),
    );
  }

  @Post(':alertId/acknowledgements')
  @HttpCode(HttpStatus.CREATED)
  @RequireScopes('feedback')
  @ApiOperation({
    summary: 'Say that somebody has seen to it: for everybody who was told of the same thing.',
    description: 'The first who says so stays named; saying it again changes nothing.',
  })
  async acknowledge(
    @Param('alertId') alertId: AlertId,
    @CurrentCaller() caller: Caller,
  ): Promise<Acknowledged> {
    const at = this.clock.now();
    const alert = isId(alertId) ? await this.alerts.find(alertId, at) : null;
    if (!alert || !(await this.sees(caller, alert))) throw unknownId('alert', alertId);
    const now = await this.alerts.acknowledge(alertId, actorOf(caller), at);
    if (!now) throw unknownId('alert', alertId);
    const { accountId, state, acknowledgedAt, acknowledgedBy } = now;
    return { alertId, accountId, state, acknowledgedAt, acknowledgedBy };
  }

  private async sees(caller: Caller, alert: ListedAlert): Promise<boolean> {
    if (isHidden(await this.hidden(caller), alert.topics, alert.enquiry)) return false;
    const member = this.access.limitedTo(caller);
    if (member === null || alert.memberId === member || alert.escalatedTo === member) return true;
    return this.accounts.isAssigned(member, alert.accountId);
  }

  private async hidden(caller: Caller): Promise<HiddenTopics> {
    const role = caller.memberId === null ? null : (caller.role as Role | null);
    return hiddenFrom(await this.rules.current(), role);
  }

  /** Suggestions of alerts, checked against the contact policy as it stands, with their reasons. */
  private async nextSteps(
    alerts: readonly ListedAlert[],
    caller: Caller,
    locale: string | null,
  ): Promise<Map<string, { suggestion: Suggestion; view: SuggestionView }>> {
    const ids = [...new Set(alerts.flatMap(({ suggestionId }) => suggestionId ?? []))] as SuggestionId[];
    if (ids.length === 0) return new Map();
    const role = caller.memberId === null ? null : (caller.role as Role | null);
    const found = await this.suggestions.byIds(ids, this.clock.now());
    const checked = await this.verify.run(found, role);
    const presentation = await this.present.of(checked, role);
    return new Map(
      [...presentation.items].map(([suggestionId, presented]) => [
        suggestionId,
        { suggestion: presented.suggestion, view: suggestionView(presented, presentation, locale) },
      ]),
    );
  }
}

function afterFrom(cursor: unknown): AlertQuery['after'] | undefined {
  if (cursor === undefined) return undefined;
  if (typeof cursor === 'object' && cursor !== null && 'raisedAt' in cursor && 'alertId' in cursor) {
    const { raisedAt, alertId } = cursor;
    const at = new Date(String(raisedAt));
    if (!Number.isNaN(at.getTime()) && isId(alertId)) return { raisedAt: at, alertId: alertId as AlertId };
  }
  throw invalidFields([
    { pointer: '/cursor', detail: 'is not a cursor of this list: pass on nextCursor as it was given' },
  ]);
}
