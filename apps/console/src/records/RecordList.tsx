import Box from '@mui/material/Box';
import type { RecordSummary } from '@qingnang/contracts';
import { DataTable, useTranslate } from 'react-admin';
import Button from '@mui/material/Button';
import { Link } from 'react-router-dom';
import { When } from '../components/When';
import { RehearsalMark } from '../dialogue/RehearsalMark';
import { Listing } from '../listing/Listing';
import { useMayDo } from '../session/useMayDo';
import { recordFilters } from './record-filters';
import { useFacets } from './useFacets';

function Lines({ text, lines = 2 }: { text: string; lines?: number }) {
  return (
    <Box
      sx={{
        display: '-webkit-box',
        WebkitLineClamp: lines,
        WebkitBoxOrient: 'vertical',
        overflow: 'hidden',
        overflowWrap: 'anywhere',
      }}
    >
      {text}
    </Box>
  );
}

const textColumn = { minWidth: '16em', maxWidth: '28em' } as const;

/** Every record of the project: what was asked, what is answered today, where it stands. */
export default function RecordList() {
  const translate = useTranslate();
  const may = useMayDo();
  const facets = useFacets();
  const say = (key: string) => translate(`resources.records.${key}`);
  return (
    <Listing
      lead={say('lead')}
      emptyText={say('empty')}
      emptyAction={
        may('imports', 'create') && (
          <Button variant="contained" component={Link} to="/imports/create">
            {translate('resources.imports.create')}
          </Button>
        )
      }
      filters={recordFilters({ facets, say })}
    >
      <DataTable<RecordSummary> rowClick="show" bulkActionButtons={false}>
        <DataTable.Col
          source="question"
          disableSort
          sx={textColumn}
          render={(record: RecordSummary) => <Lines text={record.question} />}
        />
        <DataTable.Col
          source="answer"
          disableSort
          sx={textColumn}
          render={(record: RecordSummary) => (
            <RehearsalMark when={record.rehearsal}>
              <Lines text={record.answer ?? say('question_only')} />
            </RehearsalMark>
          )}
        />
        <DataTable.Col source="department" disableSort />
        <DataTable.Col
          source="dataSet"
          disableSort
          render={(record: RecordSummary) => say(`data_sets.${record.dataSet}`)}
        />
        <DataTable.Col source="state" disableSort render={(record: RecordSummary) => say(`states.${record.state}`)} />
        <DataTable.Col source="versions" disableSort align="right" />
        <DataTable.Col source="updatedAt" render={(record: RecordSummary) => <When at={record.updatedAt} />} />
      </DataTable>
    </Listing>
  );
}
