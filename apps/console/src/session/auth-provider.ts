import type { AuthProvider } from 'ra-core';
import { getProjectSlug } from './project';
import { mayDo } from './rights';
import { currentAccess, getSession, signIn, signOut } from './session';

function myRoles(): string[] {
  const session = getSession();
  if (session.status !== 'in') return [];
  return session.projects.find((project) => project.slug === getProjectSlug())?.roles ?? [];
}

export const authProvider: AuthProvider = {
  login: ({ username, password }: { username: string; password: string }) => signIn(username, password),
  // `false` leaves the address alone: the sign-in page is drawn in place, and signing in goes on where one was.
  logout: async () => {
    if (getSession().status === 'in') await signOut();
    return false;
  },
  checkAuth: async () => {
    if ((await currentAccess()) === null) throw new Error('errors.signed_out');
  },
  // The HTTP client has already tried to renew the token when a 401 arrives here; 403 is no reason to sign out.
  checkError: async (error: { status?: number }) => {
    if (error?.status === 401) throw new Error('errors.signed_out');
  },
  getIdentity: async () => {
    const session = getSession();
    if (session.status !== 'in') throw new Error('errors.signed_out');
    return { id: session.person.id, fullName: session.person.displayName };
  },
  getPermissions: async () => myRoles(),
  canAccess: async ({ action, resource }) => {
    const session = getSession();
    return session.status === 'in' && mayDo(session.person, myRoles(), resource, action);
  },
};
