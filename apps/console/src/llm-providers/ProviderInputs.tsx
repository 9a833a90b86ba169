import { addressFault, type ProviderView } from '@qingnang/contracts';
import {
  ArrayInput,
  BooleanInput,
  NumberInput,
  PasswordInput,
  SimpleFormIterator,
  TextInput,
  minValue,
  required,
  useRecordContext,
} from 'react-admin';
import { useWatch } from 'react-hook-form';

const field = (key: string) => `resources.providers.fields.${key}`;

/** A form's own check of the address, in the reader's language. */
function checkAddress(value: unknown): string | undefined {
  const fault = addressFault(typeof value === 'string' ? value.trim() : '');
  return fault === null ? undefined : `resources.providers.address_faults.${fault}`;
}

/** The key goes with the address it was entered for. */
function KeyInput({ hasKey }: { hasKey: boolean }) {
  const saved = useRecordContext<ProviderView>()?.baseUrl;
  const address: unknown = useWatch({ name: 'baseUrl' });
  const moved = saved !== undefined && address !== saved;
  const hint = hasKey ? (moved ? 'key_dropped' : 'key_kept') : 'key_none';
  return (
    <PasswordInput
      source="apiKey"
      autoComplete="new-password"
      helperText={`resources.providers.${hint}`}
      color={moved && hasKey ? 'warning' : undefined}
      fullWidth
    />
  );
}

/** Fields of a provider; one that runs inside the platform has no address and key to set. */
export function ProviderInputs({ builtIn = false, hasKey = false }: { builtIn?: boolean; hasKey?: boolean }) {
  const entered = useRecordContext() !== undefined;
  return (
    <>
      <TextInput source="name" validate={required()} />
      {!builtIn && (
        <TextInput
          source="baseUrl"
          validate={[required(), checkAddress]}
          helperText="resources.providers.address_hint"
          fullWidth
        />
      )}
      {!builtIn && <KeyInput hasKey={hasKey} />}
      {!builtIn && entered && (
        <BooleanInput source="insideAddress" helperText="resources.providers.inside_address_hint" />
      )}
      <TextInput source="currency" validate={required()} />
      <ArrayInput source="models" helperText="resources.providers.prices_hint">
        <SimpleFormIterator inline disableReordering>
          <TextInput source="name" label={field('model_name')} validate={required()} />
          <BooleanInput source="text_only" label={field('text_only')} defaultValue={false} />
          <BooleanInput source="fixed_sampling" label={field('fixed_sampling')} defaultValue={false} />
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
