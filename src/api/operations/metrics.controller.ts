import { Controller, Get, Header } from '@nestjs/common';
import { ApiExcludeEndpoint } from '@nestjs/swagger';
import { register } from 'prom-client';
import { RequireScopes } from '../http/scopes.js';

@Controller('metrics')
export class MetricsController {
  /** Prometheus text format. */
  @Get()
  @RequireScopes('read', 'audit')
  @ApiExcludeEndpoint()
  @Header('content-type', register.contentType)
  metrics(): Promise<string> {
    return register.metrics();
  }
}
