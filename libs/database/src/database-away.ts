/** Of PostgreSQL: lost and refused connections, shutting down, starting up, too many clients. */
const SQL_STATES = /^(08\w{3}|57P0[1-5]|53300)$/;
const SYSTEM_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);
/** What the driver throws without a code. */
const SENTENCES = [
  /^Connection terminated/,
  /^timeout exceeded when trying to connect/,
  /^Client has encountered a connection error/,
  /^Client was closed and is not queryable/,
  /^Client has already been/,
];

/** Whether an error says that the database cannot be reached now, rather than that it refused something. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, driverError, message } = error as Error & { code?: unknown; driverError?: unknown };
  if (driverError !== undefined && driverError !== error) return isDatabaseAway(driverError);
  if (typeof code === 'string') return SQL_STATES.test(code) || SYSTEM_CODES.has(code);
  return SENTENCES.some((sentence) => sentence.test(message));
}
