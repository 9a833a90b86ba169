import { FormDataConsumer, RadioButtonGroupInput, useTranslate } from 'react-admin';

const choices = ['refuse', 'keep_both', 'replace'] as const;

/** What becomes of rows whose id a known source has said with other words. A new source knows none. */
export function KnownIdsInput({ column }: { column: string }) {
  const translate = useTranslate();
  const say = (key: string, facts?: object) => translate(`resources.imports.known_ids.${key}`, facts);
  return (
    <FormDataConsumer<{ choice: 'known' | 'new' }>>
      {({ formData }) =>
        formData.choice === 'known' ? (
          <RadioButtonGroupInput
            source="knownIds"
            row={false}
            label={say('label', { column })}
            helperText={say('hint')}
            choices={choices.map((id) => ({ id, name: say(id) }))}
            translateChoice={false}
          />
        ) : null
      }
    </FormDataConsumer>
  );
}
