import ToggleButton from '@mui/material/ToggleButton';
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup';
import { useLocaleState, useTranslate } from 'react-admin';
import { locales } from '../i18n/i18n-provider';
import { keepLanguage } from '../session/session';

/** 中文 or English, each in its own name; remembered on this machine and with the account. */
export function LanguageSwitch() {
  const translate = useTranslate();
  const [locale, setLocale] = useLocaleState();
  // Pressing the one that stands says that it shall stay, whatever the account says.
  const choose = (next: string) => {
    setLocale(next);
    void keepLanguage(next === 'en' ? 'en' : 'zh-CN');
  };
  return (
    <ToggleButtonGroup
      exclusive
      size="small"
      value={locale}
      onChange={(_, next: string | null) => choose(next ?? locale)}
      aria-label={translate('app.language')}
    >
      {locales.map(({ locale: value, name }) => (
        <ToggleButton key={value} value={value} lang={value}>
          {name}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}
