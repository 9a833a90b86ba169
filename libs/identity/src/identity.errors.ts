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
