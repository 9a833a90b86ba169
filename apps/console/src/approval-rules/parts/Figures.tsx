import Box from '@mui/material/Box';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableRow from '@mui/material/TableRow';
import Typography from '@mui/material/Typography';
import type { ApprovalRuleDetail, RuleFigures } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';
import { shareWords } from '../share-words';

/** What people found, with its limits: the share of faults never stands without them. */
export function FigureLine({ figures, bar }: { figures: RuleFigures; bar?: number }) {
  const translate = useTranslate();
  const say = (key: string, facts: object) => translate(`resources.approval-rules.figures.${key}`, facts);
  const { read, faults, rate, low, high, atMost } = figures;
  if (rate === null) return <span>{say('none', {})}</span>;
  const parts = [
    say('faults', { faults, read }),
    say('rate', { rate: shareWords(rate) }),
    say('interval', { low: shareWords(low!), high: shareWords(high!) }),
    say('at_most', { atMost: shareWords(atMost!) }),
    ...(bar === undefined ? [] : [say('bar', { bar: shareWords(bar) })]),
  ];
  return (
    <Box component="span" sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 3 }}>
      {parts.map((part) => (
        <span key={part}>{part}</span>
      ))}
    </Box>
  );
}

type Group = { name: string; figures: RuleFigures };

/** The same by where the texts come from. */
export function FigureGroups({ rule }: { rule: ApprovalRuleDetail }) {
  const translate = useTranslate();
  const say = (key: string) => translate(`resources.approval-rules.by.${key}`);
  const { evidence, promptNames } = rule;
  const tables: [string, Group[]][] = [
    [
      'dataSets',
      evidence.dataSets.map((figures) => ({
        name: translate(`resources.records.data_sets.${figures.value}`),
        figures,
      })),
    ],
    ['sources', evidence.sources.map((figures) => ({ name: figures.value, figures }))],
    [
      'promptVersions',
      evidence.promptVersions.map((figures) => ({
        name: figures.value === null ? say('no_prompt') : (promptNames[figures.value] ?? figures.value),
        figures,
      })),
    ],
  ];
  if (evidence.all.read === 0) return null;
  return tables.map(([key, groups]) => <Groups key={key} title={say(key)} groups={groups} />);
}

function Groups({ title, groups }: { title: string; groups: Group[] }) {
  return (
    <Box sx={{ overflowX: 'auto' }}>
      <Typography variant="h3" sx={{ fontSize: '1rem', fontWeight: 600 }}>
        {title}
      </Typography>
      <Table size="small">
        <TableBody>
          {groups.map(({ name, figures }) => (
            <TableRow key={name}>
              <TableCell component="th" scope="row" sx={{ overflowWrap: 'anywhere', minWidth: '8em' }}>
                {name}
              </TableCell>
              <TableCell>
                <FigureLine figures={figures} />
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Box>
  );
}
