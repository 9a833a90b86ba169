import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import MenuItem from '@mui/material/MenuItem';
import TextField from '@mui/material/TextField';
import type { CreateLlmJobBody, LlmJobDetail } from '@qingnang/contracts';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useNotify, useTranslate } from 'react-admin';
import { useNavigate } from 'react-router-dom';
import { Section } from '../components/Section';
import { ErrorState } from '../listing/ErrorState';
import { PageHeader } from '../listing/PageHeader';
import { RowsSkeleton } from '../listing/RowsSkeleton';
import { api } from '../providers/http';
import { projectPath } from '../session/project';
import { EstimatePanel } from './EstimatePanel';
import { bodyOf, emptyForm, firstModel, fits, fittingTemplate, type PolishForm } from './polish-form';
import { ModelChoice } from './ModelChoice';
import { RecordChoice } from './RecordChoice';
import { useChoices } from './useChoices';
import { useEstimate } from './useEstimate';

function useStart() {
  const translate = useTranslate();
  const notify = useNotify();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: async (body: CreateLlmJobBody) => {
      const { data } = await api.post<LlmJobDetail>(projectPath('/llm-jobs'), body);
      return (await api.post<LlmJobDetail>(projectPath(`/llm-jobs/${data.id}/start`))).data;
    },
    onSuccess: (job) => {
      notify(translate('resources.llm-jobs.created'));
      navigate(`/llm-jobs/${job.id}/show`);
    },
    onError: (error: Error) => notify(error.message, { type: 'error' }),
  });
}

/** Records, prompt, model, estimate, start: one page, everything chosen beforehand as most want it. */
export default function PolishJobCreate() {
  const translate = useTranslate();
  const words = (key: string) => translate(`resources.llm-jobs.${key}`);
  const choices = useChoices();
  const start = useStart();
  const [typed, setForm] = useState<PolishForm>(emptyForm);
  const provider = choices.providers.find(({ id }) => id === typed.providerId) ?? choices.providers[0];
  const model = provider?.models.find(({ name }) => name === typed.model) ?? firstModel(provider);
  const template =
    choices.templates.find(({ id }) => id === typed.templateId) ?? fittingTemplate(choices.templates, model);
  const form = { ...typed, providerId: provider?.id ?? '', model: model?.name ?? '' };
  const change = (part: Partial<PolishForm>) => setForm({ ...form, ...part });
  const fitting = fits(template, model);
  const body = fitting ? bodyOf(form, template, `${words('purposes.polish')} ${model?.name ?? ''}`) : null;
  const estimate = useEstimate(body);
  const ready = body !== null && estimate.isCurrent && (estimate.data?.calls ?? 0) > 0;

  if (choices.error) return <ErrorState error={choices.error} onRetry={choices.refetch} />;
  return (
    <Box sx={{ display: 'grid', gap: 2, maxWidth: 880 }}>
      <PageHeader title={words('create')} />
      {choices.isPending ? (
        <RowsSkeleton rows={8} />
      ) : (
        <>
          <Section title={words('step_records')}>
            <RecordChoice
              facets={choices.facets}
              filter={form.filter}
              onFilter={(filter) => change({ filter })}
              settings={form.settings}
              onSettings={(settings) => change({ settings })}
            />
          </Section>
          <Section title={words('step_template')}>
            <TextField
              select
              size="small"
              label={words('fields.prompt')}
              value={template?.id ?? ''}
              error={!fitting}
              helperText={fitting ? undefined : words('text_template_needed')}
              onChange={(event) => change({ templateId: event.target.value })}
            >
              {choices.templates.map(({ id, name, latest }) => (
                <MenuItem key={id} value={id}>
                  {name} · v{latest?.number}
                </MenuItem>
              ))}
            </TextField>
          </Section>
          <Section title={words('step_model')}>
            <ModelChoice
              providers={choices.providers}
              provider={provider}
              model={model}
              onChange={(providerId, name) => change({ providerId, model: name })}
            />
          </Section>
          <Section title={words('step_estimate')}>
            <TextField
              size="small"
              label={words('fields.name')}
              value={form.name}
              placeholder={`${words('purposes.polish')} ${model?.name ?? ''}`}
              onChange={(event) => change({ name: event.target.value })}
            />
            <TextField
              size="small"
              type="number"
              label={`${words('fields.budgetLimit')} (${provider?.currency ?? ''})`}
              helperText={words('budget_hint')}
              value={form.budget}
              onChange={(event) => change({ budget: event.target.value })}
            />
            {body && <EstimatePanel estimate={estimate.data} error={estimate.error} isPending={estimate.isPending} />}
            {!fitting && <Alert severity="warning">{words('text_template_needed')}</Alert>}
            <Button
              variant="contained"
              disabled={!ready || start.isPending}
              onClick={() => body && start.mutate(body)}
              sx={{ justifySelf: 'start' }}
            >
              {words('start')}
            </Button>
          </Section>
        </>
      )}
    </Box>
  );
}
