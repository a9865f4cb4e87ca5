import { Body, Controller, Get, HttpCode, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { type Caller, holds } from '../../access/index.js';
import {
  type IngestAnswer,
  isObject,
  ITEM_MAX_BYTES,
  Quarantine,
  type QuarantineId,
  type SetAside,
} from '../../events/index.js';
import type { Json } from '../../shared/index.js';
import { ReceiveEvents, type ReplayAnswer } from '../../workflows/index.js';
import { type Page, pageOf, readCursor } from '../http/page.js';
import { PageQuery } from '../http/page-query.js';
import { invalidFields } from '../http/problem.js';
import { CurrentCaller, RequireScopes } from '../http/scopes.js';
import { EventsBody, IngestAnswerBody, ReplayAnswerBody, ReplayBody } from './events.dto.js';
import { asksForPrivacy } from '../http/privacy-signal.js';
import { IngestGate } from './ingest-gate.js';
import { countReceived } from './ingest-metrics.js';
import { OwnRateLimit } from './own-rate-limit.js';

/** Events of one call; importers send thousands at once. */
const EVENTS_MAX = 10_000;

@ApiTags('events')
@Controller('api/v1/events')
export class EventsController {
  constructor(
    private readonly receiveEvents: ReceiveEvents,
    private readonly quarantine: Quarantine,
    private readonly gate: IngestGate,
  ) {}

  @Post()
  @HttpCode(200)
  @OwnRateLimit()
  @RequireScopes('ingest', 'ingest:public')
  @ApiOperation({
    summary: 'Tell what happened',
    description:
      'Answers once the events are durable. An event that came before (same source and messageId) counts as a ' +
      'duplicate; one that cannot be read is set aside, with where and why, and holds up no other.',
  })
  @ApiBody({ type: EventsBody })
  @ApiOkResponse({ type: IngestAnswerBody })
  async take(
    @Body() body: unknown,
    @CurrentCaller() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<IngestAnswer> {
    await this.gate.pass(caller.keyId);
    const events = isObject(body) ? body['events'] : undefined;
    if (!Array.isArray(events)) {
      throw invalidFields([
        { pointer: '/events', detail: 'must be a list of events: {"events": [{"messageId": …}]}' },
      ]);
    }
    if (events.length > EVENTS_MAX) {
      throw invalidFields([
        { pointer: '/events', detail: `must have at most ${EVENTS_MAX} events: send several calls` },
      ]);
    }
    const length = Number(request.headers['content-length'] ?? Infinity);
    const sender = {
      source: caller.source,
      recordedBy: caller.keyId,
      publicKey: !holds(caller, ['ingest']),
      privacySignal: asksForPrivacy(request),
    };
    const answer = await this.receiveEvents.receive(
      events as Json[],
      'native',
      sender,
      length > ITEM_MAX_BYTES,
    );
    countReceived('native', answer);
    return answer;
  }

  @Get('quarantine')
  @RequireScopes('ingest', 'audit')
  @ApiOperation({ summary: 'Items that were set aside, oldest first' })
  async listQuarantine(@Query() { limit, cursor }: PageQuery): Promise<Page<Omit<SetAside, 'recordedBy'>>> {
    const after = readCursor(cursor) as { receivedAt: string; quarantineId: QuarantineId } | undefined;
    const rows = await this.quarantine.page({
      limit: limit + 1,
      ...(after
        ? { after: { receivedAt: new Date(after.receivedAt), quarantineId: after.quarantineId } }
        : {}),
    });
    return pageOf(
      rows,
      limit,
      ({ receivedAt, quarantineId }) => ({ receivedAt, quarantineId }),
      withoutRecorder,
    );
  }

  @Post('quarantine/replays')
  @HttpCode(200)
  @RequireScopes('ingest')
  @ApiOperation({
    summary: 'Try items of the quarantine again',
    description:
      'After the cause was mended. What is taken in leaves the quarantine; it folds and raises no alert.',
  })
  @ApiOkResponse({ type: ReplayAnswerBody })
  async replay(@Body() { ids, all }: ReplayBody): Promise<ReplayAnswer> {
    if (all !== true && ids === undefined) {
      throw invalidFields([{ pointer: '/ids', detail: 'name the items as ids, or say all: true' }]);
    }
    return this.receiveEvents.replay(all === true ? 'all' : (ids as QuarantineId[]));
  }
}

/** Which key brought it is not for everybody. */
function withoutRecorder(item: SetAside): Omit<SetAside, 'recordedBy'> {
  const { recordedBy: _, ...shown } = item;
  return shown;
}
