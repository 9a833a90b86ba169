import type { AuthProvider } from 'ra-core';
import { getProjectSlug } from './project';
import { mayDo } from './rights';
import { currentAccess, getSession, personOf, signIn } from './session';

function myRoles(): string[] {
  const session = getSession();
  if (session.status !== 'in' && session.status !== 'ended') return [];
  return session.projects.find((project) => project.slug === getProjectSlug())?.roles ?? [];
}

export const authProvider: AuthProvider = {
  login: ({ username, password }: { username: string; password: string }) => signIn(username, password),
  // Nobody is signed out but by their own hand (`signOut`). `false` leaves the address alone: the sign-in is drawn in
  // place, and signing in goes on where one was.
  logout: async () => false,
  checkAuth: async () => {
    // A session that ran out has its sign-in above the page already.
    if ((await currentAccess()) === null && getSession().status !== 'ended') throw new Error('errors.signed_out');
  },
  // The HTTP client has already tried to renew the token when a 401 arrives here, and the session knows what came of it.
  checkError: async () => undefined,
  getIdentity: async () => {
    const person = personOf(getSession());
    if (!person) throw new Error('errors.signed_out');
    return { id: person.id, fullName: person.displayName };
  },
  getPermissions: async () => myRoles(),
  canAccess: async ({ action, resource }) => {
    const person = personOf(getSession());
    return person !== null && mayDo(person, myRoles(), resource, action);
  },
};
