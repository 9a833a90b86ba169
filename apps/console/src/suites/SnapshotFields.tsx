import Box from '@mui/material/Box';
import MenuItem from '@mui/material/MenuItem';
import TextField from '@mui/material/TextField';
import type { ListReply, Snapshot } from '@qingnang/contracts';
import { useQuery } from '@tanstack/react-query';
import { useTranslate } from 'react-admin';
import { api } from '../providers/http';
import { projectPath } from '../session/project';
import type { SuiteForm } from './suite-model';

interface Props {
  form: SuiteForm;
  change(part: Partial<SuiteForm>): void;
}

/** Which snapshot's held-out prompts, and how many of them. */
export function SnapshotFields({ form, change }: Props) {
  const translate = useTranslate();
  const words = (key: string) => translate(`resources.suites.${key}`);
  const { data } = useQuery({
    queryKey: ['snapshots', 'choices', 'prompts'],
    queryFn: async () =>
      (await api.get<ListReply<Snapshot>>(projectPath('/snapshots'), { kind: 'prompts', perPage: 200 })).data.items,
  });
  const frozen = data?.filter(({ state }) => state === 'frozen' || state === 'released');
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 2 }}>
      <TextField
        select
        label={words('snapshot')}
        value={frozen?.some(({ id }) => id === form.snapshotId) ? form.snapshotId : ''}
        helperText={frozen?.length === 0 ? words('no_snapshot') : undefined}
        onChange={(event) => change({ snapshotId: event.target.value })}
        sx={{ flex: '2 1 16em' }}
      >
        {(frozen ?? []).map(({ id, name, version }) => (
          <MenuItem key={id} value={id}>
            {name} v{version}
          </MenuItem>
        ))}
      </TextField>
      <TextField
        select
        label={words('split')}
        value={form.split}
        onChange={(event) => change({ split: event.target.value as SuiteForm['split'] })}
        sx={{ flex: '1 1 8em' }}
      >
        {(['test', 'validation'] as const).map((split) => (
          <MenuItem key={split} value={split}>
            {words(`splits.${split}`)}
          </MenuItem>
        ))}
      </TextField>
      <TextField
        label={words('count')}
        value={form.count}
        slotProps={{ htmlInput: { inputMode: 'numeric', maxLength: 4 } }}
        onChange={(event) => change({ count: event.target.value })}
        sx={{ flex: '1 1 6em' }}
      />
    </Box>
  );
}
