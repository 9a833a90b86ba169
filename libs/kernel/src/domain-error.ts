export interface DomainErrorOptions {
  /** Stable, machine-readable, e.g. `import.mapping_incomplete`. Part of the API. */
  code: string;
  /** HTTP status the API answers with. */
  status: number;
  /** One sentence for a person: what happened and what to do. Never patient text. */
  detail: string;
  /** JSON pointer or field name at fault. */
  field?: string;
  /** Further facts for programs: ids, counts, limits. Never patient text. */
  details?: Record<string, unknown>;
  /** Whether a worker may try the same again later. */
  retryable?: boolean;
  cause?: unknown;
}

/** The one base of expected failures; the API turns it into problem details (RFC 9457), workers read `retryable`. */
export class DomainError extends Error {
  readonly code: string;
  readonly status: number;
  readonly field: string | undefined;
  readonly details: Record<string, unknown>;
  readonly retryable: boolean;

  constructor(options: DomainErrorOptions) {
    super(options.detail, { cause: options.cause });
    this.name = new.target.name;
    this.code = options.code;
    this.status = options.status;
    this.field = options.field;
    this.details = options.details ?? {};
    this.retryable = options.retryable ?? false;
  }
}

export function notFound(what: string, id: string): DomainError {
  return new DomainError({
    code: `${what}.not_found`,
    status: 404,
    detail: `No ${what} ${id} in this project.`,
    details: { id },
  });
}

/** Somebody else changed it since it was read: 412, with the revision it has now. */
export function staleRevision(what: string, revision: number): DomainError {
  return new DomainError({
    code: 'revision.stale',
    status: 412,
    detail: `This ${what} was changed meanwhile: read it again, then change it.`,
    details: { revision },
  });
}
