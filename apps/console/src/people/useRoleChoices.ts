import { role } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';

/** The roles a person can be given; `service` belongs to API keys. */
export function useRoleChoices(): { id: string; name: string }[] {
  const translate = useTranslate();
  return role.options.filter((id) => id !== 'service').map((id) => ({ id, name: translate(`roles.${id}`) }));
}
