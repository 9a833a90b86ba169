import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { TestCluster } from './test-cluster.js';

declare module 'vitest' {
  interface ProvidedContext {
    testDatabases: string;
  }
}

/**
 * One database server for the whole run. Test files ask this process for databases over a loopback port, so that
 * copies of the template are made one after the other; the server starts with the first question, since unit tests
 * need none.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'qingnang-test-'));
  const cluster = new TestCluster(folder);
  const server = createServer((request, response) => {
    const name = request.url!.slice(1);
    const work = request.method === 'DELETE' ? cluster.drop(name) : cluster.create(name === 'empty');
    work.then(
      (database) => response.end(JSON.stringify(database ?? {})),
      (error: unknown) => response.writeHead(500).end(String((error as Error).stack)),
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  project.provide('testDatabases', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return () => teardown(server, cluster, folder);
}

async function teardown(server: Server, cluster: TestCluster, folder: string): Promise<void> {
  server.closeAllConnections();
  server.close();
  await cluster.stop();
  await rm(folder, { recursive: true, force: true });
}
