import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import type { AuditEntry } from '@qingnang/contracts';
import { useRecordContext, useTranslate } from 'react-admin';

function Facts({ title, facts }: { title: string; facts: Record<string, unknown> | null }) {
  return (
    <Box sx={{ flex: '1 1 18em', minWidth: 0 }}>
      <Typography variant="caption" sx={{ color: 'text.secondary' }}>
        {title}
      </Typography>
      <Box component="pre" sx={{ m: 0, whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', fontSize: '0.875rem' }}>
        {facts ? JSON.stringify(facts, null, 2) : '–'}
      </Box>
    </Box>
  );
}

/** Ids and hashes before and after; the log never holds anybody's words. */
export function AuditDetails() {
  const translate = useTranslate();
  const entry = useRecordContext<AuditEntry>();
  if (!entry) return null;
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 2, p: 1 }}>
      <Facts title={translate('resources.audit-entries.fields.before')} facts={entry.before} />
      <Facts title={translate('resources.audit-entries.fields.after')} facts={entry.after} />
      <Typography variant="caption" sx={{ flexBasis: '100%', color: 'text.secondary' }}>
        {translate('resources.audit-entries.fields.requestId')} {entry.requestId ?? '–'}
      </Typography>
    </Box>
  );
}
