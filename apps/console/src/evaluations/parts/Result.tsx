import Box from '@mui/material/Box';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import Typography from '@mui/material/Typography';
import type { EvaluationSummary, EvaluationView } from '@qingnang/contracts';
import type { ReactNode } from 'react';
import { useTranslate } from 'react-admin';
import { Section } from '../../components/Section';
import { RehearsalMark } from '../../dialogue/RehearsalMark';
import { percent } from '../evaluation-model';
import { OutcomeBar } from './OutcomeBar';

function Figure({ label, value, hint }: { label: string; value: ReactNode; hint?: string }) {
  return (
    <Box>
      <Typography variant="caption" component="div" sx={{ color: 'text.secondary' }}>
        {label}
      </Typography>
      <Typography sx={{ fontVariantNumeric: 'tabular-nums', fontWeight: 600 }}>{value}</Typography>
      {hint && (
        <Typography variant="caption" sx={{ color: 'text.secondary' }}>
          {hint}
        </Typography>
      )}
    </Box>
  );
}

function Figures({ summary }: { summary: EvaluationSummary }) {
  const translate = useTranslate();
  const words = (key: string, values?: object) => translate(`resources.evaluations.${key}`, values);
  const interval = ([low, high]: readonly [number, number]) =>
    words('interval', { low: percent(low), high: percent(high) });
  const { winShare, winInterval, answerLength } = summary;
  return (
    <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: 'repeat(auto-fit, minmax(14em, 1fr))' }}>
      <Figure label={words('score')} value={percent(summary.score)} hint={interval(summary.scoreInterval)} />
      {winShare !== null && winInterval && (
        <Figure label={words('win_share')} value={percent(winShare)} hint={interval(winInterval)} />
      )}
      <Figure label={words('flip_rate')} value={percent(summary.flipRate)} hint={words('flip_hint')} />
      <Figure
        label={words('length')}
        value={words('lengths', { a: Math.round(answerLength.a), b: Math.round(answerLength.b) })}
      />
    </Box>
  );
}

/** Win, tie and loss with how sure they are, over all questions and by category. */
export function Result({ evaluation, summary }: { evaluation: EvaluationView; summary: EvaluationSummary }) {
  const translate = useTranslate();
  const words = (key: string, values?: object) => translate(`resources.evaluations.${key}`, values);
  return (
    <Section title={words('result')}>
      <RehearsalMark when={evaluation.rehearsal}>
        <Box sx={{ display: 'grid', gap: 2 }}>
          <Typography>{words('bar', { win: summary.win, tie: summary.tie, loss: summary.loss })}</Typography>
          <OutcomeBar summary={summary} />
          <Figures summary={summary} />
          {summary.missing > 0 && <Typography>{words('missing_hint', { n: summary.missing })}</Typography>}
        </Box>
      </RehearsalMark>
      {summary.byCategory.length > 1 && (
        <Table size="small" aria-label={words('by_category')}>
          <TableHead>
            <TableRow>
              <TableCell>{words('category')}</TableCell>
              <TableCell>{words('fields.summary')}</TableCell>
              <TableCell align="right">{words('flip')}</TableCell>
            </TableRow>
          </TableHead>
          <TableBody>
            {summary.byCategory.map((row) => (
              <TableRow key={row.category}>
                <TableCell>{row.category || words('no_category')}</TableCell>
                <TableCell>
                  <OutcomeBar summary={row} height={24} />
                </TableCell>
                <TableCell align="right">{row.flips}</TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      )}
    </Section>
  );
}
