import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App';
import { firstLanguage, openI18nProvider } from './i18n/i18n-provider';
import { storeFor } from './session/store';

const container = document.getElementById('root');
if (!container) throw new Error('The page has no #root to draw in.');
const i18nProvider = await openI18nProvider(storeFor('').getItem('locale') ?? firstLanguage());
createRoot(container).render(
  <StrictMode>
    <App i18nProvider={i18nProvider} />
  </StrictMode>,
);
