import Box from '@mui/material/Box';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import Typography from '@mui/material/Typography';
import type { EvaluationSummary, EvaluationView, JudgeView } from '@qingnang/contracts';
import type { ReactNode } from 'react';
import { useTranslate } from 'react-admin';
import { Section } from '../../components/Section';
import { RehearsalMark } from '../../dialogue/RehearsalMark';
import { percent } from '../evaluation-model';
import { judgeName } from './judge-name';
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

function Figures({ summary, model }: { summary: EvaluationSummary; model: boolean }) {
  const translate = useTranslate();
  const words = (key: string, values?: object) => translate(`resources.evaluations.${key}`, values);
  const interval = ([low, high]: readonly [number, number]) =>
    words('interval', { low: percent(low), high: percent(high) });
  const { winShare, winInterval, answerLength } = summary;
  return (
    <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: 'repeat(auto-fit, minmax(11em, 1fr))' }}>
      <Figure label={words('score')} value={percent(summary.score)} hint={interval(summary.scoreInterval)} />
      {winShare !== null && winInterval && (
        <Figure label={words('win_share')} value={percent(winShare)} hint={interval(winInterval)} />
      )}
      {model && <Figure label={words('flip_rate')} value={percent(summary.flipRate)} hint={words('flip_hint')} />}
      <Figure
        label={words('length')}
        value={words('lengths', { a: Math.round(answerLength.a), b: Math.round(answerLength.b) })}
      />
    </Box>
  );
}

/** What one judge says of a pair. */
function Said({ judge, summary }: { judge: JudgeView; summary: EvaluationSummary }) {
  const translate = useTranslate();
  const words = (key: string, values?: object) => translate(`resources.evaluations.${key}`, values);
  const { win, tie, loss, missing, bothBad } = summary;
  return (
    <Box sx={{ display: 'grid', gap: 1.5, minWidth: 0, alignContent: 'start' }}>
      <Typography sx={{ fontWeight: 600 }}>{judgeName(judge, translate)}</Typography>
      <Typography>{words('bar', { win, tie, loss })}</Typography>
      <OutcomeBar summary={summary} />
      <Figures summary={summary} model={judge.kind === 'model'} />
      {bothBad > 0 && <Typography>{words('both_bad_hint', { n: bothBad })}</Typography>}
      {missing > 0 && <Typography>{words('missing_hint', { n: missing })}</Typography>}
      {summary.byCategory.length > 1 && <Categories summary={summary} />}
    </Box>
  );
}

function Categories({ summary }: { summary: EvaluationSummary }) {
  const translate = useTranslate();
  const words = (key: string) => translate(`resources.evaluations.${key}`);
  return (
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
  );
}

/** A section for each pair of entrants, in which all judges stand side by side. */
export function Results({ evaluation }: { evaluation: EvaluationView }) {
  const translate = useTranslate();
  const { entrants, judges, results } = evaluation;
  const nameOf = (id: string) => entrants.find((entrant) => entrant.id === id)?.name ?? '';
  const pairs = results.judges[0]?.pairs ?? [];
  return pairs.map(({ a, b }, index) => (
    <Section key={`${a} ${b}`} title={translate('resources.evaluations.versus', { a: nameOf(a), b: nameOf(b) })}>
      <RehearsalMark when={evaluation.rehearsal}>
        <Box sx={{ display: 'grid', gap: 3, gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 20em), 1fr))' }}>
          {judges.map((judge) => {
            const said = results.judges.find(({ judgeId }) => judgeId === judge.id)?.pairs[index];
            return said && <Said key={judge.id} judge={judge} summary={said.summary} />;
          })}
        </Box>
      </RehearsalMark>
    </Section>
  ));
}
