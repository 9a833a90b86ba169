import { DomainError } from '@qingnang/kernel';

export function signInNeeded(detail = 'Sign in, or send a valid API key.'): DomainError {
  return new DomainError({ code: 'auth.required', status: 401, detail });
}

/** One sentence for an unknown login, a wrong password and a closed account: which of them it was is nobody's business. */
export function wrongCredentials(): DomainError {
  return new DomainError({
    code: 'auth.wrong_credentials',
    status: 401,
    detail: 'Login and password do not go together: check both, or ask your admin for a reset link.',
  });
}

export function notAllowed(): DomainError {
  return new DomainError({
    code: 'access.denied',
    status: 403,
    detail: 'Your roles in this project do not allow this: ask its admin.',
  });
}

export function scopeMissing(scope: string): DomainError {
  return new DomainError({
    code: 'access.scope_missing',
    status: 403,
    detail: `This API key lacks the scope ${scope}: use a key that has it.`,
    details: { scope },
  });
}

export function peopleOnly(scope: string): DomainError {
  return new DomainError({
    code: 'access.people_only',
    status: 403,
    detail: 'No API key may do this: sign in to the console as a person.',
    details: { scope },
  });
}

export function makerMayNot(scope: string): DomainError {
  return new DomainError({
    code: 'access.maker_may_not',
    status: 403,
    detail: `Whoever made this API key may not do this (${scope}) themselves: use a key made by someone who may.`,
    details: { scope },
  });
}

export function scopeBeyondRole(scopes: readonly string[]): DomainError {
  return new DomainError({
    code: 'api_key.scope_beyond_role',
    status: 422,
    field: '/scopes',
    detail: `Your own roles do not give ${scopes.join(', ')}, so a key of yours cannot either: leave it out.`,
    details: { scopes },
  });
}

export function unknownProject(): DomainError {
  return new DomainError({ code: 'project.not_found', status: 404, detail: 'There is no such project among yours.' });
}

function spoken(seconds: number): string {
  if (seconds > 90) return `${Math.ceil(seconds / 60)} minutes`;
  return seconds === 1 ? 'a second' : `${seconds} seconds`;
}

export function tooManyAttempts(retryAfter: number): DomainError {
  return new DomainError({
    code: 'auth.too_many_attempts',
    status: 429,
    detail: `Too many attempts: wait ${spoken(retryAfter)}, then try again.`,
    details: { retryAfter },
  });
}

export function deadLink(what: 'invite' | 'reset'): DomainError {
  return new DomainError({
    code: `${what}.dead_link`,
    status: 410,
    detail: 'This link was used, taken back or has run out: ask your admin for a new one.',
  });
}

export function loginTaken(): DomainError {
  return new DomainError({
    code: 'person.login_taken',
    status: 409,
    field: '/login',
    detail: 'This login is taken: choose another one.',
  });
}

export function lastAdmin(): DomainError {
  return new DomainError({
    code: 'member.last_admin',
    status: 409,
    detail: 'The last admin of a project stays: make someone else admin first.',
  });
}

export function staleRevision(): DomainError {
  return new DomainError({
    code: 'revision.stale',
    status: 412,
    field: 'If-Match',
    detail: 'Someone changed this since you read it: read it again, then repeat your change.',
  });
}
