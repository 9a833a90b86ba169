import MenuItem from '@mui/material/MenuItem';
import TextField from '@mui/material/TextField';
import type { ListReply, ModelView, Snapshot } from '@qingnang/contracts';
import { useQuery } from '@tanstack/react-query';
import { useTranslate } from 'react-admin';
import { api } from '../../providers/http';
import { projectPath } from '../../session/project';
import { kindFor, type RunForm } from '../run-model';

interface FieldProps {
  label: string;
  value: string;
  onChange(value: string): void;
  /** `undefined` while they are being read. */
  choices: { id: string; label: string }[] | undefined;
  /** Said where there is nothing to choose from. */
  none: string;
}

function OneOf({ label, value, onChange, choices, none }: FieldProps) {
  const known = choices?.some(({ id }) => id === value) ?? false;
  return (
    <TextField
      select
      label={label}
      value={known ? value : ''}
      disabled={choices?.length === 0}
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

function useModels(stages: readonly string[]) {
  const { data } = useQuery({
    queryKey: ['models', 'choices'],
    queryFn: async () => (await api.get<ListReply<ModelView>>(projectPath('/models'), { perPage: 200 })).data.items,
  });
  return data
    ?.filter(({ stage, state }) => stages.includes(stage) && state === 'registered')
    .map(({ id, name }) => ({ id, label: name }));
}

function useSnapshots(kind: string) {
  const { data } = useQuery({
    queryKey: ['snapshots', 'choices', kind],
    queryFn: async () =>
      (await api.get<ListReply<Snapshot>>(projectPath('/snapshots'), { kind, perPage: 200 })).data.items,
  });
  return data
    ?.filter(({ state }) => state === 'frozen' || state === 'released')
    .map(({ id, name, version }) => ({ id, label: `${name} v${version}` }));
}

/** Snapshot and models that the method reads. */
export function InputFields({ form, change }: { form: RunForm; change(part: Partial<RunForm>): void }) {
  const translate = useTranslate();
  const words = (key: string) => translate(`resources.runs.${key}`);
  const snapshots = useSnapshots(kindFor[form.method]);
  const policies = useModels(['sft', 'ppo']);
  const rewards = useModels(['reward']);
  return (
    <>
      <OneOf
        label={words('data')}
        value={form.data}
        choices={snapshots}
        none={words('no_snapshots')}
        onChange={(data) => change({ data })}
      />
      {form.method !== 'sft' && (
        <OneOf
          label={words('policy')}
          value={form.policy}
          choices={policies}
          none={words('no_models')}
          onChange={(policy) => change({ policy })}
        />
      )}
      {form.method === 'ppo' && (
        <OneOf
          label={words('reward')}
          value={form.reward}
          choices={rewards}
          none={words('no_models')}
          onChange={(reward) => change({ reward })}
        />
      )}
    </>
  );
}
