import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import MenuItem from '@mui/material/MenuItem';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import type { Split } from '@qingnang/contracts';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { Section } from '../../components/Section';
import { useDownload } from './useDownload';

/** The rows in a format that other trainers read, with the count of those it cannot say. */
export function ShareGptExport({ snapshotId }: { snapshotId: string }) {
  const translate = useTranslate();
  const words = (key: string, values?: object) => translate(`resources.snapshots.${key}`, values);
  const [split, setSplit] = useState<Split | ''>('');
  const download = useDownload(snapshotId);
  const skipped = download.data?.unwritable;
  return (
    <Section title={words('sharegpt')}>
      <Typography sx={{ color: 'text.secondary' }}>{words('sharegpt_hint')}</Typography>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 2, alignItems: 'center' }}>
        <TextField
          select
          label={words('fields.split')}
          value={split}
          onChange={(event) => setSplit(event.target.value as Split | '')}
          slotProps={{ select: { displayEmpty: true }, inputLabel: { shrink: true } }}
          sx={{ minWidth: 140 }}
        >
          <MenuItem value="">{words('sharegpt_all')}</MenuItem>
          {(['train', 'validation', 'test'] as const).map((name) => (
            <MenuItem key={name} value={name}>
              {words(`splits.${name}`)}
            </MenuItem>
          ))}
        </TextField>
        <Button
          variant="outlined"
          disabled={download.isPending}
          onClick={() => download.mutate({ format: 'sharegpt', ...(split === '' ? {} : { split }) })}
        >
          {words('sharegpt_go')}
        </Button>
      </Box>
      <Box role="status" sx={{ '&:empty': { display: 'none' } }}>
        {skipped === undefined
          ? null
          : skipped === 0
            ? words('sharegpt_done')
            : words('sharegpt_skipped', { n: skipped })}
      </Box>
    </Section>
  );
}
