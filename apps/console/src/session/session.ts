import type { Me, Person, Project, TokenReply, UiLanguage } from '@qingnang/contracts';
import { readJson, send } from '../providers/send';
import { clearOutbox } from './outbox-names';

export type { Person, Project };

export type Session = { status: 'unknown' } | { status: 'out' } | { status: 'in'; person: Person; projects: Project[] };

interface Access {
  token: string;
  /** Milliseconds of `Date.now()`. */
  expiresAt: number;
}

// The token lives in memory only: a script that reads storage finds nothing, and a reload asks the cookie again.
let access: Access | null = null;
let session: Session = { status: 'unknown' };
let refreshing: Promise<string | null> | null = null;
const listeners = new Set<() => void>();
const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('qingnang-session');

function become(next: Session): void {
  session = next;
  for (const listener of listeners) listener();
}

function keep(reply: TokenReply): string {
  access = { token: reply.accessToken, expiresAt: Date.now() + reply.expiresIn * 1000 };
  return reply.accessToken;
}

function forget(): void {
  access = null;
  become({ status: 'out' });
}

channel?.addEventListener('message', (event: MessageEvent<unknown>) => {
  if (event.data === 'signed-out') forget();
});

export function getSession(): Session {
  return session;
}

export function subscribeSession(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

async function askForToken(): Promise<string | null> {
  try {
    return keep(await readJson<TokenReply>(await send('/auth/refresh', { method: 'POST' })));
  } catch (error) {
    const status = (error as { status?: number }).status;
    if (status !== 400 && status !== 401 && status !== 403) throw error;
    forget();
    return null;
  }
}

/** Two tabs must not spend the same rotating refresh token at once. */
function oneTabAtATime<T>(work: () => Promise<T>): Promise<T> {
  const locks = typeof navigator === 'undefined' ? undefined : navigator.locks;
  return locks ? locks.request('qingnang-refresh', work) : work();
}

/**
 * A new access token from the refresh cookie; callers at the same time share one request.
 * `null` means signed out; a network failure is thrown and leaves the session as it is.
 */
export function refreshAccess(): Promise<string | null> {
  refreshing ??= oneTabAtATime(askForToken).finally(() => {
    refreshing = null;
  });
  return refreshing;
}

const MARGIN_MS = 10_000;

/** The token to send now, renewed when it is about to end. */
export function currentAccess(): Promise<string | null> {
  if (access && access.expiresAt - Date.now() > MARGIN_MS) return Promise.resolve(access.token);
  return refreshAccess();
}

/** Reads who I am and where I belong; call after anything that changes either. */
export async function loadMe(): Promise<void> {
  const token = await currentAccess();
  if (token === null) return;
  const response = await send('/me', { headers: { authorization: `Bearer ${token}` } });
  const me = await readJson<Me>(response);
  become({ status: 'in', person: me.person, projects: me.projects });
}

/** Takes the token of a reply that signs in. */
export async function beginSession(response: Response): Promise<void> {
  keep(await readJson<TokenReply>(response));
  await loadMe();
}

export async function signIn(login: string, password: string): Promise<void> {
  await beginSession(await send('/auth/sign-in', { method: 'POST', body: { login, password } }));
}

/** Remembers the language with the account; the choice on this machine stands even if that fails. */
export async function keepLanguage(language: UiLanguage): Promise<void> {
  if (session.status !== 'in' || session.person.language === language) return;
  const token = await currentAccess();
  const headers = { authorization: `Bearer ${token}` };
  await send('/me', { method: 'PATCH', body: { language }, headers }).catch(() => undefined);
}

/** Ends the session here even when the server can't be reached. */
export async function signOut(): Promise<void> {
  const headers: Record<string, string> = access ? { authorization: `Bearer ${access.token}` } : {};
  await send('/auth/sign-out', { method: 'POST', headers }).catch(() => undefined);
  if (session.status === 'in') clearOutbox(session.person.id);
  channel?.postMessage('signed-out');
  forget();
}
