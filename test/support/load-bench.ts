import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { loadavg } from 'node:os';
import { loadKeys, parseSettings } from '@qingnang/config';
import type { Role } from '@qingnang/contracts';
import { corpusEntities } from '@qingnang/corpus';
import { createDataSource, runningEmbeddedUrl } from '@qingnang/database';
import { AccessTokens } from '@qingnang/identity';
import { uuidv7 } from '@qingnang/kernel';
import type { DataSource } from 'typeorm';
import { makeProject, makeSource } from './corpus.js';
import { Installation } from './installation.js';
import { makeMany } from './many-records.js';

/** A built installation without demo, its database, and people who are signed in: what a load measurement needs. */
export interface LoadBench {
  dataSource: DataSource;
  projectId: string;
  /** A caller with a line of its own. */
  person(...roles: Role[]): Promise<Caller>;
  /** Processor seconds used so far: of the API, and of PostgreSQL with all its processes. */
  cpu(): { api: number; postgres: number };
  log(name: string): string;
  close(): Promise<void>;
}

export interface Reply<T> {
  status: number;
  body: T;
  /** From the first byte sent to the last received. */
  ms: number;
}

export interface Caller {
  personId: string;
  send<T>(method: string, path: string, body?: object, key?: string): Promise<Reply<T>>;
}

export async function startLoadBench(settings: Record<string, string> = {}): Promise<LoadBench> {
  const installation = new Installation({
    QINGNANG_DEMO: 'false',
    QINGNANG_ACCESS_TOKEN_MINUTES: '60',
    QINGNANG_LOG_LEVEL: 'warn',
    ...settings,
  });
  await installation.up();
  const url = (await runningEmbeddedUrl(installation.dataDir))!;
  const dataSource = await createDataSource({ url, entities: corpusEntities, poolSize: 24 }).initialize();
  const projectId = await makeProject(dataSource, 'bench');
  const tokens = new AccessTokens(
    loadKeys(installation.dataDir),
    parseSettings({ QINGNANG_ACCESS_TOKEN_MINUTES: '60' }),
  );
  const pids = { api: pidNamed(installation.pid, 'api'), postgres: await postmasterOf(dataSource) };
  return {
    dataSource,
    projectId,
    person: async (...roles) => {
      const personId = await addPerson(dataSource, projectId, roles);
      const familyId = uuidv7();
      await dataSource.query(
        `insert into session (id, person_id, family_id, refresh_hash, expires_at)
         values ($1, $2, $3, $4, now() + interval '1 day')`,
        [uuidv7(), personId, familyId, createHash('sha256').update(familyId).digest('hex')],
      );
      const token = await tokens.issue(personId, familyId);
      return { personId, send: sender(`${installation.address}/api/v1/projects/${projectId}`, token) };
    },
    cpu: () => ({ api: cpuSeconds(pids.api), postgres: cpuSeconds(pids.postgres) }),
    log: (name) => installation.log(name),
    close: async () => {
      await dataSource.destroy();
      await installation.remove();
    },
  };
}

async function addPerson(dataSource: DataSource, projectId: string, roles: readonly Role[]): Promise<string> {
  const id = uuidv7();
  await dataSource.query('insert into person (id, login, display_name) values ($1, $2, $2)', [id, `p-${id}`]);
  await dataSource.query('insert into membership (project_id, person_id, roles) values ($1, $2, $3)', [
    projectId,
    id,
    roles,
  ]);
  return id;
}

/** JSON over one connection that stays open. */
function sender(base: string, token: string): Caller['send'] {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return <T>(method: string, path: string, body?: object, key?: string) =>
    new Promise<Reply<T>>((resolve, reject) => {
      const text = body === undefined ? undefined : JSON.stringify(body);
      const started = performance.now();
      const asked = request(
        `${base}${path}`,
        {
          method,
          agent,
          headers: {
            authorization: `Bearer ${token}`,
            ...(text === undefined ? {} : { 'content-type': 'application/json' }),
            ...(key === undefined ? {} : { 'idempotency-key': key }),
          },
        },
        (response) => {
          let answer = '';
          response.setEncoding('utf8').on('data', (part: string) => (answer += part));
          response.on('end', () => {
            const parsed = answer === '' ? undefined : (JSON.parse(answer) as unknown);
            resolve({ status: response.statusCode!, body: parsed as T, ms: performance.now() - started });
          });
        },
      );
      asked.on('error', reject).end(text);
    });
}

/** So many more single-turn consultations that nobody has worked on yet. */
export async function importRows(bench: LoadBench, count: number): Promise<void> {
  const [there] = await bench.dataSource.query<{ n: number }[]>('select count(*)::int as n from record');
  await makeMany(bench.dataSource, await makeSource(bench.dataSource, bench.projectId), {
    from: there!.n,
    to: there!.n + count,
    approved: false,
  });
}

/** A polish of every record, as one statement writes it: only the doctor's words differ. */
export async function polishAll(bench: LoadBench): Promise<void> {
  await bench.dataSource.query(
    `insert into version (id, project_id, record_id, parent_id, kind, turns, made_by_kind, made_by_id)
     select gen_random_uuid(), v.project_id, v.record_id, v.id, 'polish',
       jsonb_set(v.turns, '{1,text}', to_jsonb('您好，' || (v.turns #>> '{1,text}') || '祝您早日康复。')),
       'llm', 'bench'
     from version v where v.project_id = $1 and v.kind = 'import'
       and not exists (select from version p where p.record_id = v.record_id and p.kind = 'polish')`,
    [bench.projectId],
  );
}

export const load = (): number => Math.round(loadavg()[0]! * 10) / 10;

/** The n-th percent of numbers, e.g. `percentile(times, 95)`. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? Number.NaN;
  return Math.round(value * 10) / 10;
}

export async function postmasterOf(dataSource: DataSource): Promise<number> {
  const [row] = await dataSource.query<{ pid: number }[]>('select pg_backend_pid() as pid');
  return Number(statOf(row!.pid)![1]);
}

/** The child of the supervisor that runs this app. */
function pidNamed(supervisor: number, app: string): number {
  const found = childrenOf(supervisor).find((pid) =>
    readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`apps/${app}/`),
  );
  if (found === undefined) throw new Error(`the supervisor has no child for ${app}`);
  return found;
}

function childrenOf(parent: number): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => Number(statOf(pid)?.[1]) === parent);
}

/** Fields of /proc/PID/stat from the state on: parent at 1, times at 11 to 14. */
function statOf(pid: number): string[] | null {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
  } catch {
    return null;
  }
}

const TICKS = 100;

/** User and system seconds of a process and its children, ended ones included. */
export function cpuSeconds(pid: number): number {
  const own = (statOf(pid) ?? []).slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0);
  return own / TICKS + childrenOf(pid).reduce((sum, child) => sum + cpuSeconds(child), 0);
}
