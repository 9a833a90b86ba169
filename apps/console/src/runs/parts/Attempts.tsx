import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableRow from '@mui/material/TableRow';
import type { RunDetail } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';
import { Section } from '../../components/Section';
import { When } from '../../components/When';

/** Every process that worked on the run, and from where it went on. */
export function Attempts({ run }: { run: RunDetail }) {
  const translate = useTranslate();
  const words = (key: string, values?: object) => translate(`resources.runs.${key}`, values);
  if (run.attemptList.length === 0) return null;
  return (
    <Section title={words('attempts')}>
      <Table size="small">
        <TableBody>
          {run.attemptList.map(({ n, state, resumedFromStep, exitCode, startedAt, endedAt }) => (
            <TableRow key={n}>
              <TableCell sx={{ whiteSpace: 'nowrap' }}>{words('attempt', { n })}</TableCell>
              <TableCell>
                {words(`attempt_states.${state}`)}
                {exitCode !== null && exitCode !== 0 && ` · ${words('exit_code', { code: exitCode })}`}
              </TableCell>
              <TableCell>
                {resumedFromStep === null ? words('from_start') : words('resumed_from', { step: resumedFromStep })}
              </TableCell>
              <TableCell>
                <When at={startedAt} /> – <When at={endedAt} />
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Section>
  );
}
