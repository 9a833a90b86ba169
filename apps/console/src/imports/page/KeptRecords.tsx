import Link from '@mui/material/Link';
import Typography from '@mui/material/Typography';
import type { KeptReason, KeptRecord } from '@qingnang/contracts';
import { DataTable, SelectInput, useTranslate } from 'react-admin';
import { Link as RouterLink } from 'react-router-dom';
import { Listing } from '../../listing/Listing';

const reasons: readonly KeptReason[] = [
  'replaced_earlier',
  'said_elsewhere',
  'approved',
  'has_versions',
  'held_back',
  'made_into_others',
  'in_model_job',
  'in_task_set',
  'has_prompts',
  'in_snapshot',
];

function Question({ row }: { row: KeptRecord }) {
  return (
    <Link component={RouterLink} to={`/records/${row.id}/show`} sx={{ overflowWrap: 'anywhere' }}>
      {row.question}
    </Link>
  );
}

/** Records that stayed when their import was taken back. */
export function KeptRecords({ importId }: { importId: string }) {
  const translate = useTranslate();
  const say = (key: string) => translate(`resources.imports.undo.${key}`);
  const why = (row: KeptRecord) => say(`reasons.${row.reason}`);
  return (
    <Listing
      inner
      resource={`imports/${importId}/kept`}
      name={say('kept_records')}
      sort={{ field: 'id', order: 'ASC' }}
      card={(row) => (
        <>
          <Question row={row as KeptRecord} />
          <Typography variant="body2" sx={{ color: 'text.secondary' }}>
            {why(row as KeptRecord)}
          </Typography>
        </>
      )}
      filters={[
        <SelectInput
          key="reason"
          source="reason"
          alwaysOn
          label={say('why')}
          choices={reasons.map((id) => ({ id, name: say(`reasons.${id}`) }))}
          translateChoice={false}
        />,
      ]}
    >
      <DataTable<KeptRecord> rowClick={false} bulkActionButtons={false}>
        <DataTable.Col
          source="question"
          label={say('record')}
          disableSort
          render={(row: KeptRecord) => <Question row={row} />}
        />
        <DataTable.Col source="reason" label={say('why')} disableSort render={why} />
      </DataTable>
    </Listing>
  );
}
