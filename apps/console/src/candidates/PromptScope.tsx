import MenuItem from '@mui/material/MenuItem';
import TextField from '@mui/material/TextField';
import type { RecordFacets } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';

interface Props {
  /** Each with its word. */
  scopes: readonly { key: string; name: string }[];
  label: string;
  scope: string;
  department: string;
  facets: RecordFacets | undefined;
  onScope(scope: string): void;
  onDepartment(department: string): void;
}

/** Which prompts a job is about. */
export function PromptScope({ scopes, label, scope, department, facets, onScope, onDepartment }: Props) {
  const translate = useTranslate();
  return (
    <>
      <TextField select size="small" label={label} value={scope} onChange={(event) => onScope(event.target.value)}>
        {scopes.map(({ key, name }) => (
          <MenuItem key={key} value={key}>
            {name}
          </MenuItem>
        ))}
      </TextField>
      <TextField
        select
        size="small"
        label={translate('resources.prompts.fields.department')}
        value={department}
        onChange={(event) => onDepartment(event.target.value)}
      >
        <MenuItem value="">{translate('resources.prompts.all_departments')}</MenuItem>
        {facets?.departments.map(({ value }) =>
          value === null ? null : (
            <MenuItem key={value} value={value}>
              {value}
            </MenuItem>
          ),
        )}
      </TextField>
    </>
  );
}
