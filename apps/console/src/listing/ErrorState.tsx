import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import { useTranslate } from 'react-admin';
import { ApiError } from '../providers/api-error';

interface Props {
  error: unknown;
  onRetry?: () => void;
}

/** What happened, what is safe, what to do, and a code to quote. */
export function ErrorState({ error, onRetry }: Props) {
  const translate = useTranslate();
  const known = error instanceof ApiError ? error : null;
  const code = known?.code ?? 'console';
  const quote = known?.requestId
    ? translate('state.quote_request', { code, request: known.requestId })
    : translate('state.quote', { code });
  return (
    <Alert
      severity="error"
      variant="outlined"
      sx={{ borderColor: 'error.main' }}
      action={
        onRetry && (
          <Button color="inherit" onClick={onRetry}>
            {translate('state.retry')}
          </Button>
        )
      }
    >
      <Typography sx={{ fontWeight: 600 }}>{translate('state.error_title')}</Typography>
      <Typography>
        {known?.detail ?? translate('errors.unknown')} {translate('state.error_safe')}
      </Typography>
      <Typography variant="caption">{quote}</Typography>
    </Alert>
  );
}
