import { mayDo } from './rights';
import { personOf } from './session';
import { useProject, useSession } from './useSession';

/** Asks the role table for the signed-in person in the open project: `const may = useMayDo(); may('runs', 'run')`. */
export function useMayDo(): (resource: string, action: string) => boolean {
  const person = personOf(useSession());
  const project = useProject();
  if (!person) return () => false;
  return (resource, action) => mayDo(person, project?.roles ?? [], resource, action);
}
