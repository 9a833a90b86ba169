import MenuItem from '@mui/material/MenuItem';
import TextField from '@mui/material/TextField';
import type { PromptTemplateView } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';
import type { PolishForm } from './polish-form';

interface Props {
  templates: PromptTemplateView[];
  template: PromptTemplateView | undefined;
  /** Whether the model can answer in the form this prompt asks for. */
  fitting: boolean;
  onChange(part: Partial<PolishForm>): void;
}

/** The newest version of a prompt. */
export function PromptChoice({ templates, template, fitting, onChange }: Props) {
  const translate = useTranslate();
  return (
    <TextField
      select
      size="small"
      label={translate('resources.llm-jobs.fields.prompt')}
      value={template?.id ?? ''}
      error={!fitting}
      helperText={fitting ? undefined : translate('resources.llm-jobs.text_template_needed')}
      onChange={(event) => onChange({ templateId: event.target.value })}
    >
      {templates.map(({ id, name, latest }) => (
        <MenuItem key={id} value={id}>
          {name} · v{latest?.number}
        </MenuItem>
      ))}
    </TextField>
  );
}
