import { NestFactory, DiscoveryService, MetadataScanner } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { type Keys, loadKeys, loadSettings, type Settings } from '@qingnang/config';
import compression from 'compression';
import type { Request, Response } from 'express';
import helmet from 'helmet';
import type { Logger } from 'pino';
import { pinoHttp } from 'pino-http';
import { AppModule } from './app.module.js';
import { consoleFiles } from './console-files.js';
import { actMiddleware, requestIdOf } from './http/acts/act.middleware.js';
import { checkJson } from './http/check-json.js';
import { checkRoutes } from './http/check-routes.js';
import { createLogger, NestLogger } from './http/logger.js';
import { serveDocument } from './openapi.js';

export interface CreateAppOptions {
  settings?: Settings;
  keys?: Keys;
  logger?: Logger;
  strict?: boolean;
}

/** JSON bodies; files are streamed past this. */
const BODY_LIMIT = '2mb';
export const API_PREFIX = 'api/v1';

/** The whole API, ready to listen. Refuses to be made while a route lacks a rule of access. */
export async function createApp(options: CreateAppOptions = {}): Promise<NestExpressApplication> {
  const settings = options.settings ?? loadSettings();
  const keys = options.keys ?? loadKeys(settings.dataDir);
  const logger = options.logger ?? createLogger(settings.logLevel);
  const module = AppModule.forRoot({ settings, keys, logger, strict: options.strict ?? false });
  const app = await NestFactory.create<NestExpressApplication>(module, {
    bodyParser: false,
    logger: new NestLogger(logger),
    abortOnError: false,
  });
  app.set('trust proxy', settings.trustedProxies);
  // ETags are revisions here; a hash of the body would be mistaken for one.
  app.disable('etag');
  app.use(requestLog(logger), actMiddleware, securityHeaders(settings));
  app.use(consoleFiles(), compressed());
  const json = { limit: BODY_LIMIT, verify: checkJson };
  app.useBodyParser('json', json);
  app.setGlobalPrefix(API_PREFIX);
  checkRoutes(app.get(DiscoveryService, { strict: false }), app.get(MetadataScanner, { strict: false }));
  serveDocument(app);
  return app;
}

/**
 * Answers worth the work go out compressed. Not events, which must not wait for more of their kind; nor `/auth`, since a
 * compressed length can tell of a secret beside what somebody else chose.
 */
function compressed() {
  return compression({
    threshold: '4kb',
    filter: (request: Request, response: Response) =>
      !String(response.getHeader('content-type')).startsWith('text/event-stream') &&
      !request.originalUrl.startsWith(`/${API_PREFIX}/auth/`) &&
      compression.filter(request, response),
  });
}

/** Method, path and outcome. No query and no body: both may hold a patient's words. */
function requestLog(logger: Logger) {
  return pinoHttp({
    logger,
    genReqId: requestIdOf,
    autoLogging: {
      ignore: (request) => !request.url?.startsWith('/api/') || request.url.startsWith('/api/v1/health/'),
    },
    serializers: {
      req: (request: { id: string; method: string; url: string }) => ({
        id: request.id,
        method: request.method,
        path: request.url.split('?', 1)[0],
      }),
      res: (response: { statusCode: number }) => ({ statusCode: response.statusCode }),
      err: (error: { type?: string; code?: string }) => ({ type: error.type, code: error.code }),
    },
  });
}

/** No script but our own files. An intranet without TLS must still work, so nothing is upgraded unless cookies are secure. */
function securityHeaders(settings: Settings) {
  const secure = settings.secureCookies;
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        fontSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: secure,
    crossOriginOpenerPolicy: secure,
    originAgentCluster: secure,
  });
}
