import type { NestExpressApplication } from '@nestjs/platform-express';
import { type Role, type TokenReply } from '@qingnang/contracts';
import { parseSettings, type Settings } from '@qingnang/config';
import { tallyDifferences } from '@qingnang/database';
import { hashPassword } from '@qingnang/identity';
import { uuidv7 } from '@qingnang/kernel';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import request from 'supertest';
import { DataSource } from 'typeorm';
import { createApp } from '../../apps/api/src/create-app.js';
import { createTestDatabase } from './postgres.js';

export const PASSWORD = 'correct horse battery';

export interface TestPerson {
  id: string;
  login: string;
  token: string;
}

export interface TestProject {
  id: string;
  slug: string;
  /** `/api/v1/projects/<id>` */
  path: string;
}

/** A signed-in caller; paths that begin with `/projects/` or `/auth/` … are taken below `/api/v1`. */
export type Caller = ReturnType<typeof caller>;

export interface TestApi {
  app: NestExpressApplication;
  dataSource: DataSource;
  settings: Settings;
  /** Of the test database. */
  url: string;
  project: TestProject;
  otherProject: TestProject;
  /** One person per role in `project`, `installation` (admin of the installation, admin of both projects) and `stranger` (data_lead and admin of `otherProject` only). */
  people: Record<Role | 'installation' | 'stranger', TestPerson>;
  /** Requests as that person, e.g. `api.as('annotator').get('/work')`: paths are below the project unless they begin with `/api/`. */
  as(who: Role | 'installation' | 'stranger' | TestPerson): Caller;
  /** Requests as nobody. */
  nobody(): Caller;
  addPerson(options?: {
    roles?: Role[];
    projectId?: string;
    login?: string;
    installationAdmin?: boolean;
    departments?: string[];
  }): Promise<TestPerson>;
  addProject(slug?: string): Promise<TestProject>;
  signIn(login: string, password?: string): Promise<string>;
  /** Another process of the same installation, listening; it closes with this one. */
  another(): Promise<NestExpressApplication>;
  close(): Promise<void>;
}

function caller(app: NestExpressApplication, project: TestProject, token: string | null) {
  const server = app.getHttpServer();
  const full = (path: string): string => (path.startsWith('/api/') ? path : `${project.path}${path}`);
  const signed = (test: request.Test): request.Test =>
    token === null ? test : test.set('Authorization', `Bearer ${token}`);
  return {
    get: (path: string) => signed(request(server).get(full(path))),
    post: (path: string, body?: string | object) => signed(request(server).post(full(path)).send(body)),
    put: (path: string, body?: string | object) => signed(request(server).put(full(path)).send(body)),
    patch: (path: string, body?: string | object) => signed(request(server).patch(full(path)).send(body)),
    delete: (path: string) => signed(request(server).delete(full(path))),
  };
}

let passwordHash: Promise<string> | undefined;

/** The real application on a database of its own, with people of every role. Strict: an act without audit entry fails. */
export async function startApi(
  options: {
    settings?: Record<string, string>;
    /** Another way to the same database. */
    through?: (url: string) => Promise<string>;
  } = {},
): Promise<TestApi> {
  const database = await createTestDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), 'qingnang-api-'));
  const url = (await options.through?.(database.url)) ?? database.url;
  const settings = parseSettings({ DATABASE_URL: url, QINGNANG_DATA_DIR: dataDir, ...options.settings });
  const keys = { signingKey: new Uint8Array(randomBytes(32)), encryptionKey: new Uint8Array(randomBytes(32)) };
  const start = async (): Promise<NestExpressApplication> => {
    const made = await createApp({ settings, keys, strict: true, logger: pino({ level: 'error' }) });
    return (await made.init()) as NestExpressApplication;
  };
  const app = await start();
  const others: NestExpressApplication[] = [];
  const dataSource = app.get(DataSource);
  passwordHash ??= hashPassword(PASSWORD);
  const stored = await passwordHash;

  async function signIn(login: string, password = PASSWORD): Promise<string> {
    const response = await request(app.getHttpServer()).post('/api/v1/auth/sign-in').send({ login, password });
    if (response.status !== 200) throw new Error(`sign-in of ${login}: ${response.status} ${response.text}`);
    return (response.body as TokenReply).accessToken;
  }

  async function addProject(slug = `project-${randomBytes(3).toString('hex')}`): Promise<TestProject> {
    const id = uuidv7();
    await dataSource.query(`insert into project (id, slug, name, split_salt) values ($1, $2, $2, 'salt')`, [id, slug]);
    return { id, slug, path: `/api/v1/projects/${id}` };
  }

  async function addPerson(wish: Parameters<TestApi['addPerson']>[0] = {}): Promise<TestPerson> {
    const id = uuidv7();
    const login = wish.login ?? `person-${randomBytes(4).toString('hex')}`;
    await dataSource.query(
      `insert into person (id, login, display_name, password_hash, installation_admin) values ($1, $2, $2, $3, $4)`,
      [id, login, stored, wish.installationAdmin ?? false],
    );
    if (wish.roles) await join_(wish.projectId ?? project.id, id, wish.roles, wish.departments ?? []);
    return { id, login, token: await signIn(login) };
  }

  async function join_(projectId: string, personId: string, roles: Role[], departments: string[] = []): Promise<void> {
    await dataSource.query(
      `insert into membership (project_id, person_id, roles, departments) values ($1, $2, $3, $4)`,
      [projectId, personId, roles, departments],
    );
  }

  const project = await addProject('first');
  const otherProject = await addProject('second');
  const people = {} as TestApi['people'];
  for (const role of ['admin', 'data_lead', 'reviewer', 'annotator', 'doctor', 'lay', 'service'] as const) {
    people[role] = await addPerson({ login: role, roles: [role] });
  }
  people.installation = await addPerson({ login: 'installation', installationAdmin: true, roles: ['admin'] });
  await join_(otherProject.id, people.installation.id, ['admin']);
  people.stranger = await addPerson({ login: 'stranger', projectId: otherProject.id, roles: ['admin', 'data_lead'] });

  return {
    app,
    dataSource,
    settings,
    url: database.url,
    project,
    otherProject,
    people,
    as: (who) => caller(app, project, typeof who === 'string' ? people[who].token : who.token),
    nobody: () => caller(app, project, null),
    addPerson,
    addProject,
    signIn,
    another: async () => {
      const other = await start();
      others.push(other);
      await other.listen(0, '127.0.0.1');
      return other;
    },
    close: async () => {
      const wrong = await tallyDifferences(dataSource.manager).finally(async () => {
        for (const each of [...others, app]) await each.close();
      });
      await database.drop();
      await rm(dataDir, { recursive: true, force: true });
      // Whatever a test did through the API, the kept counts went along with it.
      if (wrong.length > 0) throw new Error(`kept counts differ: ${JSON.stringify(wrong.slice(0, 5))}`);
    },
  };
}
