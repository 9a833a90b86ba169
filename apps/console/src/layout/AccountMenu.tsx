import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Divider from '@mui/material/Divider';
import Popover from '@mui/material/Popover';
import ToggleButton from '@mui/material/ToggleButton';
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import { useTheme, useTranslate } from 'react-admin';
import { Link } from 'react-router-dom';
import { worksOnly } from '../session/rights';
import { signOut } from '../session/session';
import { usePerson, useProject } from '../session/useSession';
import { setDensity, useDensity, type Density } from '../theme/density';
import { LanguageSwitch } from './LanguageSwitch';

interface ChoiceProps {
  label: string;
  value: string;
  options: { value: string; label: string }[];
  onChange: (value: string) => void;
}

function Choice({ label, value, options, onChange }: ChoiceProps) {
  return (
    <ToggleButtonGroup
      exclusive
      size="small"
      value={value}
      aria-label={label}
      onChange={(_, next: string | null) => next && onChange(next)}
    >
      {options.map((option) => (
        <ToggleButton key={option.value} value={option.value}>
          {option.label}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}

function Row({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <Box sx={{ display: 'flex', justifyContent: 'space-between', alignItems: 'center', gap: 3 }}>
      <Typography variant="body2" sx={{ color: 'text.secondary' }}>
        {label}
      </Typography>
      {children}
    </Box>
  );
}

interface MenuProps {
  /** In the light entry, for those who work through tasks. */
  light: boolean;
}

/** Who I am here, how it looks, and the way out; on a phone also the way to the other entry. */
export function AccountMenu({ light }: MenuProps) {
  const translate = useTranslate();
  const person = usePerson();
  const project = useProject();
  const mayManage = !worksOnly(person, project?.roles ?? []);
  const density = useDensity();
  const [mode, setMode] = useTheme();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const options = (words: string[]) => words.map((value) => ({ value, label: translate(`app.${value}`) }));
  return (
    <>
      <Button
        onClick={(event) => setAnchor(event.currentTarget)}
        aria-haspopup="dialog"
        aria-expanded={anchor !== null}
        sx={{ whiteSpace: 'nowrap', minWidth: 0, maxWidth: '10em' }}
      >
        <Box component="span" sx={{ overflow: 'hidden', textOverflow: 'ellipsis' }}>
          {person.displayName}
        </Box>
        <Box component="span" aria-hidden sx={{ ml: 0.5 }}>
          ▾
        </Box>
      </Button>
      <Popover
        open={anchor !== null}
        anchorEl={anchor}
        onClose={() => setAnchor(null)}
        anchorOrigin={{ vertical: 'bottom', horizontal: 'right' }}
        transformOrigin={{ vertical: 'top', horizontal: 'right' }}
        slotProps={{ paper: { variant: 'outlined', 'aria-label': translate('app.account'), role: 'dialog' } }}
      >
        <Box sx={{ p: 2, display: 'grid', gap: 1.5, minWidth: 280 }}>
          <Box>
            <Typography sx={{ fontWeight: 600 }}>{person.displayName}</Typography>
            <Typography variant="body2" sx={{ color: 'text.secondary' }}>
              {person.login} · {project?.roles.map((role) => translate(`roles.${role}`)).join('、')}
            </Typography>
          </Box>
          <Divider />
          <Row label={translate('app.language')}>
            <LanguageSwitch />
          </Row>
          <Row label={translate('app.appearance')}>
            <Choice
              label={translate('app.appearance')}
              value={mode}
              options={options(['light', 'dark'])}
              onChange={(next) => setMode(next === 'dark' ? 'dark' : 'light')}
            />
          </Row>
          <Row label={translate('app.density')}>
            <Choice
              label={translate('app.density')}
              value={density}
              options={options(['comfortable', 'compact'])}
              onChange={(next) => setDensity(next as Density)}
            />
          </Row>
          <Divider />
          {mayManage && (
            <Button
              component={Link}
              to={light ? '/' : '/work'}
              onClick={() => setAnchor(null)}
              sx={{ display: { sm: 'none' } }}
            >
              {translate(light ? 'app.to_full' : 'app.to_work')}
            </Button>
          )}
          <Button component={Link} to="/account" onClick={() => setAnchor(null)}>
            {translate('resources.account.title')}
          </Button>
          <Button onClick={() => void signOut()}>{translate('app.sign_out')}</Button>
        </Box>
      </Popover>
    </>
  );
}
