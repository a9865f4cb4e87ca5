import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { ThrottlerModule } from '@nestjs/throttler';
import { AccessModule } from '../../access/index.js';
import { CatalogueModule } from '../../catalogue/index.js';
import { CONFIG, type Config } from '../../config.js';
import { MINUTE } from '../../shared/index.js';
import { AccountAccess } from './account-access.js';
import { KeyGuard } from './key.guard.js';
import { ProblemFilter } from './problem.filter.js';
import { RateLimitGuard } from './rate-limit.guard.js';
import { createValidationPipe } from './validation.js';

/** What every route goes through: key, rate limit, validation, problem details. */
@Module({})
export class HttpModule {
  static forRoot(): DynamicModule {
    return {
      module: HttpModule,
      global: true,
      imports: [
        AccessModule,
        CatalogueModule,
        ThrottlerModule.forRootAsync({
          inject: [CONFIG],
          useFactory: (config: Config) => [
            { name: 'default', ttl: MINUTE, limit: config.rateLimitPerMinute },
          ],
        }),
      ],
      providers: [
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_GUARD, useClass: KeyGuard },
        { provide: APP_GUARD, useClass: RateLimitGuard },
        { provide: APP_PIPE, useFactory: createValidationPipe },
        AccountAccess,
      ],
      exports: [AccountAccess],
    };
  }
}
