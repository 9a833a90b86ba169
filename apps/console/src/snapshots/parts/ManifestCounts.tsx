import Box from '@mui/material/Box';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import type { SnapshotManifest } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';
import { Count } from '../../components/Count';
import { percent } from '../snapshot-model';
import { Section } from '../../components/Section';

const tables = ['split', 'data_set', 'department', 'source', 'licence'] as const;
type TableName = (typeof tables)[number];

function CountTable({ name, manifest }: { name: TableName; manifest: SnapshotManifest }) {
  const translate = useTranslate();
  const words = (key: string) => translate(`resources.snapshots.${key}`);
  const value = (key: string): string => {
    if (key === '') return words('unknown');
    if (name === 'split') return words(`splits.${key}`);
    return name === 'data_set' ? translate(`resources.records.data_sets.${key}`, { _: key }) : key;
  };
  const rows = Object.entries(manifest.counts[name]).sort(([, a], [, b]) => b - a);
  return (
    <Table size="small" sx={{ width: 'auto', minWidth: 280, alignSelf: 'start' }}>
      <TableHead>
        <TableRow>
          <TableCell>{words(`count_tables.${name}`)}</TableCell>
          <TableCell align="right">{words('rows')}</TableCell>
          <TableCell align="right">{words('share')}</TableCell>
        </TableRow>
      </TableHead>
      <TableBody>
        {rows.map(([key, count]) => (
          <TableRow key={key}>
            <TableCell component="th" scope="row" sx={{ wordBreak: 'break-word', maxWidth: '20em' }}>
              {value(key)}
            </TableCell>
            <TableCell align="right">
              <Count value={count} />
            </TableCell>
            <TableCell align="right">{percent(count / Math.max(1, manifest.counts.rows))} %</TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

/** The manifest's counts, a table each. */
export function ManifestCounts({ manifest }: { manifest: SnapshotManifest }) {
  const translate = useTranslate();
  const uses = manifest.allowed_use.map((use) => translate(`resources.snapshots.uses.${use}`)).join(' · ');
  return (
    <Section title={translate('resources.snapshots.counts')}>
      <Box sx={{ color: 'text.secondary' }}>
        {translate('resources.snapshots.allowed_use')}：{uses || '—'}
      </Box>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 3, overflowX: 'auto' }}>
        {tables.map((name) => (
          <CountTable key={name} name={name} manifest={manifest} />
        ))}
      </Box>
    </Section>
  );
}
