import { z } from 'zod';

const whole = (least: number, most: number) => z.coerce.number().int().min(least).max(most);
const secondsOf = (least: number, most: number) => whole(least, most).describe('seconds');

interface Definition<S extends z.ZodType> {
  env: string;
  schema: S;
  /** As written in `.env.example`; undefined where there is none. */
  fallback: string | undefined;
  about: string;
  /** Set by the supervisor for its children; of no use to a person, so not in `.env.example`. */
  internal: boolean;
}

function setting<S extends z.ZodType>(env: string, schema: S, fallback: string, about: string): Definition<S> {
  return { env, schema, fallback, about, internal: false };
}

function optional<S extends z.ZodType>(env: string, schema: S, about: string): Definition<z.ZodOptional<S>> {
  return { env, schema: schema.optional(), fallback: undefined, about, internal: false };
}

function internal<S extends z.ZodType>(env: string, schema: S, about: string): Definition<z.ZodOptional<S>> {
  return { env, schema: schema.optional(), fallback: undefined, about, internal: true };
}

/** Every setting there is. Adding one here adds it to the check at start and asks for it in `.env.example`. */
export const definitions = {
  databaseUrl: optional(
    'DATABASE_URL',
    z.string().regex(/^postgres(ql)?:\/\/./, 'must begin with postgres://'),
    'PostgreSQL 15 or newer, as postgres://user:password@host:5432/database. Unset: a built-in server in the data folder.',
  ),
  dataDir: setting(
    'QINGNANG_DATA_DIR',
    z.string().min(1),
    '.qingnang',
    'Folder for the built-in database, uploads, snapshots, keys and logs; relative to the repository.',
  ),
  host: setting(
    'QINGNANG_HOST',
    z.string().min(1),
    '127.0.0.1',
    'Address to listen on; 0.0.0.0 opens it to the network.',
  ),
  port: setting('QINGNANG_PORT', whole(0, 65_535), '3000', 'Port of API and console; 0 takes a free one.'),
  publicUrl: optional(
    'QINGNANG_PUBLIC_URL',
    z.url(),
    'Address people use, for links in invitations, if not http://host:port.',
  ),
  apiKey: optional(
    'QINGNANG_API_KEY',
    z.string().min(1),
    'API key that the command line works with (qingnang import); made under "API keys" in the console.',
  ),
  trustedProxies: setting(
    'QINGNANG_TRUSTED_PROXIES',
    whole(0, 10),
    '0',
    'Reverse proxies in front of the API, so that sign-in limits see the address of the person.',
  ),
  secureCookies: setting(
    'QINGNANG_SECURE_COOKIES',
    z.stringbool(),
    'false',
    'Send the session cookie over HTTPS only; set it when a proxy terminates TLS.',
  ),
  logLevel: setting(
    'QINGNANG_LOG_LEVEL',
    z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace']),
    'info',
    'Least severe level that is logged.',
  ),
  accessTokenMinutes: setting('QINGNANG_ACCESS_TOKEN_MINUTES', whole(1, 60), '15', 'Life of an access token.'),
  refreshDays: setting(
    'QINGNANG_REFRESH_DAYS',
    whole(1, 365),
    '30',
    'Days without a visit after which one signs in again.',
  ),
  inviteDays: setting('QINGNANG_INVITE_DAYS', whole(1, 90), '7', 'Life of an invite link.'),
  resetHours: setting('QINGNANG_RESET_HOURS', whole(1, 168), '24', 'Life of a password reset link.'),
  signInAttempts: setting(
    'QINGNANG_SIGN_IN_ATTEMPTS',
    whole(3, 1_000),
    '10',
    'Failed sign-ins to one account from one address (or known browser) before each next one waits, longer each time.',
  ),
  uploadLimitBytes: setting(
    'QINGNANG_UPLOAD_LIMIT_BYTES',
    whole(1_024, Number.MAX_SAFE_INTEGER),
    '2147483648',
    'Largest file that may be uploaded.',
  ),
  runUploadLimitBytes: setting(
    'QINGNANG_RUN_UPLOAD_LIMIT_BYTES',
    whole(1_024, Number.MAX_SAFE_INTEGER),
    '107374182400',
    'Bytes of all files together that a run trained elsewhere may send; a model of 7 billion weights in 32 bits has 28 GB.',
  ),
  requestSeconds: setting(
    'QINGNANG_REQUEST_SECONDS',
    secondsOf(1, 3_600),
    '30',
    'Longest that the database may work on one question of a request; jobs have no such limit.',
  ),
  leastFreeMb: setting(
    'QINGNANG_LEAST_FREE_MB',
    whole(1, 1_000_000),
    '200',
    'Megabytes free for the data folder below which the disk counts as full: jobs wait until there are more.',
  ),
  demo: setting('QINGNANG_DEMO', z.stringbool(), 'true', 'Make the demo project at the first start.'),
  rehearsalSeed: setting('QINGNANG_REHEARSAL_SEED', whole(0, 4_294_967_295), '1', 'Seed of the rehearsal model.'),
  payloadRetentionDays: setting(
    'QINGNANG_PAYLOAD_RETENTION_DAYS',
    whole(1, 3_650),
    '180',
    'Days the texts of model calls are kept; tokens and cost stay for good.',
  ),
  llmConcurrency: setting('QINGNANG_LLM_CONCURRENCY', whole(1, 256), '8', 'Model calls in flight per worker.'),
  llmLeaseSeconds: setting(
    'QINGNANG_LLM_LEASE_SECONDS',
    secondsOf(5, 3_600),
    '60',
    'Silence after which a worker counts as dead and its model calls as in doubt.',
  ),
  slotLeaseSeconds: setting(
    'QINGNANG_SLOT_LEASE_SECONDS',
    secondsOf(10, 86_400),
    '300',
    'Silence after which a task goes back to the queue; the console renews while the person works.',
  ),
  workerConcurrency: setting('QINGNANG_WORKER_CONCURRENCY', whole(1, 32), '3', 'Jobs one worker runs at a time.'),
  rehearsalUrl: internal('QINGNANG_REHEARSAL_URL', z.url(), 'Address of the rehearsal server.'),
  rehearsalPort: internal('QINGNANG_REHEARSAL_PORT', whole(0, 65_535), 'Port the rehearsal server is to take.'),
} as const;

type Definitions = typeof definitions;

/** The settings of a process, frozen; `dataDir` is absolute. */
export type Settings = Readonly<{ [K in keyof Definitions]: z.output<Definitions[K]['schema']> }>;
