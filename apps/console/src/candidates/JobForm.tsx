import Box from '@mui/material/Box';
import TextField from '@mui/material/TextField';
import { useState, type ReactNode } from 'react';
import { useTranslate } from 'react-admin';
import { ErrorState } from '../listing/ErrorState';
import { PageHeader } from '../listing/PageHeader';
import { RowsSkeleton } from '../listing/RowsSkeleton';
import { ModelChoice } from '../polish-job/ModelChoice';
import { Section } from '../components/Section';
import { useChoices } from '../polish-job/useChoices';
import { EstimateAndStart } from './EstimateAndStart';
import { PromptScope } from './PromptScope';

interface Props {
  resource: 'candidates' | 'judgements';
  /** A model that suits, by a part of its name. */
  suits: RegExp;
  /** Prompts that are worth asking about, by filter. */
  scopes: Record<string, Record<string, unknown>>;
  settings: Record<string, unknown>;
  children: ReactNode;
}

/** Which prompts, which model, how: writes the job down, says what it would cost, and starts it. */
export function JobForm({ resource, suits, scopes, settings, children }: Props) {
  const translate = useTranslate();
  const say = (key: string) => translate(`resources.${resource}.${key}`);
  const choices = useChoices();
  const [scope, setScope] = useState(Object.keys(scopes)[0]!);
  const [department, setDepartment] = useState('');
  const [picked, setPicked] = useState({ providerId: '', model: '', name: '' });
  const provider = choices.providers.find(({ id }) => id === picked.providerId) ?? choices.providers[0];
  const model =
    provider?.models.find(({ name }) => name === picked.model) ??
    provider?.models.find(({ name }) => suits.test(name)) ??
    provider?.models[0];
  const filter = { ...scopes[scope], ...(department === '' ? {} : { department: [department] }) };
  const name = picked.name.trim() || `${say('name')} ${model?.name ?? ''}`;
  const body = { name, filter, providerId: provider?.id, model: model?.name, settings };
  if (choices.error) return <ErrorState error={choices.error} onRetry={choices.refetch} />;
  return (
    <Box sx={{ display: 'grid', gap: 2, maxWidth: 880 }}>
      <PageHeader title={say('create')} lead={say('create_lead')} />
      {choices.isPending ? (
        <RowsSkeleton rows={8} />
      ) : (
        <>
          <Section title={say('step_prompts')}>
            <PromptScope
              scopes={Object.keys(scopes).map((key) => ({ key, name: say(`scopes.${key}`) }))}
              label={say('scope')}
              facets={choices.facets}
              {...{ scope, department }}
              onScope={setScope}
              onDepartment={setDepartment}
            />
          </Section>
          <Section title={say('step_model')}>
            <ModelChoice
              providers={choices.providers}
              provider={provider}
              model={model}
              onChange={(providerId, name) => setPicked({ ...picked, providerId, model: name })}
            />
          </Section>
          <Section title={say('step_how')}>
            {children}
            <TextField
              size="small"
              label={translate('resources.llm-jobs.fields.name')}
              value={picked.name}
              placeholder={`${say('name')} ${model?.name ?? ''}`}
              onChange={(event) => setPicked({ ...picked, name: event.target.value })}
            />
            <EstimateAndStart resource={resource} body={provider && model ? body : null} />
          </Section>
        </>
      )}
    </Box>
  );
}
