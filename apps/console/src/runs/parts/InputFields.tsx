import MenuItem from '@mui/material/MenuItem';
import TextField from '@mui/material/TextField';
import type { ListReply, ModelView, RunView, Snapshot } from '@qingnang/contracts';
import { useQuery } from '@tanstack/react-query';
import { useTranslate } from 'react-admin';
import { api } from '../../providers/http';
import { projectPath } from '../../session/project';
import { kindFor, policyStages, type RunForm } from '../run-model';
import type { Faults } from '../useFaults';

interface Choice {
  id: string;
  label: string;
}

interface FieldProps {
  label: string;
  value: string;
  onChange(value: string): void;
  /** `undefined` while they are being read. */
  choices: Choice[] | undefined;
  /** Said where there is nothing to choose from. */
  none: string;
  fault: string | undefined;
}

function OneOf({ label, value, onChange, choices, none, fault }: FieldProps) {
  const known = choices?.some(({ id }) => id === value) ?? false;
  // What a schedule names stays readable though it is not offered any more, or not yet.
  const shown = value !== '' && !known && choices ? [{ id: value, label: value }, ...choices] : (choices ?? []);
  return (
    <TextField
      select
      label={label}
      // A choice without an id is one to be read, too.
      slotProps={
        choices?.some(({ id }) => id === '') ? { select: { displayEmpty: true }, inputLabel: { shrink: true } } : {}
      }
      value={shown.some(({ id }) => id === value) ? value : ''}
      disabled={shown.length === 0}
      error={fault !== undefined}
      helperText={fault ?? (choices?.length === 0 ? none : undefined)}
      onChange={(event) => onChange(event.target.value)}
    >
      {shown.map((choice) => (
        <MenuItem key={choice.id} value={choice.id}>
          {choice.label}
        </MenuItem>
      ))}
    </TextField>
  );
}

const newest = (names: string[], words: (name: string) => string): Choice[] =>
  [...new Set(names)].map((name) => ({ id: `${name}@latest`, label: words(name) }));

function useModels(stages: readonly string[], byName: boolean): Choice[] | undefined {
  const translate = useTranslate();
  const { data: models } = useQuery({
    queryKey: ['models', 'choices'],
    queryFn: async () => (await api.get<ListReply<ModelView>>(projectPath('/models'), { perPage: 200 })).data.items,
  });
  const { data: runs } = useQuery({
    queryKey: ['runs', 'choices', 'succeeded'],
    enabled: byName,
    queryFn: async () =>
      (await api.get<ListReply<RunView>>(projectPath('/runs'), { state: 'succeeded', perPage: 200 })).data.items,
  });
  const fitting = models?.filter(({ stage, state }) => stages.includes(stage) && state === 'registered');
  if (!byName) return fitting?.map(({ id, name }) => ({ id, label: name }));
  if (!fitting || !runs) return undefined;
  const made = runs.filter(({ method }) => stages.includes(method)).map(({ name }) => name);
  return [
    ...newest(made, (name) => translate('resources.runs.newest_model', { name })),
    ...fitting.map(({ name }) => ({ id: name, label: name })),
  ];
}

function useSnapshots(kind: string, byName: boolean): Choice[] | undefined {
  const translate = useTranslate();
  const { data } = useQuery({
    queryKey: ['snapshots', 'choices', kind],
    queryFn: async () =>
      (await api.get<ListReply<Snapshot>>(projectPath('/snapshots'), { kind, perPage: 200 })).data.items,
  });
  const fitting = data?.filter(({ state }) => state === 'frozen' || state === 'released');
  const named = fitting?.map(({ id, name, version }) => ({
    id: byName ? `${name}@${version}` : id,
    label: `${name} v${version}`,
  }));
  if (!byName || !fitting || !named) return named;
  const names = fitting.map(({ name }) => name);
  return [...newest(names, (name) => translate('resources.runs.newest_version', { name })), ...named];
}

interface Props {
  form: RunForm;
  change(part: Partial<RunForm>): void;
  faults: Faults;
  /** Inputs are named rather than fixed: the newest version may be chosen, and means something newer each time. */
  byName?: boolean;
}

/** Snapshot and models that the method reads. */
export function InputFields({ form, change, faults, byName = false }: Props) {
  const translate = useTranslate();
  const words = (key: string) => translate(`resources.runs.${key}`);
  const snapshots = useSnapshots(kindFor[form.method], byName);
  const policies = useModels(policyStages, byName);
  const rewards = useModels(['reward'], byName);
  return (
    <>
      <OneOf
        label={words('data')}
        fault={faults['inputs.data']}
        value={form.data}
        choices={snapshots}
        none={words('no_snapshots')}
        onChange={(data) => change({ data })}
      />
      <OneOf
        label={words('policy')}
        fault={faults['inputs.policy']}
        value={form.policy}
        // SFT alone may begin with nothing.
        choices={form.method === 'sft' ? policies && [{ id: '', label: words('from_nothing') }, ...policies] : policies}
        none={words('no_models')}
        onChange={(policy) => change({ policy })}
      />
      {form.method === 'ppo' && (
        <OneOf
          label={words('reward')}
          fault={faults['inputs.reward']}
          value={form.reward}
          choices={rewards}
          none={words('no_models')}
          onChange={(reward) => change({ reward })}
        />
      )}
    </>
  );
}
