import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import MuiLink from '@mui/material/Link';
import MenuItem from '@mui/material/MenuItem';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import type { ReadPlan, Upload } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';
import { Link } from 'react-router-dom';
import { encodings, fieldsOf, layouts, missingInPlan, withColumn, withLayout } from './plan-model';
import { RawPreview } from './RawPreview';
import { SampleTable } from './SampleTable';

interface Props {
  file: File;
  upload: Upload;
  plan: ReadPlan;
  onPlan: (plan: ReadPlan) => void;
  onBack: () => void;
  onNext: () => void;
}

interface PickProps {
  label: string;
  value: string;
  options: readonly { value: string; label: string }[];
  onChange: (value: string) => void;
}

function Pick({ label, value, options, onChange }: PickProps) {
  return (
    <TextField
      select
      label={label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      sx={{ minWidth: 180, flex: '1 1 180px' }}
      slotProps={{ inputLabel: { shrink: true }, select: { displayEmpty: true } }}
    >
      {options.map((option) => (
        <MenuItem key={option.value} value={option.value}>
          {option.label}
        </MenuItem>
      ))}
    </TextField>
  );
}

function Columns({ upload, plan, onPlan }: Pick3) {
  const translate = useTranslate();
  const header = upload.detection?.header ?? [];
  const none = { value: '', label: translate('resources.imports.no_column') };
  const options = [none, ...header.map((column) => ({ value: column, label: column }))];
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 2 }}>
      {fieldsOf(plan.layout).map((field) => (
        <Pick
          key={field}
          label={translate(`resources.imports.columns.${field}`)}
          value={plan.mapping[field] ?? ''}
          options={options}
          onChange={(column) => onPlan(withColumn(plan, field, column))}
        />
      ))}
    </Box>
  );
}

type Pick3 = { upload: Upload; plan: ReadPlan; onPlan: (plan: ReadPlan) => void };

function Notes({ upload }: { upload: Upload }) {
  const translate = useTranslate();
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
          {translate('resources.imports.not_detected')} {upload.problem}
        </Alert>
      )}
    </>
  );
}

/** What the file seems to be, for a person to confirm or to put right. */
export function LayoutStep({ file, upload, plan, onPlan, onBack, onNext }: Props) {
  const translate = useTranslate();
  const say = (key: string) => translate(`resources.imports.${key}`);
  const missing = missingInPlan(plan);
  const { detection } = upload;
  return (
    <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: 'minmax(0, 1fr)' }}>
      <Notes upload={upload} />
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 2 }}>
        <Pick
          label={say('fields.layout')}
          value={plan.layout}
          options={layouts.map((value) => ({ value, label: say(`layouts.${value}`) }))}
          onChange={(layout) => onPlan(withLayout(plan, layout as ReadPlan['layout']))}
        />
        <Pick
          label={say('fields.encoding')}
          value={plan.encoding}
          options={encodings.map((value) => ({ value, label: value.toUpperCase() }))}
          onChange={(encoding) => onPlan({ ...plan, encoding: encoding as ReadPlan['encoding'] })}
        />
      </Box>
      <Typography variant="h3">{say('columns_title')}</Typography>
      <Columns {...{ upload, plan, onPlan }} />
      {missing && (
        <Alert severity="warning" variant="outlined">
          {say(`missing.${missing}`)}
        </Alert>
      )}
      <Typography variant="h3">{say('sample')}</Typography>
      {detection && detection.encoding === plan.encoding ? (
        <SampleTable detection={detection} plan={plan} />
      ) : (
        <RawPreview file={file} encoding={plan.encoding} />
      )}
      <Box sx={{ display: 'flex', gap: 1 }}>
        <Button onClick={onBack}>{say('other_file')}</Button>
        <Button variant="contained" disabled={missing !== null} onClick={onNext}>
          {say('confirm_columns')}
        </Button>
      </Box>
    </Box>
  );
}
