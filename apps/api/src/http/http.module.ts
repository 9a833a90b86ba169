import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE, DiscoveryModule } from '@nestjs/core';
import { IdentityModule } from '@qingnang/identity';
import type { Logger } from 'pino';
import { AccessGuard } from './access.guard.js';
import { ActInterceptor } from './acts/act.interceptor.js';
import { IdempotencyKeys } from './acts/idempotency-keys.js';
import { LOGGER, STRICT } from './logger.js';
import { ProblemFilter } from './problems/problem.filter.js';
import { SerializerInterceptor } from './serializer.interceptor.js';
import { ValidationPipe } from './validation.pipe.js';

/** What every route goes through, in this order: guard, idempotency and audit, serialiser, validation. */
@Module({})
export class HttpModule {
  static forRoot(options: { logger: Logger; strict: boolean }): DynamicModule {
    return {
      module: HttpModule,
      global: true,
      imports: [DiscoveryModule, IdentityModule],
      providers: [
        { provide: LOGGER, useValue: options.logger },
        { provide: STRICT, useValue: options.strict },
        IdempotencyKeys,
        { provide: APP_GUARD, useClass: AccessGuard },
        { provide: APP_INTERCEPTOR, useClass: ActInterceptor },
        { provide: APP_INTERCEPTOR, useClass: SerializerInterceptor },
        { provide: APP_PIPE, useClass: ValidationPipe },
        { provide: APP_FILTER, useFactory: (logger: Logger) => new ProblemFilter(logger), inject: [LOGGER] },
      ],
      exports: [LOGGER, STRICT],
    };
  }
}
