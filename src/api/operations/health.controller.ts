import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  HealthCheck,
  type HealthCheckResult,
  HealthCheckService,
  HealthIndicatorService,
} from '@nestjs/terminus';
import { Champion } from '../../recommender/index.js';
import { Open } from '../http/scopes.js';
import { DatabaseHealth } from './database-health.js';

@ApiTags('operations')
@Controller('health')
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly indicator: HealthIndicatorService,
    private readonly database: DatabaseHealth,
    private readonly champion: Champion,
  ) {}

  @Get('live')
  @Open()
  @ApiOperation({ summary: 'The process answers.' })
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('ready')
  @Open()
  @HealthCheck()
  @ApiOperation({ summary: 'Database reachable, schema up to date, model loaded.' })
  ready(): Promise<HealthCheckResult> {
    return this.health.check([
      async () => {
        await this.database.answers();
        return this.indicator.check('database').up();
      },
      async () => {
        const upToDate = await this.database.isUpToDate();
        const check = this.indicator.check('migrations');
        return upToDate ? check.up() : check.down({ message: 'migrations are pending: restart the service' });
      },
      async () => {
        const model = await this.champion.current();
        return this.indicator.check('model').up({ name: model.name, version: model.version });
      },
    ]);
  }
}
