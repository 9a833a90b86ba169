import type {
  CreateLlmJobBody,
  PolishSettings,
  PromptTemplateView,
  ProviderModel,
  ProviderView,
  RecordFilter,
} from '@qingnang/contracts';

/** What the page of a new polish job holds. */
export interface PolishForm {
  name: string;
  filter: RecordFilter;
  templateId: string;
  providerId: string;
  model: string;
  settings: PolishSettings;
  /** As typed; empty means no limit. */
  budget: string;
}

export const emptyForm: PolishForm = {
  name: '',
  filter: {},
  templateId: '',
  providerId: '',
  model: '',
  settings: { from: 'original', skipPolished: true, again: false },
  budget: '',
};

/** The first model that can polish: by its name where one says so, else any. */
export function firstModel(provider: ProviderView | undefined): ProviderModel | undefined {
  return provider?.models.find((model) => /polish/.test(model.name)) ?? provider?.models[0];
}

/** Text-only models take prompts whose answer is text, all others the one for whole dialogues. */
export function fittingTemplate(
  templates: readonly PromptTemplateView[],
  model: ProviderModel | undefined,
): PromptTemplateView | undefined {
  const wanted = model?.text_only ? 'text' : 'json';
  return templates.find((template) => template.latest?.settings.answer === wanted) ?? templates[0];
}

export function fits(template: PromptTemplateView | undefined, model: ProviderModel | undefined): boolean {
  return !model?.text_only || template?.latest?.settings.answer === 'text';
}

function withoutEmpty(filter: RecordFilter): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(filter).filter(([, value]) =>
      Array.isArray(value) ? value.length > 0 : value !== undefined && value !== '',
    ),
  );
}

/** What the API is asked; null while the form is not whole. */
export function bodyOf(
  form: PolishForm,
  template: PromptTemplateView | undefined,
  name: string,
): CreateLlmJobBody | null {
  if (!template?.latest || form.providerId === '' || form.model === '') return null;
  const limit = Number(form.budget);
  return {
    purpose: 'polish',
    name: form.name.trim() || name,
    filter: withoutEmpty(form.filter),
    promptVersionIds: [template.latest.id],
    providerId: form.providerId,
    model: form.model,
    settings: form.settings,
    budgetLimit: form.budget.trim() !== '' && limit > 0 ? limit : null,
  };
}
