import Box from '@mui/material/Box';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import type { LayoutDetection, ReadPlan } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';
import { roleOfColumn } from './plan-model';

interface Props {
  detection: LayoutDetection;
  plan: ReadPlan;
}

/** First rows as they will be read, each column under what it is taken for. */
export function SampleTable({ detection: { header, sampleRows }, plan }: Props) {
  const translate = useTranslate();
  return (
    <Box sx={{ overflowX: 'auto', border: 1, borderColor: 'divider', borderRadius: 1 }} tabIndex={0}>
      <Table size="small" aria-label={translate('resources.imports.sample')}>
        <TableHead>
          <TableRow>
            {header.map((column) => {
              const role = roleOfColumn(plan, column);
              return (
                <TableCell key={column} sx={{ verticalAlign: 'top' }}>
                  <Box sx={{ color: 'text.primary' }}>{column}</Box>
                  <Box sx={{ color: role ? 'primary.main' : 'text.secondary', fontWeight: 400 }}>
                    {role ? `→ ${translate(`resources.imports.columns.${role}`)}` : '–'}
                  </Box>
                </TableCell>
              );
            })}
          </TableRow>
        </TableHead>
        <TableBody>
          {sampleRows.map((cells, index) => (
            <TableRow key={index}>
              {header.map((column, at) => (
                <TableCell key={column} sx={{ verticalAlign: 'top', minWidth: '8em', maxWidth: '24em' }}>
                  <Box
                    sx={{ display: '-webkit-box', WebkitLineClamp: 4, WebkitBoxOrient: 'vertical', overflow: 'hidden' }}
                  >
                    {cells[at] ?? ''}
                  </Box>
                </TableCell>
              ))}
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Box>
  );
}
