import { repositoryRoot } from '@qingnang/config';
import express, { type RequestHandler, Router } from 'express';
import expressStaticGzip from 'express-static-gzip';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The built console. Scripts and styles go out as the build compressed them. Files with a hash in their name may be kept for good; the page itself is asked for each time, and
 * answers every address that is not the API's.
 */
export function consoleFiles(folder = join(repositoryRoot(), 'apps/console/dist')): RequestHandler {
  const router = Router();
  const page = join(folder, 'index.html');
  router.use(
    '/assets',
    expressStaticGzip(join(folder, 'assets'), {
      enableBrotli: true,
      orderPreference: ['br'],
      serveStatic: { immutable: true, maxAge: '365d', fallthrough: true },
    }),
  );
  router.use(
    express.static(folder, {
      index: false,
      cacheControl: false,
      setHeaders: (response) => response.setHeader('Cache-Control', 'no-cache'),
    }),
  );
  router.get(/^\/(?!api(\/|$)|assets\/).*/, (request, response, next) => {
    if (!request.accepts('html') || !existsSync(page)) return next();
    response.setHeader('Cache-Control', 'no-cache');
    response.sendFile(page);
  });
  return router;
}
