import Button from '@mui/material/Button';
import type { Snapshot } from '@qingnang/contracts';
import { DataTable, SelectInput, TextInput, useTranslate } from 'react-admin';
import { Link } from 'react-router-dom';
import { Count } from '../components/Count';
import { StateChip } from '../components/StateChip';
import { When } from '../components/When';
import { Listing } from '../listing/Listing';
import { useMayDo } from '../session/useMayDo';
import { inProgress, shortDigest, shownState } from './snapshot-model';

const states = ['draft', 'freezing', 'frozen', 'released', 'withdrawn', 'failed'];
const kinds = ['sft', 'preference', 'prompts'];

/** Rows once they are known; while freezing, how far it is. */
function Rows({ snapshot }: { snapshot: Snapshot }) {
  if (!inProgress(snapshot)) return snapshot.rows === null ? null : <Count value={snapshot.rows} />;
  return (
    <>
      <Count value={snapshot.done} /> / {snapshot.total === 0 ? '…' : <Count value={snapshot.total} />}
    </>
  );
}

function Digest({ digest }: { digest: string | null }) {
  return digest && <code title={digest}>{shortDigest(digest)}</code>;
}

export default function SnapshotList() {
  const translate = useTranslate();
  const may = useMayDo();
  const choices = (values: string[], words: string) => values.map((id) => ({ id, name: `${words}.${id}` }));
  const create = may('snapshots', 'create') && (
    <Button variant="contained" component={Link} to="/snapshots/create">
      {translate('resources.snapshots.create')}
    </Button>
  );
  return (
    <Listing
      lead={translate('resources.snapshots.lead')}
      actions={create}
      emptyText={translate('resources.snapshots.empty')}
      emptyAction={create}
      filters={[
        <TextInput key="name" source="name" alwaysOn />,
        <SelectInput key="kind" source="kind" alwaysOn choices={choices(kinds, 'resources.snapshots.kinds')} />,
        <SelectInput
          key="state"
          source="state"
          alwaysOn
          choices={states.map((id) => ({ id, name: `run_state.${shownState(id)}` }))}
        />,
      ]}
    >
      <DataTable<Snapshot> rowClick="show" bulkActionButtons={false}>
        <DataTable.Col source="name" disableSort />
        <DataTable.NumberCol source="version" disableSort />
        <DataTable.Col
          source="kind"
          disableSort
          render={(row: Snapshot) => translate(`resources.snapshots.kinds.${row.kind}`)}
        />
        <DataTable.Col
          source="state"
          disableSort
          render={(row: Snapshot) => <StateChip state={shownState(row.state)} />}
        />
        <DataTable.Col source="rows" align="right" disableSort render={(row: Snapshot) => <Rows snapshot={row} />} />
        <DataTable.Col
          source="rehearsal"
          disableSort
          render={(row: Snapshot) => row.rehearsal && translate('piece.rehearsal')}
        />
        <DataTable.Col source="digest" disableSort render={(row: Snapshot) => <Digest digest={row.digest} />} />
        <DataTable.Col source="createdAt" render={(row: Snapshot) => <When at={row.createdAt} />} />
      </DataTable>
    </Listing>
  );
}
