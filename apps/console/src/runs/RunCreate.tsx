import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import TextField from '@mui/material/TextField';
import type { CreateRun, RunDetail, RunMethod, Snapshot, SnapshotDetail } from '@qingnang/contracts';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNotify, useTranslate } from 'react-admin';
import { useNavigate, useSearchParams } from 'react-router-dom';
import { Section } from '../components/Section';
import { PageHeader } from '../listing/PageHeader';
import { RowsSkeleton } from '../listing/RowsSkeleton';
import { api } from '../providers/http';
import { projectPath } from '../session/project';
import { MethodField } from './parts/MethodField';
import { InputFields } from './parts/InputFields';
import { SettingFields } from './parts/SettingFields';
import { bodyOf, emptyForm, kindFor, methods, nameOf, presetsFor, type RunForm } from './run-model';
import { useFaults } from './useFaults';

function useStart(refuse: (error: Error) => void) {
  const translate = useTranslate();
  const notify = useNotify();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: async (body: CreateRun) => (await api.post<RunDetail>(projectPath('/runs'), body)).data,
    onSuccess: (made) => {
      notify(translate('resources.runs.started'));
      navigate(`/runs/${made.id}/show`);
    },
    onError: (error: Error) => {
      refuse(error);
      notify(error.message, { type: 'error' });
    },
  });
}

/** A link from a snapshot brings its id; what it is decides the method. */
function useAskedSnapshot(): { ready: boolean; method: RunMethod; data: string } {
  const [query] = useSearchParams();
  const id = query.get('snapshot');
  const { data, isPending } = useQuery({
    queryKey: ['snapshots', 'asked', id],
    queryFn: async () => (await api.get<SnapshotDetail | Snapshot>(projectPath(`/snapshots/${id}`))).data,
    enabled: id !== null,
    retry: false,
  });
  const method = methods.find((each) => kindFor[each] === data?.kind) ?? 'sft';
  return { ready: id === null || !isPending, method, data: data ? data.id : '' };
}

export default function RunCreate() {
  const asked = useAskedSnapshot();
  if (!asked.ready) return <RowsSkeleton rows={6} />;
  return <RunFormPage method={asked.method} data={asked.data} />;
}

function RunFormPage({ method, data }: { method: RunMethod; data: string }) {
  const translate = useTranslate();
  const words = (key: string) => translate(`resources.runs.${key}`);
  const [form, setForm] = useState<RunForm>(() => emptyForm(method, data));
  const change = (part: Partial<RunForm>) => setForm((before) => ({ ...before, ...part }));
  const { faults, check, refuse } = useFaults(form);
  const start = useStart(refuse);
  const body = bodyOf(form);
  return (
    <Box sx={{ display: 'grid', gap: 2, maxWidth: 880 }}>
      <PageHeader title={words('create')} />
      <Section title={words('step_what')}>
        <MethodField
          value={form.method}
          onChange={(chosen) => change({ method: chosen, preset: presetsFor(chosen)[0]!, data: '', policy: '' })}
        />
        <TextField
          label={words('fields.name')}
          value={form.name}
          placeholder={nameOf(form)}
          error={faults.name !== undefined}
          helperText={faults.name}
          slotProps={{ htmlInput: { maxLength: 100 }, inputLabel: { shrink: true } }}
          onChange={(event) => change({ name: event.target.value })}
        />
      </Section>
      <Section title={words('step_inputs')}>
        <InputFields form={form} change={change} faults={faults} />
      </Section>
      <Section title={words('step_settings')}>
        <SettingFields form={form} change={change} faults={faults} />
        <Button
          variant="contained"
          disabled={body === null || start.isPending}
          onClick={() => body && check() && start.mutate(body)}
          sx={{ justifySelf: 'start' }}
        >
          {words('start')}
        </Button>
      </Section>
    </Box>
  );
}
