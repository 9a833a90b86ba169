import type { Me, Person, Project, TokenReply, UiLanguage } from '@qingnang/contracts';
import { readJson, send } from '../providers/send';
import { comeBack } from '../providers/returns';
import { clearOutbox } from './outbox-names';

export type { Person, Project };

interface Known {
  person: Person;
  projects: Project[];
}

/**
 * `ended`: the session ran out under somebody's hands. What they had before them stays, covered by the sign-in, until they
 * are back or somebody else signs in. `out`: nobody is here.
 */
export type Session =
  { status: 'unknown' } | { status: 'out' } | ({ status: 'in' } & Known) | ({ status: 'ended' } & Known);

interface Access {
  token: string;
  personId: string;
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

/** The one whose page stands: at work, or to come back. */
export function personOf(of: Session): Person | null {
  return of.status === 'in' || of.status === 'ended' ? of.person : null;
}

function keep({ accessToken, expiresIn, personId }: TokenReply): void {
  access = { token: accessToken, personId, expiresAt: Date.now() + expiresIn * 1000 };
}

/** The token in hand, if it is that of the person whose page stands. */
function ownToken(): string | null {
  const person = personOf(session);
  return access && (person === null || person.id === access.personId) ? access.token : null;
}

function end(): void {
  access = null;
  if (session.status === 'ended') return;
  become(session.status === 'in' ? { ...session, status: 'ended' } : { status: 'out' });
}

function leave(): void {
  access = null;
  become({ status: 'out' });
}

channel?.addEventListener('message', (event: MessageEvent<unknown>) => {
  if (event.data === 'signed-out') leave();
  // The cookie is another's now, or mine again.
  else if (event.data === 'signed-in') {
    access = null;
    void loadMe().catch(() => undefined);
  }
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
    keep(await readJson<TokenReply>(await send('/auth/refresh', { method: 'POST' })));
  } catch (error) {
    const status = (error as { status?: number }).status;
    if (status !== 400 && status !== 401 && status !== 403) throw error;
    end();
    return null;
  }
  const token = ownToken();
  // In another tab somebody else has signed in: what was asked for me is not asked for them.
  if (token === null) void loadMe().catch(() => undefined);
  return token;
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

function isFresh(): boolean {
  return access !== null && access.expiresAt - Date.now() > MARGIN_MS;
}

/** The token to send now, renewed when it is about to end; null while nobody is signed in. */
export async function currentAccess(): Promise<string | null> {
  if (isFresh()) return ownToken();
  // The page under the sign-in goes on asking; the cookie has been refused already.
  return session.status === 'ended' ? null : refreshAccess();
}

/** Reads who I am and where I belong; call after anything that changes either. */
export async function loadMe(): Promise<void> {
  if (!isFresh()) await refreshAccess();
  if (!access) return;
  const response = await send('/me', { headers: { authorization: `Bearer ${access.token}` } });
  const me = await readJson<Me>(response);
  const wasAway = session.status === 'ended';
  become({ status: 'in', person: me.person, projects: me.projects });
  if (wasAway) comeBack();
}

/** Takes the token of a reply that signs in. */
export async function beginSession(response: Response): Promise<void> {
  keep(await readJson<TokenReply>(response));
  await loadMe();
  channel?.postMessage('signed-in');
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
  const person = personOf(session);
  if (person) clearOutbox(person.id);
  channel?.postMessage('signed-out');
  leave();
}
