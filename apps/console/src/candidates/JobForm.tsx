import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import MenuItem from '@mui/material/MenuItem';
import TextField from '@mui/material/TextField';
import { useState, type ReactNode } from 'react';
import { useTranslate } from 'react-admin';
import { ErrorState } from '../listing/ErrorState';
import { PageHeader } from '../listing/PageHeader';
import { RowsSkeleton } from '../listing/RowsSkeleton';
import { ModelChoice } from '../polish-job/ModelChoice';
import { Section } from '../components/Section';
import { useChoices } from '../polish-job/useChoices';
import { Estimated } from './Estimated';
import { useWrittenJob } from './useWrittenJob';

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
  const { job, write, start } = useWrittenJob(resource);
  const filter = { ...scopes[scope], ...(department === '' ? {} : { department: [department] }) };
  const name = picked.name.trim() || `${say('name')} ${model?.name ?? ''}`;
  const body = { name, filter, providerId: provider?.id, model: model?.name, settings };
  // The estimate is of these very choices; after a change it is asked for again.
  const told = JSON.stringify(body);
  const [asked, setAsked] = useState('');
  const current = job !== null && asked === told;
  const estimate = () => {
    setAsked(told);
    write.mutate(body);
  };
  if (choices.error) return <ErrorState error={choices.error} onRetry={choices.refetch} />;
  return (
    <Box sx={{ display: 'grid', gap: 2, maxWidth: 880 }}>
      <PageHeader title={say('create')} lead={say('create_lead')} />
      {choices.isPending ? (
        <RowsSkeleton rows={8} />
      ) : (
        <>
          <Section title={say('step_prompts')}>
            <TextField
              select
              size="small"
              label={say('scope')}
              value={scope}
              onChange={(event) => setScope(event.target.value)}
            >
              {Object.keys(scopes).map((key) => (
                <MenuItem key={key} value={key}>
                  {say(`scopes.${key}`)}
                </MenuItem>
              ))}
            </TextField>
            <TextField
              select
              size="small"
              label={translate('resources.prompts.fields.department')}
              value={department}
              onChange={(event) => setDepartment(event.target.value)}
            >
              <MenuItem value="">{translate('resources.prompts.all_departments')}</MenuItem>
              {choices.facets?.departments.map(({ value }) =>
                value === null ? null : (
                  <MenuItem key={value} value={value}>
                    {value}
                  </MenuItem>
                ),
              )}
            </TextField>
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
            {current && job.estimate && <Estimated estimate={job.estimate} />}
            <Box sx={{ display: 'flex', gap: 1 }}>
              <Button
                variant={current ? 'outlined' : 'contained'}
                disabled={!provider || !model || write.isPending || current}
                onClick={estimate}
              >
                {translate('resources.candidates.estimate')}
              </Button>
              {current && (
                <Button
                  variant="contained"
                  disabled={start.isPending || job.estimate?.calls === 0}
                  onClick={() => start.mutate(job.id)}
                >
                  {translate('resources.candidates.start')}
                </Button>
              )}
            </Box>
          </Section>
        </>
      )}
    </Box>
  );
}
