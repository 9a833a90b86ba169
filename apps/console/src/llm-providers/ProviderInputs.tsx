import {
  ArrayInput,
  BooleanInput,
  NumberInput,
  PasswordInput,
  SimpleFormIterator,
  TextInput,
  minValue,
  required,
} from 'react-admin';

const field = (key: string) => `resources.providers.fields.${key}`;

/** Fields of a provider; one that runs inside the platform has no address and key to set. */
export function ProviderInputs({ builtIn = false, hasKey = false }: { builtIn?: boolean; hasKey?: boolean }) {
  return (
    <>
      <TextInput source="name" validate={required()} />
      {!builtIn && <TextInput source="baseUrl" validate={required()} fullWidth />}
      {!builtIn && (
        <PasswordInput
          source="apiKey"
          autoComplete="new-password"
          helperText={`resources.providers.${hasKey ? 'key_kept' : 'key_none'}`}
          fullWidth
        />
      )}
      <TextInput source="currency" validate={required()} />
      <ArrayInput source="models" helperText="resources.providers.prices_hint">
        <SimpleFormIterator inline disableReordering>
          <TextInput source="name" label={field('model_name')} validate={required()} />
          <BooleanInput source="text_only" label={field('text_only')} defaultValue={false} />
          <NumberInput source="context_tokens" label={field('context_tokens')} defaultValue={0} min={0} />
          <NumberInput source="input_price" label={field('input_price')} defaultValue={0} min={0} step="any" />
          <NumberInput source="output_price" label={field('output_price')} defaultValue={0} min={0} step="any" />
          <BooleanInput source="rehearsal" label={field('rehearsal')} defaultValue={false} />
        </SimpleFormIterator>
      </ArrayInput>
      <NumberInput source="maxConcurrency" validate={[required(), minValue(1)]} />
      <NumberInput source="requestsPerMinute" validate={[required(), minValue(1)]} />
      <BooleanInput source="honoursIdempotency" helperText="resources.providers.honours_hint" />
    </>
  );
}
