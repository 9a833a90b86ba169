import type { AuditEntry } from '@qingnang/contracts';
import { DataTable, useTranslate } from 'react-admin';
import { When } from '../components/When';
import { Listing } from '../listing/Listing';
import { useAuditFilters } from './audit-filters';
import { deedWords, subjectWords } from './audit-words';
import { AuditDetails } from './AuditDetails';

export default function AuditList() {
  const translate = useTranslate();
  const filters = useAuditFilters();
  return (
    <Listing
      sort={{ field: 'at', order: 'DESC' }}
      perPage={50}
      lead={translate('resources.audit-entries.lead')}
      emptyText={translate('resources.audit-entries.empty')}
      filters={filters}
    >
      <DataTable<AuditEntry> rowClick="expand" expand={<AuditDetails />} bulkActionButtons={false}>
        <DataTable.Col source="at" render={(entry: AuditEntry) => <When at={entry.at} />} />
        <DataTable.Col
          source="actorName"
          disableSort
          render={(entry: AuditEntry) =>
            entry.actorName ?? translate(`resources.audit-entries.actors.${entry.actorKind}`)
          }
        />
        <DataTable.Col
          source="action"
          disableSort
          render={(entry: AuditEntry) => <span title={entry.action}>{deedWords(entry.action, translate)}</span>}
        />
        <DataTable.Col
          source="subjectType"
          disableSort
          render={(entry: AuditEntry) => subjectWords(entry.subjectType, translate)}
        />
        <DataTable.Col source="subjectId" disableSort render={(entry: AuditEntry) => <code>{entry.subjectId}</code>} />
      </DataTable>
    </Listing>
  );
}
