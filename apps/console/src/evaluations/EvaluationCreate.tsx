import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import MenuItem from '@mui/material/MenuItem';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import type { CreateEvaluation, EvaluationView } from '@qingnang/contracts';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useNotify, useTranslate } from 'react-admin';
import { Link, useNavigate, useSearchParams } from 'react-router-dom';
import { Section } from '../components/Section';
import { PageHeader } from '../listing/PageHeader';
import { api } from '../providers/http';
import { projectPath } from '../session/project';
import { evaluationBody, type EvaluationForm } from './evaluation-model';
import { useChoices } from './parts/useChoices';

function useStart() {
  const translate = useTranslate();
  const notify = useNotify();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: async (body: CreateEvaluation) =>
      (await api.post<EvaluationView>(projectPath('/evaluations'), body)).data,
    onSuccess: (made) => {
      notify(translate('resources.evaluations.started'));
      navigate(`/evaluations/${made.id}/show`);
    },
    onError: (error: Error) => notify(error.message, { type: 'error' }),
  });
}

interface OneOfProps {
  label: string;
  value: string;
  choices: { id: string; label: string }[] | undefined;
  none?: string;
  onChange(id: string): void;
}

function OneOf({ label, value, choices, none, onChange }: OneOfProps) {
  return (
    <TextField
      select
      label={label}
      value={choices?.some(({ id }) => id === value) ? value : ''}
      helperText={choices?.length === 0 ? none : undefined}
      onChange={(event) => onChange(event.target.value)}
    >
      {(choices ?? []).map((choice) => (
        <MenuItem key={choice.id} value={choice.id}>
          {choice.label}
        </MenuItem>
      ))}
    </TextField>
  );
}

export default function EvaluationCreate() {
  const translate = useTranslate();
  const words = (key: string, values?: object) => translate(`resources.evaluations.${key}`, values);
  const [query] = useSearchParams();
  const { suites, models, judges } = useChoices();
  const asked = {
    name: '',
    suiteId: query.get('suite') ?? '',
    modelA: query.get('a') ?? '',
    modelB: query.get('b') ?? '',
  };
  const [form, setForm] = useState<EvaluationForm>({ ...asked, judge: '' });
  const change = (part: Partial<EvaluationForm>) => setForm((before) => ({ ...before, ...part }));
  const nameOf = (id: string) => models?.find((each) => each.id === id)?.label ?? '…';
  const versus = words('versus', { a: nameOf(form.modelA), b: nameOf(form.modelB) });
  const start = useStart();
  const body = evaluationBody(form, versus);
  const judge = form.judge || (judges?.find(({ id }) => id.endsWith('/rehearsal-judge'))?.id ?? '');
  return (
    <Box sx={{ display: 'grid', gap: 2, maxWidth: 880 }}>
      <PageHeader title={words('create')} lead={words('lead')} />
      <Section title={versus}>
        <OneOf
          label={words('suite')}
          value={form.suiteId}
          choices={suites}
          none={words('no_suites')}
          onChange={(suiteId) => change({ suiteId })}
        />
        {suites?.length === 0 && (
          <Button component={Link} to="/suites/create" sx={{ justifySelf: 'start' }}>
            {words('new_suite')}
          </Button>
        )}
        <OneOf
          label={words('model_a')}
          value={form.modelA}
          choices={models}
          none={words('no_models')}
          onChange={(modelA) => change({ modelA })}
        />
        <OneOf
          label={words('model_b')}
          value={form.modelB}
          choices={models}
          onChange={(modelB) => change({ modelB })}
        />
        <OneOf label={words('judge')} value={judge} choices={judges} onChange={(id) => change({ judge: id })} />
        <TextField
          label={words('fields.name')}
          value={form.name}
          placeholder={versus}
          slotProps={{ htmlInput: { maxLength: 100 }, inputLabel: { shrink: true } }}
          onChange={(event) => change({ name: event.target.value })}
        />
        <Typography sx={{ color: 'text.secondary' }}>{words('never_pairs')}</Typography>
        <Button
          variant="contained"
          disabled={body === null || start.isPending}
          onClick={() => body && start.mutate(body)}
          sx={{ justifySelf: 'start' }}
        >
          {words('start')}
        </Button>
      </Section>
    </Box>
  );
}
