import Alert from '@mui/material/Alert';
import Checkbox from '@mui/material/Checkbox';
import FormControlLabel from '@mui/material/FormControlLabel';
import MuiLink from '@mui/material/Link';
import type { ImportOutlook, LayoutDetection, Upload } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';
import { Link } from 'react-router-dom';
import { useSayImport } from '../say-import';

/** What there is to know of the file before it is read: imported before, not recognised, columns that count rows. */
export function FileNotes({ upload }: { upload: Upload }) {
  const translate = useTranslate();
  const sayImport = useSayImport();
  const counters = upload.detection?.rowCounters ?? [];
  return (
    <>
      {upload.importedBefore && (
        <Alert severity="info" variant="outlined">
          {translate('resources.imports.imported_before')}{' '}
          <MuiLink component={Link} to={`/imports/${upload.importedBefore}/show`}>
            {translate('resources.imports.see_import')}
          </MuiLink>
        </Alert>
      )}
      {upload.problem && (
        <Alert severity="warning" variant="outlined">
          {sayImport(upload.problemSaid, upload.problem)}
        </Alert>
      )}
      {counters.length > 0 && (
        <Alert severity="info" variant="outlined">
          {translate('resources.imports.row_counters', {
            columns: counters.join(translate('resources.imports.comma')),
          })}
        </Alert>
      )}
    </>
  );
}

/** How the first rows will be read: what is refused and why, and what is changed on the way. */
export function Outlook({ outlook }: { outlook: ImportOutlook }) {
  const translate = useTranslate();
  const { read, accepted, reasons, notes } = outlook;
  const listed = (kind: 'reasons' | 'notes', counts: Record<string, number>): string =>
    Object.entries(counts)
      .map(([name, count]) => `${translate(`resources.imports.${kind}.${name}`, { _: name })} ${count}`)
      .join(translate('resources.imports.comma'));
  const refused = listed('reasons', reasons);
  const noted = listed('notes', notes);
  return (
    <Alert severity={accepted === 0 ? 'error' : refused === '' ? 'success' : 'warning'} variant="outlined">
      {translate('resources.imports.outlook', { read, accepted })}
      {refused !== '' && <div>{translate('resources.imports.outlook_refused', { list: refused })}</div>}
      {noted !== '' && <div>{translate('resources.imports.outlook_noted', { list: noted })}</div>}
    </Alert>
  );
}

interface AgreeProps {
  rows: LayoutDetection['rows'];
  agreed: boolean;
  onAgree: (agreed: boolean) => void;
}

/** Without a column of answers every row is a question: asked, since it is forgotten more often than meant. */
export function QuestionsOnly({ rows, agreed, onAgree }: AgreeProps) {
  const translate = useTranslate();
  const key = !rows ? 'questions_only' : rows.exact ? 'questions_only_exact' : 'questions_only_about';
  return (
    <Alert severity="warning" variant="outlined">
      {translate(`resources.imports.${key}`, { rows: (rows?.count ?? 0).toLocaleString() })}
      <div>
        <FormControlLabel
          control={<Checkbox checked={agreed} onChange={(_, checked) => onAgree(checked)} />}
          label={translate('resources.imports.questions_only_agree')}
        />
      </div>
    </Alert>
  );
}
