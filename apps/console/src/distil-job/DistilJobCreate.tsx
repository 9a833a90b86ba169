import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { Section } from '../components/Section';
import { ErrorState } from '../listing/ErrorState';
import { PageHeader } from '../listing/PageHeader';
import { RowsSkeleton } from '../listing/RowsSkeleton';
import { ModelChoice } from '../polish-job/ModelChoice';
import { StartPanel } from '../polish-job/StartPanel';
import { useChoices } from '../polish-job/useChoices';
import { useEstimate } from '../polish-job/useEstimate';
import { useStart } from '../polish-job/useStart';
import { bodyOf, choiceOf, type DistilForm, emptyForm, rolesOf } from './distil-form';
import { KindChoice } from './KindChoice';

/** What is to be made, which model plays which role, estimate, start. */
export default function DistilJobCreate() {
  const translate = useTranslate();
  const words = (key: string) => translate(`resources.llm-jobs.distil.${key}`);
  const choices = useChoices();
  const start = useStart();
  const [form, setForm] = useState<DistilForm>(emptyForm);
  const change = (part: Partial<DistilForm>) => setForm((before) => ({ ...before, ...part }));
  const { providers } = choices;
  const { kind } = form.settings;
  const defaultName = words(kind);
  const body = bodyOf(form, providers, defaultName);
  const estimate = useEstimate(body);
  const ready = body !== null && estimate.isCurrent && !start.isPending;
  if (choices.error) return <ErrorState error={choices.error} onRetry={choices.refetch} />;
  if (choices.isPending) return <RowsSkeleton rows={8} />;
  return (
    <Box sx={{ display: 'grid', gap: 2, maxWidth: 880 }}>
      <PageHeader title={words('create')} />
      <Section title={words('step_kind')}>
        <KindChoice form={form} onChange={change} />
      </Section>
      <Section title={words('step_models')}>
        {rolesOf(kind).map((role) => {
          const { providerId, model } = choiceOf(form, role, providers);
          const provider = providers.find(({ id }) => id === providerId);
          return (
            <Box key={role} role="group" aria-label={words(`roles.${role}`)} sx={{ display: 'grid', gap: 1.5 }}>
              <Typography variant="h3">{words(`roles.${role}`)}</Typography>
              <ModelChoice
                providers={providers}
                provider={provider}
                model={provider?.models.find(({ name }) => name === model)}
                onChange={(id, name) =>
                  change({ choices: { ...form.choices, [role]: { providerId: id, model: name } } })
                }
              />
            </Box>
          );
        })}
      </Section>
      <Section title={words('step_start')}>
        <StartPanel
          form={form}
          defaultName={defaultName}
          currency={providers.find(({ id }) => id === body?.roles[0]?.providerId)?.currency ?? ''}
          estimate={body ? estimate : null}
          counts={['calls', 'inputTokens', 'outputTokens']}
          rule={words('estimate_rule')}
          startLabel={words('start')}
          onChange={change}
          onStart={body && ready ? () => start.mutate(body) : null}
        />
      </Section>
    </Box>
  );
}
