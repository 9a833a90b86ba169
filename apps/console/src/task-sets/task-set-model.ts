import type { CreateTaskSet, RecordFilter, TaskKind, TaskSet, UpdateTaskSet } from '@qingnang/contracts';

export const kinds = [
  'polish_review',
  'reference',
  'ranking',
  'confirm_ranking',
] as const satisfies readonly TaskKind[];

/** Who usually does such work; what a new set proposes. */
export function usualRoles(kind: TaskKind): CreateTaskSet['roles'] {
  return kind === 'polish_review' ? ['annotator'] : ['doctor'];
}

/** Conditions left empty are none at all. */
export function cleanFilter(filter: RecordFilter | undefined): RecordFilter {
  const said = Object.entries(filter ?? {}).filter(
    ([, value]) =>
      value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0),
  );
  return Object.fromEntries(said) as RecordFilter;
}

type Form = Omit<CreateTaskSet, 'limit' | 'deadline'> & { limit?: number | null; deadline?: string | null };

export function bodyOf(form: Form): CreateTaskSet {
  const { name, kind, overlap, roles, departments, filter, limit, deadline } = form;
  return {
    name,
    kind,
    overlap,
    roles,
    departments: departments ?? [],
    filter: cleanFilter(filter),
    deadline: deadline || null,
    ...(limit ? { limit } : {}),
  };
}

export function changesOf(form: TaskSet): UpdateTaskSet {
  const { name, deadline, roles, departments } = form;
  return { name, deadline: deadline || null, roles, departments: departments ?? [] };
}

/** Answers wanted in all: one slot each. */
export function slotsOf(set: TaskSet): number {
  return set.open + set.leased + set.answered;
}
