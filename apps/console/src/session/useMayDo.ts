import { mayDo } from './rights';
import { useProject, useSession } from './useSession';

/** Asks the role table for the signed-in person in the open project: `const may = useMayDo(); may('runs', 'run')`. */
export function useMayDo(): (resource: string, action: string) => boolean {
  const session = useSession();
  const project = useProject();
  if (session.status !== 'in') return () => false;
  return (resource, action) => mayDo(session.person, project?.roles ?? [], resource, action);
}
