import Typography from '@mui/material/Typography';
import { CheckboxGroupInput, RadioButtonGroupInput, SelectInput, TextInput, required, useTranslate } from 'react-admin';
import { commonLicences, uses } from './source-model';

interface Props {
  /** Inside a larger form: `source.` puts the inputs below it. */
  prefix?: string;
  /** A source's language is fixed once it is made. */
  withLanguage?: boolean;
}

/** Radio buttons hold words; the form holds yes or no, and nothing before it is chosen. */
const answerOf = (value: unknown): string => (typeof value === 'boolean' ? (value ? 'yes' : 'no') : '');

/** Any words will do; the common names are offered while one types, and what was typed stays. */
function Licence({ source }: { source: string }) {
  return (
    <>
      <TextInput
        source={source}
        label="resources.sources.fields.licence"
        helperText="resources.sources.licence_hint"
        validate={required()}
        slotProps={{ htmlInput: { list: 'common-licences' } }}
        fullWidth
      />
      <datalist id="common-licences">
        {commonLicences.map((id) => (
          <option key={id} value={id} />
        ))}
      </datalist>
    </>
  );
}

/** Where data comes from and what may be done with it; the same questions wherever a source is made. */
export function SourceInputs({ prefix = '', withLanguage }: Props) {
  const translate = useTranslate();
  const say = (key: string) => translate(`resources.sources.${key}`);
  return (
    <>
      <TextInput source={`${prefix}name`} label="resources.sources.fields.name" validate={required()} fullWidth />
      <TextInput
        source={`${prefix}origin`}
        label="resources.sources.fields.origin"
        helperText="resources.sources.origin_hint"
        fullWidth
      />
      <Licence source={`${prefix}licence`} />
      <CheckboxGroupInput
        source={`${prefix}allowedUse`}
        label="resources.sources.fields.allowedUse"
        helperText="resources.sources.allowed_use_hint"
        validate={required()}
        row={false}
        choices={uses.map((id) => ({
          id,
          name: translate('resources.sources.use_means', { use: say(`uses.${id}`), means: say(`uses_hint.${id}`) }),
        }))}
        translateChoice={false}
      />
      <Typography variant="body2" sx={{ color: 'text.secondary', maxWidth: '44em', mb: 1 }}>
        {say('deidentified_hint')}
      </Typography>
      <RadioButtonGroupInput
        source={`${prefix}deidentified`}
        label="resources.sources.fields.deidentified"
        validate={required()}
        row={false}
        format={answerOf}
        parse={(answer: string) => answer === 'yes'}
        choices={['yes', 'no'].map((id) => ({ id, name: say(`deidentified.${id}`) }))}
        translateChoice={false}
      />
      {withLanguage && (
        <SelectInput
          source={`${prefix}language`}
          label="resources.sources.fields.language"
          validate={required()}
          choices={['zh', 'en'].map((id) => ({ id, name: say(`languages.${id}`) }))}
          translateChoice={false}
        />
      )}
      <TextInput
        source={`${prefix}terms`}
        label="resources.sources.fields.terms"
        helperText="resources.sources.terms_hint"
        multiline
        fullWidth
      />
    </>
  );
}
