import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import type { Theme } from '@mui/material/styles';
import Typography from '@mui/material/Typography';
import useMediaQuery from '@mui/material/useMediaQuery';
import type { RecordSummary } from '@qingnang/contracts';
import { useState } from 'react';
import { DataTable, useTranslate } from 'react-admin';
import { Link } from 'react-router-dom';
import { When } from '../components/When';
import { RehearsalMark } from '../dialogue/RehearsalMark';
import { Listing } from '../listing/Listing';
import { useMayDo } from '../session/useMayDo';
import { BulkActs } from './BulkActs';
import { holdReason } from './HeldBack';
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

const short = { whiteSpace: 'nowrap' } as const;
const textColumn = { minWidth: '16em', maxWidth: '28em' } as const;

function RecordCard({ record }: { record: RecordSummary }) {
  const translate = useTranslate();
  const say = (key: string) => translate(`resources.records.${key}`);
  return (
    <Box component={Link} to={`/records/${record.id}/show`} sx={{ color: 'inherit', textDecoration: 'none' }}>
      <Lines text={record.question} />
      <RehearsalMark when={record.rehearsal}>
        <Typography component="div" sx={{ color: 'text.secondary' }}>
          <Lines text={record.answer ?? say('question_only')} />
        </Typography>
      </RehearsalMark>
      <Typography variant="body2" component="div" sx={{ color: 'text.secondary' }}>
        {[
          say(`states.${record.state}`),
          record.hold && holdReason(translate, record.hold),
          record.department,
          say(`data_sets.${record.dataSet}`),
        ]
          .filter(Boolean)
          .join(' · ')}
      </Typography>
    </Box>
  );
}

/** Every record of the project: what was asked, what is answered today, where it stands. */
export default function RecordList() {
  const translate = useTranslate();
  const may = useMayDo();
  const facets = useFacets();
  const narrow = useMediaQuery<Theme>((theme) => theme.breakpoints.down('sm'));
  const [more, setMore] = useState(false);
  const say = (key: string) => translate(`resources.records.${key}`);
  const filters = recordFilters({ facets, say });
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
      card={(row) => <RecordCard record={row as RecordSummary} />}
      actions={
        <>
          <BulkActs />
          {narrow && (
            <Button onClick={() => setMore(!more)} aria-expanded={more}>
              {say(more ? 'fewer_filters' : 'more_filters')}
            </Button>
          )}
        </>
      }
      filters={narrow && !more ? filters.slice(0, 1) : filters}
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
        <DataTable.Col source="department" disableSort sx={short} />
        <DataTable.Col
          source="dataSet"
          disableSort
          sx={short}
          render={(record: RecordSummary) => say(`data_sets.${record.dataSet}`)}
        />
        <DataTable.Col
          source="state"
          disableSort
          sx={{ minWidth: '6em', maxWidth: '14em' }}
          render={(record: RecordSummary) => (
            <>
              {say(`states.${record.state}`)}
              {record.hold && (
                <Typography variant="body2" component="div" sx={{ color: 'text.secondary' }}>
                  <Lines text={holdReason(translate, record.hold)} />
                </Typography>
              )}
            </>
          )}
        />
        <DataTable.Col source="versions" disableSort align="right" />
        <DataTable.Col source="updatedAt" render={(record: RecordSummary) => <When at={record.updatedAt} />} />
      </DataTable>
    </Listing>
  );
}
