import MenuItem from '@mui/material/MenuItem';
import TextField from '@mui/material/TextField';
import type { ProviderModel, ProviderView } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';

interface Props {
  providers: ProviderView[];
  provider: ProviderView | undefined;
  model: ProviderModel | undefined;
  onChange(providerId: string, model: string): void;
}

/** A provider, said to be inside or outside of the house, and one of its models. */
export function ModelChoice({ providers, provider, model, onChange }: Props) {
  const translate = useTranslate();
  const words = (key: string) => translate(`resources.llm-jobs.${key}`);
  return (
    <>
      <TextField
        select
        size="small"
        label={words('fields.provider')}
        value={provider?.id ?? ''}
        onChange={(event) => onChange(event.target.value, '')}
      >
        {providers.map((each) => (
          <MenuItem key={each.id} value={each.id}>
            {each.name} · {words(each.outside ? 'outside' : 'inside')}
            {each.kind === 'rehearsal' && ` · ${translate('piece.rehearsal')}`}
          </MenuItem>
        ))}
      </TextField>
      <TextField
        select
        size="small"
        label={words('fields.model')}
        value={model?.name ?? ''}
        onChange={(event) => onChange(provider?.id ?? '', event.target.value)}
      >
        {(provider?.models ?? []).map(({ name }) => (
          <MenuItem key={name} value={name}>
            {name}
          </MenuItem>
        ))}
      </TextField>
    </>
  );
}
