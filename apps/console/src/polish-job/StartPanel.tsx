import Button from '@mui/material/Button';
import TextField from '@mui/material/TextField';
import { useTranslate } from 'react-admin';
import { type EstimateCount, EstimatePanel } from './EstimatePanel';
import type { PolishForm } from './polish-form';
import type { useEstimate } from './useEstimate';

interface Props {
  form: Pick<PolishForm, 'name' | 'budget'>;
  defaultName: string;
  currency: string;
  /** Null while the form is not whole. */
  estimate: ReturnType<typeof useEstimate> | null;
  counts: readonly EstimateCount[];
  /** By what rule the estimate was made. */
  rule: string;
  startLabel: string;
  onChange(part: Partial<Pick<PolishForm, 'name' | 'budget'>>): void;
  /** Null while there is nothing to start. */
  onStart: (() => void) | null;
}

/** What it is called, what it may cost, what it would do, and the one button. */
export function StartPanel(props: Props) {
  const { form, defaultName, currency, estimate, counts, rule, startLabel, onChange, onStart } = props;
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
      {estimate && (
        <EstimatePanel
          estimate={estimate.data}
          error={estimate.error}
          isPending={estimate.isPending}
          counts={counts}
          rule={rule}
        />
      )}
      <Button
        variant="contained"
        disabled={onStart === null}
        onClick={onStart ?? undefined}
        sx={{ justifySelf: 'start' }}
      >
        {startLabel}
      </Button>
    </>
  );
}
