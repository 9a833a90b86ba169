import Typography from '@mui/material/Typography';
import { useTranslate } from 'react-admin';
import { textsWaiting } from '../../session/outbox-names';
import { Door } from '../Door';
import { useSignIn } from './use-sign-in';

/** For somebody whom nobody knows yet, or who was signed out while away: what they wrote may wait here. */
export default function SignInPage() {
  const translate = useTranslate();
  const { fields, submit } = useSignIn({});
  return (
    <Door
      title={translate('auth.title')}
      lead={translate(textsWaiting() > 0 ? 'auth.text_waits' : 'auth.lead')}
      onSubmit={submit}
    >
      {fields}
      <Typography variant="body2" sx={{ color: 'text.secondary' }}>
        {translate('auth.first_hint')} {translate('auth.forgotten')}
      </Typography>
    </Door>
  );
}
