import { useSyncExternalStore } from 'react';
import { getSession, personOf, subscribeSession, type Person, type Project, type Session } from './session';
import { getProjectSlug, subscribeProject } from './project';

export function useSession(): Session {
  return useSyncExternalStore(subscribeSession, getSession);
}

/** The signed-in person; only for screens that are never drawn without one. */
export function usePerson(): Person {
  const person = personOf(useSession());
  if (!person) throw new Error('No one is signed in.');
  return person;
}

/** The project of the address bar, `undefined` when the person does not belong to it. */
export function useProject(): Project | undefined {
  const session = useSession();
  const slug = useSyncExternalStore(subscribeProject, getProjectSlug);
  return 'projects' in session ? session.projects.find((project) => project.slug === slug) : undefined;
}
