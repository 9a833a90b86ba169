import Autocomplete from '@mui/material/Autocomplete';
import Box from '@mui/material/Box';
import FormControlLabel from '@mui/material/FormControlLabel';
import FormHelperText from '@mui/material/FormHelperText';
import Switch from '@mui/material/Switch';
import TextField from '@mui/material/TextField';
import type { RunConfig } from '@qingnang/contracts';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { adapts, numbersOf, type RunSettings, settingsTouched } from '../run-settings';
import { faultAt, type Faults } from '../useFaults';
import { NumberFields } from './NumberFields';

interface Props {
  form: RunSettings;
  change(part: Partial<RunSettings>): void;
  faults: Faults;
  preset: RunConfig | undefined;
}

/** Names of linear layers and parts as they are spelt; others may be typed. */
const layerNames = ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj'];
const partNames = ['embeddings', 'head', 'norms', 'layers.0'];

/** Settings that most runs leave alone: folded away until somebody wants them, or one of them is at fault. */
export function MoreSettings(props: Props) {
  const translate = useTranslate();
  const { form, faults } = props;
  const [open, setOpen] = useState(() => settingsTouched(form));
  const paths = ['lora', 'freeze', ...numbersOf(form.method, 'more')];
  const atFault = paths.some((path) => faultAt(faults, path) !== undefined);
  return (
    <Box
      component="details"
      open={open || atFault}
      onToggle={(event) => setOpen(event.currentTarget.open)}
      sx={{ borderTop: 1, borderBottom: 1, borderColor: 'divider', py: 1 }}
    >
      <Box component="summary" sx={{ cursor: 'pointer', minHeight: 32 }}>
        {translate('resources.runs.more')}
      </Box>
      <Box sx={{ display: 'grid', gap: 2, pt: 2 }}>
        <NumberFields part="more" {...props} />
        <AdapterFields {...props} />
        {!adapts(form) && (
          <Names
            word="freeze"
            value={form.freeze}
            options={partNames}
            fault={faultAt(faults, 'freeze')}
            onChange={(freeze) => props.change({ freeze })}
          />
        )}
      </Box>
    </Box>
  );
}

function AdapterFields(props: Props) {
  const translate = useTranslate();
  const { form, change, faults } = props;
  return (
    <>
      <Box>
        <FormControlLabel
          control={
            <Switch
              checked={adapts(form)}
              disabled={form.policy === ''}
              onChange={(event) => change({ lora: event.target.checked })}
            />
          }
          label={translate('resources.runs.lora')}
        />
        <FormHelperText>
          {translate(form.policy === '' ? 'resources.runs.lora_needs_model' : 'resources.runs.lora_hint')}
        </FormHelperText>
      </Box>
      {adapts(form) && (
        <>
          <NumberFields part="lora" {...props} />
          <Names
            word="lora.target_modules"
            value={form.targetModules}
            options={layerNames}
            fault={faultAt(faults, 'lora.target_modules')}
            onChange={(targetModules) => change({ targetModules })}
          />
        </>
      )}
    </>
  );
}

interface NamesProps {
  word: string;
  value: string[];
  options: string[];
  fault: string | undefined;
  onChange(names: string[]): void;
}

/** Any number of names, chosen or typed. */
function Names({ word, value, options, fault, onChange }: NamesProps) {
  const translate = useTranslate();
  return (
    <Autocomplete
      multiple
      freeSolo
      autoSelect
      options={options}
      value={value}
      onChange={(_, names) => onChange(names.flatMap((name) => name.split(/[\s,，、]+/)).filter((name) => name !== ''))}
      renderInput={(params) => (
        <TextField
          {...params}
          label={translate(`resources.runs.settings.${word}`)}
          error={fault !== undefined}
          helperText={fault ?? translate(`resources.runs.setting_hints.${word}`)}
        />
      )}
    />
  );
}
