import { type DynamicModule, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { AccessModule } from '../../access/index.js';
import { CatalogueModule } from '../../catalogue/index.js';
import { CONFIG, type Config } from '../../config.js';
import { AccountAccess } from './account-access.js';
import { Callers } from './callers.js';
import { IdempotencyGuard } from './idempotency.guard.js';
import { KeyGuard } from './key.guard.js';
import { ProblemFilter } from './problem.filter.js';
import { RATE_LIMITER, RateLimitGuard } from './rate-limit.guard.js';
import { type ClosableLimiter, createRateLimiter } from './rate-limiter.redis.js';
import { createValidationPipe } from './validation.js';

const CLOSABLE_LIMITER = Symbol('ClosableLimiter');

/** What every route goes through: key, rate limit, validation, problem details. */
@Module({})
export class HttpModule implements OnApplicationShutdown {
  constructor(@Inject(CLOSABLE_LIMITER) private readonly limiter: ClosableLimiter) {}

  static forRoot(): DynamicModule {
    return {
      module: HttpModule,
      global: true,
      imports: [AccessModule, CatalogueModule],
      providers: [
        {
          provide: CLOSABLE_LIMITER,
          inject: [CONFIG],
          useFactory: (config: Config) => createRateLimiter(config.redisUrl, config.rateLimitPerMinute),
        },
        {
          provide: RATE_LIMITER,
          inject: [CLOSABLE_LIMITER],
          useFactory: ({ limiter }: ClosableLimiter) => limiter,
        },
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_GUARD, useClass: KeyGuard },
        { provide: APP_GUARD, useClass: RateLimitGuard },
        { provide: APP_GUARD, useClass: IdempotencyGuard },
        { provide: APP_PIPE, useFactory: createValidationPipe },
        AccountAccess,
        Callers,
      ],
      exports: [AccountAccess, Callers],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.limiter.close();
  }
}
