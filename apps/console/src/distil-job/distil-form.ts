import {
  type CreateDistilJobBody,
  type DistilKind,
  type DistilRoleName,
  distilRoles,
  type DistilSettings,
  type ProviderView,
} from '@qingnang/contracts';

export interface Choice {
  providerId: string;
  model: string;
}

/** What the page of a new distillation holds. */
export interface DistilForm {
  name: string;
  settings: DistilSettings;
  /** As typed. */
  count: string;
  choices: Partial<Record<DistilRoleName, Choice>>;
  /** As typed; empty means no limit. */
  budget: string;
}

export const emptyForm: DistilForm = {
  name: '',
  settings: { kind: 'triplets', count: 20, language: 'zh', department: '', rounds: 3 },
  count: '20',
  choices: {},
  budget: '',
};

/** The rehearsal model of a role's task; other providers name theirs as they like. */
const OWN_MODEL: Record<DistilRoleName, RegExp> = {
  instruct: /instruct/,
  answer: /doctor/,
  patient: /patient/,
  doctor: /doctor/,
};

export function rolesOf(kind: DistilKind): readonly DistilRoleName[] {
  return distilRoles[kind];
}

/** The model of a role: the one chosen, else the first that is named for it, else any of that provider. */
export function choiceOf(form: DistilForm, role: DistilRoleName, providers: readonly ProviderView[]): Choice {
  const chosen = form.choices[role];
  const provider = providers.find(({ id }) => id === chosen?.providerId) ?? providers[0];
  const known = provider?.models.find(({ name }) => name === chosen?.model);
  const model = known ?? provider?.models.find(({ name }) => OWN_MODEL[role].test(name)) ?? provider?.models[0];
  return { providerId: provider?.id ?? '', model: model?.name ?? '' };
}

/** What the API is asked; null while the form is not whole. */
export function bodyOf(
  form: DistilForm,
  providers: readonly ProviderView[],
  defaultName: string,
): CreateDistilJobBody | null {
  const count = Number(form.count);
  const roles = rolesOf(form.settings.kind).map((role) => ({ role, ...choiceOf(form, role, providers) }));
  if (!Number.isInteger(count) || count < 1 || count > 10_000) return null;
  if (roles.some(({ providerId, model }) => providerId === '' || model === '')) return null;
  const limit = Number(form.budget);
  return {
    purpose: 'distil',
    name: form.name.trim() || defaultName,
    settings: { ...form.settings, count },
    roles,
    budgetLimit: form.budget.trim() !== '' && limit > 0 ? limit : null,
  };
}
