import { NumberInput, SelectInput, TextInput, required, useTranslate } from 'react-admin';
import Typography from '@mui/material/Typography';

const field = (key: string) => `resources.prompt-templates.fields.${key}`;

/** The words of a version, and how its answer is drawn. */
export function PromptInputs() {
  const translate = useTranslate();
  return (
    <>
      <TextInput source="systemText" label={field('systemText')} multiline minRows={3} fullWidth />
      <TextInput
        source="userText"
        label={field('userText')}
        multiline
        minRows={10}
        fullWidth
        validate={required()}
        helperText={false}
      />
      <Typography variant="caption" sx={{ color: 'text.secondary', mb: 2 }}>
        {translate('resources.prompt-templates.places')}
      </Typography>
      <SelectInput
        source="settings.answer"
        label={field('answer')}
        validate={required()}
        choices={(['json', 'text'] as const).map((id) => ({ id, name: `resources.prompt-templates.answers.${id}` }))}
      />
      <NumberInput source="settings.temperature" label={field('temperature')} min={0} max={2} step={0.1} />
      <NumberInput source="settings.maxOutputTokens" label={field('maxOutputTokens')} min={1} max={100000} />
    </>
  );
}
