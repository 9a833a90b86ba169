import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import FormControlLabel from '@mui/material/FormControlLabel';
import FormHelperText from '@mui/material/FormHelperText';
import Radio from '@mui/material/Radio';
import RadioGroup from '@mui/material/RadioGroup';
import TextField from '@mui/material/TextField';
import type { CreateSnapshot, SnapshotDetail } from '@qingnang/contracts';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useNotify, useTranslate } from 'react-admin';
import { useNavigate } from 'react-router-dom';
import { PageHeader } from '../listing/PageHeader';
import { api } from '../providers/http';
import { projectPath } from '../session/project';
import { PreviewPanel } from './parts/PreviewPanel';
import { RecordFields } from './parts/RecordFields';
import { RuleFields } from './parts/RuleFields';
import { Section } from '../components/Section';
import { usePreview } from './parts/usePreview';
import { bodyOf, emptyForm, nameIsGood, nameOf, type FrozenKind, type SnapshotForm } from './snapshot-model';

const kinds: FrozenKind[] = ['sft', 'preference', 'prompts'];

function useFreeze() {
  const translate = useTranslate();
  const notify = useNotify();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: async (body: CreateSnapshot) => (await api.post<SnapshotDetail>(projectPath('/snapshots'), body)).data,
    onSuccess: (made) => {
      notify(translate('resources.snapshots.ordered'));
      navigate(`/snapshots/${made.id}/show`);
    },
    onError: (error: Error) => notify(error.message, { type: 'error' }),
  });
}

interface PartProps {
  form: SnapshotForm;
  change(part: Partial<SnapshotForm>): void;
}

function WhatFields({ form, change }: PartProps) {
  const translate = useTranslate();
  const words = (key: string) => translate(`resources.snapshots.${key}`);
  return (
    <>
      <RadioGroup
        aria-label={words('fields.kind')}
        value={form.kind}
        onChange={(event) => change({ kind: event.target.value as FrozenKind })}
      >
        {kinds.map((kind) => (
          <Box key={kind}>
            <FormControlLabel value={kind} control={<Radio size="small" />} label={words(`kinds.${kind}`)} />
            <FormHelperText sx={{ mt: -0.5, ml: 4 }}>{words(`kind_hints.${kind}`)}</FormHelperText>
          </Box>
        ))}
      </RadioGroup>
      <TextField
        label={words('fields.name')}
        value={form.name}
        placeholder={nameOf(form)}
        error={!nameIsGood(form)}
        helperText={words(nameIsGood(form) ? 'name_hint' : 'name_bad')}
        slotProps={{ htmlInput: { maxLength: 100, spellCheck: false }, inputLabel: { shrink: true } }}
        onChange={(event) => change({ name: event.target.value })}
      />
    </>
  );
}

/** Kind, records, splits, a count of what that gives, freeze: one page. */
export default function SnapshotCreate() {
  const translate = useTranslate();
  const words = (key: string) => translate(`resources.snapshots.${key}`);
  const [form, setForm] = useState<SnapshotForm>(emptyForm);
  const change = (part: Partial<SnapshotForm>) => setForm((before) => ({ ...before, ...part }));
  const body = bodyOf(form);
  const preview = usePreview(body);
  const freeze = useFreeze();
  const ready = body !== null && nameIsGood(form) && preview.isCurrent && (preview.data?.rows ?? 0) > 0;
  return (
    <Box sx={{ display: 'grid', gap: 2, maxWidth: 880 }}>
      <PageHeader title={words('create')} />
      <Section title={words('step_what')}>
        <WhatFields form={form} change={change} />
      </Section>
      <Section title={words('step_records')}>
        <RecordFields filter={form.filter} onFilter={(filter) => change({ filter })} />
      </Section>
      <Section title={words('step_split')}>
        <RuleFields form={form} change={change} />
      </Section>
      <Section title={words('step_preview')}>
        <PreviewPanel
          preview={preview.data}
          error={preview.error}
          onRetry={() => void preview.refetch()}
          includeRehearsal={form.includeRehearsal}
        />
        <Button
          variant="contained"
          disabled={!ready || freeze.isPending}
          onClick={() => body && freeze.mutate({ ...body, name: nameOf(form) })}
          sx={{ justifySelf: 'start' }}
        >
          {words('freeze')}
        </Button>
      </Section>
    </Box>
  );
}
