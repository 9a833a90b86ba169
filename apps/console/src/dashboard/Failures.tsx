import Box from '@mui/material/Box';
import Link from '@mui/material/Link';
import Typography from '@mui/material/Typography';
import type { Dashboard } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';
import { Link as RouterLink } from 'react-router-dom';
import { sayCode } from '../components/reason/reason-words';
import { When } from '../components/When';

/** What ended badly and has not been taken up again. */
export function Failures({ failures }: { failures: Dashboard['failures'] }) {
  const translate = useTranslate();
  if (failures.length === 0) {
    return <Typography sx={{ color: 'text.secondary' }}>{translate('dashboard.nothing_failed')}</Typography>;
  }
  return (
    <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid', gap: 1 }}>
      {failures.map(({ id, kind, name, code, at, href }) => (
        <Box component="li" key={id}>
          <Link component={RouterLink} to={href} color="error">
            {translate(`dashboard.kinds.${kind}`)} · {name}
          </Link>
          <Typography variant="body2" component="div" sx={{ color: 'text.secondary' }}>
            <When at={at} /> {code && (sayCode(code, translate) || code)}
          </Typography>
        </Box>
      ))}
    </Box>
  );
}
