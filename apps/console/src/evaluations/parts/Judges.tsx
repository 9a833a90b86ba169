import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import Typography from '@mui/material/Typography';
import type { EvaluationView, JudgeView } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';
import { Section } from '../../components/Section';
import { TextLink } from '../../components/TextLink';
import { useMayDo } from '../../session/useMayDo';
import { judgeName } from './judge-name';
import { useEvaluationAct } from './useEvaluationAct';

/** Who is done, and who is not. */
function People({ people }: { people: JudgeView['people'] }) {
  const translate = useTranslate();
  const words = (key: string) => translate(`resources.evaluations.${key}`);
  if (people.length === 0) return <Typography>{words('nobody')}</Typography>;
  return (
    <Table size="small" aria-label={words('people')}>
      <TableHead>
        <TableRow>
          <TableCell>{words('person')}</TableCell>
          <TableCell align="right">{words('person_done')}</TableCell>
          <TableCell align="right">{words('person_waiting')}</TableCell>
        </TableRow>
      </TableHead>
      <TableBody>
        {people.map(({ id, name, answered, waiting }) => (
          <TableRow key={id}>
            <TableCell>{name}</TableCell>
            <TableCell align="right">{answered}</TableCell>
            <TableCell align="right">{waiting}</TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

function Doctors({ evaluation, judge }: { evaluation: EvaluationView; judge: JudgeView }) {
  const translate = useTranslate();
  const may = useMayDo()('evaluations', 'run');
  const { act, isPending } = useEvaluationAct(evaluation.id);
  const what = evaluation.state === 'judging' ? 'doctors/finish' : 'doctors/ask';
  const open = evaluation.state === 'judging' || (evaluation.state === 'done' && judge.done < judge.wanted);
  return (
    <>
      <People people={judge.people} />
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'center' }}>
        <TextLink to={`/task-sets/${judge.taskSetId}`}>{translate('resources.evaluations.open_set')}</TextLink>
        {may && open && (
          <Button variant="outlined" disabled={isPending} onClick={() => act(what)}>
            {translate(`resources.evaluations.${what === 'doctors/finish' ? 'finish_doctors' : 'ask_again'}`)}
          </Button>
        )}
      </Box>
    </>
  );
}

/** Who judges, and how far they are. */
export function Judges({ evaluation }: { evaluation: EvaluationView }) {
  const translate = useTranslate();
  return (
    <Section title={translate('resources.evaluations.judges')}>
      {evaluation.judges.map((judge) => (
        <Box key={judge.id} sx={{ display: 'grid', gap: 1 }}>
          <Typography>
            {judgeName(judge, translate)} ·{' '}
            {translate('resources.evaluations.judged', { done: judge.done, wanted: judge.wanted })}
          </Typography>
          {judge.taskSetId && <Doctors evaluation={evaluation} judge={judge} />}
        </Box>
      ))}
    </Section>
  );
}
