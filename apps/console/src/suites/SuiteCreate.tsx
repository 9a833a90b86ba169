import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import FormControlLabel from '@mui/material/FormControlLabel';
import Radio from '@mui/material/Radio';
import RadioGroup from '@mui/material/RadioGroup';
import TextField from '@mui/material/TextField';
import type { CreateSuite, SuiteView } from '@qingnang/contracts';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useNotify, useTranslate } from 'react-admin';
import { useNavigate } from 'react-router-dom';
import { Section } from '../components/Section';
import { PageHeader } from '../listing/PageHeader';
import { api } from '../providers/http';
import { projectPath } from '../session/project';
import { SnapshotFields } from './SnapshotFields';
import { emptySuite, questionsOf, suiteBody, tenQuestions, type SuiteForm } from './suite-model';

function useSave() {
  const translate = useTranslate();
  const notify = useNotify();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: async (body: CreateSuite) => (await api.post<SuiteView>(projectPath('/suites'), body)).data,
    onSuccess: (made) => {
      notify(translate('resources.suites.saved'));
      navigate(`/suites/${made.id}/show`);
    },
    onError: (error: Error) => notify(error.message, { type: 'error' }),
  });
}

function WrittenFields({ form, change }: { form: SuiteForm; change(part: Partial<SuiteForm>): void }) {
  const translate = useTranslate();
  return (
    <>
      <TextField
        label={translate('resources.suites.questions')}
        value={form.text}
        multiline
        minRows={6}
        helperText={translate('resources.suites.written', { n: questionsOf(form.text).length })}
        onChange={(event) => change({ text: event.target.value })}
      />
      <Button onClick={() => change({ text: tenQuestions.join('\n') })} sx={{ justifySelf: 'start' }}>
        {translate('resources.suites.ten')}
      </Button>
    </>
  );
}

export default function SuiteCreate() {
  const translate = useTranslate();
  const words = (key: string) => translate(`resources.suites.${key}`);
  const [form, setForm] = useState<SuiteForm>(emptySuite);
  const change = (part: Partial<SuiteForm>) => setForm((before) => ({ ...before, ...part }));
  const save = useSave();
  const body = suiteBody(form);
  return (
    <Box sx={{ display: 'grid', gap: 2, maxWidth: 880 }}>
      <PageHeader title={words('create')} />
      <Section title={words('from')}>
        <TextField
          label={words('fields.name')}
          value={form.name}
          slotProps={{ htmlInput: { maxLength: 100 } }}
          onChange={(event) => change({ name: event.target.value })}
        />
        <RadioGroup
          aria-label={words('from')}
          value={form.from}
          onChange={(event) => change({ from: event.target.value as SuiteForm['from'] })}
        >
          <FormControlLabel value="snapshot" control={<Radio size="small" />} label={words('from_snapshot')} />
          <FormControlLabel value="text" control={<Radio size="small" />} label={words('from_text')} />
        </RadioGroup>
        {form.from === 'snapshot' ? (
          <SnapshotFields form={form} change={change} />
        ) : (
          <WrittenFields form={form} change={change} />
        )}
        <Button
          variant="contained"
          disabled={body === null || save.isPending}
          onClick={() => body && save.mutate(body)}
          sx={{ justifySelf: 'start' }}
        >
          {words('save')}
        </Button>
      </Section>
    </Box>
  );
}
