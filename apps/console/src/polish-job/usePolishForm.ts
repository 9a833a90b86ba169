import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { bodyOf, emptyForm, firstModel, fits, fittingTemplate, type PolishForm } from './polish-form';
import type { useChoices } from './useChoices';

/** The form as typed, with everything not typed yet filled in from what there is to choose. */
export function usePolishForm(choices: ReturnType<typeof useChoices>) {
  const translate = useTranslate();
  const [typed, setForm] = useState<PolishForm>(emptyForm);
  const provider = choices.providers.find(({ id }) => id === typed.providerId) ?? choices.providers[0];
  const model = provider?.models.find(({ name }) => name === typed.model) ?? firstModel(provider);
  const template =
    choices.templates.find(({ id }) => id === typed.templateId) ?? fittingTemplate(choices.templates, model);
  const form = { ...typed, providerId: provider?.id ?? '', model: model?.name ?? '' };
  const fitting = fits(template, model);
  const defaultName = `${translate('resources.llm-jobs.purposes.polish')} ${model?.name ?? ''}`;
  return {
    form,
    change: (part: Partial<PolishForm>) => setForm({ ...form, ...part }),
    provider,
    model,
    template,
    fitting,
    defaultName,
    body: fitting ? bodyOf(form, template, defaultName) : null,
  };
}
