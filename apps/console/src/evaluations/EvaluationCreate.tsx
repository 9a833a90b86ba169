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
import { emptyForm, evaluationBody, type EvaluationForm, nameOf, pairsOf } from './evaluation-model';
import { AnswersFile } from './parts/AnswersFile';
import { ChosenList } from './parts/ChosenList';
import { DoctorsField } from './parts/DoctorsField';
import { type Choices, useChoices } from './parts/useChoices';

interface PartProps {
  form: EvaluationForm;
  choices: Choices;
  onChange: (part: Partial<EvaluationForm>) => void;
}

const wordsIn = (translate: ReturnType<typeof useTranslate>) => (key: string, facts?: object) =>
  translate(`resources.evaluations.${key}`, facts);

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

function SuiteField({ form, choices: { suites }, onChange }: PartProps) {
  const words = wordsIn(useTranslate());
  return (
    <>
      <TextField
        select
        label={words('suite')}
        value={suites?.some(({ id }) => id === form.suiteId) ? form.suiteId : ''}
        helperText={suites?.length === 0 ? words('no_suites') : undefined}
        onChange={(event) => onChange({ suiteId: event.target.value })}
      >
        {(suites ?? []).map(({ id, label }) => (
          <MenuItem key={id} value={id}>
            {label}
          </MenuItem>
        ))}
      </TextField>
      {suites?.length === 0 && (
        <Button component={Link} to="/suites/create" sx={{ justifySelf: 'start' }}>
          {words('new_suite')}
        </Button>
      )}
    </>
  );
}

function Entrants({ form, choices, onChange }: PartProps) {
  const words = wordsIn(useTranslate());
  const { entrants, baseline } = form;
  // A baseline goes by its number, which another one may take.
  const change = (chosen: EvaluationForm['entrants']) => onChange({ entrants: chosen, baseline: 0 });
  return (
    <Section title={words('entrants')}>
      <ChosenList
        label={words('add_entrant')}
        chosen={entrants}
        choices={choices.entrants}
        none={words('no_models')}
        onChange={change}
      >
        <AnswersFile onAdd={(entrant) => change([...entrants, entrant])} />
      </ChosenList>
      <Typography variant="body2" sx={{ color: 'text.secondary' }}>
        {words('file_hint')}
      </Typography>
      {entrants.length > 2 && (
        <TextField
          select
          label={words('pairing')}
          value={baseline}
          onChange={(event) => onChange({ baseline: Number(event.target.value) })}
        >
          <MenuItem value={0}>{words('round_robin')}</MenuItem>
          {entrants.map(({ label }, index) => (
            <MenuItem key={`${label} ${index}`} value={index + 1}>
              {words('against', { name: label })}
            </MenuItem>
          ))}
        </TextField>
      )}
    </Section>
  );
}

/** Who answers, who judges: any number of each, models and people. */
export default function EvaluationCreate() {
  const words = wordsIn(useTranslate());
  const [query] = useSearchParams();
  const choices = useChoices();
  const [form, setForm] = useState<EvaluationForm>({ ...emptyForm, suiteId: query.get('suite') ?? '' });
  const change = (part: Partial<EvaluationForm>) => setForm((before) => ({ ...before, ...part }));
  const start = useStart();
  const body = evaluationBody(form);
  const questions = choices.suites?.find(({ id }) => id === form.suiteId)?.items ?? 0;
  const pairs = pairsOf(form) * questions;
  const part = { form, choices, onChange: change };
  return (
    <Box sx={{ display: 'grid', gap: 2, maxWidth: 880 }}>
      <PageHeader title={words('create')} lead={words('lead')} />
      <Section title={words('suite')}>
        <SuiteField {...part} />
        <TextField
          label={words('fields.name')}
          value={form.name}
          placeholder={nameOf(form)}
          slotProps={{ htmlInput: { maxLength: 100 }, inputLabel: { shrink: true } }}
          onChange={(event) => change({ name: event.target.value })}
        />
      </Section>
      <Entrants {...part} />
      <Section title={words('judges')}>
        <ChosenList
          label={words('add_judge')}
          chosen={form.judges}
          choices={choices.judges}
          onChange={(judges) => change({ judges })}
        />
        <DoctorsField form={form} onChange={change} />
      </Section>
      <Typography>
        {words('amount', {
          pairs,
          calls: 2 * pairs * form.judges.length,
          tasks: form.doctors ? pairs * form.overlap : 0,
        })}
      </Typography>
      <Typography sx={{ color: 'text.secondary' }}>{words('never_pairs')}</Typography>
      <Button
        variant="contained"
        disabled={body === null || start.isPending}
        onClick={() => body && start.mutate(body)}
        sx={{ justifySelf: 'start' }}
      >
        {words('start')}
      </Button>
    </Box>
  );
}
