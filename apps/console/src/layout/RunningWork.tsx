import Button from '@mui/material/Button';
import Menu from '@mui/material/Menu';
import MenuItem from '@mui/material/MenuItem';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { useNavigate } from 'react-router-dom';
import { useDashboard } from '../dashboard/useDashboard';
import { shortCount } from '../components/number-words';

/** Long work goes on when its page closes; here it is found again. */
export function RunningWork() {
  const translate = useTranslate();
  const navigate = useNavigate();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const running = useDashboard().data?.running ?? [];
  if (running.length === 0) return null;
  return (
    <>
      <Button
        onClick={(event) => setAnchor(event.currentTarget)}
        aria-haspopup="menu"
        aria-expanded={anchor !== null}
        sx={{ whiteSpace: 'nowrap' }}
      >
        {translate('app.running', { smart_count: running.length })}
      </Button>
      <Menu open={anchor !== null} anchorEl={anchor} onClose={() => setAnchor(null)}>
        {running.map(({ id, kind, name, state, done, total, href }) => (
          <MenuItem
            key={id}
            onClick={() => {
              setAnchor(null);
              navigate(href);
            }}
          >
            {translate(`dashboard.kinds.${kind}`)} · {name} · {translate(`run_state.${state}`, { _: state })}{' '}
            {shortCount(done, 'en')}
            {total !== null && ` / ${shortCount(total, 'en')}`}
          </MenuItem>
        ))}
      </Menu>
    </>
  );
}
