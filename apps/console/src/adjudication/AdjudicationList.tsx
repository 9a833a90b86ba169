import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import type { AdjudicationRow } from '@qingnang/contracts';
import { DataTable, SelectInput, useTranslate } from 'react-admin';
import { Link } from 'react-router-dom';
import { useVerdictWords } from '../answers/AnswerNote';
import { When } from '../components/When';
import { Listing } from '../listing/Listing';

const states = ['waiting', 'returned', 'decided'] as const;
const desks = ['lead', 'doctor'] as const;

/** Who said what, in a line each. */
function Said({ answers }: Pick<AdjudicationRow, 'answers'>) {
  const verdict = useVerdictWords();
  return (
    <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0, overflowWrap: 'anywhere' }}>
      {answers.map((answer) => (
        <li key={answer.person.id}>
          {answer.person.name}：{verdict({ ...answer, kind: 'polish_review' })}
          {answer.comment && `「${answer.comment}」`}
        </li>
      ))}
    </Box>
  );
}

function useWhere(): (row: AdjudicationRow) => string {
  const translate = useTranslate();
  return ({ state, desk, holder }) => {
    if (state !== 'waiting') return translate(`resources.adjudications.states.${state}`);
    const where = translate(`resources.adjudications.desks.${desk}`);
    return holder ? `${where} · ${holder.name}` : where;
  };
}

/** Everything that waits for a decision, with what everybody said. */
export default function AdjudicationList() {
  const translate = useTranslate();
  const where = useWhere();
  const say = (key: string) => translate(`resources.adjudications.${key}`);
  return (
    <Listing
      lead={say('lead')}
      emptyText={say('empty')}
      sort={{ field: 'updatedAt', order: 'DESC' }}
      card={(it) => {
        const row = it as AdjudicationRow;
        return (
          <Box component={Link} to={`/adjudications/${row.id}/show`} sx={{ color: 'inherit', textDecoration: 'none' }}>
            <Typography>{row.question}</Typography>
            <Typography variant="body2" component="div" sx={{ color: 'text.secondary' }}>
              {say(`whys.${row.why}`)} · {where(row)} · <When at={row.updatedAt} />
            </Typography>
            <Said answers={row.answers} />
          </Box>
        );
      }}
      filters={[
        <SelectInput
          key="state"
          source="state"
          alwaysOn
          label="resources.adjudications.fields.state"
          choices={states.map((id) => ({ id, name: `resources.adjudications.states.${id}` }))}
        />,
        <SelectInput
          key="desk"
          source="desk"
          alwaysOn
          label="resources.adjudications.fields.desk"
          choices={desks.map((id) => ({ id, name: `resources.adjudications.desks.${id}` }))}
        />,
      ]}
    >
      <DataTable<AdjudicationRow> rowClick="show" bulkActionButtons={false}>
        <DataTable.Col source="question" disableSort sx={{ maxWidth: '22em' }} />
        <DataTable.Col source="taskSetName" disableSort />
        <DataTable.Col source="why" disableSort render={(row: AdjudicationRow) => say(`whys.${row.why}`)} />
        <DataTable.Col source="answers" disableSort render={(row: AdjudicationRow) => <Said answers={row.answers} />} />
        <DataTable.Col source="desk" disableSort render={where} />
        <DataTable.Col source="updatedAt" render={(row: AdjudicationRow) => <When at={row.updatedAt} />} />
      </DataTable>
    </Listing>
  );
}
