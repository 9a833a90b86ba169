import Autocomplete from '@mui/material/Autocomplete';
import TextField from '@mui/material/TextField';

export interface Choice {
  value: string;
  label: string;
}

interface Props {
  label: string;
  choices: Choice[];
  values: readonly string[];
  onChange(values: string[]): void;
}

/** Any number of named values; what is chosen stands in the field. */
export function ManyOf({ label, choices, values, onChange }: Props) {
  return (
    <Autocomplete
      multiple
      size="small"
      options={choices}
      getOptionLabel={(choice) => choice.label}
      isOptionEqualToValue={(a, b) => a.value === b.value}
      value={choices.filter((choice) => values.includes(choice.value))}
      onChange={(_event, chosen) => onChange(chosen.map((choice) => choice.value))}
      renderInput={(params) => <TextField {...params} label={label} />}
    />
  );
}
