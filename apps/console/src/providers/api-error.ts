import type { FieldProblem, Problem as Contract } from '@qingnang/contracts';
import { HttpError } from 'ra-core';

/** What a refusal may carry; a proxy's own error page carries nothing. */
export type Problem = Partial<Contract>;

export type DescribeProblem = (problem: Problem, status: number) => string;

let describe: DescribeProblem = (problem, status) => problem.detail ?? problem.title ?? `HTTP ${status}`;

/** Lets the translations say an error in the reader's language; without one the server's own sentence stands. */
export function describeProblemsWith(next: DescribeProblem): void {
  describe = next;
}

/** `/roles/0` of a problem is `roles.0` of a form. */
function inputName(pointer: string): string {
  return pointer.slice(1).replaceAll('/', '.');
}

function namedFaults(problem: Problem, detail: string): FieldProblem[] {
  return problem.errors ?? (problem.field ? [{ field: problem.field, detail }] : []);
}

/** Only JSON pointers name inputs; a fault of a header or query belongs to no field of a form. */
function fieldErrors(faults: readonly FieldProblem[]): Record<string, string> | undefined {
  const inputs = faults.filter(({ field }) => field.startsWith('/'));
  return inputs.length === 0
    ? undefined
    : Object.fromEntries(inputs.map((each) => [inputName(each.field), each.detail]));
}

/** A refusal by the API. `body.errors` puts the sentence under the field at fault in react-admin forms. */
export class ApiError extends HttpError {
  readonly code: string;
  readonly field: string | undefined;
  readonly detail: string;
  readonly requestId: string | undefined;
  /** Every field at fault, as the API names it: a pointer, or a dotted name inside what the body stands for. */
  readonly faults: readonly FieldProblem[];

  constructor(status: number, problem: Problem) {
    const detail = describe(problem, status);
    const faults = namedFaults(problem, detail);
    super(detail, status, { ...problem, errors: fieldErrors(faults) });
    Object.setPrototypeOf(this, ApiError.prototype);
    this.name = 'ApiError';
    this.code = problem.code ?? (status === 0 ? 'network' : `http_${status}`);
    this.field = problem.field;
    this.detail = detail;
    this.requestId = problem.requestId;
    this.faults = faults;
  }
}

/** Reads whatever a failed reply carries; a proxy's HTML page becomes a bare status. */
export async function toApiError(response: Response): Promise<ApiError> {
  const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '');
  const body: unknown = isJson ? await response.json().catch(() => null) : null;
  const problem = body !== null && typeof body === 'object' ? (body as Problem) : {};
  const requestId = problem.requestId ?? response.headers.get('x-request-id') ?? undefined;
  return new ApiError(response.status, { ...problem, requestId });
}

/** The server could not be reached at all; nothing is known about whether it acted. */
export function networkError(): ApiError {
  return new ApiError(0, { code: 'network' });
}
