import type { LoggerService } from '@nestjs/common';
import { type Logger, pino } from 'pino';

/** `@Inject(LOGGER) logger: Logger` of pino. */
export const LOGGER = Symbol('logger');
/** True under test: faults that are only logged in service fail there. */
export const STRICT = Symbol('strict');

/** One JSON line an event. Secrets are cut out by name; nobody logs bodies or queries, since they may hold patients' words. */
export function createLogger(level: string): Logger {
  return pino({
    level,
    base: { app: 'api' },
    redact: {
      paths: [
        'req.headers.authorization',
        'req.headers.cookie',
        'res.headers["set-cookie"]',
        '*.password',
        '*.token',
        '*.key',
        '*.text',
        '*.turns',
      ],
      censor: '[redacted]',
    },
  });
}

/** Lets Nest itself write through pino. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, context?: unknown): void {
    this.logger.debug({ context }, String(message));
  }

  error(message: unknown, stack?: unknown): void {
    this.logger.error({ stack: typeof stack === 'string' ? stack : undefined }, String(message));
  }

  warn(message: unknown, context?: unknown): void {
    this.logger.warn({ context }, String(message));
  }

  debug(message: unknown, context?: unknown): void {
    this.logger.trace({ context }, String(message));
  }

  verbose(message: unknown, context?: unknown): void {
    this.logger.trace({ context }, String(message));
  }
}
