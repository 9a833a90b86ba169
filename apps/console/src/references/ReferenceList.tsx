import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import type { ReferenceSummary } from '@qingnang/contracts';
import { DataTable, SelectInput, useTranslate } from 'react-admin';
import { Link } from 'react-router-dom';
import { When } from '../components/When';
import { RehearsalMark } from '../dialogue/RehearsalMark';
import { Listing } from '../listing/Listing';
import { useMayDo } from '../session/useMayDo';
import { grades } from './grades';

const kinds = ['answer', 'ask_first', 'cannot_answer'] as const;
const ONE_LINE = { maxWidth: '24em', overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' } as const;

export default function ReferenceList() {
  const translate = useTranslate();
  const say = (key: string, facts?: object) => translate(`resources.references.${key}`, facts);
  const may = useMayDo();
  return (
    <Listing
      lead={say('lead')}
      emptyText={say('empty')}
      emptyAction={
        may('task-sets', 'create') && (
          <Button variant="contained" component={Link} to="/task-sets/create">
            {say('ask_doctors')}
          </Button>
        )
      }
      filters={[
        <SelectInput
          key="kind"
          source="kind"
          alwaysOn
          label="resources.references.fields.kind"
          choices={kinds.map((id) => ({ id, name: `resources.references.kinds.${id}` }))}
        />,
        <SelectInput
          key="grade"
          source="grade"
          alwaysOn
          label="resources.references.fields.grade"
          choices={grades.map((id) => ({ id, name: `resources.references.grades.${id}` }))}
        />,
      ]}
      card={(row) => {
        const reference = row as ReferenceSummary;
        return (
          <Link to={`/prompts/${reference.promptId}/show`} style={{ color: 'inherit', textDecoration: 'none' }}>
            <Typography variant="body2" sx={{ color: 'text.secondary' }}>
              {reference.question}
            </Typography>
            <RehearsalMark when={reference.rehearsal}>
              <Typography>{reference.text ?? say(`kinds.${reference.kind}`)}</Typography>
            </RehearsalMark>
          </Link>
        );
      }}
    >
      <DataTable<ReferenceSummary>
        rowClick={(_id, _resource, record) => `/prompts/${(record as ReferenceSummary).promptId}/show`}
        bulkActionButtons={false}
      >
        <DataTable.Col source="question" disableSort sx={ONE_LINE} />
        <DataTable.Col
          source="text"
          disableSort
          sx={ONE_LINE}
          render={(reference: ReferenceSummary) => (
            <RehearsalMark when={reference.rehearsal}>{reference.text ?? '–'}</RehearsalMark>
          )}
        />
        <DataTable.Col
          source="kind"
          disableSort
          render={(reference: ReferenceSummary) => say(`kinds.${reference.kind}`)}
        />
        <DataTable.Col
          source="grade"
          disableSort
          render={(reference: ReferenceSummary) => (reference.grade ? say(`grades.${reference.grade}`) : '–')}
        />
        <DataTable.Col
          source="doctor"
          disableSort
          render={(reference: ReferenceSummary) => reference.doctor?.name ?? say('original_doctor')}
        />
        <DataTable.Col source="revision" disableSort align="right" />
        <DataTable.Col source="createdAt" render={(reference: ReferenceSummary) => <When at={reference.createdAt} />} />
      </DataTable>
    </Listing>
  );
}
