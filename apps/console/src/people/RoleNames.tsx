import { useTranslate } from 'react-admin';

export function RoleNames({ roles }: { roles: readonly string[] }) {
  const translate = useTranslate();
  return <>{roles.map((role) => translate(`roles.${role}`)).join('、')}</>;
}
