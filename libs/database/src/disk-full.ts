/** Of PostgreSQL (`disk_full`) and of the system: no space, no quota left. */
const CODES = new Set(['53100', 'ENOSPC', 'EDQUOT']);

/** Whether an error says that there is no room to write, here or at the database; it passes once somebody frees some. */
export function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, driverError, cause } = error as Error & { code?: unknown; driverError?: unknown };
  if (typeof code === 'string' && CODES.has(code)) return true;
  return [driverError, cause].some((inner) => inner !== error && isDiskFull(inner));
}
