import Button from '@mui/material/Button';
import TextField from '@mui/material/TextField';
import { useTranslate } from 'react-admin';
import { EstimatePanel } from './EstimatePanel';
import type { PolishForm } from './polish-form';
import type { useEstimate } from './useEstimate';

interface Props {
  form: PolishForm;
  defaultName: string;
  currency: string;
  /** Null while the form is not whole. */
  estimate: ReturnType<typeof useEstimate> | null;
  onChange(part: Partial<PolishForm>): void;
  /** Null while there is nothing to start. */
  onStart: (() => void) | null;
}

/** What it is called, what it may cost, what it would do, and the one button. */
export function StartPanel({ form, defaultName, currency, estimate, onChange, onStart }: Props) {
  const translate = useTranslate();
  const words = (key: string) => translate(`resources.llm-jobs.${key}`);
  return (
    <>
      <TextField
        size="small"
        label={words('fields.name')}
        value={form.name}
        placeholder={defaultName}
        onChange={(event) => onChange({ name: event.target.value })}
      />
      <TextField
        size="small"
        type="number"
        label={`${words('fields.budgetLimit')} (${currency})`}
        helperText={words('budget_hint')}
        value={form.budget}
        onChange={(event) => onChange({ budget: event.target.value })}
      />
      {estimate && <EstimatePanel estimate={estimate.data} error={estimate.error} isPending={estimate.isPending} />}
      <Button
        variant="contained"
        disabled={onStart === null}
        onClick={onStart ?? undefined}
        sx={{ justifySelf: 'start' }}
      >
        {words('start')}
      </Button>
    </>
  );
}
