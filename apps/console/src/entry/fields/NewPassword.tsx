import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { passwordFault } from './new-password';
import { PasswordField } from './PasswordField';

/** A new password, typed twice; `fault` says why it can't be taken yet. */
export function useNewPassword() {
  const translate = useTranslate();
  const [password, setPassword] = useState('');
  const [repeated, setRepeated] = useState('');
  const fault = passwordFault(password, repeated);
  const fields = (
    <>
      <PasswordField
        label={translate('auth.new_password')}
        value={password}
        onChange={setPassword}
        kind="new-password"
        hint={translate('auth.password_hint')}
      />
      <PasswordField
        label={translate('auth.repeat_password')}
        value={repeated}
        onChange={setRepeated}
        kind="new-password"
        error={repeated !== '' && fault ? translate(fault) : undefined}
      />
    </>
  );
  const clear = () => {
    setPassword('');
    setRepeated('');
  };
  return { password, fault, fields, clear };
}
