import Alert from '@mui/material/Alert';
import type { ProviderView } from '@qingnang/contracts';
import { Edit, SaveButton, SimpleForm, Toolbar, useRecordContext, useTranslate } from 'react-admin';
import { changesOf } from './provider-model';
import { ProviderActs } from './ProviderActs';
import { ProviderInputs } from './ProviderInputs';

function Fields() {
  const translate = useTranslate();
  const provider = useRecordContext<ProviderView>();
  if (!provider) return null;
  const builtIn = provider.kind !== 'external';
  return (
    <>
      <Alert severity={provider.outside ? 'warning' : 'info'} variant="outlined" sx={{ mb: 2 }}>
        {translate(`resources.providers.${provider.outside ? 'outside' : 'inside'}`)}
        {builtIn && ` · ${translate('resources.providers.built_in')}`}
      </Alert>
      <ProviderInputs builtIn={builtIn} hasKey={provider.hasKey} />
    </>
  );
}

export default function ProviderEdit() {
  return (
    <Edit
      mutationMode="pessimistic"
      redirect="list"
      transform={changesOf}
      actions={<ProviderActs />}
      // The row of the list would do for the fields, and has no ETag.
      queryOptions={{ staleTime: 0 }}
    >
      <SimpleForm
        toolbar={
          <Toolbar>
            <SaveButton />
          </Toolbar>
        }
      >
        <Fields />
      </SimpleForm>
    </Edit>
  );
}
