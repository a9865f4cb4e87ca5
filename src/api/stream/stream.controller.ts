import { Controller, Get, Headers, Logger, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../../access/index.js';
import { LiveStream, streamEvents } from '../../delivery/index.js';
import { AccountAccess } from '../http/account-access.js';
import { Callers } from '../http/callers.js';
import { TextField } from '../http/fields.js';
import { CurrentCaller, RequireScopes } from '../http/scopes.js';
import { sendFrames } from './send-frames.js';

const LONGEST_EVENT_ID = 40;

class StreamQuery {
  @TextField({
    optional: true,
    max: LONGEST_EVENT_ID,
    description: 'As the header Last-Event-ID, for clients that cannot set it.',
  })
  lastEventId?: string;
}

@ApiTags('alerts')
@Controller('api/v1/alerts/stream')
export class StreamController {
  private readonly log = new Logger('stream');

  constructor(
    private readonly live: LiveStream,
    private readonly access: AccountAccess,
    private readonly callers: Callers,
  ) {}

  @Get()
  @RequireScopes('read')
  @ApiOperation({
    summary: 'What happens, as it happens, as server-sent events.',
    description: `Events: ${streamEvents.join(', ')}. The id of each is its place in the stream: send it as Last-Event-ID to go on from there, for up to seven days; resync tells to ask for the state again.`,
  })
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ schema: { type: 'string' } })
  @ApiHeader({ name: 'Last-Event-ID', required: false, schema: { type: 'string' } })
  async stream(
    @CurrentCaller() caller: Caller,
    @Query() query: StreamQuery,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    let member = this.access.limitedTo(caller);
    const ended = new AbortController();
    const frames = await this.live.open({
      member: () => member,
      after: placeOf(lastEventId ?? query.lastEventId),
      signal: ended.signal,
    });
    await sendFrames(frames, reply, {
      ended,
      closed: this.live.closed,
      failed: (cause) => this.log.warn(cause),
      isStillWelcome: async () => {
        const now = await this.callers.of(request);
        if (now) member = this.access.limitedTo(now);
        return now !== null;
      },
    });
  }
}

/** NaN when it is not an id of ours: the reader is told to ask for the state again. */
function placeOf(lastEventId: string | undefined): number | null {
  if (lastEventId === undefined || lastEventId === '') return null;
  return /^\d{1,15}$/.test(lastEventId) ? Number(lastEventId) : Number.NaN;
}
