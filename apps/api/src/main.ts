import { loadSettings } from '@qingnang/config';
import { announceReady, onStop } from '@qingnang/kernel';
import { createApp } from './create-app.js';

const settings = loadSettings();
const app = await createApp({ settings });
onStop(() => app.close());
await app.listen(settings.port, settings.host);
announceReady({ url: await app.getUrl() });
