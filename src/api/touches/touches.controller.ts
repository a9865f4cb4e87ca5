import { Body, Controller, Get, HttpCode, HttpStatus, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Caller } from '../../access/index.js';
import { type OwnTouch, type TouchId, TouchPlans } from '../../events/index.js';
import { Clock, MINUTE } from '../../shared/index.js';
import { ReportTouch } from '../../workflows/index.js';
import { AccountAccess } from '../http/account-access.js';
import { type Page, pageOf, readCursor } from '../http/page.js';
import { conflict, invalidFields } from '../http/problem.js';
import { CurrentCaller, RequireScopes } from '../http/scopes.js';
import { shownTouch, TouchesQuery, TouchReportBody } from './touch.dto.js';

type ShownTouch = ReturnType<typeof shownTouch>;

/** How far ahead of ours a reporter's clock may be. */
const SKEW_MILLISECONDS = 5 * MINUTE;

@ApiTags('touches')
@Controller('api/v1/touches')
export class TouchesController {
  constructor(
    private readonly plans: TouchPlans,
    private readonly reports: ReportTouch,
    private readonly access: AccountAccess,
    private readonly clock: Clock,
  ) {}

  @Get()
  @RequireScopes('read')
  @ApiOperation({ summary: 'Touches of ours to customers, the newest first.' })
  async list(@Query() query: TouchesQuery, @CurrentCaller() caller: Caller): Promise<Page<ShownTouch>> {
    const { accountId, state, limit, cursor } = query;
    if (accountId !== undefined) await this.access.ensureSees(caller, accountId);
    const after = afterFrom(readCursor(cursor));
    const seenBy = this.access.limitedTo(caller);
    const found = await this.plans.page({
      ...(accountId === undefined ? {} : { accountId }),
      ...(state === undefined ? {} : { state }),
      ...(seenBy === null ? {} : { seenBy }),
      ...(after ? { after } : {}),
      limit,
    });
    return pageOf(found, limit, ({ plan }) => [plan.plannedAt.toISOString(), plan.touchId], shownTouch);
  }

  @Get(':touchId')
  @RequireScopes('read')
  @ApiOperation({ summary: 'One touch of ours, with what became of it and why.' })
  async get(@Param('touchId') touchId: TouchId, @CurrentCaller() caller: Caller): Promise<ShownTouch> {
    return shownTouch(await this.seen(touchId, caller));
  }

  @Post(':touchId/reports')
  @HttpCode(HttpStatus.OK)
  @RequireScopes('feedback', 'ingest')
  @ApiOperation({
    summary: 'Say what became of a touch that you were asked to perform.',
    description: 'The same report twice changes nothing.',
  })
  async report(
    @Param('touchId') touchId: TouchId,
    @Body() body: TouchReportBody,
    @CurrentCaller() caller: Caller,
  ): Promise<ShownTouch> {
    const own = await this.seen(touchId, caller);
    if (body.at.getTime() > this.clock.now().getTime() + SKEW_MILLISECONDS)
      throw invalidFields([
        { pointer: '/at', detail: 'lies in the future: a touch is reported when it has happened' },
      ]);
    const result = await this.reports.run(own, body);
    if (!result.ok)
      throw conflict(
        `The touch is ${result.error.state}: it has not begun, so that nobody can have performed it.`,
      );
    return shownTouch(result.value);
  }

  private async seen(touchId: TouchId, caller: Caller): Promise<OwnTouch> {
    const own = await this.plans.find(touchId);
    return this.access.found(caller, { kind: 'touch', id: touchId }, own, ({ touch }) => touch.accountId);
  }
}

function afterFrom(cursor: unknown): { at: Date; touchId: TouchId } | undefined {
  if (cursor === undefined) return undefined;
  if (Array.isArray(cursor)) {
    const [at, touchId] = cursor as unknown[];
    if (typeof at === 'string' && typeof touchId === 'string' && !Number.isNaN(Date.parse(at)))
      return { at: new Date(at), touchId: touchId as TouchId };
  }
  throw invalidFields([
    { pointer: '/cursor', detail: 'is not a cursor of this list: pass on nextCursor as it was given' },
  ]);
}
