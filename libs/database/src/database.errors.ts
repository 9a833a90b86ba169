import { DomainError } from '@qingnang/kernel';

/** A fault of the database that a person can mend; `detail` is the one line the start prints. */
export class DatabaseError extends DomainError {
  constructor(code: string, detail: string, cause?: unknown) {
    super({ code: `database.${code}`, status: 503, detail, cause });
  }
}

/** The address of a database without its password, for messages and logs. */
export function describeDatabaseUrl(url: string): string {
  if (!URL.canParse(url)) return 'an address that is no URL';
  const { hostname, port, pathname } = new URL(url);
  return `${hostname || 'localhost'}:${port || '5432'}${pathname}`;
}
