import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  HealthCheck,
  type HealthCheckResult,
  HealthCheckService,
  HealthIndicatorService,
} from '@nestjs/terminus';
import { CONFIG, type Config } from '../../config.js';
import { availableBackend } from '../../learning/index.js';
import { Champion } from '../../recommender/index.js';
import { Open } from '../http/scopes.js';
import { DatabaseHealth } from './database-health.js';

@ApiTags('operations')
@Controller('health')
export class HealthController {
  private backend: Promise<string> | undefined;

  constructor(
    private readonly health: HealthCheckService,
    private readonly indicator: HealthIndicatorService,
    private readonly database: DatabaseHealth,
    private readonly champion: Champion,
    @Inject(CONFIG) private readonly config: Config,
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
  @ApiOperation({
    summary: 'Database reachable, schema up to date, model loaded; which TensorFlow.js backend trains.',
  })
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
      async () => {
        this.backend ??= availableBackend(this.config.tensorflow);
        return this.indicator.check('tensorflow').up({ backend: await this.backend });
      },
    ]);
  }
}
