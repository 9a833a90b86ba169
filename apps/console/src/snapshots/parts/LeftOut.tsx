import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Link from '@mui/material/Link';
import type { SnapshotDetail, SnapshotLeftOut, SnapshotManifest } from '@qingnang/contracts';
import { useState } from 'react';
import { DataTable, useTranslate } from 'react-admin';
import { Link as RouterLink } from 'react-router-dom';
import { Count } from '../../components/Count';
import { Listing } from '../../listing/Listing';
import { Section } from '../../components/Section';

type Reason = SnapshotManifest['left_out'][number];

function Ids({ snapshotId, reason }: { snapshotId: string; reason: string }) {
  const translate = useTranslate();
  const words = (key: string) => translate(`resources.snapshots.${key}`);
  return (
    <Listing
      inner
      resource={`snapshots/${snapshotId}/left-out`}
      filter={{ reason }}
      sort={{ field: 'id', order: 'ASC' }}
      name={words('left_out_item')}
    >
      <DataTable<SnapshotLeftOut> rowClick={false} bulkActionButtons={false}>
        <DataTable.Col
          label={words('fields.record')}
          disableSort
          render={({ recordId }: SnapshotLeftOut) =>
            recordId && (
              <Link component={RouterLink} to={`/records/${recordId}/show`}>
                …{recordId.slice(-12)}
              </Link>
            )
          }
        />
        <DataTable.Col
          source="id"
          label={words('fields.id')}
          disableSort
          render={({ id }: SnapshotLeftOut) => <code style={{ overflowWrap: 'anywhere' }}>{id}</code>}
        />
      </DataTable>
    </Listing>
  );
}

function OneReason({ snapshotId, reason }: { snapshotId: string; reason: Reason }) {
  const translate = useTranslate();
  const words = (key: string, values?: object) => translate(`resources.snapshots.${key}`, values);
  const [open, setOpen] = useState(false);
  return (
    <Box component="li">
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 2, alignItems: 'center' }}>
        <span>
          {words(`reasons.${reason.reason}`, { _: reason.reason })} <Count value={reason.count} />
        </span>
        <Button size="small" aria-expanded={open} onClick={() => setOpen(!open)}>
          {words(open ? 'close_ids' : 'open_ids')}
        </Button>
      </Box>
      {open && <Ids snapshotId={snapshotId} reason={reason.reason} />}
    </Box>
  );
}

/** What was selected and yet stayed out, by reason; each opens down to the records. */
export function LeftOut({ snapshot, manifest }: { snapshot: SnapshotDetail; manifest: SnapshotManifest }) {
  const translate = useTranslate();
  return (
    <Section title={translate('resources.snapshots.left_out')}>
      {manifest.left_out.length === 0 ? (
        <span>{translate('resources.snapshots.left_out_none')}</span>
      ) : (
        <Box component="ul" sx={{ m: 0, p: 0, listStyle: 'none', display: 'grid', gap: 1 }}>
          {manifest.left_out.map((reason) => (
            <OneReason key={reason.reason} snapshotId={snapshot.id} reason={reason} />
          ))}
        </Box>
      )}
    </Section>
  );
}
