import { Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { type Caller, holds, Keys } from '../../access/index.js';
import { ITEM_MAX_BYTES, type SegmentCall, unwrapBatch, writeKeysOf } from '../../events/index.js';
import type { Json } from '../../shared/index.js';
import { ReceiveEvents } from '../../workflows/index.js';
import { IngestGate } from '../events/ingest-gate.js';
import { countReceived } from '../events/ingest-metrics.js';
import { OwnRateLimit } from '../events/own-rate-limit.js';
import { unauthenticated } from '../http/key.guard.js';
import { asksForPrivacy } from '../http/privacy-signal.js';
import { Open } from '../http/scopes.js';
import { SegmentBody } from './hooks.js';

interface Success {
  success: true;
}

/** Segment's and RudderStack's HTTP API, at the root, so that their SDKs work with the host changed. */
@ApiExcludeController()
@OwnRateLimit()
@Open()
@Controller()
export class SegmentController {
  constructor(
    private readonly keys: Keys,
    private readonly receiveEvents: ReceiveEvents,
    private readonly gate: IngestGate,
  ) {}

  @Post(['v1/batch', 'v1/b', 'v1/import', 'beacon/v1/batch'])
  @HttpCode(200)
  batch(@Req() request: FastifyRequest): Promise<Success> {
    return this.take('batch', request);
  }

  @Post(['v1/track', 'v1/t'])
  @HttpCode(200)
  track(@Req() request: FastifyRequest): Promise<Success> {
    return this.take('track', request);
  }

  @Post(['v1/identify', 'v1/i'])
  @HttpCode(200)
  identify(@Req() request: FastifyRequest): Promise<Success> {
    return this.take('identify', request);
  }

  @Post(['v1/page', 'v1/p'])
  @HttpCode(200)
  page(@Req() request: FastifyRequest): Promise<Success> {
    return this.take('page', request);
  }

  @Post(['v1/screen', 'v1/s'])
  @HttpCode(200)
  screen(@Req() request: FastifyRequest): Promise<Success> {
    return this.take('screen', request);
  }

  @Post(['v1/group', 'v1/g'])
  @HttpCode(200)
  group(@Req() request: FastifyRequest): Promise<Success> {
    return this.take('group', request);
  }

  @Post(['v1/alias', 'v1/a'])
  @HttpCode(200)
  alias(@Req() request: FastifyRequest): Promise<Success> {
    return this.take('alias', request);
  }

  private async take(type: SegmentCall | 'batch', request: FastifyRequest): Promise<Success> {
    const { json, bytes } = request.body instanceof SegmentBody ? request.body : new SegmentBody(null, 0);
    const caller = await this.authenticate(request, json);
    await this.gate.pass(caller.keyId);
    const sender = {
      source: caller.source,
      recordedBy: caller.keyId,
      publicKey: !holds(caller, ['ingest']),
      privacySignal: asksForPrivacy(request),
    };
    const items = unwrapBatch(json, type);
    countReceived(
      'segment',
      await this.receiveEvents.receive(items, 'segment', sender, bytes > ITEM_MAX_BYTES),
    );
    return { success: true };
  }

  private async authenticate(request: FastifyRequest, body: Json): Promise<Caller> {
    for (const key of writeKeysOf(request.headers.authorization, body, request.query as Json)) {
      const caller = await this.keys.authenticate(key);
      if (caller && holds(caller, ['ingest', 'ingest:public'])) return caller;
    }
    throw unauthenticated(
      'The write key is missing, unknown or not one for ingestion. Make one with: npm run nba -- keys create --scopes ingest',
    );
  }
}
