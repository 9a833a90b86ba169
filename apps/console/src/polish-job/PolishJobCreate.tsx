import Box from '@mui/material/Box';
import { useTranslate } from 'react-admin';
import { Section } from '../components/Section';
import { ErrorState } from '../listing/ErrorState';
import { PageHeader } from '../listing/PageHeader';
import { RowsSkeleton } from '../listing/RowsSkeleton';
import { ModelChoice } from './ModelChoice';
import { RecordChoice } from './RecordChoice';
import { PromptChoice } from './PromptChoice';
import { StartPanel } from './StartPanel';
import { useChoices } from './useChoices';
import { useEstimate } from './useEstimate';
import { useStart } from './useStart';
import { usePolishForm } from './usePolishForm';

/** Records, prompt, model, estimate, start: one page, everything chosen beforehand as most want it. */
export default function PolishJobCreate() {
  const translate = useTranslate();
  const words = (key: string) => translate(`resources.llm-jobs.${key}`);
  const choices = useChoices();
  const start = useStart();
  const { form, change, provider, model, template, fitting, body, defaultName } = usePolishForm(choices);
  const estimate = useEstimate(body);
  const ready = estimate.isCurrent && (estimate.data?.calls ?? 0) > 0 && !start.isPending;
  if (choices.error) return <ErrorState error={choices.error} onRetry={choices.refetch} />;
  if (choices.isPending) return <RowsSkeleton rows={8} />;
  return (
    <Box sx={{ display: 'grid', gap: 2, maxWidth: 880 }}>
      <PageHeader title={words('create')} />
      <Section title={words('step_records')}>
        <RecordChoice facets={choices.facets} form={form} onChange={change} />
      </Section>
      <Section title={words('step_template')}>
        <PromptChoice templates={choices.templates} template={template} fitting={fitting} onChange={change} />
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
        <StartPanel
          form={form}
          defaultName={defaultName}
          currency={provider?.currency ?? ''}
          estimate={body ? estimate : null}
          counts={['subjects', 'alreadyDone', 'calls', 'inputTokens', 'outputTokens']}
          rule={words('estimate_rule')}
          startLabel={words('start')}
          onChange={change}
          onStart={body && ready ? () => start.mutate(body) : null}
        />
      </Section>
    </Box>
  );
}
