import { Controller, Get, Header } from '@nestjs/common';
import { ApiExcludeEndpoint } from '@nestjs/swagger';
import { Gauge, register } from 'prom-client';
import { WaitingMessages } from '../../delivery/index.js';
import { RequireScopes } from '../http/scopes.js';

const outboxWaiting = new Gauge({
  name: 'nba_outbox_waiting',
  help: 'Messages that were committed and not yet handed over.',
});

@Controller('metrics')
export class MetricsController {
  constructor(private readonly waiting: WaitingMessages) {}

  /** Prometheus text format. */
  @Get()
  @RequireScopes('read', 'audit')
  @ApiExcludeEndpoint()
  @Header('content-type', register.contentType)
  async metrics(): Promise<string> {
    outboxWaiting.set(await this.waiting.count());
    return register.metrics();
  }
}
