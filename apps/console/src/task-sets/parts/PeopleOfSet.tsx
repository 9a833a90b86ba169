import Box from '@mui/material/Box';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import type { PersonProgress } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';
import { Count } from '../../components/Count';
import { Section } from '../../components/Section';
import { When } from '../../components/When';
import { useOfSet } from './useOfSet';

const verdicts = ['accept', 'edit', 'reject', 'ask_doctor', 'done'] as const;

/** How far each person is, and what they answered. */
export function PeopleOfSet({ setId }: { setId: string }) {
  const translate = useTranslate();
  const { data: people } = useOfSet<PersonProgress>(setId, 'people');
  const say = (key: string) => translate(`resources.task-sets.people.${key}`);
  if (!people) return null;
  const said = ({ verdicts: counts }: PersonProgress) =>
    verdicts
      .filter((verdict) => (counts[verdict] ?? 0) > 0)
      .map((verdict) => `${translate(`resources.work.verdicts.${verdict}`)} ${counts[verdict]}`)
      .join(' · ');
  return (
    <Section title={say('title')}>
      {people.length === 0 ? (
        <Box sx={{ color: 'text.secondary' }}>{say('empty')}</Box>
      ) : (
        <Box sx={{ overflowX: 'auto' }}>
          <Table size="small">
            <TableHead>
              <TableRow>
                <TableCell>{say('person')}</TableCell>
                <TableCell align="right">{say('answered')}</TableCell>
                <TableCell align="right">{say('waiting')}</TableCell>
                <TableCell>{say('verdicts')}</TableCell>
                <TableCell align="right">{say('confirmed')}</TableCell>
                <TableCell>{say('last')}</TableCell>
              </TableRow>
            </TableHead>
            <TableBody>
              {people.map((person) => (
                <TableRow key={person.id}>
                  <TableCell>{person.name}</TableCell>
                  <TableCell align="right">
                    <Count value={person.answered} />
                  </TableCell>
                  <TableCell align="right">
                    <Count value={person.waiting} />
                  </TableCell>
                  <TableCell>{said(person)}</TableCell>
                  <TableCell align="right">
                    <Count value={person.confirmed} />
                  </TableCell>
                  <TableCell>{person.lastAt ? <When at={person.lastAt} /> : '–'}</TableCell>
                </TableRow>
              ))}
            </TableBody>
          </Table>
        </Box>
      )}
    </Section>
  );
}
